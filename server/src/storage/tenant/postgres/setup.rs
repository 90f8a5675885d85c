//! Makes a scope's schema and roles. What is there already stays; two servers may do it at once.

use aerocall_runtime::host::SdkError;
use tokio_postgres::{Client, Error, types::Type};

use super::{
    super::{fault, migration::TABLE},
    admin::Admin,
    error,
    names::Names,
    password, rights,
};
use crate::base::crypto::MasterKey;

/// Whoever sets something up in the database holds this lock.
pub(super) const LOCK: &str = "SELECT pg_advisory_xact_lock(7237964850)";

/// What both roles are not.
const ATTRIBUTES: &str = "LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT NOREPLICATION NOBYPASSRLS";

/// Without superuser rights some attributes may not even be named; they are off in a new role.
const PLAIN_ATTRIBUTES: &str = "LOGIN NOCREATEDB NOCREATEROLE NOINHERIT";

/// Space for sorting that one connection of a hook may take on the cluster's disk.
const TEMP_FILES: &str = "256MB";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rank {
    Superuser,
    CreatesRoles,
}

/// Everything for one scope, in one transaction.
pub(super) async fn scope(admin: &Admin, names: &Names, master: &MasterKey) -> Result<(), SdkError> {
    let verifier = |role: &str| {
        password::verifier(&password::of(role, master))
            .map_err(|_| fault::internal("making a password", &"the system gave no randomness"))
    };
    let (owner, hooks) = (verifier(&names.owner)?, verifier(&names.hooks)?);
    let turn = admin.turn().await?;
    let client = &turn.link()?.client;
    let made = make(client, names, &owner, &hooks, admin.connections_per_role).await;
    if made.is_err() {
        // Whatever comes of it: the next one finds a connection that works or makes a new one.
        let _ = client.batch_execute("ROLLBACK").await;
    }
    made.map_err(|error| error::of_ours("setting up a schema", &error))?;
    rights::warn(client, names).await;
    Ok(())
}

async fn make(client: &Client, names: &Names, owner: &str, hooks: &str, connections: usize) -> Result<(), Error> {
    client.batch_execute(&format!("BEGIN; {LOCK}")).await?;
    let rank = rank(client).await?;
    for (name, verifier) in [(&names.owner, owner), (&names.hooks, hooks)] {
        role(client, name, verifier, rank).await?;
        let limit = format!("ALTER ROLE {name} CONNECTION LIMIT {connections}");
        client.batch_execute(&limit).await?;
    }
    match rank {
        Rank::Superuser => {
            let limit = format!("ALTER ROLE {} SET temp_file_limit = '{TEMP_FILES}'", names.hooks);
            client.batch_execute(&limit).await?;
        }
        // To give a schema to a role, one must be a member of it.
        Rank::CreatesRoles => {
            client
                .batch_execute(&format!("GRANT {} TO CURRENT_USER", names.owner))
                .await?;
        }
    }
    client.batch_execute(&schema(names)).await?;
    if !exists(client, "SELECT 1 FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace WHERE t.typname = 'blob' AND n.nspname = $1", &names.schema).await? {
        client.batch_execute(&blob(names)).await?;
    }
    client.batch_execute("COMMIT").await
}

async fn rank(client: &Client) -> Result<Rank, Error> {
    let row = client
        .query_typed_one("SELECT rolsuper FROM pg_roles WHERE rolname = CURRENT_USER", &[])
        .await?;
    Ok(if row.get(0) {
        Rank::Superuser
    } else {
        Rank::CreatesRoles
    })
}

async fn role(client: &Client, role: &str, verifier: &str, rank: Rank) -> Result<(), Error> {
    let attributes = match rank {
        Rank::Superuser => ATTRIBUTES,
        Rank::CreatesRoles => PLAIN_ATTRIBUTES,
    };
    let verb = match exists(client, "SELECT 1 FROM pg_roles WHERE rolname = $1", role).await? {
        true => "ALTER",
        false => "CREATE",
    };
    // The verifier is base64 with `$` and `:`; nothing in it needs quoting.
    let sql = format!("{verb} ROLE {role} {attributes} PASSWORD '{verifier}'");
    client.batch_execute(&sql).await
}

async fn exists(client: &Client, sql: &str, name: &str) -> Result<bool, Error> {
    let found = client.query_typed_opt(sql, &[(&name, Type::TEXT)]).await?;
    Ok(found.is_some())
}

/// Hooks read and change rows of what the owner makes from now on, and make nothing. Our own table is not among it.
fn schema(names: &Names) -> String {
    let Names { schema, owner, hooks } = names;
    format!(
        "CREATE SCHEMA IF NOT EXISTS {schema} AUTHORIZATION {owner};
         REVOKE ALL ON SCHEMA {schema} FROM PUBLIC;
         GRANT USAGE ON SCHEMA {schema} TO {hooks};
         ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA {schema}
             GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {hooks};
         ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA {schema} GRANT USAGE ON SEQUENCES TO {hooks};
         ALTER DEFAULT PRIVILEGES FOR ROLE {owner} REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
         CREATE TABLE IF NOT EXISTS {schema}.{TABLE} (
             name text PRIMARY KEY, digest text NOT NULL, applied_ms bigint NOT NULL, views text NOT NULL
         );
         ALTER TABLE {schema}.{TABLE} OWNER TO {owner};
         REVOKE ALL ON {schema}.{TABLE} FROM {hooks}, PUBLIC;"
    )
}

/// So that a migration with a column of type `blob` works on both databases.
fn blob(names: &Names) -> String {
    let Names { schema, owner, .. } = names;
    format!("CREATE DOMAIN {schema}.blob AS bytea; ALTER DOMAIN {schema}.blob OWNER TO {owner};")
}
