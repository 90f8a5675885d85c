//! Lists: `limit` and `before` in the query, `next` in the answer, and what is shown of the rows.

use super::endpoint::{Field, FieldKind};
use crate::base::{
    error::Result,
    ids::Kind,
    input::{Fields, query},
};

const DEFAULT_LIMIT: i64 = 50;
const MAX_LIMIT: i64 = 200;

/// Which part of a list is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Page {
    limit: i64,
    /// The id of the last entry of the page before.
    pub(crate) before: Option<String>,
}

impl Page {
    /// How the parameter is described.
    pub(crate) const LIMIT: Field = Field::optional(
        "limit",
        FieldKind::Number(1, MAX_LIMIT),
        "Number of items per page; 50 if omitted.",
    );
    /// How the parameter is described.
    pub(crate) const BEFORE: Field = Field::optional(
        "before",
        FieldKind::Text(200),
        "Cursor: the id of the last item on the previous page.",
    );

    /// Of a list of that kind of entries.
    pub(crate) fn read(fields: &mut Fields, listed: Kind) -> Self {
        Self {
            limit: fields
                .optional("limit", query::whole(1, MAX_LIMIT))
                .unwrap_or(DEFAULT_LIMIT),
            before: fields.optional("before", query::id(listed)),
        }
    }

    /// Of a list whose cursor is another field.
    pub(crate) fn read_limit(fields: &mut Fields) -> Self {
        Self {
            limit: fields
                .optional("limit", query::whole(1, MAX_LIMIT))
                .unwrap_or(DEFAULT_LIMIT),
            before: None,
        }
    }

    /// How many rows to read: one more than are shown tells whether there is a next page.
    pub(crate) fn rows(&self) -> i64 {
        self.limit + 1
    }

    /// The rows that are shown, and what `before` is for the next page; `None` on the last one.
    pub(crate) fn cut<R>(&self, mut rows: Vec<R>, id: impl Fn(&R) -> &str) -> (Vec<R>, Option<String>) {
        let limit = usize::try_from(self.limit).unwrap_or_default();
        let has_more = rows.len() > limit;
        rows.truncate(limit);
        let next = rows.last().filter(|_| has_more).map(|row| id(row).to_owned());
        (rows, next)
    }
}

/// What a list shows of its rows. A row that cannot be read hides none of the others: it is left out, and the log says which.
pub(crate) fn readable<R, T>(rows: Vec<R>, id: impl Fn(&R) -> String, show: impl Fn(R) -> Result<T>) -> Vec<T> {
    let shown = |row: R| {
        let id = id(&row);
        show(row)
            .inspect_err(|error| {
                tracing::warn!(
                    id,
                    error = error.described(),
                    "a stored row cannot be read and is left out of a list"
                );
            })
            .ok()
    };
    rows.into_iter().filter_map(shown).collect()
}
