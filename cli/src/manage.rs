//! What `tokens`, `keys`, `projects` and `environments` share: where a request goes, and how the answer is shown. Knows paths of
//! the admin API by their parts.

use std::path::Path;

use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use crate::{
    Failed,
    admin::{Admin, NoAnswer},
    output::{Output, details},
    settings::Settings,
    target::{Connection, Reach},
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
    /// Parts of the path below `/admin/api/v1`.
    path: Vec<String>,
    body: Option<Value>,
}

impl Request {
    pub(crate) fn new(method: &'static str, path: &[&str]) -> Self {
        Self {
            method,
            path: path.iter().map(|part| (*part).to_owned()).collect(),
            body: None,
        }
    }

    pub(crate) fn with(self, body: Value) -> Self {
        Self {
            body: Some(body),
            ..self
        }
    }
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
        let asked = move || -> Result<T, NoAnswer> {
            let admin = Admin::of_server(&reach.server, &reach.token);
            admin.ask(request.method, &request.path, request.body.as_ref())
        };
        match tokio::task::spawn_blocking(asked).await? {
            Ok(answer) => self.output.print(&answer, show),
            Err(why) => Err(self.output.refused(why, details)),
        }
    }
}
