//! The connection that makes schemas and roles and asks for sizes. One for the process, made again when it breaks; no
//! statement of a tenant ever runs on it.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use aerocall_runtime::host::SdkError;
use tokio::sync::MutexGuard;
use tokio_postgres::{Client, types::Type};

use super::{
    super::{fault, layers::Layers},
    connector::{Connector, Link, Login},
    error, revoke,
};
use crate::{base::config::TenantConfig, storage::write_fault::Unready};

/// For how long a size is believed.
const SIZE_LASTS: Duration = Duration::from_secs(1);

/// For so long a change that was taken says that the next one will be.
const BEAT_LASTS: Duration = Duration::from_secs(15);

/// Needs new pages of the disk, and leaves nothing.
const BEAT: &str = "BEGIN; CREATE TEMPORARY TABLE aerocall_beat ON COMMIT DROP AS SELECT number FROM generate_series(1, 4096) AS \
                    number; COMMIT";

pub(super) struct Admin {
    connector: Arc<Connector>,
    link: tokio::sync::Mutex<Option<Link>>,
    bytes_per_database: u64,
    /// Connections that a role may have on all servers together.
    pub(super) connections_per_role: usize,
    /// When the last change of our own was taken.
    beaten: Mutex<Option<Instant>>,
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
            connections_per_role: config.connections_per_role,
            beaten: Mutex::default(),
            layers,
        }
    }

    /// The connection; the first one also sees to what everyone may do in the database.
    pub(super) async fn turn(&self) -> Result<AdminConnection<'_>, SdkError> {
        let mut held = self.link.lock().await;
        if held.as_ref().is_none_or(|link| link.client.is_closed()) {
            let connecting = |error| error::connecting(&error);
            self.connector.check_sessions().await.map_err(connecting)?;
            let link = self.connector.connect(&Login::server()).await.map_err(connecting)?;
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

    /// Whether the cluster answers and takes changes: at most once in a while with a table that is gone with its transaction.
    pub(super) async fn beat(&self) -> Result<(), Unready> {
        let turn = self.turn().await.map_err(|error| Unready {
            words: "does not respond",
            cause: error.message,
        })?;
        let link = turn.0.as_ref().ok_or_else(|| Unready {
            words: "does not respond",
            cause: "no connection".to_owned(),
        })?;
        let last = *self.beaten.lock().unwrap_or_else(PoisonError::into_inner);
        let is_due = last.is_none_or(|at| at.elapsed() >= BEAT_LASTS);
        if !is_due {
            let answered = link.client.batch_execute("SELECT 1").await;
            return answered.map_err(|error| Unready::silent(&error));
        }
        beat_on(&link.client).await?;
        *self.beaten.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
        Ok(())
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

/// Whether the cluster takes a change. The connection can be used on.
pub(super) async fn beat_on(client: &Client) -> Result<(), Unready> {
    let Err(error) = client.batch_execute(BEAT).await else {
        return Ok(());
    };
    let _ = client.batch_execute("ROLLBACK").await;
    Err(match error.as_db_error().and_then(error::write_fault) {
        Some(fault) => Unready::refusing(fault, crate::base::error::chain(&error)),
        None => Unready::silent(&error),
    })
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
