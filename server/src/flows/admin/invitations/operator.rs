//! Invitations by whoever runs the server, at its machine: made in the database itself, while a server runs on it or not.

use aerocall_api_types::NewInvitation;
use aerocall_contract::errors;
use serde_json::Value;

use super::Drawn;
use crate::{
    base::{
        error::{Refusal, Result},
        input::Email,
    },
    domain::audit::{self, Action, Actor, AuditEntry},
    flows::admin::accounts::LOCK,
    storage::store::{InvitedTo, Store},
};

/// A link that makes an administrator of the server, once.
///
/// # Errors
/// The address is none.
pub(crate) async fn invite_by_operator(
    store: &Store,
    public_url: &str,
    email: &str,
    now_ms: i64,
) -> Result<NewInvitation> {
    let email = Email::parse(Value::from(email)).map_err(|problem| {
        let message = format!("The address {problem}");
        Refusal::new(errors::INVALID_INPUT, message)
    })?;
    let drawn = Drawn::new(&email, InvitedTo::Server, Actor::server().actor, now_ms)?;
    let public_url = public_url.to_owned();
    let made = store.write(move |tx| {
        tx.advisory_lock(LOCK)?;
        let entry = AuditEntry::new(Action::InvitationCreated, &drawn.row.id).with(drawn.data());
        let made = drawn.keep(tx, &public_url)?;
        audit::record(tx, None, &Actor::server(), entry, now_ms)?;
        Ok(made)
    });
    Ok(made.await?)
}
