//! `POST /auth/login`

use std::sync::Arc;

use aerocall_api_types::SignIn;
use aerocall_contract::errors::{self, Code};
use serde_json::{Map, Value, json};

use crate::{
    app::App,
    base::{
        error::{Error, Refusal, Result},
        event::{Event, EventKind},
        ids::Scope,
        input::{Email, Fields, Plaintext},
    },
    domain::project::AuthSettings,
    flows::steps::{
        endpoint::{Answer, Anybody, Caller, Endpoint, Field, FieldKind, Flow, Method, Rate},
        examples, lockout,
        session::{self, Proof},
        sign_in::{self, How},
    },
    hooks::{FlowContext, Step},
    security::password::Match,
    storage::store::{StoreError, Tx, UserRow},
};

/// Logging in with a password.
pub(crate) struct Login;

/// What the client sends.
#[derive(Debug)]
pub(crate) struct Input {
    email: Email,
    password: Arc<Plaintext>,
    client: Map<String, Value>,
}

impl Flow for Login {
    type Who = Anybody;
    type Input = Input;
    type Output = SignIn;

    const ENDPOINT: Endpoint = Endpoint {
        method: Method::Post,
        path: "/auth/login",
        summary: "Log in with a password",
        about: "Hooks run only after the password was verified, so they do not reveal whether a password is correct.",
        fields: &[
            Field::required(
                "email",
                FieldKind::Email,
                "Any spelling of the account's address: upper or lower case, the domain in Unicode or in ASCII.",
            ),
            Field::required("password", FieldKind::Password, "The account's password."),
            Field::CLIENT,
        ],
        example: r#"{"email":"ada@example.com","password":"correct horse battery"}"#,
        answer: Answer {
            status: 200,
            about: "A session. If the account has a second factor: `mfa` with a challenge token for `POST /auth/mfa/verify`. If the project requires a second factor and the account has none: `mfa_enrollment` with a token for `POST /auth/mfa/enroll`.",
            example: examples::GRANTED,
        },
        steps: &[Step::Login, Step::TokenIssue],
        events: &[EventKind::Login, EventKind::LoginFailed],
        errors: &[
            errors::INVALID_CREDENTIALS,
            errors::ACCOUNT_BANNED,
            errors::EMAIL_UNVERIFIED,
        ],
        rate: Rate::Secret,
    };

    fn read(fields: &mut Fields, _: &AuthSettings) -> Option<Input> {
        let email = fields.required("email", Email::of_account);
        let password = fields.required("password", Plaintext::given);
        let client = session::read_client(fields);
        let (email, password) = email.zip(password)?;
        Some(Input {
            email,
            password: Arc::new(password),
            client,
        })
    }

    async fn run(app: &App, caller: &Caller<Anybody>, input: Input) -> Result<SignIn> {
        let email = input.email.clone();
        let came = attempt(app, caller, input).await;
        if let Err(Error::Refused(refusal)) = &came
            && refusal.hook.is_none()
            && FAILURES.iter().any(|code| refusal.code == code.name)
        {
            record_failure(app, &caller.scope, &email, &refusal.code).await?;
        }
        came
    }
}

/// Refusals that are about the account or its password, and not about the request.
const FAILURES: [Code; 3] = [
    errors::INVALID_CREDENTIALS,
    errors::ACCOUNT_BANNED,
    errors::EMAIL_UNVERIFIED,
];

async fn attempt(app: &App, caller: &Caller<Anybody>, input: Input) -> Result<SignIn> {
    let effects = app.hooks.platform.effects(&caller.scope, 0);
    let at = FlowContext::new(&caller.scope, &caller.request, &effects).with_password(&input.password);
    let user = verified(app, caller, input.email, Arc::clone(&input.password)).await?;
    let how = How {
        provider: "password".to_owned(),
        proofs: vec![Proof::Password],
        client: input.client,
    };
    // Between the check and the commit, somebody may have changed the password.
    let checked = user.password_hash.clone();
    let unchanged = move |_: &mut Tx<'_>, current: &UserRow| match current.password_hash == checked {
        true => Ok(()),
        false => Err(StoreError::CredentialsChanged),
    };
    sign_in::log_in(app, at, &caller.settings, user, how, unchanged).await
}

/// The event has the address as it was sent, whether or not anybody has it; and it is written for both, so that the answers
/// take the same time.
async fn record_failure(app: &App, scope: &Scope, email: &Email, reason: &str) -> Result<()> {
    let data = json!({ "email": email.as_str(), "reason": reason });
    let event = Event::new(EventKind::LoginFailed, "anonymous".to_owned(), data, app.clock.now_ms());
    let scope = scope.clone();
    app.store.write(move |tx| tx.insert_event(&scope, &event)).await?;
    app.hooks.platform.events.notify_one();
    Ok(())
}

/// The user, if the password is theirs. Unknown user, wrong password and an account that waits have one answer and cost one
/// hash each.
async fn verified(app: &App, caller: &Caller<Anybody>, email: Email, password: Arc<Plaintext>) -> Result<UserRow> {
    let look = matched(app, &caller.scope, email.clone(), password);
    let guess = app.limits.guess(caller.claim(email.normal()), look).await?;
    let (scope, typed) = (caller.scope.clone(), email.clone());
    let account = move |tx: &mut Tx<'_>| {
        let user = tx.user_by_email(&scope, &typed)?;
        Ok(user.map_or_else(|| typed.normal().to_owned(), |user| user.id))
    };
    let user = lockout::checked(app, &caller.scope, &caller.request, guess, account).await?;
    Ok(user.ok_or_else(Refusal::invalid_credentials)?)
}

async fn matched(app: &App, scope: &Scope, email: Email, password: Arc<Plaintext>) -> Result<Option<UserRow>> {
    let wanted = scope.clone();
    let user = app.store.read(move |tx| tx.user_by_email(&wanted, &email)).await?;
    let stored = user.as_ref().and_then(|user| user.password_hash.as_deref());
    let matched = app.passwords.verify(password, stored).await?;
    Ok(user.filter(|_| matched == Match::Yes))
}
