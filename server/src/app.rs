//! Everything that lives as long as the server, made once. Flows get a reference; transactions never do.

use std::sync::{Arc, Weak};

use aerocall_runtime::Runtime;

use crate::{
    assistant::Assistants,
    base::{
        clock::Clock,
        config::Config,
        crypto::MasterKey,
        error::{Error, Result},
        private,
    },
    domain::{
        events::{Feeds, StreamPermits},
        project::Settings,
    },
    hooks::{
        Hooks, Observers,
        records::Records,
        rollouts::{Counts, Places},
        sdk::Platform,
    },
    observability::{metrics::Metrics, readiness::Readiness},
    outbound::{egress::SystemResolver, mail, models::Models, oidc::Oidc},
    security::{
        access::Access,
        limits::Limits,
        password::Passwords,
        token::{self, Keyring},
    },
    storage::{queue::Broker, revisions::Changes, store::Store, tenant},
};

/// The parts of the server.
pub(crate) struct App {
    pub(crate) config: Config,
    pub(crate) clock: Clock,
    pub(crate) store: Store,
    pub(crate) master: Arc<MasterKey>,
    pub(crate) access: Access,
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
    pub(crate) queries: tenant::QueryPermits,
    pub(crate) readiness: Readiness,
    pub(crate) broker: Arc<Broker>,
    pub(crate) assistants: Arc<Assistants>,
    /// For work that goes on after its request.
    pub(crate) own: Weak<Self>,
}

/// Makes the data directory, for its owner alone, if it is not there.
pub(crate) fn make_data_dir(config: &Config) -> Result<()> {
    private::directory(&config.data_dir).map_err(|error| Error::unexpected("making the data directory", error))
}

impl App {
    /// Opens the data directory and the databases, and brings back what was live.
    pub(crate) async fn open(config: Config, runtime: Arc<Runtime>) -> Result<Arc<Self>> {
        mail::check(&config.mail)?;
        make_data_dir(&config)?;
        let clock = Clock::default();
        let store = Store::open(&config.database, &config.store).await?;
        store.lead(&clock).await?;
        let master = Arc::new(token::master_key(&config, &store).await?);
        let records = Records::start(store.clone(), Arc::clone(&master), clock.clone());
        let platform = Arc::new(Platform::open(&config, &store, &clock, &master).await?);
        platform.tenants.check().await?;
        tenant::warn_if_shared(&config.database, &config.tenant);
        let metrics = Arc::new(Metrics::new(config.metrics.per_project));
        let broker = Arc::<Broker>::default();
        let observers = Observers {
            records: records.clone(),
            metrics: Arc::clone(&metrics),
            counts: Counts::default(),
            shadows: Places::default(),
        };
        let hooks = Hooks::new(runtime, Arc::clone(&platform), observers, config.hooks.clone());
        // Read first: what is changed while the deployments are loaded is found again.
        let changes = Changes::since(store.read(|tx| tx.revision()).await?);
        hooks.registry.restore().await?;
        let assistants = Arc::new(Assistants::new(
            Models::new(&config, Arc::new(SystemResolver::default()))?,
            store.clone(),
            Arc::clone(&master),
            clock.clone(),
            config.assistant.clone(),
        ));
        let limits = Limits::open(&config, &clock, &master)?;
        Ok(Arc::new_cyclic(|own| Self {
            own: own.clone(),
            assistants,
            feeds: Feeds::new(store.clone()),
            streams: StreamPermits::default(),
            queries: tenant::QueryPermits::default(),
            access: Access::new(store.clone(), clock.clone()),
            passwords: Arc::clone(&platform.passwords),
            keyring: Keyring::new(
                store.clone(),
                Arc::clone(&master),
                config.public_url.clone(),
                config.token.key_overlap_seconds,
            ),
            oidc: Oidc::new(Arc::clone(&platform.egress)),
            readiness: Readiness::new(
                &config,
                store.clone(),
                Arc::clone(&platform.tenants),
                &platform.cache,
                &broker,
            ),
            broker,
            limits,
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

    /// For work that goes on after its request; none once the server is gone.
    pub(crate) fn shared(&self) -> Option<Arc<Self>> {
        self.own.upgrade()
    }
}
