//! What a statement may do. SQLite asks for every table, column and function while it compiles a statement, views and
//! triggers included, so this holds whatever the text looks like. An allow-list: what is not named is refused.

use std::sync::{
    Arc,
    atomic::{AtomicU8, Ordering},
};

use rusqlite::hooks::{AuthAction, AuthContext, Authorization};

/// Whose statements are compiled right now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Author {
    /// This server's own.
    Us,
    /// A hook's: rows.
    Hook,
    /// A migration's: tables, too.
    Migration,
}

/// The author, shared with SQLite's callback.
#[derive(Clone)]
pub(super) struct CurrentAuthor(Arc<AtomicU8>);

impl CurrentAuthor {
    pub(super) fn new(author: Author) -> Self {
        Self(Arc::new(AtomicU8::new(author as u8)))
    }

    pub(super) fn set(&self, author: Author) {
        self.0.store(author as u8, Ordering::Relaxed);
    }

    fn get(&self) -> Author {
        match self.0.load(Ordering::Relaxed) {
            0 => Author::Us,
            2 => Author::Migration,
            _ => Author::Hook,
        }
    }

    /// The callback's answer.
    pub(super) fn decide(&self, context: &AuthContext<'_>) -> Authorization {
        let allowed = match self.get() {
            Author::Us => true,
            Author::Hook => in_main(context) && hook_may(&context.action),
            Author::Migration => {
                in_main(context) && (hook_may(&context.action) || migration_may(&context.action))
                    || is_temporary_schema(&context.action)
            }
        };
        if allowed {
            Authorization::Allow
        } else {
            Authorization::Deny
        }
    }
}

/// No attached and no temporary database.
fn in_main(context: &AuthContext<'_>) -> bool {
    context.database_name.is_none_or(|name| name == "main")
}

/// Renaming looks for what has to be renamed there as well. It is empty: nothing temporary can be made.
fn is_temporary_schema(action: &AuthAction<'_>) -> bool {
    match action {
        AuthAction::Read { table_name, .. } | AuthAction::Update { table_name, .. } => {
            ["sqlite_temp_master", "sqlite_temp_schema"].contains(table_name)
        }
        _ => false,
    }
}

fn hook_may(action: &AuthAction<'_>) -> bool {
    match action {
        AuthAction::Select | AuthAction::Recursive => true,
        AuthAction::Read { table_name, .. }
        | AuthAction::Insert { table_name }
        | AuthAction::Update { table_name, .. }
        | AuthAction::Delete { table_name } => is_own(table_name),
        AuthAction::Function { function_name } => is_harmless(function_name),
        _ => false,
    }
}

fn migration_may(action: &AuthAction<'_>) -> bool {
    match action {
        AuthAction::CreateTable { table_name } | AuthAction::DropTable { table_name } => is_own(table_name),
        AuthAction::CreateView { view_name } | AuthAction::DropView { view_name } => is_own(view_name),
        AuthAction::AlterTable {
            database_name,
            table_name,
        } => *database_name == "main" && is_own(table_name),
        AuthAction::CreateIndex { table_name, .. } | AuthAction::DropIndex { table_name, .. } => is_own(table_name),
        AuthAction::CreateTrigger {
            trigger_name,
            table_name,
        }
        | AuthAction::DropTrigger {
            trigger_name,
            table_name,
        } => is_own(trigger_name) && is_own(table_name),
        // Filling a new index is asked for like this.
        AuthAction::Reindex { .. } => true,
        // CREATE, ALTER and DROP write the schema through these; a statement that names them itself is refused by the
        // defensive mode. They hold names of this database and nothing else.
        AuthAction::Read { table_name, .. }
        | AuthAction::Insert { table_name }
        | AuthAction::Update { table_name, .. }
        | AuthAction::Delete { table_name } => SCHEMA_TABLES.contains(table_name),
        // ALTER TABLE calls these; a statement cannot.
        AuthAction::Function { function_name } => SCHEMA_FUNCTIONS.contains(function_name),
        _ => false,
    }
}

