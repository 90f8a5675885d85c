//! The back ends that all calls share, and the one place where the capabilities of a call are put together.

use std::{collections::BTreeMap, sync::Arc};

use aerocall_contract::Capability;
use aerocall_runtime::{Host, Limits, Manifest};
use tokio::sync::Notify;

use super::{
    CallSecrets, Effects, ScopedAuth, ScopedCache, ScopedDb, ScopedHttp, ScopedQueue, ScopedSecrets, Simulation,
    Staged, Wakes, budget::Budget,
};
use crate::{
    base::{
        clock::Clock,
        config::Config,
        crypto::MasterKey,
        error::{Error, Result},
        ids::Scope,
        input::Plaintext,
    },
    hooks::local::GivenHosts,
    outbound::{
        egress::{Egress, SystemResolver},
        mail::Composer,
    },
    security::password::Passwords,
    storage::{
        cache::{self, CacheStore, Neighbours},
        queue::{Depth, Handling},
        store::{Origin, Store, StoreError, Tx},
        tenant::{self, TenantDatabases},
    },
};

/// What is behind the SDK.
pub(crate) struct Platform {
    pub(crate) store: Store,
    pub(crate) clock: Clock,
    pub(crate) cache: Arc<dyn CacheStore>,
    pub(crate) tenants: Arc<dyn TenantDatabases>,
    pub(crate) passwords: Arc<Passwords>,
    pub(crate) depth: Arc<Depth>,
    pub(crate) egress: Arc<Egress>,
    pub(crate) master: Arc<MasterKey>,
    /// Notifies the worker of this process of jobs.
    pub(crate) waiting: Arc<Notify>,
    /// The same for mails.
    pub(crate) mails: Notify,
    /// The same for events.
    pub(crate) events: Notify,
    /// The same for webhooks.
    pub(crate) deliveries: Notify,
    /// The same for what deleted projects and environments had.
    pub(crate) removals: Notify,
    /// Of a request that is tried: where the rows are that its own store does not have yet.
    pub(crate) origin: Option<Arc<Origin>>,
    /// Of a request that is tried: who responds in the place of other hosts.
    pub(crate) hosts: Option<Arc<GivenHosts>>,
}

/// What the capabilities of a call are bound to.
pub(crate) struct Binding<'a> {
    pub(crate) scope: &'a Scope,
    /// What the bundle declared.
    pub(crate) manifest: &'a Manifest,
    pub(crate) limits: &'a Limits,
    pub(crate) effects: &'a Arc<Effects>,
    /// The flow's password, while there is one.
    pub(crate) password: Option<&'a Arc<Plaintext>>,
    /// How consumers want their messages, by what they answer.
    pub(crate) handlings: BTreeMap<String, Handling>,
}

impl Platform {
    /// Opens the back ends that the settings name.
    pub(crate) async fn open(config: &Config, store: &Store, clock: &Clock, master: &Arc<MasterKey>) -> Result<Self> {
        Ok(Self {
            store: store.clone(),
            clock: clock.clone(),
            cache: cache::open(
                config.redis.as_ref(),
                config.hooks.cache_bytes_per_project,
                match config.limits.redis {
                    Some(_) => Neighbours::None,
                    None => Neighbours::Limits,
                },
            )?,
            tenants: tenant::open(&config.tenant, Arc::clone(master), clock.clone())?,
            passwords: Arc::new(Passwords::new(&config.password)?),
            depth: Arc::new(Depth::new(config.queue.waiting_per_project)),
            egress: Arc::new(Egress::new(&config.egress, Arc::new(SystemResolver::default()))?),
            master: Arc::clone(master),
            waiting: Arc::default(),
            mails: Notify::new(),
            events: Notify::new(),
            deliveries: Notify::new(),
            removals: Notify::new(),
            origin: None,
            hosts: None,
        })
    }

    /// The effects of a request, or of one call. `hops`: jobs that led here.
    pub(crate) fn effects(&self, scope: &Scope, hops: i32) -> Arc<Effects> {
        Effects::new(Arc::clone(&self.tenants), scope, hops)
    }

    /// The capabilities of a call.
    pub(crate) fn bind(&self, to: Binding<'_>) -> Host {
        let declared = to.manifest.parts(Capability::Secrets);
        let secrets = CallSecrets::new(self.store.clone(), Arc::clone(&self.master), to.scope, declared);
        let secrets = Arc::new(secrets);
        Host {
            cache: Some(Arc::new(ScopedCache::new(Arc::clone(&self.cache), to.scope))),
            db: Some(Arc::new(ScopedDb::new(Arc::clone(to.effects), to.limits))),
            auth: Some(Arc::new(self.auth(&to))),
            http: Some(match &self.hosts {
                Some(hosts) => hosts.declared_by(to.manifest),
                None => Arc::new(self.http(&to, &secrets)),
            }),
            queue: Some(Arc::new(self.queue(to))),
            secrets: Some(Arc::new(ScopedSecrets::new(secrets))),
        }
    }

