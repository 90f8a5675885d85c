//! `POST /auth/phone/verify`

use aerocall_api_types::Done;
use aerocall_contract::errors;
use serde_json::{Map, Value, json};

use super::channel;
use crate::{
    app::App,
    base::{
        error::{Refusal, Result},
        event::{Event, EventKind},
        input::{Fields, Phone},
    },
    domain::{
        project::AuthSettings,
        user::{self, Profile},
    },
    flows::steps::{
        commit::commit,
        endpoint::{Answer, Caller, Endpoint, Field, FieldKind, Flow, Method, Rate},
        examples,
        one_time::{self, TokenPurpose, Typed},
        one_time_mail,
        session::{self, SignedIn},
    },
    hooks::{FlowContext, Payload, Step},
    storage::store::{StoreError, UserChange},
};

/// Confirming a number.
pub(crate) struct VerifyPhone;

/// What the client sends.
#[derive(Debug)]
pub(crate) struct Input {
    code: String,
    client: Map<String, Value>,
}

impl Flow for VerifyPhone {
    type Who = SignedIn;
    type Input = Input;
    type Output = Done;

    const ENDPOINT: Endpoint = Endpoint {
        method: Method::Post,
        path: "/auth/phone/verify",
        summary: "Verify a phone number",
        about: "Verifies the number with the code from the text message and stores it on the account. The code is used up by five wrong attempts.",
        fields: &[
            Field::required("code", FieldKind::Code, "The six-digit code from the message."),
            Field::CLIENT,
        ],
        example: r#"{"code":"123456"}"#,
        answer: Answer {
            status: 200,
            about: "The number is verified.",
            example: examples::DONE,
        },
        steps: &[Step::OtpVerify],
        events: &[EventKind::OtpVerified, EventKind::UserUpdated],
        errors: &[errors::INVALID_CODE, errors::PHONE_TAKEN],
        rate: Rate::Secret,
    };

    fn read(fields: &mut Fields, _: &AuthSettings) -> Option<Input> {
        let code = fields.required("code", channel::code);
        let client = session::read_client(fields);
        Some(Input { code: code?, client })
    }

    async fn run(app: &App, caller: &Caller<SignedIn>, input: Input) -> Result<Done> {
        let user = caller.who.user.clone();
        let effects = app.hooks.platform.effects(&caller.scope, 0);
        let at = FlowContext::new(&caller.scope, &caller.request, &effects);
        let typed = Typed::new(app, at.scope, TokenPurpose::PhoneVerify, &user.id, &input.code);
        let row = one_time::tried(app, at.scope, &typed).await?;
        let phone = Phone::parse(one_time::data(&row)?["to"].take()).map_err(|_| Refusal::invalid_code())?;

        let payload = Payload::of_user(Some(user.id.clone()), Profile::of(&user)?, input.client)
            .with_fact("channel", json!("sms"))
            .with_fact("to", json!(phone.as_str()));
        let payload = app.hooks.run(&at, Step::OtpVerify.before(), payload).await?;
        let change = one_time_mail::patched(&user, &payload)?.unwrap_or_default();
        let (scope, now_ms) = (at.scope.clone(), app.clock.now_ms());
        let verified = commit(app, at, move |tx| {
            tx.lock_user(&scope, &user.id)?.ok_or(StoreError::CodeSpent)?;
            typed.take(tx, &scope, now_ms)?.ok_or(StoreError::CodeSpent)?;
            let change = UserChange {
                phone: Some(Some(phone.clone())),
                phone_verified_ms: Some(Some(now_ms)),
                ..change
            };
            let verified = tx.update_user(&scope, &user.id, &change, now_ms)?;
            let verified = verified.ok_or(StoreError::CodeSpent)?;
            let document =
                user::document(&verified).map_err(|_| StoreError::Inconsistent("the user cannot be read back"))?;
            let data = json!({ "user": document, "channel": "sms", "to": phone.as_str() });
            let actor = session::actor(&verified);
            tx.insert_event(&scope, &Event::new(EventKind::OtpVerified, actor.clone(), data, now_ms))?;
            tx.insert_event(
                &scope,
                &session::event(EventKind::UserUpdated, actor, &verified, None, now_ms)?,
            )?;
            Ok(verified)
        })
        .await?;
        session::after(app, at, Step::OtpVerify, verified, payload).await?;
        Ok(Done::ANSWER)
    }
}
