//! Migrations of a project's own database: sent with a deployment, applied before it, and listed.

mod list;

use aerocall_api_types::Migration as Document;
use aerocall_contract::errors;

pub(crate) use list::ListMigrations;

use crate::{
    app::App,
    base::{
        clock,
        error::{Error, Problem, Refusal, Result},
        ids::Scope,
        input::{Fields, Parsed, text},
    },
    storage::tenant::{Applied, Migration, MigrationFault, check_name, check_sql},
};

const MAX_MIGRATIONS: usize = 200;

/// `migrations: [{ name, sql }]`, which may be missing, in the order of their names.
pub(super) fn read(fields: &mut Fields) -> Option<Vec<Migration>> {
    let migrations = fields.optional_list("migrations", MAX_MIGRATIONS, read_one)?;
    if !migrations.is_sorted_by(|one, next| one.name < next.name) {
        fields.problem("migrations", "must be sorted by name, without duplicates");
        return None;
    }
    Some(migrations)
}

fn read_one(fields: &mut Fields) -> Option<Migration> {
    let checked = |value, check: fn(&str) -> Parsed<()>| {
        let text = text(value)?;
        check(&text).map(|()| text)
    };
    let name = fields.required("name", |value| checked(value, check_name));
    let sql = fields.required("sql", |value| checked(value, check_sql));
    name.zip(sql).map(|(name, sql)| Migration { name, sql })
}

/// Applies what is pending, all of it or nothing; answers the names.
pub(super) async fn apply(app: &App, scope: &Scope, migrations: Vec<Migration>) -> Result<Vec<String>> {
    let applied = app
        .hooks
        .platform
        .tenants
        .migrate(scope, migrations)
        .await
        .map_err(refused)?;
    Ok(applied.into_iter().map(|one| one.name).collect())
}

pub(super) fn refused(fault: MigrationFault) -> Error {
    let refusal_of = |code, message, name: &str, problem| {
        let details = vec![Problem {
            field: format!("migrations.{name}"),
            problem,
        }];
        Error::from(Refusal {
            details,
            ..Refusal::new(code, message)
        })
    };
    match fault {
        MigrationFault::Refused {
            name,
            statement,
            problem,
        } => {
            let message = "A migration failed, so nothing was applied; see details";
            let problem = match statement {
                0 => problem,
                number => format!("statement {number}: {problem}"),
            };
            refusal_of(errors::MIGRATION_FAILED, message, &name, problem)
        }
        MigrationFault::Rewritten { name, problem } => {
            let message = "Applied migrations cannot be changed; see details";
            refusal_of(errors::MIGRATION_REWRITTEN, message, &name, problem)
        }
        MigrationFault::Database(error) if error.retryable => {
            Refusal::busy("The projects' database is not available right now").into()
        }
        MigrationFault::Database(error) => Error::unexpected("migrating a project's database", error),
    }
}

fn document(applied: Applied) -> Document {
    Document {
        name: applied.name,
        digest: applied.digest,
        applied_at: clock::iso(applied.applied_ms).into(),
    }
}
