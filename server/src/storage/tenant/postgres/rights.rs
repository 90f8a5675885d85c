//! Whether a scope's roles, owners and grants are as they were made, and making them so again. A dump of a database has no roles:
//! restored on another server, its tables belong to whoever restored them, and hooks may not use them.

use aerocall_runtime::host::SdkError;
use tokio_postgres::{Client, Error, types::Type};

use super::{
    super::migration::TABLE,
    admin::Admin,
    error,
    names::Names,
    setup::{self, LOCK},
};
use crate::base::crypto::MasterKey;

/// What of a schema has an owner: `ALTER … OWNER TO` and what it is said of. A sequence of a column has its table's owner, and so
/// have indexes. `$1` is the schema, `$2` who should own all of it.
const OTHERS: &str = "
    SELECT format('ALTER %s %I.%I OWNER TO %I', CASE c.relkind WHEN 'S' THEN 'SEQUENCE' WHEN 'v' THEN 'VIEW'
               WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'c' THEN 'TYPE' WHEN 'f' THEN 'FOREIGN TABLE' ELSE 'TABLE' END,
               n.nspname, c.relname, $2) AS change
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = $1 AND c.relkind IN ('r', 'p', 'v', 'm', 'S', 'c', 'f')
          AND c.relowner IS DISTINCT FROM (SELECT oid FROM pg_roles WHERE rolname = $2)
          AND NOT (c.relkind = 'S' AND EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass
                   AND d.objid = c.oid AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')))
    UNION ALL
    SELECT format('ALTER TYPE %I.%I OWNER TO %I', n.nspname, t.typname, $2)
    FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
    WHERE n.nspname = $1 AND t.typtype IN ('d', 'e', 'r')
          AND t.typowner IS DISTINCT FROM (SELECT oid FROM pg_roles WHERE rolname = $2)
    UNION ALL
    SELECT format('ALTER ROUTINE %s OWNER TO %I', p.oid::regprocedure, $2)
    FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
    WHERE n.nspname = $1 AND p.proowner IS DISTINCT FROM (SELECT oid FROM pg_roles WHERE rolname = $2)";

/// What is wrong, a row for each. `$3` is the role of hooks, `$4` our own table.
const PROBLEMS: &str = "
    WITH s AS (SELECT oid, nspowner FROM pg_namespace WHERE nspname = $1),
         o AS (SELECT oid FROM pg_roles WHERE rolname = $2), h AS (SELECT oid FROM pg_roles WHERE rolname = $3),
         tables AS (SELECT c.oid, c.relname, c.relkind FROM pg_class c JOIN s ON s.oid = c.relnamespace
                    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f'))
    SELECT 'the role ' || name || ' is missing' FROM unnest(ARRAY[$2, $3]) AS name
    WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name)
    UNION ALL
    SELECT 'the role ' || rolname || ' may not log in' FROM pg_roles WHERE rolname IN ($2, $3) AND NOT rolcanlogin
    UNION ALL
    SELECT 'the role ' || rolname || ' may do more than it should' FROM pg_roles
    WHERE rolname IN ($2, $3) AND (rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls)
    UNION ALL
    SELECT 'the schema belongs to another role' FROM s WHERE nspowner IS DISTINCT FROM (SELECT oid FROM o)
    UNION ALL
    SELECT 'hooks may not use the schema' FROM s, h WHERE NOT has_schema_privilege(h.oid, s.oid, 'USAGE')
    UNION ALL
    SELECT 'hooks may make things in the schema' FROM s, h WHERE has_schema_privilege(h.oid, s.oid, 'CREATE')
    UNION ALL
    SELECT 'hooks may not use ' || count(*) || ' tables' FROM tables t, h
    WHERE t.relname <> $4 AND NOT (has_table_privilege(h.oid, t.oid, 'SELECT') AND has_table_privilege(h.oid, t.oid, 'INSERT')
          AND has_table_privilege(h.oid, t.oid, 'UPDATE') AND has_table_privilege(h.oid, t.oid, 'DELETE'))
    HAVING count(*) > 0
    UNION ALL
    SELECT 'hooks may use the list of migrations' FROM tables t, h
    WHERE t.relname = $4 AND has_table_privilege(h.oid, t.oid, 'SELECT, INSERT, UPDATE, DELETE')
    UNION ALL
    SELECT 'hooks may not use ' || count(*) || ' sequences' FROM pg_class c JOIN s ON s.oid = c.relnamespace, h
    WHERE c.relkind = 'S' AND NOT has_sequence_privilege(h.oid, c.oid, 'USAGE') HAVING count(*) > 0
    UNION ALL
    SELECT 'new tables would not be for hooks' FROM s, o
    WHERE NOT EXISTS (SELECT FROM pg_default_acl d WHERE d.defaclrole = o.oid AND d.defaclnamespace = s.oid
                      AND d.defaclobjtype = 'r')";

/// What is wrong with a scope; `None` where nothing was made for it yet.
pub(super) async fn look(client: &Client, names: &Names) -> Result<Option<Vec<String>>, Error> {
    let Names { schema, owner, hooks } = names;
    let there = "SELECT 1 FROM pg_namespace WHERE nspname = $1";
    if client.query_typed_opt(there, &[(schema, Type::TEXT)]).await?.is_none() {
        return Ok(None);
    }
    let parameters: [(&(dyn tokio_postgres::types::ToSql + Sync), Type); 4] = [
        (schema, Type::TEXT),
        (owner, Type::TEXT),
        (hooks, Type::TEXT),
        (&TABLE, Type::TEXT),
    ];
    let rows = client.query_typed(PROBLEMS, &parameters).await?;
    let mut problems: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
    match others(client, names).await?.len() {
        0 => {}
        count => problems.push(format!("{count} tables and types belong to another role")),
    }
    Ok(Some(problems))
}

/// Says in the log what hooks notice statement by statement: the schema was restored without its roles.
pub(super) async fn warn(client: &Client, names: &Names) {
    if let Ok(Some(problems)) = look(client, names).await
        && !problems.is_empty()
    {
        let problems = problems.join("; ");
        tracing::error!(
            schema = names.schema,
            problems,
            "a project's tables are not for its hooks: run aerocall doctor --repair"
        );
    }
}

/// Schemas of ours in the database, whosever they are.
pub(super) async fn schemas(client: &Client) -> Result<Vec<String>, Error> {
    let sql = "SELECT nspname::text FROM pg_namespace WHERE nspname ~ '^aerocall_[0-9a-f]{16}$'";
    let rows = client.query_typed(sql, &[]).await?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}

/// Makes roles, owners and grants anew, in two transactions; what is as it should be stays.
pub(super) async fn mend(admin: &Admin, names: &Names, master: &MasterKey) -> Result<(), SdkError> {
    setup::scope(admin, names, master).await?;
    let turn = admin.turn().await?;
    let client = &turn.link()?.client;
    let mended = give(client, names).await;
    if mended.is_err() {
        let _ = client.batch_execute("ROLLBACK").await;
    }
    mended.map_err(|error| error::of_ours("mending the rights in a schema", &error))
}

async fn give(client: &Client, names: &Names) -> Result<(), Error> {
    let Names { schema, owner, hooks } = names;
    let begin = format!("BEGIN; {LOCK}; ALTER SCHEMA {schema} OWNER TO {owner}");
    client.batch_execute(&begin).await?;
    for change in others(client, names).await? {
        client.batch_execute(&change).await?;
    }
    // As the default privileges give what migrations make, and setup takes away.
    let grants = format!(
        "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {hooks};
         GRANT USAGE ON ALL SEQUENCES IN SCHEMA {schema} TO {hooks};
         REVOKE ALL ON {schema}.{TABLE} FROM {hooks}, PUBLIC;
         REVOKE CREATE ON SCHEMA {schema} FROM {hooks};
         COMMIT"
    );
    client.batch_execute(&grants).await
}

/// The statements that give the owner what belongs to somebody else.
async fn others(client: &Client, names: &Names) -> Result<Vec<String>, Error> {
    let parameters: [(&(dyn tokio_postgres::types::ToSql + Sync), Type); 2] =
        [(&names.schema, Type::TEXT), (&names.owner, Type::TEXT)];
    let rows = client.query_typed(OTHERS, &parameters).await?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}
