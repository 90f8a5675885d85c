//! `aerocall deploy`: builds every hook of a project, shows what changes against what is live, uploads the bundles that
//! the server does not have, and makes all of them live in one deployment, after the project's migrations.

use std::path::PathBuf;

use aerocall_api_types::{Deployment, DeploymentResult, HookState, MissingSecret, Version};
use aerocall_compiler::EngineName;
use aerocall_contract::Capability;
use serde::Serialize;
use serde_json::json;

use crate::{
    Failed,
    admin::{Admin, NoAnswer},
    bundles,
    changes::{Changes, Planned},
    deployment::{self, Hook},
    migrations::{self, Migration},
    output::{Output, list},
    project::Project,
    target::{Connection, Target},
    terminal::{self, plain},
};

#[derive(clap::Args)]
#[command(after_help = "Examples:\n  \
    AEROCALL_TOKEN=sk_… aerocall deploy --server https://auth.example.com\n  \
    aerocall deploy --dry-run\n  \
    aerocall deploy my-hooks --project demo --environment development --json\n  \
    aerocall deploy --message \"Refuse disposable addresses\" --expect 7\n\n\
    The exit code is 1 when the server refuses, 3 when it cannot be reached.")]
pub(crate) struct Arguments {
    /// The project directory
    #[arg(default_value = ".")]
    directory: PathBuf,
    #[command(flatten)]
    connection: Connection,
    /// Show what would change without deploying
    #[arg(long)]
    dry_run: bool,
    /// What is new, for the history
    #[arg(long, value_name = "TEXT")]
    message: Option<String>,
    /// Number of the deployment that has to be live, 0 for none [default: the one that was compared with]
    #[arg(long, value_name = "NUMBER")]
    expect: Option<i32>,
    /// Deploy even if a gate of the server fails, with the reason; needs a token that manages the project
    #[arg(long, value_name = "REASON")]
    force: Option<String>,
    #[command(flatten)]
    output: Output,
    /// The JavaScript engine
    #[arg(long, default_value = "quickjs")]
    engine: EngineName,
}

/// Everything that is sent, and where to.
struct Plan {
    target: Target,
    hooks: Vec<Hook>,
    migrations: Vec<Migration>,
    reach: Reach,
    how: How,
    output: Output,
}

/// What is said of the deployment, and what has to hold for it.
struct How {
    message: Option<String>,
    expect: Option<i32>,
    force: Option<String>,
}

/// How far to go.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reach {
    Show,
    Deploy,
}

/// What was done.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Summary {
    server: String,
    project: String,
    environment: String,
    /// `null` if nothing was changed.
    deployment: Option<Deployment>,
    hooks: Vec<DeployedHook>,
    changes: Changes,
    /// Those that were applied.
    migrations: Vec<String>,
    /// Those that hooks declare and the environment does not have.
    missing_secrets: Vec<MissingSecret>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct DeployedHook {
    name: String,
    number: i32,
    digest: String,
    /// Whether the server did not have the bundle.
    uploaded: bool,
    points: Vec<String>,
    /// `null` if the hook is not live.
    state: Option<HookState>,
    not_run: Vec<String>,
}

pub(crate) async fn run(arguments: Arguments) -> Result<(), Failed> {
    let output = arguments.output;
    let plan = plan(arguments).await?;
    let sent = plan.migrations.clone();
    // The client blocks; nothing else runs on this runtime meanwhile.
    let done = tokio::task::spawn_blocking(move || {
        let admin = plan.target.admin();
        plan.carry_out(&admin).map_err(|why| admin.explained(why))
    })
    .await?;
    match done {
        Ok(summary) => output.print(&summary, show),
        Err(why) => Err(output.refused(why, |error| migrations::details(error, &sent))),
    }
}

async fn plan(arguments: Arguments) -> Result<Plan, Failed> {
    let project = Project::open(&arguments.directory)?;
    let target = arguments.connection.target(&project.settings.project)?;
    for hook in &project.hooks {
        aerocall_server::local::check_hook_name(&hook.name)
            .map_err(|problem| Failed::Usage(format!("{}: the hook's name {problem}", hook.path)))?;
    }
    let migrations = migrations::read(&project.root)?;
    let bundles = bundles::all_of(&project, arguments.engine).await?;
    let warnings = bundles.iter().flat_map(|bundle| &bundle.warnings);
    warnings.for_each(terminal::show);
    let hooks = bundles.into_iter().map(|bundle| Hook::of(&project, bundle));
    Ok(Plan {
        target,
        hooks: hooks.collect(),
        migrations,
        reach: if arguments.dry_run { Reach::Show } else { Reach::Deploy },
        how: How {
            message: arguments.message,
            expect: arguments.expect,
            force: arguments.force,
        },
        output: arguments.output,
    })
}

impl Plan {
    /// In order: what is live and known, what changes, and unless that is all that is wanted, uploads and deployment.
    fn carry_out(&self, admin: &Admin) -> Result<Summary, NoAnswer> {
        let live = admin.live()?;
        let known = self.known(admin)?;
        let planned: Vec<Planned<'_>> = self
            .hooks
            .iter()
            .zip(&known)
            .map(|(hook, known)| planned(hook, known))
            .collect();
        let changes = Changes::between(&live, &planned);
        let missing = self.missing_secrets(admin)?;
        if !self.output.is_json() {
            terminal::answer(changes.text());
        }
        missing.iter().for_each(|missing| self.warn(missing));
        if self.reach == Reach::Show {
            return Ok(self.summary(Vec::new(), None, (changes, missing)));
        }
        let versions = self.upload(admin, known)?;
        let mut document = deployment::document(&self.hooks, &self.migrations);
        // Somebody else may deploy between the comparison and now.
        document["expect"] = self.how.expect.or(live.number).unwrap_or(0).into();
        if let Some(message) = &self.how.message {
            document["message"] = message.as_str().into();
        }
        if let Some(reason) = &self.how.force {
            document["force"] = json!({ "reason": reason });
        }
        let live = admin.deploy(&document)?;
        let missing = live.missing_secrets.clone();
        Ok(self.summary(versions, Some(live), (changes, missing)))
    }

