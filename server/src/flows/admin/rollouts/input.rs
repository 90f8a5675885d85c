//! What a rollout is to be, as the client sends it.

use aerocall_api_types::{RolloutKey, RolloutKind, RolloutStop};
use serde_json::Value;

use crate::{
    base::{
        clock,
        error::{Refusal, Result},
        input::{Fields, Parsed, text},
        stored,
    },
    flows::{
        admin::deployments::{FORCE, expect, read_force},
        steps::endpoint::{Field, FieldKind},
    },
};

/// 30 days.
const LONGEST_MS: i64 = 30 * 86_400_000;

/// When nothing is said: a canary stops, a shadow harms nobody.
const DEFAULT_FAILURES: f64 = 1.0;
const DEFAULT_DENIALS: f64 = 3.0;
const DEFAULT_MIN_CALLS: u32 = 200;
const MOST_MIN_CALLS: u32 = 1_000_000;

pub(super) const FIELDS: &[Field] = &[
    Field::required(
        "kind",
        FieldKind::OneOf(&["shadow", "canary"]),
        "With `shadow`, the version is run beside the live one after the response, and its reply and its effects do not count. With `canary`, its reply and its effects count for a share of the calls.",
    ),
    Field::required(
        "version",
        FieldKind::Number(1, i32::MAX as i64),
        "Number of the version.",
    ),
    Field::optional(
        "share",
        FieldKind::Json(r#"{"type":"number","minimum":0.1,"maximum":100}"#),
        "Percentage of the calls that the version gets, to three decimals. Required for a canary; 100 for a shadow if omitted.",
    ),
    Field::optional(
        "stickyBy",
        FieldKind::OneOf(&["user", "ip"]),
        "Which calls get the same version: with `user`, the default, those about the same email address, or else the same user id, or else from the same IP address; with `ip`, those from the same IP address.",
    ),
    Field::required(
        "until",
        FieldKind::Json(r#"{"type":"string","format":"date-time"}"#),
        "When the rollout ends by itself, at most 30 days from now.",
    ),
    Field::optional(
        "stopIf",
        FieldKind::Json(
            r#"{"type":"object","additionalProperties":false,"properties":{"failures":{"type":["number","null"],"minimum":0,"maximum":100},"denials":{"type":["number","null"],"minimum":1,"maximum":1000},"minCalls":{"type":"integer","minimum":1,"maximum":1000000}}}"#,
        ),
        "When the rollout stops by itself: if more than `failures` percent of the version's calls failed, or if its calls were denied more than `denials` times as often as those of the live version and at least five were; in both cases not before it has had `minCalls` calls, and for denials not before the live version has had as many. `null` turns a rule off. A canary has 1, 3 and 200 if omitted; a shadow is not stopped.",
    ),
    Field::optional(
        "expect",
        FieldKind::Number(0, i32::MAX as i64),
        "Number of the deployment that is live; if it is another one, nothing is changed.",
    ),
    Field::optional(
        "force",
        FieldKind::Json(FORCE),
        "Starts a canary even if a gate of a deployment fails.",
    ),
];

/// What is asked for.
pub(crate) struct Input {
    pub(super) kind: RolloutKind,
    pub(super) version: i32,
    /// In thousandths of a percent.
    pub(super) share: i32,
    pub(super) key: RolloutKey,
    pub(super) until_ms: i64,
    pub(super) stop: RolloutStop,
    pub(super) expect: Option<i32>,
    pub(super) force: Option<String>,
}

impl Input {
    pub(super) fn read(fields: &mut Fields) -> Option<Self> {
        let kind = fields.required("kind", |value| word(value, "shadow or canary"));
        let version = fields.required("version", version);
        let share = fields.optional("share", share);
        let share = match (share, kind) {
            (None, Some(RolloutKind::Canary)) => {
                fields.missing(&["share"], "say how many percent of the calls the canary is to get");
                None
            }
            (None, _) => Some(100_000),
            (share, _) => share,
        };
        let key = fields.optional("stickyBy", |value| word(value, "user or ip"));
        let until_ms = fields.required("until", |value| {
            let ms = value.as_str().and_then(clock::parse_iso);
            ms.ok_or_else(|| "must be a time such as 2026-01-31T12:00:00Z (RFC 3339)".to_owned())
        });
        let is_canary = kind == Some(RolloutKind::Canary);
        let or = |given: Option<Option<f64>>, default: f64| given.unwrap_or(is_canary.then_some(default));
        let stop = fields.object("stopIf", |fields| RolloutStop {
            failures: or(fields.nullable("failures", number(0.0, 100.0)), DEFAULT_FAILURES),
            denials: or(fields.nullable("denials", number(1.0, 1_000.0)), DEFAULT_DENIALS),
            min_calls: fields.optional("minCalls", min_calls).unwrap_or(DEFAULT_MIN_CALLS),
        });
        let expect = fields.optional("expect", |value| expect(&value));
        let force = read_force(fields);
        Some(Self {
            kind: kind?,
            version: version?,
            share: share?,
            key: key.unwrap_or(RolloutKey::User),
            until_ms: until_ms?,
            stop,
            expect,
            force,
        })
    }

    /// Whether its end can be the end of a rollout that begins now.
    pub(super) fn check_end(&self, now_ms: i64) -> Result<()> {
        match self.until_ms - now_ms {
            1..=LONGEST_MS => Ok(()),
            ..=0 => Err(Refusal::invalid_field("until", "must not be over already").into()),
            _ => Err(Refusal::invalid_field("until", "must be at most 30 days from now").into()),
        }
    }
}

fn word<T: serde::de::DeserializeOwned>(value: Value, words: &str) -> Parsed<T> {
    stored::word(&text(value)?).map_err(|_| format!("must be {words}"))
}

fn version(value: Value) -> Parsed<i32> {
    let number = value.as_i64().and_then(|number| i32::try_from(number).ok());
    number
        .filter(|number| *number > 0)
        .ok_or_else(|| "must be the number of a version".to_owned())
}

fn share(value: Value) -> Parsed<i32> {
    let percent = number(0.1, 100.0)(value)?;
    Ok((percent * 1_000.0).round() as i32)
}

fn number(least: f64, most: f64) -> impl Fn(Value) -> Parsed<f64> {
    move |value| {
        let number = value.as_f64().filter(|number| (least..=most).contains(number));
        number.ok_or_else(|| format!("must be a number from {least} to {most}"))
    }
}

fn min_calls(value: Value) -> Parsed<u32> {
    let number = value.as_u64().and_then(|number| u32::try_from(number).ok());
    number
        .filter(|number| (1..=MOST_MIN_CALLS).contains(number))
        .ok_or_else(|| format!("must be a whole number from 1 to {MOST_MIN_CALLS}"))
}
