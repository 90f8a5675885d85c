//! `GET …/database/tables/{table}/rows`

use aerocall_api_types::{DatabaseRows, Permission};
use aerocall_contract::errors;

use super::{
    MAX_BYTES, TIME, cell,
    cursor::Cursor,
    look,
    select::{Filter, Order, Select, Selection},
    shape,
};
use crate::{
    app::App,
    base::{
        error::{Refusal, Result},
        input::{Fields, query},
    },
    domain::project::AuthSettings,
    flows::steps::endpoint::{Caller, Endpoint, EnvironmentAdmin, Field, FieldKind, Flow, environment},
    storage::tenant::{Part, Statement},
};

const MAX_ROWS: i64 = 200;
const USUAL_ROWS: u32 = 50;

/// Shows the rows of a table, page by page.
pub(crate) struct ListTableRows;

/// What the client sends.
pub(crate) struct Input {
    filters: Vec<Filter>,
    order: Order,
    after: Option<Cursor>,
    limit: u32,
}

impl Flow for ListTableRows {
    type Who = EnvironmentAdmin;
    type Input = Input;
    type Output = DatabaseRows;

    const NEEDS: Option<Permission> = Some(Permission::DataRead);
    const ENDPOINT: Endpoint = Endpoint::get(environment!("/database/tables/{table}/rows"), "List the rows of a table")
        .about("In the order of the primary key. A view, or on PostgreSQL a table without a primary key, has no order: its pages are those that the database happens to give, up to 100,000 rows. A page ends early where its rows would have more than 2 MiB. One statement of an admin runs at a time in an environment, for at most 5 seconds.")
        .fields(&[
            Field::optional("limit", FieldKind::Number(1, MAX_ROWS), "Rows per page; 50 if omitted."),
            Field::optional("after", FieldKind::Text(4_096), "`next` of the page before."),
            Field::optional("order", FieldKind::OneOf(&["asc", "desc"]), "By the primary key; `asc` if omitted."),
            Field::optional(
                "filter",
                FieldKind::Text(4_096),
                "Conditions that all hold, as a JSON list: `[{\"column\":\"state\",\"eq\":\"paid\"},{\"column\":\"name\",\"prefix\":\"A\"}]`; at most 8. `eq` with `null` finds what is not there.",
            ),
        ])
        .answers(
            200,
            "The rows.",
            r#"{"columns": ["id", "state", "note"], "rows": [[1, "paid", {"json": {"gift": true}}]], "next": null, "durationMs": 3}"#,
        )
        .errors(&[errors::QUERY_REFUSED, errors::BUSY]);

    fn read(fields: &mut Fields, _: &AuthSettings) -> Option<Input> {
        let order = [("asc", Order::Ascending), ("desc", Order::Descending)];
        let limit = fields.optional("limit", query::whole(1, MAX_ROWS));
        Some(Input {
            filters: fields.optional("filter", Filter::parse_list).unwrap_or_default(),
            order: fields.optional("order", query::one_of(&order)).unwrap_or_default(),
            after: fields.optional("after", Cursor::parse),
            limit: limit.and_then(|limit| u32::try_from(limit).ok()).unwrap_or(USUAL_ROWS),
        })
    }

    async fn run(app: &App, caller: &Caller<EnvironmentAdmin>, input: Input) -> Result<DatabaseRows> {
        let shape = shape(app, &caller.scope, caller.part("table")?).await?;
        let select = Selection {
            shape: &shape,
            filters: &input.filters,
            order: input.order,
            after: input.after.as_ref(),
            limit: input.limit + 1,
        };
        let Select {
            sql,
            params,
            key,
            offset,
        } = select.statement()?;
        let statement = Statement {
            sql,
            params,
            rows: input.limit,
            bytes: MAX_BYTES,
            time: TIME,
        };
        let begun = std::time::Instant::now();
        let part = look(app, &caller.scope, statement).await?;
        let mut page = page(part, key, offset)?;
        if page.columns.is_empty() {
            page.columns = shape.columns.into_iter().map(|column| column.name).collect();
        }
        page.duration_ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        Ok(page)
    }
}

/// Without the values of the key at the end of each row, of which the last ones are where the next page begins.
fn page(part: Part, key: usize, offset: u32) -> Result<DatabaseRows> {
    let Part { mut rows, is_cut } = part;
    if is_cut && rows.rows.is_empty() {
        let message =
            format!("The next row has more than {MAX_BYTES} bytes; select some of its columns with a statement");
        return Err(Refusal::new(errors::QUERY_REFUSED, message).into());
    }
    let shown = rows.columns.len().saturating_sub(key);
    let last = rows
        .rows
        .last()
        .map(|row| row.get(shown..).unwrap_or_default().to_vec());
    let count = u32::try_from(rows.rows.len()).unwrap_or(u32::MAX);
    let next = match key {
        0 => Some(Cursor::Rows(offset.saturating_add(count))),
        _ => last.map(Cursor::Key),
    };
    rows.columns.truncate(shown);
    for row in &mut rows.rows {
        row.truncate(shown);
    }
    Ok(DatabaseRows {
        columns: std::mem::take(&mut rows.columns),
        rows: cell::rows(rows),
        next: next.filter(|_| is_cut).and_then(|next| next.text()),
        duration_ms: 0,
    })
}
