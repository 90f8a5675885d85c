//! Everything that lives as long as the server, made once. Flows get a reference; transactions never do.

use std::{os::unix::fs::DirBuilderExt as _, sync::Arc};

use aerocall_runtime::Runtime;

use crate::{
    clock::Clock,
    config::Config,
    error::{Error, Result},
    hooks::Hooks,
    password::Passwords,
    store::Store,
    tenant::{self, TenantDatabases},
    token::{Keyring, MasterKey},
};

/// The parts of the server.
pub(crate) struct App {
    pub(crate) config: Config,
    pub(crate) clock: Clock,
    pub(crate) store: Store,
    pub(crate) passwords: Passwords,
    pub(crate) keyring: Keyring,
    pub(crate) hooks: Hooks,
    /// The projects' own databases.
    pub(crate) tenant: Arc<dyn TenantDatabases>,
}

impl App {
    /// Opens the data directory and the database, and brings back what was live.
    pub(crate) async fn open(config: Config, runtime: Arc<Runtime>) -> Result<Arc<Self>> {
        std::fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&config.data_dir)
            .map_err(|error| Error::unexpected("making the data directory", error))?;
        let clock = Clock::default();
        let store = Store::open(&config.database, &config.store).await?;
        let master = Arc::new(MasterKey::load(&config.data_dir.join("master.key"))?);
        let tenant = tenant::open(&config.tenant, Arc::clone(&master), clock.clone())?;
        let hooks = Hooks::new(runtime, store.clone(), clock.clone(), config.hooks.clone());
        hooks.registry.restore().await?;
        Ok(Arc::new(Self {
            passwords: Passwords::new(&config.password)?,
            keyring: Keyring::new(store.clone(), master, config.public_url.clone()),
            config,
            clock,
            store,
            hooks,
            tenant,
        }))
    }
}
