//! `migrations/*.sql` of a hook project: the tables of its own database, sent with a deployment. Knows no SQL.

use std::path::Path;

use serde::Serialize;
use serde_json::Value;

use crate::{Failed, documents, output::text};

const DIRECTORY: &str = "migrations";

/// One file, as a deployment sends it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Migration {
    /// The file's name without ending.
    pub(crate) name: String,
    sql: String,
}

impl Migration {
    /// Name and SQL.
    pub(crate) fn into_parts(self) -> (String, String) {
        (self.name, self.sql)
    }
}

/// The migrations of a project in the order in which they are applied: by name. Names that start with `_` or `.` and
/// files with another ending are left alone.
pub(crate) fn read(root: &Path) -> Result<Vec<Migration>, Failed> {
    let directory = root.join(DIRECTORY);
    let entries = match std::fs::read_dir(&directory) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(Failed::file(&directory, &error)),
    };
    let mut migrations = Vec::new();
    for entry in entries {
        let path = entry?.path();
        let file = path.file_name().unwrap_or_default().to_string_lossy();
        let Some(name) = file.strip_suffix(".sql").filter(|_| !file.starts_with(['_', '.'])) else {
            continue;
        };
        aerocall_server::local::check_migration_name(name).map_err(|problem| {
            Failed::Usage(format!(
                "{DIRECTORY}/{file}: the name of a migration {problem}, such as 001-users.sql"
            ))
        })?;
        migrations.push(Migration {
            name: name.to_owned(),
            sql: documents::text(&path)?,
        });
    }
    migrations.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(migrations)
}

/// What a refused deployment says, with the files that it speaks of.
pub(crate) fn details(error: &Value, sent: &[Migration]) -> Vec<String> {
    let details: Vec<&Value> = error["details"].as_array().into_iter().flatten().collect();
    let line = |detail: &&Value| {
        let (field, problem) = (text(&detail["field"]), text(&detail["problem"]));
        format!("{}: {problem}", file(&field, sent).unwrap_or(field))
    };
    let mut lines: Vec<String> = details.iter().map(line).collect();
    let is_unknown = error["code"] == "invalid_input" && details.iter().any(|detail| detail["field"] == DIRECTORY);
    if is_unknown && !sent.is_empty() {
        lines.push(format!(
            "the server does not support `{DIRECTORY}` because it is older than this program: update it"
        ));
    }
    lines
}

/// The file that a field of a deployment came from: `migrations.001-audit`, or `migrations[0].sql`.
pub(crate) fn file(field: &str, sent: &[Migration]) -> Option<String> {
    let rest = field.strip_prefix(DIRECTORY)?;
    let name = match rest.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((index, _)) => &sent.get(index.parse::<usize>().ok()?)?.name,
        None => rest.strip_prefix('.')?,
    };
    Some(format!("{DIRECTORY}/{name}.sql"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn details_name_the_file() {
        let sent = [Migration {
            name: "001-audit".to_owned(),
            sql: String::new(),
        }];
        let said = |field: &str| {
            let error = json!({ "code": "invalid_input", "details": [{ "field": field, "problem": "too long" }] });
            details(&error, &sent).remove(0)
        };
        for (field, line) in [
            ("migrations.001-audit", "migrations/001-audit.sql: too long"),
            ("migrations[0].sql", "migrations/001-audit.sql: too long"),
            ("migrations[1].sql", "migrations[1].sql: too long"),
            ("hooks", "hooks: too long"),
        ] {
            assert_eq!(said(field), line);
        }
        let old =
            json!({ "code": "invalid_input", "details": [{ "field": "migrations", "problem": "unknown field" }] });
        assert!(details(&old, &sent)[1].contains("older"), "{:?}", details(&old, &sent));
    }
}
