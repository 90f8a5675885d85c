//! `aerocall events`: what happened in an environment, over the admin API; with `--follow` as it happens.

use std::{
    io::{BufRead as _, BufReader},
    thread::sleep,
    time::Duration,
};

use aerocall_api_types::{Event, EventList};

use crate::{
    Failed,
    admin::{Admin, NoAnswer},
    manage::{Common, Page, Request, more},
    output::{Output, details, pretty},
    terminal::{self, plain},
};

/// The wait before a stream that ended is opened again.
const AGAIN: Duration = Duration::from_secs(1);

#[derive(clap::Args)]
#[command(after_help = "Examples:\n  \
    aerocall events list --type auth.login --limit 5\n  \
    aerocall events list --follow\n  \
    aerocall events list --follow --type auth.signup --json    one JSON object per line\n  \
    aerocall events show evt_01…")]
pub(crate) struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(clap::Subcommand)]
enum Action {
    /// List events, newest first
    List {
        /// Only events of this type, such as auth.signup
        #[arg(long = "type")]
        kind: Option<String>,
        /// Only events about this user (id)
        #[arg(long, conflicts_with = "follow")]
        subject: Option<String>,
        /// Show new events as they happen, until interrupted; with --json one object per line
        #[arg(long, conflicts_with_all = ["limit", "before"])]
        follow: bool,
        /// With --follow: begin after this event
        #[arg(long, requires = "follow")]
        after: Option<String>,
        #[command(flatten)]
        page: Page,
        #[command(flatten)]
        common: Common,
    },
    /// Show an event
    Show {
        /// Id of the event
        event: String,
        #[command(flatten)]
        common: Common,
    },
}

pub(crate) async fn run(arguments: Arguments) -> Result<(), Failed> {
    match arguments.action {
        Action::List {
            kind,
            follow: true,
            after,
            common,
            ..
        } => {
            let (target, output) = (common.target()?, common.output());
            let followed = move || {
                let admin = target.admin();
                let following = Following { kind, after, output };
                following.run(&admin).map_err(|why| admin.explained(why))
            };
            tokio::task::spawn_blocking(followed)
                .await?
                .map_err(|why| output.refused(why, details))
        }
        Action::List {
            kind,
            subject,
            page,
            common,
            ..
        } => {
            let request = Request::new("GET", &["events"]).query("type", kind);
            let request = request.query("subject", subject).page(page);
            common.of_environment(request, list).await
        }
        Action::Show { event, common } => {
            let request = Request::new("GET", &["events", &event]);
            common
                .of_environment::<Event>(request, |event| terminal::answer(pretty(event)))
                .await
        }
    }
}

struct Following {
    kind: Option<String>,
    /// The last event that was shown.
    after: Option<String>,
    output: Output,
}

impl Following {
    /// Until nobody reads the output, or the server refuses.
    fn run(mut self, admin: &Admin) -> Result<(), NoAnswer> {
        let mut is_silent = false;
        loop {
            match admin.event_stream(self.kind.as_deref(), self.after.as_deref()) {
                Ok(stream) => {
                    if std::mem::take(&mut is_silent) {
                        terminal::say("note: the server responds again");
                    }
                    let lines = BufReader::new(stream).lines().map_while(Result::ok);
                    if self.show(lines).is_err() {
                        return Ok(());
                    }
                }
                Err(NoAnswer::Network(why)) if !is_silent => {
                    terminal::say(format!("note: {}; retrying", plain(&why)));
                    is_silent = true;
                }
                Err(NoAnswer::Network(_)) => {}
                Err(refused) => return Err(refused),
            }
            sleep(AGAIN);
        }
    }

    /// Of Server-Sent Events, those lines that carry a document; an error if nobody reads the output.
    fn show(&mut self, lines: impl Iterator<Item = String>) -> std::io::Result<()> {
        for line in lines {
            let Some(event) = line
                .strip_prefix("data:")
                .and_then(|data| serde_json::from_str::<Event>(data).ok())
            else {
                continue;
            };
            terminal::answer_if_read(match self.output.is_json() {
                true => serde_json::to_string(&event)?,
                false => in_list(&event),
            })?;
            self.after = Some(event.id);
        }
        Ok(())
    }
}

fn list(list: &EventList) {
    list.events.iter().for_each(|event| terminal::answer(in_list(event)));
    more(list.next.as_deref());
}

fn in_list(event: &Event) -> String {
    format!(
        "{}  {}  {}  {}",
        plain(event.time.as_str()),
        plain(&event.kind),
        plain(event.subject.as_deref().unwrap_or("-")),
        plain(&event.id)
    )
}
