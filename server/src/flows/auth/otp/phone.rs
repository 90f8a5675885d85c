//! `POST /auth/phone/verify/send`

use aerocall_api_types::Accepted;
use aerocall_contract::errors;
use serde_json::{Map, Value, json};

use super::{
    channel::Recipient,
    deliver::{Code, Reaches, deliver},
};
use crate::{
    app::App,
    base::{
        error::{Problem, Refusal, Result},
        event::EventKind,
        input::{Fields, Phone},
    },
    domain::project::AuthSettings,
    flows::steps::{
        endpoint::{Answer, Caller, Endpoint, Field, FieldKind, Flow, Method, Rate},
        examples,
        one_time::TokenPurpose,
        session::{self, SignedIn},
    },
    hooks::{FlowContext, Step},
};

/// Asking for the code that confirms a number.
pub(crate) struct SendPhoneCode;

/// What the client sends.
#[derive(Debug)]
pub(crate) struct Input {
    phone: Option<Phone>,
    client: Map<String, Value>,
}

impl Flow for SendPhoneCode {
    type Who = SignedIn;
    type Input = Input;
    type Output = Accepted;

    const ENDPOINT: Endpoint = Endpoint {
        method: Method::Post,
        path: "/auth/phone/verify/send",
        summary: "Send a phone verification code",
        about: "Sends a code by text message to `phone`, or to the account's own number. The number is stored on the account when the code is verified. Needs a recent login, because a verified number can be used to log in. The code works once, for ten minutes and five attempts.",
        fields: &[
            Field::optional(
                "phone",
                FieldKind::Phone,
                "The number to verify; the account's own if omitted.",
            ),
            Field::CLIENT,
        ],
        example: r#"{"phone":"+4930123456"}"#,
        answer: Answer {
            status: 202,
            about: "Accepted. The code is being sent.",
            example: examples::ACCEPTED,
        },
        steps: &[Step::OtpSend],
        events: &[EventKind::OtpSend],
        errors: &[errors::RECENT_LOGIN_REQUIRED, errors::SMS_NOT_DELIVERABLE],
        rate: Rate::Secret,
    };

    fn read(fields: &mut Fields, _: &AuthSettings) -> Option<Input> {
        Some(Input {
            phone: fields.optional("phone", Phone::parse),
            client: session::read_client(fields),
        })
    }

    async fn run(app: &App, caller: &Caller<SignedIn>, input: Input) -> Result<Accepted> {
        caller.who.require_recent(&caller.settings, app.clock.now_ms())?;
        let user = caller.who.user.clone();
        let own = user
            .phone
            .clone()
            .and_then(|phone| Phone::parse(Value::from(phone)).ok());
        let phone = input.phone.or(own).ok_or_else(|| {
            Refusal::invalid_input(vec![Problem {
                field: "phone".to_owned(),
                problem: "is missing, and the account has none".to_owned(),
            }])
        })?;
        app.limits.sends(caller.claim(phone.as_str())).await?;
        let effects = app.hooks.platform.effects(&caller.scope, 0);
        let at = FlowContext::new(&caller.scope, &caller.request, &effects);
        let code = Code {
            purpose: TokenPurpose::PhoneVerify,
            subject: user.id.clone(),
            reaches: Reaches::Somebody,
            data: json!({ "to": phone.as_str() }),
            recipient: Recipient::Phone(phone),
            user: Some(user),
            client: input.client,
        };
        deliver(app, at, &caller.settings, code).await?;
        Ok(Accepted::ANSWER)
    }
}
