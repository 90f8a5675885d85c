//! `POST /auth/email/verify`

use aerocall_api_types::Done;
use serde_json::json;

use crate::{
    app::App,
    base::{
        error::{Refusal, Result},
        event::EventKind,
        input::{Fields, short_text},
    },
    domain::{project::AuthSettings, user::Profile},
    flows::steps::{
        account_mail::MAX_TOKEN_CHARS,
        commit::commit,
        endpoint::{Answer, Anybody, Caller, Endpoint, Field, FieldKind, Flow, Method, Rate},
        examples,
        one_time::{self, TokenPurpose},
        one_time_mail, session,
    },
    hooks::{FlowContext, Moment, Payload},
    storage::store::{StoreError, UserChange},
};

/// Confirming an address.
pub(crate) struct VerifyEmail;

impl Flow for VerifyEmail {
    type Who = Anybody;
    type Input = String;
    type Output = Done;

    const ENDPOINT: Endpoint = Endpoint {
        method: Method::Post,
        path: "/auth/email/verify",
        summary: "Verify an email address",
        about: "Verifies the address with the token from the verification mail. Returns no session: the user logs in afterwards.",
        fields: &[Field::required(
            "token",
            FieldKind::Token,
            "The token from the link in the mail.",
        )],
        example: r#"{"token":"ot_…"}"#,
        answer: Answer {
            status: 200,
            about: "The address is verified.",
            example: examples::DONE,
        },
        moments: &[Moment::EmailVerify],
        events: &[EventKind::EmailVerified],
        errors: &["invalid_code"],
        rate: Rate::Secret,
    };

    fn read(fields: &mut Fields, _: &AuthSettings) -> Option<String> {
        fields.required("token", short_text(MAX_TOKEN_CHARS))
    }

    async fn run(app: &App, caller: &Caller<Anybody>, token: String) -> Result<Done> {
        let effects = app.hooks.platform.effects(&caller.scope, 0);
        let at = FlowContext::new(&caller.scope, &caller.request, &effects);
        let row = one_time::found(app, at.scope, TokenPurpose::EmailVerify, &token).await?;
        let user = one_time_mail::by_id(app, at.scope, row.user_id.as_deref()).await?;
        let user = user.ok_or_else(Refusal::invalid_code)?;
        let email = one_time::data(&row)?["email"].as_str().unwrap_or_default().to_owned();

        let payload = Payload::of_user(Some(user.id.clone()), Profile::of(&user)?, serde_json::Map::new())
            .with_fact("email", json!(email));
        let payload = app.hooks.run(&at, Moment::EmailVerify.before(), payload).await?;
        let change = one_time_mail::patched(&user, &payload)?.unwrap_or_default();
        let (scope, now_ms) = (at.scope.clone(), app.clock.now_ms());
        let verified = commit(app, at, move |tx| {
            let current = tx.lock_user(&scope, &user.id)?.ok_or(StoreError::CodeSpent)?;
            one_time::take_link(tx, &scope, TokenPurpose::EmailVerify, &token, now_ms)?.ok_or(StoreError::CodeSpent)?;
            if !one_time_mail::same_address(&current.email, &email) {
                return Err(StoreError::CodeSpent);
            }
            let change = UserChange {
                email_verified_ms: Some(Some(now_ms)),
                ..change
            };
            let verified = tx.update_user(&scope, &user.id, &change, now_ms)?;
            let verified = verified.ok_or(StoreError::CodeSpent)?;
            tx.insert_event(&scope, &one_time_mail::verified_event(&verified, &email, now_ms)?)?;
            Ok(verified)
        })
        .await?;
        session::after(app, at, Moment::EmailVerify, verified, payload).await?;
        Ok(Done::ANSWER)
    }
}
