//! `POST …/hooks/{hook}/run`

use aerocall_api_types::{HookError, HookRun, HostCall, LogLine, Permission, Reply};
use aerocall_contract::errors;
use aerocall_runtime::{Call, Conditions, Invocation, Outcome};
use serde::{Serialize, de::DeserializeOwned};
use tokio::time::timeout;

use super::{
    MOST_TIME,
    effects::{self, Left},
    input::{FIELDS, Input},
    refused, too_slow,
};
use crate::{
    app::App,
    base::{
        error::{Error, Refusal, Result},
        input::Fields,
    },
    domain::project::AuthSettings,
    flows::{
        admin::hooks::hook_name,
        steps::{
            endpoint::{BodyLimit, Caller, Endpoint, EnvironmentAdmin, Flow, Method, environment},
            hook_target::Loaded,
        },
    },
    hooks::{local::Local, records},
    storage::tenant::Migration,
};

/// Runs a hook on an input, without any effect.
pub(crate) struct RunHook;

impl Flow for RunHook {
    type Who = EnvironmentAdmin;
    type Input = Input;
    type Output = HookRun;

    const NEEDS: Option<Permission> = Some(Permission::HooksDeploy);
    const ENDPOINT: Endpoint = Endpoint::plain(Method::Post, environment!("/hooks/{hook}/run"), "Run a hook for a test")
        .about("Runs one version of a hook on an input that you choose, as `aerocall run` does, and shows what it decided, logged, asked for and would have changed. Nothing outside changes and nothing is recorded: database, cache, queues, users and mails exist for this run alone. At most 2 runs of a project at the same time and 30 seconds per run; otherwise `busy` or `invalid_input`.")
        .fields(FIELDS)
        .example(r#"{"point":"beforeSignup","payload":{"user":{"email":"ada@example.com","metadata":{},"publicMetadata":{}},"provider":"password","client":{}}}"#)
        .answers(
            200,
            "What the hook decided.",
            r#"{"hook": "signup", "point": "beforeSignup", "version": 3, "digest": "sha256:…", "outcome": "allow", "reply": {"kind": "allow"}, "error": null, "logs": [{"level": "info", "message": "checking"}], "logsDropped": 0, "fuel": 120000, "memoryPeakBytes": 1310720, "durationUs": 850, "hostCalls": [{"name": "cache.set", "arguments": ["seen", "1", null], "answer": null, "durationUs": 40}], "effects": [{"kind": "cache", "call": 1, "remains": true, "detail": ["seen", "1", null]}]}"#,
        )
        .errors(&[errors::UNKNOWN_ENGINE]);

    /// A payload and what is given, escapes included.
    const BODY: BodyLimit = BodyLimit::Bytes(2 << 20);

    fn read(fields: &mut Fields, _: &AuthSettings) -> Option<Input> {
        Input::read(fields)
    }

    async fn run(app: &App, caller: &Caller<EnvironmentAdmin>, input: Input) -> Result<HookRun> {
        let name = hook_name(caller.part("hook")?)?;
        input.check_payload()?;
        let loaded = input.target.load(app, &caller.scope, &name).await?;
        answers(&loaded, &input.point)?;
        let _trial = app.hooks.trials.begin(&caller.scope.project)?;
        let tried = timeout(MOST_TIME, Box::pin(tried(app, &loaded, input, caller)));
        let (point, invocation, left) = tried.await.map_err(|_| too_slow())??;
        let effects = effects::of(&invocation.records.calls, &invocation.outcome, left);
        document(name.as_str(), point, &loaded, invocation, effects)
    }
}

/// Whether the bundle has what is called.
fn answers(loaded: &Loaded, point: &str) -> Result<()> {
    let manifest = loaded.hook.manifest();
    let known: Vec<&str> = manifest
        .hooks
        .iter()
        .chain(&manifest.events)
        .map(String::as_str)
        .collect();
    match known.contains(&point) {
        true => Ok(()),
        false => {
            let problem = format!(
                "is nothing that version {} has; it has: {}",
                loaded.number,
                known.join(", ")
            );
            Err(Refusal::invalid_field("point", problem).into())
        }
    }
}

async fn tried(
    app: &App,
    loaded: &Loaded,
    input: Input,
    caller: &Caller<EnvironmentAdmin>,
) -> Result<(String, Invocation, Left)> {
    let now_ms = u64::try_from(app.clock.now_ms()).unwrap_or_default();
    let mut context = input.context.context(&input.point, now_ms);
    context.project_id = caller.scope.project.to_string();
    context.environment = caller.scope.environment.to_string();
    context.version_number = loaded.number;
    let migrations = input.migrations.into_iter().map(|Migration { name, sql }| (name, sql));
    let migrations: Vec<_> = migrations.collect();
    let given = input.given.offline();
    let local = Local::open(&context, loaded.hook.manifest(), &given, &migrations, None).await;
    let local = local.map_err(refused)?;
    let call = Call {
        context,
        payload: input.payload.to_string(),
    };
    let conditions = Conditions {
        faults: input.faults,
        ..Conditions::default()
    };
    let called = local
        .call(&loaded.hook, call, &loaded.limits, conditions)
        .await
        .map_err(refused)?;
    let left = Left {
        mails: list(local.emails().await.map_err(refused)?),
        jobs: list(local.queued().await.map_err(refused)?),
    };
    Ok((input.point, called.invocation, left))
}

fn list(value: serde_json::Value) -> Vec<serde_json::Value> {
    match value {
        serde_json::Value::Array(items) => items,
        _ => Vec::new(),
    }
}

fn document(
    hook: &str,
    point: String,
    loaded: &Loaded,
    invocation: Invocation,
    effects: Vec<aerocall_api_types::TestEffect>,
) -> Result<HookRun> {
    let reply: Reply = read(&invocation.outcome.document())?;
    let error: Option<HookError> = match &reply {
        Reply::Failure { error, .. } => Some((**error).clone()),
        _ => None,
    };
    let host_calls: Vec<HostCall> = read(&invocation.records.calls)?;
    let logs: Vec<LogLine> = read(&invocation.logs)?;
    Ok(HookRun {
        hook: hook.to_owned(),
        point,
        version: loaded.number,
        digest: loaded.hook.digest().to_owned(),
        outcome: read(&word(&invocation.outcome))?,
        reply,
        error,
        logs,
        logs_dropped: invocation.logs_dropped,
        fuel: invocation.fuel,
        memory_peak_bytes: invocation.memory_peak_bytes,
        duration_us: u64::try_from(invocation.duration.as_micros()).unwrap_or(u64::MAX),
        host_calls,
        effects,
    })
}

fn word(outcome: &Outcome) -> &'static str {
    records::outcome(outcome)
}

/// The runtime's document as the API's type: the same members.
pub(in crate::flows::admin) fn read<T: DeserializeOwned>(value: &impl Serialize) -> Result<T> {
    let shown = |error| Error::unexpected("showing what a hook did", error);
    let value = serde_json::to_value(value).map_err(shown)?;
    T::deserialize(value).map_err(shown)
}
