//! `aerocall hooks`: what is live in an environment, and the switch of each hook.

use std::path::Path;

use aerocall_api_types::HookStateResult;
use serde_json::json;

use crate::{
    Failed,
    admin::{Admin, NoAnswer},
    output::{Output, details, list, word},
    settings::Settings,
    target::Connection,
    terminal::{self, plain},
};

#[derive(clap::Args)]
#[command(after_help = "Examples:\n  \
    aerocall hooks list\n  \
    aerocall hooks disable signup\n  \
    aerocall hooks enable signup --json")]
pub(crate) struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(clap::Subcommand)]
enum Action {
    /// List the hooks of the live deployment, in the order in which they run
    List {
        #[command(flatten)]
        common: Common,
    },
    /// Enable a hook of the live deployment
    Enable {
        /// Name of the hook
        hook: String,
        #[command(flatten)]
        common: Common,
    },
    /// Disable a hook of the live deployment, until it is enabled or deployed again
    Disable {
        /// Name of the hook
        hook: String,
        #[command(flatten)]
        common: Common,
    },
}

#[derive(clap::Args)]
struct Common {
    #[command(flatten)]
    connection: Connection,
    #[command(flatten)]
    output: Output,
}

/// What is asked of the server.
enum Request {
    List,
    Switch { hook: String, enabled: bool },
}

pub(crate) async fn run(arguments: Arguments) -> Result<(), Failed> {
    let (common, request) = match arguments.action {
        Action::List { common } => (common, Request::List),
        Action::Enable { hook, common } => (common, Request::Switch { hook, enabled: true }),
        Action::Disable { hook, common } => (common, Request::Switch { hook, enabled: false }),
    };
    let target = common.connection.target(&Settings::read(Path::new("."))?.project)?;
    let done = tokio::task::spawn_blocking(move || {
        let admin = target.admin();
        request.send(&admin).map_err(|why| admin.explained(why))
    })
    .await?;
    match done {
        Ok(live) => common.output.print(&live, show),
        Err(why) => Err(common.output.refused(why, details)),
    }
}

impl Request {
    fn send(self, admin: &Admin) -> Result<HookStateResult, NoAnswer> {
        match self {
            Self::List => Ok(HookStateResult {
                deployment: None,
                live: admin.live()?,
            }),
            Self::Switch { hook, enabled } => admin.switch_hook(&hook, &json!({ "enabled": enabled })),
        }
    }
}

fn show(shown: &HookStateResult) {
    let live = &shown.live;
    terminal::answer(match live.number {
        Some(number) => format!("deployment {number}"),
        None => "no deployment".to_owned(),
    });
    for hook in &live.hooks {
        let (name, state) = (plain(&hook.name), word(&hook.state));
        let points = [list(&hook.hooks), list(&hook.events)];
        let points: Vec<String> = points.into_iter().filter(|names| !names.is_empty()).collect();
        terminal::answer(format!(
            "  {state:8}  {name}, version {}: {}",
            hook.number,
            points.join(", ")
        ));
    }
}
