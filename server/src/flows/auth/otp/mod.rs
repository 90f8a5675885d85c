//! Codes of six digits by mail and text message: sending one, logging in with it, confirming a phone number with it.
//!
//! - `channel`: which way and to whom; `deliver`: one code, made, delivered by exactly one path and kept
//! - `relay`: the code for the script hook, or the webhook endpoint, that delivers it

mod channel;
mod deliver;
mod phone;
mod phone_verify;
mod relay;
mod send;
mod verify;

pub(crate) use channel::code;
pub(crate) use phone::SendPhoneCode;
pub(crate) use phone_verify::VerifyPhone;
pub(crate) use relay::{Relay, code_for_webhook, relay};
pub(crate) use send::SendOtp;
pub(crate) use verify::VerifyOtp;
