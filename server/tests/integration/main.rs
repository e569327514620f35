//! The server as its callers see it, on real parts. One binary, a module per feature.
#![expect(clippy::unwrap_used, reason = "clippy knows test functions, not the helpers they share")]

mod api_answers;
mod api_candidate;
mod api_channel;
mod api_contract;
mod api_invitations;
mod api_jobs;
mod api_reports;
mod api_violations;
mod api_webhooks;
mod api_workers;
mod desk;
mod kept_logs;
mod livekit;
mod record;
mod store_contract;
mod store_mongo;
mod store_sqlite;
mod support;
