//! `POST …/users`

use std::sync::Arc;

use aerocall_api_types::{Permission, UserEnvelope};
use aerocall_contract::errors;
use serde_json::Map;

use super::{Confirmed, EMAIL_VERIFIED, EXAMPLE, METADATA, NAME, PHONE, PUBLIC_METADATA, confirmed, envelope};
use crate::{
    app::App,
    base::{
        error::Result,
        event::EventKind,
        input::{Email, Fields, Metadata, PersonName, Phone, Plaintext},
    },
    domain::{audit::Action, project::AuthSettings, user::Profile},
    flows::steps::{
        accounts::noted,
        endpoint::{Caller, Endpoint, EnvironmentAdmin, Field, FieldKind, Flow, Method, environment},
        session::Proof,
        sign_in::How,
        sign_up::{self, NewAccount},
    },
    hooks::{FlowContext, Step},
};

/// Creates an account that nobody is signed in to. The hooks of a sign-up run.
pub(crate) struct CreateUser;

/// What the client sends.
pub(crate) struct Input {
    profile: Profile,
    password: Option<Arc<Plaintext>>,
    email: Confirmed,
}

impl Flow for CreateUser {
    type Who = EnvironmentAdmin;
    type Input = Input;
    type Output = UserEnvelope;

    const NEEDS: Option<Permission> = Some(Permission::DataWrite);
    const ENDPOINT: Endpoint = Endpoint::plain(Method::Post, environment!("/users"), "Create a user")
        .about("Creates no session. Runs the signup hooks with `provider` set to `admin`.")
        .fields(&[
            Field::required("email", FieldKind::Email, "Identifies the account."),
            Field::optional(
                "password",
                FieldKind::Password,
                "Must follow the project's password rules. Without a password the user logs in by another method.",
            ),
            EMAIL_VERIFIED,
            NAME,
            PHONE,
            METADATA,
            PUBLIC_METADATA,
        ])
        .example(r#"{"email":"ada@example.com","emailVerified":true}"#)
        .answers(201, "The user.", EXAMPLE)
        .steps(&[Step::Signup])
        .events(&[EventKind::Signup])
        .errors(&[errors::EMAIL_TAKEN]);

    fn read(fields: &mut Fields, settings: &AuthSettings) -> Option<Input> {
        let email = fields.required("email", Email::parse);
        let password = fields.optional("password", |value| Plaintext::chosen(value, &settings.password));
        let confirmed = fields.optional("emailVerified", confirmed).unwrap_or(Confirmed::No);
        let name = fields.optional("name", PersonName::parse);
        let phone = fields.optional("phone", Phone::parse);
        let metadata = fields.optional("metadata", Metadata::parse).unwrap_or_default();
        let public_metadata = fields.optional("publicMetadata", Metadata::parse).unwrap_or_default();
        email.map(|email| Input {
            profile: Profile {
                email,
                phone,
                name,
                metadata,
                public_metadata,
            },
            password: password.map(Arc::new),
            email: confirmed,
        })
    }

    async fn run(app: &App, caller: &Caller<EnvironmentAdmin>, input: Input) -> Result<UserEnvelope> {
        let effects = app.hooks.platform.effects(&caller.scope, 0);
        let at = FlowContext::new(&caller.scope, &caller.request, &effects);
        let at = match &input.password {
            Some(password) => at.with_password(password),
            None => at,
        };
        let account = NewAccount {
            verified: (input.email == Confirmed::Yes).then(|| input.profile.email.clone()),
            profile: input.profile,
            how: How {
                provider: "admin".to_owned(),
                proofs: vec![Proof::Admin],
                client: Map::new(),
            },
        };
        let by = caller.actor();
        let recorded = noted(Action::UserCreated, &caller.scope, &by, app.clock.now_ms());
        let user = sign_up::make_account(app, at, account, by.actor, recorded).await?;
        envelope(&user, app.clock.now_ms())
    }
}
