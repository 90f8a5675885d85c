//! What a look for damage in a database came to. How to look is for each database to know.

/// What was found, and how far it was looked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Soundness {
    /// What is damaged; empty if nothing was found.
    pub(crate) damage: Vec<String>,
    /// What was looked at.
    pub(crate) looked: String,
}

impl Soundness {
    /// The most that is reported of one database.
    pub(crate) const MAX_LINES: usize = 20;

    pub(crate) fn new(looked: impl Into<String>) -> Self {
        Self {
            damage: Vec::new(),
            looked: looked.into(),
        }
    }

    /// Adds what was found of a part; `ok` is what SQLite says of a sound one.
    pub(crate) fn found(&mut self, part: &str, lines: impl IntoIterator<Item = String>) {
        let lines = lines.into_iter().filter(|line| line != "ok");
        self.damage.extend(lines.map(|line| match part {
            "" => line,
            part => format!("{part}: {line}"),
        }));
        self.damage.truncate(Self::MAX_LINES);
    }

    /// A part could not be looked at, which says nothing about it.
    pub(crate) fn skipped(&mut self, part: &str) {
        self.looked.push_str("; not at ");
        self.looked.push_str(part);
    }
}

/// Functions of amcheck that look at one index or table: what to ask for, for whichever connection asks. The first column of each
/// row is a statement that fails, or returns rows, if there is damage; the second is the name of what it looks at.
///
/// `bt_index_check` with its second argument also finds rows that an index lacks, `verify_heapam` finds damaged rows; neither
/// holds up anybody who writes.
pub(crate) const AMCHECK: &str = "
    SELECT CASE c.relkind
               WHEN 'i' THEN format('SELECT NULL::text WHERE %I.bt_index_check(%s::oid::regclass, true) IS NULL', n.nspname, c.oid)
               ELSE format('SELECT msg FROM %I.verify_heapam(%s::oid::regclass)', n.nspname, c.oid)
           END AS statement, c.oid::regclass::text AS name
    FROM pg_catalog.pg_extension e JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace,
         pg_catalog.pg_class c JOIN pg_catalog.pg_namespace s ON s.oid = c.relnamespace
         LEFT JOIN pg_catalog.pg_index i ON i.indexrelid = c.oid
         LEFT JOIN pg_catalog.pg_am a ON a.oid = c.relam
    WHERE e.extname = 'amcheck' AND c.relpersistence = 'p' AND s.nspname !~ '^pg_' AND s.nspname <> 'information_schema'
          AND (c.relkind = 'i' AND a.amname = 'btree' AND i.indisvalid AND i.indisready
               OR c.relkind IN ('r', 'm') AND a.amname = 'heap')
    ORDER BY c.relkind, c.oid";

/// Pages whose checksums were wrong when they were read, where the cluster has checksums.
pub(crate) const CHECKSUMS: &str = "
    SELECT format('%s pages had a wrong checksum when they were read, the last one at %s', checksum_failures,
                  checksum_last_failure) AS line
    FROM pg_catalog.pg_stat_database WHERE datname = current_database() AND checksum_failures > 0";

/// What was looked at on PostgreSQL.
pub(crate) fn looked_on_postgres(parts: usize) -> String {
    match parts {
        0 => "checksums only; CREATE EXTENSION amcheck lets doctor look at tables and indexes".to_owned(),
        parts => format!("checksums, and {parts} tables and indexes with amcheck"),
    }
}