    /// Secrets that hooks declare and the environment does not have. They can be set later: that is no error.
    fn missing_secrets(&self, admin: &Admin) -> Result<Vec<MissingSecret>, NoAnswer> {
        let declared = self.hooks.iter().flat_map(|hook| {
            let names = hook.bundle.manifest.parts(Capability::Secrets).unwrap_or_default();
            names.into_iter().map(|secret| MissingSecret {
                hook: hook.bundle.name.clone(),
                secret: secret.to_owned(),
            })
        });
        let mut missing: Vec<MissingSecret> = declared.collect();
        if !missing.is_empty() {
            let kept = admin.secrets()?.secrets;
            missing.retain(|missing| kept.iter().all(|kept| kept.name != missing.secret));
        }
        Ok(missing)
    }

    fn warn(&self, MissingSecret { hook, secret }: &MissingSecret) {
        let (hook, secret) = (plain(hook), plain(secret));
        terminal::say(format!(
            "warning: {hook} uses the secret {secret}, which {}/{} does not have: aerocall secrets set {secret}",
            plain(&self.target.project),
            plain(&self.target.environment)
        ));
    }

    /// The version of each hook, if the server has its bundle.
    fn known(&self, admin: &Admin) -> Result<Vec<Option<Version>>, NoAnswer> {
        let hooks = self.hooks.iter();
        hooks
            .map(|hook| admin.version(&hook.bundle.name, &hook.digest))
            .collect()
    }

    /// Sends the bundles that the server does not have; what is said of each hook.
    fn upload(&self, admin: &Admin, known: Vec<Option<Version>>) -> Result<Vec<DeployedHook>, NoAnswer> {
        let mut hooks = Vec::with_capacity(self.hooks.len());
        for (hook, known) in self.hooks.iter().zip(known) {
            let (name, component) = (&hook.bundle.name, &hook.bundle.component);
            let uploaded = known.is_none();
            let version = match known {
                Some(version) => version,
                None => {
                    terminal::say(format!("uploading {name} ({} KiB)", component.len() / 1024));
                    admin.upload(name, component, self.how.message.as_deref())?
                }
            };
            hooks.push(DeployedHook {
                name: name.clone(),
                number: version.number,
                digest: hook.digest.clone(),
                uploaded,
                points: hook.bundle.points().into_iter().map(str::to_owned).collect(),
                state: None,
                not_run: Vec::new(),
            });
        }
        Ok(hooks)
    }

    /// `done`: `None` if nothing was changed.
    fn summary(
        &self,
        mut hooks: Vec<DeployedHook>,
        done: Option<DeploymentResult>,
        (changes, missing_secrets): (Changes, Vec<MissingSecret>),
    ) -> Summary {
        let live = done.iter().flat_map(|done| &done.live.hooks);
        for running in live {
            if let Some(hook) = hooks.iter_mut().find(|hook| hook.name == running.name) {
                hook.state = Some(running.state);
                hook.not_run.clone_from(&running.not_run);
            }
        }
        let (deployment, migrations) = done.map(|done| (done.deployment, done.migrations)).unzip();
        Summary {
            server: self.target.server.clone(),
            project: self.target.project.clone(),
            environment: self.target.environment.clone(),
            deployment,
            hooks,
            changes,
            migrations: migrations.unwrap_or_default(),
            missing_secrets,
        }
    }
}

fn planned<'h>(hook: &'h Hook, known: &Option<Version>) -> Planned<'h> {
    Planned {
        name: &hook.bundle.name,
        number: known.as_ref().map(|version| version.number.into()),
        digest: &hook.digest,
        state: match hook.is_enabled() {
            true => HookState::Enabled,
            false => HookState::Disabled,
        },
        capabilities: &hook.bundle.manifest.capabilities,
        points: hook.bundle.points(),
    }
}

fn show(summary: &Summary) {
    let migrations = summary.migrations.iter();
    migrations.for_each(|name| terminal::answer(format!("applied migrations/{}.sql", plain(name))));
    for hook in &summary.hooks {
        let state = match hook.state {
            Some(HookState::Disabled) => ", disabled",
            Some(HookState::Enabled) | None => "",
        };
        let new = if hook.uploaded { "new" } else { "existing" };
        terminal::answer(format!(
            "{} version {} ({new}{state})  {}  {}",
            plain(&hook.name),
            hook.number,
            list(&hook.points),
            plain(&hook.digest)
        ));
        if !hook.not_run.is_empty() {
            terminal::say(format!(
                "warning: this server does not run {} of {}",
                list(&hook.not_run),
                plain(&hook.name)
            ));
        }
    }
    let target = format!(
        "{} ({}/{})",
        plain(&summary.server),
        plain(&summary.project),
        plain(&summary.environment)
    );
    terminal::answer(match &summary.deployment {
        Some(deployment) => format!("deployment {} is live on {target}", deployment.number),
        None => format!("nothing was changed on {target}"),
    });
}
