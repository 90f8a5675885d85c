//! What a look from outside sees of the tenants' files: tables, rows, settings that a file keeps, and the files themselves.

use std::{fmt::Write as _, path::Path};

use rusqlite::{Connection, OpenFlags, types::Value};

/// Everything an attack must leave as it is.
pub(in crate::storage::tenant) fn state(tenants: &Path) -> String {
    let mut state = String::new();
    let mut files = Vec::new();
    for project in std::fs::read_dir(tenants).unwrap() {
        let project = project.unwrap().path();
        files.extend(std::fs::read_dir(&project).unwrap().map(|file| file.unwrap().path()));
    }
    files.retain(|file| {
        let name = file.display().to_string();
        !(name.ends_with("-wal") || name.ends_with("-shm") || name.ends_with("-journal"))
    });
    files.sort();
    for file in files {
        writeln!(state, "{}", file.display()).unwrap();
        describe(&file, &mut state);
    }
    state
}

fn describe(file: &Path, state: &mut String) {
    let db = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_WRITE).unwrap();
    for pragma in ["user_version", "application_id", "encoding", "journal_mode"] {
        writeln!(state, "{pragma} {:?}", rows(&db, &format!("PRAGMA {pragma}"))).unwrap();
    }
    let schema = rows(&db, "SELECT type, name, sql FROM sqlite_master ORDER BY name");
    for object in &schema {
        writeln!(state, "{object:?}").unwrap();
        if let [Value::Text(kind), Value::Text(name), _] = object.as_slice()
            && kind == "table"
        {
            writeln!(state, "{:?}", rows(&db, &format!("SELECT * FROM \"{name}\""))).unwrap();
        }
    }
}

fn rows(db: &Connection, sql: &str) -> Vec<Vec<Value>> {
    let mut statement = db.prepare(sql).unwrap();
    let columns = statement.column_count();
    let rows = statement.query_map([], |row| (0..columns).map(|column| row.get(column)).collect());
    rows.unwrap().collect::<Result<_, _>>().unwrap()
}
