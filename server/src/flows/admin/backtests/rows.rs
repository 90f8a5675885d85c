//! `GET …/backtests/{backtest}/rows`

use aerocall_api_types::{BacktestRow, BacktestRowList, Permission};

use crate::{
    app::App,
    base::{
        error::{Error, Refusal, Result},
        input::{Fields, query},
    },
    domain::project::AuthSettings,
    flows::steps::{
        endpoint::{Caller, Endpoint, EnvironmentAdmin, Field, FieldKind, Flow, environment},
        page::{Page, readable},
    },
    storage::store::{BacktestRowFilter, BacktestRowRow},
};

const KINDS: &[&str] = &["same", "now_denied", "now_allowed", "new_failure", "other", "unknown"];
const DECISIONS: &[&str] = &["allow", "patch", "deny", "failure", "unknown"];

/// Lists the invocations of a backtest.
pub(crate) struct ListBacktestRows;

/// What is asked for.
pub(crate) struct Input {
    page: Page,
    filter: BacktestRowFilter,
}

impl Flow for ListBacktestRows {
    type Who = EnvironmentAdmin;
    type Input = Input;
    type Output = BacktestRowList;

    const NEEDS: Option<Permission> = Some(Permission::DataRead);
    const ENDPOINT: Endpoint = Endpoint::get(
        environment!("/backtests/{backtest}/rows"),
        "List the invocations of a backtest",
    )
    .fields(&[
        Page::LIMIT,
        Field::optional("kind", FieldKind::OneOf(KINDS), "Only invocations for which this changed."),
        Field::optional("from", FieldKind::OneOf(DECISIONS), "Only invocations with this decision then."),
        Field::optional("to", FieldKind::OneOf(DECISIONS), "Only invocations with this decision now."),
        Field::optional("after", FieldKind::Text(200), "Cursor: `next` of the previous page."),
    ])
    .answers(
        200,
        "The invocations, in the order in which they were run.",
        r#"{"rows": [{"id": "bkt_…/000017", "invocation": "inv_…", "point": "beforeSignup", "at": "2026-01-31T12:00:00.000Z", "kind": "now_denied", "from": "allow", "to": "deny", "verdict": "changed", "reason": null, "divergesAt": null, "code": "free_provider", "message": "Please use your work address", "error": null, "fuelBefore": 118000, "fuelAfter": 121000}], "next": null}"#,
    );

    fn read(fields: &mut Fields, _: &AuthSettings) -> Option<Input> {
        let page = Page::read_limit(fields);
        let word = |words: &'static [&'static str]| {
            move |value| {
                let text = query::text(value)?;
                match words.contains(&text.as_str()) {
                    true => Ok(text),
                    false => Err(format!("must be one of {}", words.join(", "))),
                }
            }
        };
        Some(Input {
            page,
            filter: BacktestRowFilter {
                kind: fields.optional("kind", word(KINDS)),
                from: fields.optional("from", word(DECISIONS)),
                to: fields.optional("to", word(DECISIONS)),
                after: fields.optional("after", query::text),
            },
        })
    }

    async fn run(app: &App, caller: &Caller<EnvironmentAdmin>, input: Input) -> Result<BacktestRowList> {
        let Input { page, filter } = input;
        let (scope, id, most) = (caller.scope.clone(), caller.part("backtest")?.to_owned(), page.rows());
        let found = app.store.read(move |tx| {
            Ok(match tx.backtest(&scope, &id)? {
                Some(_) => Some(tx.backtest_rows(&scope, &id, &filter, most)?),
                None => None,
            })
        });
        let rows = found.await?.ok_or_else(Refusal::not_found)?;
        let (rows, next) = page.cut(rows, |row| &row.id);
        Ok(BacktestRowList {
            rows: readable(rows, |row| row.id.clone(), row),
            next,
        })
    }
}

fn row(row: BacktestRowRow) -> Result<BacktestRow> {
    serde_json::from_str(&row.document).map_err(|error| Error::unexpected("reading a stored backtest", error))
}
