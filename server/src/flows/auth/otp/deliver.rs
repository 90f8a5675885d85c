//! One code: made, shown to the hooks before it is sent, delivered by exactly one path, kept as a MAC. The paths: the
//! hook at `beforeOtpSend` has delivered it; the server's mail; the first script hook on `auth.otp.send`, or else the first
//! webhook endpoint that asked for codes, which get the code from where it lies sealed (`relay`). The code is in no event,
//! record or log.

use aerocall_contract::errors;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Map, Value, json};

use super::channel::Recipient;
use crate::{
    app::App,
    base::{
        error::{Refusal, Result},
        event::{Event, EventKind},
        ids::Scope,
    },
    domain::{
        project::AuthSettings,
        user::{self, Profile},
    },
    flows::steps::{
        account_mail::{self, AccountMail, MailData},
        commit::commit,
        one_time::{self, Made, TokenPurpose},
        one_time_mail,
    },
    hooks::{Delivery, FlowContext, Payload, Step},
    outbound::webhooks::{Codes, Filter},
    storage::store::{NewMail, UserRow},
};

/// A code that is to be sent.
pub(super) struct Code {
    pub(super) purpose: TokenPurpose,
    pub(super) recipient: Recipient,
    /// What it is kept under: the recipient, or the user who confirms a number.
    pub(super) subject: String,
    pub(super) user: Option<UserRow>,
    pub(super) reaches: Reaches,
    pub(super) data: Value,
    pub(super) client: Map<String, Value>,
}

/// Whether somebody gets the code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reaches {
    Somebody,
    /// There is no such account; all else is as if there were.
    Nobody,
}

/// Which way it went.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Path {
    Nowhere,
    Hook,
    Mail,
    Event,
    /// The id of the endpoint.
    Webhook(String),
}

impl Path {
    fn as_str(&self) -> &'static str {
        match self {
            Self::Nowhere => "none",
            Self::Hook => "hook",
            Self::Mail => "server",
            Self::Event => "event",
            Self::Webhook(_) => "webhook",
        }
    }
}

/// Hooks → path → one transaction → hooks.
pub(super) async fn deliver(app: &App, at: FlowContext<'_>, settings: &AuthSettings, code: Code) -> Result<()> {
    let user_id = code.user.as_ref().map(|user| user.id.clone());
    let made = one_time::code(app, at.scope, code.purpose, &code.subject, user_id, &code.data)?;
    let shown = payload(&code)?;
    let before = match code.reaches {
        Reaches::Somebody => shown.clone().with_fact("code", json!(made.text)),
        Reaches::Nobody => shown,
    };
    let before = Payload {
        delivery: Some(match code.reaches {
            Reaches::Somebody => Delivery::Server,
            Reaches::Nobody => Delivery::Nobody,
        }),
        ..before
    };
    let with_code = at.with_code(&made.text);
    let mut payload = app.hooks.run(&with_code, Step::OtpSend.before(), before).await?;
    payload.facts.remove("code");
    let path = path(app, at.scope, &code, payload.delivery).await?;
    let mail = match (&path, &code.recipient) {
        (Path::Mail, Recipient::Email(_)) => Some(mail(app, at.scope, settings, &code, &made).await?),
        _ => None,
    };
    keep(app, at, &code, made, path, mail, &payload).await?;
    app.hooks.platform.wake();
    one_time_mail::after(app, at, Step::OtpSend, code.user, payload).await
}

fn payload(code: &Code) -> Result<Payload> {
    let payload = Payload {
        user_id: code.user.as_ref().map(|user| user.id.clone()),
        user: code.user.as_ref().map(Profile::of).transpose()?,
        client: code.client.clone(),
        ..Payload::default()
    };
    Ok(payload
        .with_fact("channel", json!(code.recipient.channel()))
        .with_fact("to", json!(code.recipient.to())))
}

/// Who delivers. A text message that nobody can deliver is refused before anything is kept.
async fn path(app: &App, scope: &Scope, code: &Code, delivery: Option<Delivery>) -> Result<Path> {
    let live = app.hooks.registry.live(scope);
    let has_script = live
        .as_ref()
        .is_some_and(|live| live.scripts(EventKind::OtpSend.as_str()).next().is_some());
    let has_hook = live
        .as_ref()
        .is_some_and(|live| live.at(Step::OtpSend.before()).next().is_some());
    let is_sms = matches!(code.recipient, Recipient::Phone(_));
    let webhook = match is_sms && !has_script {
        true => webhook(app, scope, code).await?,
        false => None,
    };
    match delivery {
        Some(Delivery::Hook) => Ok(Path::Hook),
        // What a hook would have done for a number that is known cannot be known; one that is there counts.
        Some(Delivery::Nobody) if is_sms && !has_script && !has_hook && webhook.is_none() => {
            Err(undeliverable().into())
        }
        Some(Delivery::Nobody) => Ok(Path::Nowhere),
        _ if !is_sms => Ok(Path::Mail),
        _ if has_script => Ok(Path::Event),
        _ => Ok(webhook.map(Path::Webhook).ok_or_else(undeliverable)?),
    }
}

