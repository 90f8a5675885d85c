//! Which deployment is live in which scope, and the loaded hooks behind it. A request takes the deployment once per
//! point as a whole, so it never sees half of a new one.

use std::{
    collections::{HashMap, HashSet},
    path::Path,
    sync::{Arc, Mutex, PoisonError, RwLock, Weak},
    time::Duration,
};

use aerocall_runtime::{
    BuildDiagnostic, BuildOutput, BuildRequest, Compiling, Hook, LoadError, Manifest, RequestedLimits, Requester,
    Runtime, TypesRequest,
};

use super::{
    Breaker, Live, LiveHook, Policy, State, Switch,
    engines::Engines,
    live, refused,
    rollouts::{Plan, Rollout},
    stored::{Stored, StoredRollout, read_limits},
};
use crate::{
    base::{
        clock::Clock,
        config::HookConfig,
        error::{Error, Result},
        ids::{Scope, Slug},
    },
    storage::store::{DeployedHook, SettingName, Store, VersionRow},
};

/// The live deployments of every scope.
pub(crate) struct Registry {
    runtime: Arc<Runtime>,
    engines: Arc<Engines>,
    store: Store,
    config: HookConfig,
    live: RwLock<HashMap<Scope, Arc<Live>>>,
    /// Hooks that some deployment holds, by digest: projects that run the same bytes share what was compiled.
    loaded: Mutex<HashMap<String, Weak<Hook>>>,
}

impl Registry {
    pub(super) fn new(runtime: Arc<Runtime>, store: Store, clock: Clock, config: HookConfig) -> Self {
        let engines = Engines::new(Arc::clone(&runtime), store.clone(), clock);
        Self {
            runtime,
            engines: Arc::new(engines),
            store,
            config,
            live: RwLock::default(),
            loaded: Mutex::default(),
        }
    }

    /// Another one with the same runtime, in which nothing is live yet.
    pub(super) fn beside(&self, store: Store) -> Self {
        Self {
            runtime: Arc::clone(&self.runtime),
            engines: Arc::clone(&self.engines),
            store,
            config: self.config.clone(),
            live: RwLock::default(),
            loaded: Mutex::default(),
        }
    }

    /// How busy the compilers are.
    pub(crate) fn compiling(&self) -> Compiling {
        self.runtime.compiling()
    }

    /// Name and digest of each JavaScript engine.
    pub(crate) fn engines(&self) -> Vec<(String, String)> {
        self.runtime.engines()
    }

    /// What runs in the scope now.
    pub(crate) fn live(&self, scope: &Scope) -> Option<Arc<Live>> {
        self.live
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .get(scope)
            .map(Arc::clone)
    }

    /// What runs in every scope now.
    pub(crate) fn all(&self) -> Vec<(Scope, Arc<Live>)> {
        let all = self.live.read().unwrap_or_else(PoisonError::into_inner);
        all.iter()
            .map(|(scope, live)| (scope.clone(), Arc::clone(live)))
            .collect()
    }

    /// Where a rollout goes on whose time is over.
    pub(super) fn overdue(&self, now_ms: i64) -> Vec<Scope> {
        let all = self.live.read().unwrap_or_else(PoisonError::into_inner);
        let is_overdue = |live: &Live| live.rollouts().any(|rollout| rollout.plan.until_ms <= now_ms);
        let overdue = all.iter().filter(|(_, live)| is_overdue(live));
        overdue.map(|(scope, _)| scope.clone()).collect()
    }

    /// Makes the deployment live for every request from now on, unless a newer state of the scope is live already.
    pub(crate) fn install(&self, scope: &Scope, new: Live) {
        let mut all = self.live.write().unwrap_or_else(PoisonError::into_inner);
        let is_newer = all.get(scope).is_none_or(|current| current.revision <= new.revision);
        if is_newer {
            let goes_on: HashSet<String> = new.rollouts().map(|rollout| rollout.plan.id.clone()).collect();
            let before = all.insert(scope.clone(), Arc::new(new));
            let rollouts = before.iter().flat_map(|before| before.rollouts());
            rollouts
                .filter(|rollout| !goes_on.contains(&rollout.plan.id))
                .for_each(|rollout| rollout.end());
        }
    }

    /// Nothing is live in the scope any more: it was deleted. What was compiled for it goes, unless somebody else has it loaded.
    pub(crate) fn remove(&self, scope: &Scope) {
        let mut all = self.live.write().unwrap_or_else(PoisonError::into_inner);
        let removed = all.remove(scope);
        drop(all);
        let rollouts = removed.iter().flat_map(|removed| removed.rollouts());
        rollouts.for_each(|rollout| rollout.end());
        let hooks = removed.as_deref().map(|live| live.hooks.as_slice()).unwrap_or_default();
        let digests: Vec<String> = hooks.iter().map(|hook| hook.digest.clone()).collect();
        drop(removed);
        digests.iter().for_each(|digest| self.discard(digest));
    }

    /// Brings back what was live when the server stopped.
    pub(crate) async fn restore(&self) -> Result<()> {
        for scope in self.store.read(|tx| tx.scopes()).await? {
            self.restore_scope(&scope).await?;
        }
        Ok(())
    }

