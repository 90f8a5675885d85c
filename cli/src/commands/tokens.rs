//! `aerocall tokens`: admin tokens of a server or of a project, over the admin API.

use aerocall_api_types::{AdminTokenList, Deleted, NewAdminToken};
use serde_json::json;

use crate::{
    Failed,
    manage::{Common, Expiry, Overlap, Request},
    terminal::{self, plain},
};

#[derive(clap::Args)]
#[command(
    after_help = "With --project they are tokens of that project, which open the admin API of all its environments; otherwise of the \
                  server. For the first token of a server see `aerocall admin`.\n\n\
                  Examples:\n  aerocall tokens list\n  aerocall tokens create ci --project shop\n  \
                  aerocall tokens rotate adm_0198f2c6 --overlap-seconds 3600\n  aerocall tokens revoke adm_0198f2c6"
)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(clap::Subcommand)]
enum Action {
    /// List the tokens that are valid; the tokens themselves are never shown
    List {
        #[command(flatten)]
        common: Common,
    },
    /// Create a token and print it, once
    Create {
        /// What or whom it is for
        name: String,
        #[command(flatten)]
        expiry: Expiry,
        #[command(flatten)]
        common: Common,
    },
    /// Replace a token and print the new one, once
    Rotate {
        /// Id of the token, as listed
        id: String,
        #[command(flatten)]
        overlap: Overlap,
        #[command(flatten)]
        common: Common,
    },
    /// Revoke a token: it stops working at once
    Revoke {
        /// Id of the token, as listed
        id: String,
        #[command(flatten)]
        common: Common,
    },
}

pub(crate) async fn run(arguments: Arguments) -> Result<(), Failed> {
    match arguments.action {
        Action::List { common } => {
            let reach = common.reach()?;
            let request = Request::new("GET", &place(reach.named_project(), &[]));
            common.send(reach, request, list).await
        }
        Action::Create { name, expiry, common } => {
            let reach = common.reach()?;
            let body = expiry.put(json!({ "name": name }));
            let request = Request::new("POST", &place(reach.named_project(), &[])).with(body);
            common.send(reach, request, made).await
        }
        Action::Rotate { id, overlap, common } => {
            let reach = common.reach()?;
            let path = place(reach.named_project(), &[&id, "rotate"]);
            let request = Request::new("POST", &path).with(overlap.body());
            common.send(reach, request, made).await
        }
        Action::Revoke { id, common } => {
            let reach = common.reach()?;
            let request = Request::new("DELETE", &place(reach.named_project(), &[&id]));
            common.send(reach, request, revoked).await
        }
    }
}

fn place<'p>(project: Option<&'p str>, rest: &[&'p str]) -> Vec<&'p str> {
    let place = match project {
        Some(project) => vec!["projects", project, "tokens"],
        None => vec!["tokens"],
    };
    [place.as_slice(), rest].concat()
}

fn list(list: &AdminTokenList) {
    for token in &list.tokens {
        let used = token
            .last_used_at
            .as_ref()
            .map_or("never used".to_owned(), |at| format!("used {}", plain(at.as_str())));
        let ends = token
            .expires_at
            .as_ref()
            .map_or(String::new(), |at| format!("  until {}", plain(at.as_str())));
        terminal::answer(format!("{}  {}  {used}{ends}", plain(&token.id), plain(&token.name)));
    }
}

fn made(token: &NewAdminToken) {
    terminal::say(format!(
        "admin token {} ({}), shown only here:",
        plain(&token.id),
        plain(&token.name)
    ));
    terminal::answer(plain(&token.token));
}

fn revoked(gone: &Deleted) {
    terminal::answer(format!("revoked {}", plain(&gone.deleted)));
}
