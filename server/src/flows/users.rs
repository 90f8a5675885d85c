//! The users of an environment, for its admins: list, look, make, change, delete. The hooks of the same changes by their
//! owners run here, too.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::{
    accounts::{self, By, Update},
    entry::{self, How, NewAccount},
};
use crate::{
    access::Acting,
    app::App,
    audit::{self, Action},
    error::{Problem, Refusal, Result},
    hooks::At,
    ids::Scope,
    input::{Email, Fields, Metadata, Parsed, PersonName, Phone, Plaintext},
    project::AuthSettings,
    store::{UserChange, UserFilter, UserRow},
    user::{self, Profile},
};

/// What the client sends for a new user: `{ email, password?, emailVerified?, name?, phone?, metadata?, publicMetadata? }`.
pub(crate) struct NewInput {
    profile: Profile,
    email_verified: Verified,
    /// Without one, they come in by other ways.
    password: Option<Arc<Plaintext>>,
}

/// What the client sends to change one; null takes a name or a number away, metadata is merged.
pub(crate) struct Patch {
    email: Option<Email>,
    phone: Option<Option<Phone>>,
    name: Option<Option<PersonName>>,
    metadata: Option<Metadata>,
    public_metadata: Option<Metadata>,
    email_verified: Option<Verified>,
    phone_verified: Option<Verified>,
    /// As it was sent.
    asked: Map<String, Value>,
}

/// Whether an address or a number is theirs, as the admin says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verified {
    Yes,
    No,
}

impl Verified {
    fn parse(value: Value) -> Parsed<Self> {
        match value {
            Value::Bool(true) => Ok(Self::Yes),
            Value::Bool(false) => Ok(Self::No),
            _ => Err("must be true or false".to_owned()),
        }
    }
}

impl NewInput {
    pub(crate) fn read(body: Map<String, Value>, settings: &AuthSettings) -> std::result::Result<Self, Refusal> {
        let mut fields = Fields::new(body);
        let email = fields.required("email", Email::parse);
        let password = fields.optional("password", |value| Plaintext::chosen(value, &settings.password));
        let email_verified = fields.optional("emailVerified", Verified::parse);
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
            email_verified: email_verified.unwrap_or(Verified::No),
            password: password.map(Arc::new),
        });
        fields.finish(read)
    }
}

impl Patch {
    pub(crate) fn read(body: Map<String, Value>) -> std::result::Result<Self, Refusal> {
        let mut fields = Fields::new(body.clone());
        let read = Self {
            email: fields.optional("email", Email::parse),
            phone: fields.nullable("phone", Phone::parse),
            name: fields.nullable("name", PersonName::parse),
            metadata: fields.optional("metadata", Metadata::parse),
            public_metadata: fields.optional("publicMetadata", Metadata::parse),
            email_verified: fields.optional("emailVerified", Verified::parse),
            phone_verified: fields.optional("phoneVerified", Verified::parse),
            asked: body,
        };
        fields.finish(Some(read))
    }

    /// What is different for this user.
    fn change(&self, user: &UserRow, now_ms: i64) -> Result<UserChange> {
        let profile = Profile::of(user)?;
        let mut problems = Vec::new();
        let mut merged = |name: &str, current: &Metadata, patch: Option<&Metadata>| {
            let patch = Value::Object(patch?.as_map().clone());
            let tell = |problem| {
                problems.push(Problem {
                    field: name.to_owned(),
                    problem,
                });
            };
            current.patched(patch).map_err(tell).ok()
        };
        let metadata = merged("metadata", &profile.metadata, self.metadata.as_ref());
        let public_metadata = merged(
            "publicMetadata",
            &profile.public_metadata,
            self.public_metadata.as_ref(),
        );
        if !problems.is_empty() {
            return Err(Refusal::invalid_input(problems).into());
        }
        let since = |said: Option<Verified>, before: Option<i64>| match said? {
            Verified::Yes => Some(before.or(Some(now_ms))),
            Verified::No => Some(None),
        };
        let same_email = self
            .email
            .as_ref()
            .is_none_or(|email| email.normal() == profile.email.normal());
        let same_phone = self.phone.as_ref().is_none_or(|phone| *phone == profile.phone);
        let has_phone = self.phone.as_ref().unwrap_or(&profile.phone).is_some();
        if self.phone_verified == Some(Verified::Yes) && !has_phone {
            return Err(Refusal::invalid_input(vec![Problem {
                field: "phoneVerified".to_owned(),
                problem: "there is no phone number".to_owned(),
            }])
            .into());
        }
        Ok(UserChange {
            email: self.email.clone(),
            phone: self.phone.clone(),
            name: self.name.clone(),
            metadata,
            public_metadata,
            email_verified_ms: since(self.email_verified, user.email_verified_ms.filter(|_| same_email)),
            phone_verified_ms: since(self.phone_verified, user.phone_verified_ms.filter(|_| same_phone)),
            ban: None,
        })
    }
}

