//! `POST /auth/register`

use std::sync::Arc;

use serde_json::{Map, Value};

use super::{
    commit::commit,
    session::{self, Entered, Granted},
};
use crate::{
    app::App,
    error::{Refusal, Result},
    events::EventKind,
    hooks::{At, Payload, Point},
    ids::{Kind, Scope, new_id},
    input::{Email, Fields, Metadata, PersonName, Phone, Plaintext},
    request::RequestMeta,
    store::NewUser,
    user::Profile,
};

/// What the client sends.
#[derive(Debug)]
pub(crate) struct Input {
    profile: Profile,
    password: Arc<Plaintext>,
    client: Map<String, Value>,
}

impl Input {
    pub(crate) fn read(body: Map<String, Value>) -> std::result::Result<Self, Refusal> {
        let mut fields = Fields::new(body);
        let email = fields.required("email", Email::parse);
        let password = fields.required("password", Plaintext::chosen);
        let name = fields.optional("name", PersonName::parse);
        let phone = fields.optional("phone", Phone::parse);
        let metadata = fields.optional("metadata", Metadata::parse).unwrap_or_default();
        let client = session::read_client(&mut fields);
        let public_metadata = Metadata::default();
        let read = email.zip(password).map(|(email, password)| Self {
            profile: Profile {
                email,
                phone,
                name,
                metadata,
                public_metadata,
            },
            password: Arc::new(password),
            client,
        });
        fields.finish(read)
    }
}

/// Signs a user up and lets them in.
///
/// An email that is taken is found out by the insert, after the hooks and the hash: the answer takes as long as that
/// of a fresh sign-up.
pub(crate) async fn run(app: &App, scope: &Scope, request: &RequestMeta, input: Input) -> Result<Granted> {
    let effects = app.hooks.platform.effects(scope, 0);
    let at = At {
        scope,
        request,
        effects: &effects,
        password: &input.password,
    };
    let payload = Payload::new(None, input.profile, input.client);
    let payload = app.hooks.run(&at, Point::BeforeSignup, payload).await?;
    let password_hash = app.passwords.hash(Arc::clone(&input.password)).await?;
    let entered = keep(app, at, &payload, password_hash).await?;
    let entered = session::after(app, at, Point::AfterSignup, entered, payload).await?;
    session::grant(app, scope, entered).await
}

/// The one transaction: what hooks staged, user, session, event.
async fn keep(app: &App, at: At<'_>, payload: &Payload, password_hash: String) -> Result<Entered> {
    let profile = payload.user.clone();
    let user = NewUser {
        id: new_id(Kind::User),
        email: profile.email,
        phone: profile.phone,
        name: profile.name,
        password_hash,
        metadata: profile.metadata,
        public_metadata: profile.public_metadata,
        created_ms: app.clock.now_ms(),
    };
    let session = session::new_session(app, at.request, &payload.client, &user.id);
    let scope = at.scope.clone();
    commit(app, at, move |tx| {
        let user = tx.insert_user(&scope, &user)?;
        session::issue_session(tx, &scope, EventKind::Signup, user, &session)
    })
    .await
}