/// Whether a table may be the tenant's. Ours, SQLite's, and tables that are windows into SQLite are not.
pub(super) fn is_own(name: &str) -> bool {
    const RESERVED: [&str; 3] = ["sqlite_", "_aerocall_", "pragma_"];
    const WINDOWS: [&str; 4] = ["dbstat", "fts3tokenize", "bytecode", "tables_used"];
    let name = name.to_ascii_lowercase();
    !RESERVED.iter().any(|prefix| name.starts_with(prefix)) && !WINDOWS.contains(&name.as_str())
}

fn is_harmless(name: &str) -> bool {
    FUNCTIONS.contains(&name.to_ascii_lowercase().as_str())
}

const SCHEMA_TABLES: [&str; 3] = ["sqlite_master", "sqlite_schema", "sqlite_sequence"];

const SCHEMA_FUNCTIONS: [&str; 9] = [
    "sqlite_rename_column",
    "sqlite_rename_table",
    "sqlite_rename_test",
    "sqlite_rename_quotefix",
    "sqlite_drop_column",
    "sqlite_drop_constraint",
    "sqlite_add_constraint",
    "sqlite_find_constraint",
    "sqlite_fail",
];

/// Functions whose time and answer are bounded by the length limit; `interruption` measures each. Left out: what shows this process or its files
/// (`load_extension`, `sqlite_*`, `fts*`, `rtree*`), and what takes the product of its arguments' lengths and cannot be
/// interrupted (`json_patch`, `unhex`).
pub(super) const FUNCTIONS: &[&str] = &[
    "->",
    "->>",
    "abs",
    "acos",
    "acosh",
    "asin",
    "asinh",
    "atan",
    "atan2",
    "atanh",
    "avg",
    "ceil",
    "ceiling",
    "changes",
    "char",
    "coalesce",
    "concat",
    "concat_ws",
    "cos",
    "cosh",
    "count",
    "cume_dist",
    "current_date",
    "current_time",
    "current_timestamp",
    "date",
    "datetime",
    "degrees",
    "dense_rank",
    "exp",
    "first_value",
    "floor",
    "format",
    "glob",
    "group_concat",
    "hex",
    "if",
    "ifnull",
    "iif",
    "instr",
    "json",
    "json_array",
    "json_array_insert",
    "json_array_length",
    "json_error_position",
    "json_extract",
    "json_group_array",
    "json_group_object",
    "json_insert",
    "json_object",
    "json_quote",
    "json_remove",
    "json_replace",
    "json_set",
    "json_type",
    "json_valid",
    "jsonb",
    "jsonb_array",
    "jsonb_extract",
    "jsonb_group_array",
    "jsonb_group_object",
    "jsonb_insert",
    "jsonb_object",
    "jsonb_remove",
    "jsonb_replace",
    "jsonb_set",
    "julianday",
    "lag",
    "last_insert_rowid",
    "last_value",
    "lead",
    "length",
    "like",
    "likelihood",
    "likely",
    "ln",
    "log",
    "log10",
    "log2",
    "lower",
    "ltrim",
    "max",
    "median",
    "min",
    "mod",
    "nth_value",
    "ntile",
    "nullif",
    "octet_length",
    "percent_rank",
    "percentile",
    "pi",
    "pow",
    "power",
    "printf",
    "quote",
    "radians",
    "random",
    "randomblob",
    "rank",
    "replace",
    "round",
    "row_number",
    "rtrim",
    "sign",
    "sin",
    "sinh",
    "sqrt",
    "strftime",
    "string_agg",
    "substr",
    "substring",
    "sum",
    "tan",
    "tanh",
    "time",
    "timediff",
    "total",
    "total_changes",
    "trim",
    "trunc",
    "typeof",
    "unicode",
    "unistr",
    "unixepoch",
    "unlikely",
    "upper",
    "zeroblob",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_folded_before_they_are_compared() {
        for reserved in [
            "sqlite_master",
            "SQLite_Schema",
            "_AEROCALL_migrations",
            "pragma_table_info",
            "DBSTAT",
        ] {
            assert!(!is_own(reserved), "{reserved}");
        }
        assert!(is_own("users") && is_own("aerocall"));
        assert!(is_harmless("LOWER") && !is_harmless("load_extension"));
    }

    #[test]
    fn the_list_of_functions_is_in_order() {
        assert!(FUNCTIONS.is_sorted());
    }
}
