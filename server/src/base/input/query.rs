//! Parameters of a query: texts, each within its bounds.

use aerocall_contract::names;
use serde_json::Value;

use super::Parsed;
use crate::base::{
    clock,
    ids::{Kind, first_id, is_id},
};

const MAX_TEXT_BYTES: usize = 200;

/// A parameter as it is.
pub(crate) fn text(value: Value) -> Parsed<String> {
    match value {
        Value::String(text) if (1..=MAX_TEXT_BYTES).contains(&text.len()) && !text.contains('\0') => Ok(text),
        _ => Err(format!("must have 1 to {MAX_TEXT_BYTES} bytes")),
    }
}

/// The type of an event: nothing is ever found by another name.
pub(crate) fn event(value: Value) -> Parsed<String> {
    let text = text(value)?;
    match names::event(&text) {
        Ok(_) => Ok(text),
        Err(unknown) => Err(format!("must be an event type: {unknown}")),
    }
}

/// The id of something that was listed: with any other text a list would be empty or begin anywhere, without a word.
pub(crate) fn id(kind: Kind) -> impl Fn(Value) -> Parsed<String> {
    move |value| match text(value) {
        Ok(text) if is_id(kind, &text) => Ok(text),
        _ => Err(format!("must be an id such as {}", first_id(kind, 0))),
    }
}

/// A whole number between two others, both included.
pub(crate) fn whole(least: i64, most: i64) -> impl Fn(Value) -> Parsed<i64> {
    move |value| match value.as_str().and_then(|text| text.parse().ok()) {
        Some(number) if (least..=most).contains(&number) => Ok(number),
        _ => Err(format!("must be a whole number from {least} to {most}")),
    }
}

/// One of a few words.
pub(crate) fn one_of<T: Copy>(words: &[(&'static str, T)]) -> impl Fn(Value) -> Parsed<T> {
    move |value| {
        let text = text(value)?;
        let found = words.iter().find(|(word, _)| *word == text);
        found.map(|(_, meaning)| *meaning).ok_or_else(|| {
            let words: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            format!("must be one of {}", words.join(", "))
        })
    }
}

/// Some of a few words, with commas between them.
pub(crate) fn some_of<T: Copy>(words: &[(&'static str, T)]) -> impl Fn(Value) -> Parsed<Vec<T>> {
    move |value| {
        let text = text(value)?;
        let known = |word: &str| words.iter().find(|(known, _)| *known == word).map(|(_, value)| *value);
        let found: Option<Vec<T>> = text.split(',').filter(|word| !word.is_empty()).map(known).collect();
        found.ok_or_else(|| {
            let words: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            format!("must be some of {}, with commas between them", words.join(", "))
        })
    }
}

/// A point in time, in ms.
pub(crate) fn time(value: Value) -> Parsed<i64> {
    let ms = clock::parse_iso(&text(value)?);
    ms.ok_or_else(|| "must be a time such as 2026-01-31T12:00:00Z (RFC 3339)".to_owned())
}

/// `true` or `false`.
pub(crate) fn flag(value: Value) -> Parsed<bool> {
    one_of(&[("true", true), ("false", false)])(value)
}
