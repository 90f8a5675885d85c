//! What a user gets in with: sessions, second factors, accounts at identity providers, and the link to a new password.

mod end_session;
mod list_factors;
mod list_identities;
mod list_sessions;
mod remove_factor;
mod remove_identity;
mod send_password_reset;

use aerocall_api_types::{UserFactorList, UserIdentityList};

use super::export;
use crate::{
    base::error::Result,
    storage::store::{ExportedFactor, ExportedIdentity},
};

pub(crate) use end_session::EndUserSession;
pub(crate) use list_factors::ListUserFactors;
pub(crate) use list_identities::ListUserIdentities;
pub(crate) use list_sessions::ListUserSessions;
pub(crate) use remove_factor::RemoveUserFactor;
pub(crate) use remove_identity::RemoveUserIdentity;
pub(crate) use send_password_reset::SendPasswordReset;

/// For the reference.
const FACTORS: &str = r#"{"factors": [{"id": "mfa_…", "kind": "totp", "name": "My phone", "state": "verified", "createdAt": "2026-01-31T12:00:00.000Z", "verifiedAt": "2026-01-31T12:01:00.000Z"}], "recoveryCodesLeft": 10}"#;

/// For the reference.
const IDENTITIES: &str = r#"{"identities": [{"provider": "google", "subject": "110169484474386276334", "email": "ada@example.com", "createdAt": "2026-01-31T12:00:00.000Z", "lastUsedAt": "2026-01-31T12:00:00.000Z"}]}"#;

/// The factors of somebody, and how many recovery codes are left.
type Factors = (Vec<ExportedFactor>, usize);

fn factor_list((rows, codes_left): Factors) -> Result<UserFactorList> {
    Ok(UserFactorList {
        factors: rows.into_iter().map(export::factor).collect::<Result<_>>()?,
        recovery_codes_left: u64::try_from(codes_left).unwrap_or(u64::MAX),
    })
}

fn identity_list(rows: Vec<ExportedIdentity>) -> UserIdentityList {
    UserIdentityList {
        identities: rows.into_iter().map(export::identity).collect(),
    }
}