    /// Reads the scope's deployment and settings anew. A hook that does not load is kept as such.
    pub(crate) async fn restore_scope(&self, scope: &Scope) -> Result<()> {
        if let Some(stored) = self.stored(scope).await? {
            let live = self.assemble(scope, stored).await?;
            self.install(scope, live);
        }
        Ok(())
    }

    /// Takes over what another node made live. It could load all of it; if this one cannot, what is live here stays, and the
    /// error is for trying again. Where nothing is live, a deployment with a broken hook is safer than none: its policy
    /// decides.
    pub(crate) async fn follow(&self, scope: &Scope) -> Result<()> {
        let Some(stored) = self.stored(scope).await? else {
            return Ok(());
        };
        let limits = read_limits(stored.limits.clone())?;
        let current = self.live(scope);
        let is_new = current
            .as_ref()
            .is_none_or(|live| live.number != stored.deployment.number);
        if let Some(live) = current.as_ref().filter(|_| !is_new)
            && live.limits == limits
            && same_rollouts(live, &stored)?
        {
            return Ok(());
        }
        let new = self.assemble(scope, stored).await?;
        match new.broken() {
            Some(hook) if is_new && current.is_some() => Err(Error::unexpected(
                "taking over a deployment",
                format!("`{hook}` does not load here; the deployment before it stays live"),
            )),
            _ => {
                self.install(scope, new);
                Ok(())
            }
        }
    }

    async fn stored(&self, scope: &Scope) -> Result<Option<Stored>> {
        let wanted = scope.clone();
        Ok(self.store.read(move |tx| Stored::newest(tx, &wanted)).await?)
    }

    /// Loads every version, for a deployment that is about to be made: one that does not load is refused.
    pub(crate) async fn load_all(&self, scope: &Scope, versions: &[VersionRow]) -> Result<Vec<Arc<Hook>>> {
        let mut hooks = Vec::with_capacity(versions.len());
        for version in versions {
            let patience = Some(self.config.compile_wait);
            let loaded = self.load_version(scope, &version.id, &version.digest, patience).await?;
            hooks.push(loaded.map_err(|error| refused(error, Some(&version.name)))?);
        }
        Ok(hooks)
    }

    /// Loads the hooks of a deployment. One that does not load is kept as such: see [`LiveHook::loaded`].
    pub(crate) async fn assemble(&self, scope: &Scope, stored: Stored) -> Result<Live> {
        let limits = read_limits(stored.limits)?;
        // Breakers know how hooks have fared; that is still true when only a limit or a rollout changes.
        let current = self.live(scope).filter(|live| live.number == stored.deployment.number);
        let known = |name: &str| {
            current
                .iter()
                .flat_map(|live| &live.hooks)
                .find(|hook| hook.name == name)
        };
        let mut live = Vec::with_capacity(stored.hooks.len());
        for line in stored.hooks {
            let known = known(&line.version.name);
            let of_line = |rollout: &&StoredRollout| {
                rollout.row.hook == line.version.name && rollout.row.live_version_id == line.version.id
            };
            let rollout = match stored.rollouts.iter().find(of_line) {
                Some(rollout) => Box::pin(self.rollout(scope, rollout, &line, &limits, known)).await?,
                None => None,
            };
            let mut hook = self.loaded_hook(scope, line, &limits).await?;
            hook.rollout = rollout;
            if let Some(known) = known {
                hook.breaker = Arc::clone(&known.breaker);
            }
            live.push(hook);
        }
        Ok(Live {
            number: stored.deployment.number,
            revision: stored.revision,
            limits,
            hooks: live,
        })
    }

    async fn loaded_hook(&self, scope: &Scope, line: DeployedHook, limits: &RequestedLimits) -> Result<LiveHook> {
        // Nobody waits for an answer.
        let patience = None;
        let loaded = self
            .load_version(scope, &line.version.id, &line.version.digest, patience)
            .await?;
        if let Err(error) = &loaded {
            tracing::error!(%scope, hook = line.version.name, digest = line.version.digest, %error, "hook does not load");
        }
        self.live_hook(line, limits, loaded)
    }

    /// A version beside the one of a line of the deployment; everything else is as in that line. One that does not load is kept as
    /// such: its calls are those of the live version.
    async fn rollout(
        &self,
        scope: &Scope,
        stored: &StoredRollout,
        line: &DeployedHook,
        limits: &RequestedLimits,
        known: Option<&LiveHook>,
    ) -> Result<Option<Arc<Rollout>>> {
        let Some(version) = stored.version.clone() else {
            tracing::error!(%scope, hook = stored.row.hook, "the version of a rollout is gone");
            return Ok(None);
        };
        let plan = Plan::of(&stored.row)?;
        let line = DeployedHook {
            version,
            ..line.clone()
        };
        let mut candidate = self.loaded_hook(scope, line, limits).await?;
        let known = known.and_then(|hook| hook.rollout.as_ref());
        let known = known.filter(|known| known.plan.id == plan.id);
        if let Some(known) = known {
            candidate.breaker = Arc::clone(&known.candidate.breaker);
        }
        Ok(Some(Arc::new(Rollout::new(plan, candidate, known.map(AsRef::as_ref)))))
    }

