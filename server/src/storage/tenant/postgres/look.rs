//! What an operator asks of the tenants' database: each scope's rights and logins, damage, and making rights anew.

use aerocall_runtime::host::SdkError;
use tokio_postgres::Client;

use super::{super::look::Looked, PostgresDatabases, admin, connector::Login, error, names::Names, rights};
use crate::{
    base::{error::chain, ids::Scope},
    storage::{
        soundness::{AMCHECK, CHECKSUMS, Soundness, looked_on_postgres},
        write_fault::Unready,
    },
};

impl PostgresDatabases {
    /// Everything about these scopes, which are all there are.
    pub(in crate::storage::tenant) async fn look_at(&self, scopes: &[Scope]) -> Result<Looked, SdkError> {
        let asking = |error| error::of_ours("looking at a schema", &error);
        let mut looked = Looked::default();
        let client = self.client().await?;
        let mut schemas = rights::schemas(&client).await.map_err(asking)?;
        for scope in scopes {
            let names = Names::of(self.connector.database(), scope);
            let found = rights::look(&client, &names).await.map_err(asking)?;
            let Some(mut problems) = found else { continue };
            schemas.retain(|schema| *schema != names.schema);
            looked.made += 1;
            // Whoever is not there cannot log in, and that has been said.
            if !problems.iter().any(|problem| problem.contains("is missing")) {
                problems.extend(self.logins(&names).await);
            }
            looked
                .problems
                .extend(problems.iter().map(|problem| format!("{scope}: {problem}")));
        }
        looked.strangers = schemas.len();
        Ok(looked)
    }

    /// Makes roles, owners and grants of these scopes anew where something was made for them. How many that were.
    pub(in crate::storage::tenant) async fn mend(&self, scopes: &[Scope]) -> Result<usize, SdkError> {
        let client = self.client().await?;
        let mut mended = 0;
        for scope in scopes {
            let names = Names::of(self.connector.database(), scope);
            let found = rights::look(&client, &names).await;
            if found
                .map_err(|error| error::of_ours("looking at a schema", &error))?
                .is_some()
            {
                rights::mend(&self.admin, &names, &self.master).await?;
                mended += 1;
            }
        }
        Ok(mended)
    }

    /// Whether the cluster takes a change.
    pub(in crate::storage::tenant) async fn takes_changes(&self) -> Result<(), Unready> {
        let client = self.client().await.map_err(|error| Unready {
            words: "does not respond",
            cause: error.message,
        })?;
        admin::beat_on(&client).await
    }

    /// Looks at every table and index, where that can be done.
    pub(in crate::storage::tenant) async fn soundness(&self) -> Result<Soundness, SdkError> {
        let asking = |error| error::of_ours("looking for damage", &error);
        let client = self.client().await?;
        let parts = client.query_typed(AMCHECK, &[]).await.map_err(asking)?;
        let mut sound = Soundness::new(looked_on_postgres(parts.len()));
        let failures = client.query_typed(CHECKSUMS, &[]).await.map_err(asking)?;
        sound.found("", failures.iter().map(|row| row.get(0)));
        for part in parts {
            let (statement, name): (String, String) = (part.get(0), part.get(1));
            match client.query_typed(&statement, &[]).await {
                Ok(rows) => sound.found(&name, rows.iter().map(|row| row.get(0))),
                Err(error) if error.as_db_error().is_none() => return Err(asking(error)),
                // Takes too long, or is not for this user to look at.
                Err(error)
                    if error
                        .code()
                        .is_some_and(|code| ["57014", "42501"].contains(&code.code())) =>
                {
                    sound.skipped(&name);
                }
                Err(error) => sound.found(&name, [chain(&error)]),
            }
        }
        Ok(sound)
    }

    /// A connection of the address's own login that changes nothing, unlike the first one of a server.
    async fn client(&self) -> Result<Client, SdkError> {
        let link = self.connector.connect(&Login::server()).await;
        Ok(link.map_err(|error| error::connecting(&error))?.client)
    }

    async fn logins(&self, names: &Names) -> Vec<String> {
        let mut refused = Vec::new();
        for (role, login) in [
            (&names.owner, Login::owner(names, &self.master)),
            (&names.hooks, Login::hooks(names, &self.master)),
        ] {
            if let Err(error) = self.connector.connect(&login).await {
                refused.push(format!("the role {role} cannot log in: {}", chain(&error)));
            }
        }
        refused
    }
}
