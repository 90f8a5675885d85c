//! `PATCH /auth/me`

use serde_json::{Map, Value};

use super::{
    accounts::{self, By, Update},
    endpoint::{Answer, Caller, Endpoint, Field, FieldKind, Flow, Method, Rate},
    me::Me,
    session::{self, SignedIn},
    users,
};
use crate::{
    app::App,
    audit,
    error::{Problem, Refusal, Result},
    events::EventKind,
    hooks::{At, Moment},
    input::{Fields, Metadata, Parsed, PersonName, Phone},
    project::AuthSettings,
    store::{UserChange, UserRow},
    user,
};

/// Changing one's own profile: the name, the number, and what the project lets users write.
pub(crate) struct UpdateMe;

/// What the client sends; what is left out stays.
pub(crate) struct Input {
    name: Option<Option<PersonName>>,
    phone: Option<Option<Phone>>,
    /// Merged in (RFC 7396).
    metadata: Option<Value>,
    client: Map<String, Value>,
}

impl Flow for UpdateMe {
    type Who = SignedIn;
    type Input = Input;
    type Output = Me;

    const ENDPOINT: Endpoint = Endpoint {
        method: Method::Patch,
        path: "/auth/me",
        summary: "Change one's own profile",
        about: "What is left out stays, null takes away. An address has its own flow; what decides about rights \
                (`publicMetadata` and whatever else a project trusts) is changed by its servers and hooks only.",
        fields: &[
            Field::optional("name", FieldKind::Text(200), "What the person is called."),
            Field::optional("phone", FieldKind::Phone, "Another number is not verified."),
            Field::optional(
                "metadata",
                FieldKind::Object,
                "Merged into what is there; null takes a member away.",
            ),
            Field::CLIENT,
        ],
        example: r#"{"name":"Ada Lovelace","metadata":{"theme":"dark"}}"#,
        answer: Answer {
            status: 200,
            about: "The user as it is now.",
            example: super::examples::USER,
        },
        moments: &[Moment::UserUpdate],
        events: &[EventKind::UserUpdated],
        errors: &["email_taken", "user_changed"],
        rate: Rate::Plain,
    };

    fn read(fields: &mut Fields, _: &AuthSettings) -> Option<Input> {
        Some(Input {
            name: fields.nullable("name", PersonName::parse),
            phone: fields.nullable("phone", Phone::parse),
            metadata: fields.optional("metadata", object),
            client: session::read_client(fields),
        })
    }

    async fn run(app: &App, caller: &Caller<SignedIn>, input: Input) -> Result<Me> {
        let effects = app.hooks.platform.effects(&caller.scope, 0);
        let at = At::new(&caller.scope, &caller.request, &effects);
        let SignedIn { user, session } = &caller.who;
        let by = audit::By::request(caller.who.actor(), &caller.request);
        let update = input.update(user, &session.id, by.actor.clone())?;
        let noted = users::noted_change(at.scope, &by, &update.change, app.clock.now_ms());
        let user = accounts::update(app, at, user.clone(), update, noted).await?;
        Ok(Me::of(user::document(&user)?))
    }
}

impl Input {
    fn update(self, user: &UserRow, session_id: &str, actor: String) -> Result<Update> {
        let mut asked = Map::new();
        if let Some(name) = &self.name {
            asked.insert("name".to_owned(), name.as_ref().map(PersonName::as_str).into());
        }
        if let Some(phone) = &self.phone {
            asked.insert("phone".to_owned(), phone.as_ref().map(Phone::as_str).into());
        }
        if let Some(metadata) = &self.metadata {
            asked.insert("metadata".to_owned(), metadata.clone());
        }
        Ok(Update {
            change: UserChange {
                name: self.name,
                phone: self.phone,
                metadata: merged("metadata", &user.metadata, self.metadata)?,
                ..UserChange::default()
            },
            asked: asked.into(),
            by: By {
                actor,
                session_id: Some(session_id.to_owned()),
                client: self.client,
            },
        })
    }
}

/// A merge patch, checked for its kind alone; what comes out of the merge is checked for its size.
pub(super) fn object(value: Value) -> Parsed<Value> {
    Metadata::parse(value.clone()).map(|_| value)
}

/// The stored metadata with the patch in it.
pub(super) fn merged(field: &str, stored: &str, patch: Option<Value>) -> Result<Option<Metadata>> {
    let Some(patch) = patch else { return Ok(None) };
    let merged = accounts::merged(stored, patch)?;
    Ok(merged.map(Some).map_err(|problem| {
        Refusal::invalid_input(vec![Problem {
            field: field.to_owned(),
            problem,
        }])
    })?)
}
