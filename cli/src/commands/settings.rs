//! `aerocall settings`: the settings of an environment as JSON documents, over the admin API.

use std::path::PathBuf;

use serde_json::Value;

use crate::{
    Failed, documents,
    manage::{Common, Request},
    output::pretty,
    terminal,
};

#[derive(clap::Args)]
#[command(after_help = "Examples:\n  \
    aerocall settings get auth > auth.json\n  \
    aerocall settings set auth auth.json\n  \
    echo '{\"hosts\": [\"api.crm.example\"]}' | aerocall settings set http -")]
pub(crate) struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(clap::Subcommand)]
enum Action {
    /// Print settings as JSON; passwords and secrets are never shown
    Get {
        name: Name,
        #[command(flatten)]
        common: Common,
    },
    /// Replace settings; what the document leaves out gets its default
    Set {
        name: Name,
        /// File with the JSON document, or `-` for standard input
        file: PathBuf,
        #[command(flatten)]
        common: Common,
    },
}

/// Which settings.
#[derive(Clone, Copy, clap::ValueEnum)]
enum Name {
    /// Sign-up, login methods, passwords, sessions, rate limits
    Auth,
    /// Identity providers
    Providers,
    /// Hosts that hooks can reach
    Http,
    /// Mail server and sender
    Mail,
    /// Limits of an invocation
    Limits,
    /// What a deployment needs, such as a backtest
    Gates,
}

impl Name {
    const fn part(self) -> &'static str {
        match self {
            Self::Auth => "auth",
            Self::Providers => "providers",
            Self::Http => "http",
            Self::Mail => "mail",
            Self::Limits => "limits",
            Self::Gates => "gates",
        }
    }
}

pub(crate) async fn run(arguments: Arguments) -> Result<(), Failed> {
    match arguments.action {
        Action::Get { name, common } => {
            let request = Request::new("GET", &["settings", name.part()]);
            common.of_environment(request, show).await
        }
        Action::Set { name, file, common } => {
            let request = Request::new("PUT", &["settings", name.part()]).with(documents::read(&file)?);
            common.of_environment(request, show).await
        }
    }
}

fn show(settings: &Value) {
    terminal::answer(pretty(settings));
}
