//! The server as its callers see it, on real parts. One binary, a module per feature.

mod api_candidate;
mod api_contract;
mod livekit;
mod store_contract;
mod store_mongo;
mod store_sqlite;
mod support;
