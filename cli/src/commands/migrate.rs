//! `aerocall migrate`: the tables of the core database, up to date.

use serde_json::json;

use crate::{Failed, host::ServerSettings, output::Output, terminal};

#[derive(clap::Args)]
#[command(
    after_help = "`aerocall serve` and `aerocall worker` do the same when they start; this command does it in advance.\n\
                  Several at the same time wait for each other. The projects' own databases are not migrated: `aerocall deploy` does that.\n\n\
                  Example:\n  AEROCALL_DATABASE_URL=postgres://… aerocall migrate"
)]
pub(crate) struct Arguments {
    #[command(flatten)]
    settings: ServerSettings,
    #[command(flatten)]
    output: Output,
}

pub(crate) async fn run(arguments: Arguments) -> Result<(), Failed> {
    let applied = aerocall_server::migrate(&arguments.settings.config()?).await?;
    arguments.output.print(&json!({ "applied": applied }), |_| {
        applied
            .iter()
            .for_each(|name| terminal::answer(format!("applied {name}")));
        if applied.is_empty() {
            terminal::answer("up to date");
        }
    })
}
