//! Admin tokens of the server, and what those of projects have in common with them. A token is shown once; its hash is kept.

mod create;
mod list;
mod operator;
mod revoke;
mod rotate;
mod setup;

use aerocall_api_types::{AdminToken, NewAdminToken};
use serde_json::json;

pub(crate) use create::CreateAdminToken;
pub(crate) use list::ListAdminTokens;
pub(crate) use operator::{create_by_operator, renew_by_operator};
pub(crate) use revoke::RevokeAdminToken;
pub(crate) use rotate::RotateAdminToken;
pub(crate) use setup::{LIFE as SETUP_LIFE, Setup, setup_code};

use crate::{
    app::App,
    base::{
        clock,
        crypto::secret,
        error::{Refusal, Result},
    },
    domain::audit::{Action, Actor, AuditEntry, Place},
    flows::steps::{
        audited::{self, Audited},
        endpoint::{AdminWho, Caller},
        lifespan::{Expiry, Rotation},
    },
    security::access::{PROJECT_TOKEN, SERVER_TOKEN},
    storage::store::{self, AdminTokenRow, StoreError, TokenPlace, Tx},
};

/// Of the server, or of one project.
const MAX_TOKENS: usize = 100;

/// Whoever makes or ends tokens holds it, so that two admins do not take each other's last one away.
const LOCK: &str = "admin tokens";

/// For the reference.
pub(super) const LISTED: &str = r#"{"tokens": [{"id": "adm_…", "name": "ci", "createdAt": "2026-01-31T12:00:00.000Z", "lastUsedAt": null, "expiresAt": null}]}"#;
/// For the reference.
pub(super) const MADE: &str =
    r#"{"id": "adm_…", "name": "ci", "token": "at_…", "createdAt": "2026-01-31T12:00:00.000Z", "expiresAt": null}"#;

/// What the client sends for a new token.
pub(crate) struct NewToken {
    pub(super) name: String,
    pub(super) expiry: Expiry,
}

/// A token that nobody has yet.
struct Drawn {
    /// Shown once.
    token: String,
    place: TokenPlace,
}

impl Drawn {
    fn new(place: TokenPlace) -> Result<Self> {
        let prefix = match place {
            TokenPlace::Server => SERVER_TOKEN,
            TokenPlace::Project(_) => PROJECT_TOKEN,
        };
        let token = secret::new_key(prefix)?;
        Ok(Self { token, place })
    }

    fn keep(
        self,
        tx: &mut Tx<'_>,
        name: &str,
        expires_ms: Option<i64>,
        now_ms: i64,
    ) -> std::result::Result<NewAdminToken, StoreError> {
        let new = store::NewAdminToken {
            name: name.to_owned(),
            fingerprint: secret::fingerprint(&self.token),
            expires_ms,
        };
        Ok(NewAdminToken {
            id: tx.insert_admin_token(&self.place, &new, now_ms)?,
            name: new.name,
            token: self.token,
            created_at: clock::iso(now_ms).into(),
            expires_at: expires_ms.map(|ms| clock::iso(ms).into()),
        })
    }
}

/// The tokens of a place.
pub(super) async fn list(app: &App, place: TokenPlace) -> Result<Vec<AdminToken>> {
    let now_ms = app.clock.now_ms();
    let rows = app.store.read(move |tx| tx.admin_tokens(&place, now_ms)).await?;
    Ok(rows.into_iter().map(shown).collect())
}

fn shown(row: AdminTokenRow) -> AdminToken {
    let time = |ms: i64| clock::iso(ms).into();
    AdminToken {
        id: row.id,
        name: row.name,
        created_at: time(row.created_ms),
        last_used_at: row.last_used_ms.map(time),
        expires_at: row.expires_ms.map(time),
    }
}

/// Makes a token.
pub(super) async fn make<W: AdminWho>(
    app: &App,
    caller: &Caller<W>,
    place: TokenPlace,
    new: NewToken,
) -> Result<NewAdminToken> {
    let expires_ms = new.expiry.at(app.clock.now_ms())?;
    let drawn = Drawn::new(place.clone())?;
    let made = caller.change(app, move |tx, now_ms| {
        tx.advisory_lock(LOCK)?;
        if tx.admin_tokens(&place, now_ms)?.len() >= MAX_TOKENS {
            let message = format!("There are at most {MAX_TOKENS} admin tokens");
            return Ok(Audited::Unchanged(Err(Refusal::limit_reached(message))));
        }
        let made = drawn.keep(tx, &new.name, expires_ms, now_ms)?;
        let entry = AuditEntry::new(Action::AdminTokenCreated, &made.id);
        let entry = entry.with(json!({ "name": made.name, "expiresAt": made.expires_at }));
        Ok(Audited::Changed(Ok(made), entry))
    });
    Ok(made.await??)
}

/// Makes a token in place of another one, which ends after the overlap.
pub(super) async fn rotate<W: AdminWho>(
    app: &App,
    caller: &Caller<W>,
    place: TokenPlace,
    rotation: Rotation,
) -> Result<NewAdminToken> {
    let id = caller.part("token")?.to_owned();
    let drawn = Drawn::new(place.clone())?;
    let rotated = caller.change(app, move |tx, now_ms| {
        tx.advisory_lock(LOCK)?;
        let Some(old) = tx.admin_token(&place, &id, now_ms)? else {
            return Ok(Audited::Unchanged(None));
        };
        tx.end_admin_token(&old, rotation.ends_ms(now_ms), now_ms)?;
        let expires_ms = rotation.expires_ms(old.created_ms, old.expires_ms, now_ms);
        let made = drawn.keep(tx, &old.name, expires_ms, now_ms)?;
        let entry = AuditEntry::new(Action::AdminTokenRotated, id).with(rotation.audit_data(&made.id, &made.name));
        Ok(Audited::Changed(Some(made), entry))
    });
    Ok(rotated.await?.ok_or_else(Refusal::not_found)?)
}

/// Ends a token now. The last one of the server stays.
pub(super) async fn revoke<W: AdminWho>(app: &App, caller: &Caller<W>, place: TokenPlace) -> Result<String> {
    let id = caller.part("token")?.to_owned();
    let revoked = caller.change(app, move |tx, now_ms| {
        tx.advisory_lock(LOCK)?;
        let Some(token) = tx.admin_token(&place, &id, now_ms)? else {
            return Ok(Audited::Unchanged(Err(Refusal::not_found())));
        };
        if place == TokenPlace::Server && tx.admin_tokens(&place, now_ms)?.len() == 1 {
            return Ok(Audited::Unchanged(Err(last())));
        }
        tx.end_admin_token(&token, now_ms, now_ms)?;
        let entry = AuditEntry::new(Action::AdminTokenRevoked, &id).with(json!({ "name": token.name }));
        Ok(Audited::Changed(Ok(id), entry))
    });
    Ok(revoked.await??)
}

fn last() -> Refusal {
    Refusal::new(
        409,
        "last_admin_token",
        "This is the last admin token of the server, and without one nobody could make another: create one first, or rotate this one",
    )
}

/// A token for whoever embeds the server.
pub(crate) async fn create(app: &App, name: &str) -> Result<String> {
    let (drawn, name) = (Drawn::new(TokenPlace::Server)?, name.to_owned());
    let made = audited::change(app, Place::Server, Actor::server(), move |tx, now_ms| {
        let made = drawn.keep(tx, &name, None, now_ms)?;
        let entry = AuditEntry::new(Action::AdminTokenCreated, &made.id).with(json!({ "name": made.name }));
        Ok(Audited::Changed(made.token, entry))
    });
    made.await
}
