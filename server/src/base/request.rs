//! What the server knows about a request besides its body. Made at the edge; knows no HTTP library.

use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

tokio::task_local! {
    /// The id of the request, or of the job, that is worked on.
    static CURRENT: Option<String>;
}

/// The request, or the job, that this is done for: what it leaves in the store is found by it.
pub(crate) fn current() -> Option<String> {
    CURRENT.try_with(Clone::clone).ok().flatten()
}

/// Does work for a request, or for a job.
pub(crate) async fn within<W: Future>(id: String, work: W) -> W::Output {
    CURRENT.scope(Some(id), work).await
}

/// Goes on with it on another thread.
pub(crate) fn go_on<T>(id: Option<String>, work: impl FnOnce() -> T) -> T {
    CURRENT.sync_scope(id, work)
}

/// The request that a flow answers.
#[derive(Clone, Debug)]
pub(crate) struct RequestMeta {
    /// Ours, never the client's: the log is searched by it.
    pub(crate) id: String,
    /// The client's address as the proxy settings establish it.
    pub(crate) ip: String,
    pub(crate) user_agent: String,
    pub(crate) method: String,
    pub(crate) path: String,
    /// BCP 47.
    pub(crate) locale: String,
    /// The ones that the settings show to hooks; names in lower case.
    pub(crate) headers: Vec<(String, String)>,
    /// What the request expects of what it changes (RFC 9110, 13.1.1).
    pub(crate) if_match: Option<String>,
    pub(crate) hooks: HookOutcomes,
    pub(crate) steps: StepLog,
}

/// The steps of a flow, for whoever tries it. Of any other request nothing is noted.
#[derive(Clone, Debug, Default)]
pub(crate) struct StepLog(Option<Arc<Mutex<Vec<NotedStep>>>>);

/// One step.
#[derive(Clone, Debug)]
pub(crate) struct NotedStep {
    pub(crate) kind: NotedKind,
    /// Of a commit that took place, or of a hook: `allow`, `deny`, `patch`, or the code of a failure.
    pub(crate) outcome: &'static str,
    pub(crate) began: Instant,
    pub(crate) took: Duration,
}

/// What it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum NotedKind {
    /// A hook point, with or without hooks.
    Point(&'static str),
    /// A hook at it.
    Hook { point: &'static str, name: String },
    /// The transaction of the flow.
    Commit,
}

/// More are made by nobody who is waited for.
const MOST_STEPS: usize = 1_000;

impl StepLog {
    /// One that notes.
    pub(crate) fn noting() -> Self {
        Self(Some(Arc::default()))
    }

    pub(crate) fn note(&self, kind: NotedKind, outcome: &'static str, began: Instant) {
        let Some(noted) = &self.0 else { return };
        let mut noted = noted.lock().unwrap_or_else(PoisonError::into_inner);
        if noted.len() < MOST_STEPS {
            noted.push(NotedStep {
                kind,
                outcome,
                began,
                took: began.elapsed(),
            });
        }
    }

    /// In the order in which they ended.
    pub(crate) fn noted(&self) -> Vec<NotedStep> {
        let noted = self
            .0
            .as_ref()
            .map(|noted| noted.lock().unwrap_or_else(PoisonError::into_inner).clone());
        noted.unwrap_or_default()
    }
}

/// What came of each hook that a request ran, for the request's line in the log, and what is to happen when the request is over.
/// The edge reads what the flow notes.
#[derive(Clone, Debug, Default)]
pub(crate) struct HookOutcomes(Arc<Mutex<Noted>>);

/// Work that waits for the end of a request.
pub(crate) type Afterwards = Box<dyn FnOnce() + Send>;

#[derive(Default)]
struct Noted {
    lines: Vec<String>,
    afterwards: Vec<Afterwards>,
}

impl fmt::Debug for Noted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Noted")
            .field("lines", &self.lines)
            .finish_non_exhaustive()
    }
}

/// Nobody has the request any more: it is answered, or its client is gone.
impl Drop for Noted {
    fn drop(&mut self) {
        for work in std::mem::take(&mut self.afterwards) {
            work();
        }
    }
}

impl HookOutcomes {
    /// A line is read by people; a request with more hooks than this has their records.
    const MOST: usize = 32;

    /// `outcome` is `allow`, `deny`, `patch`, or the code of a failure.
    pub(crate) fn note(&self, point: &str, hook: &str, outcome: &str) {
        let mut noted = self.noted();
        if noted.lines.len() < Self::MOST {
            noted.lines.push(format!("{point}/{hook}={outcome}"));
        }
    }

    /// Does this when the request is over.
    pub(crate) fn afterwards(&self, work: Afterwards) {
        self.noted().afterwards.push(work);
    }

    /// In the order in which they ran, as in `beforeSignup/signup=patch afterSignup/welcome=hook_timeout`. `None`: no hook ran.
    pub(crate) fn text(&self) -> Option<String> {
        let noted = self.noted();
        (!noted.lines.is_empty()).then(|| noted.lines.join(" "))
    }

    fn noted(&self) -> MutexGuard<'_, Noted> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
