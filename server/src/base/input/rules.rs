//! Settings that say what input may be: switches, numbers in a range, what a chosen password must be.

use serde_json::Value;

use super::{Fields, Parsed};

/// A switch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Toggle {
    On,
    Off,
}

/// What a chosen password must be (NIST SP 800-63B-4, 3.1.1.2: length and lists, no composition).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PasswordRules {
    pub(crate) min_chars: usize,
    /// Refused if they are on the list of common ones.
    pub(crate) refuse_common: Toggle,
    /// Refused if Have I Been Pwned knows them; asked by the first five characters of a hash.
    pub(crate) refuse_breached: Toggle,
}

impl Toggle {
    pub(crate) fn is_on(self) -> bool {
        self == Self::On
    }

    pub(crate) fn parse(value: Value) -> Parsed<Self> {
        match value {
            Value::Bool(true) => Ok(Self::On),
            Value::Bool(false) => Ok(Self::Off),
            _ => Err("must be true or false".to_owned()),
        }
    }
}

impl PasswordRules {
    pub(crate) fn read(&self, fields: &mut Fields) -> Self {
        Self {
            min_chars: fields
                .optional("minChars", whole(8, 128))
                .and_then(|chars| usize::try_from(chars).ok())
                .unwrap_or(self.min_chars),
            refuse_common: fields
                .optional("refuseCommon", Toggle::parse)
                .unwrap_or(self.refuse_common),
            refuse_breached: fields
                .optional("refuseBreached", Toggle::parse)
                .unwrap_or(self.refuse_breached),
        }
    }
}

/// A whole number between two others, both included.
pub(crate) fn whole(least: i64, most: i64) -> impl Fn(Value) -> Parsed<i64> {
    move |value| match value.as_i64() {
        Some(number) if (least..=most).contains(&number) => Ok(number),
        _ => Err(format!("must be a whole number from {least} to {most}")),
    }
}
