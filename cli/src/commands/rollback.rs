//! `aerocall rollback`: what an earlier deployment had live is live again, in one call.

use std::path::Path;

use aerocall_api_types::DeploymentResult;
use serde_json::json;

use crate::{
    Failed,
    admin::{Admin, NoAnswer},
    output::{Output, details},
    settings::Settings,
    target::Connection,
    terminal::{self, plain},
};

#[derive(clap::Args)]
#[command(after_help = "Examples:\n  \
    aerocall rollback\n  \
    aerocall rollback --to 5 --message \"Sign-ups failed\"\n  \
    aerocall rollback --hook signup --json\n\n\
    The exit code is 1 when the server refuses, 3 when it cannot be reached.")]
pub(crate) struct Arguments {
    /// Number of the deployment to go back to [default: the one before the live one]
    #[arg(long, value_name = "NUMBER")]
    to: Option<i32>,
    /// Roll back this hook alone; can be given several times
    #[arg(long = "hook", value_name = "NAME")]
    hooks: Vec<String>,
    /// Why, for the history
    #[arg(long, value_name = "TEXT")]
    message: Option<String>,
    /// Number of the deployment that has to be live [default: the one that is live now]
    #[arg(long, value_name = "NUMBER")]
    expect: Option<i32>,
    #[command(flatten)]
    connection: Connection,
    #[command(flatten)]
    output: Output,
}

/// What was done, and from where.
enum Done {
    RolledBack {
        to: i32,
        result: Box<DeploymentResult>,
    },
    /// There is no deployment before the live one.
    NothingBefore {
        live: i32,
    },
}

pub(crate) async fn run(arguments: Arguments) -> Result<(), Failed> {
    let target = arguments.connection.target(&Settings::read(Path::new("."))?.project)?;
    let output = arguments.output;
    let place = format!(
        "{} ({}/{})",
        plain(&target.server),
        plain(&target.project),
        plain(&target.environment)
    );
    let request = (arguments.to, arguments.hooks, arguments.message, arguments.expect);
    let done = tokio::task::spawn_blocking(move || {
        let admin = target.admin();
        send(&admin, request).map_err(|why| admin.explained(why))
    })
    .await?;
    match done {
        Ok(Done::RolledBack { to, result }) => output.print(&result, |result| {
            terminal::answer(format!(
                "deployment {} is live on {place}, as deployment {to} was",
                result.deployment.number
            ));
        }),
        Ok(Done::NothingBefore { live }) => Err(Failed::Usage(match live {
            0 => format!("nothing was ever deployed on {place}"),
            live => format!("deployment {live} on {place} is the first one: there is none to go back to"),
        })),
        Err(why) => Err(output.refused(why, details)),
    }
}

/// Where to, which hooks, why, and what is expected to be live.
type Request = (Option<i32>, Vec<String>, Option<String>, Option<i32>);

fn send(admin: &Admin, (to, hooks, message, expect): Request) -> Result<Done, NoAnswer> {
    let live = admin.live()?.number.unwrap_or(0);
    let to = to.unwrap_or(live - 1);
    if to < 1 {
        return Ok(Done::NothingBefore { live });
    }
    let mut back = json!({ "expect": expect.unwrap_or(live) });
    if let Some(message) = message {
        back["message"] = message.into();
    }
    if !hooks.is_empty() {
        back["hooks"] = hooks.into();
    }
    let result = Box::new(admin.roll_back(to, &back)?);
    Ok(Done::RolledBack { to, result })
}
