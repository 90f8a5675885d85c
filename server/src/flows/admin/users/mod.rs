//! Users of an environment, as its admins see, create, change and delete them; who gets in, and what is stored about one.

mod ban;
mod create;
mod credentials;
mod delete;
mod export;
mod get;
mod list;
mod log_out;
mod patch;
mod sessions;
mod unban;

use aerocall_api_types::{AdminUser, UserEnvelope};
use serde_json::{Map, Value};

use crate::{
    app::App,
    base::{
        clock,
        error::{Refusal, Result},
        event::EventKind,
        ids::Scope,
        input::Parsed,
    },
    domain::user::Profile,
    flows::steps::{
        accounts::Requester,
        endpoint::{Caller, EnvironmentAdmin, Field, FieldKind},
        session,
    },
    storage::store::{StoreError, Tx, UserRow},
};

pub(crate) use ban::BanUser;
pub(crate) use create::CreateUser;
pub(crate) use credentials::{
    EndUserSession, ListUserFactors, ListUserIdentities, ListUserSessions, RemoveUserFactor, RemoveUserIdentity,
    SendPasswordReset,
};
pub(crate) use delete::DeleteUser;
pub(crate) use export::ExportUser;
pub(crate) use get::GetUser;
pub(crate) use list::ListUsers;
pub(crate) use log_out::LogOutUser;
pub(crate) use patch::PatchUser;
pub(crate) use unban::UnbanUser;

const PHONE: Field = Field::optional("phone", FieldKind::Phone, "Phone number with country code.");
const NAME: Field = Field::optional("name", FieldKind::Text(200), "Display name.");
const METADATA: Field = Field::optional(
    "metadata",
    FieldKind::Object,
    "Data that the user can read and change; at most 16 KiB.",
);
const PUBLIC_METADATA: Field = Field::optional(
    "publicMetadata",
    FieldKind::Object,
    "Data that the user can read but not change; at most 16 KiB.",
);
const EMAIL_VERIFIED: Field = Field::optional(
    "emailVerified",
    FieldKind::Flag,
    "Whether the email address is verified.",
);

/// For the reference.
const EXAMPLE: &str = r#"{"user": {"id": "usr_0198f2c6b1d87c3d9f1e5a7b6c4d3e2f", "email": "ada@example.com", "emailVerified": true, "metadata": {}, "publicMetadata": {}, "createdAt": "2026-01-31T12:00:00.000Z", "updatedAt": "2026-01-31T12:00:00.000Z", "provider": "password", "hasPassword": true, "lastLoginAt": null, "banned": false, "bannedUntil": null, "banReason": null}}"#;

/// Whether an address or a number is known to be its owner's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Confirmed {
    Yes,
    No,
}

fn confirmed(value: Value) -> Parsed<Confirmed> {
    match value {
        Value::Bool(true) => Ok(Confirmed::Yes),
        Value::Bool(false) => Ok(Confirmed::No),
        _ => Err("must be true or false".to_owned()),
    }
}

/// Admins have no session with the users.
fn requester(caller: &Caller<EnvironmentAdmin>) -> Requester {
    Requester {
        actor: caller.actor().actor,
        session_id: None,
        client: Map::new(),
    }
}

/// The user of the path, if it is one of this environment.
async fn found(app: &App, scope: &Scope, id: &str) -> Result<UserRow> {
    let (scope, id) = (scope.clone(), id.to_owned());
    let user = app.store.read(move |tx| tx.user(&scope, &id)).await?;
    Ok(user.ok_or_else(Refusal::not_found)?)
}

/// `auth.user.updated`, for whoever observes accounts.
fn emit_updated(
    tx: &mut Tx<'_>,
    scope: &Scope,
    actor: &str,
    user: &UserRow,
    now_ms: i64,
) -> std::result::Result<(), StoreError> {
    let event = session::event(EventKind::UserUpdated, actor.to_owned(), user, None, now_ms)?;
    tx.insert_event(scope, &event)
}

fn envelope(row: &UserRow, now_ms: i64) -> Result<UserEnvelope> {
    Ok(UserEnvelope {
        user: document(row, now_ms)?,
    })
}

/// A user as admins see them: as everybody does, and what decides whether they get in.
fn document(row: &UserRow, now_ms: i64) -> Result<AdminUser> {
    let profile = Profile::of(row)?;
    let banned_until = row.banned_until_ms.filter(|at_ms| now_ms < *at_ms);
    Ok(AdminUser {
        id: row.id.clone(),
        email: profile.email.as_str().to_owned(),
        email_verified: row.email_verified_ms.is_some(),
        phone: row.phone.clone(),
        phone_verified: row.phone.as_ref().map(|_| row.phone_verified_ms.is_some()),
        name: row.name.clone(),
        metadata: profile.metadata.as_map().clone(),
        public_metadata: profile.public_metadata.as_map().clone(),
        created_at: clock::iso(row.created_ms).into(),
        updated_at: clock::iso(row.updated_ms).into(),
        provider: row.provider.clone(),
        has_password: row.password_hash.is_some(),
        last_login_at: row.last_login_ms.map(|at_ms| clock::iso(at_ms).into()),
        banned: banned_until.is_some(),
        // A ban without end has no time that could be written.
        banned_until: banned_until
            .filter(|at_ms| *at_ms < i64::MAX)
            .map(|at_ms| clock::iso(at_ms).into()),
        ban_reason: banned_until.and(row.ban_reason.clone()),
    })
}
