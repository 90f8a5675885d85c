//! `POST …/invocations/{invocation}/replay`

use aerocall_api_types::{Permission, ReplayReasonCode, ReplayResult, ReplayTarget, ReplayVerdict};
use aerocall_runtime::Fault;

use super::{Found, find, recorded_version};
use crate::{
    app::App,
    base::{
        error::{Error, Result},
        ids::{HookName, Scope},
        input::Fields,
    },
    domain::project::AuthSettings,
    flows::{
        admin::hook_tests,
        steps::{
            endpoint::{Caller, Endpoint, EnvironmentAdmin, Flow, Method, environment},
            hook_target::{Loaded, Target},
        },
    },
    hooks::local::{RecordedInvocation, reason},
};

/// Runs a recorded invocation again.
pub(crate) struct ReplayInvocation;

/// What is asked for.
pub(crate) struct Input {
    /// `None`: the version that ran.
    target: Option<Target>,
    faults: Vec<Fault>,
}

impl Flow for ReplayInvocation {
    type Who = EnvironmentAdmin;
    type Input = Input;
    type Output = ReplayResult;

    const NEEDS: Option<Permission> = Some(Permission::DataRead);
    const ENDPOINT: Endpoint = Endpoint::plain(
        Method::Post,
        environment!("/invocations/{invocation}/replay"),
        "Replay an invocation",
    )
    .about("Runs a recorded invocation again: the same context, payload, clock readings and random numbers, and the recorded results of SDK calls. Nothing outside is asked or changed, and nothing is recorded. Without `target` the version that ran is run, and its reply and fuel are the same. What a record does not have is never guessed: the verdict is `diverged` where the hook asks for something else than it had asked for, and `unknown`, with the reason, where the record is incomplete, has had a one-time code taken out, or has expired.")
    .fields(&[Target::FIELD, hook_tests::FAULTS])
    .example(r#"{"target":4}"#)
    .answers(
        200,
        "How both runs compare.",
        r#"{"invocation": "inv_…", "verdict": "changed", "reason": null, "divergesAt": null, "target": {"version": 4, "digest": "sha256:…"}, "recorded": {"outcome": "allow", "reply": {"kind": "allow"}, "fuel": 120000}, "replayed": {"outcome": "deny", "reply": {"kind": "deny", "code": "free_provider", "message": "Please use your work address", "status": 403}, "fuel": 121000}, "logs": [], "hostCalls": []}"#,
    );

    fn read(fields: &mut Fields, _: &AuthSettings) -> Option<Input> {
        Some(Input {
            target: fields.optional("target", Target::parse),
            faults: hook_tests::faults(fields),
        })
    }

    async fn run(app: &App, caller: &Caller<EnvironmentAdmin>, input: Input) -> Result<ReplayResult> {
        let id = caller.part("invocation")?;
        let recorded = match find(app, &caller.scope, id).await? {
            Found::Recorded(recorded) => recorded.invocation,
            Found::Unknown(code) => return Ok(unknown(id, code)),
        };
        let Some(loaded) = target(app, &caller.scope, &recorded, input.target).await? else {
            return Ok(unknown(id, ReplayReasonCode::VersionDeleted));
        };
        let _trial = app.hooks.trials.begin(&caller.scope.project)?;
        let judged = recorded
            .replay(&loaded.hook, loaded.number, &loaded.limits, input.faults)
            .await;
        let target = ReplayTarget {
            version: loaded.number,
            digest: loaded.hook.digest().to_owned(),
        };
        let result = recorded.result(judged, target);
        result.map_err(|error| Error::unexpected("showing a replay", error))
    }
}

/// The version that is run; `None`: it is the one that ran, and it was deleted.
async fn target(
    app: &App,
    scope: &Scope,
    recorded: &RecordedInvocation,
    target: Option<Target>,
) -> Result<Option<Loaded>> {
    let Some(target) = target else {
        return recorded_version(app, scope, recorded).await;
    };
    let name =
        HookName::parse(&recorded.hook).map_err(|problem| Error::unexpected("reading a stored record", problem))?;
    target.load(app, scope, &name).await.map(Some)
}

fn unknown(id: &str, code: ReplayReasonCode) -> ReplayResult {
    ReplayResult {
        invocation: id.to_owned(),
        verdict: ReplayVerdict::Unknown,
        reason: Some(reason(code)),
        diverges_at: None,
        target: None,
        recorded: None,
        replayed: None,
        logs: Vec::new(),
        host_calls: Vec::new(),
    }
}
