//! A test case: one call and what must come of it. A document in `tests/*.json` of a hook project, or kept with a hook on a
//! server; both are read and run here.

use std::{collections::BTreeMap, sync::Arc};

use aerocall_runtime::{Call, Conditions, Hook, Limits, Replayed};
use serde::Deserialize;
use serde_json::Value;

use super::{ContextDocument, GivenDocument, Local, LocalFault, Report, answers::Answers, expect::Expect};

/// When a test runs unless its context says otherwise: the same moment every time.
const TEST_TIME_MS: u64 = 1_767_225_600_000;

/// One call and what must come of it.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "CaseDocument")]
pub struct Case {
    /// For people, if it has one.
    pub name: Option<String>,
    /// The hook point or event.
    pub hook: String,
    /// Which file of `hooks/`, without ending, if it says so.
    pub file: Option<String>,
    payload: Value,
    context: ContextDocument,
    given: GivenDocument,
    answers: Option<Answers>,
    expect: Expect,
}

/// A case as it is written down.
#[derive(Clone, Debug, Deserialize)]
#[serde(
    deny_unknown_fields,
    rename_all = "camelCase",
    expecting = "a test case or a list of them"
)]
struct CaseDocument {
    /// For people; the file's name when left out.
    #[serde(default)]
    name: Option<String>,
    /// The hook point or event.
    #[serde(default)]
    hook: Option<String>,
    /// Which file of `hooks/`, without ending; needed when several have the hook.
    #[serde(default)]
    file: Option<String>,
    #[serde(default, deserialize_with = "some")]
    payload: Option<Value>,
    #[serde(default)]
    context: Option<ContextDocument>,
    /// As a server recorded it: hook, payload and context of the case, as far as the case has none of its own.
    #[serde(default)]
    invocation: Option<RecordedInput>,
    /// What is there before the call.
    #[serde(default)]
    given: GivenDocument,
    /// The same as `given.cache`, which wins where both have a key.
    #[serde(default)]
    cache: BTreeMap<String, Value>,
    /// What the hook gets, call by call; then nothing is given.
    #[serde(default)]
    answers: Option<Answers>,
    expect: Expect,
}

/// What went into a recorded invocation: the document of `GET …/invocations/{id}` and `aerocall logs <id> --json`. The rest of it is
/// what came out.
#[derive(Clone, Debug, Deserialize)]
pub struct RecordedInput {
    /// The hook point or event.
    pub point: String,
    /// Its context.
    pub context: ContextDocument,
    /// Its payload.
    pub payload: Value,
}

impl RecordedInput {
    /// The invocation, if the document is one. No payload and no context has these members.
    pub fn of(document: &Value) -> Option<Result<Self, serde_json::Error>> {
        let is_one = document["point"].is_string()
            && document["context"].is_object()
            && document["reply"].is_object()
            && document["hostCalls"].is_array()
            && document.get("payload").is_some();
        is_one.then(|| Self::deserialize(document))
    }
}

impl TryFrom<CaseDocument> for Case {
    type Error = String;

    fn try_from(mut document: CaseDocument) -> Result<Self, String> {
        for (key, value) in document.cache {
            document.given.cache.entry(key).or_insert(value);
        }
        let (point, context, payload) = match document.invocation {
            Some(recorded) => (Some(recorded.point), Some(recorded.context), Some(recorded.payload)),
            None => (None, None, None),
        };
        let missing = |name: &str| format!("missing field `{name}`");
        if document.answers.is_some() && !document.given.is_empty() {
            return Err("`answers` are to every call, so nothing can be `given` besides".to_owned());
        }
        if document.answers.is_some() && document.expect.looks_behind() {
            return Err(
                "a case with `answers` has no cache, queues, mails or tables to expect something of".to_owned(),
            );
        }
        Ok(Self {
            name: document.name,
            hook: document.hook.or(point).ok_or_else(|| missing("hook"))?,
            file: document.file,
            payload: document.payload.or(payload).ok_or_else(|| missing("payload"))?,
            context: document.context.or(context).unwrap_or_default(),
            given: document.given,
            answers: document.answers,
            expect: document.expect,
        })
    }
}

/// A payload that is `null` is one.
fn some<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

/// A case that was run.
#[derive(Clone, Debug)]
pub struct CaseResult {
    /// What is not as it must be; nothing: it passed.
    pub problems: Vec<String>,
    /// The call, if there was one.
    pub report: Option<Report>,
}

impl Case {
    /// Runs the case. What is given and cannot be fails it like a reply that is not the expected one. `migrations`: name and
    /// SQL.
    ///
    /// # Errors
    /// This machine cannot run it.
    pub async fn run(
        &self,
        hook: &Arc<Hook>,
        limits: &Limits,
        migrations: &[(String, String)],
    ) -> Result<CaseResult, LocalFault> {
        if let Some(answers) = &self.answers {
            return Ok(self.answered(answers, hook, limits).await);
        }
        let context = self.context.context(&self.hook, TEST_TIME_MS);
        let given = self.given.clone().offline();
        let local = match Local::open(&context, hook.manifest(), &given, migrations, None).await {
            Ok(local) => local,
            Err(LocalFault::Given(problem)) => return Ok(CaseResult::not_run(problem)),
            Err(fault) => return Err(fault),
        };
        let call = Call {
            context,
            payload: self.payload.to_string(),
        };
        let called = local.call(hook, call, limits, Conditions::default()).await?;
        let report = Report::of(called.invocation, &self.hook, hook.digest());
        let mut problems = self.expect.problems(&report);
        problems.extend(self.expect.left_behind(&local).await?);
        problems.extend(local.not_asked_for());
        Ok(CaseResult {
            problems,
            report: Some(report),
        })
    }

    async fn answered(&self, answers: &Answers, hook: &Hook, limits: &Limits) -> CaseResult {
        let called = match answers.call(hook, self.call(), limits).await {
            Ok(called) => called,
            Err(problem) => return CaseResult::not_run(problem),
        };
        let mut problems = answers.problems(&called);
        let ended_early = called.divergence.is_some() || called.unreadable.is_some();
        let report = Report::of(called.invocation, &self.hook, hook.digest());
        if !ended_early {
            problems.extend(self.expect.problems(&report));
        }
        CaseResult {
            problems,
            report: Some(report),
        }
    }

    /// What comes of a case with answers, if it has one to all that the hook asks.
    pub(super) async fn called(&self, hook: &Hook, limits: &Limits) -> Result<Replayed, String> {
        let answers = self.answers.clone().unwrap_or_default();
        let called = answers.call(hook, self.call(), limits).await?;
        match answers.problems(&called).into_iter().next() {
            Some(problem) => Err(problem),
            None => Ok(called),
        }
    }

    fn call(&self) -> Call {
        Call {
            context: self.context.context(&self.hook, TEST_TIME_MS),
            payload: self.payload.to_string(),
        }
    }

    /// How many things are given, and the bytes of their texts.
    pub(crate) fn given_size(&self) -> (usize, usize) {
        self.given.size()
    }
}

impl CaseResult {
    /// It could not be called.
    #[must_use]
    pub fn not_run(problem: String) -> Self {
        Self {
            problems: vec![problem],
            report: None,
        }
    }
}
