//! `migrations/*.sql` of a hook project: the tables of its own database, sent with a deployment. Knows no SQL.

use std::path::Path;

use serde::Serialize;
use serde_json::Value;

use crate::{Failed, documents, output::text};

const DIRECTORY: &str = "migrations";
const MAX_NAME_BYTES: usize = 100;

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
        if !is_name(name) {
            return Err(Failed::Usage(format!(
                "{DIRECTORY}/{file}: a migration name must be 1 to {MAX_NAME_BYTES} characters of a-z, 0-9, _ and -, starting with \
                 a letter or digit, such as 001-users.sql"
            )));
        }
        migrations.push(Migration {
            name: name.to_owned(),
            sql: documents::text(&path)?,
        });
    }
    migrations.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(migrations)
}

fn is_name(name: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    name.len() <= MAX_NAME_BYTES
        && name.bytes().next().is_some_and(plain)
        && name.bytes().all(|byte| plain(byte) || matches!(byte, b'_' | b'-'))
}

/// What a refused deployment says, with the files that it speaks of.
pub(crate) fn details(error: &Value, sent: &[Migration]) -> Vec<String> {
    let details: Vec<&Value> = error["details"].as_array().into_iter().flatten().collect();
    let mut lines: Vec<String> = details.iter().map(|detail| line(detail)).collect();
    let is_unknown = error["code"] == "invalid_input" && details.iter().any(|detail| detail["field"] == DIRECTORY);
    if is_unknown && !sent.is_empty() {
        lines.push(format!(
            "the server does not support `{DIRECTORY}` because it is older than this program: update it"
        ));
    }
    lines
}

/// The field `migrations.001-audit` is a file; then its statement and what is wrong with it.
fn line(detail: &Value) -> String {
    let (field, problem) = (text(&detail["field"]), text(&detail["problem"]));
    match field.strip_prefix(DIRECTORY).and_then(|rest| rest.strip_prefix('.')) {
        Some(name) => format!("{DIRECTORY}/{name}.sql: {problem}"),
        None => format!("{field}: {problem}"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn names_sort_and_are_checked() {
        for name in ["001-users", "a", "2026_01", &"a".repeat(100)] {
            assert!(is_name(name), "{name}");
        }
        for name in ["", "-a", "_a", "A", "a.b", "a b", "ü", &"a".repeat(101)] {
            assert!(!is_name(name), "{name}");
        }
    }

    #[test]
    fn details_name_the_file() {
        let sent = [Migration {
            name: "001-audit".to_owned(),
            sql: String::new(),
        }];
        assert_eq!(
            line(&json!({ "field": "migrations.001-audit", "problem": "statement 2: no such table" })),
            "migrations/001-audit.sql: statement 2: no such table"
        );
        assert_eq!(
            line(&json!({ "field": "hooks", "problem": "too many" })),
            "hooks: too many"
        );
        let old =
            json!({ "code": "invalid_input", "details": [{ "field": "migrations", "problem": "unknown field" }] });
        assert!(details(&old, &sent)[1].contains("older"), "{:?}", details(&old, &sent));
    }
}
