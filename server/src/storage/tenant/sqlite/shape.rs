//! What the tables of a file are like.

use std::{collections::HashMap, time::Duration};

use rusqlite::{Connection as Raw, OptionalExtension as _, Result};

use super::{
    super::shape::{Column, Dialect, Index, MAX_TABLES, Reference, Table, TableKind, TableShape, quoted},
    authorizer::is_own,
    connection::Connection,
};

/// How long counting rows, or pages, may take: whoever looks at a list waits for it.
const COUNTING: Duration = Duration::from_millis(150);

/// For everything else.
const READING: Duration = Duration::from_secs(2);

pub(super) fn tables(connection: &Connection) -> Result<Vec<Table>> {
    connection.watch.allow(READING);
    let mut tables = connection.ours(listed)?;
    connection.watch.allow(COUNTING);
    let bytes = connection.ours(sizes).unwrap_or_default();
    connection.watch.allow(COUNTING);
    for table in &mut tables {
        table.bytes = bytes.get(&table.name).copied();
        if table.kind == TableKind::Table {
            table.rows = connection.ours(|db| counted(db, &table.name)).ok();
        }
    }
    connection.watch.allow(READING);
    for table in &mut tables {
        if table.kind == TableKind::Table && table.rows.is_none() {
            table.rows = connection.ours(|db| highest_row(db, &table.name)).ok();
        }
    }
    Ok(tables)
}

pub(super) fn table(connection: &Connection, name: &str) -> Result<Option<TableShape>> {
    let Some(table) = tables(connection)?.into_iter().find(|table| table.name == name) else {
        return Ok(None);
    };
    connection.watch.allow(READING);
    connection.ours(|db| {
        let columns = columns(db, name)?;
        let is_hidden = columns.iter().any(|column| column.name.eq_ignore_ascii_case("rowid"));
        Ok(Some(TableShape {
            has_row_ids: !is_hidden && has_row_ids(db, name)?,
            columns,
            indexes: indexes(db, name)?,
            references: references(db, name)?,
            table,
            dialect: Dialect::Sqlite,
        }))
    })
}

fn listed(db: &Raw) -> Result<Vec<Table>> {
    let mut statement =
        db.prepare("SELECT name, type FROM sqlite_schema WHERE type IN ('table', 'view') ORDER BY name")?;
    let read = |row: &rusqlite::Row<'_>| {
        let kind: String = row.get(1)?;
        Ok(Table {
            name: row.get(0)?,
            kind: if kind == "view" {
                TableKind::View
            } else {
                TableKind::Table
            },
            rows: None,
            bytes: None,
        })
    };
    let all: Vec<Table> = statement.query_map([], read)?.collect::<Result<_>>()?;
    Ok(all
        .into_iter()
        .filter(|table| is_own(&table.name))
        .take(MAX_TABLES)
        .collect())
}

/// Page by page, so that it can be stopped.
fn sizes(db: &Raw) -> Result<HashMap<String, u64>> {
    let mut statement = db.prepare(
        "SELECT s.tbl_name, sum(d.pgsize) FROM dbstat d JOIN sqlite_schema s ON s.name = d.name GROUP BY s.tbl_name",
    )?;
    let read = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, unsigned(row.get(1)?)));
    statement.query_map([], read)?.collect()
}

fn counted(db: &Raw, table: &str) -> Result<u64> {
    let sql = format!("SELECT count(*) FROM {}", quoted(table));
    db.query_row(&sql, [], |row| row.get(0)).map(unsigned)
}

/// About as many as there are, where few were deleted.
fn highest_row(db: &Raw, table: &str) -> Result<u64> {
    let sql = format!("SELECT coalesce(max(rowid), 0) FROM {}", quoted(table));
    db.query_row(&sql, [], |row| row.get(0)).map(unsigned)
}

fn columns(db: &Raw, table: &str) -> Result<Vec<Column>> {
    // A column that is hidden belongs to a virtual table.
    let mut statement =
        db.prepare("SELECT name, type, \"notnull\", dflt_value, pk FROM pragma_table_xinfo(?) WHERE hidden <> 1")?;
    let read = |row: &rusqlite::Row<'_>| {
        let key: u32 = row.get(4)?;
        Ok(Column {
            name: row.get(0)?,
            declared: row.get(1)?,
            is_nullable: !row.get::<_, bool>(2)? && key == 0,
            default: row.get(3)?,
            key: (key > 0).then_some(key),
            is_read_as_text: false,
        })
    };
    statement.query_map([table], read)?.collect()
}

fn indexes(db: &Raw, table: &str) -> Result<Vec<Index>> {
    let mut statement = db.prepare("SELECT name, \"unique\" FROM pragma_index_list(?) ORDER BY name")?;
    let named: Vec<(String, bool)> = statement
        .query_map([table], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_>>()?;
    let mut statement = db.prepare("SELECT name FROM pragma_index_info(?) ORDER BY seqno")?;
    let mut indexes = Vec::with_capacity(named.len());
    for (name, is_unique) in named {
        let columns = statement.query_map([&name], |row| row.get(0))?.collect::<Result<_>>()?;
        indexes.push(Index {
            name,
            is_unique,
            columns,
        });
    }
    Ok(indexes)
}

fn references(db: &Raw, table: &str) -> Result<Vec<Reference>> {
    let mut statement = db.prepare(
        "SELECT id, \"table\", \"from\", \"to\", on_delete FROM pragma_foreign_key_list(?) ORDER BY id, seq",
    )?;
    let read = |row: &rusqlite::Row<'_>| {
        let target: Option<String> = row.get(3)?;
        Ok((
            row.get::<_, i64>(0)?,
            Reference {
                columns: vec![row.get(2)?],
                table: row.get(1)?,
                target: target.into_iter().collect(),
                on_delete: row.get::<_, String>(4)?.to_lowercase(),
            },
        ))
    };
    let mut references: Vec<(i64, Reference)> = Vec::new();
    for row in statement.query_map([table], read)? {
        let (id, part) = row?;
        match references.last_mut() {
            Some((last, reference)) if *last == id => {
                reference.columns.extend(part.columns);
                reference.target.extend(part.target);
            }
            _ => references.push((id, part)),
        }
    }
    Ok(references.into_iter().map(|(_, reference)| reference).collect())
}

/// Views and tables `WITHOUT ROWID` have none.
fn has_row_ids(db: &Raw, table: &str) -> Result<bool> {
    let sql = "SELECT wr FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name = ?";
    let without: Option<bool> = db.query_row(sql, [table], |row| row.get(0)).optional()?;
    Ok(without == Some(false))
}

fn unsigned(number: i64) -> u64 {
    u64::try_from(number).unwrap_or_default()
}
