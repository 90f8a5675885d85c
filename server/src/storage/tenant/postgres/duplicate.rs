//! A copy of a scope's schema, with roles of its own that reach nothing else: for requests that are tried. What migrations may
//! make is copied: domains, sequences, tables with their rows, constraints, views.
//!
//! It is a scope like others, under a name that no environment has, and goes with its roles when the try ends. What a process
//! left that was killed is removed by the next try.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::{SystemTime, UNIX_EPOCH},
};

use aerocall_runtime::host::SdkError;
use async_trait::async_trait;
use tokio_postgres::{Client, Error, types::Type};
use uuid::Uuid;

use super::{
    super::{
        Applied, Migration, MigrationFault, Session, Table, TableShape, TenantDatabases, fault,
        pool::{Bounds, Pool},
    },
    CONNECTION_WAIT, IDLE, PostgresDatabases,
    admin::Admin,
    connector::Login,
    error,
    names::Names,
    removal, rights,
};
use crate::{
    base::{
        error::Result as Opened,
        ids::{Scope, Slug},
    },
    storage::write_fault::Unready,
};

/// What the comment of such a schema begins with; then the seconds since 1970.
const MARK: &str = "aerocall try since ";
/// No try takes so long.
const ABANDONED_S: u64 = 600;

const SIZE: &str = "SELECT coalesce(sum(pg_total_relation_size(c.oid)), 0)::bigint FROM pg_class c
    JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1 AND c.relkind IN ('r', 'p', 'm')";

/// What makes the copy, part by part: each is a query of statements. `$1` is the schema, `$2` the copy. Asked with the schema
/// first in the path, texts of the catalog name nothing by its schema, and mean the copy where they are run.
const PARTS: [&str; 8] = [
    // Domains; the one of blobs is there.
    "SELECT format('CREATE DOMAIN %I.%I AS %s%s%s', $2, t.typname, format_type(t.typbasetype, t.typtypmod),
            coalesce(' DEFAULT ' || t.typdefault, ''), CASE WHEN t.typnotnull THEN ' NOT NULL' ELSE '' END)
        || coalesce((SELECT string_agg(format(' CONSTRAINT %I %s', k.conname, pg_get_constraintdef(k.oid)), '')
                     FROM pg_constraint k WHERE k.contypid = t.oid AND k.contype = 'c'), '')
     FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
     WHERE n.nspname = $1 AND t.typtype = 'd' AND t.typname <> 'blob' ORDER BY t.oid",
    // Sequences, but for those that come with a column.
    "SELECT format('CREATE SEQUENCE %I.%I AS %s INCREMENT %s MINVALUE %s MAXVALUE %s START %s CACHE %s%s', $2, c.relname,
            format_type(s.seqtypid, NULL), s.seqincrement, s.seqmin, s.seqmax, s.seqstart, s.seqcache,
            CASE WHEN s.seqcycle THEN ' CYCLE' ELSE '' END)
     FROM pg_sequence s JOIN pg_class c ON c.oid = s.seqrelid JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = $1 AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'i')",
    // Tables with their columns and nothing else.
    "SELECT format('CREATE TABLE %I.%I (%s)', $2, c.relname, string_agg(concat_ws(' ', quote_ident(a.attname),
            format_type(a.atttypid, a.atttypmod),
            CASE WHEN a.attcollation <> t.typcollation THEN 'COLLATE ' || a.attcollation::regcollation::text END,
            CASE WHEN a.attgenerated <> '' THEN format('GENERATED ALWAYS AS (%s) STORED', pg_get_expr(d.adbin, d.adrelid))
                 WHEN a.attidentity <> '' THEN format('GENERATED %s AS IDENTITY (INCREMENT %s MINVALUE %s MAXVALUE %s START %s%s)',
                     CASE a.attidentity WHEN 'a' THEN 'ALWAYS' ELSE 'BY DEFAULT' END, s.seqincrement, s.seqmin, s.seqmax,
                     s.seqstart, CASE WHEN s.seqcycle THEN ' CYCLE' ELSE '' END)
                 WHEN d.oid IS NOT NULL THEN 'DEFAULT ' || pg_get_expr(d.adbin, d.adrelid) END,
            CASE WHEN a.attnotnull THEN 'NOT NULL' END), ', ' ORDER BY a.attnum))
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
     JOIN pg_type t ON t.oid = a.atttypid
     LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
     LEFT JOIN pg_depend i ON i.refobjid = c.oid AND i.refobjsubid = a.attnum AND i.deptype = 'i'
          AND i.classid = 'pg_class'::regclass AND a.attidentity <> ''
     LEFT JOIN pg_sequence s ON s.seqrelid = i.objid
     WHERE n.nspname = $1 AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relname NOT LIKE '\\_aerocall%'
     GROUP BY c.oid, c.relname ORDER BY c.oid",
    // Rows.
    "SELECT format('INSERT INTO %I.%I (%s) OVERRIDING SYSTEM VALUE SELECT %s FROM %I.%I', $2, c.relname,
            string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum),
            string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum), $1, c.relname)
     FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = $1 AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND a.attnum > 0 AND NOT a.attisdropped
       AND a.attgenerated = '' AND c.relname NOT LIKE '\\_aerocall%'
     GROUP BY c.oid, c.relname ORDER BY c.oid",
    // Constraints but for foreign keys, which need these; those of columns came with the columns.
    "SELECT format('ALTER TABLE %I.%I ADD CONSTRAINT %I %s', $2, c.relname, k.conname, pg_get_constraintdef(k.oid))
     FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = $1 AND k.contype IN ('p', 'u', 'c', 'x') AND k.conparentid = 0 AND NOT c.relispartition
       AND c.relname NOT LIKE '\\_aerocall%' ORDER BY k.oid",
    // Other indexes.
    "SELECT replace(pg_get_indexdef(x.indexrelid), format(' ON %I.%I ', $1, c.relname), format(' ON %I.%I ', $2, c.relname))
     FROM pg_index x JOIN pg_class c ON c.oid = x.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = $1 AND c.relkind = 'r' AND NOT c.relispartition AND c.relname NOT LIKE '\\_aerocall%'
       AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = x.indexrelid)",
    // Foreign keys.
    "SELECT format('ALTER TABLE %I.%I ADD CONSTRAINT %I %s', $2, c.relname, k.conname, pg_get_constraintdef(k.oid))
     FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = $1 AND k.contype = 'f' AND k.conparentid = 0 AND NOT c.relispartition",
    // Views are made of tables alone.
    "SELECT format('CREATE VIEW %I.%I AS %s', $2, c.relname, pg_get_viewdef(c.oid))
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1 AND c.relkind = 'v' ORDER BY c.oid",
];

