//! `POST /auth/register`

use std::sync::Arc;

use serde_json::{Map, Value};

use super::{
    endpoint::{Answer, Anybody, Caller, Endpoint, Field, FieldKind, Flow, Method, Rate},
    entry::{self, How, NewAccount, SignedUp},
    session::{self, Granted, Proof},
};
use crate::{
    app::App,
    error::{Refusal, Result},
    events::EventKind,
    hooks::{At, Moment},
    input::{Email, Fields, Metadata, PersonName, Phone, Plaintext},
    project::AuthSettings,
    user::Profile,
};

/// Signing up with a password.
pub(crate) struct Register;

/// What the client sends.
#[derive(Debug)]
pub(crate) struct Input {
    profile: Profile,
    password: Arc<Plaintext>,
    client: Map<String, Value>,
}

impl Flow for Register {
    type Who = Anybody;
    type Input = Input;
    type Output = Granted;

    const ENDPOINT: Endpoint = Endpoint {
        method: Method::Post,
        path: "/auth/register",
        summary: "Sign up with a password",
        about: "Makes an account and lets its owner in.",
        fields: &[
            Field::required(
                "email",
                FieldKind::Email,
                "Tells accounts apart, whatever the case of its letters.",
            ),
            Field::required("password", FieldKind::Password, "As the project's rules want it."),
            Field::optional("name", FieldKind::Text(200), "What the person is called."),
            Field::optional("phone", FieldKind::Phone, "Not verified by this."),
            Field::optional(
                "metadata",
                FieldKind::Object,
                "For the project's servers and hooks; at most 16 KiB.",
            ),
            Field::CLIENT,
        ],
        example: r#"{"email":"ada@example.com","password":"correct horse battery","name":"Ada"}"#,
        answer: Answer {
            status: 201,
            about: "The account and a session.",
            example: super::examples::GRANTED,
        },
        moments: &[Moment::Signup, Moment::TokenIssue],
        events: &[EventKind::Signup],
        errors: &["email_taken", "not_enabled"],
        rate: Rate::Secret,
    };

    fn read(fields: &mut Fields, settings: &AuthSettings) -> Option<Input> {
        let email = fields.required("email", Email::parse);
        let password = fields.required("password", |value| Plaintext::chosen(value, &settings.password));
        let name = fields.optional("name", PersonName::parse);
        let phone = fields.optional("phone", Phone::parse);
        let metadata = fields.optional("metadata", Metadata::parse).unwrap_or_default();
        let client = session::read_client(fields);
        let (email, password) = email.zip(password)?;
        Some(Input {
            profile: Profile {
                email,
                phone,
                name,
                metadata,
                public_metadata: Metadata::default(),
            },
            password: Arc::new(password),
            client,
        })
    }

    /// An email that is taken is found out by the insert, after the hooks and the hash: the answer takes as long as that
    /// of a fresh sign-up.
    async fn run(app: &App, caller: &Caller<Anybody>, input: Input) -> Result<Granted> {
        if !caller.settings.sign_up.is_on() {
            return Err(Refusal::not_enabled("Signing up").into());
        }
        let effects = app.hooks.platform.effects(&caller.scope, 0);
        let at = At::new(&caller.scope, &caller.request, &effects).with_password(&input.password);
        let new = NewAccount {
            profile: input.profile,
            verified: None,
            how: How {
                provider: "password".to_owned(),
                proofs: vec![Proof::Password],
                client: input.client,
            },
        };
        match entry::sign_up(app, at, &caller.settings, new, |_, _| Ok(())).await? {
            SignedUp::In(granted) => Ok(*granted),
            SignedUp::Unconfirmed(_) => Err(Refusal::email_unverified().into()),
        }
    }
}
