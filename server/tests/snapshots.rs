//! Whole answers as text, for `insta::assert_snapshot!`: what differs from run to run is masked by its form, wherever it is.
//! To change one, run its test: it shows the difference; with `cargo insta` installed, `cargo insta review` writes it.

use serde_json::{Map, Value};

use crate::site::Answer;

/// Status and document of an answer.
pub(crate) fn shown(answer: &Answer) -> String {
    format!("{} {}", answer.status, document(&answer.json))
}

/// A document.
pub(crate) fn document(value: &Value) -> String {
    serde_json::to_string_pretty(&masked(value)).unwrap()
}

fn masked(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let masked = members.iter().map(|(name, value)| (name.clone(), masked(value)));
            Value::Object(masked.collect::<Map<_, _>>())
        }
        Value::Array(items) => items.iter().map(masked).collect(),
        Value::String(text) => mask(text).unwrap_or_else(|| text.clone()).into(),
        other => other.clone(),
    }
}

/// What a text is, if it differs from run to run.
fn mask(text: &str) -> Option<String> {
    if is_time(text) {
        return Some("[time]".to_owned());
    }
    if text.starts_with("ey") && text.split('.').count() == 3 {
        return Some("[jwt]".to_owned());
    }
    // The version of the client of these tests.
    if text.starts_with("ureq/") {
        return Some("ureq/[…]".to_owned());
    }
    // Actors: `admin:adm_…`.
    if let Some((what, id)) = text.split_once(':') {
        return mask(id).map(|id| format!("{what}:{id}"));
    }
    // Ids and keys: `usr_…`, `pk_…`.
    let (kind, rest) = text.split_once('_')?;
    let is_kind = (2..=4).contains(&kind.len()) && kind.bytes().all(|byte| byte.is_ascii_lowercase());
    let is_random = rest.len() >= 20
        && rest
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
    (is_kind && is_random).then(|| format!("{kind}_[…]"))
}

/// `2026-01-31T12:00:00.000Z`
fn is_time(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    text.len() == 24 && digits == 17 && text.as_bytes()[10] == b'T' && text.ends_with('Z')
}

#[test]
fn what_differs_from_run_to_run_is_masked_and_nothing_else() {
    let given = serde_json::json!({
        "id": "usr_0198f2c6c1a87d2e9f0a", "at": "2026-01-31T12:00:00.000Z", "token": "eyJh.eyJi.c2ln",
        "actor": "admin:adm_0198f2c6c1a87d2e9f0a",
        "kept": ["admin", "signing_key.rotated", "2026-01-31", "pk_", "usr_ada", 7, true, null],
    });
    insta::assert_snapshot!(document(&given), @r#"
    {
      "id": "usr_[…]",
      "at": "[time]",
      "token": "[jwt]",
      "actor": "admin:adm_[…]",
      "kept": [
        "admin",
        "signing_key.rotated",
        "2026-01-31",
        "pk_",
        "usr_ada",
        7,
        true,
        null
      ]
    }
    "#);
}
