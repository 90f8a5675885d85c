//! What the commands over the admin API share: where a request goes, and how the answer is shown. Knows paths by their parts.

use std::path::Path;

use aerocall_api_types::{Deleted, Timestamp};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use crate::{
    Failed,
    admin::{Admin, NoAnswer},
    output::{Output, details},
    settings::Settings,
    target::{Connection, Reach, Target},
    terminal::{self, plain},
};

/// The flags of these commands.
#[derive(clap::Args)]
pub(crate) struct Common {
    #[command(flatten)]
    connection: Connection,
    #[command(flatten)]
    output: Output,
}

/// A request of the admin API.
pub(crate) struct Request {
    method: &'static str,
    /// Parts of the path below `/admin/api/v1`, or below an environment.
    path: Vec<String>,
    /// What is given of the query.
    query: Vec<(&'static str, String)>,
    body: Option<Value>,
}

/// The part of a list that is asked for.
#[derive(clap::Args)]
pub(crate) struct Page {
    /// Maximum number of entries
    #[arg(long, default_value_t = 20)]
    limit: u32,
    /// Continue after the last page: the value `next` of its JSON
    #[arg(long)]
    before: Option<String>,
}

impl Request {
    pub(crate) fn new(method: &'static str, path: &[&str]) -> Self {
        Self {
            method,
            path: path.iter().map(|part| (*part).to_owned()).collect(),
            query: Vec::new(),
            body: None,
        }
    }

    /// With a part of the query, if it is given.
    pub(crate) fn query(mut self, name: &'static str, value: Option<String>) -> Self {
        self.query.extend(value.map(|value| (name, value)));
        self
    }

    /// With the part of a list that is asked for.
    pub(crate) fn page(self, page: Page) -> Self {
        self.query("limit", Some(page.limit.to_string()))
            .query("before", page.before)
    }

    fn send<T: DeserializeOwned>(&self, admin: &Admin, above: &[&str]) -> Result<T, NoAnswer> {
        let above = above.iter().map(|part| (*part).to_owned());
        let path: Vec<String> = above.chain(self.path.iter().cloned()).collect();
        admin.ask(self.method, &path, &self.query, self.body.as_ref())
    }

    pub(crate) fn with(self, body: Value) -> Self {
        Self {
            body: Some(body),
            ..self
        }
    }
}

/// What a path goes on below.
#[derive(Clone, Copy)]
enum Below {
    Project,
    Environment,
}

impl Common {
    /// Which server, and what of it is named.
    pub(crate) fn reach(&self) -> Result<Reach, Failed> {
        self.connection.reach(&Settings::read(Path::new("."))?.project)
    }

    /// Sends a request and shows the answer.
    pub(crate) async fn send<T>(self, reach: Reach, request: Request, show: fn(&T)) -> Result<(), Failed>
    where
        T: DeserializeOwned + Serialize + Send + 'static,
    {
        let asked = move || request.send(&Admin::of_server(&reach.server, &reach.token), &[]);
        self.answered(tokio::task::spawn_blocking(asked).await?, show)
    }

    /// Sends a request whose path goes on below the environment, and shows the answer.
    pub(crate) async fn of_environment<T>(self, request: Request, show: fn(&T)) -> Result<(), Failed>
    where
        T: DeserializeOwned + Serialize + Send + 'static,
    {
        let target = self.target()?;
        let asked = move || {
            let admin = target.admin();
            let above = [
                "projects",
                target.project.as_str(),
                "environments",
                target.environment.as_str(),
            ];
            request.send(&admin, &above).map_err(|why| admin.explained(why))
        };
        self.answered(tokio::task::spawn_blocking(asked).await?, show)
    }

    /// Sends a request whose path goes on below the environment, and gives the answer.
    pub(crate) async fn fetched<T>(&self, request: Request) -> Result<T, Failed>
    where
        T: DeserializeOwned + Send + 'static,
    {
        self.fetched_below(request, Below::Environment).await
    }

    /// The same below the project.
    pub(crate) async fn fetched_of_project<T>(&self, request: Request) -> Result<T, Failed>
    where
        T: DeserializeOwned + Send + 'static,
    {
        self.fetched_below(request, Below::Project).await
    }

    async fn fetched_below<T>(&self, request: Request, below: Below) -> Result<T, Failed>
    where
        T: DeserializeOwned + Send + 'static,
    {
        let target = self.target()?;
        let asked = move || {
            let admin = target.admin();
            let mut above = vec!["projects", target.project.as_str()];
            if let Below::Environment = below {
                above.extend(["environments", target.environment.as_str()]);
            }
            request.send(&admin, &above).map_err(|why| admin.explained(why))
        };
        let answer = tokio::task::spawn_blocking(asked).await?;
        answer.map_err(|why| self.output.refused(why, details))
    }

    /// Which environment of which project.
    pub(crate) fn target(&self) -> Result<Target, Failed> {
        self.connection.target(&Settings::read(Path::new("."))?.project)
    }

    /// The same for a project that lies elsewhere.
    pub(crate) fn target_of(&self, settings: &Settings) -> Result<Target, Failed> {
        self.connection.target(&settings.project)
    }

    pub(crate) fn output(&self) -> Output {
        self.output
    }

    fn answered<T: Serialize>(self, answer: Result<T, NoAnswer>, show: fn(&T)) -> Result<(), Failed> {
        match answer {
            Ok(answer) => self.output.print(&answer, show),
            Err(why) => Err(self.output.refused(why, details)),
        }
    }
}

/// The members of a document that are given.
pub(crate) fn given<const N: usize, T: Into<Value>>(
    members: [(&'static str, Option<T>); N],
) -> impl Iterator<Item = (String, Value)> {
    let members = members.into_iter();
    members.filter_map(|(name, value)| Some((name.to_owned(), value?.into())))
}

/// What `--confirm` must say again, so that nothing is deleted by mistake.
pub(crate) fn confirmed(name: &str, confirm: &str) -> Result<(), Failed> {
    match name == confirm {
        true => Ok(()),
        false => Err(Failed::Usage(format!(
            "--confirm must be {name:?}, too: nothing was deleted"
        ))),
    }
}

/// What is gone.
pub(crate) fn deleted(gone: &Deleted) {
    terminal::answer(format!("deleted {}", plain(&gone.deleted)));
}

/// Says where a list goes on.
pub(crate) fn more(next: Option<&str>) {
    if let Some(next) = next {
        terminal::say(format!("more: --before {}", plain(next)));
    }
}

/// A time, or what it means that there is none.
pub(crate) fn time_or<'t>(time: Option<&'t Timestamp>, none: &'t str) -> String {
    plain(time.map_or(none, Timestamp::as_str))
}
