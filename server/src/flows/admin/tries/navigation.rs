//! The requests that browsers go to: to an identity provider and back.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{
    answered::{self, Answered, Asked},
    input::Described,
};
use crate::{
    app::App,
    base::error::{Refusal, Result},
    flows::{
        auth::oauth::{self, Authorize, Callback, Leads},
        steps::endpoint::{Anybody, Flow},
    },
};

/// `GET /auth/oauth/{provider}/authorize`. The key says which project it is, and that is known here.
pub(super) async fn authorize(app: &App, mut asked: Asked) -> Answered {
    asked.described.query.retain(|(name, _)| name != "key");
    led::<Authorize>(app, asked).await
}

/// `GET /auth/oauth/callback`.
pub(super) async fn callback(app: &App, mut asked: Asked) -> Answered {
    let described = &mut asked.described;
    described
        .query
        .retain(|(name, _)| oauth::KNOWN.contains(&name.as_str()));
    let state = value(&described.query, "state");
    if oauth::scope_of_state(&state).as_ref() != Some(&asked.scope) {
        return Answered::error(&asked.meta.id, Refusal::invalid_code().into());
    }
    if let Some(browser) = cookie(described, &oauth::cookie_name(&state)) {
        described.query.push(("browser".to_owned(), browser));
    }
    led::<Callback>(app, asked).await
}

/// `POST /auth/oauth/callback`: a form, which is sent on to the address above.
pub(super) async fn callback_form(app: &App, asked: Asked) -> Answered {
    let redirected = || -> Result<String> {
        let sent: BTreeMap<String, String> = match &asked.described.body {
            Some(Value::Object(members)) => members
                .iter()
                .filter(|(name, _)| oauth::KNOWN.contains(&name.as_str()))
                .filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())))
                .collect(),
            _ => BTreeMap::new(),
        };
        oauth::scope_of_state(sent.get("state").map(String::as_str).unwrap_or_default())
            .ok_or_else(Refusal::invalid_code)?;
        Ok(oauth::callback_with(
            app,
            sent.iter().map(|(name, value)| (name, value.as_str())),
        ))
    };
    let id = asked.meta.id.clone();
    match redirected() {
        Ok(location) => empty(303).with("location", location),
        Err(error) => Answered::error(&id, error),
    }
    .with("x-request-id", id)
}

async fn led<F: Flow<Who = Anybody, Output = Leads>>(app: &App, asked: Asked) -> Answered {
    let id = asked.meta.id.clone();
    match Box::pin(answered::run::<F>(app, asked)).await {
        Ok(leads) => {
            let cookie = leads.cookie.line(&app.config.public_url);
            empty(302).with("location", leads.location).with("set-cookie", cookie)
        }
        Err(error) => Answered::error(&id, error),
    }
    .with("x-request-id", id)
}

fn empty(status: u16) -> Answered {
    Answered {
        status,
        headers: BTreeMap::new(),
        body: Value::Null,
    }
}

fn value(query: &[(String, String)], name: &str) -> String {
    let mut named = query.iter().filter(|(known, _)| known == name);
    named.next_back().map(|(_, value)| value.clone()).unwrap_or_default()
}

fn cookie(described: &Described, name: &str) -> Option<String> {
    let mut pairs = described
        .headers
        .get("cookie")?
        .split(';')
        .filter_map(|pair| pair.trim().split_once('='));
    pairs
        .find(|(known, _)| *known == name)
        .map(|(_, value)| value.to_owned())
}
