//! What a hook is run with, as the client sends it.

use aerocall_contract::Input as HookInput;
use aerocall_runtime::Fault;
use serde_json::Value;

use crate::{
    base::{
        error::{Problem, Refusal},
        input::{Fields, Parsed, short_text},
    },
    flows::{
        admin::migrations,
        steps::{
            endpoint::{Field, FieldKind},
            hook_target::Target,
        },
    },
    hooks::local::{Case, ContextDocument, GivenDocument},
    storage::tenant::Migration,
};

/// Things that are given to one call.
const MAX_GIVEN: usize = 200;
/// Bytes of the statements that fill tables.
const MAX_GIVEN_BYTES: usize = 256 << 10;
const MAX_FAULTS: usize = 20;

pub(super) const FIELDS: &[Field] = &[
    Target::FIELD,
    Field::required(
        "point",
        FieldKind::Text(100),
        "The hook point, event, queue (`queue.<name>`) or schedule (`cron.<name>`).",
    ),
    Field::optional(
        "context",
        FieldKind::Object,
        "Changes to the default context, with the names that a hook sees: `request`, `time`, `attempt`, …",
    ),
    Field::required(
        "payload",
        FieldKind::Json("{}"),
        "What the hook gets: it must fit the schema of the hook point, see `GET /admin/api/v1/hook-points`.",
    ),
    Field::optional(
        "answers",
        FieldKind::OneOf(&["given"]),
        "Where results of SDK calls come from. `given`: a database, a cache and queues of this run alone, filled with `given`; requests to other hosts get the responses in `given.http` and are otherwise refused.",
    ),
    Field::optional(
        "given",
        FieldKind::Object,
        "The state before the invocation: `cache`, `secrets`, `http`, `users`, `rows`, `password`, as in the test cases of `aerocall test`. At most 200 entries.",
    ),
    MIGRATIONS,
    FAULTS,
];

/// How the field is described.
pub(in crate::flows::admin) const MIGRATIONS: Field = Field::optional(
    "migrations",
    FieldKind::Json(
        r#"{"type":"array","items":{"type":"object","additionalProperties":false,"required":["name","sql"],"properties":{"name":{"type":"string"},"sql":{"type":"string"}}}}"#,
    ),
    "Migrations that make the tables of the run (SQLite), sorted by name.",
);

/// How the field is described.
pub(in crate::flows::admin) const FAULTS: Field = Field::optional(
    "faults",
    FieldKind::Json(r#"{"type":"array","maxItems":20,"items":{"type":"string"}}"#),
    "SDK calls that fail, such as `db.query#2=timeout` (the second query) or `http.send=backend_unavailable` (every request).",
);

/// What a hook is run with.
pub(crate) struct Input {
    pub(super) target: Target,
    pub(super) point: String,
    pub(super) context: ContextDocument,
    pub(super) payload: Value,
    pub(super) given: GivenDocument,
    pub(super) migrations: Vec<Migration>,
    pub(super) faults: Vec<Fault>,
}

impl Input {
    pub(super) fn read(fields: &mut Fields) -> Option<Self> {
        let target = fields.optional("target", Target::parse).unwrap_or_default();
        let point = fields.required("point", short_text(100));
        let context = fields.optional("context", document).unwrap_or_default();
        let payload = fields.required("payload", Ok);
        fields.optional("answers", |value| match value.as_str() {
            Some("given") => Ok(()),
            _ => Err("must be \"given\"".to_owned()),
        });
        let given: GivenDocument = fields.optional("given", document).unwrap_or_default();
        if let Err(problem) = given_bounds(&given) {
            fields.problem("given", problem);
        }
        let migrations = migrations::read(fields)?;
        let faults = faults(fields);
        point.zip(payload).map(|(point, payload)| Self {
            target,
            point,
            context,
            payload,
            given,
            migrations,
            faults,
        })
    }

    /// Everything in the payload that is not as the schema of the hook point says.
    pub(super) fn check_payload(&self) -> Result<(), Refusal> {
        let Some(input) = HookInput::named(&self.point) else {
            let problem = "is no hook point, event, queue or schedule: see GET /admin/api/v1/hook-points";
            return Err(Refusal::invalid_field("point", problem));
        };
        let problems = input.problems(&self.point, &self.payload);
        let problems: Vec<Problem> = problems
            .into_iter()
            .map(|(path, problem)| Problem {
                field: match path.as_str() {
                    "" => "payload".to_owned(),
                    path => format!("payload.{}", path.chars().take(200).collect::<String>()),
                },
                problem,
            })
            .collect();
        match problems.is_empty() {
            true => Ok(()),
            false => Err(Refusal::invalid_input(problems)),
        }
    }
}

/// What may be given to one call.
fn given_bounds(given: &GivenDocument) -> Parsed<()> {
    bounds(given.size())
}

/// What a case may give.
pub(in crate::flows::admin) fn case_bounds(case: &Case) -> Parsed<()> {
    bounds(case.given_size())
}

fn bounds((count, bytes): (usize, usize)) -> Parsed<()> {
    if count > MAX_GIVEN || bytes > MAX_GIVEN_BYTES {
        return Err(format!(
            "must have at most {MAX_GIVEN} entries, and at most {MAX_GIVEN_BYTES} bytes of statements"
        ));
    }
    Ok(())
}

/// `faults: ["db.query#2=timeout"]`, which may be missing.
pub(in crate::flows::admin) fn faults(fields: &mut Fields) -> Vec<Fault> {
    let read = |value: Value| match value {
        Value::Array(items) if items.len() <= MAX_FAULTS => items
            .iter()
            .map(|item| {
                item.as_str()
                    .ok_or_else(|| "must be strings".to_owned())?
                    .parse::<Fault>()
            })
            .collect(),
        _ => Err(format!("must be an array of at most {MAX_FAULTS} strings")),
    };
    fields.optional("faults", read).unwrap_or_default()
}

fn document<T: serde::de::DeserializeOwned>(value: Value) -> Parsed<T> {
    serde_json::from_value(value).map_err(|error| format!("is not as described: {error}"))
}
