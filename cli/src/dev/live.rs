//! A project made live on the server of `aerocall dev`, again after each change. What cannot be built or is refused is said, and
//! what was live stays live.

use std::{
    collections::BTreeMap,
    path::PathBuf,
    time::{Duration, Instant},
};

use aerocall_server::local;

use crate::{
    Failed,
    admin::{Admin, NoAnswer},
    bundles::{self, Builder, NotBuilt},
    deployment::{self, Hook},
    migrations,
    output::{details, list},
    project::Project,
    terminal::{self, Stream, Style, paint, plain},
};

/// Builds and deploys.
pub(crate) struct Live {
    root: PathBuf,
    builder: Builder,
    admin: Admin,
    /// By hook, the digests that the server has.
    uploaded: BTreeMap<String, Vec<String>>,
    /// What was last made live: nothing is deployed that is so already.
    last: Option<serde_json::Value>,
}

/// Why nothing new is live.
enum NotLive {
    NotBuilt(Vec<NotBuilt>),
    Failed(Failed),
    NoAnswer(NoAnswer),
}

impl From<Failed> for NotLive {
    fn from(failed: Failed) -> Self {
        Self::Failed(failed)
    }
}

impl From<NoAnswer> for NotLive {
    fn from(why: NoAnswer) -> Self {
        Self::NoAnswer(why)
    }
}

impl Live {
    pub(crate) fn new(root: PathBuf, builder: Builder, admin: Admin) -> Self {
        Self {
            root,
            builder,
            admin,
            uploaded: BTreeMap::new(),
            last: None,
        }
    }

    /// Makes live what is on disk, and says what came of it. `saved`: when it was saved.
    pub(crate) async fn update(&mut self, saved: Instant) {
        match self.deploy().await {
            Ok(Some((hooks, built))) => {
                let state = paint(Stream::Answer, Style::Good, "live");
                terminal::answer(format!(
                    "{state}  {}  built in {} ms, live after {} ms",
                    list(&hooks),
                    built.as_millis(),
                    saved.elapsed().as_millis()
                ));
            }
            Ok(None) => {}
            Err(why) => {
                say(why);
                terminal::say("nothing was deployed; what was live before stays live");
            }
        }
    }

    /// The names of what is live now and the time that building took; `None` if nothing is different.
    async fn deploy(&mut self) -> Result<Option<(Vec<String>, Duration)>, NotLive> {
        let began = Instant::now();
        let project = Project::open(&self.root)?;
        let migrations = migrations::read(&project.root)?;
        let hooks = self.build(&project).await?;
        let built = began.elapsed();
        let document = deployment::document(&hooks, &migrations);
        if self.last.as_ref() == Some(&document) {
            return Ok(None);
        }
        for hook in &hooks {
            let known = self.uploaded.entry(hook.bundle.name.clone()).or_default();
            if !known.contains(&hook.digest) {
                tokio::task::block_in_place(|| self.admin.upload(&hook.bundle.name, &hook.bundle.component, None))?;
                known.push(hook.digest.clone());
            }
        }
        let live = tokio::task::block_in_place(|| self.admin.deploy(&document))?;
        self.last = Some(document);
        for missing in &live.missing_secrets {
            terminal::say(format!(
                "warning: {} uses the secret {}, which this server does not have",
                plain(&missing.hook),
                plain(&missing.secret)
            ));
        }
        let names = live
            .live
            .hooks
            .iter()
            .map(|hook| format!("{} v{}", hook.name, hook.number));
        Ok(Some((names.collect(), built)))
    }

    async fn build(&self, project: &Project) -> Result<Vec<Hook>, NotLive> {
        let (mut hooks, mut problems) = (Vec::new(), Vec::new());
        for hook in &project.hooks {
            local::check_hook_name(&hook.name)
                .map_err(|problem| Failed::Usage(format!("{}: the hook's name {problem}", hook.path)))?;
            match self.builder.build(project, hook).await {
                Ok(bundle) => {
                    bundle.warnings.iter().for_each(terminal::show);
                    hooks.push(Hook::of(project, bundle));
                }
                Err(problem) => problems.push(problem),
            }
        }
        match problems.is_empty() {
            true => Ok(hooks),
            false => Err(NotLive::NotBuilt(problems)),
        }
    }
}

fn say(why: NotLive) {
    match why {
        NotLive::NotBuilt(problems) => problems.into_iter().map(bundles::said).for_each(Failed::say),
        NotLive::Failed(failed) => failed.say(),
        NotLive::NoAnswer(NoAnswer::Network(why)) => terminal::say(format!("error: {}", plain(&why))),
        NotLive::NoAnswer(NoAnswer::Refused { status, error, .. }) => {
            let text = |name: &str| plain(error[name].as_str().unwrap_or_default());
            terminal::say(format!("error[{}]: {} ({status})", text("code"), text("message")));
            details(&error)
                .iter()
                .for_each(|line| terminal::say(format!("  {line}")));
        }
    }
}
