//! `aerocall doctor`: what a server with these settings would miss here.

use aerocall_server::{Finding, FindingState};
use serde_json::json;

use crate::{
    Failed,
    commands::restore,
    host::ServerSettings,
    output::Output,
    terminal::{self, Stream, Style, paint, plain},
};

#[derive(clap::Args)]
#[command(
    after_help = "Checks the data directory, the databases, the master key, Redis, RabbitMQ, the mail server, the public URL, DNS \
                  resolution and the clock; whether the databases take changes (a row that is there for that), have no damage, and \
                  each project has its roles and rights. Changes nothing else. Settings are those of `aerocall serve`.\n\
                  The exit code is 3 if there is a problem.\n\n\
                  Examples:\n  aerocall doctor\n  AEROCALL_DATABASE_URL=postgres://… aerocall doctor --json"
)]
pub(crate) struct Arguments {
    #[command(flatten)]
    settings: ServerSettings,
    /// Address and port that the server listens on
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<String>,
    /// First make the roles, owners and grants of the projects' databases anew, after a restore
    #[arg(long)]
    repair: bool,
    #[command(flatten)]
    output: Output,
}

pub(crate) async fn run(arguments: Arguments) -> Result<(), Failed> {
    let config = arguments.settings.listening_on(arguments.listen)?;
    if arguments.repair && Box::pin(aerocall_server::repair(&config)).await?.is_none() {
        return Err(restore::no_key());
    }
    let findings = Box::pin(aerocall_server::examine(&config)).await;
    let problems = findings
        .iter()
        .filter(|finding| finding.state == FindingState::Problem)
        .count();
    let document = json!({ "ok": problems == 0, "findings": findings });
    arguments.output.print(&document, |_| findings.iter().for_each(show))?;
    match problems {
        0 => Ok(()),
        1 => Err(Failed::Environment("1 problem found".to_owned())),
        more => Err(Failed::Environment(format!("{more} problems found"))),
    }
}

fn show(finding: &Finding) {
    let (word, style) = match finding.state {
        FindingState::Ok => ("ok", Style::Good),
        FindingState::Note => ("note", Style::Caution),
        FindingState::Unused => ("unused", Style::Quiet),
        FindingState::Problem => ("problem", Style::Bad),
    };
    let name = finding.name.replace('_', " ");
    let word = paint(Stream::Answer, style, &format!("{word:<7}"));
    terminal::answer(format!("{word}  {name:<16} {}", plain(&finding.message)));
    if let Some(fix) = &finding.fix {
        terminal::answer(format!("{:27}{}", "", plain(fix)));
    }
}
