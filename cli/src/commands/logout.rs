//! `aerocall logout`: revokes the personal token of `aerocall login` and forgets it.

use aerocall_api_types::Deleted;
use serde_json::json;

use super::login::server;
use crate::{
    Failed,
    admin::{Admin, NoAnswer},
    logins,
    output::{Output, details},
    terminal::{self, plain},
};

#[derive(clap::Args)]
#[command(
    after_help = "The token stops working at once, on all nodes. Example:\n  aerocall logout --server https://auth.example.com"
)]
pub(crate) struct Arguments {
    /// URL of the server [default: AEROCALL_SERVER, then `server` of aerocall.toml]
    #[arg(long, visible_alias = "url")]
    server: Option<String>,
    #[command(flatten)]
    output: Output,
}

pub(crate) async fn run(arguments: Arguments) -> Result<(), Failed> {
    let server = server(arguments.server)?;
    let Some(login) = logins::at(&server)? else {
        terminal::say(format!("error: there is no login at {}", plain(&server)));
        return Err(Failed::Checked);
    };
    let (at, token) = (server.clone(), login.token);
    let asked = move || Admin::of_server(&at, &token).ask::<Deleted>("DELETE", &["session".to_owned()], &[], None);
    match tokio::task::spawn_blocking(asked).await? {
        // One that is no good any more is forgotten all the same.
        Ok(_) | Err(NoAnswer::Refused { status: 401, .. }) => {}
        Err(why) => return Err(arguments.output.refused(why, details)),
    }
    logins::forget(&server)?;
    arguments
        .output
        .print(&json!({ "server": server, "email": login.email }), |_| {
            terminal::say(format!("logged out of {}", plain(&server)));
        })
}
