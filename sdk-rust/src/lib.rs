//! Hooks of Aerocall Hooks in Rust.
//!
//! A hook is a function with the attribute of its hook point or event. `aerocall build` makes a bundle of the crate.
//!
//! ```
//! use aerocall_hooks::{RequestContext, UserPatch, before_signup};
//! use serde_json::json;
//!
//! #[before_signup]
//! fn check(_context: &RequestContext, payload: before_signup::Payload) -> before_signup::Reply {
//!     let email = payload.user.email.to_lowercase();
//!     if email.ends_with("@gmail.com") {
//!         return before_signup::Reply::deny("blocked_domain", "Please use your work address");
//!     }
//!     before_signup::Reply::patch(UserPatch::new().email(email).metadata(json!({ "source": "web" })))
//! }
//! ```
//!
//! - Hook points: an attribute and a module of the same name for each, such as [`macro@before_signup`] and [`mod@before_signup`]
//! - Handlers of events, jobs and schedules: [`on`], [`Event`], [`events`]
//! - The SDK: [`auth`], [`cache`], [`clock`], [`db`], [`http`], [`log`], [`queue`], [`random`], [`secrets`]
//! - Errors: `?` on any error, [`bail!`], [`deny!`], [`AerocallError`], [`Denial`], [`Error`]
//! - Tests without WebAssembly: [`testing`]; with the same cases as in other languages: `aerocall test`

pub mod auth;
#[cfg(target_arch = "wasm32")]
#[rustfmt::skip]
#[allow(missing_docs, unreachable_pub, rust_2018_idioms, unsafe_op_in_unsafe_fn, clippy::all, reason = "generated from wit/, which carries the documentation")]
mod bindings;
pub mod cache;
pub mod clock;
pub mod context;
pub mod db;
mod denial;
mod dispatch;
mod error;
mod event;
mod generated;
#[cfg(target_arch = "wasm32")]
mod guest;
pub mod http;
mod json;
pub mod log;
mod platform;
pub mod points;
pub mod queue;
pub mod random;
mod reply;
pub mod secrets;
#[cfg(not(target_arch = "wasm32"))]
pub mod testing;
mod timestamp;
#[cfg(feature = "tracing")]
mod tracing;
mod users;

pub use aerocall_hooks_macros::*;

pub use context::{Context, RequestContext, RequestInfo};
pub use denial::Denial;
pub use error::{AerocallError, Error, ErrorCode, Exception, Result};
pub use event::{Event, ScheduleData};
pub use generated::{events, payloads, points::*, words};
pub use json::JsonObject;
pub use points::{ClaimsPatch, DeliveryPatch};
pub use reply::{IntoHandled, IntoReply, NoPatch, Reply};
pub use timestamp::{InvalidTimestamp, Timestamp};
pub use users::{Client, Factor, MetadataPatch, NewUser, Password, SessionRef, User, UserPatch};

/// What the attributes expand to.
#[doc(hidden)]
pub mod __private {
    pub use inventory;

    pub use crate::dispatch::{Call, Hook, Outcome, at_point, on_event};

    /// A text as the bytes of a section: JSON, in which a path of Windows has `/`.
    #[must_use]
    pub const fn bytes<const N: usize>(text: &str) -> [u8; N] {
        let mut bytes = [0; N];
        let text = text.as_bytes();
        let mut at = 0;
        while at < N {
            bytes[at] = if text[at] == b'\\' { b'/' } else { text[at] };
            at += 1;
        }
        bytes
    }
}

/// The examples of the README are compiled, too.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
