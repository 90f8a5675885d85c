//! Refuses sign-ups whose `client.data` is no profile; keeps what it is, with its types put right.

use aerocall_hooks::{Denial, JsonObject, RequestContext, Result, UserPatch, before_signup};
use serde_json::{Value, json};

fn invalid(field: &str, problem: &str) -> Denial {
    Denial::new("invalid_profile", format!("{field}: {problem}")).status(422)
}

fn company(data: &JsonObject) -> Result<String, Denial> {
    let company = data.get("company").and_then(Value::as_str).unwrap_or_default().trim();
    match company.chars().count() {
        2..=100 => Ok(company.to_owned()),
        _ => Err(invalid("company", "must have 2 to 100 characters")),
    }
}

/// A number, or a text that is one.
fn size(data: &JsonObject) -> Result<u64, Denial> {
    let size = match data.get("size") {
        Some(Value::String(text)) => text.trim().parse().ok(),
        Some(value) => value.as_u64(),
        None => None,
    };
    size.filter(|size| (1..=1_000_000).contains(size))
        .ok_or_else(|| invalid("size", "must be a whole number from 1 to 1,000,000"))
}

fn website(data: &JsonObject) -> Result<Option<&str>, Denial> {
    let Some(website) = data.get("website") else {
        return Ok(None);
    };
    let host = website.as_str().and_then(|url| url.strip_prefix("https://"));
    let is_host = |host: &str| host.starts_with(char::is_alphanumeric) && !host.contains(char::is_whitespace);
    match host.is_some_and(is_host) {
        true => Ok(website.as_str()),
        false => Err(invalid("website", "Invalid URL")),
    }
}

#[before_signup]
fn check(_context: &RequestContext, payload: before_signup::Payload) -> Result<before_signup::Reply> {
    let data = payload.client.data.unwrap_or_default();
    let mut profile = json!({ "company": company(&data)?, "size": size(&data)? });
    if let Some(website) = website(&data)? {
        profile["website"] = website.into();
    }
    Ok(before_signup::Reply::patch(
        UserPatch::new().metadata(json!({ "profile": profile })),
    ))
}
