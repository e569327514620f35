//! What was observed, in order and complete: a chain of batches from the browser to the server.
//!
//! The browser's [`Writer`] cuts entries into batches. Each carries the digest over everything before it and the digest that
//! includes itself, beginning with the session's id and a nonce of the server. The server's [`Ledger`] accepts the next batch
//! and no other, and acknowledges it. Until then the browser keeps it in its journal, across outages and reloads, and sends it
//! again. So losses, delays and repetitions repair themselves and are never held against anybody; what they do not explain is a
//! [`Finding`].
//!
//! # What this proves, and what not
//! - What was acknowledged cannot be changed, reordered or left out later, by the browser or in the server's store.
//! - A log cannot be prepared before its nonce is given, nor taken from another interview.
//! - It cannot tell of more time than passed, nor be held back for long while the channel is up.
//! - It does not prove that the browser told the truth to begin with. Whoever changes the page can write "one face" into a log
//!   that holds together perfectly. Hence the server's spot checks: it asks for a picture of this very moment, looks at it
//!   itself and compares. A browser that lies has to lie about pictures too, at once, again and again.
//! - Digests inside a batch are no signature. The channel is authenticated by the candidate's invite, under TLS.
//!
//! # Reloads
//! An honest page that is loaded anew finds its journal, resumes its log and sends what was not acknowledged. Without a journal
//! (private windows, a cleared or full disk, another device) it begins a new log, with a new nonce, and says why. That is legal
//! and the interview's counts go on, but it cannot be used to drop what is inconvenient: what had been sent stays, and the time
//! from the last entry to the first of the new log counts as [unwatched](crate::policy::Kind::Unwatched) as far as the channel
//! was up.

mod batch;
mod digest;
mod entries;
mod ledger;
mod timing;
mod writer;

pub use batch::{Batch, MAX_BATCH, MAX_PAYLOAD};
pub use digest::{Digest, LogId, Nonce};
pub use entries::{DecodeError, MAX_ENTRIES};
pub use ledger::{Arrival, Finding, Ledger, Receipt};
pub(crate) use timing::ahead_ms;
pub use writer::{BrokenJournal, NotKept, Writer};
