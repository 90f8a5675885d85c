//! `aerocall cases`: test cases that are kept with the hooks of a server. In a hook project they are files below `tests/cases/`,
//! which `aerocall test` runs like the others.

use std::path::{Path, PathBuf};

use aerocall_api_types::{Deleted, HookCase, HookCaseList, HookCaseRun};
use serde_json::{Value, json};

use crate::{
    Failed, documents,
    manage::{Common, Request, deleted},
    migrations::{self, Migration},
    project::Project,
    terminal::{self, Stream, Style, paint, plain},
};

/// Below the project: a folder for each hook, a file for each case.
const DIRECTORY: &str = "tests/cases";

#[derive(clap::Args)]
#[command(after_help = "Examples:\n  \
    aerocall cases make inv_… --name free-mail     from a recorded invocation, without the people in it\n  \
    aerocall cases pull                            into tests/cases/, for aerocall test\n  \
    aerocall cases push\n  \
    aerocall cases run signup --version 4\n\n\
    The exit code of run is 1 if a case failed.")]
pub(crate) struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(clap::Subcommand)]
enum Action {
    /// List the cases of a hook
    List {
        /// The hook
        hook: String,
        #[command(flatten)]
        common: Common,
    },
    /// Make a case of a recorded invocation
    Make {
        /// Id of the invocation
        invocation: String,
        /// Name of the case
        #[arg(long)]
        name: String,
        /// What is replaced: addresses, names, secrets; or nothing [default: all of them]
        #[arg(long, value_delimiter = ',')]
        redact: Option<Vec<String>>,
        #[command(flatten)]
        common: Common,
    },
    /// Write the cases of the server into tests/cases/
    Pull {
        /// The project directory
        #[arg(long, default_value = ".")]
        directory: PathBuf,
        #[command(flatten)]
        common: Common,
    },
    /// Send the cases in tests/cases/ to the server
    Push {
        /// The project directory
        #[arg(long, default_value = ".")]
        directory: PathBuf,
        #[command(flatten)]
        common: Common,
    },
    /// Run the cases of a hook on the server
    Run {
        /// The hook
        hook: String,
        /// Number of the version to run [default: the live one]
        #[arg(long)]
        version: Option<u32>,
        /// The project directory, whose migrations make the tables
        #[arg(long, default_value = ".")]
        directory: PathBuf,
        #[command(flatten)]
        common: Common,
    },
    /// Delete a case
    Delete {
        /// The hook
        hook: String,
        /// The case
        name: String,
        #[command(flatten)]
        common: Common,
    },
}

pub(crate) async fn run(arguments: Arguments) -> Result<(), Failed> {
    match arguments.action {
        Action::List { hook, common } => {
            let list: HookCaseList = common.fetched_of_project(of_hook("GET", &hook, &[])).await?;
            common.output().print(&list, |list| list.cases.iter().for_each(show))
        }
        Action::Make {
            invocation,
            name,
            redact,
            common,
        } => {
            let mut body = json!({ "name": name });
            if let Some(redact) = redact {
                body["redact"] = redact.into_iter().filter(|kind| kind != "nothing").collect();
            }
            let request = Request::new("POST", &["invocations", &invocation, "case"]).with(body);
            common.of_environment(request, show).await
        }
        Action::Pull { directory, common } => pull(&Project::open(&directory)?, &common).await,
        Action::Push { directory, common } => push(&Project::open(&directory)?, &common).await,
        Action::Run {
            hook,
            version,
            directory,
            common,
        } => run_all(&hook, version, &directory, &common).await,
        Action::Delete { hook, name, common } => {
            let gone: Deleted = common.fetched_of_project(of_hook("DELETE", &hook, &[&name])).await?;
            common.output().print(&gone, deleted)
        }
    }
}

/// A request about the cases of a hook.
fn of_hook(method: &'static str, hook: &str, more: &[&str]) -> Request {
    let path = ["hooks", hook, "cases"].into_iter().chain(more.iter().copied());
    Request::new(method, &path.collect::<Vec<_>>())
}

