//! `POST /auth/otp/send`

use aerocall_api_types::Accepted;
use aerocall_contract::errors;
use serde_json::{Map, Value, json};

use super::{
    channel::Recipient,
    deliver::{Code, Reaches, deliver},
};
use crate::{
    app::App,
    base::{error::Result, event::EventKind, ids::Scope, input::Fields},
    domain::project::AuthSettings,
    flows::steps::{
        endpoint::{Answer, Anybody, Caller, Endpoint, Field, FieldKind, Flow, Method, Rate},
        examples,
        mailbox::{Newcomers, read_newcomers},
        one_time_mail, session,
        timing::equalized,
    },
    hooks::{FlowContext, Step},
    storage::store::UserRow,
};

/// Asking for a code.
pub(crate) struct SendOtp;

/// What the client sends.
#[derive(Debug)]
pub(crate) struct Input {
    recipient: Recipient,
    newcomers: Newcomers,
    client: Map<String, Value>,
}

impl Flow for SendOtp {
    type Who = Anybody;
    type Input = Input;
    type Output = Accepted;

    const ENDPOINT: Endpoint = Endpoint {
        method: Method::Post,
        path: "/auth/otp/send",
        summary: "Send a one-time code",
        about: "Sends a six-digit login code by mail or text message. The code works once, for ten minutes and five attempts; a newer code replaces it. Text messages are sent only to verified numbers. The response and the time it takes are the same whether or not the account exists. Hooks run in both cases; if there is nobody to send a code to, their payload has `delivery: \"none\"` and no `code`.",
        fields: &[
            Field::required("channel", FieldKind::OneOf(&["email", "sms"]), "How the code is sent."),
            Field::optional(
                "email",
                FieldKind::Email,
                "Email address; required for channel `email`.",
            ),
            Field::optional("phone", FieldKind::Phone, "Phone number; required for channel `sms`."),
            Field::optional(
                "create_user",
                FieldKind::Flag,
                "Whether the code creates an account if there is none; only for channel `email`. `false` if omitted.",
            ),
            Field::CLIENT,
        ],
        example: r#"{"channel":"email","email":"ada@example.com"}"#,
        answer: Answer {
            status: 202,
            about: "Accepted. A code is sent if the recipient can log in.",
            example: examples::ACCEPTED,
        },
        steps: &[Step::OtpSend],
        events: &[EventKind::OtpSend],
        errors: &[errors::NOT_ENABLED, errors::SMS_NOT_DELIVERABLE],
        rate: Rate::Secret,
    };

    fn read(fields: &mut Fields, _: &AuthSettings) -> Option<Input> {
        let recipient = Recipient::read(fields);
        let newcomers = read_newcomers(fields);
        if matches!(recipient, Some(Recipient::Phone(_))) && newcomers == Newcomers::Welcome {
            fields.problem(
                "create_user",
                "requires an email address, because every account has one",
            );
        }
        let client = session::read_client(fields);
        Some(Input {
            recipient: recipient?,
            newcomers,
            client,
        })
    }

    async fn run(app: &App, caller: &Caller<Anybody>, input: Input) -> Result<Accepted> {
        input.recipient.check(&caller.settings)?;
        input.newcomers.check(&caller.settings)?;
        app.limits.sends(caller.claim(input.recipient.normal())).await?;
        equalized(send(app, caller, input)).await
    }
}

async fn send(app: &App, caller: &Caller<Anybody>, input: Input) -> Result<Accepted> {
    let effects = app.hooks.platform.effects(&caller.scope, 0);
    let at = FlowContext::new(&caller.scope, &caller.request, &effects);
    let user = user_of(app, at.scope, &input.recipient).await?;
    let code = Code {
        purpose: input.recipient.purpose(),
        subject: input.recipient.normal().to_owned(),
        reaches: match (&user, input.newcomers) {
            (None, Newcomers::Refused) => Reaches::Nobody,
            _ => Reaches::Somebody,
        },
        data: json!({ "to": input.recipient.to(), "newcomers": input.newcomers.as_str() }),
        recipient: input.recipient,
        user,
        client: input.client,
    };
    deliver(app, at, &caller.settings, code).await?;
    Ok(Accepted::ANSWER)
}

/// By address, or by confirmed number.
async fn user_of(app: &App, scope: &Scope, recipient: &Recipient) -> Result<Option<UserRow>> {
    match recipient {
        Recipient::Email(email) => one_time_mail::by_email(app, scope, email).await,
        Recipient::Phone(phone) => {
            let (scope, phone) = (scope.clone(), phone.clone());
            Ok(app.store.read(move |tx| tx.user_by_phone(&scope, &phone)).await?)
        }
    }
}
