//! `POST /auth/email/verify`

use aerocall_api_types::Done;
use aerocall_contract::errors;
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
        endpoint::{Answer, Caller, Endpoint, Field, FieldKind, Flow, Method, Rate, Somebody},
        examples, one_time, one_time_mail,
        ownership::{Evidence, Owner},
        session, verification,
    },
    hooks::{FlowContext, Payload, Step},
    storage::store::StoreError,
};

/// Confirming an address.
pub(crate) struct VerifyEmail;

impl Flow for VerifyEmail {
    type Who = Somebody;
    type Input = String;
    type Output = Done;

    const ENDPOINT: Endpoint = Endpoint {
        method: Method::Post,
        path: "/auth/email/verify",
        summary: "Verify an email address",
        about: "Verifies the address with the token from the verification mail. Returns no session: the user logs in afterwards. Send the access token of the user who is signed in, if there is one: without it, second factors, a verified phone number, identities linked after the sign-up and a requested change of the address are removed from an account whose address was not verified before, because somebody else may have set them up. The password stays; if the mail was sent because of a later sign-up with the same address, the password of that sign-up replaces it and sessions are revoked.",
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
        steps: &[Step::EmailVerify],
        events: &[EventKind::EmailVerified, EventKind::MfaRemoved],
        errors: &[errors::INVALID_CODE, errors::INVALID_TOKEN, errors::ACCOUNT_BANNED],
        rate: Rate::Secret,
    };

    fn read(fields: &mut Fields, _: &AuthSettings) -> Option<String> {
        fields.required("token", short_text(MAX_TOKEN_CHARS))
    }

    async fn run(app: &App, caller: &Caller<Somebody>, token: String) -> Result<Done> {
        let effects = app.hooks.platform.effects(&caller.scope, 0);
        let at = FlowContext::new(&caller.scope, &caller.request, &effects);
        let (purpose, row) = verification::opened(app, at.scope, &token).await?;
        let user = one_time_mail::by_id(app, at.scope, row.user_id.as_deref()).await?;
        let user = user.ok_or_else(Refusal::invalid_code)?;
        let data = one_time::data(&row)?;
        let email = data["email"].as_str().unwrap_or_default().to_owned();
        let evidence = Evidence::of_link(&data).of(&caller.who, &user);
        let owner = Owner::new(app, at, &user.id, evidence);

        let payload = Payload::of_user(Some(user.id.clone()), Profile::of(&user)?, serde_json::Map::new())
            .with_fact("email", json!(email));
        let payload = app.hooks.run(&at, Step::EmailVerify.before(), payload).await?;
        let change = one_time_mail::patched(&user, &payload)?;
        let (scope, now_ms) = (at.scope.clone(), app.clock.now_ms());
        let (proof, before) = (owner.clone(), user.clone());
        let verified = commit(app, at, move |tx| {
            let current = tx.lock_user(&scope, &user.id)?.ok_or(StoreError::CodeSpent)?;
            one_time::take_link(tx, &scope, purpose, &token, now_ms)?.ok_or(StoreError::CodeSpent)?;
            if let Some(change) = &change {
                tx.update_user(&scope, &user.id, change, now_ms)?;
            }
            proof.verify(tx, &current, &email)?;
            tx.user(&scope, &user.id)?.ok_or(StoreError::CodeSpent)
        })
        .await?;
        owner.shown(app, at, &before).await?;
        session::after(app, at, Step::EmailVerify, verified, payload).await?;
        Ok(Done::ANSWER)
    }
}
