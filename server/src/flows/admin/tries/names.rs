//! Whom a request is about: every text in it that can name an account, a session or a token, in the forms in which the store
//! knows them.

use std::collections::BTreeSet;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::Value;

use super::input::Described;
use crate::{
    app::App,
    base::{
        crypto::secret,
        error::Refusal,
        ids::Scope,
        input::{Email, Phone},
    },
    flows::steps::one_time,
};

/// Texts of a request. None is left out: what a live test may touch is decided by them.
const MAX_TEXTS: usize = 2_000;

/// All of them.
///
/// # Errors
/// There are more than can be looked for.
pub(super) fn of(app: &App, scope: &Scope, described: &Described, ip: &str) -> Result<Vec<String>, Refusal> {
    let mut texts = BTreeSet::new();
    if let Some(body) = &described.body {
        collect(body, &mut texts);
    }
    texts.extend(described.query.iter().map(|(_, value)| value.clone()));
    texts.extend(described.parts.values().cloned());
    if let Some(claims) = described.bearer().and_then(claims) {
        collect(&claims["sub"], &mut texts);
        collect(&claims["sid"], &mut texts);
    }
    // As flows take them.
    let trimmed: Vec<String> = texts.iter().map(|text| text.trim().to_owned()).collect();
    texts.extend(trimmed);
    // A state is `project.environment.token`.
    let tokens: Vec<String> = texts
        .iter()
        .filter_map(|text| Some(text.rsplit_once('.')?.1.to_owned()))
        .collect();
    texts.extend(tokens);
    if texts.len() > MAX_TEXTS {
        let problem = format!("has more than {MAX_TEXTS} texts, too many to look for in a try");
        return Err(Refusal::invalid_field("body", problem));
    }
    let mut names = BTreeSet::new();
    for text in texts {
        let email = Email::of_account(Value::from(text.as_str())).ok();
        let phone = Phone::parse(Value::from(text.as_str())).ok();
        let mut subjects: Vec<String> = email.iter().flat_map(Email::keys).map(str::to_owned).collect();
        subjects.extend(phone.map(|phone| phone.as_str().to_owned()));
        subjects.extend(text.starts_with("usr_").then(|| text.clone()));
        for subject in subjects {
            names.extend(one_time::lookups_of(app, scope, &subject, ip));
            names.insert(subject);
        }
        names.insert(secret::fingerprint(&text));
        names.insert(text);
    }
    Ok(names.into_iter().collect())
}

/// What an access token says. Whether it is one is found out by the flow.
fn claims(token: &str) -> Option<Value> {
    let claims = URL_SAFE_NO_PAD.decode(token.split('.').nth(1)?).ok()?;
    serde_json::from_slice(&claims).ok()
}

fn collect(value: &Value, texts: &mut BTreeSet<String>) {
    match value {
        Value::String(text) if !text.is_empty() && !text.contains('\0') => drop(texts.insert(text.clone())),
        Value::Array(items) => items.iter().for_each(|item| collect(item, texts)),
        Value::Object(members) => members.values().for_each(|member| collect(member, texts)),
        _ => {}
    }
}
