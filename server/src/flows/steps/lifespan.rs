//! How long keys and tokens are valid: when a new one ends, and how one takes the place of another.

use serde_json::{Value, json};

use super::endpoint::{Field, FieldKind};
use crate::base::{
    clock,
    error::{Refusal, Result},
    input::{Fields, Parsed, text, whole},
};

const SECOND_MS: i64 = 1_000;
/// The most that an old key or token stays valid beside the new one.
const MAX_OVERLAP_S: i64 = 30 * 86_400;

/// When something new ends, as it was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Expiry {
    /// When it is revoked.
    Never,
    /// At this time.
    At(i64),
}

impl Expiry {
    /// How the field is described.
    pub(crate) const FIELD: Field = Field::optional(
        "expiresAt",
        FieldKind::Json(r#"{"type":"string","format":"date-time"}"#),
        "When it stops working, in the future (RFC 3339); it works until it is revoked if omitted.",
    );

    pub(crate) fn read(fields: &mut Fields) -> Self {
        fields.optional("expiresAt", time).map_or(Self::Never, Self::At)
    }

    /// The time, if there is one.
    ///
    /// # Errors
    /// It is past.
    pub(crate) fn at(self, now_ms: i64) -> Result<Option<i64>> {
        match self {
            Self::Never => Ok(None),
            Self::At(at_ms) if at_ms > now_ms => Ok(Some(at_ms)),
            Self::At(_) => Err(Refusal::invalid_field("expiresAt", "must be in the future").into()),
        }
    }
}

fn time(value: Value) -> Parsed<i64> {
    clock::parse_iso(&text(value)?).ok_or_else(|| "must be a time such as 2026-01-31T12:00:00Z".to_owned())
}

/// How a new key or token takes the place of an old one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Rotation {
    overlap_s: i64,
}

impl Rotation {
    /// How the field is described.
    pub(crate) const FIELDS: &'static [Field] = &[Field::optional(
        "overlapSeconds",
        FieldKind::Number(0, MAX_OVERLAP_S),
        "How long the old one stays valid, in seconds; it stops working at once if omitted.",
    )];

    pub(crate) fn read(fields: &mut Fields) -> Self {
        let overlap_s = fields.optional("overlapSeconds", whole(0, MAX_OVERLAP_S));
        Self {
            overlap_s: overlap_s.unwrap_or(0),
        }
    }

    /// The old one stays valid for so many seconds.
    pub(crate) fn overlapping(seconds: u32) -> Self {
        Self {
            overlap_s: i64::from(seconds).min(MAX_OVERLAP_S),
        }
    }

    /// When the old one ends.
    pub(crate) fn ends_ms(self, now_ms: i64) -> i64 {
        now_ms + self.overlap_s * SECOND_MS
    }

    /// When the new one ends: it has as long as the old one had.
    pub(crate) fn expires_ms(self, created_ms: i64, expires_ms: Option<i64>, now_ms: i64) -> Option<i64> {
        expires_ms.map(|expires_ms| now_ms + (expires_ms - created_ms))
    }

    /// For the audit log.
    pub(crate) fn audit_data(self, new_id: &str, name: &str) -> Value {
        json!({ "name": name, "new": new_id, "overlapSeconds": self.overlap_s })
    }
}
