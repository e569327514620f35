//! Runs cases over each store.

/// Each of these functions, which take a store, once per store, on data of its own.
macro_rules! over_both_stores {
    ($($case:ident),* $(,)?) => {
        $crate::support::stores::over_both_stores!(@store sqlite, $($case),*);
        $crate::support::stores::over_both_stores!(@store mongo, $($case),*);
    };
    (@store $store:ident, $($case:ident),*) => {
        mod $store {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $case() {
                    let backend = $crate::support::backend::Backend::$store();
                    super::$case(&backend).await;
                    backend.remove().await;
                }
            )*
        }
    };
}

pub(crate) use over_both_stores;
