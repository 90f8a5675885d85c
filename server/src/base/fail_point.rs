//! Places where a test can have this process die as if the power had gone: one beside each commit. Builds without debug
//! assertions do not have them. The name comes from `FAIL_POINT` in the environment, which is no setting of the product.

#[cfg(debug_assertions)]
use std::sync::LazyLock;

/// A place beside a commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FailPoint {
    /// The before-hooks have run, nothing is kept.
    FlowDecided,
    /// The flow and what hooks staged are kept; the writes to the project's own tables are not.
    FlowKept,
    /// Both are kept; the after-hooks have not run and the client has no answer.
    FlowDone,
    /// A worker has the job; its hook has not run.
    JobClaimed,
    /// The hook of the job has run; nothing is kept.
    JobDecided,
    /// The hook's writes to the project's own tables are kept; what it staged and the job's end are not.
    JobTablesKept,
    /// Everything is kept; the queue transport has no acknowledgement.
    JobDone,
    /// Events have become jobs and deliveries; no worker was notified of them.
    EventsDispatched,
    /// A webhook is claimed; it has not been sent.
    DeliveryClaimed,
    /// It was sent; what was answered is not kept.
    DeliverySent,
    /// It is kept what became of it.
    DeliverySettled,
}

impl FailPoint {
    #[cfg(debug_assertions)]
    fn name(self) -> &'static str {
        match self {
            Self::FlowDecided => "flow-decided",
            Self::FlowKept => "flow-kept",
            Self::FlowDone => "flow-done",
            Self::JobClaimed => "job-claimed",
            Self::JobDecided => "job-decided",
            Self::JobTablesKept => "job-tables-kept",
            Self::JobDone => "job-done",
            Self::EventsDispatched => "events-dispatched",
            Self::DeliveryClaimed => "delivery-claimed",
            Self::DeliverySent => "delivery-sent",
            Self::DeliverySettled => "delivery-settled",
        }
    }

    /// Dies here, if the test asked for it: no destructor runs, nothing is flushed.
    #[cfg(debug_assertions)]
    pub(crate) fn reached(self) {
        static ARMED: LazyLock<Option<String>> = LazyLock::new(|| std::env::var("FAIL_POINT").ok());
        if ARMED.as_deref() == Some(self.name()) {
            std::process::abort();
        }
    }

    /// Nothing.
    #[cfg(not(debug_assertions))]
    pub(crate) fn reached(self) {}
}
