//! `aerocall projects`: the projects of a server, over the admin API.

use aerocall_api_types::{Deleted, Project, ProjectKeys, ProjectList};
use serde_json::json;

use crate::{
    Failed,
    manage::{Common, Request},
    output::list as listed,
    terminal::{self, plain},
};

#[derive(clap::Args)]
#[command(
    after_help = "Listing works with every key and token, renaming with an admin token of the server or of the project; creating and \
                  deleting need one of the server. The id of a project never changes.\n\n\
                  Examples:\n  aerocall projects list\n  aerocall projects create shop --name \"The Shop\"\n  \
                  aerocall projects rename shop \"The Shop (EU)\"\n  aerocall projects delete shop --confirm shop"
)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(clap::Subcommand)]
enum Action {
    /// List the projects
    List {
        #[command(flatten)]
        common: Common,
    },
    /// Create a project and print the keys of its first environment
    Create {
        /// 1 to 63 characters of a-z, 0-9 and -
        id: String,
        /// Display name [default: the id]
        #[arg(long)]
        name: Option<String>,
        #[command(flatten)]
        common: Common,
    },
    /// Change the display name of a project
    Rename {
        /// The project
        id: String,
        /// The new display name
        name: String,
        #[command(flatten)]
        common: Common,
    },
    /// Delete a project with everything in it; this cannot be undone
    Delete {
        /// The project
        id: String,
        /// The project once more, so that nothing is deleted by mistake
        #[arg(long)]
        confirm: String,
        #[command(flatten)]
        common: Common,
    },
}

pub(crate) async fn run(arguments: Arguments) -> Result<(), Failed> {
    match arguments.action {
        Action::List { common } => {
            let reach = common.reach()?;
            common.send(reach, Request::new("GET", &["projects"]), list).await
        }
        Action::Create { id, name, common } => {
            let reach = common.reach()?;
            let body = json!({ "id": id, "name": name, "environment": reach.environment });
            let request = Request::new("POST", &["projects"]).with(body);
            common.send(reach, request, made).await
        }
        Action::Rename { id, name, common } => {
            let reach = common.reach()?;
            let request = Request::new("PATCH", &["projects", &id]).with(json!({ "name": name }));
            common.send(reach, request, show).await
        }
        Action::Delete { id, confirm, common } => {
            let reach = common.reach()?;
            let request = Request::new("DELETE", &["projects", &id]).with(json!({ "confirm": confirm }));
            common.send(reach, request, deleted).await
        }
    }
}

fn list(list: &ProjectList) {
    list.projects.iter().for_each(show);
}

fn show(project: &Project) {
    let environments = listed(&project.environments);
    terminal::answer(format!(
        "{}  {}  {environments}",
        plain(&project.id),
        plain(&project.name)
    ));
}

/// The keys of a new environment.
pub(super) fn made(keys: &ProjectKeys) {
    terminal::say(format!(
        "created {}/{}; the secret key is shown only here",
        plain(&keys.project_id),
        plain(&keys.environment)
    ));
    terminal::answer(format!("publishable key  {}", plain(&keys.publishable_key)));
    terminal::answer(format!("secret key       {}", plain(&keys.secret_key)));
}

/// What is gone.
pub(super) fn deleted(gone: &Deleted) {
    terminal::answer(format!("deleted {}; its data is being removed", plain(&gone.deleted)));
}
