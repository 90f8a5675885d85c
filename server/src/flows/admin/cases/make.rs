//! `POST …/invocations/{invocation}/case`

use aerocall_api_types::{HookCase, Permission, ReplayReasonCode};
use aerocall_contract::errors;
use serde_json::Value;

use super::{MAX_DOCUMENT_BYTES, case, example, insert, name};
use crate::{
    app::App,
    base::{
        error::{Error, Refusal, Result},
        ids::HookName,
        input::{Fields, Parsed, text},
    },
    domain::{
        audit::{Action, AuditEntry, Place},
        project::AuthSettings,
    },
    flows::{
        admin::invocations::{Found, Recorded, find, not_replayable, recorded_version},
        steps::{
            audited::{self, Audited},
            endpoint::{
                AdminWho as _, Caller, Endpoint, EnvironmentAdmin, Field, FieldKind, Flow, Method, environment,
            },
        },
    },
    hooks::local::Redact,
    storage::store::CaseRow,
};

/// Makes a case of a recorded invocation.
pub(crate) struct MakeCase;

/// What is asked for.
pub(crate) struct Input {
    name: String,
    redact: Vec<Redact>,
}

impl Flow for MakeCase {
    type Who = EnvironmentAdmin;
    type Input = Input;
    type Output = HookCase;

    const NEEDS: Option<Permission> = Some(Permission::HooksDeploy);
    const ENDPOINT: Endpoint = Endpoint::plain(
        Method::Post,
        environment!("/invocations/{invocation}/case"),
        "Make a test case of an invocation",
    )
    .about("Stores a test case with the hook: the input of the invocation, the results that its SDK calls got, and what the version that ran replies to them. Unless `redact` says otherwise, addresses, names and what is called like a secret are replaced first, alike wherever they stand; the domains of email addresses stay. Needs `data:read`, too.")
    .fields(&[
        Field::required("name", FieldKind::Text(64), "1 to 64 of A-Z, a-z, 0-9, _ and -."),
        Field::optional(
            "redact",
            FieldKind::Json(r#"{"type":"array","uniqueItems":true,"items":{"type":"string","enum":["addresses","names","secrets"]}}"#),
            "What is replaced; everything unless it is given. `addresses`: email addresses before the `@`, phone numbers, IP addresses. `names`: values of `name`. `secrets`: values of members such as `token`.",
        ),
    ])
    .example(r#"{"name":"free-mail"}"#)
    .answers(201, "The case.", example!())
    .errors(&[errors::NOT_REPLAYABLE, errors::CASE_EXISTS, errors::LIMIT_REACHED]);

    fn read(fields: &mut Fields, _: &AuthSettings) -> Option<Input> {
        let name = fields.required("name", |value| name(&text(value)?));
        let redact = fields.optional("redact", redact);
        name.map(|name| Input {
            name,
            redact: redact.unwrap_or_else(|| Redact::WORDS.map(|(_, kind)| kind).to_vec()),
        })
    }

    async fn run(app: &App, caller: &Caller<EnvironmentAdmin>, input: Input) -> Result<HookCase> {
        let recorded = match find(app, &caller.scope, caller.part("invocation")?).await? {
            Found::Recorded(recorded) => recorded,
            Found::Unknown(code) => return Err(not_replayable(code)),
        };
        caller.who.permissions().require(Permission::DataRead)?;
        let document = document(app, caller, &recorded, &input.redact).await?;
        let hook = HookName::parse(&recorded.invocation.hook)
            .map_err(|problem| Error::unexpected("reading a stored record", problem))?;
        let project = caller.scope.project.clone();
        let (owner, by) = (hook.clone(), caller.actor());
        let (place, created_by) = (Place::Project(project.clone()), by.actor.clone());
        let kept = audited::change(app, place, by, move |tx, now_ms| {
            let row = CaseRow {
                name: input.name,
                document,
                created_by,
                created_ms: now_ms,
                updated_ms: now_ms,
            };
            Ok(match insert(tx, &project, &owner, &row)? {
                Ok(()) => {
                    let entry = AuditEntry::new(Action::CasePut, format!("{owner}/{}", row.name));
                    Audited::Changed(Ok(row), entry)
                }
                Err(refusal) => Audited::Unchanged(Err(refusal)),
            })
        });
        case(&hook, kept.await??)
    }
}

/// The document of the case, with what the recorded version replies to it.
async fn document(
    app: &App,
    caller: &Caller<EnvironmentAdmin>,
    recorded: &Recorded,
    redact: &[Redact],
) -> Result<String> {
    let Some(loaded) = recorded_version(app, &caller.scope, &recorded.invocation).await? else {
        return Err(not_replayable(ReplayReasonCode::VersionDeleted));
    };
    let _trial = app.hooks.trials.begin(&caller.scope.project)?;
    let made = recorded
        .invocation
        .case(&recorded.context, redact, &loaded.hook, &loaded.limits)
        .await;
    let made = made.map_err(|problem| {
        let problem = format!("without what it takes out, the hook asks for something else: {problem}; take out less");
        Refusal::invalid_field("redact", problem)
    })?;
    let text = Value::Object(made).to_string();
    match text.len() > MAX_DOCUMENT_BYTES {
        true => {
            let message = format!(
                "A case can have at most {MAX_DOCUMENT_BYTES} bytes, this one has {}",
                text.len()
            );
            Err(Refusal::limit_reached(message).into())
        }
        false => Ok(text),
    }
}

fn redact(value: Value) -> Parsed<Vec<Redact>> {
    let wrong = || "must be an array of addresses, names, secrets".to_owned();
    let items = value.as_array().ok_or_else(wrong)?;
    let mut kinds = Vec::new();
    for item in items {
        let word = item.as_str().unwrap_or_default();
        let kind = Redact::WORDS
            .iter()
            .find(|(known, _)| *known == word)
            .map(|(_, kind)| *kind);
        kinds.push(kind.ok_or_else(wrong)?);
    }
    kinds.sort();
    kinds.dedup();
    Ok(kinds)
}
