//! `aerocall deploy`: builds every hook of a project, uploads those the server does not have, and makes them live in one
//! deployment.

use std::path::PathBuf;

use aerocall_compiler::EngineName;
use serde_json::{Value, json};

use crate::{
    Failed,
    admin::{Admin, NoAnswer},
    bundles::{self, Bundle},
    project::Project,
    terminal,
};

#[derive(clap::Args)]
#[command(after_help = "Examples:\n  \
    AEROCALL_TOKEN=sk_… aerocall deploy --server https://auth.example.com\n  \
    aerocall deploy my-hooks --project demo --environment development --json\n\n\
    The exit code is 1 when the server refuses, 3 when it cannot be reached.")]
pub(crate) struct Arguments {
    /// The project
    #[arg(default_value = ".")]
    directory: PathBuf,
    /// The server [default: AEROCALL_SERVER, then `server` of aerocall.toml]
    #[arg(long)]
    server: Option<String>,
    /// A secret key of the project or an admin token [default: AEROCALL_TOKEN]
    #[arg(long)]
    token: Option<String>,
    /// The project's id on the server [default: `id` of aerocall.toml]
    #[arg(long)]
    project: Option<String>,
    /// The environment [default: `environment` of aerocall.toml, then `production`]
    #[arg(long)]
    environment: Option<String>,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
    /// The JS engine
    #[arg(long, default_value = "quickjs")]
    engine: EngineName,
}

/// Where to, and as whom.
struct Target {
    server: String,
    token: String,
    project: String,
    environment: String,
}

pub(crate) async fn run(arguments: Arguments) -> Result<(), Failed> {
    let project = Project::open(&arguments.directory)?;
    let target = target(&arguments, &project)?;
    for hook in &project.hooks {
        aerocall_server::local::check_hook_name(&hook.name)
            .map_err(|problem| Failed::Usage(format!("{}: the hook's name {problem}", hook.path)))?;
    }
    let bundles = bundles::all_of(&project, arguments.engine).await?;
    bundles
        .iter()
        .flat_map(|bundle| &bundle.warnings)
        .for_each(terminal::show);
    let json = arguments.json;
    // The client blocks; nothing else runs on this runtime meanwhile.
    let done = tokio::task::spawn_blocking(move || send(&target, &project, &bundles)).await?;
    match done {
        Ok(summary) if json => terminal::answer_json(&summary),
        Ok(summary) => {
            show(&summary);
            Ok(())
        }
        Err(NoAnswer::Network(message)) => Err(Failed::Environment(message)),
        Err(NoAnswer::Refused { status, error }) => {
            if json {
                terminal::answer_json(&json!({ "error": error }))?;
            }
            show_refusal(status, &error);
            Err(Failed::Checked)
        }
    }
}

fn target(arguments: &Arguments, project: &Project) -> Result<Target, Failed> {
    let env = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let settings = &project.settings.project;
    let missing = |what: &str| Failed::Usage(what.to_owned());
    let server = arguments
        .server
        .clone()
        .or_else(|| env("AEROCALL_SERVER"))
        .or_else(|| settings.server.clone());
    let server = server.ok_or_else(|| {
        missing(
            "where to? Give --server https://…, set AEROCALL_SERVER, or put `server` under [project] in aerocall.toml",
        )
    })?;
    if !server.starts_with("https://") && !server.starts_with("http://") {
        return Err(Failed::Usage(format!(
            "the server {server:?} must start with https:// or http://"
        )));
    }
    if server.starts_with("http://") && !is_this_machine(&server) {
        terminal::say("warning: http:// sends the token in the clear; use https:// for servers on other machines");
    }
    let token = arguments.token.clone().or_else(|| env("AEROCALL_TOKEN"));
    let token =
        token.ok_or_else(|| missing("as whom? Set AEROCALL_TOKEN to a secret key of the project, or give --token"))?;
    let id = arguments.project.clone().or_else(|| settings.id.clone());
    let environment = arguments.environment.clone().or_else(|| settings.environment.clone());
    Ok(Target {
        server,
        token,
        project: id
            .ok_or_else(|| missing("which project? Put `id` under [project] in aerocall.toml, or give --project"))?,
        environment: environment.unwrap_or_else(|| "production".to_owned()),
    })
}

