//! `aerocall dev`: a server on this machine with the hooks of a project, which follow each change of a file.

use std::{path::PathBuf, time::Instant};

use aerocall_api_types::Invocation;
use aerocall_compiler::EngineName;
use aerocall_server::{Config, ConfigSources, Demo, MAX_INSTANCES, Overrides, Server};

use crate::{
    Failed,
    admin::Admin,
    bundles::Builder,
    dev::{live::Live, watch::Watch},
    following::Following,
    host, invocations,
    project::Project,
    telemetry,
    terminal::{self, plain},
};

/// Below the project: what the server keeps.
const DATA: &str = ".aerocall/dev";

#[derive(clap::Args)]
#[command(
    after_help = "Keys, users, secrets and tables are kept in .aerocall/dev until --reset. Every AEROCALL_* setting of `aerocall serve` \
                  applies; the log begins at `warn`.\n\n\
                  Examples:\n  aerocall dev\n  aerocall dev my-hooks --listen 127.0.0.1:9000\n  aerocall dev --reset"
)]
pub(crate) struct Arguments {
    /// The project directory
    #[arg(default_value = ".")]
    directory: PathBuf,
    /// Address and port to listen on
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<String>,
    /// Begin with an empty server
    #[arg(long)]
    reset: bool,
    /// The JavaScript engine
    #[arg(long, default_value = "quickjs")]
    engine: EngineName,
}

pub(crate) async fn run(arguments: Arguments) -> Result<(), Failed> {
    let root = Project::open(&arguments.directory)?.root;
    let data = root.join(DATA);
    if arguments.reset && data.exists() {
        std::fs::remove_dir_all(&data).map_err(|error| Failed::file(&data, &error))?;
    }
    let config = config(data, arguments.listen)?;
    let telemetry = telemetry::start(&config)?;
    let served = Box::pin(serve(config, root, arguments.engine)).await;
    telemetry.end().await;
    served
}

/// Settings as a server has them, with a log that leaves room for what hooks do.
fn config(data: PathBuf, listen: Option<String>) -> Result<Config, Failed> {
    let mut env: Vec<(String, String)> = std::env::vars().collect();
    if !env.iter().any(|(name, _)| name == "AEROCALL_LOG_LEVEL") {
        env.push(("AEROCALL_LOG_LEVEL".to_owned(), "warn".to_owned()));
    }
    Ok(Config::load(&ConfigSources {
        file: None,
        env,
        foreign_env: host::FOREIGN_ENV.map(str::to_owned).to_vec(),
        flags: Overrides {
            listen,
            data_dir: Some(data),
            database_url: None,
        },
    })?)
}

async fn serve(config: Config, root: PathBuf, engine: EngineName) -> Result<(), Failed> {
    let runtime = host::runtime(host::Artifacts::of_user(), MAX_INSTANCES).await?;
    let server = Server::open(config, runtime).await?;
    let demo = server.seed_demo(Vec::new()).await?;
    let running = server.with_pages(host::pages()).listen()?;
    let here = format!("http://{}", running.addr);
    terminal::answer(format!("listening on {here}"));
    terminal::answer(how_to_use(&here, &demo));
    terminal::answer(host::how_to_open_admin(&here, Some(&demo)));
    let admin = || {
        let info = &demo.info;
        Admin::new(&here, &info.admin_token, &info.project_id, &info.environment)
    };
    let follower = admin();
    std::thread::spawn(move || follow(&follower));
    // Before the first build: nothing that is saved meanwhile is missed.
    let watch = Watch::begin(&root)?;
    let mut live = Live::new(root.clone(), Builder::new(engine), admin());
    live.update(Instant::now()).await;
    terminal::say(format!("watching {}", plain(&root.display().to_string())));
    tokio::select! {
        ended = running.finished() => Ok(ended?),
        ended = keep_live(watch, live) => ended,
    }
}

/// Makes live what is saved, until the watch ends. It waits in a thread of its own, for which the end of the program does not wait:
/// the next change may never come.
async fn keep_live(mut watch: Watch, mut live: Live) -> Result<(), Failed> {
    let (saved, mut changes) = tokio::sync::mpsc::channel(1);
    std::thread::spawn(move || {
        while watch.next().is_some() {
            if saved.blocking_send(Instant::now()).is_err() {
                return;
            }
        }
    });
    while let Some(saved) = changes.recv().await {
        live.update(saved).await;
    }
    Err(Failed::Environment("the project is not watched any more".to_owned()))
}

/// Shows invocations as they happen. The server outlives it.
fn follow(admin: &Admin) {
    let show = |call: &Invocation| terminal::answer_if_read(invocations::with_frame(call));
    let past = admin.invocations(&[("limit", Some("1".to_owned()))]);
    // What happened before this start is not shown.
    let newest = past.ok().and_then(|past| past.invocations.into_iter().next());
    let following = Following {
        admin,
        filters: &[],
        show,
    };
    if let Err(crate::admin::NoAnswer::Refused { error, .. }) = following.run_after(newest) {
        terminal::say(format!("invocations are not shown any more: {error}"));
    }
}

fn how_to_use(here: &str, demo: &Demo) -> String {
    let info = &demo.info;
    format!(
        "  publishable key  {}\n  secret key       {}\ntry it:\n  curl -s {here}/auth/register -H 'X-Aerocall-Key: {}' \
         -H 'content-type: application/json' -d '{{\"email\":\"jane@example.com\",\"password\":\"correct horse battery\"}}'\n\
         other commands:\n  export AEROCALL_SERVER={here} AEROCALL_TOKEN={}\n  \
         aerocall secrets list --project {} --environment {}",
        info.publishable_key, info.secret_key, info.publishable_key, info.secret_key, info.project_id, info.environment
    )
}
