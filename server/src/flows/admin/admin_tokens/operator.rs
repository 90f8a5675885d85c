//! Tokens for whoever runs the server, at its machine: made in the database itself, while a server runs on it or not. Whoever
//! can do that could read and change everything anyway, so nothing else is asked for.

use aerocall_api_types::NewAdminToken;
use serde_json::json;

use super::{Drawn, LOCK};
use crate::{
    base::error::Result,
    domain::audit::{self, Action, Actor, AuditEntry},
    flows::steps::lifespan::Rotation,
    storage::store::{Store, TokenPlace},
};

/// An admin of the server with a token. `None`: a valid token has this name.
pub(crate) async fn create_by_operator(store: &Store, name: &str, now_ms: i64) -> Result<Option<NewAdminToken>> {
    let (drawn, name) = (Drawn::new(TokenPlace::Server)?, name.to_owned());
    let created = store.write(move |tx| {
        tx.advisory_lock(LOCK)?;
        let tokens = tx.admin_tokens(&TokenPlace::Server, now_ms)?;
        if tokens.iter().any(|token| token.name == name) {
            return Ok(None);
        }
        let made = drawn.keep(tx, &name, None, now_ms)?;
        let entry = AuditEntry::new(Action::AdminTokenCreated, &made.id).with(json!({ "name": made.name }));
        audit::record(tx, None, &Actor::server(), entry, now_ms)?;
        Ok(Some(made))
    });
    Ok(created.await?)
}

/// A new token for an admin of the server, in place of all that they have. `None`: no valid token has this name.
pub(crate) async fn renew_by_operator(
    store: &Store,
    name: &str,
    rotation: Rotation,
    now_ms: i64,
) -> Result<Option<NewAdminToken>> {
    let (drawn, name) = (Drawn::new(TokenPlace::Server)?, name.to_owned());
    let renewed = store.write(move |tx| {
        tx.advisory_lock(LOCK)?;
        let mut tokens = tx.admin_tokens(&TokenPlace::Server, now_ms)?;
        tokens.retain(|token| token.name == name);
        // Newest first.
        let Some(newest) = tokens.first() else {
            return Ok(None);
        };
        let expires_ms = rotation.expires_ms(newest.created_ms, newest.expires_ms, now_ms);
        let made = drawn.keep(tx, &name, expires_ms, now_ms)?;
        for token in &tokens {
            tx.end_admin_token(token, rotation.ends_ms(now_ms), now_ms)?;
            let entry = AuditEntry::new(Action::AdminTokenRotated, &token.id);
            let entry = entry.with(rotation.audit_data(&made.id, &made.name));
            audit::record(tx, None, &Actor::server(), entry, now_ms)?;
        }
        Ok(Some(made))
    });
    Ok(renewed.await?)
}
