//! `POST /auth/otp/send`

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
        mailbox::{Newcomers, read_newcomers},
        one_time_mail, session,
        timing::{Accepted, equalized},
    },
    hooks::{FlowContext, Moment},
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
        summary: "Ask for a code to log in",
        about: "Answered the same, and as fast, whether or not there is such an account. A text message goes to confirmed numbers alone. Hooks run for both; where there is nobody to one_time_mail, `delivery` is `none` and there is no `code`. The newest code is the one that works, for ten minutes and five attempts.",
        fields: &[
            Field::required(
                "channel",
                FieldKind::OneOf(&["email", "sms"]),
                "Which way the code goes.",
            ),
            Field::optional("email", FieldKind::Email, "For `email`."),
            Field::optional("phone", FieldKind::Phone, "For `sms`."),
            Field::optional(
                "create_user",
                FieldKind::Flag,
                "Whether the code makes an account where there is none; for `email` alone, false without it.",
            ),
            Field::CLIENT,
        ],
        example: r#"{"channel":"email","email":"ada@example.com"}"#,
        answer: Answer {
            status: 202,
            about: "If the recipient may log in, a code is on its way.",
            example: Accepted::EXAMPLE,
        },
        moments: &[Moment::OtpSend],
        events: &[EventKind::OtpSend],
        errors: &["not_enabled", "sms_not_deliverable"],
        rate: Rate::Secret,
    };

    fn read(fields: &mut Fields, _: &AuthSettings) -> Option<Input> {
        let recipient = Recipient::read(fields);
        let newcomers = read_newcomers(fields);
        if matches!(recipient, Some(Recipient::Phone(_))) && newcomers == Newcomers::Welcome {
            fields.problem("create_user", "needs an email address: accounts have one");
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
        app.limits
            .sends(&caller.scope, &caller.settings.limits, input.recipient.normal())
            .await?;
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
    Ok(Accepted::new())
}

/// Actor address, or by confirmed number.
async fn user_of(app: &App, scope: &Scope, recipient: &Recipient) -> Result<Option<UserRow>> {
    match recipient {
        Recipient::Email(email) => one_time_mail::by_email(app, scope, email).await,
        Recipient::Phone(phone) => {
            let (scope, phone) = (scope.clone(), phone.clone());
            Ok(app.store.read(move |tx| tx.user_by_phone(&scope, &phone)).await?)
        }
    }
}
