//! `aerocall secrets`: what hooks may use and never read. A value comes from standard input, a file or a prompt without
//! echo; never from an argument, which other users of the machine and the shell's history would see.

use std::{
    io::{self, BufRead as _, IsTerminal as _, Write as _},
    path::{Path, PathBuf},
    process::{Command as Process, Stdio},
};

use aerocall_api_types::{Deleted, Secret, SecretList};
use aerocall_compiler::capabilities::{Capability, Grant};
use serde_json::{Value, json};

use crate::{
    Failed,
    admin::{Admin, NoAnswer},
    documents,
    output::{Output, details, list},
    settings::Settings,
    target::Connection,
    terminal::{self, plain},
};

#[derive(clap::Args)]
#[command(after_help = "Examples:\n  \
    aerocall secrets set crm_token --hosts api.crm.example        prompts for the value\n  \
    pass show crm | aerocall secrets set crm_token --hosts api.crm.example\n  \
    aerocall secrets list --json\n  \
    aerocall secrets delete crm_token")]
pub(crate) struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(clap::Subcommand)]
enum Action {
    /// List names and hosts; values are never shown
    List {
        #[command(flatten)]
        common: Common,
    },
    /// Create a secret, or replace the one with this name
    Set {
        /// Name: letters, digits and `_`, starting with a letter
        name: String,
        /// Hosts that the value may be sent to, such as api.example.com; without hosts it can only be used as an HMAC key
        #[arg(long, value_delimiter = ',')]
        hosts: Vec<String>,
        /// File with the value, or `-` for standard input; one line break at the end is removed
        #[arg(long)]
        value_file: Option<PathBuf>,
        /// Keep the stored value: then hosts can only be removed from the list
        #[arg(long, conflicts_with = "value_file")]
        keep_value: bool,
        #[command(flatten)]
        common: Common,
    },
    /// Delete a secret
    Delete {
        name: String,
        #[command(flatten)]
        common: Common,
    },
}

#[derive(clap::Args)]
struct Common {
    #[command(flatten)]
    connection: Connection,
    #[command(flatten)]
    output: Output,
}

/// What is asked of the server; everything in it has been checked.
enum Request {
    List,
    Set { name: String, secret: Value },
    Delete { name: String },
}

pub(crate) async fn run(arguments: Arguments) -> Result<(), Failed> {
    let (common, request) = match arguments.action {
        Action::List { common } => (common, Request::List),
        Action::Delete { name, common } => (common, Request::Delete { name: checked(&name)? }),
        Action::Set {
            name,
            hosts,
            value_file,
            keep_value,
            common,
        } => {
            let (name, hosts) = (checked(&name)?, checked_hosts(&hosts)?);
            let secret = match keep_value {
                true => json!({ "hosts": hosts }),
                false => json!({ "value": value(value_file.as_deref(), &name)?, "hosts": hosts }),
            };
            (common, Request::Set { name, secret })
        }
    };
    let target = common.connection.target(&Settings::read(Path::new("."))?.project)?;
    let done = tokio::task::spawn_blocking(move || {
        let admin = target.admin();
        request.send(&admin).map_err(|why| admin.explained(why))
    })
    .await?;
    match done {
        Ok(answer) => common.output.print(&answer, Answer::show),
        Err(why) => Err(common.output.refused(why, details)),
    }
}

/// What the server answered.
#[derive(serde::Serialize)]
#[serde(untagged)]
enum Answer {
    All(SecretList),
    Kept(Secret),
    Gone(Deleted),
}

impl Request {
    fn send(self, admin: &Admin) -> Result<Answer, NoAnswer> {
        Ok(match self {
            Self::List => Answer::All(admin.secrets()?),
            Self::Set { name, secret } => Answer::Kept(admin.set_secret(&name, &secret)?),
            Self::Delete { name } => Answer::Gone(admin.delete_secret(&name)?),
        })
    }
}

impl Answer {
    fn show(&self) {
        match self {
            Self::Kept(secret) => terminal::answer(format!("kept {}, {}", plain(&secret.name), hosts(secret))),
            Self::Gone(gone) => terminal::answer(format!("deleted {}", plain(&gone.deleted))),
            Self::All(list) => {
                for secret in &list.secrets {
                    let (name, since) = (plain(&secret.name), plain(secret.updated_at.as_str()));
                    terminal::answer(format!("{name}  {}  since {since}", hosts(secret)));
                }
            }
        }
    }
}

fn hosts(secret: &Secret) -> String {
    match list(&secret.hosts) {
        none if none.is_empty() => "for HMAC alone".to_owned(),
        hosts => format!("for {hosts}"),
    }
}

fn checked(name: &str) -> Result<String, Failed> {
    Grant::part(Capability::Secrets, name)
        .map(|_| name.to_owned())
        .map_err(Failed::Usage)
}

fn checked_hosts(hosts: &[String]) -> Result<Vec<String>, Failed> {
    let part = |host: &String| Grant::part(Capability::Http, host.trim()).map_err(Failed::Usage);
    let grants = hosts.iter().map(part).collect::<Result<Vec<_>, _>>()?;
    Ok(grants.iter().filter_map(Grant::part_name).map(str::to_owned).collect())
}

fn value(file: Option<&Path>, name: &str) -> Result<String, Failed> {
    let value = match file {
        Some(file) => documents::line(file)?,
        None if io::stdin().is_terminal() => documents::without_end(asked(name)?),
        None => documents::line(Path::new("-"))?,
    };
    match value.is_empty() {
        true => Err(Failed::Usage("the secret's value is empty".to_owned())),
        false => Ok(value),
    }
}

/// Asks on the terminal, which does not show what is typed.
fn asked(name: &str) -> Result<String, Failed> {
    eprompt(&format!("value of {name}: "))?;
    let hidden = Hidden::begin()?;
    let mut line = String::new();
    io::stdin().lock().read_line(&mut line)?;
    drop(hidden);
    eprompt("\n")?;
    Ok(line)
}

fn eprompt(text: &str) -> io::Result<()> {
    let mut stream = io::stderr().lock();
    stream.write_all(text.as_bytes())?;
    stream.flush()
}

/// The terminal does not echo as long as this lives.
struct Hidden;

impl Hidden {
    fn begin() -> Result<Self, Failed> {
        match stty("-echo") {
            true => Ok(Self),
            false => {
                let message = "the terminal cannot hide the value: use --value-file or standard input";
                Err(Failed::Environment(message.to_owned()))
            }
        }
    }
}

impl Drop for Hidden {
    fn drop(&mut self) {
        stty("echo");
    }
}

fn stty(setting: &str) -> bool {
    let done = Process::new("stty").arg(setting).stdin(Stdio::inherit()).status();
    done.is_ok_and(|status| status.success())
}