/// Whether an `http://` address stays on this machine.
fn is_this_machine(server: &str) -> bool {
    let authority = server
        .trim_start_matches("http://")
        .split('/')
        .next()
        .unwrap_or_default();
    let host = authority.rsplit_once(':').map_or(authority, |(host, _)| host);
    matches!(host, "localhost" | "127.0.0.1" | "[::1]")
}

fn send(target: &Target, project: &Project, bundles: &[Bundle]) -> Result<Value, NoAnswer> {
    let admin = Admin::new(&target.server, &target.token);
    let mut hooks = Vec::with_capacity(bundles.len());
    let mut lines = Vec::with_capacity(bundles.len());
    for bundle in bundles {
        let digest = aerocall_runtime::digest(&bundle.component);
        let known = admin.version(&target.project, &bundle.name, &digest)?;
        let uploaded = known.is_none();
        let version = match known {
            Some(version) => version,
            None => {
                terminal::say(format!(
                    "uploading {} ({} KiB)",
                    bundle.name,
                    bundle.component.len() / 1024
                ));
                admin.upload(&target.project, &bundle.name, &bundle.component)?
            }
        };
        hooks.push(json!({
            "name": bundle.name, "number": version["number"], "digest": digest, "uploaded": uploaded,
            "points": bundle.points(),
        }));
        lines.push(line(project, bundle, &digest));
    }
    let live = admin.deploy(&target.project, &target.environment, &json!({ "hooks": lines }))?;
    Ok(summary(target, hooks, &live))
}

/// What the deployment says of a hook.
fn line(project: &Project, bundle: &Bundle, digest: &str) -> Value {
    let settings = project.settings.hook(&bundle.name);
    let mut line = json!({
        "name": bundle.name, "digest": digest,
        "order": settings.order.unwrap_or(0), "enabled": settings.enabled.unwrap_or(true),
    });
    if let Some(policy) = settings.failure_policy {
        line["failurePolicy"] = policy.as_str().into();
    }
    line
}

fn summary(target: &Target, mut hooks: Vec<Value>, live: &Value) -> Value {
    let running = live["hooks"].as_array().cloned().unwrap_or_default();
    for hook in &mut hooks {
        let found = running.iter().find(|running| running["name"] == hook["name"]);
        hook["state"] = found.map_or(Value::Null, |found| found["state"].clone());
        hook["notRun"] = found.map_or(json!([]), |found| found["notRun"].clone());
    }
    json!({
        "server": target.server, "project": target.project, "environment": target.environment,
        "deployment": live["deployment"], "hooks": hooks,
    })
}

fn show(summary: &Value) {
    let text = |value: &Value| terminal::plain(value.as_str().unwrap_or_default());
    let list = |value: &Value| {
        value
            .as_array()
            .into_iter()
            .flatten()
            .map(text)
            .collect::<Vec<_>>()
            .join(", ")
    };
    for hook in summary["hooks"].as_array().into_iter().flatten() {
        let state = if hook["state"] == "disabled" { ", disabled" } else { "" };
        let new = if hook["uploaded"] == true { "new" } else { "known" };
        terminal::answer(format!(
            "{} version {} ({new}{state})  {}  {}",
            text(&hook["name"]),
            hook["number"],
            list(&hook["points"]),
            text(&hook["digest"])
        ));
        let not_run = list(&hook["notRun"]);
        if !not_run.is_empty() {
            terminal::say(format!(
                "warning: this server does not call {not_run} of {}",
                text(&hook["name"])
            ));
        }
    }
    terminal::answer(format!(
        "deployment {} is live on {} ({}/{})",
        summary["deployment"]["number"],
        text(&summary["server"]),
        text(&summary["project"]),
        text(&summary["environment"])
    ));
}

fn show_refusal(status: u16, error: &Value) {
    let text = |value: &Value| terminal::plain(value.as_str().unwrap_or_default());
    terminal::say(format!(
        "error[{}]: {} ({status})",
        text(&error["code"]),
        text(&error["message"])
    ));
    for detail in error["details"].as_array().into_iter().flatten() {
        terminal::say(format!("  {}: {}", text(&detail["field"]), text(&detail["problem"])));
    }
    terminal::say(format!("  request {}", text(&error["request_id"])));
}