async fn pull(project: &Project, common: &Common) -> Result<(), Failed> {
    let mut written = Vec::new();
    for hook in &project.hooks {
        let list: HookCaseList = common.fetched_of_project(of_hook("GET", &hook.name, &[])).await?;
        for case in list.cases {
            let file = format!("{DIRECTORY}/{}/{}.json", segment(&case.hook)?, segment(&case.name)?);
            let path = project.root.join(&file);
            let mut document = case.document;
            // Several hooks of a project may have the hook point.
            document.insert("file".to_owned(), case.hook.into());
            let text = serde_json::to_string_pretty(&document)? + "\n";
            if let Some(folder) = path.parent() {
                std::fs::create_dir_all(folder).map_err(|error| Failed::file(folder, &error))?;
            }
            std::fs::write(&path, text).map_err(|error| Failed::file(&path, &error))?;
            written.push(file);
        }
    }
    common.output().print(&json!({ "written": written }), |_| {
        written
            .iter()
            .for_each(|file| terminal::answer(format!("wrote {}", plain(file))));
        terminal::answer(format!("{} cases", written.len()));
    })
}

async fn push(project: &Project, common: &Common) -> Result<(), Failed> {
    let mut sent = Vec::new();
    for hook in &project.hooks {
        for path in files(&project.root.join(DIRECTORY).join(&hook.name))? {
            let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            let mut document: Value = documents::read(&path)?;
            if let Some(members) = document.as_object_mut() {
                members.remove("file");
            }
            let request = of_hook("PUT", &hook.name, &[&name]).with(json!({ "document": document }));
            let case: HookCase = common.fetched_of_project(request).await?;
            sent.push(format!("{}/{}", case.hook, case.name));
        }
    }
    common.output().print(&json!({ "sent": sent }), |_| {
        sent.iter()
            .for_each(|case| terminal::answer(format!("sent {}", plain(case))));
        terminal::answer(format!("{} cases", sent.len()));
    })
}

async fn run_all(hook: &str, version: Option<u32>, directory: &Path, common: &Common) -> Result<(), Failed> {
    let migrations: Vec<Value> = migrations::read(directory)?
        .into_iter()
        .map(Migration::into_parts)
        .map(|(name, sql)| json!({ "name": name, "sql": sql }))
        .collect();
    let mut body = json!({ "migrations": migrations });
    if let Some(version) = version {
        body["target"] = version.into();
    }
    let ran: HookCaseRun = common.fetched(of_hook("POST", hook, &["run"]).with(body)).await?;
    common.output().print(&ran, |ran| {
        for case in &ran.cases {
            let (text, style) = match case.ok {
                true => ("ok    ", Style::Good),
                false => ("FAILED", Style::Bad),
            };
            terminal::answer(format!("{} {}", paint(Stream::Answer, style, text), plain(&case.name)));
            let problems = case
                .problems
                .iter()
                .map(|problem| format!("         {}", plain(problem)));
            problems.for_each(terminal::answer);
        }
        terminal::answer(format!(
            "v{}: {} passed, {} failed",
            ran.target.version, ran.passed, ran.failed
        ));
    })?;
    match ran.failed {
        0 => Ok(()),
        _ => Err(Failed::Checked),
    }
}

/// The JSON files of a folder, by name; none if it is not there.
fn files(directory: &Path) -> Result<Vec<PathBuf>, Failed> {
    let entries = match std::fs::read_dir(directory) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(Failed::file(directory, &error)),
    };
    let mut files = Vec::new();
    for entry in entries {
        let path = entry?.path();
        if path.extension().is_some_and(|ending| ending == "json") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// A name that a server sent, as a part of a path: it must not lead elsewhere.
fn segment(name: &str) -> Result<&str, Failed> {
    aerocall_server::local::check_hook_name(name)
        .map(|()| name)
        .map_err(|problem| Failed::Environment(format!("the server has a case called {:?}: {problem}", plain(name))))
}

fn show(case: &HookCase) {
    terminal::answer(format!(
        "{}  {}  {}",
        plain(&case.name),
        plain(&case.point),
        plain(case.updated_at.as_str())
    ));
}
