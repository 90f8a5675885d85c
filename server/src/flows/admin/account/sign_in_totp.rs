//! `POST /admin/api/v1/session/totp`

use aerocall_api_types::AdminSignIn;
use aerocall_contract::errors;

use super::{
    begin::NewSession,
    check::{self, Shown},
};
use crate::{
    app::App,
    base::{
        crypto::secret,
        error::Result,
        input::{Fields, short_text},
    },
    flows::steps::{
        account_mail::MAX_TOKEN_CHARS,
        endpoint::{Caller, Endpoint, Field, FieldKind, Flow, Method, Stranger},
        session_cookie::WithCookie,
    },
};

/// Finishes a sign-in with a second factor.
pub(crate) struct SignInTotp;

/// What the client sends.
pub(crate) struct Input {
    ticket: String,
    shown: Shown,
}

/// How a second factor is shown.
pub(super) const FIELDS: [Field; 2] = [
    Field::optional(
        "code",
        FieldKind::Code,
        "The current six-digit code from the authenticator app.",
    ),
    Field::optional(
        "recoveryCode",
        FieldKind::Text(20),
        "One of the account's recovery codes, instead of `code`; it is used up.",
    ),
];

impl Flow for SignInTotp {
    type Who = Stranger;
    type Input = Input;
    type Output = WithCookie<AdminSignIn>;

    const ENDPOINT: Endpoint = Endpoint::plain(Method::Post, "/admin/api/v1/session/totp", "Sign in with a second factor")
        .about("Begins the session of a sign-in that has answered with a ticket. The ticket is good for five minutes, five attempts, and one session. One of `code` and `recoveryCode` is required. Each address can try ten times per minute.")
        .fields(&[
            Field::required("ticket", FieldKind::Token, "The ticket from the sign-in."),
            FIELDS[0],
            FIELDS[1],
        ])
        .example(r#"{"ticket":"tkt_…","code":"123456"}"#)
        .answers(
            200,
            "A session.",
            r#"{"state": "signed_in", "ticket": null, "csrfToken": "5f0c…", "expiresAt": "2026-02-07T12:00:00.000Z"}"#,
        )
        .errors(&[
            errors::INVALID_CODE,
            errors::INVALID_CREDENTIALS,
            errors::RATE_LIMITED,
            errors::CSRF_REFUSED,
        ]);

    fn read(fields: &mut Fields, (): &()) -> Option<Input> {
        let ticket = fields.required("ticket", short_text(MAX_TOKEN_CHARS));
        let shown = Shown::read(fields);
        let (ticket, shown) = ticket.zip(shown)?;
        Some(Input { ticket, shown })
    }

    async fn run(app: &App, caller: &Caller<Stranger>, input: Input) -> Result<WithCookie<AdminSignIn>> {
        let (hash, now_ms) = (secret::fingerprint(&input.ticket), app.clock.now_ms());
        let wanted = hash.clone();
        // Counted before the code is looked at, so that many at the same time are no more than many after each other.
        let account = app.store.write(move |tx| tx.try_admin_ticket(&wanted, now_ms)).await?;
        let account = account.ok_or_else(check::wrong_code)?;
        let right = check::second_factor(app, &caller.request, &account, &input.shown).await?;
        let methods = vec!["password", right.method()];
        let session = NewSession::new(&account, &caller.request, methods, now_ms)?;
        let kept = app.store.write(move |tx| {
            if !tx.take_admin_ticket(&hash, now_ms)? || !right.take(tx, &account.id)? {
                return Ok(Err(check::wrong_code()));
            }
            session.keep(tx, &account)?;
            Ok(Ok(session))
        });
        Ok(kept.await??.answer(app))
    }
}
