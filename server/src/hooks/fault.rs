//! A hook that has no decision, as the flow and the client see it. The client learns which hook and what kind; the
//! reason (a stack, a message of the author's code) is for the log and the project's own people.

use aerocall_contract::errors;
use aerocall_runtime::{Failure, SdkError};

use super::breaker::Verdict;
use crate::{
    base::error::{Error, Problem, Refusal},
    hooks::sdk::Redactor,
};

/// The longest text of a bad reply that the client is shown: a hook chooses the names of its fields.
const MAX_SHOWN_CHARS: usize = 200;

/// Why a hook did not decide.
#[derive(Clone, Debug)]
pub(super) struct Fault {
    code: &'static str,
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

    /// The hook decided, but what it did cannot be kept.
    pub(super) fn effects(error: SdkError) -> Self {
        Self {
            code: errors::HOOK_FAILED,
            reason: format!("the effects of the hook: {error}"),
            problem: None,
            verdict: Verdict::Failed,
        }
    }

    /// The same, when the server's own store is to blame.
    pub(super) fn uncommitted(error: Error) -> Self {
        let reason = match error {
            Error::Refused(refusal) => refusal.message.into_owned(),
            Error::Unexpected(error) => crate::base::error::chain(&error),
        };
        Self {
            code: errors::HOOK_FAILED,
            reason: format!("the effects of the hook could not be committed: {reason}"),
            problem: None,
            verdict: Verdict::Failed,
        }
    }

    /// The reply cannot be used; the client may see which field, since it is a field of its own request.
    pub(super) fn bad_reply(problem: Problem) -> Self {
        let problem = cut(problem);
        let reason = format!("`{}` {}", problem.field, problem.problem);
        Self {
            code: errors::HOOK_BAD_REPLY,
            reason,
            problem: Some(problem),
            verdict: Verdict::Failed,
        }
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

    pub(super) fn code(&self) -> &'static str {
        self.code
    }

    pub(super) fn refusal(self, hook: &str) -> Refusal {
        let (status, message) = match self.code {
            errors::HOOK_TIMEOUT => (504, "A hook of this project took too long"),
            errors::HOOK_OUT_OF_FUEL => (502, "A hook of this project used up its fuel"),
            errors::HOOK_OUT_OF_MEMORY => (502, "A hook of this project used up its memory"),
            errors::HOOK_BAD_REPLY => (502, "A hook of this project returned an invalid reply"),
            errors::HOOK_UNAVAILABLE => (503, "A hook of this project cannot be run right now"),
            _ => (502, "A hook of this project failed"),
        };
        Refusal {
            hook: Some(hook.to_owned()),
            details: self.problem.into_iter().collect(),
            retry_after: (status == 503).then_some(1),
            ..Refusal::new(status, self.code, message)
        }
    }
}

fn cut(problem: Problem) -> Problem {
    let short = |text: String| match text.char_indices().nth(MAX_SHOWN_CHARS) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    };
    Problem {
        field: short(problem.field),
        problem: short(problem.problem),
    }
}

impl From<Failure> for Fault {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::BadReply { path, expected, got } => Self::bad_reply(Problem {
                field: if path.is_empty() { "reply".to_owned() } else { path },
                problem: format!("must be {expected}, got {got}"),
            }),
            failure => Self {
                code: failure.code(),
                reason: failure.to_string(),
                problem: None,
                verdict: match failure {
                    Failure::TimedOut { .. } | Failure::Unavailable(_) => Verdict::Stalled,
                    _ => Verdict::Failed,
                },
            },
        }
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
        for (failure, code, status) in [
            (threw, "hook_failed", 502),
            (Failure::TimedOut { limit_ms: 1 }, "hook_timeout", 504),
            (Failure::OutOfFuel { limit: 1 }, "hook_out_of_fuel", 502),
            (Failure::OutOfMemory { limit: 1 }, "hook_out_of_memory", 502),
            (Failure::Unavailable(String::new()), "hook_unavailable", 503),
            (bad, "hook_bad_reply", 502),
        ] {
            let refusal = Fault::from(failure).refusal("block");
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