/// Where sequences stand: the statement that asks one, and the copy's name. Those of identity columns may be called otherwise.
const SEQUENCES: &str = "SELECT format('SELECT last_value, is_called FROM %I.%I', $1, s.relname),
        CASE WHEN t.oid IS NULL THEN format('%I.%I', $2, s.relname)
             ELSE pg_get_serial_sequence(format('%I.%I', $2, t.relname), a.attname) END
    FROM pg_class s JOIN pg_namespace n ON n.oid = s.relnamespace
    LEFT JOIN pg_depend d ON d.objid = s.oid AND d.deptype = 'i' AND d.refobjsubid > 0
    LEFT JOIN pg_class t ON t.oid = d.refobjid
    LEFT JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
    WHERE n.nspname = $1 AND s.relkind = 'S'";

const MARKED: &str = "SELECT nspname::text, obj_description(oid, 'pg_namespace') FROM pg_namespace
    WHERE obj_description(oid, 'pg_namespace') LIKE $1 || '%'";

/// The copy.
pub(super) struct PostgresDuplicate {
    databases: PostgresDatabases,
    admin: Arc<Admin>,
    copy: Scope,
    names: Names,
    removed: Mutex<Removed>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Removed {
    No,
    Yes,
}

impl PostgresDuplicate {
    pub(super) async fn make(of: &PostgresDatabases, names: &Names, most_bytes: u64) -> Result<Self, SdkError> {
        let link = of.connector.connect(&Login::server()).await;
        let client = link.map_err(|error| error::connecting(&error))?.client;
        sweep(&client, &of.admin).await;
        let schema: (&(dyn tokio_postgres::types::ToSql + Sync), Type) = (&names.schema, Type::TEXT);
        let asked = client.query_typed_one(SIZE, &[schema]).await;
        let bytes: i64 = asked
            .map_err(|error| error::of_ours("measuring a schema", &error))?
            .get(0);
        let bytes = u64::try_from(bytes).unwrap_or(u64::MAX);
        if bytes > most_bytes {
            return Err(fault::too_large_to_copy(bytes, most_bytes));
        }
        let project = Slug::parse("try").map_err(|problem| fault::internal("naming a copy", &problem))?;
        let environment = Slug::parse(&format!("try-{}", Uuid::now_v7().simple()));
        let environment = environment.map_err(|problem| fault::internal("naming a copy", &problem))?;
        let copy = Scope { project, environment };
        let duplicate = Self {
            names: Names::of(of.connector.database(), &copy),
            databases: of.beside(),
            admin: Arc::clone(&of.admin),
            removed: Mutex::new(Removed::No),
            copy,
        };
        // Makes schema and roles. If anything fails from here on, dropping it removes them.
        duplicate.databases.tenant(&duplicate.copy).await?;
        let copied = fill(&client, names, &duplicate.names).await;
        copied.map_err(|error| error::of_ours("copying a schema", &error))?;
        rights::mend(&of.admin, &duplicate.names, &of.master).await?;
        Ok(duplicate)
    }

