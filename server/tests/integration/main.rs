//! The server as its callers see it, on real parts. One binary, a module per feature.

mod store_contract;
mod store_mongo;
mod store_sqlite;
mod support;
