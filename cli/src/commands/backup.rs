//! `aerocall backup`: a copy of a server's databases, taken while it runs.

use std::path::PathBuf;

use serde_json::json;

use crate::{Failed, host::ServerSettings, output::Output, terminal};

#[derive(clap::Args)]
#[command(
    after_help = "The server may run meanwhile: everything that was answered before the command began is in the backup. SQLite's files \
                  are copied by SQLite; PostgreSQL needs its pg_dump on this machine.\n\
                  The master key is not in it. Keep a copy of it in another place: without it, secrets and signing keys are lost.\n\n\
                  Examples:\n  aerocall backup /var/backups/aerocall/2026-11-29\n  aerocall restore /var/backups/aerocall/2026-11-29"
)]
pub(crate) struct Arguments {
    /// Directory for the backup: new or empty
    directory: PathBuf,
    #[command(flatten)]
    settings: ServerSettings,
    #[command(flatten)]
    output: Output,
}

pub(crate) async fn run(arguments: Arguments) -> Result<(), Failed> {
    let config = arguments.settings.config()?;
    let backup = Box::pin(aerocall_server::backup(&config, &arguments.directory)).await?;
    let bytes: u64 = backup.files.iter().map(|file| file.bytes).sum();
    let document = json!({ "directory": arguments.directory, "files": backup.files.len(), "bytes": bytes });
    arguments.output.print(&document, |_| {
        let (files, shown) = (backup.files.len(), arguments.directory.display());
        let files = if files == 1 {
            "1 file".to_owned()
        } else {
            format!("{files} files")
        };
        terminal::answer(format!("{files}, {bytes} bytes in {shown}"));
        let key = match &config.master_key {
            Some(_) => "AEROCALL_MASTER_KEY".to_owned(),
            None => config.data_dir.join("master.key").display().to_string(),
        };
        terminal::answer(format!(
            "not in it: the master key ({key}); keep a copy of it in another place"
        ));
    })
}