/// The first enabled endpoint that asked for codes and wants this event.
async fn webhook(app: &App, scope: &Scope, code: &Code) -> Result<Option<String>> {
    let owned = scope.clone();
    let endpoints = app.store.read(move |tx| tx.endpoints(&owned)).await?;
    let event = json!({ "type": EventKind::OtpSend.as_str(), "data": data(code)? });
    for row in endpoints {
        let filter = Filter::of(&row)?;
        let asks = row.is_enabled() && Codes::of(&row) == Codes::Included;
        if asks && filter.wants(EventKind::OtpSend.as_str(), &event) {
            return Ok(Some(row.id));
        }
    }
    Ok(None)
}

fn undeliverable() -> Refusal {
    Refusal::new(
        errors::SMS_NOT_DELIVERABLE,
        "Text messages cannot be delivered in this project: it needs a hook at beforeOtpSend, a script hook on auth.otp.send, or a webhook endpoint with codes included",
    )
}

async fn mail(app: &App, scope: &Scope, settings: &AuthSettings, code: &Code, made: &Made) -> Result<NewMail> {
    let Recipient::Email(email) = &code.recipient else {
        return Err(undeliverable().into());
    };
    // To the address as the account has it, not as it was typed.
    let own = code.user.as_ref().map(Profile::of).transpose()?;
    let to = own.as_ref().map_or(email, |own| &own.email);
    let data = MailData {
        code: Some(&made.text),
        life_s: code.purpose.life_s(),
        ..MailData::default()
    };
    account_mail::write(app, scope, settings, AccountMail::Otp, to, data).await
}

async fn keep(
    app: &App,
    at: FlowContext<'_>,
    code: &Code,
    made: Made,
    path: Path,
    mail: Option<NewMail>,
    payload: &Payload,
) -> Result<()> {
    let now_ms = app.clock.now_ms();
    let event = (path != Path::Nowhere)
        .then(|| event(code, &path, now_ms))
        .transpose()?;
    let mut row = made.row;
    if let (Path::Event | Path::Webhook(_), Some(event)) = (&path, &event) {
        let sealed = app.master.seal(made.text.as_bytes(), &seal_name(at.scope, &event.id))?;
        let mut data = code.data.clone();
        data["event"] = json!(event.id);
        data["sealed"] = json!(STANDARD.encode(sealed));
        row.data = data.to_string();
    }
    let rows = match code.purpose {
        // The user who is signed in is the only one who asks for it.
        TokenPurpose::PhoneVerify => vec![row],
        _ => one_time::at_sender(app, at.scope, row, &code.subject, &at.request.ip)?.into(),
    };
    let change = match &code.user {
        Some(user) => one_time_mail::patched(user, payload)?.map(|change| (user.id.clone(), change)),
        None => None,
    };
    let scope = at.scope.clone();
    commit(app, at, move |tx| {
        if let Some((id, change)) = &change {
            tx.update_user(&scope, id, change, now_ms)?;
        }
        rows.iter().try_for_each(|row| tx.put_one_time_token(&scope, row))?;
        mail.iter().try_for_each(|mail| tx.insert_mail(&scope, mail))?;
        event.iter().try_for_each(|event| tx.insert_event(&scope, event))
    })
    .await
}

/// `auth.otp.send`, without the code. `delivery` says whose turn it is: `event` means the first script hook's, `webhook` the
/// endpoint's that `webhook` names.
fn event(code: &Code, path: &Path, now_ms: i64) -> Result<Event> {
    let mut data = data(code)?;
    data["delivery"] = path.as_str().into();
    if let Path::Webhook(endpoint) = path {
        data["webhook"] = endpoint.as_str().into();
    }
    Ok(Event::new(EventKind::OtpSend, "anonymous".to_owned(), data, now_ms))
}

fn data(code: &Code) -> Result<Value> {
    let mut data = json!({
        "channel": code.recipient.channel(),
        "to": code.recipient.to(),
        "purpose": match code.purpose {
            TokenPurpose::PhoneVerify => "verify_phone",
            _ => "login",
        },
    });
    if let Some(user) = &code.user {
        data["user"] = user::document(user)?;
    }
    Ok(data)
}

/// Where the sealed code of an event belongs.
pub(super) fn seal_name(scope: &Scope, event_id: &str) -> String {
    format!("otp/{scope}/{event_id}")
}
