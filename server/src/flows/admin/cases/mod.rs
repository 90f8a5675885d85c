//! Test cases that are kept with a hook: documents as `aerocall test` reads them from `tests/*.json`.

mod create;
mod delete;
mod get;
mod list;
mod make;
mod put;
mod run;

use aerocall_api_types::{HookCase, Object};
use aerocall_contract::{Input, errors};
use serde_json::Value;

pub(crate) use create::CreateCase;
pub(crate) use delete::DeleteCase;
pub(crate) use get::GetCase;
pub(crate) use list::ListCases;
pub(crate) use make::MakeCase;
pub(crate) use put::PutCase;
pub(crate) use run::RunCases;
pub(in crate::flows::admin) use run::{run_all, run_checked};

use super::hook_tests;
use crate::{
    base::{
        clock,
        error::{Error, Refusal, Result},
        ids::{HookName, Slug},
        input::Parsed,
    },
    flows::steps::endpoint::{Field, FieldKind},
    hooks::local::Case,
    storage::store::{CaseRow, StoreError, Tx},
};

/// Cases of one hook.
const MAX_CASES: i64 = 100;
const MAX_DOCUMENT_BYTES: usize = 256 << 10;
/// Bytes of a request with a document, escapes included.
const MAX_BODY_BYTES: usize = 512 << 10;

const PATH: &str = "/admin/api/v1/projects/{project}/hooks/{hook}/cases";
const ONE: &str = "/admin/api/v1/projects/{project}/hooks/{hook}/cases/{case}";

const DOCUMENT: Field = Field::required(
    "document",
    FieldKind::Object,
    "The case, as `aerocall test` reads it: `hook`, `payload`, `context`, `given` or `answers`, `expect`. At most 262,144 bytes.",
);

/// For the reference.
macro_rules! example {
    () => {
        r#"{"hook": "signup", "name": "free-mail", "point": "beforeSignup", "document": {"hook": "beforeSignup", "payload": {"user": {"email": "person1@gmail.com"}}, "expect": {"reply": {"kind": "allow"}}}, "createdBy": "admin:…", "createdAt": "2026-01-31T12:00:00.000Z", "updatedAt": "2026-01-31T12:00:00.000Z"}"#
    };
}

use example;

/// What a case may be called: as a file, in every system.
fn name(text: &str) -> Parsed<String> {
    HookName::parse(text).map(|name| name.to_string())
}

fn named(text: &str) -> Result<String> {
    Ok(name(text).map_err(|problem| Refusal::invalid_field("case", problem))?)
}

/// A document that is a case.
fn document(value: Value) -> Parsed<String> {
    let text = value.to_string();
    if text.len() > MAX_DOCUMENT_BYTES {
        return Err(format!("must have at most {MAX_DOCUMENT_BYTES} bytes"));
    }
    let case: Case = serde_json::from_value(value).map_err(|error| format!("is no test case: {error}"))?;
    if Input::named(&case.hook).is_none() {
        return Err(format!(
            "is of {:?}, which is no hook point, event, queue or schedule",
            case.hook
        ));
    }
    hook_tests::case_bounds(&case)?;
    Ok(text)
}

/// A case that somebody wrote, as it could be kept.
pub(in crate::flows::admin) struct CheckedCase(CaseRow);

/// A document that is a case, to be run before it is kept.
pub(in crate::flows::admin) fn checked(name: &str, value: Value) -> Parsed<CheckedCase> {
    Ok(CheckedCase(CaseRow {
        name: name.to_owned(),
        document: document(value)?,
        created_by: String::new(),
        created_ms: 0,
        updated_ms: 0,
    }))
}

/// What a case may be called, made of what people call it, unlike those that are taken.
pub(in crate::flows::admin) fn name_of(text: &str, taken: &[String]) -> String {
    let letter = |c: char| {
        if c.is_ascii_alphanumeric() {
            c.to_ascii_lowercase()
        } else {
            '-'
        }
    };
    let letters: String = text.chars().map(letter).collect();
    let words: Vec<&str> = letters.split('-').filter(|word| !word.is_empty()).collect();
    let joined: String = words.join("-").chars().take(56).collect();
    let name = match joined.trim_matches('-') {
        "" => "case",
        name => name,
    };
    let mut numbered = (2..).map(|number| format!("{name}-{number}"));
    match taken.iter().any(|known| known == name) {
        true => numbered.find(|name| !taken.contains(name)).unwrap_or_default(),
        false => name.to_owned(),
    }
}

/// Keeps a new case, unless there is one of its name, or there are as many as there may be.
fn insert(
    tx: &mut Tx<'_>,
    project: &Slug,
    hook: &HookName,
    row: &CaseRow,
) -> std::result::Result<std::result::Result<(), Refusal>, StoreError> {
    if tx.case(project, hook, &row.name)?.is_some() {
        let message = format!("The hook has a case `{}` already", row.name);
        return Ok(Err(Refusal::new(errors::CASE_EXISTS, message)));
    }
    if tx.count_cases(project, hook)? >= MAX_CASES {
        return Ok(Err(Refusal::limit_reached(format!(
            "A hook can have at most {MAX_CASES} cases"
        ))));
    }
    tx.insert_case(project, hook, row)?;
    Ok(Ok(()))
}

/// As it is shown.
fn case(hook: &HookName, row: CaseRow) -> Result<HookCase> {
    let document: Object =
        serde_json::from_str(&row.document).map_err(|error| Error::unexpected("reading a stored case", error))?;
    let point = document
        .get("hook")
        .or_else(|| document.get("invocation").and_then(|inner| inner.get("point")));
    Ok(HookCase {
        hook: hook.to_string(),
        name: row.name,
        point: point.and_then(Value::as_str).unwrap_or_default().to_owned(),
        document,
        created_by: row.created_by,
        created_at: clock::iso(row.created_ms).into(),
        updated_at: clock::iso(row.updated_ms).into(),
    })
}
