//! Where a page of rows ends. Clients send it back as it is; whatever they make of it, it stays a value in a statement.

use aerocall_runtime::host::Value as Stored;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::base::input::{Parsed, text};

/// Longer keys have no next page.
const MAX_BYTES: usize = 4_096;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Cursor {
    /// The key of the last row.
    Key(Vec<Stored>),
    /// So many rows: of what has no key.
    Rows(u32),
}

impl Cursor {
    pub(super) fn parse(value: Value) -> Parsed<Self> {
        let wrong = || "must be `next` of the page before".to_owned();
        let text = text(value)?;
        if text.len() > MAX_BYTES {
            return Err(wrong());
        }
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| wrong())?;
        serde_json::from_slice(&bytes).map_err(|_| wrong())
    }

    /// `None`: it is too long.
    pub(super) fn text(&self) -> Option<String> {
        let text = URL_SAFE_NO_PAD.encode(serde_json::to_vec(self).ok()?);
        (text.len() <= MAX_BYTES).then_some(text)
    }
}
