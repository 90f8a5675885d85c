//! `PATCH …/users/{user}`

use aerocall_api_types::{Permission, UserEnvelope};
use aerocall_contract::errors;
use serde_json::{Map, Value};

use super::{
    Confirmed, EMAIL_VERIFIED, EXAMPLE, METADATA, NAME, PHONE, PUBLIC_METADATA, confirmed, envelope, found, requester,
};
use crate::{
    app::App,
    base::{
        error::{Refusal, Result},
        event::EventKind,
        input::{Email, Fields, Metadata, Parsed, PersonName, Phone},
    },
    domain::project::AuthSettings,
    flows::steps::{
        accounts::{self, Update, noted_change},
        endpoint::{Caller, Endpoint, EnvironmentAdmin, Field, FieldKind, Flow, Method, environment},
    },
    hooks::{FlowContext, Step},
    storage::store::{UserChange, UserRow},
};

/// Changes any part of a profile.
pub(crate) struct PatchUser;

/// What the client sends; what is left out stays.
pub(crate) struct Input {
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

const NAMES: &[&str] = &[
    "email",
    "name",
    "phone",
    "metadata",
    "publicMetadata",
    "emailVerified",
    "phoneVerified",
];

impl Flow for PatchUser {
    type Who = EnvironmentAdmin;
    type Input = Input;
    type Output = UserEnvelope;

    const NEEDS: Option<Permission> = Some(Permission::DataWrite);
    const ENDPOINT: Endpoint = Endpoint::plain(Method::Patch, environment!("/users/{user}"), "Update a user")
        .about("Omitted fields stay unchanged, `null` removes a value, and metadata is merged (JSON Merge Patch, RFC 7396).")
        .fields(&[
            Field::optional(
                "email",
                FieldKind::Email,
                "A new address is unverified unless `emailVerified` is sent.",
            ),
            EMAIL_VERIFIED,
            NAME,
            PHONE,
            Field::optional("phoneVerified", FieldKind::Flag, "Whether the phone number is verified."),
            METADATA,
            PUBLIC_METADATA,
        ])
        .example(r#"{"name":"Ada","publicMetadata":{"plan":"gold"}}"#)
        .answers(200, "The updated user.", EXAMPLE)
        .steps(&[Step::UserUpdate])
        .events(&[EventKind::UserUpdated])
        .errors(&[errors::EMAIL_TAKEN, errors::PHONE_TAKEN, errors::USER_CHANGED]);

    fn read(fields: &mut Fields, _: &AuthSettings) -> Option<Input> {
        let changes = fields.shown(NAMES);
        Some(Input {
            email: fields.optional("email", Email::parse),
            name: fields.nullable("name", PersonName::parse),
            phone: fields.nullable("phone", Phone::parse),
            metadata: fields.optional("metadata", object),
            public_metadata: fields.optional("publicMetadata", object),
            email_verified: fields.optional("emailVerified", confirmed),
            phone_verified: fields.optional("phoneVerified", confirmed),
            changes,
        })
    }

    async fn run(app: &App, caller: &Caller<EnvironmentAdmin>, input: Input) -> Result<UserEnvelope> {
        let user = found(app, &caller.scope, caller.part("user")?).await?;
        let now_ms = app.clock.now_ms();
        let (asked, change) = change(input, &user, now_ms)?;
        let effects = app.hooks.platform.effects(&caller.scope, 0);
        let at = FlowContext::new(&caller.scope, &caller.request, &effects);
        let recorded = noted_change(&caller.scope, &caller.actor(), &change, now_ms);
        let by = requester(caller);
        let user = accounts::update(app, at, user, Update { change, asked, by }, recorded).await?;
        envelope(&user, now_ms)
    }
}

/// What was asked for, as hooks see it, and what it changes of the user.
fn change(input: Input, user: &UserRow, now_ms: i64) -> Result<(Value, UserChange)> {
    let has_phone = input.phone.as_ref().map_or(user.phone.is_some(), Option::is_some);
    if input.phone_verified == Some(Confirmed::Yes) && !has_phone {
        return Err(Refusal::invalid_field("phoneVerified", "there is no phone number").into());
    }
    let at_ms = |confirmed: Confirmed| (confirmed == Confirmed::Yes).then_some(now_ms);
    let change = UserChange {
        email: input.email,
        name: input.name,
        phone: input.phone,
        metadata: merged("metadata", &user.metadata, input.metadata)?,
        public_metadata: merged("publicMetadata", &user.public_metadata, input.public_metadata)?,
        email_verified_ms: input.email_verified.map(at_ms),
        phone_verified_ms: input.phone_verified.map(at_ms),
        ..UserChange::default()
    };
    Ok((input.changes.into(), change))
}

/// A merge patch, checked for its kind alone; what comes out of the merge is checked for its size.
fn object(value: Value) -> Parsed<Value> {
    Metadata::parse(value.clone()).map(|_| value)
}

/// The stored metadata with the patch in it.
fn merged(field: &str, stored: &str, patch: Option<Value>) -> Result<Option<Metadata>> {
    let Some(patch) = patch else { return Ok(None) };
    let merged = accounts::merged(stored, patch)?;
    Ok(merged
        .map(Some)
        .map_err(|problem| Refusal::invalid_field(field, problem))?)
}
