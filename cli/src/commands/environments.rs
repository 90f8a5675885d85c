//! `aerocall environments`: the environments of a project, over the admin API.

use aerocall_api_types::Environment;
use serde_json::json;

use super::projects::{deleted, made};
use crate::{
    Failed,
    manage::{Common, Request},
    terminal::{self, plain},
};

#[derive(clap::Args)]
#[command(
    after_help = "`aerocall projects list` shows them. Renaming needs an admin token of the server or of the project; creating and \
                  deleting need one of the server. The name of an environment never changes, only its display name.\n\n\
                  Examples:\n  aerocall environments create staging --project shop\n  \
                  aerocall environments rename staging \"Staging (EU)\" --project shop\n  \
                  aerocall environments delete staging --confirm staging --project shop"
)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(clap::Subcommand)]
enum Action {
    /// Create an environment and print its keys
    Create {
        /// 1 to 63 characters of a-z, 0-9 and -
        name: String,
        #[command(flatten)]
        common: Common,
    },
    /// Change the display name of an environment
    Rename {
        /// The environment
        name: String,
        /// The new display name
        display_name: String,
        #[command(flatten)]
        common: Common,
    },
    /// Delete an environment with everything in it; this cannot be undone
    Delete {
        /// The environment
        name: String,
        /// The environment once more, so that nothing is deleted by mistake
        #[arg(long)]
        confirm: String,
        #[command(flatten)]
        common: Common,
    },
}

pub(crate) async fn run(arguments: Arguments) -> Result<(), Failed> {
    match arguments.action {
        Action::Create { name, common } => {
            let reach = common.reach()?;
            let path = ["projects", reach.project()?, "environments"];
            let request = Request::new("POST", &path).with(json!({ "name": name }));
            common.send(reach, request, made).await
        }
        Action::Rename {
            name,
            display_name,
            common,
        } => {
            let reach = common.reach()?;
            let path = ["projects", reach.project()?, "environments", name.as_str()];
            let request = Request::new("PATCH", &path).with(json!({ "displayName": display_name }));
            common.send(reach, request, show).await
        }
        Action::Delete { name, confirm, common } => {
            let reach = common.reach()?;
            let path = ["projects", reach.project()?, "environments", name.as_str()];
            let request = Request::new("DELETE", &path).with(json!({ "confirm": confirm }));
            common.send(reach, request, deleted).await
        }
    }
}

fn show(environment: &Environment) {
    let names = (plain(&environment.name), plain(&environment.display_name));
    terminal::answer(format!("{}  {}", names.0, names.1));
}
