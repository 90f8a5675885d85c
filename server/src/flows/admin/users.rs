//! `/admin/api/v1/projects/{project}/environments/{env}/users`: the users of an environment, as its admins see, make,
//! change and delete them.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use crate::flows::steps::{
    accounts::{noted, noted_change},
    endpoint::Admins,
};
use crate::{
    app::App,
    base::{
        clock,
        error::{Problem, Refusal, Result},
        ids::Scope,
        input::{Email, Fields, Metadata, Parsed, PersonName, Phone, Plaintext},
    },
    domain::{
        audit::Action,
        project::AuthSettings,
        user::{self, Profile},
    },
    flows::steps::{
        accounts::{self, Update},
        session::Proof,
        sign_in::{self, How, NewAccount},
    },
    hooks::FlowContext,
    storage::store::{UserChange, UserFilter, UserRow},
};

/// Whether an address or a number is known to be its owner's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Confirmed {
    Yes,
    No,
}

/// `{ email, password?, emailVerified?, name?, phone?, metadata?, publicMetadata? }`
pub(crate) struct New {
    profile: Profile,
    password: Option<Arc<Plaintext>>,
    email: Confirmed,
}

/// `{ email?, emailVerified?, name?, phone?, phoneVerified?, metadata?, publicMetadata? }`; what is left out stays.
pub(crate) struct Patch {
    email: Option<Email>,
    name: Option<Option<PersonName>>,
    phone: Option<Option<Phone>>,
    metadata: Option<Value>,
    public_metadata: Option<Value>,
    email_verified: Option<Confirmed>,
    phone_verified: Option<Confirmed>,
    /// As they were sent, for hooks.
    changes: Map<String, Value>,
}

impl New {
    pub(crate) fn read(body: Map<String, Value>, settings: &AuthSettings) -> std::result::Result<Self, Refusal> {
        let mut fields = Fields::new(body);
        let email = fields.required("email", Email::parse);
        let password = fields.optional("password", |value| Plaintext::chosen(value, &settings.password));
        let confirmed = fields.optional("emailVerified", confirmed).unwrap_or(Confirmed::No);
        let name = fields.optional("name", PersonName::parse);
        let phone = fields.optional("phone", Phone::parse);
        let metadata = fields.optional("metadata", Metadata::parse).unwrap_or_default();
        let public_metadata = fields.optional("publicMetadata", Metadata::parse).unwrap_or_default();
        let read = email.map(|email| Self {
            profile: Profile {
                email,
                phone,
                name,
                metadata,
                public_metadata,
            },
            password: password.map(Arc::new),
            email: confirmed,
        });
        fields.finish(read)
    }
}

impl Patch {
    pub(crate) fn read(body: Map<String, Value>) -> std::result::Result<Self, Refusal> {
        let changes = body.clone();
        let mut fields = Fields::new(body);
        let read = Self {
            email: fields.optional("email", Email::parse),
            name: fields.nullable("name", PersonName::parse),
            phone: fields.nullable("phone", Phone::parse),
            metadata: fields.optional("metadata", object),
            public_metadata: fields.optional("publicMetadata", object),
            email_verified: fields.optional("emailVerified", confirmed),
            phone_verified: fields.optional("phoneVerified", confirmed),
            changes,
        };
        fields.finish(Some(read))
    }

    fn update(self, user: &UserRow, actor: String, now_ms: i64) -> Result<Update> {
        let has_phone = self.phone.as_ref().map_or(user.phone.is_some(), Option::is_some);
        if self.phone_verified == Some(Confirmed::Yes) && !has_phone {
            return Err(Refusal::invalid_input(vec![Problem {
                field: "phoneVerified".to_owned(),
                problem: "there is no phone number".to_owned(),
            }])
            .into());
        }
        let at_ms = |confirmed: Confirmed| (confirmed == Confirmed::Yes).then_some(now_ms);
        Ok(Update {
            change: UserChange {
                email: self.email,
                name: self.name,
                phone: self.phone,
                metadata: merged("metadata", &user.metadata, self.metadata)?,
                public_metadata: merged("publicMetadata", &user.public_metadata, self.public_metadata)?,
                email_verified_ms: self.email_verified.map(at_ms),
                phone_verified_ms: self.phone_verified.map(at_ms),
                ..UserChange::default()
            },
            asked: self.changes.into(),
            by: nobody(actor),
        })
    }
}

/// Admins have no session with the users.
fn nobody(actor: String) -> accounts::Requester {
    accounts::Requester {
        actor,
        session_id: None,
        client: Map::new(),
    }
}

/// A merge patch, checked for its kind alone; what comes out of the merge is checked for its size.
fn object(value: Value) -> Parsed<Value> {
    Metadata::parse(value.clone()).map(|_| value)
}

