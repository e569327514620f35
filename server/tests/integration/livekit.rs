//! Rooms, tokens, webhooks and outages, with a real LiveKit.

mod outage;
mod presence;
mod rooms;
mod tokens;