    /// The capabilities of a call that must change nothing. Its effects are for nobody to commit.
    pub(crate) fn bind_simulated(&self, to: Binding<'_>, simulation: &Simulation) -> Host {
        simulation.of(self.bind(to))
    }

    /// Makes real what a call of its own has staged: an after-hook or a script hook that succeeded.
    pub(crate) async fn commit(&self, scope: &Scope, effects: &Effects, actor: String) -> Result<()> {
        let staged = effects.take();
        if !staged.is_empty() {
            self.write_again(scope, staged, actor, |_| Ok(())).await?;
        }
        self.commit_tables(scope, effects).await
    }

    /// Commits the writes to the project's own tables, after the transaction of the core store.
    pub(crate) async fn commit_tables(&self, scope: &Scope, effects: &Effects) -> Result<()> {
        effects.commit_tables().await.map_err(|error| {
            tracing::error!(%scope, code = ?error.code, "what hooks wrote to the project's database could not be committed");
            Error::unexpected("committing the writes of hooks", error)
        })
    }

    /// Notifies the worker of this process of new work.
    pub(crate) fn wake(&self) {
        self.waiting.notify_one();
        self.mails.notify_one();
    }

    /// The one way by which what hooks staged becomes real: in a transaction with what else belongs to it. The worker is
    /// notified afterwards, if there is something for it.
    pub(crate) async fn write<T: Send + 'static>(
        &self,
        scope: &Scope,
        staged: Staged,
        actor: String,
        work: impl FnOnce(&mut Tx<'_>) -> std::result::Result<T, StoreError> + Send + 'static,
    ) -> std::result::Result<T, StoreError> {
        let (scope, now_ms, wakes) = (scope.clone(), self.clock.now_ms(), staged.wakes());
        let done = self.store.write(move |tx| {
            staged.apply(tx, &scope, &actor, now_ms)?;
            work(tx)
        });
        let done = done.await?;
        self.wake_for(wakes);
        Ok(done)
    }

    /// The same for work that can be done twice: see [`Store::write_again`].
    pub(crate) async fn write_again<T: Send + 'static>(
        &self,
        scope: &Scope,
        staged: Staged,
        actor: String,
        mut work: impl FnMut(&mut Tx<'_>) -> std::result::Result<T, StoreError> + Send + 'static,
    ) -> std::result::Result<T, StoreError> {
        let (scope, now_ms, wakes) = (scope.clone(), self.clock.now_ms(), staged.wakes());
        let done = self.store.write_again(move |tx| {
            staged.apply(tx, &scope, &actor, now_ms)?;
            work(tx)
        });
        let done = done.await?;
        self.wake_for(wakes);
        Ok(done)
    }

    fn wake_for(&self, wakes: Wakes) {
        if wakes.worker {
            self.wake();
        }
        if wakes.events {
            self.events.notify_one();
        }
    }

    /// Makes mails.
    pub(crate) fn composer(&self) -> Composer {
        Composer::new(self.store.clone(), self.clock.clone())
    }

    fn queue(&self, to: Binding<'_>) -> ScopedQueue {
        ScopedQueue {
            store: self.store.clone(),
            clock: self.clock.clone(),
            scope: to.scope.clone(),
            effects: Arc::clone(to.effects),
            depth: Arc::clone(&self.depth),
            budget: Budget::new(to.limits.queue_messages),
            handlings: to.handlings,
        }
    }

    fn http(&self, to: &Binding<'_>, secrets: &Arc<CallSecrets>) -> ScopedHttp {
        ScopedHttp::new(
            Arc::clone(&self.egress),
            self.store.clone(),
            to.scope,
            Arc::clone(secrets),
            to.manifest.parts(Capability::Http),
            to.limits,
        )
    }

    fn auth(&self, to: &Binding<'_>) -> ScopedAuth {
        ScopedAuth {
            store: self.store.clone(),
            origin: self.origin.clone(),
            clock: self.clock.clone(),
            scope: to.scope.clone(),
            effects: Arc::clone(to.effects),
            passwords: Arc::clone(&self.passwords),
            password: to.password.map(Arc::clone),
            password_checks: ScopedAuth::password_checks(),
            composer: self.composer(),
            emails: Budget::new(to.limits.emails),
        }
    }
}
