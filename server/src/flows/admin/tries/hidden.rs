//! What is left out of a request that is shown: passwords, tokens and codes. Of a live one, those of the response, too: they
//! work.

use std::collections::BTreeMap;

use serde_json::Value;

/// In the place of a secret.
const HIDDEN: &str = "[hidden]";

/// Members that hold secrets, wherever they are in a body.
const MEMBERS: &[&str] = &[
    "password",
    "current_password",
    "new_password",
    "token",
    "access_token",
    "refresh_token",
    "code",
    "recovery_code",
    "recovery_codes",
    "code_verifier",
    "secret",
    "uri",
    "otpauth_uri",
    "state",
    "link",
];
const HEADERS: &[&str] = &["authorization", "cookie", "set-cookie", "x-aerocall-key"];

pub(super) fn headers(headers: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    let shown = |(name, value): (&String, &String)| {
        let is_secret = HEADERS.contains(&name.as_str());
        (name.clone(), if is_secret { HIDDEN.to_owned() } else { value.clone() })
    };
    headers.iter().map(shown).collect()
}

pub(super) fn body(body: &Value) -> Value {
    match body {
        Value::Object(members) => {
            let shown = |(name, value): (&String, &Value)| {
                let is_secret = MEMBERS.contains(&name.as_str()) && (value.is_string() || value.is_array());
                (name.clone(), if is_secret { HIDDEN.into() } else { self::body(value) })
            };
            Value::Object(members.iter().map(shown).collect())
        }
        Value::Array(items) => items.iter().map(self::body).collect(),
        other => other.clone(),
    }
}

/// Of a live answer: what a redirect carries works, too.
pub(super) fn answer_headers(sent: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    let mut shown = headers(sent);
    if let Some(location) = shown.get_mut("location")
        && let Some((address, _)) = location.split_once(['?', '#'])
    {
        *location = format!("{address}?{HIDDEN}");
    }
    shown
}

/// Error codes stay: they are under `error`.
pub(super) fn answer(answer: &Value) -> Value {
    match answer.get("error") {
        Some(_) => answer.clone(),
        None => body(answer),
    }
}

pub(super) fn query(query: &[(String, String)]) -> Vec<(String, String)> {
    let shown = |(name, value): &(String, String)| {
        let is_secret = MEMBERS.contains(&name.as_str()) || name == "key";
        (name.clone(), if is_secret { HIDDEN.to_owned() } else { value.clone() })
    };
    query.iter().map(shown).collect()
}
