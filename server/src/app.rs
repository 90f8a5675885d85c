//! Everything that lives as long as the server, made once. Flows get a reference; transactions never do.

use std::{os::unix::fs::DirBuilderExt as _, sync::Arc};

use aerocall_runtime::Runtime;

use crate::{
    base::{
        clock::Clock,
        config::Config,
        crypto::MasterKey,
        error::{Error, Result},
    },
    domain::{
        events::{Feeds, StreamPermits},
        project::Settings,
    },
    hooks::{Hooks, Observers, records::Records, sdk::Platform},
    observability::{metrics::Metrics, readiness::Readiness},
    outbound::oidc::Oidc,
    security::{
        limits::Limits,
        password::Passwords,
        token::{self, Keyring},
    },
    storage::{revisions::Changes, store::Store},
};

/// The parts of the server.
pub(crate) struct App {
    pub(crate) config: Config,
    pub(crate) clock: Clock,
    pub(crate) store: Store,
    pub(crate) master: Arc<MasterKey>,
    pub(crate) passwords: Arc<Passwords>,
    pub(crate) keyring: Keyring,
    pub(crate) settings: Settings,
    pub(crate) limits: Limits,
    pub(crate) oidc: Oidc,
    pub(crate) records: Records,
    pub(crate) hooks: Hooks,
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) changes: Changes,
    pub(crate) feeds: Feeds,
    pub(crate) streams: StreamPermits,
    pub(crate) readiness: Readiness,
}

/// Makes the data directory, for its owner alone, if it is not there.
pub(crate) fn make_data_dir(config: &Config) -> Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    let made = builder.recursive(true).mode(0o700).create(&config.data_dir);
    made.map_err(|error| Error::unexpected("making the data directory", error))
}

impl App {
    /// Opens the data directory and the databases, and brings back what was live.
    pub(crate) async fn open(config: Config, runtime: Arc<Runtime>) -> Result<Arc<Self>> {
        make_data_dir(&config)?;
        let clock = Clock::default();
        let store = Store::open(&config.database, &config.store).await?;
        let master = Arc::new(token::master_key(&config, &store).await?);
        let records = Records::start(store.clone(), Arc::clone(&master), clock.clone());
        let platform = Arc::new(Platform::open(&config, &store, &clock, &master).await?);
        let metrics = Arc::new(Metrics::new(config.metrics.per_project));
        let observers = Observers {
            records: records.clone(),
            metrics: Arc::clone(&metrics),
        };
        let hooks = Hooks::new(runtime, Arc::clone(&platform), observers, config.hooks.clone());
        // Read first: what is changed while the deployments are loaded is found again.
        let changes = Changes::since(store.read(|tx| tx.revision()).await?);
        hooks.registry.restore().await?;
        Ok(Arc::new(Self {
            feeds: Feeds::new(store.clone()),
            streams: StreamPermits::default(),
            passwords: Arc::clone(&platform.passwords),
            keyring: Keyring::new(
                store.clone(),
                Arc::clone(&master),
                config.public_url.clone(),
                config.token.key_overlap_seconds,
            ),
            oidc: Oidc::new(Arc::clone(&platform.egress)),
            readiness: Readiness::new(&config, store.clone(), Arc::clone(&platform.tenants), &platform.cache),
            limits: Limits::open(&config, &clock, &master)?,
            settings: Settings::new(store.clone(), &config.token),
            config,
            clock,
            store,
            master,
            records,
            hooks,
            metrics,
            changes,
        }))
    }
}
