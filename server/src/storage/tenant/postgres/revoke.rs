//! What everyone may do in a new database and no tenant shall: see the catalog, run text as SQL, sleep, lock, notify, keep a
//! backend from everything.
//!
//! Rights on the catalog belong to the superuser; another admin login changes what it owns, and the log says what stays.
//! The database is to be the tenants' own: other users of it lose these rights, too.

use tokio_postgres::{Client, Error};

use super::{
    bounded::{self, Execution},
    setup::LOCK,
};

/// Functions of the catalog by how their names begin.
const BEGINNINGS: &str = "^(pg_|lo_|has_|binary_upgrade_|inet_client_|inet_server_|to_reg|txid_|brin_(summarize|desummarize)|\
                          gin_clean_|(cursor|database|query|schema|table)_to_xml|dblink|acl|fmgr_[a-z]+_validator|\
                          plpgsql_validator|reg[a-z]+(in|out|recv|send)$)";

/// And by name. `regclass` and the like are what a cast from text calls; `record_in` shows in its answers what the type with
/// some number is made of. Other functions that read and write types stay, because a cast of a constant asks for the right.
const NAMES: &str = "'record_in', 'domain_in', 'enum_in', 'current_user', 'session_user', 'system_user', \
    'satisfies_hash_partition', 'btequalimage', 'btvarstrequalimage', 'xpath', 'xpath_exists', 'xmlexists', \
    'set_config', 'current_setting', 'current_database', 'current_schema', 'current_schemas', 'current_query', \
    'version', 'loread', 'lowrite', 'ts_stat', 'ts_debug', 'ts_parse', 'ts_token_type', 'setseed', 'currtid2', \
    'mxid_age', 'row_security_active', 'obj_description', 'col_description', 'shobj_description', \
    'format_type', 'getdatabaseencoding', 'getpgusername', 'aclexplode', 'makeaclitem', 'amvalidate', \
    'oidvectortypes', 'regclass'";

/// In one transaction, so that two servers that start at once do not meet.
pub(super) async fn from_everyone(client: &Client, database: &str) -> Result<(), Error> {
    client.batch_execute(&format!("BEGIN; {LOCK}")).await?;
    let superuser = client
        .query_typed_one("SELECT rolsuper FROM pg_roles WHERE rolname = CURRENT_USER", &[])
        .await?
        .get::<_, bool>(0);
    let done = match superuser {
        true => everything(client, database).await,
        false => what_is_ours(client, database).await,
    };
    match done {
        Ok(()) => client.batch_execute("COMMIT").await,
        Err(error) => {
            client.batch_execute("ROLLBACK").await?;
            Err(error)
        }
    }
}

async fn everything(client: &Client, database: &str) -> Result<(), Error> {
    client.batch_execute(&of_database(database)).await?;
    client
        .batch_execute(
            "REVOKE ALL ON ALL TABLES IN SCHEMA pg_catalog, information_schema FROM PUBLIC;
             REVOKE USAGE ON SCHEMA information_schema FROM PUBLIC;
             REVOKE USAGE ON LANGUAGE plpgsql, sql FROM PUBLIC;",
        )
        .await?;
    let functions = client.query_typed(&functions(), &[]).await?;
    let names: Vec<String> = functions.iter().map(|row| row.get(0)).collect();
    if !names.is_empty() {
        let revoke = format!("REVOKE EXECUTE ON ROUTINE {} FROM PUBLIC", names.join(", "));
        client.batch_execute(&revoke).await?;
    }
    bounded::make(client, Execution::Definer).await
}

/// A REVOKE that one has no right to is an error for some objects and a warning for others; only the database and the
/// schema `public` can be the admin's own.
async fn what_is_ours(client: &Client, database: &str) -> Result<(), Error> {
    tracing::warn!(
        "the login of AEROCALL_TENANT_DATABASE_URL is no superuser: rights that everyone has on PostgreSQL's catalog stay; \
         hooks are kept from it by the reader of statements alone"
    );
    client.batch_execute("SAVEPOINT ours").await?;
    let done = client.batch_execute(&of_database(database)).await;
    if !is_done(client, done).await? {
        tracing::warn!("the tenants' database is not its login's own: rights that everyone has in it stay");
    }
    client.batch_execute("SAVEPOINT ours").await?;
    let done = bounded::make(client, Execution::Invoker).await;
    if !is_done(client, done).await? {
        tracing::warn!(
            "functions that nothing stops cannot be bounded: the login of AEROCALL_TENANT_DATABASE_URL may make no schema in \
             the database"
        );
    }
    Ok(())
}

/// Whether it was done; what was refused leaves the transaction as it was.
async fn is_done(client: &Client, done: Result<(), Error>) -> Result<bool, Error> {
    match done {
        Ok(()) => Ok(true),
        Err(error) if error.as_db_error().is_some() => {
            client.batch_execute("ROLLBACK TO ours").await?;
            Ok(false)
        }
        Err(error) => Err(error),
    }
}

fn of_database(database: &str) -> String {
    let database = format!("\"{}\"", database.replace('"', "\"\""));
    format!(
        "REVOKE CREATE, TEMPORARY ON DATABASE {database} FROM PUBLIC;
         REVOKE ALL ON SCHEMA public FROM PUBLIC;"
    )
}

/// The functions that everyone may still call, as text that names each.
fn functions() -> String {
    format!(
        "SELECT p.oid::regprocedure::text FROM pg_proc p
         LEFT JOIN LATERAL aclexplode(p.proacl) a ON a.grantee = 0 AND a.privilege_type = 'EXECUTE'
         WHERE p.pronamespace = 'pg_catalog'::regnamespace AND p.prokind IN ('f', 'p')
           AND (p.proacl IS NULL OR a.grantee IS NOT NULL)
           AND (p.proname ~ '{BEGINNINGS}' OR p.proname IN ({NAMES}) OR ({})
                OR (p.proname = 'ts_rewrite' AND p.pronargs = 2) OR (p.proname = 'age' AND p.pronargs = 1
                    AND p.proargtypes[0] = 'xid'::regtype))",
        bounded::listed()
    )
}