    /// The most that a call may use in the scope, as the project has set it.
    pub(crate) async fn project_limits(&self, scope: &Scope) -> Result<RequestedLimits> {
        let scope = scope.clone();
        let kept = self
            .store
            .read(move |tx| tx.setting(&scope, SettingName::Limits))
            .await?;
        read_limits(kept)
    }

    fn live_hook(
        &self,
        hook: DeployedHook,
        project: &RequestedLimits,
        loaded: std::result::Result<Arc<Hook>, LoadError>,
    ) -> Result<LiveHook> {
        let damaged = |error| Error::unexpected("reading a stored deployment", error);
        let manifest: Manifest = serde_json::from_str(&hook.version.manifest).map_err(damaged)?;
        let limits: RequestedLimits = serde_json::from_str(&hook.limits).map_err(damaged)?;
        Ok(LiveHook {
            limits: live::limits(&manifest.limits, &limits.tighter(project), &self.config),
            policy: hook
                .failure_policy
                .as_deref()
                .and_then(|policy| Policy::parse(policy).ok()),
            state: if hook.state == "enabled" {
                State::Enabled
            } else {
                State::Disabled
            },
            breaker: Arc::new(Breaker::new(match hook.breaker.as_str() {
                "off" => Switch::Off,
                _ => Switch::On,
            })),
            version_number: u32::try_from(hook.version.number).unwrap_or(0),
            name: hook.version.name,
            digest: hook.version.digest,
            manifest,
            loaded,
            rollout: None,
        })
    }

    async fn load_version(
        &self,
        scope: &Scope,
        version_id: &str,
        digest: &str,
        patience: Option<Duration>,
    ) -> Result<std::result::Result<Arc<Hook>, LoadError>> {
        if let Some(hook) = self.held(digest) {
            return Ok(Ok(hook));
        }
        let (project, id) = (scope.project.clone(), version_id.to_owned());
        let component = self.store.read(move |tx| tx.component(&project, &id)).await?;
        let component = component.ok_or_else(|| Error::unexpected("loading a hook", "the version has no bytes"))?;
        Ok(self.load_for(&scope.project, patience, &component).await)
    }

    /// Checks and loads a bundle that the project has sent.
    pub(crate) async fn load(&self, project: &Slug, component: &[u8]) -> std::result::Result<Arc<Hook>, LoadError> {
        self.load_for(project, Some(self.config.compile_wait), component).await
    }

    /// Builds sources that the project has sent, in a process of its own, when it is the project's turn.
    pub(crate) async fn build(
        &self,
        project: &Slug,
        request: &BuildRequest,
    ) -> std::result::Result<BuildOutput, LoadError> {
        let requester = Requester {
            name: project.as_str(),
            patience: Some(self.config.compile_wait),
        };
        self.runtime.build_for(requester, request).await
    }

    /// TypeScript's compiler, if the server has one.
    pub(crate) fn type_checker(&self) -> Option<&Path> {
        self.config.tsc.as_deref()
    }

    /// Checks the types of sources that the project has sent, in a process of its own, when it is the project's turn.
    pub(crate) async fn check_types(
        &self,
        project: &Slug,
        tsc: &Path,
        request: &TypesRequest,
    ) -> std::result::Result<Vec<BuildDiagnostic>, LoadError> {
        let requester = Requester {
            name: project.as_str(),
            patience: Some(self.config.compile_wait),
        };
        self.runtime.check_types_for(requester, tsc, request).await
    }

    /// Removes what was compiled of a bundle, unless it is loaded.
    pub(crate) fn discard(&self, digest: &str) {
        self.runtime.discard(digest);
    }

    async fn load_for(
        &self,
        project: &Slug,
        patience: Option<Duration>,
        component: &[u8],
    ) -> std::result::Result<Arc<Hook>, LoadError> {
        let requester = Requester {
            name: project.as_str(),
            patience,
        };
        let hook = self.engines.load(requester, component).await?;
        let mut loaded = self.loaded.lock().unwrap_or_else(PoisonError::into_inner);
        loaded.retain(|_, hook| hook.strong_count() > 0);
        loaded.insert(hook.digest().to_owned(), Arc::downgrade(&hook));
        Ok(hook)
    }

    fn held(&self, digest: &str) -> Option<Arc<Hook>> {
        self.loaded
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(digest)?
            .upgrade()
    }
}

/// Whether the same rollouts go on as are kept.
fn same_rollouts(live: &Live, stored: &Stored) -> Result<bool> {
    let mut kept = Vec::with_capacity(stored.rollouts.len());
    for rollout in &stored.rollouts {
        kept.push(Plan::of(&rollout.row)?);
    }
    kept.sort_by(|one, other| one.id.cmp(&other.id));
    let mut running: Vec<&Plan> = live.rollouts().map(|rollout| &rollout.plan).collect();
    running.sort_by(|one, other| one.id.cmp(&other.id));
    Ok(kept.iter().eq(running))
}
