//! `POST /admin/api/v1/password-reset`

use aerocall_api_types::Accepted;
use aerocall_contract::errors;
use serde_json::json;

use super::{Drawn, MAILED_LIFE_MS};
use crate::{
    app::App,
    base::{
        error::Result,
        input::{Email, Fields},
        request::RequestMeta,
    },
    domain::audit::{self, Action, Actor, AuditEntry, Place},
    flows::{
        admin::server_mail,
        steps::{
            endpoint::{Caller, Endpoint, Field, FieldKind, Flow, Method, Stranger},
            examples,
        },
    },
    security::person,
};

/// Mails a link with which the holder of an account chooses a new password.
pub(crate) struct RequestPasswordReset;

impl Flow for RequestPasswordReset {
    type Who = Stranger;
    type Input = Email;
    type Output = Accepted;

    const ENDPOINT: Endpoint = Endpoint::plain(Method::Post, "/admin/api/v1/password-reset", "Request a password reset for an account of an admin")
        .about("Mails a link to the account's address, by the mail server of the installation (`smtp.url`). It is good for an hour and once, and ends an earlier one. The answer is the same for an address without an account. Each address can try ten times per minute; each account gets as many mails per hour as a user of a project.")
        .fields(&[Field::required("email", FieldKind::Email, "The account's address.")])
        .example(r#"{"email":"ada@example.com"}"#)
        .answers(202, "If there is an account, its link is on its way.", examples::ACCEPTED)
        .errors(&[errors::NO_MAIL_SERVER, errors::RATE_LIMITED]);

    fn read(fields: &mut Fields, (): &()) -> Option<Email> {
        fields.required("email", Email::parse)
    }

    async fn run(app: &App, caller: &Caller<Stranger>, email: Email) -> Result<Accepted> {
        let otherwise =
            ". Ask an administrator for a link, or whoever runs the server: `aerocall admin reset-password`";
        server_mail::check(app, &caller.request, &email, otherwise).await?;
        // Not waited for: how long it takes would say whether there is an account.
        let (mailing, request) = (server_mail::Sender::of(app), caller.request.clone());
        tokio::spawn(async move {
            if let Err(error) = mailed(&mailing, &request, email).await {
                tracing::error!(
                    request_id = request.id,
                    error = error.described(),
                    "a password reset was not mailed"
                );
            }
        });
        Ok(Accepted::ANSWER)
    }
}

async fn mailed(mailing: &server_mail::Sender, request: &RequestMeta, email: Email) -> Result<()> {
    let now_ms = mailing.clock.now_ms();
    let (public_url, request) = (mailing.public_url.clone(), request.clone());
    let drawn = Drawn::new("password_reset".to_owned(), now_ms + MAILED_LIFE_MS)?;
    let made = mailing.store.write(move |tx| {
        let Some(account) = tx.admin_account_by_email(&email)? else {
            return Ok(None);
        };
        let made = drawn.keep(tx, &account, &public_url)?;
        let by = Actor::request(person::actor(&account.id), &request).account(&account.email, "password_reset");
        let entry = AuditEntry::new(Action::AdminPasswordResetCreated, &account.id);
        let entry = entry.with(json!({ "email": account.email, "expiresAt": made.expires_at, "mailed": true }));
        audit::record_at(tx, &Place::Server, &by, entry, now_ms)?;
        Ok(Some(made))
    });
    let Some(made) = made.await? else { return Ok(()) };
    let text = format!(
        "Somebody asked for a new password of the account {} on {}.\n\nChoose it here, within an hour:\n{}\n\nIf it was not you, there is nothing to do: your password is as it was.\n",
        made.email, mailing.public_url, made.link
    );
    mailing.send(&made.email, "Choose a new password", &text).await
}
