//! `aerocall whoami`: as whom the commands talk to a server, and what they may do there.

use aerocall_api_types::{CallerKind, CurrentAdmin, Permission};

use crate::{
    Failed,
    manage::{Common, Request},
    terminal::{self, plain},
};

#[derive(clap::Args)]
#[command(
    after_help = "The token is that of --token, AEROCALL_TOKEN or `aerocall login`. Example:\n  aerocall whoami --json"
)]
pub(crate) struct Arguments {
    #[command(flatten)]
    common: Common,
}

pub(crate) async fn run(arguments: Arguments) -> Result<(), Failed> {
    let reach = arguments.common.reach()?;
    arguments
        .common
        .send(reach, Request::new("GET", &["session"]), show)
        .await
}

fn show(who: &CurrentAdmin) {
    let kind = match who.by {
        CallerKind::Session => "session",
        CallerKind::PersonalToken => "personal token",
        CallerKind::AdminToken => "admin token",
        CallerKind::SecretKey => "secret key",
    };
    match &who.account {
        Some(account) if account.is_administrator => {
            terminal::answer(format!("{}  administrator", plain(&account.email)));
        }
        Some(account) => terminal::answer(plain(&account.email)),
        None => {}
    }
    terminal::answer(format!("{kind} {}", plain(&who.id)));
    for role in &who.roles {
        terminal::answer(format!("{}  {}", plain(&role.project), role.role.as_str()));
    }
    let place = [("project", &who.project), ("environment", &who.environment)];
    for (name, only) in place {
        if let Some(only) = only {
            terminal::answer(format!("{name} {} only", plain(only)));
        }
    }
    if let Some(scopes) = &who.scopes {
        let names: Vec<&str> = scopes.iter().copied().map(Permission::as_str).collect();
        terminal::answer(format!("may do {}", names.join(", ")));
    }
    if let Some(expires) = &who.expires_at {
        terminal::answer(format!("until {}", plain(expires.as_str())));
    }
}
