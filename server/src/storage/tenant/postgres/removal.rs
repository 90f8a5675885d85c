//! Removes a scope's schema and roles, with everything in them. What is not there is no error.

use aerocall_runtime::host::SdkError;
use tokio_postgres::{Client, Error, types::Type};

use super::{admin::Admin, error, names::Names, setup::LOCK};

/// Who still works in the schema: nobody that is waited for.
const END: &str = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = $1";
/// How long a statement of somebody who does not end is waited for; then the whole is tried again later.
const PATIENCE: &str = "SET LOCAL lock_timeout = '5s'";

/// Everything of one scope, in one transaction.
pub(super) async fn scope(admin: &Admin, names: &Names) -> Result<(), SdkError> {
    let turn = admin.turn().await?;
    let client = &turn.link()?.client;
    for role in [&names.hooks, &names.owner] {
        // Needs the rights of the role; without them its connections end by themselves, when they are idle for long enough.
        let _ = client.query_typed(END, &[(&role.as_str(), Type::TEXT)]).await;
    }
    let removed = remove(client, names).await;
    if removed.is_err() {
        let _ = client.batch_execute("ROLLBACK").await;
    }
    removed.map_err(|error| error::of_ours("removing a schema", &error))
}

async fn remove(client: &Client, names: &Names) -> Result<(), Error> {
    client.batch_execute(&format!("BEGIN; {LOCK}; {PATIENCE}")).await?;
    client
        .batch_execute(&format!("DROP SCHEMA IF EXISTS {} CASCADE", names.schema))
        .await?;
    for role in [&names.hooks, &names.owner] {
        const EXISTS: &str = "SELECT 1 FROM pg_roles WHERE rolname = $1";
        let found = client.query_typed_opt(EXISTS, &[(&role.as_str(), Type::TEXT)]).await?;
        if found.is_some() {
            // To take away what a role owns and may, one must be a member of it.
            let drop = format!("GRANT {role} TO CURRENT_USER; DROP OWNED BY {role} CASCADE; DROP ROLE {role}");
            client.batch_execute(&drop).await?;
        }
    }
    client.batch_execute("COMMIT").await
}
