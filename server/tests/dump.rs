//! Everything that is in the databases of a site, as text: two dumps are equal if nothing has changed.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{services::Postgres, site::Site};

/// What changes by itself, or is meant to: the log of admins, when a token was last used, a sign of life.
const APART: [&str; 3] = ["audit_log", "admin_tokens", "heartbeat"];

/// Rows of every table of PostgreSQL, with their types and what sequences say.
const ROWS: &str =
    "SELECT format('SELECT %L || coalesce(string_agg(t::text, E''\\n'' ORDER BY t::text), '''') FROM (SELECT * FROM %I.%I) t',
        c.relname || E'\\n', n.nspname, c.relname)
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'S', 'v') AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'
    ORDER BY n.nspname, c.relname";
const COLUMNS: &str = "SELECT table_schema || '.' || table_name || '.' || column_name || ' ' || data_type || ' ' || coalesce(column_default, '')
    FROM information_schema.columns WHERE table_schema NOT LIKE 'pg\\_%' AND table_schema <> 'information_schema'
    ORDER BY 1";
/// Of this database; other tests have theirs.
const SCHEMAS: &str = "SELECT nspname || ' ' || pg_get_userbyid(nspowner) FROM pg_namespace ORDER BY 1";

/// The core's, and those of all projects. `tenants`: where they are, if not in files.
pub(crate) fn of(site: &Site, tenants: Option<&Postgres>) -> Vec<String> {
    site.idle();
    site.recorded();
    let mut all = Vec::new();
    for file in files(site.data.path()) {
        all.extend(of_file(&file));
    }
    for postgres in site.data.core().into_iter().chain(tenants) {
        all.extend(of_postgres(postgres));
    }
    assert!(all.len() > 20, "{all:?}");
    all
}

fn files(dir: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => found.extend(files(&path)),
            false if path.extension().is_some_and(|ending| ending == "db") => found.push(path),
            false => {}
        }
    }
    found.sort();
    found
}

fn of_file(file: &Path) -> Vec<String> {
    let dumped = Command::new("sqlite3").arg("-readonly").arg(file).arg(".dump").output();
    let dumped = dumped.expect("sqlite3 dumps the databases of these tests");
    assert!(dumped.status.success(), "{dumped:?}");
    let text = String::from_utf8(dumped.stdout).unwrap();
    let is_apart = |line: &str| {
        APART
            .iter()
            .any(|table| line.starts_with(&format!("INSERT INTO {table} ")))
    };
    let lines = text.lines().filter(|line| !is_apart(line));
    std::iter::once(file.display().to_string())
        .chain(lines.map(str::to_owned))
        .collect()
}

fn of_postgres(postgres: &Postgres) -> Vec<String> {
    let mut all = postgres.run(SCHEMAS);
    all.extend(postgres.run(COLUMNS));
    for select in postgres.run(ROWS) {
        if !APART.iter().any(|table| select.contains(table)) {
            all.extend(postgres.run(&select));
        }
    }
    all
}
