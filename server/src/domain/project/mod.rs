//! What a project has set for one of its environments: parsed once, kept in memory for a moment. Knows no flow.

mod auth;
mod redirect;
mod settings;

pub(crate) use auth::{AuthSettings, MfaPolicy, RateRules};
pub(crate) use redirect::RedirectUrl;
pub(crate) use settings::Settings;
