//! `POST …/hooks/{hook}/cases/run`

use aerocall_api_types::{HookCaseResult, HookCaseRun, Permission, ReplayTarget};
use aerocall_contract::errors;
use tokio::time::{Duration, timeout};

use super::CheckedCase;
use crate::{
    app::App,
    base::{
        error::Result,
        ids::{HookName, Slug},
        input::Fields,
    },
    domain::project::AuthSettings,
    flows::{
        admin::{hook_tests, hooks::hook_name, migrations},
        steps::{
            endpoint::{BodyLimit, Caller, Endpoint, EnvironmentAdmin, Flow, Method, environment},
            hook_target::{Loaded, Target},
        },
    },
    hooks::local::{Case, CaseResult, LocalFault},
    storage::{store::CaseRow, tenant::Migration},
};

/// The longest that all cases of a hook may take together; the rest fail.
const MOST_TIME: Duration = Duration::from_secs(60);

/// The longest that a case may take that is not kept.
const MOST_CASE_TIME: Duration = Duration::from_secs(10);

/// Runs the cases of a hook.
pub(crate) struct RunCases;

/// What is asked for.
pub(crate) struct Input {
    target: Target,
    migrations: Vec<Migration>,
}

impl Flow for RunCases {
    type Who = EnvironmentAdmin;
    type Input = Input;
    type Output = HookCaseRun;

    const NEEDS: Option<Permission> = Some(Permission::HooksDeploy);
    const ENDPOINT: Endpoint = Endpoint::plain(
        Method::Post,
        environment!("/hooks/{hook}/cases/run"),
        "Run the test cases of a hook",
    )
    .about("Runs every case that is stored with the hook against one version, without any effect. What is not run within 60 seconds fails.")
    .fields(&[Target::FIELD, hook_tests::MIGRATIONS])
    .example(r#"{"target":4}"#)
    .answers(
        200,
        "What came of each case.",
        r#"{"hook": "signup", "target": {"version": 4, "digest": "sha256:…"}, "passed": 1, "failed": 1, "cases": [{"name": "free-mail", "ok": false, "problems": ["reply.kind: expected \"deny\", got \"allow\""], "fuel": 120000, "durationUs": 850}, {"name": "work-mail", "ok": true, "problems": [], "fuel": 120000, "durationUs": 850}]}"#,
    )
    .errors(&[errors::UNKNOWN_ENGINE]);

    const BODY: BodyLimit = BodyLimit::Bytes(1 << 20);

    fn read(fields: &mut Fields, _: &AuthSettings) -> Option<Input> {
        let target = fields.optional("target", Target::parse).unwrap_or_default();
        migrations::read(fields).map(|migrations| Input { target, migrations })
    }

    async fn run(app: &App, caller: &Caller<EnvironmentAdmin>, input: Input) -> Result<HookCaseRun> {
        let name = hook_name(caller.part("hook")?)?;
        let loaded = input.target.load(app, &caller.scope, &name).await?;
        let _trial = app.hooks.trials.begin(&caller.scope.project)?;
        run_all(app, &caller.scope.project, &name, &loaded, &input.migrations).await
    }
}

/// Runs all cases of a hook against a version: for the request above, and for whoever decides whether it may go live.
pub(in crate::flows::admin) async fn run_all(
    app: &App,
    project: &Slug,
    hook: &HookName,
    loaded: &Loaded,
    migrations: &[Migration],
) -> Result<HookCaseRun> {
    let (owner, name) = (project.clone(), hook.clone());
    let rows = app.store.read(move |tx| tx.cases(&owner, &name)).await?;
    let migrations: Vec<(String, String)> = migrations
        .iter()
        .map(|migration| (migration.name.clone(), migration.sql.clone()))
        .collect();
    let ends = tokio::time::Instant::now() + MOST_TIME;
    let mut cases = Vec::with_capacity(rows.len());
    for row in rows {
        let left = ends.saturating_duration_since(tokio::time::Instant::now());
        let result = match timeout(left, Box::pin(one(loaded, &row, &migrations))).await {
            Ok(result) => result?,
            Err(_) => CaseResult::not_run(format!("not run within the {} s of all cases", MOST_TIME.as_secs())),
        };
        let report = result.report.as_ref();
        cases.push(HookCaseResult {
            name: row.name,
            ok: result.problems.is_empty(),
            fuel: report.map(|report| report.fuel),
            duration_us: report.map(|report| report.duration_us),
            problems: result.problems,
        });
    }
    let count = |ok: bool| u32::try_from(cases.iter().filter(|case| case.ok == ok).count()).unwrap_or(u32::MAX);
    Ok(HookCaseRun {
        hook: hook.to_string(),
        target: ReplayTarget {
            version: loaded.number,
            digest: loaded.hook.digest().to_owned(),
        },
        passed: count(true),
        failed: count(false),
        cases,
    })
}

/// Runs a case that is not kept; answers what is not as it must be.
pub(in crate::flows::admin) async fn run_checked(
    loaded: &Loaded,
    case: &CheckedCase,
    migrations: &[(String, String)],
) -> Result<Vec<String>> {
    match timeout(MOST_CASE_TIME, Box::pin(one(loaded, &case.0, migrations))).await {
        Ok(result) => Ok(result?.problems),
        Err(_) => Ok(vec![format!("takes more than {} s", MOST_CASE_TIME.as_secs())]),
    }
}

async fn one(loaded: &Loaded, row: &CaseRow, migrations: &[(String, String)]) -> Result<CaseResult> {
    let case: Case = match serde_json::from_str(&row.document) {
        Ok(case) => case,
        Err(error) => {
            return Ok(CaseResult::not_run(format!(
                "it is no test case of this version: {error}"
            )));
        }
    };
    let manifest = loaded.hook.manifest();
    if !manifest
        .hooks
        .iter()
        .chain(&manifest.events)
        .any(|name| *name == case.hook)
    {
        return Ok(CaseResult::not_run(format!(
            "version {} has no `{}`",
            loaded.number, case.hook
        )));
    }
    match case.run(&loaded.hook, &loaded.limits, migrations).await {
        Ok(result) => Ok(result),
        Err(LocalFault::Given(problem)) => Ok(CaseResult::not_run(problem)),
        Err(fault) => Err(hook_tests::refused(fault)),
    }
}
