//! `aerocall logs`: what hooks did on a server, call by call: outcome, cost, and what they logged.

use std::path::Path;

use aerocall_api_types::{Invocation, InvocationMode};

use crate::{
    Failed,
    admin::{Admin, NoAnswer},
    following::Following,
    invocations,
    output::{Output, details, word},
    settings::Settings,
    target::Connection,
    terminal,
};

#[derive(clap::Args)]
#[command(after_help = "Examples:\n  \
    aerocall logs --follow\n  \
    aerocall logs --hook signup --outcome deny --limit 5\n  \
    aerocall logs --mode shadow --follow            what the version of a rollout does\n  \
    aerocall logs --request req_01…                 every invocation of one request\n  \
    aerocall logs inv_01… --json                    one invocation in full\n\n\
    An outcome is allow, deny, patch, or an error code such as hook_timeout.")]
pub(crate) struct Arguments {
    /// Id of one invocation: shows context, payload, reply and host calls too
    #[arg(conflicts_with_all = ["follow", "hook", "outcome", "mode", "request", "limit"])]
    id: Option<String>,
    /// Keep showing new invocations until interrupted; with --json one object per line
    #[arg(long)]
    follow: bool,
    /// Only invocations of this hook
    #[arg(long)]
    hook: Option<String>,
    /// Only invocations with this outcome
    #[arg(long)]
    outcome: Option<String>,
    /// Only invocations of the live version, of a canary, or of a shadow
    #[arg(long)]
    mode: Option<Mode>,
    /// Only invocations of this request
    #[arg(long)]
    request: Option<String>,
    /// Maximum number of past invocations to show
    #[arg(long, default_value_t = 20)]
    limit: usize,
    #[command(flatten)]
    connection: Connection,
    #[command(flatten)]
    output: Output,
}

/// Which version of a hook was run.
#[derive(Clone, Copy, clap::ValueEnum)]
enum Mode {
    Live,
    Canary,
    Shadow,
}

impl From<Mode> for InvocationMode {
    fn from(mode: Mode) -> Self {
        match mode {
            Mode::Live => Self::Live,
            Mode::Canary => Self::Canary,
            Mode::Shadow => Self::Shadow,
        }
    }
}

pub(crate) async fn run(arguments: Arguments) -> Result<(), Failed> {
    let target = arguments.connection.target(&Settings::read(Path::new("."))?.project)?;
    let output = arguments.output;
    let done = tokio::task::spawn_blocking(move || {
        let admin = target.admin();
        arguments.carry_out(&admin).map_err(|why| match why {
            Ended::NoAnswer(why) => Ended::NoAnswer(admin.explained(why)),
            failed => failed,
        })
    })
    .await?;
    done.map_err(|why| match why {
        Ended::NoAnswer(why) => output.refused(why, details),
        Ended::Failed(failed) => failed,
    })
}

enum Ended {
    NoAnswer(NoAnswer),
    Failed(Failed),
}

impl From<NoAnswer> for Ended {
    fn from(why: NoAnswer) -> Self {
        Self::NoAnswer(why)
    }
}

impl From<Failed> for Ended {
    fn from(failed: Failed) -> Self {
        Self::Failed(failed)
    }
}

impl Arguments {
    fn carry_out(&self, admin: &Admin) -> Result<(), Ended> {
        if let Some(id) = &self.id {
            let call = admin.invocation(id)?;
            return Ok(self
                .output
                .print(&call, |call| terminal::answer(invocations::whole(call)))?);
        }
        let filters = self.filters();
        let limit = ("limit", Some(self.limit.to_string()));
        let query: Vec<_> = filters.iter().cloned().chain([limit]).collect();
        let past = admin.invocations(&query)?;
        if self.follow {
            let following = Following {
                admin,
                filters: &filters,
                show: |call: &Invocation| self.show(call),
            };
            return Ok(following.run(past)?);
        }
        Ok(self.output.print(&past, |past| {
            // The server's lists begin with the newest; people read downwards.
            for call in past.invocations.iter().rev() {
                terminal::answer(invocations::in_list(call));
            }
        })?)
    }

    fn filters(&self) -> [(&'static str, Option<String>); 4] {
        [
            ("hook", self.hook.clone()),
            ("outcome", self.outcome.clone()),
            ("mode", self.mode.map(|mode| word(&InvocationMode::from(mode)))),
            ("requestId", self.request.clone()),
        ]
    }

    fn show(&self, call: &Invocation) -> std::io::Result<()> {
        terminal::answer_if_read(match self.output.is_json() {
            true => serde_json::to_value(call)?.to_string(),
            false => invocations::in_list(call),
        })
    }
}
