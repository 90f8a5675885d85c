//! `aerocall keys`: API keys of an environment, over the admin API.

use aerocall_api_types::{ApiKeyList, Deleted, NewApiKey};
use serde_json::json;

use crate::{
    Failed,
    manage::{Common, Expiry, Overlap, Request},
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
        Action::List { common } => {
            let reach = common.reach()?;
            let request = Request::new("GET", &place(&reach, &[])?);
            common.send(reach, request, list).await
        }
        Action::Create {
            kind,
            name,
            expiry,
            common,
        } => {
            let reach = common.reach()?;
            let kind = match kind {
                Kind::Publishable => "publishable",
                Kind::Secret => "secret",
            };
            let body = expiry.put(json!({ "kind": kind, "name": name }));
            let request = Request::new("POST", &place(&reach, &[])?).with(body);
            common.send(reach, request, made).await
        }
        Action::Rotate { id, overlap, common } => {
            let reach = common.reach()?;
            let request = Request::new("POST", &place(&reach, &[&id, "rotate"])?).with(overlap.body());
            common.send(reach, request, made).await
        }
        Action::Revoke { id, common } => {
            let reach = common.reach()?;
            let request = Request::new("DELETE", &place(&reach, &[&id])?);
            common.send(reach, request, revoked).await
        }
    }
}

fn place<'p>(reach: &'p Reach, rest: &[&'p str]) -> Result<Vec<&'p str>, Failed> {
    let place = [
        "projects",
        reach.project()?,
        "environments",
        reach.environment.as_str(),
        "keys",
    ];
    Ok([&place[..], rest].concat())
}

fn list(list: &ApiKeyList) {
    for key in &list.keys {
        let used = key
            .last_used_at
            .as_ref()
            .map_or("never used".to_owned(), |at| format!("used {}", plain(at.as_str())));
        let ends = key
            .expires_at
            .as_ref()
            .map_or(String::new(), |at| format!("  until {}", plain(at.as_str())));
        let shown = key.key.as_deref().unwrap_or("(hidden)");
        terminal::answer(format!(
            "{}  {}  {}  {}  {used}{ends}",
            plain(&key.id),
            word(&key.kind),
            plain(shown),
            plain(&key.name)
        ));
    }
}

fn made(key: &NewApiKey) {
    terminal::say(format!("{} key {}:", word(&key.kind), plain(&key.id)));
    terminal::answer(plain(&key.key));
}

fn revoked(gone: &Deleted) {
    terminal::answer(format!("revoked {}", plain(&gone.deleted)));
}
