//! `aerocall signing-keys`: the keys that sign an environment's access tokens, over the admin API.

use aerocall_api_types::{SigningKey, SigningKeyList, SigningKeyRotation};
use serde_json::json;

use crate::{
    Failed,
    manage::{Common, Request, time_or},
    output::word,
    terminal::{self, plain},
};

#[derive(clap::Args)]
#[command(after_help = "Examples:\n  \
    aerocall signing-keys list\n  \
    aerocall signing-keys rotate\n  \
    aerocall signing-keys rotate --immediately    for a leaked key: all access tokens are refused")]
pub(crate) struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(clap::Subcommand)]
enum Action {
    /// List signing keys
    List {
        #[command(flatten)]
        common: Common,
    },
    /// Make a new key, which signs once everybody has had time to fetch it
    Rotate {
        /// For a leaked key: the new key signs at once, and all tokens issued so far are refused
        #[arg(long)]
        immediately: bool,
        #[command(flatten)]
        common: Common,
    },
}

pub(crate) async fn run(arguments: Arguments) -> Result<(), Failed> {
    match arguments.action {
        Action::List { common } => {
            common
                .of_environment(Request::new("GET", &["signing-keys"]), list)
                .await
        }
        Action::Rotate { immediately, common } => {
            let request = Request::new("POST", &["signing-keys", "rotate"]).with(json!({ "immediately": immediately }));
            common.of_environment(request, rotated).await
        }
    }
}

fn list(list: &SigningKeyList) {
    list.keys.iter().for_each(show);
}

fn rotated(rotation: &SigningKeyRotation) {
    terminal::say(format!("the new key is {}", plain(&rotation.kid)));
    rotation.keys.iter().for_each(show);
}

fn show(key: &SigningKey) {
    terminal::answer(format!(
        "{}  {}  signs from {}  retired {}",
        plain(&key.kid),
        word(&key.state),
        plain(key.active_at.as_str()),
        time_or(key.retired_at.as_ref(), "-")
    ));
}
