//! The connection that makes schemas and roles and asks for sizes. One for the process, made again when it breaks; no
//! statement of a tenant ever runs on it.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use aerocall_runtime::host::SdkError;
use tokio::sync::MutexGuard;
use tokio_postgres::types::Type;

use super::{
    super::{fault, layers::Layers},
    connector::{Connector, Link, Login},
    error, revoke,
};
use crate::base::config::TenantConfig;

/// For how long a size is believed.
const SIZE_LASTS: Duration = Duration::from_secs(1);

pub(super) struct Admin {
    connector: Arc<Connector>,
    link: tokio::sync::Mutex<Option<Link>>,
    bytes_per_database: u64,
    pub(super) layers: Layers,
}

/// A schema's size when it was last asked for.
#[derive(Default)]
pub(super) struct Size(Mutex<Option<(Instant, u64)>>);

/// The connection, held alone.
pub(super) struct AdminConnection<'a>(MutexGuard<'a, Option<Link>>);

impl Admin {
    pub(super) fn new(connector: Arc<Connector>, config: &TenantConfig, layers: Layers) -> Self {
        Self {
            connector,
            link: tokio::sync::Mutex::new(None),
            bytes_per_database: config.bytes_per_database,
            layers,
        }
    }

    /// The connection; the first one also sees to what everyone may do in the database.
    pub(super) async fn turn(&self) -> Result<AdminConnection<'_>, SdkError> {
        let mut held = self.link.lock().await;
        if held.as_ref().is_none_or(|link| link.client.is_closed()) {
            let link = self
                .connector
                .connect(&Login::server())
                .await
                .map_err(|error| error::connecting(&error))?;
            if self.layers.setup.is_on() {
                revoke::from_everyone(&link.client, self.connector.database())
                    .await
                    .map_err(|error| error::of_ours("revoking from everyone", &error))?;
            }
            *held = Some(link);
        }
        Ok(AdminConnection(held))
    }

    /// Refuses when the schema is as large as it may be.
    pub(super) async fn check_size(&self, schema: &str, size: &Size) -> Result<(), SdkError> {
        let bytes = match size.known() {
            Some(bytes) => bytes,
            None => {
                let bytes = self.measure(schema).await?;
                size.keep(bytes);
                bytes
            }
        };
        if bytes >= self.bytes_per_database && self.layers.budgets.is_on() {
            return Err(fault::full(self.bytes_per_database));
        }
        Ok(())
    }

    /// Whether the cluster answers.
    pub(super) async fn ping(&self) -> Result<(), SdkError> {
        let turn = self.turn().await?;
        let answered = turn.link()?.client.batch_execute("SELECT 1").await;
        answered.map_err(|error| error::of_ours("asking whether the database answers", &error))
    }

    async fn measure(&self, schema: &str) -> Result<u64, SdkError> {
        const SQL: &str = "SELECT coalesce(sum(pg_total_relation_size(c.oid)), 0)::bigint
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname = $1 AND c.relkind IN ('r', 'm', 'S')";
        let turn = self.turn().await?;
        let row = turn.link()?.client.query_typed_one(SQL, &[(&schema, Type::TEXT)]).await;
        let row = row.map_err(|error| error::of_ours("measuring a schema", &error))?;
        Ok(u64::try_from(row.get::<_, i64>(0)).unwrap_or(0))
    }
}

impl AdminConnection<'_> {
    pub(super) fn link(&self) -> Result<&Link, SdkError> {
        self.0.as_ref().ok_or_else(fault::unreachable)
    }
}

impl Size {
    fn known(&self) -> Option<u64> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known
            .filter(|(at, _)| at.elapsed() < SIZE_LASTS)
            .map(|(_, bytes)| bytes)
    }

    fn keep(&self, bytes: u64) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((Instant::now(), bytes));
    }
}
