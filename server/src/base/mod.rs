//! What every other folder may use and what knows none of them: settings, input as types, ids, errors, time, back-off, cryptography,
//! the kinds of event, and the reference of error codes.

pub(crate) mod backoff;
pub(crate) mod clock;
pub mod config;
pub(crate) mod crypto;
pub(crate) mod descriptors;
pub(crate) mod erased;
pub(crate) mod error;
pub(crate) mod event;
pub(crate) mod fail_point;
pub(crate) mod ids;
pub(crate) mod input;
pub(crate) mod permissions;
pub(crate) mod places;
pub(crate) mod private;
pub(crate) mod process_limits;
pub(crate) mod reference;
pub(crate) mod request;
pub(crate) mod shares;
pub(crate) mod stored;
pub(crate) mod trace;
pub(crate) mod turns;
