//! `POST …/try`

use std::{collections::BTreeMap, time::Instant};

use aerocall_api_types::{Permission, TriedMessage, TriedRequest, TriedResponse, TryMode};
use aerocall_contract::errors;
use tokio::time::timeout;

use super::{
    answered::{Answered, Asked},
    effects, hidden,
    input::{Described, FIELDS, Input},
    live, names,
    sandbox::Sandbox,
    steps::{self, Ended},
};
use crate::{
    app::App,
    base::{
        error::{Error, Refusal, Result},
        ids::{HookName, Kind, Scope, new_id},
        input::Fields,
        request::{self, HookOutcomes, RequestMeta, StepLog},
    },
    domain::project::AuthSettings,
    flows::{
        admin::hook_tests::MOST_TIME,
        steps::{
            endpoint::{AdminWho as _, BodyLimit, Caller, Endpoint, EnvironmentAdmin, Flow, Method, environment},
            hook_target::{Loaded, Target},
        },
    },
};

/// Tries a request of the auth API.
pub(crate) struct TryRequest;

impl Flow for TryRequest {
    type Who = EnvironmentAdmin;
    type Input = Input;
    type Output = TriedRequest;

    const NEEDS: Option<Permission> = Some(Permission::HooksDeploy);
    const ENDPOINT: Endpoint = Endpoint::plain(Method::Post, environment!("/try"), "Try a request of the auth API")
        .about("Runs a request of the auth API from its first step to its last, with the hooks of the environment, and shows the response, every step and hook in order, and what changed. A `dry-run` really runs, and nothing outside changes: users, sessions, mails, jobs, events and the project's own tables are copies for this request alone; the cache is read and never written; hooks see what they have written themselves; requests of hooks to other hosts get the responses in `http` or are refused. The server itself asks other hosts only for what changes nothing there: documents of identity providers and the list of breached passwords. The tokens of its response work nowhere, and real rate limits and lockouts are neither counted nor changed. What is refused is no error of this request: the refusal is in `response`. It shows data of the environment, so it needs `data:read` as well. `live` needs `data:write` and is listed in the audit log: the request runs in the environment itself and does what it does for everybody. It is for users of tests alone: the user that it makes gets `\"aerocallTest\": true` in its metadata, and a request about any other user is refused. A project can try 2 requests and hooks at the same time, for at most 30 seconds each; its own tables are copied up to 64 MiB. Otherwise `busy` or `invalid_input`.")
        .fields(FIELDS)
        .example(r#"{"method":"POST","path":"/auth/register","body":{"email":"ada@example.com","password":"correct horse battery"},"mode":"dry-run","use":{"signup":"draft"}}"#)
        .answers(
            200,
            "What came of it.",
            r#"{"id": "req_…", "mode": "dry-run", "deployment": 4, "request": {"method": "POST", "path": "/auth/register", "headers": {}, "body": {"email": "ada@example.com", "password": "[hidden]"}}, "response": {"status": 403, "headers": {"content-type": "application/json"}, "body": {"error": {"code": "free_provider", "message": "Please use your work address", "request_id": "req_…", "hook": "signup"}}}, "steps": [{"kind": "request", "name": "POST /auth/register", "outcome": "403", "at": "2026-11-30T12:00:00.000Z", "offsetUs": 0, "durationUs": 1900, "logs": [], "hostCalls": []}, {"kind": "point", "name": "beforeSignup", "outcome": "refused", "at": "2026-11-30T12:00:00.000Z", "offsetUs": 700, "durationUs": 1100, "logs": [], "hostCalls": []}, {"kind": "hook", "name": "beforeSignup", "hook": "signup", "version": 0, "outcome": "deny", "at": "2026-11-30T12:00:00.000Z", "offsetUs": 710, "durationUs": 1050, "fuel": 120000, "reply": {"kind": "deny", "code": "free_provider", "message": "Please use your work address", "status": 403}, "logs": [], "hostCalls": []}], "effects": [], "effectsDropped": 0, "wouldRun": [], "changedNothing": true}"#,
        )
        .errors(&[errors::BUILD_FAILED, errors::UNKNOWN_ENGINE, errors::FORBIDDEN]);

    /// A body, responses of other hosts, escapes included.
    const BODY: BodyLimit = BodyLimit::Bytes(1 << 20);

    fn read(fields: &mut Fields, _: &AuthSettings) -> Option<Input> {
        Input::read(fields)
    }

    async fn run(app: &App, caller: &Caller<EnvironmentAdmin>, input: Input) -> Result<TriedRequest> {
        // What it shows are users and rows of the environment, or copies of them.
        caller.who.permissions().require(Permission::DataRead)?;
        match input.mode {
            TryMode::DryRun => Box::pin(dry_run(app, caller, input)).await,
            TryMode::Live => Box::pin(live::run(app, caller, input)).await,
        }
    }
}

async fn dry_run(app: &App, caller: &Caller<EnvironmentAdmin>, mut input: Input) -> Result<TriedRequest> {
    let scope = &caller.scope;
    let _trial = app.hooks.trials.begin(&scope.project)?;
    let uses = loaded(app, scope, std::mem::take(&mut input.uses)).await?;
    let names = names::of(app, scope, &input.asked, &caller.request.ip)?;
    let tried = async {
        let sandbox = Sandbox::open(app, scope, &names, uses, input.http.take()).await?;
        let shown = Box::pin(in_sandbox(&sandbox, caller, &input)).await;
        sandbox.close().await;
        shown
    };
    timeout(MOST_TIME, tried).await.unwrap_or_else(|_| Err(too_slow()))
}

/// The versions that are asked for; which hook is meant is part of what is wrong with one.
async fn loaded(app: &App, scope: &Scope, uses: BTreeMap<HookName, Target>) -> Result<BTreeMap<HookName, Loaded>> {
    let mut all = BTreeMap::new();
    for (name, target) in uses {
        let loaded = Box::pin(target.load(app, scope, &name))
            .await
            .map_err(|error| of_use(error, &name))?;
        all.insert(name, loaded);
    }
    Ok(all)
}

fn of_use(error: Error, name: &HookName) -> Error {
    let Error::Refused(refusal) = error else { return error };
    match refusal.code.as_ref() {
        "not_found" => {
            let problem = format!("there is no hook of the name {name} in this project");
            Refusal::invalid_field("use", problem).into()
        }
        _ => {
            let mut refusal = *refusal;
            for detail in refusal.details.iter_mut().filter(|detail| detail.field == "target") {
                detail.field = format!("use.{name}");
            }
            refusal.hook.get_or_insert_with(|| name.as_str().to_owned());
            refusal.into()
        }
    }
}

async fn in_sandbox(sandbox: &Sandbox, caller: &Caller<EnvironmentAdmin>, input: &Input) -> Result<TriedRequest> {
    let (app, scope) = (sandbox.app.as_ref(), &caller.scope);
    let (ended, answered) = Box::pin(answer(app, caller, input, meta(app, &caller.request, &input.asked))).await;
    let live = app.hooks.registry.live(scope);
    let calls = steps::recorded(app, scope, ended.id()).await?;
    let changes = app.store.read(|tx| tx.journal(effects::MOST * 2)).await?;
    let mut all: Vec<_> = changes.into_iter().map(effects::of_change).collect();
    for call in &calls {
        let is_kept = call.run.point.starts_with("after") || ended.is_committed();
        all.extend(effects::of_call(call, is_kept));
    }
    let would_run = effects::follow_ups(app, scope, live.as_deref(), &all).await?;
    let dropped = all.len().saturating_sub(effects::MOST);
    all.truncate(effects::MOST);
    Ok(TriedRequest {
        id: ended.id().to_owned(),
        mode: TryMode::DryRun,
        deployment: live.as_ref().map_or(0, |live| live.number),
        request: message(&input.asked),
        steps: steps::shown(&ended.as_ended(answered.status), &calls, live.as_deref()),
        response: TriedResponse {
            status: answered.status,
            headers: answered.headers,
            body: answered.body,
        },
        effects: all,
        effects_dropped: u32::try_from(dropped).unwrap_or(u32::MAX),
        would_run,
        changed_nothing: true,
    })
}

/// A request that was answered.
pub(super) struct Run {
    meta: RequestMeta,
    endpoint: String,
    began: Instant,
    began_ms: i64,
    took: std::time::Duration,
}

impl Run {
    pub(super) fn id(&self) -> &str {
        &self.meta.id
    }

