//! A question to the assistant: the files of a hook as they are on this machine, and what is asked about them.

use std::{
    path::{Component, Path},
    str::FromStr,
};

use aerocall_compiler::{
    Source,
    bundle::{BundleOptions, bundle},
};
use serde_json::{Value, json};

use crate::{
    Failed,
    migrations::{self, Migration},
    project::{HookFile, Kind, Project},
};

/// Files of one question, as the server takes them.
const MAX_FILES: usize = 1_000;
/// Bytes of all of them.
const MAX_BYTES: usize = 2 << 20;

/// What is asked.
pub(crate) struct Question {
    pub(crate) hook: String,
    /// The body of the request.
    pub(crate) body: Value,
}

/// Lines of a file: `hooks/signup.ts:3-9`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Lines {
    pub(crate) file: String,
    /// First and last, from 1; `None` for the whole file.
    pub(crate) lines: Option<(u32, u32)>,
}

impl FromStr for Lines {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let whole = || Self {
            file: text.to_owned(),
            lines: None,
        };
        let Some((file, lines)) = text.rsplit_once(':') else {
            return Ok(whole());
        };
        let (first, last) = lines.split_once('-').unwrap_or((lines, lines));
        match (first.parse::<u32>(), last.parse::<u32>()) {
            (Ok(first), Ok(last)) if first >= 1 && first <= last => Ok(Self {
                file: file.to_owned(),
                lines: Some((first, last)),
            }),
            _ => Err(format!("{lines:?} are no lines: write {file}:3 or {file}:3-9")),
        }
    }
}

/// The hook that a question is about: the one that is named, which may be new, or the only one.
pub(crate) fn hook_of(project: &Project, named: Option<&str>) -> Result<HookFile, Failed> {
    match (named, project.hooks.as_slice()) {
        (Some(name), hooks) => {
            if let Some(hook) = hooks.iter().find(|hook| hook.name == name) {
                return Ok(hook.clone());
            }
            aerocall_server::local::check_hook_name(name)
                .map_err(|problem| Failed::Usage(format!("--hook {name:?} {problem}")))?;
            Ok(HookFile {
                name: name.to_owned(),
                path: format!("hooks/{name}.ts"),
                kind: Kind::Script,
            })
        }
        (None, [only]) => Ok(only.clone()),
        (None, hooks) => {
            let names: Vec<&str> = hooks.iter().map(|hook| hook.name.as_str()).collect();
            Err(Failed::Usage(format!(
                "the project has several hooks: choose one with --hook ({}), or name a new one",
                names.join(", ")
            )))
        }
    }
}

impl Question {
    /// A question about a hook of a project, with its files as they are on disk.
    pub(crate) async fn about(project: &Project, hook: &HookFile, task: &str, text: &str) -> Result<Self, Failed> {
        if hook.kind != Kind::Script {
            return Err(Failed::Usage(format!(
                "{} is not written in TypeScript or JavaScript, which is what the assistant reads and writes",
                hook.path
            )));
        }
        let files = files_of(project, hook).await?;
        let listed: Vec<Value> = files
            .iter()
            .map(|(path, text)| json!({ "path": path, "text": text }))
            .collect();
        let migrations: Vec<Value> = migrations::read(&project.root)?
            .into_iter()
            .map(Migration::into_parts)
            .map(|(name, sql)| json!({ "name": name, "sql": sql }))
            .collect();
        let mut question = Self::bare(&hook.name, task, text);
        question.body["files"] = listed.into();
        question.body["settings"] = settings_of(project, hook)?;
        question.body["migrations"] = migrations.into();
        Ok(question)
    }

    /// A question about what the server has of a hook.
    pub(crate) fn bare(hook: &str, task: &str, text: &str) -> Self {
        Self {
            hook: hook.to_owned(),
            body: json!({ "task": task, "messages": [{ "role": "user", "text": text }] }),
        }
    }
}

/// What `aerocall.toml` says of a hook.
fn settings_of(project: &Project, hook: &HookFile) -> Result<Value, Failed> {
    let declared = project.settings.hook(&hook.name).declared();
    let mut settings = json!({
        "entry": hook.path,
        "limits": declared.limits,
        "schedules": declared.schedules,
    });
    if let Some(grants) = &declared.capabilities {
        settings["capabilities"] = grants.names().into();
    }
    Ok(settings)
}

