//! A hook that has no decision, as the flow and the client see it. The client learns which hook and what kind; the
//! reason (a stack, a message of the author's code) is for the log and the project's own people.

use aerocall_contract::errors::{self, Code};
use aerocall_runtime::{Failure, SdkError};

use super::breaker::Verdict;
use crate::{
    base::error::{Problem, Refusal},
    hooks::sdk::Redactor,
};

/// The longest text of a bad reply that the client is shown: a hook chooses the names of its fields.
const MAX_SHOWN_CHARS: usize = 200;

/// Why a hook did not decide.
#[derive(Clone, Debug)]
pub(super) struct Fault {
    code: Code,
    /// For the log.
    pub(super) reason: String,
    problem: Option<Problem>,
    verdict: Verdict,
}

impl Fault {
    pub(super) fn unavailable(reason: impl Into<String>) -> Self {
        Self {
            code: errors::HOOK_UNAVAILABLE,
            reason: reason.into(),
            problem: None,
            verdict: Verdict::Stalled,
        }
    }

    /// The breaker of the hook is open.
    pub(super) fn resting() -> Self {
        Self::unavailable("the circuit breaker of the hook is open: it failed too often and is not run for a while")
            .not_run()
    }

    /// The hook is not to blame: it was not run.
    pub(super) fn not_run(self) -> Self {
        Self {
            verdict: Verdict::NotRun,
            ..self
        }
    }

    /// For the breaker of the hook.
    pub(super) fn verdict(&self) -> Verdict {
        self.verdict
    }

    pub(super) fn timeout(reason: impl Into<String>) -> Self {
        Self {
            code: errors::HOOK_TIMEOUT,
            reason: reason.into(),
            problem: None,
            verdict: Verdict::Stalled,
        }
    }

    /// Nothing of what the hook would do could be kept, so it was not run.
    pub(super) fn effects(error: &SdkError) -> Self {
        Self::from(&Failure::NotKept(error.to_string()))
    }

    /// Without the code that the hook was given: a hook may throw it.
    pub(super) fn without(mut self, code: Option<&str>) -> Self {
        if let Some(code) = code {
            let clean = Redactor::of_code(code);
            self.reason = clean.text(self.reason);
            self.problem = self.problem.map(|problem| Problem {
                field: clean.text(problem.field),
                problem: clean.text(problem.problem),
            });
        }
        self
    }

    pub(super) fn code(&self) -> Code {
        self.code
    }

    pub(super) fn refusal(self, hook: &str) -> Refusal {
        let message = match self.code {
            errors::HOOK_TIMEOUT => "A hook of this project took too long",
            errors::HOOK_OUT_OF_FUEL => "A hook of this project used up its fuel",
            errors::HOOK_OUT_OF_MEMORY => "A hook of this project used up its memory",
            errors::HOOK_BAD_REPLY => "A hook of this project returned an invalid reply",
            errors::HOOK_UNAVAILABLE => "A hook of this project cannot be run right now",
            _ => "A hook of this project failed",
        };
        Refusal {
            hook: Some(hook.to_owned()),
            details: self.problem.into_iter().collect(),
            retry_after: (self.code == errors::HOOK_UNAVAILABLE).then_some(1),
            ..Refusal::new(self.code, message)
        }
    }
}

/// Short enough to be shown: a hook chooses the names of its fields.
pub(super) fn cut(problem: Problem) -> Problem {
    let short = |text: String| match text.char_indices().nth(MAX_SHOWN_CHARS) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    };
    Problem {
        field: short(problem.field),
        problem: short(problem.problem),
    }
}

impl From<&Failure> for Fault {
    fn from(failure: &Failure) -> Self {
        Self {
            code: failure.code(),
            reason: failure.to_string(),
            problem: problem(failure).map(cut),
            verdict: match failure {
                Failure::TimedOut { .. } | Failure::Unavailable(_) => Verdict::Stalled,
                _ => Verdict::Failed,
            },
        }
    }
}

/// What of the reply cannot be used. The client may see it, since it is a field of its own request.
fn problem(failure: &Failure) -> Option<Problem> {
    match failure {
        Failure::BadReply { path, expected, got } => Some(Problem {
            field: if path.is_empty() {
                "reply".to_owned()
            } else {
                path.clone()
            },
            problem: format!("must be {expected}, got {got}"),
        }),
        Failure::RefusedPatch { field, problem, .. } => Some(Problem {
            field: field.clone(),
            problem: problem.clone(),
        }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_failure_has_its_code_and_status() {
        let threw = Failure::Trapped("secret of the author".to_owned());
        let bad = Failure::BadReply {
            path: "deny.status".to_owned(),
            expected: "4xx".to_owned(),
            got: "200".to_owned(),
        };
        let patch = Failure::RefusedPatch {
            field: "user.email".to_owned(),
            problem: "must be an email address".to_owned(),
            patch: serde_json::Map::new(),
        };
        let at = || ", in `secret`".to_owned();
        for (failure, code, status) in [
            (threw, "hook_failed", 502),
            (Failure::Exited(1), "hook_failed", 502),
            (Failure::TimedOut { limit_ms: 1 }, "hook_timeout", 504),
            (Failure::OutOfFuel { limit: 1, at: at() }, "hook_out_of_fuel", 502),
            (Failure::OutOfMemory { limit: 1, at: at() }, "hook_out_of_memory", 502),
            (Failure::Unavailable(String::new()), "hook_unavailable", 503),
            (Failure::NotKept("secret".to_owned()), "hook_failed", 502),
            (bad, "hook_bad_reply", 502),
            (patch, "hook_bad_reply", 502),
        ] {
            let refusal = Fault::from(&failure).refusal("block");
            assert_eq!((refusal.code.as_ref(), refusal.status), (code, status));
            assert_eq!(refusal.hook.as_deref(), Some("block"));
            assert!(
                !refusal.message.contains("secret"),
                "the author's words are for the log"
            );
            assert_eq!(refusal.details.len(), usize::from(code == "hook_bad_reply"));
        }
    }
}
