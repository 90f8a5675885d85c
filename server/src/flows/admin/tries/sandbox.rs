//! A server for one request: its back ends are copies of what the request can touch, or hold back what it does. Hooks, password
//! hashes and settings are those of the real one.

use std::{collections::BTreeMap, sync::Arc};

use aerocall_contract::Capability;
use tempfile::TempDir;
use tokio::sync::Notify;

use crate::{
    app::App,
    base::{
        error::{Error, Result},
        ids::{HookName, Scope},
        input::HostList,
        private,
    },
    domain::{
        events::{Feeds, StreamPermits},
        project::Settings,
    },
    flows::steps::{hook_target::Loaded, one_time::TokenPurpose},
    hooks::{
        Breaker, Live, LiveHook, Observers, State, Switch,
        local::GivenHosts,
        records::Records,
        rollouts::{Counts, Places},
        sdk::Platform,
    },
    observability::{metrics::Metrics, readiness::Readiness},
    outbound::oidc::Oidc,
    security::{access::Access, limits::Limits, token::Keyring},
    storage::{
        cache::OverlayCache,
        queue::{Broker, Depth},
        revisions::Changes,
        store::{Origin, Store},
        tenant::{Duplicate, QueryPermits},
    },
};

/// Of the project's own database: it is copied while somebody waits.
const MOST_TENANT_BYTES: u64 = 64 << 20;

/// The server and what lies under it.
pub(super) struct Sandbox {
    pub(super) app: Arc<App>,
    scope: Scope,
    /// Gone with it.
    _directory: TempDir,
}

impl Sandbox {
    /// Copies what the environment is, and whoever `names` names.
    pub(super) async fn open(
        app: &App,
        scope: &Scope,
        names: &[String],
        uses: BTreeMap<HookName, Loaded>,
        hosts: Option<GivenHosts>,
    ) -> Result<Self> {
        let directory = private::temporary_directory();
        let directory = directory.map_err(|error| Error::unexpected("making a directory for a dry-run", error))?;
        let store = Store::empty(directory.path()).await?;
        let purposes: Vec<&str> = TokenPurpose::ALL.iter().map(|purpose| purpose.as_str()).collect();
        let origin = Origin::open(&app.store, &store, scope, &purposes).await?;
        origin.adopt(names).await?;
        let hosts = hosts
            .unwrap_or_else(GivenHosts::none)
            .with_secrets(secrets(&store, scope).await?);
        origin
            .sign_with(app.keyring.throwaway(scope, app.clock.now_ms())?)
            .await?;
        let live = app.hooks.registry.live(scope);
        let live = live.map_or_else(Live::nothing, |live| live.beside());
        let app = beside(app, store, Arc::new(origin), Arc::new(hosts)).await?;
        let live = with(live, uses);
        if live.hooks.iter().any(|hook| hook.manifest.declares(Capability::Db)) {
            copy_tables(&app, scope).await;
        }
        app.hooks.registry.install(scope, live);
        Ok(Self {
            app,
            scope: scope.clone(),
            _directory: directory,
        })
    }

    /// Leaves nothing; what is kept for the dry-run is gone.
    pub(super) async fn close(self) {
        if let Err(error) = self.app.hooks.platform.tenants.remove(&self.scope).await {
            tracing::warn!(scope = %self.scope, error = error.message, "the copy of a project's database cannot be removed");
        }
    }
}

/// Copies the project's own tables before a hook asks for them: its time is not for that. What cannot be copied is said to the hook.
async fn copy_tables(app: &App, scope: &Scope) {
    if let Err(error) = app.hooks.platform.tenants.session(scope).await {
        tracing::debug!(%scope, error = error.message, "a project's database cannot be copied for a dry-run");
    }
}

/// The deployment with these versions in the place of its own; what is not in it runs after the others.
fn with(mut live: Live, uses: BTreeMap<HookName, Loaded>) -> Live {
    for (name, loaded) in uses {
        let used = used(&name, loaded);
        match live.hooks.iter_mut().find(|hook| hook.name == name.as_str()) {
            Some(hook) => {
                let policy = hook.policy;
                *hook = LiveHook { policy, ..used };
            }
            None => live.hooks.push(used),
        }
    }
    live
}

/// The hook in the version that is tried.
fn used(name: &HookName, loaded: Loaded) -> LiveHook {
    LiveHook {
        name: name.as_str().to_owned(),
        version_number: loaded.number,
        digest: loaded.hook.digest().to_owned(),
        manifest: loaded.hook.manifest().clone(),
        state: State::Enabled,
        policy: None,
        limits: loaded.limits,
        breaker: Arc::new(Breaker::new(Switch::On)),
        loaded: Ok(loaded.hook),
        rollout: None,
    }
}

async fn secrets(store: &Store, scope: &Scope) -> Result<Vec<(String, HostList)>> {
    let own = scope.clone();
    let rows = store.read(move |tx| tx.secrets(&own)).await?;
    let hosts = |text: &str| HostList::stored(text).map_err(|error| Error::unexpected("reading a secret", error));
    rows.into_iter().map(|row| Ok((row.name, hosts(&row.hosts)?))).collect()
}

/// The parts of the server over these back ends.
async fn beside(app: &App, store: Store, origin: Arc<Origin>, hosts: Arc<GivenHosts>) -> Result<Arc<App>> {
    let mut config = app.config.clone();
    config.redis = None;
    config.limits.redis = None;
    config.queue.amqp = None;
    let real = &app.hooks.platform;
    let (clock, master) = (app.clock.clone(), Arc::clone(&app.master));
    let platform = Arc::new(Platform {
        store: store.clone(),
        clock: clock.clone(),
        cache: Arc::new(OverlayCache::new(
            Arc::clone(&real.cache),
            config.hooks.cache_bytes_per_project,
        )),
        tenants: Arc::new(Duplicate::new(Arc::clone(&real.tenants), MOST_TENANT_BYTES)),
        passwords: Arc::clone(&real.passwords),
        depth: Arc::new(Depth::new(config.queue.waiting_per_project)),
        egress: Arc::new(real.egress.reading()),
        master: Arc::clone(&master),
        waiting: Arc::default(),
        mails: Notify::new(),
        events: Notify::new(),
        deliveries: Notify::new(),
        removals: Notify::new(),
        origin: Some(origin),
        hosts: Some(hosts),
    });
    let metrics = Arc::new(Metrics::new(config.metrics.per_project));
    let records = Records::start(store.clone(), Arc::clone(&master), clock.clone());
    let observers = Observers {
        records: records.clone(),
        metrics: Arc::clone(&metrics),
        counts: Counts::default(),
        shadows: Places::default(),
    };
    let broker = Arc::<Broker>::default();
    let hooks = app.hooks.beside(Arc::clone(&platform), observers);
    Ok(Arc::new(App {
        feeds: Feeds::new(store.clone()),
        streams: StreamPermits::default(),
        queries: QueryPermits::default(),
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
        limits: Limits::open(&config, &clock, &master)?,
        settings: Settings::new(store.clone(), &config.token),
        config,
        clock,
        changes: Changes::since(store.read(|tx| tx.revision()).await?),
        store,
        master,
        records,
        hooks,
        metrics,
        // No request of the admin API comes here.
        assistants: Arc::clone(&app.assistants),
        own: std::sync::Weak::new(),
    }))
}