    /// Whoever comes first removes it.
    fn begin_removal(&self) -> bool {
        let mut removed = self.removed.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        std::mem::replace(&mut *removed, Removed::Yes) == Removed::No
    }
}

impl PostgresDatabases {
    /// The same cluster with connections of its own.
    fn beside(&self) -> Self {
        Self {
            connector: Arc::clone(&self.connector),
            admin: Arc::clone(&self.admin),
            master: Arc::clone(&self.master),
            clock: self.clock.clone(),
            layers: self.layers,
            pool: Pool::new(Bounds {
                per_scope: 2,
                all: 2,
                wait: CONNECTION_WAIT,
                idle: IDLE,
            }),
            scopes: Mutex::new(HashMap::new()),
        }
    }
}

/// Copies everything as it is at one moment, while others write on.
async fn fill(client: &Client, from: &Names, to: &Names) -> Result<(), Error> {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default()
        .as_secs();
    let schemas: [(&(dyn tokio_postgres::types::ToSql + Sync), Type); 2] =
        [(&from.schema, Type::TEXT), (&to.schema, Type::TEXT)];
    // On its own: several statements sent together are a transaction already.
    let mark = format!("COMMENT ON SCHEMA {} IS '{MARK}{since}'", to.schema);
    client.batch_execute(&mark).await?;
    client.batch_execute("BEGIN ISOLATION LEVEL REPEATABLE READ").await?;
    let path = |names: &Names| format!("SET LOCAL search_path = {}, pg_catalog, pg_temp", names.schema);
    for part in PARTS {
        client.batch_execute(&path(from)).await?;
        let statements = client.query_typed(part, &schemas).await?;
        client.batch_execute(&path(to)).await?;
        for row in statements {
            client.batch_execute(row.get(0)).await?;
        }
    }
    for row in client.query_typed(SEQUENCES, &schemas).await? {
        let (ask, name): (&str, &str) = (row.get(0), row.get(1));
        let state = client.query_typed_one(ask, &[]).await?;
        let (last, is_called): (i64, bool) = (state.get(0), state.get(1));
        let values: [(&(dyn tokio_postgres::types::ToSql + Sync), Type); 3] =
            [(&name, Type::TEXT), (&last, Type::INT8), (&is_called, Type::BOOL)];
        client
            .query_typed("SELECT setval($1::regclass, $2, $3)", &values)
            .await?;
    }
    client.batch_execute("COMMIT").await
}

/// Removes copies that nobody uses any more. What cannot be removed now will be later.
async fn sweep(client: &Client, admin: &Admin) {
    let mark: (&(dyn tokio_postgres::types::ToSql + Sync), Type) = (&MARK, Type::TEXT);
    let Ok(marked) = client.query_typed(MARKED, &[mark]).await else {
        return;
    };
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default()
        .as_secs();
    for row in marked {
        let (schema, comment): (&str, &str) = (row.get(0), row.get(1));
        let since = comment.strip_prefix(MARK).and_then(|since| since.parse::<u64>().ok());
        if since.is_some_and(|since| since.saturating_add(ABANDONED_S) < now)
            && let Err(error) = removal::scope(admin, &Names::of_schema(schema)).await
        {
            tracing::warn!(
                schema,
                error = error.message,
                "a copy of a schema that nobody uses cannot be removed"
            );
        }
    }
}

#[async_trait]
impl TenantDatabases for PostgresDuplicate {
    async fn session(&self, _: &Scope) -> Result<Box<dyn Session>, SdkError> {
        self.databases.session(&self.copy).await
    }

    async fn migrate(&self, _: &Scope, migrations: Vec<Migration>) -> Result<Vec<Applied>, MigrationFault> {
        self.databases.migrate(&self.copy, migrations).await
    }

    fn close(&self, _: &Scope) {
        self.databases.close(&self.copy);
    }

    async fn remove(&self, _: &Scope) -> Result<(), SdkError> {
        match self.begin_removal() {
            true => self.databases.remove(&self.copy).await,
            false => Ok(()),
        }
    }

    async fn applied(&self, _: &Scope) -> Result<Vec<Applied>, SdkError> {
        self.databases.applied(&self.copy).await
    }

    async fn tables(&self, _: &Scope) -> Result<Vec<Table>, SdkError> {
        self.databases.tables(&self.copy).await
    }

    async fn table(&self, _: &Scope, name: &str) -> Result<Option<TableShape>, SdkError> {
        self.databases.table(&self.copy, name).await
    }

    async fn check(&self) -> Opened<()> {
        Ok(())
    }

    async fn beat(&self) -> Result<(), Unready> {
        self.databases.beat().await
    }

    async fn duplicate(&self, _: &Scope, most_bytes: u64) -> Result<Arc<dyn TenantDatabases>, SdkError> {
        self.databases.duplicate(&self.copy, most_bytes).await
    }
}

/// A try that was given up leaves nothing either.
impl Drop for PostgresDuplicate {
    fn drop(&mut self) {
        if !self.begin_removal() {
            return;
        }
        // Without a runtime the server is going down; the next try removes it.
        let Ok(runtime) = tokio::runtime::Handle::try_current() else {
            return;
        };
        let (admin, names) = (Arc::clone(&self.admin), self.names.clone());
        runtime.spawn(async move {
            if let Err(error) = removal::scope(&admin, &names).await {
                tracing::warn!(
                    schema = names.schema,
                    error = error.message,
                    "a copy of a schema cannot be removed"
                );
            }
        });
    }
}
