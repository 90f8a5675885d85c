//! What the tables of a schema are like. Asked of the catalog on the connection that no statement of a tenant runs on.

use aerocall_runtime::host::SdkError;
use tokio_postgres::{
    Client, Error, Row,
    types::{ToSql, Type},
};

use super::{
    super::{
        migration,
        shape::{Column, Dialect, Index, MAX_TABLES, Reference, Table, TableKind, TableShape},
    },
    Tenant,
    admin::Admin,
    error,
    value::Kind,
};

/// `$2`: the name of one, or nothing. What was never analysed has its rows counted by the statistics of its changes.
const TABLES: &str = "
    SELECT c.relname::text, c.relkind::text, greatest(c.reltuples, pg_stat_get_live_tuples(c.oid))::bigint,
           pg_total_relation_size(c.oid)::bigint
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = $1 AND ($2 = '' OR c.relname = $2) AND c.relkind IN ('r', 'p', 'v', 'm') AND c.relname <> $3
    ORDER BY c.relname LIMIT $4";

const COLUMNS: &str = "
    SELECT a.attname::text, format_type(a.atttypid, a.atttypmod), t.typname::text, a.attnotnull,
           pg_get_expr(d.adbin, d.adrelid), coalesce(array_position(k.conkey, a.attnum), 0)
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
    LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
    LEFT JOIN pg_catalog.pg_constraint k ON k.conrelid = c.oid AND k.contype = 'p'
    WHERE n.nspname = $1 AND c.relname = $2 ORDER BY a.attnum";

const INDEXES: &str = "
    SELECT i.relname::text, x.indisunique,
           ARRAY(SELECT a.attname::text FROM unnest(x.indkey::smallint[]) WITH ORDINALITY AS k (number, place)
                 LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.number AND k.number > 0
                 WHERE k.place <= x.indnkeyatts ORDER BY k.place)
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_catalog.pg_index x ON x.indrelid = c.oid JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid
    WHERE n.nspname = $1 AND c.relname = $2 ORDER BY i.relname";

const REFERENCES: &str = "
    SELECT ARRAY(SELECT a.attname::text FROM unnest(k.conkey) WITH ORDINALITY AS p (number, place)
                 JOIN pg_catalog.pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = p.number ORDER BY p.place),
           o.relname::text,
           ARRAY(SELECT a.attname::text FROM unnest(k.confkey) WITH ORDINALITY AS p (number, place)
                 JOIN pg_catalog.pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = p.number ORDER BY p.place),
           k.confdeltype::text
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_catalog.pg_constraint k ON k.conrelid = c.oid AND k.contype = 'f'
    JOIN pg_catalog.pg_class o ON o.oid = k.confrelid
    WHERE n.nspname = $1 AND c.relname = $2 ORDER BY k.conname";

pub(super) async fn tables(admin: &Admin, tenant: &Tenant) -> Result<Vec<Table>, SdkError> {
    let turn = admin.turn().await?;
    let listed = listed(&turn.link()?.client, tenant.names.schema.as_str(), "").await;
    listed.map_err(|error| error::of_ours("listing the tables of a schema", &error))
}

pub(super) async fn table(admin: &Admin, tenant: &Tenant, name: &str) -> Result<Option<TableShape>, SdkError> {
    let turn = admin.turn().await?;
    let shape = shape(&turn.link()?.client, tenant.names.schema.as_str(), name).await;
    shape.map_err(|error| error::of_ours("looking at a table", &error))
}

async fn listed(client: &Client, schema: &str, name: &str) -> Result<Vec<Table>, Error> {
    let most = i64::try_from(MAX_TABLES).unwrap_or(i64::MAX);
    let asked: [(&(dyn ToSql + Sync), Type); 4] = [
        (&schema, Type::TEXT),
        (&name, Type::TEXT),
        (&migration::TABLE, Type::TEXT),
        (&most, Type::INT8),
    ];
    let rows = client.query_typed(TABLES, &asked).await?;
    Ok(rows.iter().map(read_table).collect())
}

fn read_table(row: &Row) -> Table {
    let kind = match row.get::<_, String>(1).as_str() {
        "v" => TableKind::View,
        _ => TableKind::Table,
    };
    let of_table = |column: usize| {
        let number: i64 = row.get(column);
        (kind == TableKind::Table).then(|| u64::try_from(number).unwrap_or_default())
    };
    Table {
        name: row.get(0),
        kind,
        rows: of_table(2),
        bytes: of_table(3),
    }
}

async fn shape(client: &Client, schema: &str, name: &str) -> Result<Option<TableShape>, Error> {
    // Without a name all are meant.
    let found = match name {
        "" => None,
        name => listed(client, schema, name).await?.into_iter().next(),
    };
    let Some(table) = found else { return Ok(None) };
    let of_table: [(&(dyn ToSql + Sync), Type); 2] = [(&schema, Type::TEXT), (&name, Type::TEXT)];
    let columns = client.query_typed(COLUMNS, &of_table).await?;
    let indexes = client.query_typed(INDEXES, &of_table).await?;
    let references = client.query_typed(REFERENCES, &of_table).await?;
    Ok(Some(TableShape {
        table,
        columns: columns.iter().map(read_column).collect(),
        indexes: indexes.iter().map(read_index).collect(),
        references: references.iter().map(read_reference).collect(),
        dialect: Dialect::Postgres,
        has_row_ids: false,
    }))
}

fn read_column(row: &Row) -> Column {
    let key = u32::try_from(row.get::<_, i32>(5)).unwrap_or_default();
    Column {
        name: row.get(0),
        declared: row.get(1),
        is_read_as_text: !Kind::is_known(row.get(2)),
        is_nullable: !row.get::<_, bool>(3),
        default: row.get(4),
        key: (key > 0).then_some(key),
    }
}

fn read_index(row: &Row) -> Index {
    Index {
        name: row.get(0),
        is_unique: row.get(1),
        columns: row.get(2),
    }
}

fn read_reference(row: &Row) -> Reference {
    let on_delete = match row.get::<_, String>(3).as_str() {
        "r" => "restrict",
        "c" => "cascade",
        "n" => "set null",
        "d" => "set default",
        _ => "no action",
    };
    Reference {
        columns: row.get(0),
        table: row.get(1),
        target: row.get(2),
        on_delete: on_delete.to_owned(),
    }
}
