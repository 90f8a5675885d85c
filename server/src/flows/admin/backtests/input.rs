//! What a backtest is to be run on, as the client sends it.

use serde_json::{Value, json};

use crate::{
    base::{
        clock,
        ids::HookName,
        input::{Fields, Parsed, short_text, text},
    },
    flows::steps::{
        endpoint::{Field, FieldKind},
        hook_target::Target,
    },
    storage::store::RecordedFilter,
};

const MAX_CALLS: i64 = 10_000;
const DEFAULT_CALLS: i64 = 1_000;

pub(super) const HOOK: Field = Field::required("hook", FieldKind::Text(64), "The hook.");
pub(super) const FILTER: Field = Field::optional(
    "filter",
    FieldKind::Json(
        r#"{"type":"object","additionalProperties":false,"properties":{"point":{"type":"string"},"outcome":{"type":"string"},"version":{"type":"integer","format":"int32"},"from":{"type":"string","format":"date-time"},"to":{"type":"string","format":"date-time"}}}"#,
    ),
    "Only recorded invocations at this hook point, with this outcome, of this version, since and before these times.",
);
pub(super) const LIMIT: Field = Field::optional(
    "limit",
    FieldKind::Number(1, MAX_CALLS),
    "Number of invocations, the newest first; 1,000 if omitted.",
);

/// What is asked for.
pub(crate) struct Input {
    pub(super) hook: HookName,
    pub(super) target: Target,
    pub(super) filter: RecordedFilter,
    pub(super) limit: i64,
}

impl Input {
    /// Without a target.
    pub(super) fn read(fields: &mut Fields) -> Option<Self> {
        let hook = fields.required("hook", |value| HookName::parse(&text(value)?));
        let limit = fields.optional("limit", limit).unwrap_or(DEFAULT_CALLS);
        let mut filter = fields.object("filter", |fields| RecordedFilter {
            hook: String::new(),
            point: fields.optional("point", short_text(200)),
            outcome: fields.optional("outcome", short_text(200)),
            version: fields.optional("version", version),
            from_ms: fields.optional("from", time),
            to_ms: fields.optional("to", time),
        });
        let hook = hook?;
        filter.hook = hook.to_string();
        Some(Self {
            hook,
            target: Target::default(),
            filter,
            limit,
        })
    }

    /// For the record of what was asked for.
    pub(super) fn document(&self) -> Value {
        json!({
            "target": self.target.to_json(), "limit": self.limit, "point": self.filter.point,
            "outcome": self.filter.outcome, "version": self.filter.version,
            "from": self.filter.from_ms.map(clock::iso), "to": self.filter.to_ms.map(clock::iso),
        })
    }
}

fn limit(value: Value) -> Parsed<i64> {
    let limit = value.as_i64().filter(|limit| (1..=MAX_CALLS).contains(limit));
    limit.ok_or_else(|| format!("must be a whole number from 1 to {MAX_CALLS}"))
}

fn version(value: Value) -> Parsed<i32> {
    let number = value.as_i64().and_then(|number| i32::try_from(number).ok());
    number.ok_or_else(|| "must be a whole number".to_owned())
}

fn time(value: Value) -> Parsed<i64> {
    let ms = value.as_str().and_then(clock::parse_iso);
    ms.ok_or_else(|| "must be a time such as 2026-01-31T12:00:00Z (RFC 3339)".to_owned())
}
