//! `POST /admin/api/v1/session`

use std::sync::Arc;

use aerocall_api_types::{AdminSignIn, AdminSignInState};
use aerocall_contract::errors;

use super::{begin::NewSession, check};
use crate::{
    app::App,
    base::{
        crypto::secret,
        error::Result,
        input::{Email, Fields, Plaintext},
    },
    flows::steps::{
        endpoint::{Caller, Endpoint, Field, FieldKind, Flow, Method, Stranger},
        session_cookie::{CookieChange, WithCookie},
    },
    storage::store::AdminAccountRow,
};

/// How long a code may take.
const TICKET_LIFE_MS: i64 = 5 * 60_000;
/// How many codes may be wrong.
const TICKET_ATTEMPTS: i32 = 5;

/// Begins a session with the password of an account.
pub(crate) struct SignIn;

/// What the client sends.
pub(crate) struct Input {
    email: Email,
    password: Arc<Plaintext>,
}

impl Flow for SignIn {
    type Who = Stranger;
    type Input = Input;
    type Output = WithCookie<AdminSignIn>;

    const ENDPOINT: Endpoint = Endpoint::plain(Method::Post, "/admin/api/v1/session", "Sign in")
        .about("Begins a session of an account and sets its cookie, `__Host-aerocall_admin` (HttpOnly, Secure, SameSite=Strict); or, if the account has an authenticator app, answers with a ticket for `POST /admin/api/v1/session/totp`. A session ends after 12 hours without use and after seven days. Unknown addresses and wrong passwords have one answer; too many of them lock the account for the addresses it was never used from. Each address can try ten times per minute.")
        .fields(&[
            Field::required("email", FieldKind::Email, "The account's address."),
            Field::required("password", FieldKind::Password, "The account's password."),
        ])
        .example(r#"{"email":"ada@example.com","password":"correct horse battery"}"#)
        .answers(
            200,
            "A session, or a ticket.",
            r#"{"state": "signed_in", "ticket": null, "csrfToken": "5f0c…", "expiresAt": "2026-02-07T12:00:00.000Z"}"#,
        )
        .errors(&[errors::INVALID_CREDENTIALS, errors::RATE_LIMITED, errors::CSRF_REFUSED]);

    fn read(fields: &mut Fields, (): &()) -> Option<Input> {
        let email = fields.required("email", Email::parse);
        let password = fields.required("password", Plaintext::given);
        let (email, password) = email.zip(password)?;
        Some(Input {
            email,
            password: Arc::new(password),
        })
    }

    async fn run(app: &App, caller: &Caller<Stranger>, input: Input) -> Result<WithCookie<AdminSignIn>> {
        let account = check::verified(app, &caller.request, &input.email, input.password).await?;
        if account.totp_sealed.is_some() {
            return ticket(app, account).await;
        }
        let session = NewSession::new(&account, &caller.request, vec!["password"], app.clock.now_ms())?;
        let kept = app.store.write(move |tx| {
            session.keep(tx, &account)?;
            Ok(session)
        });
        Ok(kept.await?.answer(app))
    }
}

async fn ticket(app: &App, account: AdminAccountRow) -> Result<WithCookie<AdminSignIn>> {
    let ticket = secret::new_key("tkt")?;
    let (hash, expires_ms) = (secret::fingerprint(&ticket), app.clock.now_ms() + TICKET_LIFE_MS);
    let kept = app
        .store
        .write(move |tx| tx.insert_admin_ticket(&account.id, &hash, TICKET_ATTEMPTS, expires_ms));
    kept.await?;
    Ok(WithCookie {
        document: AdminSignIn {
            state: AdminSignInState::Totp,
            ticket: Some(ticket),
            csrf_token: None,
            expires_at: None,
        },
        cookie: CookieChange::Kept,
    })
}
