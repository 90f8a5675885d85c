//! `aerocall audit`: who changed what, over the admin API.

use aerocall_api_types::{AuditEntry, AuditLog};

use crate::{
    Failed,
    manage::{Common, Page, Request, more},
    terminal::{self, plain},
};

#[derive(clap::Args)]
#[command(after_help = "Examples:\n  \
    aerocall audit --action deployment.created\n  \
    aerocall audit --all --limit 100 --json")]
pub(crate) struct Arguments {
    /// The audit log of the whole server, not of one environment
    #[arg(long)]
    all: bool,
    /// Only entries of this action
    #[arg(long)]
    action: Option<String>,
    /// Only entries of this actor
    #[arg(long)]
    actor: Option<String>,
    /// Only entries about this
    #[arg(long)]
    target: Option<String>,
    #[command(flatten)]
    page: Page,
    #[command(flatten)]
    common: Common,
}

pub(crate) async fn run(arguments: Arguments) -> Result<(), Failed> {
    let request = Request::new("GET", &["audit"])
        .query("action", arguments.action)
        .query("actor", arguments.actor)
        .query("target", arguments.target)
        .page(arguments.page);
    match arguments.all {
        true => {
            let reach = arguments.common.reach()?;
            arguments.common.send(reach, request, list).await
        }
        false => arguments.common.of_environment(request, list).await,
    }
}

fn list(log: &AuditLog) {
    log.audit.iter().for_each(show);
    more(log.next.as_deref());
}

fn show(entry: &AuditEntry) {
    let scope = [&entry.project, &entry.environment].into_iter().flatten();
    let scope: Vec<String> = scope.map(|name| plain(name)).collect();
    // What the server did by itself has none.
    let ip = if entry.ip.is_empty() { "-" } else { &entry.ip };
    terminal::answer(format!(
        "{}  {}  {}  {}  from {}  {}",
        plain(entry.time.as_str()),
        plain(&entry.action),
        plain(&entry.target),
        plain(&entry.actor),
        plain(ip),
        scope.join("/")
    ));
}