/// The files of a hook: its own, what it imports, and the npm packages that it needs. Of one that cannot be read as a module,
/// every source of the project.
async fn files_of(project: &Project, hook: &HookFile) -> Result<Vec<(String, String)>, Failed> {
    if !project.root.join(&hook.path).exists() {
        // The hook is yet to be written.
        return Ok(vec![(hook.path.clone(), String::new())]);
    }
    let source = Source::project(&project.root, &hook.path).map_err(|problem| Failed::Usage(problem.message))?;
    let bundled = bundle(&source, &BundleOptions::default()).await;
    let mut files = match bundled {
        Ok(bundle) => {
            let own = bundle.sources.into_iter().map(|file| (file.path, file.text));
            let packages = bundle.inputs.packages.into_iter().map(|file| (file.0, file.1));
            own.chain(packages).collect()
        }
        Err(_) => all_sources(&project.root)?,
    };
    files.sort();
    files.dedup_by(|one, other| one.0 == other.0);
    if let Some((outside, _)) = files.iter().find(|(path, _)| path.starts_with("..")) {
        return Err(Failed::Usage(format!(
            "the hook imports {outside}, which lies outside of the project: the server cannot build it from files of the project"
        )));
    }
    let bytes: usize = files.iter().map(|(_, text)| text.len()).sum();
    if files.len() > MAX_FILES || bytes > MAX_BYTES {
        return Err(Failed::Usage(format!(
            "the hook has {} files with {bytes} bytes, more than the {MAX_FILES} files and {MAX_BYTES} bytes of one question",
            files.len()
        )));
    }
    Ok(files)
}

/// Sources of a project, without packages, tests and what begins with a dot.
fn all_sources(root: &Path) -> Result<Vec<(String, String)>, Failed> {
    let mut found = Vec::new();
    let mut open = vec![root.to_owned()];
    while let Some(directory) = open.pop() {
        for entry in std::fs::read_dir(&directory).map_err(|error| Failed::file(&directory, &error))? {
            let entry = entry?;
            let (path, name) = (entry.path(), entry.file_name().to_string_lossy().into_owned());
            let left_out =
                name.starts_with('.') || ["node_modules", "dist", "target", "tests"].contains(&name.as_str());
            if left_out {
                continue;
            }
            if entry.file_type()?.is_dir() {
                open.push(path);
            } else if [".ts", ".mts", ".tsx", ".js", ".mjs", ".jsx"]
                .iter()
                .any(|ending| name.ends_with(ending))
            {
                let text = std::fs::read_to_string(&path).map_err(|error| Failed::file(&path, &error))?;
                found.push((relative(root, &path), text));
            }
            if found.len() > MAX_FILES {
                return Ok(found);
            }
        }
    }
    Ok(found)
}

/// With `/`, from the project.
fn relative(root: &Path, path: &Path) -> String {
    let inside = path.strip_prefix(root).unwrap_or(path);
    let parts = inside.components().filter_map(|part| match part {
        Component::Normal(part) => Some(part.to_string_lossy().into_owned()),
        _ => None,
    });
    parts.collect::<Vec<_>>().join("/")
}

/// The project file that somebody named from where they are.
pub(crate) fn file_in(project: &Project, named: &str) -> Result<String, Failed> {
    let path = Path::new(named);
    let real = path.canonicalize().map_err(|error| Failed::file(path, &error))?;
    match real.starts_with(&project.root) {
        true => Ok(relative(&project.root, &real)),
        false => Err(Failed::Usage(format!(
            "{named} is outside of the project {}",
            project.root.display()
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_stand_after_the_file() {
        let read = |text: &str| text.parse::<Lines>().map(|lines| (lines.file, lines.lines));
        assert_eq!(read("hooks/a.ts"), Ok(("hooks/a.ts".to_owned(), None)));
        assert_eq!(read("hooks/a.ts:3"), Ok(("hooks/a.ts".to_owned(), Some((3, 3)))));
        assert_eq!(read("hooks/a.ts:3-9"), Ok(("hooks/a.ts".to_owned(), Some((3, 9)))));
        for wrong in ["a.ts:x", "a.ts:0", "a.ts:9-3", "a.ts:3-"] {
            assert!(read(wrong).unwrap_err().contains("a.ts:3-9"), "{wrong}");
        }
    }
}
