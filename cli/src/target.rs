//! Which server, project and environment a command talks to, and as whom: from flags, then the environment, then
//! `aerocall.toml`. The token never comes from a file of the project: without a flag and a variable it is that of `aerocall login`.

use crate::{Failed, admin::Admin, logins, settings::ProjectSettings, terminal};

/// The flags of every command that talks to a server.
#[derive(clap::Args)]
pub(crate) struct Connection {
    /// URL of the server [default: AEROCALL_SERVER, then `server` of aerocall.toml]
    #[arg(long)]
    server: Option<String>,
    /// A secret key of the project or an admin token [default: AEROCALL_TOKEN, then that of `aerocall login`]
    #[arg(long)]
    token: Option<String>,
    /// The project's id on the server [default: `id` of aerocall.toml]
    #[arg(long)]
    project: Option<String>,
    /// The environment [default: `environment` of aerocall.toml, then `production`]
    #[arg(long)]
    environment: Option<String>,
}

/// Where to, and as whom.
pub(crate) struct Target {
    pub(crate) server: String,
    pub(crate) project: String,
    pub(crate) environment: String,
    token: String,
}

/// Which server, as whom, and what of it is named.
pub(crate) struct Reach {
    pub(crate) server: String,
    pub(crate) token: String,
    pub(crate) environment: String,
    /// By a flag.
    named: Option<String>,
    /// By a flag or by aerocall.toml.
    project: Option<String>,
}

impl Reach {
    /// The project, if a flag names one: what is about a server is not about the project of the directory.
    pub(crate) fn named_project(&self) -> Option<&str> {
        self.named.as_deref()
    }

    /// The project, which must be given.
    pub(crate) fn project(&self) -> Result<&str, Failed> {
        self.project.as_deref().ok_or_else(no_project)
    }
}

impl Connection {
    /// What is given, or what is missing and where it can be put.
    pub(crate) fn target(&self, settings: &ProjectSettings) -> Result<Target, Failed> {
        let reach = self.reach(settings)?;
        Ok(Target {
            project: reach.project()?.to_owned(),
            server: reach.server,
            token: reach.token,
            environment: reach.environment,
        })
    }

    /// The same where a project may be missing.
    pub(crate) fn reach(&self, settings: &ProjectSettings) -> Result<Reach, Failed> {
        let server = server(self.server.clone(), settings)?;
        let token = match self.token.clone().or_else(|| env("AEROCALL_TOKEN")) {
            Some(token) => Some(token),
            None => logins::at(&server)?.map(|login| login.token),
        };
        let environment = self.environment.clone().or_else(|| settings.environment.clone());
        Ok(Reach {
            server,
            token: token.ok_or_else(|| {
                missing(
                    "no token given: log in with `aerocall login`, set AEROCALL_TOKEN to a secret key of the project, or use --token",
                )
            })?,
            named: self.project.clone(),
            project: self.project.clone().or_else(|| settings.id.clone()),
            environment: environment.unwrap_or_else(|| "production".to_owned()),
        })
    }
}

/// A variable of the environment that says something.
fn env(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// The URL of the server: that of a flag, of the environment, or of `aerocall.toml`.
pub(crate) fn server(given: Option<String>, settings: &ProjectSettings) -> Result<String, Failed> {
    let server = given.or_else(|| env("AEROCALL_SERVER"));
    let server = server.or_else(|| settings.server.clone()).ok_or_else(|| {
        missing(
            "no server given: use --server https://…, set AEROCALL_SERVER, or add `server` under [project] in aerocall.toml",
        )
    })?;
    check_address(&server)?;
    Ok(server)
}

impl Target {
    /// Somebody to ask.
    pub(crate) fn admin(&self) -> Admin {
        Admin::new(&self.server, &self.token, &self.project, &self.environment)
    }
}

fn no_project() -> Failed {
    missing("no project given: add `id` under [project] in aerocall.toml, or use --project")
}

fn missing(what: &str) -> Failed {
    Failed::Usage(what.to_owned())
}

fn check_address(server: &str) -> Result<(), Failed> {
    if !server.starts_with("https://") && !server.starts_with("http://") {
        return Err(Failed::Usage(format!(
            "the server {server:?} must start with https:// or http://"
        )));
    }
    if server.starts_with("http://") && !is_this_machine(server) {
        terminal::say("warning: http:// sends the token unencrypted; use https:// for servers on other machines");
    }
    Ok(())
}

/// Whether an `http://` address stays on this machine.
fn is_this_machine(server: &str) -> bool {
    let authority = server
        .trim_start_matches("http://")
        .split('/')
        .next()
        .unwrap_or_default();
    let host = authority.rsplit_once(':').map_or(authority, |(host, _)| host);
    matches!(host, "localhost" | "127.0.0.1" | "[::1]")
}
