//! What every store has to keep to, run over each of them.

mod blobs;
mod events;
mod lists;
mod records;
mod sessions;

pub use sessions::add_ones;

/// Each case once per store, on data of its own.
macro_rules! contract {
    ($($case:path as $test:ident),* $(,)?) => {
        contract!(@store sqlite, $($case as $test),*);
        contract!(@store mongo, $($case as $test),*);
    };
    (@store $store:ident, $($case:path as $test:ident),*) => {
        mod $store {
            use super::*;
            use crate::support::backend::Backend;

            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $test() {
                    let backend = Backend::$store();
                    $case(&backend).await;
                    backend.remove().await;
                }
            )*
        }
    };
}

contract! {
    sessions::comes_back_as_saved as a_session_comes_back_as_saved,
    sessions::keeps_the_largest as the_largest_session_comes_back,
    sessions::refuses_a_second_insert as an_id_is_taken_once,
    sessions::refuses_a_stale_save as a_stale_save_is_refused,
    sessions::one_saver_wins as of_many_savers_of_a_version_one_wins,
    sessions::loses_no_update as concurrent_savers_lose_no_update,
    sessions::delete_leaves_nothing as delete_leaves_nothing,
    sessions::unpublish_takes_back as events_can_be_taken_back,
    sessions::versions_of_those_there as versions_are_told_of_those_that_are_there,
    sessions::statuses_of_those_there as statuses_are_told_of_those_that_are_there,
    events::come_in_parts as events_come_in_parts,
    events::publishing_twice_is_publishing_once as publishing_twice_is_publishing_once,
    events::a_crash_before_publishing_is_healed as a_crash_before_publishing_is_healed,
    lists::newest_first_then_by_id as lists_go_newest_first_then_by_id,
    lists::filter_and_search as lists_can_be_filtered_and_searched,
    lists::counts_follow_every_transition as counts_follow_every_transition,
    lists::rooms_still_to_make as rooms_still_to_make_are_known,
    lists::most_urgent_first as what_is_to_be_reviewed_goes_most_urgent_first,
    blobs::come_back_as_they_were as blobs_come_back_as_they_were,
    blobs::one_put_stays as of_racing_blobs_of_a_name_one_stays,
    blobs::sessions_are_apart as blobs_of_sessions_are_apart,
    records::first_put_wins as of_racing_puts_all_see_the_first,
    records::put_replaces as a_put_replaces_and_expires,
    records::replace_compares as a_record_is_replaced_only_as_it_was_expected,
    records::one_replacer_wins as of_racing_replacers_one_wins,
    records::replacers_lose_no_update as replacers_lose_no_update,
    records::gone_stays_gone as what_was_taken_is_not_brought_back_by_a_replacer,
    records::counts_by_kind as records_are_counted_by_kind,
    records::one_put_stays as of_racing_puts_one_stays,
    records::one_taker_gets_it as of_racing_takers_one_gets_it,
    records::expired_is_gone as an_expired_record_is_gone,
    records::kinds_are_apart as kinds_of_records_are_apart,
    records::a_range_is_in_order as records_between_two_keys_are_listed_in_order,
    records::summaries_follow_their_records as summaries_follow_their_records_and_come_in_pages,
}
