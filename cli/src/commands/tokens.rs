//! `aerocall tokens`: admin tokens of a server or of a project, over the admin API.

use aerocall_api_types::{AdminTokenList, NewAdminToken, Permission};
use serde_json::json;

use crate::{
    Failed,
    credentials::{Credentials, Expiry, Overlap, times},
    manage::Common,
    target::Reach,
    terminal::{self, plain},
};

#[derive(clap::Args)]
#[command(
    after_help = "With --project they are tokens of that project, which open the admin API of all its environments; otherwise of the \
                  server. For the first token of a server see `aerocall admin`.\n\n\
                  Examples:\n  aerocall tokens list\n  aerocall tokens create ci --project shop --scopes hooks:deploy\n  \
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
        /// What it may do, several with commas: hooks:deploy, data:read, … (everything that your own token may do if omitted)
        #[arg(long, value_delimiter = ',', value_name = "SCOPE")]
        scopes: Vec<String>,
        /// The only environment of the project that it opens
        #[arg(long, value_name = "NAME")]
        only_environment: Option<String>,
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
        Action::List { common } => Credentials::at(common, place)?.list(list).await,
        Action::Create {
            name,
            scopes,
            only_environment,
            expiry,
            common,
        } => {
            let scopes = (!scopes.is_empty()).then_some(scopes);
            let new = json!({ "name": name, "scopes": scopes, "environment": only_environment });
            Credentials::at(common, place)?.create(new, expiry, made).await
        }
        Action::Rotate { id, overlap, common } => Credentials::at(common, place)?.rotate(&id, overlap, made).await,
        Action::Revoke { id, common } => Credentials::at(common, place)?.revoke(&id).await,
    }
}

/// Of a project if a flag names one.
fn place(reach: &Reach) -> Result<Vec<&str>, Failed> {
    Ok(match reach.named_project() {
        Some(project) => vec!["projects", project, "tokens"],
        None => vec!["tokens"],
    })
}

fn list(list: &AdminTokenList) {
    for token in &list.tokens {
        let times = times(token.last_used_at.as_ref(), token.expires_at.as_ref());
        let scopes = scopes(&token.scopes);
        let place = token
            .environment
            .as_deref()
            .map_or(String::new(), |name| format!("in {} ", plain(name)));
        terminal::answer(format!(
            "{}  {}  {place}{}  {times}",
            plain(&token.id),
            plain(&token.name),
            scopes
        ));
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

/// The scopes without those that others of them include.
fn scopes(all: &[Permission]) -> String {
    let is_included = |one: &Permission| all.iter().any(|other| other != one && other.includes(*one));
    let own = all.iter().filter(|one| !is_included(one));
    own.map(|one| one.as_str()).collect::<Vec<_>>().join(",")
}