/// Newest first.
pub(crate) async fn list(app: &App, scope: &Scope, filter: UserFilter, most: i64) -> Result<Value> {
    let (scope, now_ms) = (scope.clone(), app.clock.now_ms());
    let rows = app.store.read(move |tx| tx.users(&scope, &filter, most)).await?;
    let users: Vec<Value> = rows
        .iter()
        .map(|row| user::admin_document(row, now_ms))
        .collect::<Result<_>>()?;
    Ok(json!({ "users": users }))
}

pub(crate) async fn one(app: &App, scope: &Scope, id: &str) -> Result<Value> {
    shown(app, &found(app, scope, id).await?)
}

/// Makes a user who is not here; hooks of a sign-up run, with the provider `admin`.
pub(crate) async fn create(app: &App, acting: &Acting, input: NewInput) -> Result<Value> {
    let effects = app.hooks.platform.effects(&acting.scope, 0);
    let mut at = At::new(&acting.scope, &acting.request, &effects);
    if let Some(password) = &input.password {
        at = at.with_password(password);
    }
    let verified = (input.email_verified == Verified::Yes).then(|| input.profile.email.clone());
    let new = NewAccount {
        profile: input.profile,
        verified,
        how: How {
            provider: "admin".to_owned(),
            proofs: Vec::new(),
            client: Map::new(),
        },
    };
    let (scope, origin, now_ms) = (acting.scope.clone(), acting.origin.clone(), app.clock.now_ms());
    let actor = origin.actor.clone();
    let noted = move |tx: &mut crate::store::Tx<'_>, user: &UserRow| {
        audit::note(tx, &scope, &origin, Action::UserCreated, &user.id, &json!({}), now_ms)
    };
    let user = entry::create(app, at, new, actor, noted).await?;
    shown(app, &user)
}

pub(crate) async fn patch(app: &App, acting: &Acting, id: &str, patch: Patch) -> Result<Value> {
    let user = found(app, &acting.scope, id).await?;
    let change = patch.change(&user, app.clock.now_ms())?;
    let effects = app.hooks.platform.effects(&acting.scope, 0);
    let at = At::new(&acting.scope, &acting.request, &effects);
    let asked = Update {
        change,
        asked: Value::Object(patch.asked),
        by: by(acting),
    };
    shown(app, &accounts::update(app, at, user, asked, |_, _| Ok(())).await?)
}

/// With everything that is theirs.
pub(crate) async fn delete(app: &App, acting: &Acting, id: &str) -> Result<Value> {
    let user = found(app, &acting.scope, id).await?;
    let effects = app.hooks.platform.effects(&acting.scope, 0);
    let at = At::new(&acting.scope, &acting.request, &effects);
    accounts::delete(app, at, user, by(acting), |_, _| Ok(())).await?;
    Ok(json!({ "deleted": true }))
}

pub(super) async fn found(app: &App, scope: &Scope, id: &str) -> Result<UserRow> {
    let (scope, id) = (scope.clone(), id.to_owned());
    let user = app.store.read(move |tx| tx.user(&scope, &id)).await?;
    Ok(user.ok_or_else(Refusal::not_found)?)
}

pub(super) fn shown(app: &App, user: &UserRow) -> Result<Value> {
    Ok(json!({ "user": user::admin_document(user, app.clock.now_ms())? }))
}

fn by(acting: &Acting) -> By {
    By {
        origin: acting.origin.clone(),
        session_id: None,
        client: Map::new(),
    }
}
