//! The code for whoever delivers it: the first script hook of the deployment that answers `auth.otp.send`, or else the first
//! webhook endpoint that asked for codes. It lies sealed beside the code's MAC, as long as the code works; the job's payload gets it when it runs and nothing keeps it.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};
use zeroize::Zeroizing;

use super::deliver::seal_name;
use crate::{
    app::App,
    base::{
        error::{Error, Result},
        event::EventKind,
        ids::Scope,
        input::Email,
    },
    flows::steps::one_time::{self, TokenPurpose},
};

/// What the job of an event runs with.
pub(crate) enum Relay {
    /// The event as it is.
    AsIs(String),
    /// With the code in it.
    WithCode { payload: String, code: Zeroizing<String> },
    /// The code works no more: there is nothing to deliver.
    Stale,
}

/// For every job; `hook`: whose it is, if it is of an event.
pub(crate) async fn relay(app: &App, scope: &Scope, event: &str, hook: Option<&str>, payload: String) -> Result<Relay> {
    let Some(hook) = hook.filter(|_| event == EventKind::OtpSend.as_str()) else {
        return Ok(Relay::AsIs(payload));
    };
    let mut document: Value =
        serde_json::from_str(&payload).map_err(|error| Error::unexpected("reading a stored event", error))?;
    let live = app.hooks.registry.live(scope);
    let is_first = live.is_some_and(|live| live.scripts(event).next().is_some_and(|first| first.name == hook));
    if document["data"]["delivery"] != "event" || !is_first {
        return Ok(Relay::AsIs(payload));
    }
    let Some(code) = opened(app, scope, &document).await? else {
        return Ok(Relay::Stale);
    };
    document["data"]["code"] = json!(code.as_str());
    Ok(Relay::WithCode {
        payload: document.to_string(),
        code,
    })
}

/// The code for a webhook endpoint, if this is the event of one that works still and the endpoint is the one that delivers it.
pub(crate) async fn code_for_webhook(
    app: &App,
    scope: &Scope,
    endpoint: &str,
    document: &Value,
) -> Result<Option<Zeroizing<String>>> {
    let is_meant = document["type"] == EventKind::OtpSend.as_str()
        && document["data"]["delivery"] == "webhook"
        && document["data"]["webhook"] == endpoint;
    match is_meant {
        true => opened(app, scope, document).await,
        false => Ok(None),
    }
}

async fn opened(app: &App, scope: &Scope, document: &Value) -> Result<Option<Zeroizing<String>>> {
    let (data, event_id) = (&document["data"], document["id"].as_str().unwrap_or_default());
    let to = data["to"].as_str().unwrap_or_default();
    let (purpose, subject) = match (data["purpose"].as_str(), data["channel"].as_str()) {
        (Some("verify_phone"), _) => (
            TokenPurpose::PhoneVerify,
            data["user"]["id"].as_str().unwrap_or_default().to_owned(),
        ),
        (_, Some("sms")) => (TokenPurpose::OtpSms, to.to_owned()),
        _ => {
            let normal = Email::parse(Value::from(to)).map(|email| email.normal().to_owned());
            (TokenPurpose::OtpEmail, normal.unwrap_or_default())
        }
    };
    let (owned, now_ms) = (scope.clone(), app.clock.now_ms());
    let lookup = one_time::lookup(app, scope, purpose, &subject);
    let kept = app
        .store
        .read(move |tx| tx.one_time_token(&owned, purpose.as_str(), &lookup, now_ms));
    let Some(row) = kept.await? else { return Ok(None) };
    let kept = one_time::data(&row)?;
    // A newer code has an event of its own.
    let (true, Some(sealed)) = (kept["event"] == event_id, kept["sealed"].as_str()) else {
        return Ok(None);
    };
    let sealed = STANDARD
        .decode(sealed)
        .map_err(|error| Error::unexpected("reading a sealed code", error))?;
    let opened = app.master.open(&sealed, &seal_name(scope, event_id))?;
    Ok(Some(Zeroizing::new(String::from_utf8_lossy(&opened).into_owned())))
}
