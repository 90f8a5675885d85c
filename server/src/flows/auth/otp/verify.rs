//! `POST /auth/otp/verify`

use aerocall_api_types::SignIn;
use aerocall_contract::errors;
use serde_json::{Map, Value, json};

use super::channel::{self, Recipient};
use crate::{
    app::App,
    base::{
        error::{Refusal, Result},
        event::{Event, EventKind},
        input::{Email, Fields, Phone},
    },
    domain::{
        project::AuthSettings,
        user::{self, Profile},
    },
    flows::steps::{
        endpoint::{Answer, Anybody, Caller, Endpoint, Field, FieldKind, Flow, Method, Rate},
        examples,
        mailbox::{self, MailboxOwner, Newcomers},
        one_time::{self, Typed},
        one_time_mail,
        session::{self, Proof},
        sign_in::{self, How},
    },
    hooks::{FlowContext, Payload, Step},
    storage::store::{OneTimeTokenRow, StoreError, Tx, UserRow},
};

/// Logging in with a code.
pub(crate) struct VerifyOtp;

/// What the client sends.
#[derive(Debug)]
pub(crate) struct Input {
    recipient: Recipient,
    code: String,
    client: Map<String, Value>,
}

impl Flow for VerifyOtp {
    type Who = Anybody;
    type Input = Input;
    type Output = SignIn;

    const ENDPOINT: Endpoint = Endpoint {
        method: Method::Post,
        path: "/auth/otp/verify",
        summary: "Verify a one-time code",
        about: "Logs in with the code. Creates the account if there is none and the code was requested with `create_user`. A code sent by mail also verifies the email address; if it was not verified before, everything that somebody else may have set up to log in with (password, sessions, second factors, phone number, identity providers) is removed. The code is used up by five wrong attempts.",
        fields: &[
            Field::required("channel", FieldKind::OneOf(&["email", "sms"]), "How the code was sent."),
            Field::optional(
                "email",
                FieldKind::Email,
                "Email address; required for channel `email`.",
            ),
            Field::optional("phone", FieldKind::Phone, "Phone number; required for channel `sms`."),
            Field::required("code", FieldKind::Code, "The six-digit code from the message."),
            Field::CLIENT,
        ],
        example: r#"{"channel":"email","email":"ada@example.com","code":"123456"}"#,
        answer: Answer {
            status: 200,
            about: "A session. If the account has a second factor: `mfa` with a challenge token for `POST /auth/mfa/verify`. If the project requires a second factor and the account has none: `mfa_enrollment` with a token for `POST /auth/mfa/enroll`.",
            example: examples::GRANTED,
        },
        steps: &[Step::OtpVerify, Step::Signup, Step::Login, Step::TokenIssue],
        events: &[
            EventKind::OtpVerified,
            EventKind::Signup,
            EventKind::Login,
            EventKind::EmailVerified,
            EventKind::MfaRemoved,
        ],
        errors: &[errors::INVALID_CODE, errors::NOT_ENABLED, errors::ACCOUNT_BANNED],
        rate: Rate::Secret,
    };

    fn read(fields: &mut Fields, _: &AuthSettings) -> Option<Input> {
        let recipient = Recipient::read(fields);
        let code = fields.required("code", channel::code);
        let client = session::read_client(fields);
        let (recipient, code) = recipient.zip(code)?;
        Some(Input {
            recipient,
            code,
            client,
        })
    }

