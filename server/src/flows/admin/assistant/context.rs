//! What a model has to know to answer: the hook point with its schema and samples, the types of the SDK, the files, and what the person
//! has ticked. All of it is data; people are taken out of cases and invocations.

use aerocall_api_types::{Diagnostic, DiagnosticSeverity, Permission};
use aerocall_contract::{Input as Point, sdk_types};
use aerocall_runtime::ProjectFile;
use serde_json::{Value, json};

use super::input::{Input, Selection};
use crate::{
    app::App,
    assistant::{Prompt, needed_types},
    base::{
        error::{Refusal, Result},
        ids::{HookName, Scope},
    },
    flows::steps::endpoint::{AdminWho as _, Caller, ProjectAdmin},
    hooks::{local, records},
    storage::store::CaseRow,
};

/// Characters of each kind of part.
const MAX_SCHEMA: usize = 12_000;
const MAX_SAMPLES: usize = 6_000;
const MAX_TYPES: usize = 40_000;
const MAX_FILE: usize = 40_000;
const MAX_CASES: usize = 16_000;
const MAX_RECORD: usize = 24_000;
const MAX_DIAGNOSTICS: usize = 8_000;
const MAX_NAMES: usize = 4_000;
/// Files that are sent; of more, their names.
const MAX_FILES: usize = 30;

/// Files and what was found in them.
pub(super) struct Known<'k> {
    pub(super) hook: &'k HookName,
    pub(super) files: &'k [ProjectFile],
    /// The file that the hook is.
    pub(super) entry: &'k str,
    pub(super) diagnostics: Option<&'k [Diagnostic]>,
}

/// Everything that is sent, before what the person says.
///
/// # Errors
/// Something that is named is not there, or the caller may not see it.
pub(super) async fn prompt(
    app: &App,
    caller: &Caller<ProjectAdmin>,
    scope: &Scope,
    input: &Input,
    known: &Known<'_>,
) -> Result<Prompt> {
    let mut prompt = Prompt::default();
    if let Some(point) = &input.point {
        about_point(&mut prompt, point);
    }
    about_types(&mut prompt, input.point.as_deref());
    names(app, caller, scope, &mut prompt).await?;
    about_files(&mut prompt, known);
    if let Some(selection) = &input.selection {
        about_selection(&mut prompt, known.files, selection)?;
    }
    if let Some(diagnostics) = known.diagnostics.filter(|_| input.attach.diagnostics) {
        prompt.data("diagnostics", &listed(diagnostics), MAX_DIAGNOSTICS);
    }
    cases(app, scope, known.hook, input.attach.case.as_deref(), &mut prompt).await?;
    if let Some(id) = &input.attach.invocation {
        invocation(app, caller, scope, id, &mut prompt).await?;
    }
    for turn in &input.messages {
        prompt.message(turn.speaker, &turn.text);
    }
    Ok(prompt)
}

fn about_point(prompt: &mut Prompt, name: &str) {
    let Some(point) = Point::named(name) else { return };
    let mut about = format!("{name}: {}\n", point.when());
    let may_change = point.may_change();
    if !may_change.is_empty() {
        about.push_str(&format!("A patch can change: {}\n", may_change.join(", ")));
    }
    about.push_str(&format!("JSON Schema of its input: {}\n", point.schema()));
    prompt.data(&format!("hook point {name}"), &about, MAX_SCHEMA);
    let samples: Vec<Value> = point
        .samples()
        .into_iter()
        .map(|sample| json!({ "name": sample.name, "input": sample.input }))
        .collect();
    if !samples.is_empty() {
        prompt.data("samples of its input", &Value::from(samples).to_string(), MAX_SAMPLES);
    }
}

fn about_types(prompt: &mut Prompt, point: Option<&str>) {
    let title = format!("types of {}", sdk_types::PACKAGE);
    prompt.data(&title, &needed_types(point), MAX_TYPES);
}

/// Names of secrets and of queues; nothing of their values is known here.
async fn names(app: &App, caller: &Caller<ProjectAdmin>, scope: &Scope, prompt: &mut Prompt) -> Result<()> {
    if !caller.who.permissions().has(Permission::SettingsRead) {
        return Ok(());
    }
    let wanted = scope.clone();
    let secrets = app.store.read(move |tx| tx.secrets(&wanted)).await?;
    if !secrets.is_empty() {
        let line = |row: &crate::storage::store::SecretRow| format!("{} for hosts {}\n", row.name, row.hosts);
        let names: String = secrets.iter().map(line).collect();
        prompt.data("names of the project's secrets", &names, MAX_NAMES);
    }
    Ok(())
}

