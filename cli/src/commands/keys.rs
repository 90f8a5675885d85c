//! `aerocall keys`: API keys of an environment, over the admin API.

use aerocall_api_types::{ApiKeyList, NewApiKey};
use serde_json::json;

use crate::{
    Failed,
    credentials::{Credentials, Expiry, Overlap, times},
    manage::Common,
    output::word,
    target::Reach,
    terminal::{self, plain},
};

#[derive(clap::Args)]
#[command(
    after_help = "Listing works with a secret key of the environment; the rest needs an admin token of the server or of the project.\n\n\
                  Examples:\n  aerocall keys list\n  aerocall keys create secret --name backend\n  \
                  aerocall keys rotate key_0198f2c6 --overlap-seconds 86400\n  aerocall keys revoke key_0198f2c6"
)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Kind {
    Publishable,
    Secret,
}

#[derive(clap::Subcommand)]
enum Action {
    /// List the keys that are valid; secret keys are never shown
    List {
        #[command(flatten)]
        common: Common,
    },
    /// Create a key and print it; a secret key is shown only once
    Create {
        /// For clients, or for servers and the admin API
        kind: Kind,
        /// What the key is for
        #[arg(long)]
        name: Option<String>,
        #[command(flatten)]
        expiry: Expiry,
        #[command(flatten)]
        common: Common,
    },
    /// Replace a key and print the new one
    Rotate {
        /// Id of the key, as listed
        id: String,
        #[command(flatten)]
        overlap: Overlap,
        #[command(flatten)]
        common: Common,
    },
    /// Revoke a key: it stops working at once
    Revoke {
        /// Id of the key, as listed
        id: String,
        #[command(flatten)]
        common: Common,
    },
}

pub(crate) async fn run(arguments: Arguments) -> Result<(), Failed> {
    match arguments.action {
        Action::List { common } => Credentials::at(common, place)?.list(list).await,
        Action::Create {
            kind,
            name,
            expiry,
            common,
        } => {
            let kind = match kind {
                Kind::Publishable => "publishable",
                Kind::Secret => "secret",
            };
            let new = json!({ "kind": kind, "name": name });
            Credentials::at(common, place)?.create(new, expiry, made).await
        }
        Action::Rotate { id, overlap, common } => Credentials::at(common, place)?.rotate(&id, overlap, made).await,
        Action::Revoke { id, common } => Credentials::at(common, place)?.revoke(&id).await,
    }
}

fn place(reach: &Reach) -> Result<Vec<&str>, Failed> {
    let environment = reach.environment.as_str();
    Ok(vec!["projects", reach.project()?, "environments", environment, "keys"])
}

fn list(list: &ApiKeyList) {
    for key in &list.keys {
        let shown = key.key.as_deref().unwrap_or("(hidden)");
        terminal::answer(format!(
            "{}  {}  {}  {}  {}",
            plain(&key.id),
            word(&key.kind),
            plain(shown),
            plain(&key.name),
            times(key.last_used_at.as_ref(), key.expires_at.as_ref())
        ));
    }
}

fn made(key: &NewApiKey) {
    terminal::say(format!("{} key {}:", word(&key.kind), plain(&key.id)));
    terminal::answer(plain(&key.key));
}
