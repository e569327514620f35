//! Pages that are shown when what they show is there.

use std::{pin::Pin, sync::Arc};

use leptos::{
    prelude::*,
    server::codee::{Decoder, Encoder},
};
use serde::{Serialize, de::DeserializeOwned};

/// JSON, read as server functions read it. With the usual codec, which reads from a `str`, every type would be compiled a
/// second time for the browser.
pub struct Json;

impl<T: Serialize> Encoder<T> for Json {
    type Error = serde_json::Error;
    type Encoded = String;

    fn encode(value: &T) -> Result<String, Self::Error> {
        serde_json::to_string(value)
    }
}

impl<T: DeserializeOwned> Decoder<T> for Json {
    type Error = serde_json::Error;
    type Encoded = str;

    fn decode(text: &str) -> Result<T, Self::Error> {
        serde_json::from_slice(text.as_bytes())
    }
}

/// What a page shows first. The server waits for it, so that the response's status tells the truth.
pub fn first_look<S, T, F>(
    source: impl Fn() -> S + Send + Sync + 'static,
    load: impl Fn(S) -> F + Send + Sync + 'static,
) -> Resource<T, Json>
where
    S: PartialEq + Clone + Send + Sync + 'static,
    T: Serialize + DeserializeOwned + Send + Sync + 'static,
    F: Future<Output = T> + Send + 'static,
{
    Resource::new_with_options(source, load, true)
}

/// A view that is on its way.
pub type Coming = Pin<Box<dyn Future<Output = AnyView> + Send>>;

/// Shows what `load` brings. One type for every page, because each type of `Suspense` costs the browser kilobytes.
#[component]
pub fn Loaded(load: Arc<dyn Fn() -> Coming + Send + Sync>) -> impl IntoView {
    let shown = move || Suspend::new(load());
    view! { <Suspense>{shown}</Suspense> }.into_any()
}
