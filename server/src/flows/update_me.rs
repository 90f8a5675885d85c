//! `PATCH /auth/me`

use serde_json::{Map, Value};

use super::{
    endpoint::{Answer, Caller, Endpoint, Field, FieldKind, Flow, Method, Rate},
    me::Me,
    profile::{self, Doer, Wanted},
    session::{self, SignedIn},
};
use crate::{
    app::App,
    audit::By,
    error::{Problem, Refusal, Result},
    events::EventKind,
    hooks::{At, Moment},
    input::{Fields, Metadata, Parsed, PersonName, Phone},
    project::AuthSettings,
    user::{self, Profile},
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
        errors: &["email_taken"],
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
        let (wanted, client) = input.applied_to(Profile::of(user)?)?;
        let doer = Doer {
            by: By::request(caller.who.actor(), &caller.request),
            session_id: Some(session.id.clone()),
            client,
        };
        let user = profile::change(app, at, user.clone(), wanted, doer).await?;
        Ok(Me::of(user::document(&user)?))
    }
}

impl Input {
    /// The profile as it is to be, and what the client says about itself.
    fn applied_to(self, before: Profile) -> Result<(Wanted, Map<String, Value>)> {
        let mut changes = Map::new();
        if let Some(name) = &self.name {
            changes.insert("name".to_owned(), name.as_ref().map(PersonName::as_str).into());
        }
        if let Some(phone) = &self.phone {
            changes.insert("phone".to_owned(), phone.as_ref().map(Phone::as_str).into());
        }
        if let Some(metadata) = &self.metadata {
            changes.insert("metadata".to_owned(), metadata.clone());
        }
        let profile = Profile {
            name: self.name.unwrap_or(before.name),
            phone: self.phone.unwrap_or(before.phone),
            metadata: merged("metadata", &before.metadata, self.metadata)?,
            ..before
        };
        let wanted = Wanted {
            profile,
            changes,
            email: None,
            phone: None,
        };
        Ok((wanted, self.client))
    }
}

/// A merge patch, checked for its kind alone; what comes out of the merge is checked for its size.
pub(super) fn object(value: Value) -> Parsed<Value> {
    Metadata::parse(value.clone()).map(|_| value)
}

/// The metadata with the patch in it.
pub(super) fn merged(field: &str, before: &Metadata, patch: Option<Value>) -> Result<Metadata> {
    let Some(patch) = patch else {
        return Ok(before.clone());
    };
    before.patched(patch).map_err(|problem| {
        let problem = Problem {
            field: field.to_owned(),
            problem,
        };
        Refusal::invalid_input(vec![problem]).into()
    })
}
