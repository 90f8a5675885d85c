//! Second factors: authenticator apps (RFC 6238) and recovery codes.
//!
//! - `check`: what somebody shows, judged before a transaction and used up in it
//! - `enroller`: who may enrol one
//! - `enroll`, `confirm`, `list`, `remove`, `renew`, `verify`: the requests

mod check;
mod confirm;
mod enroll;
mod enroller;
mod list;
mod remove;
mod renew;
mod verify;

pub(crate) use confirm::ConfirmFactor;
pub(crate) use enroll::EnrollFactor;
pub(crate) use list::ListFactors;
pub(crate) use remove::RemoveFactor;
pub(crate) use renew::RenewRecoveryCodes;
pub(crate) use verify::VerifyMfa;

use crate::{
    base::error::{Refusal, Result},
    domain::project::{AuthSettings, MfaPolicy},
};

/// Whether the project lets people have second factors.
fn offered(settings: &AuthSettings) -> Result<()> {
    match settings.mfa {
        MfaPolicy::Off => Err(Refusal::not_enabled("Multi-factor authentication").into()),
        MfaPolicy::Optional | MfaPolicy::Required => Ok(()),
    }
}