/// The stored metadata with the patch in it.
fn merged(field: &str, stored: &str, patch: Option<Value>) -> Result<Option<Metadata>> {
    let Some(patch) = patch else { return Ok(None) };
    let merged = accounts::merged(stored, patch)?;
    Ok(merged.map(Some).map_err(|problem| {
        Refusal::invalid_input(vec![Problem {
            field: field.to_owned(),
            problem,
        }])
    })?)
}

fn confirmed(value: Value) -> Parsed<Confirmed> {
    match value {
        Value::Bool(true) => Ok(Confirmed::Yes),
        Value::Bool(false) => Ok(Confirmed::No),
        _ => Err("must be true or false".to_owned()),
    }
}

/// A page of users, newest first.
pub(crate) async fn list(app: &App, scope: Scope, filter: UserFilter, most: i64) -> Result<Value> {
    let now_ms = app.clock.now_ms();
    let rows = app.store.read(move |tx| tx.users(&scope, &filter, most)).await?;
    let users = rows
        .iter()
        .map(|row| document(row, now_ms))
        .collect::<Result<Vec<_>>>()?;
    Ok(json!({ "users": users }))
}

pub(crate) async fn get(app: &App, scope: &Scope, id: &str) -> Result<Value> {
    Ok(json!({ "user": document(&found(app, scope, id).await?, app.clock.now_ms())? }))
}

/// Makes an account that nobody is signed in to. The hooks of a sign-up run.
pub(crate) async fn create(app: &App, admins: &Admins, new: New) -> Result<Value> {
    let effects = app.hooks.platform.effects(&admins.scope, 0);
    let at = FlowContext::new(&admins.scope, &admins.request, &effects);
    let at = match &new.password {
        Some(password) => at.with_password(password),
        None => at,
    };
    let account = NewAccount {
        verified: (new.email == Confirmed::Yes).then(|| new.profile.email.clone()),
        profile: new.profile,
        how: How {
            provider: "admin".to_owned(),
            proofs: vec![Proof::Admin],
            client: Map::new(),
        },
    };
    let noted = noted(Action::UserCreated, &admins.scope, &admins.by, app.clock.now_ms());
    let user = sign_in::make_account(app, at, account, admins.by.actor.clone(), noted);
    Ok(json!({ "user": document(&user.await?, app.clock.now_ms())? }))
}

/// Changes any part of a profile.
pub(crate) async fn patch(app: &App, admins: &Admins, id: &str, patch: Patch) -> Result<Value> {
    let user = found(app, &admins.scope, id).await?;
    let now_ms = app.clock.now_ms();
    let update = patch.update(&user, admins.by.actor.clone(), now_ms)?;
    let effects = app.hooks.platform.effects(&admins.scope, 0);
    let at = FlowContext::new(&admins.scope, &admins.request, &effects);
    let noted = noted_change(&admins.scope, &admins.by, &update.change, now_ms);
    let user = accounts::update(app, at, user, update, noted).await?;
    Ok(json!({ "user": document(&user, now_ms)? }))
}

pub(crate) async fn delete(app: &App, admins: &Admins, id: &str) -> Result<Value> {
    let user = found(app, &admins.scope, id).await?;
    let effects = app.hooks.platform.effects(&admins.scope, 0);
    let at = FlowContext::new(&admins.scope, &admins.request, &effects);
    let noted = noted(Action::UserDeleted, &admins.scope, &admins.by, app.clock.now_ms());
    accounts::delete(app, at, user, nobody(admins.by.actor.clone()), noted).await?;
    Ok(json!({ "deleted": id }))
}

/// The user of the path, if it is one of this environment.
pub(crate) async fn found(app: &App, scope: &Scope, id: &str) -> Result<UserRow> {
    let (scope, id) = (scope.clone(), id.to_owned());
    let user = app.store.read(move |tx| tx.user(&scope, &id)).await?;
    Ok(user.ok_or_else(Refusal::not_found)?)
}

/// A user as admins see them: as everybody does, and what decides whether they get in.
pub(crate) fn document(row: &UserRow, now_ms: i64) -> Result<Value> {
    let banned_until = row.banned_until_ms.filter(|at_ms| now_ms < *at_ms);
    let mut document = user::document(row)?;
    document["provider"] = json!(row.provider);
    document["hasPassword"] = json!(row.password_hash.is_some());
    document["lastLoginAt"] = json!(row.last_login_ms.map(clock::iso));
    // A ban without end has no time that could be written.
    document["banned"] = json!(banned_until.is_some());
    document["bannedUntil"] = json!(banned_until.filter(|at_ms| *at_ms < i64::MAX).map(clock::iso));
    document["banReason"] = json!(banned_until.and(row.ban_reason.as_ref()));
    Ok(document)
}
