//! The statement for a page of rows. Names come from the catalog, values are parameters.

use aerocall_runtime::host::Value as Stored;
use serde_json::Value;

use super::{cell, cursor::Cursor};
use crate::{
    base::{
        error::{Refusal, Result},
        input::{Fields, Parsed, text},
    },
    storage::tenant::{Dialect, TableShape, quoted},
};

/// Conditions of one request.
const MAX_FILTERS: usize = 8;
const MAX_FILTER_BYTES: usize = 4_096;

/// Pages of what has no key: rows before a page are read, too.
const MAX_OFFSET: u32 = 100_000;

/// A condition on a column.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Filter {
    column: String,
    test: Test,
}

#[derive(Clone, Debug, PartialEq)]
enum Test {
    Equal(Stored),
    Begins(String),
}

/// In which order rows come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Order {
    #[default]
    Ascending,
    Descending,
}

/// What a page is made of.
pub(super) struct Selection<'s> {
    pub(super) shape: &'s TableShape,
    pub(super) filters: &'s [Filter],
    pub(super) order: Order,
    pub(super) after: Option<&'s Cursor>,
    pub(super) limit: u32,
}

/// A statement with its parameters; its rows end with so many values of the key.
#[derive(Debug, PartialEq)]
pub(super) struct Select {
    pub(super) sql: String,
    pub(super) params: Vec<Stored>,
    pub(super) key: usize,
    /// Rows before this page, where there is no key.
    pub(super) offset: u32,
}

impl Filter {
    /// `[{"column": "…", "eq": …}, {"column": "…", "prefix": "…"}]`
    pub(super) fn parse_list(value: Value) -> Parsed<Vec<Self>> {
        let text = text(value)?;
        if text.len() > MAX_FILTER_BYTES {
            return Err(format!("must have at most {MAX_FILTER_BYTES} bytes"));
        }
        let shape = || r#"must be a JSON list such as [{"column":"state","eq":"paid"},{"column":"name","prefix":"A"}]"#;
        let list: Vec<Value> = serde_json::from_str(&text).map_err(|_| shape().to_owned())?;
        if list.len() > MAX_FILTERS {
            return Err(format!("must have at most {MAX_FILTERS} conditions"));
        }
        let read = |value: Value| -> Option<Self> {
            let mut fields = match value {
                Value::Object(object) => Fields::new(object),
                _ => return None,
            };
            let column = fields.required("column", text_of);
            let test = match fields.has("prefix") {
                true => fields.required("prefix", text_of).map(Test::Begins),
                false => fields.required("eq", cell::parameter).map(Test::Equal),
            };
            let read = column.zip(test).map(|(column, test)| Self { column, test });
            fields.finish(read).ok()
        };
        list.into_iter()
            .map(|value| read(value).ok_or_else(|| shape().to_owned()))
            .collect()
    }
}

fn text_of(value: Value) -> Parsed<String> {
    text(value)
}

impl Selection<'_> {
    /// # Errors
    /// A filter names a column that there is not, or the cursor is of another table.
    pub(super) fn statement(&self) -> Result<Select> {
        let key = self.key();
        let mut columns: Vec<String> = self.shape.columns.iter().map(|column| self.shown(column)).collect();
        let shown = key.iter().zip(1..);
        columns.extend(shown.map(|(column, number)| format!("{} AS \"(key {number})\"", self.key_shown(column))));
        let mut params = Vec::new();
        let mut conditions = self.conditions(&mut params)?;
        let mut offset = 0;
        match (self.after, key.is_empty()) {
            (None, _) => {}
            (Some(Cursor::Key(values)), false) if values.len() == key.len() => {
                let marks: Vec<&str> = key.iter().map(|_| "?").collect();
                let sign = if self.order == Order::Ascending { ">" } else { "<" };
                conditions.push(format!("({}) {sign} ({})", key.join(", "), marks.join(", ")));
                params.extend(values.iter().cloned());
            }
            (Some(Cursor::Rows(rows)), true) if *rows <= MAX_OFFSET => offset = *rows,
            _ => return Err(Refusal::invalid_field("after", "must be `next` of the page before").into()),
        }
        let mut sql = format!("SELECT {} FROM {}", columns.join(", "), quoted(&self.shape.table.name));
        if !conditions.is_empty() {
            sql.push_str(" WHERE ");
            sql.push_str(&conditions.join(" AND "));
        }
        if !key.is_empty() {
            let end = if self.order == Order::Ascending { "" } else { " DESC" };
            let by: Vec<String> = key.iter().map(|column| format!("{column}{end}")).collect();
            sql.push_str(" ORDER BY ");
            sql.push_str(&by.join(", "));
        }
        sql.push_str(&format!(" LIMIT {}", self.limit));
        if offset > 0 {
            sql.push_str(&format!(" OFFSET {offset}"));
        }
        Ok(Select {
            sql,
            params,
            key: key.len(),
            offset,
        })
    }

    /// Columns that a page is ordered by, with their table: a name alone could be that of a column of the answer.
    fn key(&self) -> Vec<String> {
        let table = quoted(&self.shape.table.name);
        let of_table = |name: &str| format!("{table}.{name}");
        let key: Vec<String> = self
            .shape
            .key()
            .iter()
            .map(|column| of_table(&quoted(&column.name)))
            .collect();
        match key.is_empty() && self.shape.has_row_ids {
            true => vec![of_table("rowid")],
            false => key,
        }
    }

    fn shown(&self, column: &crate::storage::tenant::Column) -> String {
        let name = quoted(&column.name);
        match column.is_read_as_text {
            true => format!("CAST({name} AS text) AS {name}"),
            false => name,
        }
    }

    /// As it can be sent back: nothing of it is rounded or written in another way.
    fn key_shown(&self, column: &str) -> String {
        match self.shape.dialect {
            // An expression has no declared type, so that the value comes as it is stored.
            Dialect::Sqlite => format!("+{column}"),
            Dialect::Postgres => format!("CAST({column} AS text)"),
        }
    }

    fn conditions(&self, params: &mut Vec<Stored>) -> Result<Vec<String>> {
        let mut conditions = Vec::with_capacity(self.filters.len() + 1);
        for Filter { column, test } in self.filters {
            if !self.shape.columns.iter().any(|known| known.name == *column) {
                let problem = format!("there is no column {column} in this table");
                return Err(Refusal::invalid_field("filter", problem).into());
            }
            let column = quoted(column);
            conditions.push(match (test, self.shape.dialect) {
                (Test::Equal(Stored::Null), _) => format!("{column} IS NULL"),
                (Test::Equal(value), _) => {
                    params.push(value.clone());
                    format!("{column} = ?")
                }
                // An index of SQLite helps a range, and none helps LIKE; of PostgreSQL it is the other way round.
                (Test::Begins(text), Dialect::Sqlite) => {
                    params.push(Stored::Text(text.clone()));
                    params.push(Stored::Text(format!("{text}\u{10ffff}")));
                    format!("{column} >= ? AND {column} < ?")
                }
                (Test::Begins(text), Dialect::Postgres) => {
                    params.push(Stored::Text(begins(text)));
                    format!("CAST({column} AS text) LIKE ?")
                }
            });
        }
        Ok(conditions)
    }
}

/// For LIKE: what begins with the text, whose own signs mean themselves.
fn begins(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len() + 1);
    for c in text.chars() {
        if matches!(c, '\\' | '%' | '_') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}
