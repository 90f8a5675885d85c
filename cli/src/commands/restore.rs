//! `aerocall restore`: a server's databases from a backup, with the roles and rights that no dump has.

use std::path::PathBuf;

use serde_json::json;

use crate::{Failed, host::ServerSettings, output::Output, terminal};

#[derive(clap::Args)]
#[command(
    after_help = "Nothing is written over: SQLite's files must not be there yet, and databases of PostgreSQL must be there and empty. \
                  The projects' database must have the same name as before. Every file of the backup is compared with its digest \
                  first.\n\
                  Settings are those of `aerocall serve`, with the master key of the server that the backup is of: \
                  AEROCALL_MASTER_KEY, or master.key in the data directory.\n\n\
                  Example:\n  aerocall restore /var/backups/aerocall/2026-11-29 && aerocall doctor"
)]
pub(crate) struct Arguments {
    /// Directory of the backup
    directory: PathBuf,
    #[command(flatten)]
    settings: ServerSettings,
    #[command(flatten)]
    output: Output,
}

pub(crate) async fn run(arguments: Arguments) -> Result<(), Failed> {
    let config = arguments.settings.config()?;
    let repaired = Box::pin(aerocall_server::restore(&config, &arguments.directory)).await?;
    let document = json!({ "restored": arguments.directory, "repaired": repaired });
    arguments.output.print(&document, |_| terminal::answer("restored"))?;
    match repaired {
        Some(_) => Ok(()),
        None => Err(no_key()),
    }
}

/// Everything is there but the passwords of the roles, which are made of the key.
pub(crate) fn no_key() -> Failed {
    Failed::Environment(
        "there is no master key: set AEROCALL_MASTER_KEY, or copy master.key into the data directory, then run aerocall doctor \
         --repair"
            .to_owned(),
    )
}
