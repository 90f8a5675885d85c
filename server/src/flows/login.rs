//! `POST /auth/login`

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
    ids::Scope,
    input::{Email, Fields, Plaintext},
    password::Match,
    request::RequestMeta,
    store::{StoreError, UserRow},
    user::Profile,
};

/// What the client sends.
#[derive(Debug)]
pub(crate) struct Input {
    email: Email,
    password: Arc<Plaintext>,
    client: Map<String, Value>,
}

impl Input {
    pub(crate) fn read(body: Map<String, Value>) -> std::result::Result<Self, Refusal> {
        let mut fields = Fields::new(body);
        let email = fields.required("email", Email::parse);
        let password = fields.required("password", Plaintext::given);
        let client = session::read_client(&mut fields);
        fields.finish(email.zip(password).map(|(email, password)| Self {
            email,
            password: Arc::new(password),
            client,
        }))
    }
}

/// Lets a user in.
///
/// `beforeLogin` runs once the credentials were found right: see [`crate::hooks`].
pub(crate) async fn run(app: &App, scope: &Scope, request: &RequestMeta, input: Input) -> Result<Granted> {
    let effects = app.hooks.platform.effects(scope, 0);
    let at = At {
        scope,
        request,
        effects: &effects,
        password: &input.password,
    };
    let user = verified(app, scope, input.email, Arc::clone(&input.password)).await?;
    let payload = Payload::new(Some(user.id.clone()), Profile::of(&user)?, input.client);
    let payload = app.hooks.run(&at, Point::BeforeLogin, payload).await?;
    let entered = keep(app, at, user, &payload).await?;
    let entered = session::after(app, at, Point::AfterLogin, entered, payload).await?;
    session::grant(app, scope, entered).await
}

/// The user, if the password is theirs. Unknown user and wrong password have one answer and cost one hash each.
async fn verified(app: &App, scope: &Scope, email: Email, password: Arc<Plaintext>) -> Result<UserRow> {
    let wanted = scope.clone();
    let user = app.store.read(move |tx| tx.user_by_email(&wanted, &email)).await?;
    let stored = user.as_ref().map(|user| user.password_hash.as_str());
    match (app.passwords.verify(password, stored).await?, user) {
        (Match::Yes, Some(user)) => Ok(user),
        _ => Err(Refusal::invalid_credentials().into()),
    }
}

/// The one transaction: what before-hooks staged and changed of the user, session, event. The user is read again: between
/// the check and here, somebody may have changed the password or deleted the account.
async fn keep(app: &App, at: At<'_>, user: UserRow, payload: &Payload) -> Result<Entered> {
    let change = Profile::of(&user)?.change_to(&payload.user);
    let session = session::new_session(app, at.request, &payload.client, &user.id);
    let scope = at.scope.clone();
    commit(app, at, move |tx| {
        let current = tx
            .user(&scope, &user.id)?
            .filter(|current| current.password_hash == user.password_hash);
        let mut current = current.ok_or(StoreError::CredentialsChanged)?;
        if let Some(change) = &change
            && let Some(changed) = tx.update_user(&scope, &user.id, change, session.created_ms)?
        {
            current = changed;
        }
        session::issue_session(tx, &scope, EventKind::Login, current, &session)
    })
    .await
}
