//! Free-form documents that projects keep with a user.

use serde_json::{Map, Value};

use super::{Parsed, fields::kind};

const MAX_BYTES: usize = 16 << 10;
const MAX_LEVELS: usize = 16;

/// An object of at most 16 KiB and 16 levels.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Metadata(Map<String, Value>);

impl Metadata {
    pub(crate) fn parse(value: Value) -> Parsed<Self> {
        match value {
            Value::Object(object) => {
                within(&object, MAX_BYTES)?;
                Ok(Self(object))
            }
            other => Err(format!("must be an object, is {}", kind(&other))),
        }
    }

    /// What the store kept. It was checked when it was written.
    pub(crate) fn stored(text: &str) -> serde_json::Result<Self> {
        serde_json::from_str(text).map(Self)
    }

    /// With a patch merged in; what comes out is bounded like what goes in.
    pub(crate) fn patched(&self, patch: Value) -> Parsed<Self> {
        // Checked alone first: it says what kind of value it must be and bounds the depth of the merge.
        let patch = Self::parse(patch)?;
        let mut merged = self.0.clone();
        merge(&mut merged, &patch.0);
        Self::parse(Value::Object(merged))
    }

    pub(crate) fn as_map(&self) -> &Map<String, Value> {
        &self.0
    }

    pub(crate) fn to_text(&self) -> String {
        Value::Object(self.0.clone()).to_string()
    }
}

/// JSON Merge Patch (RFC 7396): objects merge, null removes, everything else replaces.
fn merge(target: &mut Map<String, Value>, patch: &Map<String, Value>) {
    for (name, value) in patch {
        match value {
            Value::Null => {
                target.remove(name);
            }
            Value::Object(fields) => {
                let inner = target.entry(name.clone()).or_insert_with(|| Value::Object(Map::new()));
                if !inner.is_object() {
                    *inner = Value::Object(Map::new());
                }
                if let Value::Object(inner) = inner {
                    merge(inner, fields);
                }
            }
            value => {
                target.insert(name.clone(), value.clone());
            }
        }
    }
}

/// Refuses an object that is too large, too deep, or holds NUL (PostgreSQL's `jsonb` cannot keep it).
pub(super) fn within(object: &Map<String, Value>, most_bytes: usize) -> Parsed<()> {
    for (name, value) in object {
        check(name, value, 1)?;
    }
    let bytes = serde_json::to_string(object).map_or(usize::MAX, |text| text.len());
    if bytes > most_bytes {
        return Err(format!("must have at most {most_bytes} bytes as JSON, has {bytes}"));
    }
    Ok(())
}

fn check(name: &str, value: &Value, level: usize) -> Parsed<()> {
    if level > MAX_LEVELS {
        return Err(format!("must have at most {MAX_LEVELS} levels"));
    }
    let nul = |text: &str| text.contains('\0');
    if nul(name) || value.as_str().is_some_and(nul) {
        return Err("must not contain the control character NUL".to_owned());
    }
    match value {
        Value::Array(items) => items.iter().try_for_each(|item| check("", item, level + 1)),
        Value::Object(object) => object
            .iter()
            .try_for_each(|(name, value)| check(name, value, level + 1)),
        _ => Ok(()),
    }
}
