//! What people with an account do about themselves: signing in and out, proving that it is them, their password, their second
//! factor, their sessions.
//!
//! - `check`: passwords and codes, judged and counted; `begin`: how a session begins
//! - `sign_in`, `sign_in_totp`, `confirm`, `current`, `sign_out`: the session of a browser
//! - `list_sessions`, `end_session`, `end_other_sessions`, `change_password`, `begin_totp`, `confirm_totp`, `remove_totp`,
//!   `renew_recovery_codes`: what is theirs

mod begin;
mod begin_totp;
mod change_password;
mod check;
mod confirm;
mod confirm_totp;
mod current;
mod end_other_sessions;
mod end_session;
mod list_sessions;
mod remove_totp;
mod renew_recovery_codes;
mod sign_in;
mod sign_in_totp;
mod sign_out;

use aerocall_api_types::AdminAccount;

pub(crate) use begin_totp::BeginAdminTotp;
pub(crate) use change_password::ChangeAdminPassword;
pub(crate) use confirm::ConfirmAdminSession;
pub(crate) use confirm_totp::ConfirmAdminTotp;
pub(crate) use current::GetCurrentAdmin;
pub(crate) use end_other_sessions::EndOtherAdminSessions;
pub(crate) use end_session::EndAdminSession;
pub(crate) use list_sessions::ListAdminSessions;
pub(crate) use remove_totp::RemoveAdminTotp;
pub(crate) use renew_recovery_codes::RenewAdminRecoveryCodes;
pub(crate) use sign_in::SignIn;
pub(crate) use sign_in_totp::SignInTotp;
pub(crate) use sign_out::SignOut;

pub(super) use check::verified;

use crate::{
    base::{
        clock,
        input::{Parsed, PasswordRules, Plaintext, Toggle},
    },
    storage::store::AdminAccountRow,
};

/// A proof of who uses a session counts as recent for so long.
const FRESH_MS: i64 = 10 * 60_000;

/// What a password of an account must be.
const PASSWORD_RULES: PasswordRules = PasswordRules {
    min_chars: 12,
    refuse_common: Toggle::On,
    refuse_breached: Toggle::Off,
};

/// For the reference.
pub(super) const ACCOUNT: &str = r#"{"id": "acc_0198f2c6b1d87c3d9f1e5a7b6c4d3e2f", "email": "ada@example.com", "isAdministrator": false, "hasTotp": true, "createdAt": "2026-01-31T12:00:00.000Z"}"#;

/// A password that somebody chooses for an account.
pub(super) fn chosen(value: serde_json::Value) -> Parsed<Plaintext> {
    Plaintext::chosen(value, &PASSWORD_RULES)
}

/// As the admin API shows it.
pub(super) fn document(account: &AdminAccountRow) -> AdminAccount {
    AdminAccount {
        id: account.id.clone(),
        email: account.email.clone(),
        is_administrator: account.is_administrator(),
        has_totp: account.totp_sealed.is_some(),
        created_at: clock::iso(account.created_ms).into(),
    }
}

/// What the secret of an account's authenticator app is sealed under.
fn totp_name(account_id: &str) -> String {
    format!("admin totp/{account_id}")
}