    /// Whether a transaction of the flow took place.
    pub(super) fn is_committed(&self) -> bool {
        steps::is_committed_after(&self.meta.steps, self.began)
    }

    pub(super) fn as_ended(&self, status: u16) -> Ended {
        Ended {
            endpoint: self.endpoint.clone(),
            status,
            began: self.began,
            began_ms: self.began_ms,
            took: self.took,
            log: self.meta.steps.clone(),
        }
    }
}

/// Runs the request where `app` is.
pub(super) async fn answer(
    app: &App,
    caller: &Caller<EnvironmentAdmin>,
    input: &Input,
    meta: RequestMeta,
) -> (Run, Answered) {
    let (began, began_ms) = (Instant::now(), app.clock.now_ms());
    let asked = Asked {
        scope: caller.scope.clone(),
        meta: meta.clone(),
        described: input.asked.clone(),
    };
    // What it leaves is found by its own id.
    let answered = request::within(meta.id.clone(), (input.entry.answer)(app, asked)).await;
    let endpoint = input.entry.endpoint;
    let run = Run {
        meta,
        endpoint: format!("{} {}", endpoint.method.as_str(), endpoint.path),
        began,
        began_ms,
        took: began.elapsed(),
    };
    (run, answered)
}

/// What flows and hooks know of the request: what it says of itself, from the address of whoever tries it.
pub(super) fn meta(app: &App, from: &RequestMeta, asked: &Described) -> RequestMeta {
    let header = |name: &str| asked.headers.get(name).cloned();
    let shown = app.config.hooks.shown_headers.iter();
    let shown = shown.filter_map(|name| Some((name.as_str().to_owned(), header(name.as_str())?)));
    let locale = header("accept-language");
    let locale = locale
        .as_deref()
        .and_then(|tags| tags.split([',', ';']).next())
        .map(str::trim);
    RequestMeta {
        id: new_id(Kind::Request),
        ip: from.ip.clone(),
        user_agent: header("user-agent").unwrap_or_default().chars().take(512).collect(),
        method: asked.method.to_owned(),
        path: asked.path.clone(),
        locale: locale.filter(|tag| is_tag(tag)).unwrap_or("en").to_owned(),
        headers: shown.collect(),
        if_match: None,
        hooks: HookOutcomes::default(),
        steps: StepLog::noting(),
    }
}

fn is_tag(tag: &str) -> bool {
    let legal = |c: char| c.is_ascii_alphanumeric() || c == '-';
    tag.starts_with(|c: char| c.is_ascii_alphabetic()) && tag.len() <= 35 && tag.chars().all(legal)
}

/// The request without what is secret in it.
pub(super) fn message(asked: &Described) -> TriedMessage {
    let shown = Described {
        query: hidden::query(&asked.query),
        ..asked.clone()
    };
    TriedMessage {
        method: asked.method.to_owned(),
        path: shown.full_path(),
        headers: hidden::headers(&asked.headers),
        body: asked.body.as_ref().map(hidden::body).unwrap_or_default(),
    }
}

fn too_slow() -> Error {
    let problem = format!("takes more than {} s from end to end", MOST_TIME.as_secs());
    Refusal::invalid_field("path", problem).into()
}
