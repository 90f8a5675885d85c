//! Links by whoever runs the server, at its machine: made in the database itself, while a server runs on it or not.

use aerocall_api_types::NewPasswordReset;
use serde_json::{Value, json};

use super::{Drawn, LIFE_MS};
use crate::{
    base::{error::Result, input::Email},
    domain::audit::{self, Action, Actor, AuditEntry},
    storage::store::Store,
};

/// A link with which the holder of an account chooses a new password. `None`: no account has this address.
pub(crate) async fn reset_by_operator(
    store: &Store,
    public_url: &str,
    email: &str,
    now_ms: i64,
) -> Result<Option<NewPasswordReset>> {
    let Ok(email) = Email::parse(Value::from(email)) else {
        return Ok(None);
    };
    let drawn = Drawn::new(Actor::server().actor, now_ms + LIFE_MS)?;
    let public_url = public_url.to_owned();
    let made = store.write(move |tx| {
        let Some(account) = tx.admin_account_by_email(&email)? else {
            return Ok(None);
        };
        let made = drawn.keep(tx, &account, &public_url)?;
        let entry = AuditEntry::new(Action::AdminPasswordResetCreated, &account.id);
        let entry = entry.with(json!({ "email": made.email, "expiresAt": made.expires_at }));
        audit::record(tx, None, &Actor::server(), entry, now_ms)?;
        Ok(Some(made))
    });
    Ok(made.await?)
}
