//! Admin tokens of the server, and of projects. A token is shown once; its hash is kept.

mod create;
mod holder;
pub(super) mod limits;
mod list;
mod operator;
mod revoke;
mod rotate;
mod setup;

use aerocall_api_types::{NewAdminToken, Permission};
use serde_json::json;

pub(crate) use create::CreateAdminToken;
pub(crate) use holder::{Holder, OfProject, OfServer};
pub(crate) use list::ListAdminTokens;
pub(crate) use operator::{create_by_operator, renew_by_operator};
pub(crate) use revoke::RevokeAdminToken;
pub(crate) use rotate::RotateAdminToken;
pub(crate) use setup::{LIFE as SETUP_LIFE, Setup, setup_code};

use crate::{
    app::App,
    base::{clock, crypto::secret, error::Result},
    domain::audit::{Action, Actor, AuditEntry, Place},
    flows::steps::audited::{self, Audited},
    security::access::{PROJECT_TOKEN, SERVER_TOKEN},
    storage::store::{self, AdminTokenRow, StoreError, TokenLimits, TokenPlace, Tx},
};

/// Whoever makes or ends tokens holds it, so that two admins do not take each other's last one away.
const LOCK: &str = "admin tokens";

/// For the reference.
const MADE: &str = r#"{"id": "adm_…", "name": "ci", "token": "pt_…", "scopes": ["project:read", "hooks:read", "hooks:deploy"], "environment": null, "createdAt": "2026-01-31T12:00:00.000Z", "expiresAt": null}"#;

/// The valid tokens that open all of the server, newest first: those of its admins.
fn server_admins(tx: &mut Tx<'_>, now_ms: i64) -> std::result::Result<Vec<AdminTokenRow>, StoreError> {
    let mut tokens = tx.admin_tokens(&TokenPlace::Server, now_ms)?;
    tokens.retain(|token| token.permissions().has(Permission::ServerManage));
    Ok(tokens)
}

/// Whether anybody can do everything on the server: by a token, or with the account of an administrator.
fn has_admin(tx: &mut Tx<'_>, now_ms: i64) -> std::result::Result<bool, StoreError> {
    Ok(!server_admins(tx, now_ms)?.is_empty() || tx.administrators()? > 0)
}

/// A token that nobody has yet.
struct Drawn {
    /// Shown once.
    token: String,
    place: TokenPlace,
    limits: TokenLimits,
}

impl Drawn {
    fn new(place: TokenPlace) -> Result<Self> {
        let prefix = match place {
            TokenPlace::Server => SERVER_TOKEN,
            TokenPlace::Project(_) => PROJECT_TOKEN,
        };
        let token = secret::new_key(prefix)?;
        Ok(Self {
            token,
            place,
            limits: TokenLimits::default(),
        })
    }

    fn limited(self, limits: TokenLimits) -> Self {
        Self { limits, ..self }
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
            limits: self.limits,
        };
        Ok(NewAdminToken {
            id: tx.insert_admin_token(&self.place, &new, now_ms)?,
            scopes: new.limits.permissions_in(&self.place).list(),
            environment: new.limits.environment.map(|name| name.to_string()),
            name: new.name,
            token: self.token,
            created_at: clock::iso(now_ms).into(),
            expires_at: expires_ms.map(|ms| clock::iso(ms).into()),
        })
    }
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
