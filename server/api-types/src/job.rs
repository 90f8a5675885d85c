//! Jobs and queues.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{HookState, Timestamp};

/// A job without its message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct JobSummary {
    /// Its id.
    pub id: String,
    /// The queue; of an event or a schedule, its type and the hook: `auth.signup/welcome`.
    pub queue: String,
    /// Where it stands.
    pub state: JobState,
    /// Attempts so far, including one that is running.
    pub attempts: i32,
    /// How many jobs led to this one, each adding the next.
    pub hops: i32,
    /// A second job with the same key is not added to the queue.
    pub idempotency_key: Option<String>,
    /// Jobs of the queue with the same key run one after the other.
    pub order_key: Option<String>,
    /// How urgent it is.
    pub priority: JobPriority,
    /// When the next attempt is due.
    pub run_at: Timestamp,
    /// When it was added.
    pub created_at: Timestamp,
    /// When it was done or became dead.
    pub finished_at: Option<Timestamp>,
    /// Why the last attempt failed.
    pub error: Option<String>,
}

/// A job with its message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Job {
    /// The rest.
    #[serde(flatten)]
    pub summary: JobSummary,
    /// What the handler gets: any JSON value that a hook added to the queue, or an event.
    pub message: Value,
}

/// A page of jobs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct JobList {
    /// Newest first.
    pub jobs: Vec<JobSummary>,
    /// What to send as `before` for the next page; `null` on the last one.
    pub next: Option<String>,
}

/// Where a job stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum JobState {
    /// It waits for its time or for a worker.
    Waiting,
    /// A worker runs it.
    Running,
    /// Its handler succeeded.
    Done,
    /// All its attempts failed, or its handler gave it up.
    Dead,
}

/// How urgent a job is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum JobPriority {
    /// Before all others.
    High,
    /// The default.
    Normal,
    /// After all others.
    Low,
}

/// The queues of an environment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct QueueList {
    /// By name; a queue without stored jobs is not listed.
    pub queues: Vec<QueueCounts>,
}

/// The number of jobs of a queue, by state, and who gets them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct QueueCounts {
    /// The queue; of an event or a schedule, its type and the hook: `auth.signup/welcome`.
    pub name: String,
    /// Waiting jobs.
    pub waiting: i64,
    /// Running jobs.
    pub running: i64,
    /// Done jobs that are still stored.
    pub done: i64,
    /// Dead jobs that are still stored.
    pub dead: i64,
    /// When the job that has waited longest was added; `null` if none waits.
    pub oldest_waiting_at: Option<Timestamp>,
    /// The live hook that gets its jobs; `null` if there is none.
    pub consumer: Option<QueueConsumer>,
}

/// The live hook that gets the jobs of a queue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct QueueConsumer {
    /// Its name.
    pub hook: String,
    /// Number of its version.
    pub version: u32,
    /// Whether it runs; while it is disabled, the jobs fail and are tried again.
    pub state: HookState,
}

/// Dead jobs were put back into their queue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RequeuedJobs {
    /// How many.
    pub requeued: u64,
    /// Whether there may be more; send the same request again.
    pub has_more: bool,
}

/// A schedule of a live hook.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Schedule {
    /// The hook that has it.
    pub hook: String,
    /// Its name; the handler is called for `cron.` and this name.
    pub name: String,
    /// Cron pattern in UTC: minute, hour, day of the month, month, day of the week.
    pub pattern: String,
    /// Whether the hook runs; a schedule of a disabled hook is never due.
    pub state: HookState,
    /// The next times, soonest first; empty while the hook is disabled.
    pub next_at: Vec<Timestamp>,
    /// The queue of its jobs.
    pub queue: String,
    /// The last time that it was due or was run by an admin; `null` if no job of it is stored.
    pub last_run: Option<ScheduleRun>,
}

/// A run of a schedule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ScheduleRun {
    /// Id of the job.
    pub job: String,
    /// When it was added.
    pub at: Timestamp,
    /// Where it stands.
    pub state: JobState,
    /// Why the last attempt failed; `null` if it did not.
    pub error: Option<String>,
    /// The last recorded invocation for it; `null` if none is stored.
    pub invocation: Option<String>,
}

/// The schedules of an environment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ScheduleList {
    /// In the order of the live hooks.
    pub schedules: Vec<Schedule>,
}
