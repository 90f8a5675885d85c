//! `aerocall logs`: what hooks did on a server, call by call: outcome, cost, and what they logged.

use std::{path::Path, thread::sleep, time::Duration};

use aerocall_api_types::{Invocation, InvocationList};

use crate::{
    Failed,
    admin::{Admin, NoAnswer},
    invocations,
    output::{Output, details},
    seen::Seen,
    settings::Settings,
    target::Connection,
    terminal,
};

/// How often a server is asked for what is new.
const POLL: Duration = Duration::from_millis(500);
/// What one answer of the server is asked for while following: the most that it gives.
const PAGE: usize = 200;

#[derive(clap::Args)]
#[command(after_help = "Examples:\n  \
    aerocall logs --follow\n  \
    aerocall logs --hook signup --outcome deny --limit 5\n  \
    aerocall logs --request req_01…                 every invocation of one request\n  \
    aerocall logs inv_01… --json                    one invocation in full\n\n\
    An outcome is allow, deny, patch, or an error code such as hook_timeout.")]
pub(crate) struct Arguments {
    /// Id of one invocation: shows context, payload, reply and host calls too
    #[arg(conflicts_with_all = ["follow", "hook", "outcome", "request", "limit"])]
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

/// Why one look at what is new was not completed.
enum Stopped {
    NoAnswer(NoAnswer),
    /// Whoever read the output has seen enough.
    Unread,
}

impl From<NoAnswer> for Stopped {
    fn from(why: NoAnswer) -> Self {
        Self::NoAnswer(why)
    }
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
        let past = admin.invocations(&self.query(self.limit, None))?;
        if self.follow {
            return self.go_on(admin, past);
        }
        Ok(self.output.print(&past, |past| {
            // The server's lists begin with the newest; people read downwards.
            for call in past.invocations.iter().rev() {
                terminal::answer(invocations::in_list(call));
            }
        })?)
    }

    fn query(&self, limit: usize, after: Option<&str>) -> [(&'static str, Option<String>); 5] {
        [
            ("limit", Some(limit.to_string())),
            ("after", after.map(str::to_owned)),
            ("hook", self.hook.clone()),
            ("outcome", self.outcome.clone()),
            ("requestId", self.request.clone()),
        ]
    }

    /// Shows the past, then asks again and again for what is new.
    fn go_on(&self, admin: &Admin, past: InvocationList) -> Result<(), Ended> {
        let mut past = past.invocations;
        past.reverse();
        let mut seen = Seen::since(past.first().map(id));
        let mut server = Server::Answers;
        let mut looked = self.show_new(&past, &mut seen);
        loop {
            match looked {
                Ok(()) => server.answers(),
                Err(Stopped::NoAnswer(NoAnswer::Network(why))) => server.is_silent(&why),
                Err(Stopped::NoAnswer(refused)) => return Err(refused.into()),
                Err(Stopped::Unread) => return Ok(()),
            }
            sleep(POLL);
            looked = self.look(admin, &mut seen);
        }
    }

    /// Everything that may be new, page by page.
    fn look(&self, admin: &Admin, seen: &mut Seen) -> Result<(), Stopped> {
        let mut after = seen.forget_old();
        loop {
            let page = admin.invocations(&self.query(PAGE, Some(&after)))?.invocations;
            self.show_new(&page, seen)?;
            match page.last().map(id) {
                Some(last) if page.len() == PAGE => after = last.to_owned(),
                _ => return Ok(()),
            }
        }
    }

    fn show_new(&self, calls: &[Invocation], seen: &mut Seen) -> Result<(), Stopped> {
        let mut new = calls.iter().filter(|call| seen.is_new(id(call)));
        new.try_for_each(|call| self.show(call)).map_err(|_| Stopped::Unread)
    }

    fn show(&self, call: &Invocation) -> std::io::Result<()> {
        terminal::answer_if_read(match self.output.is_json() {
            true => serde_json::to_value(call)?.to_string(),
            false => invocations::in_list(call),
        })
    }
}

/// Whether the server answered the last time; said when it changes.
enum Server {
    Answers,
    Silent,
}

impl Server {
    fn answers(&mut self) {
        if let Self::Silent = self {
            terminal::say("note: the server responds again");
            *self = Self::Answers;
        }
    }

    fn is_silent(&mut self, why: &str) {
        if let Self::Answers = self {
            terminal::say(format!("note: {}; retrying", terminal::plain(why)));
            *self = Self::Silent;
        }
    }
}

fn id(call: &Invocation) -> &str {
    &call.run.id
}