    async fn run(app: &App, caller: &Caller<Anybody>, input: Input) -> Result<SignIn> {
        input.recipient.check(&caller.settings)?;
        let effects = app.hooks.platform.effects(&caller.scope, 0);
        let at = FlowContext::new(&caller.scope, &caller.request, &effects);
        let purpose = input.recipient.purpose();
        let (subject, ip) = (input.recipient.normal(), &caller.request.ip);
        let typed = Typed::at(app, at.scope, purpose, subject, &input.code, ip);
        let row = one_time::tried(app, at.scope, &typed).await?;
        let user = one_time_mail::by_id(app, at.scope, row.user_id.as_deref()).await?;
        let asked = payload(&input, user.as_ref())?;
        let asked = app.hooks.run(&at, Step::OtpVerify.before(), asked).await?;
        let change = match &user {
            Some(user) => one_time_mail::patched(user, &asked)?.map(|change| (user.id.clone(), change)),
            None => None,
        };
        let event = event(app, &input.recipient, user.as_ref())?;
        let (scope, now_ms) = (at.scope.clone(), app.clock.now_ms());
        let take = move |tx: &mut Tx<'_>| {
            typed.take(tx, &scope, now_ms)?.ok_or(StoreError::CodeSpent)?;
            if let Some((id, change)) = &change {
                tx.update_user(&scope, id, change, now_ms)?;
            }
            tx.insert_event(&scope, &event)
        };
        let how = How {
            provider: "otp".to_owned(),
            proofs: vec![Proof::Otp],
            client: input.client,
        };
        let newcomer = match &input.recipient {
            Recipient::Email(email) if row.user_id.is_none() => Some(email.clone()),
            _ => None,
        };
        let came = match input.recipient {
            Recipient::Email(email) => {
                let owner = owner(&row, email, how)?;
                Box::pin(mailbox::let_in(app, at, &caller.settings, owner, take)).await?
            }
            Recipient::Phone(phone) => by_phone(app, at, &caller.settings, user, phone, how, take).await?,
        };
        let verified = Payload {
            user: None,
            user_id: None,
            ..asked
        };
        let user = match &newcomer {
            Some(email) => one_time_mail::by_email(app, at.scope, email).await?,
            None => one_time_mail::by_id(app, at.scope, row.user_id.as_deref()).await?,
        };
        one_time_mail::after(app, at, Step::OtpVerify, user, verified).await?;
        Ok(came)
    }
}

fn payload(input: &Input, user: Option<&UserRow>) -> Result<Payload> {
    let payload = Payload {
        user_id: user.map(|user| user.id.clone()),
        user: user.map(Profile::of).transpose()?,
        client: input.client.clone(),
        ..Payload::default()
    };
    Ok(payload
        .with_fact("channel", json!(input.recipient.channel()))
        .with_fact("to", json!(input.recipient.to())))
}

fn event(app: &App, recipient: &Recipient, user: Option<&UserRow>) -> Result<Event> {
    let mut data = json!({ "channel": recipient.channel(), "to": recipient.to() });
    if let Some(user) = user {
        data["user"] = user::document(user)?;
    }
    let actor = user.map_or_else(|| "anonymous".to_owned(), session::actor);
    Ok(Event::new(EventKind::OtpVerified, actor, data, app.clock.now_ms()))
}

fn owner(row: &OneTimeTokenRow, email: Email, how: How) -> Result<MailboxOwner> {
    Ok(MailboxOwner {
        email,
        user_id: row.user_id.clone(),
        newcomers: Newcomers::of(&one_time::data(row)?["newcomers"]),
        how,
    })
}

/// The number must still be the account's, and confirmed.
async fn by_phone(
    app: &App,
    at: FlowContext<'_>,
    settings: &AuthSettings,
    user: Option<UserRow>,
    phone: Phone,
    how: How,
    take: impl FnOnce(&mut Tx<'_>) -> std::result::Result<(), StoreError> + Send + 'static,
) -> Result<SignIn> {
    let user = user.ok_or_else(Refusal::invalid_code)?;
    let also = move |tx: &mut Tx<'_>, current: &UserRow| {
        let is_theirs = current.phone.as_deref() == Some(phone.as_str()) && current.phone_verified_ms.is_some();
        match is_theirs {
            true => take(tx),
            false => Err(StoreError::CodeSpent),
        }
    };
    sign_in::log_in(app, at, settings, user, how, also).await
}
