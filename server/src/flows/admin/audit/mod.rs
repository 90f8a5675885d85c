//! The audit log of an environment and of the server.

mod list;
mod list_all;

use aerocall_api_types::AuditLog;

pub(crate) use list::ListAudit;
pub(crate) use list_all::ListAllAudit;

use crate::{
    app::App,
    base::{
        error::Result,
        ids::{Kind, Scope},
        input::{Fields, query},
    },
    domain::audit,
    flows::steps::{
        endpoint::{Field, FieldKind},
        page::{Page, readable},
    },
    storage::store::AuditFilter,
};

const FIELDS: &[Field] = &[
    Field::optional(
        "action",
        FieldKind::Text(200),
        "Only entries with this action, such as `user.banned`.",
    ),
    Field::optional(
        "actor",
        FieldKind::Text(200),
        "Only entries by this actor, such as `admin:adm_…`.",
    ),
    Field::optional(
        "target",
        FieldKind::Text(200),
        "Only entries about this target: an id or a name.",
    ),
    Field::optional(
        "from",
        FieldKind::TIME,
        "Only entries of this time (RFC 3339) or later.",
    ),
    Field::optional("to", FieldKind::TIME, "Only entries before this time (RFC 3339)."),
    Page::LIMIT,
    Page::BEFORE,
];

/// What is asked for.
pub(crate) struct Input {
    page: Page,
    filter: AuditFilter,
}

impl Input {
    fn read(fields: &mut Fields) -> Self {
        let page = Page::read(fields, Kind::Audit);
        let filter = AuditFilter {
            action: fields.optional("action", query::text),
            actor: fields.optional("actor", query::text),
            target: fields.optional("target", query::text),
            from_ms: fields.optional("from", query::time),
            to_ms: fields.optional("to", query::time),
            before: page.before.clone(),
        };
        Self { page, filter }
    }
}

/// Of the whole server if no scope is named.
async fn log(app: &App, scope: Option<Scope>, input: Input) -> Result<AuditLog> {
    let Input { page, filter } = input;
    let most = page.rows();
    let rows = app
        .store
        .read(move |tx| tx.audit(scope.as_ref(), &filter, most))
        .await?;
    let (rows, next) = page.cut(rows, |row| &row.id);
    let audit = readable(rows, |row| row.id.clone(), |row| audit::document(&row));
    Ok(AuditLog { audit, next })
}