fn about_files(prompt: &mut Prompt, known: &Known<'_>) {
    let is_own = |file: &&ProjectFile| !file.0.starts_with("node_modules/");
    let (entry, others): (Vec<&ProjectFile>, Vec<&ProjectFile>) = known
        .files
        .iter()
        .filter(is_own)
        .partition(|file| file.0 == known.entry);
    let all: Vec<&ProjectFile> = entry.into_iter().chain(others).collect();
    for file in all.iter().take(MAX_FILES) {
        prompt.data(&format!("file {}", file.0), &file.1, MAX_FILE);
    }
    if let Some(rest) = all.get(MAX_FILES..).filter(|rest| !rest.is_empty()) {
        let names: String = rest.iter().map(|file| format!("{}\n", file.0)).collect();
        prompt.data("further files, by name", &names, MAX_NAMES);
    }
}

fn about_selection(prompt: &mut Prompt, files: &[ProjectFile], selection: &Selection) -> Result<()> {
    let file = files.iter().find(|file| file.0 == selection.file);
    let file = file.ok_or_else(|| Refusal::invalid_field("selection.file", "is none of the files"))?;
    let lines: Vec<&str> = file.1.lines().collect();
    if selection.start > lines.len().max(1) {
        let problem = format!("is beyond the {} lines of the file", lines.len());
        return Err(Refusal::invalid_field("selection.startLine", problem).into());
    }
    let end = selection.end.min(lines.len());
    let text = lines.get(selection.start - 1..end).unwrap_or_default().join("\n");
    let title = format!("selection: {}, lines {} to {end}", selection.file, selection.start);
    prompt.data(&title, &text, MAX_FILE);
    Ok(())
}

/// The hook's test cases, or the one that the person has ticked, without people.
async fn cases(app: &App, scope: &Scope, hook: &HookName, ticked: Option<&str>, prompt: &mut Prompt) -> Result<()> {
    let (project, owner) = (scope.project.clone(), hook.clone());
    let rows = app.store.read(move |tx| tx.cases(&project, &owner)).await?;
    let chosen: Vec<&CaseRow> = match ticked {
        Some(name) => {
            let row = rows.iter().find(|row| row.name == name);
            vec![row.ok_or_else(|| Refusal::invalid_field("attach.case", "is no test case of the hook"))?]
        }
        None => rows.iter().collect(),
    };
    let shown = |row: &&CaseRow| {
        let document: Value = serde_json::from_str(&row.document).unwrap_or_default();
        json!({ "name": row.name, "case": local::without_people(&document) }).to_string() + "\n"
    };
    if !chosen.is_empty() {
        let text: String = chosen.iter().map(shown).collect();
        prompt.data("test cases of the hook", &text, MAX_CASES);
    }
    Ok(())
}

/// An invocation with what went in and out, without people and secrets.
async fn invocation(
    app: &App,
    caller: &Caller<ProjectAdmin>,
    scope: &Scope,
    id: &str,
    prompt: &mut Prompt,
) -> Result<()> {
    caller.who.permissions().require(Permission::DataRead)?;
    let (wanted, scope) = (id.to_owned(), scope.clone());
    let row = app.store.read(move |tx| tx.invocation(&scope, &wanted)).await?;
    let row = row.ok_or_else(|| Refusal::invalid_field("attach.invocation", "is no invocation of the environment"))?;
    let document = serde_json::to_value(records::whole(&row)?).unwrap_or_default();
    let text = local::with_secret_names(&local::without_people(&document).to_string());
    prompt.data("invocation", &text, MAX_RECORD);
    Ok(())
}

/// Diagnostics, line by line.
pub(super) fn listed(diagnostics: &[Diagnostic]) -> String {
    let line = |one: &Diagnostic| {
        let severity = match one.severity {
            DiagnosticSeverity::Error => "error",
            DiagnosticSeverity::Warning => "warning",
        };
        let hint = one.hint.as_ref().map(|hint| format!(" ({hint})")).unwrap_or_default();
        format!(
            "{}:{}:{}: {severity} [{}] {}{hint}\n",
            one.file, one.line, one.column, one.code, one.message
        )
    };
    match diagnostics.is_empty() {
        true => "none\n".to_owned(),
        false => diagnostics.iter().map(line).collect(),
    }
}
