//! `aerocall jobs`: the jobs of an environment and their queues, over the admin API.

use aerocall_api_types::{Job, JobList, JobState, JobSummary, QueueList};

use crate::{
    Failed,
    manage::{Common, Page, Request, more},
    output::{pretty, word},
    terminal::{self, plain},
};

#[derive(clap::Args)]
#[command(after_help = "Examples:\n  \
    aerocall jobs queues\n  \
    aerocall jobs list --queue welcome --state dead\n  \
    aerocall jobs show job_01…\n  \
    aerocall jobs requeue job_01…")]
pub(crate) struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(clap::Subcommand)]
enum Action {
    /// List jobs, newest first
    List {
        /// Only jobs of this queue
        #[arg(long)]
        queue: Option<String>,
        /// Only jobs in this state: waiting, running, done or dead
        #[arg(long)]
        state: Option<String>,
        #[command(flatten)]
        page: Page,
        #[command(flatten)]
        common: Common,
    },
    /// Show a job with its message
    Show {
        /// Id of the job
        job: String,
        #[command(flatten)]
        common: Common,
    },
    /// Run a dead job again
    Requeue {
        /// Id of the job
        job: String,
        #[command(flatten)]
        common: Common,
    },
    /// Count jobs by queue and state
    Queues {
        #[command(flatten)]
        common: Common,
    },
}

pub(crate) async fn run(arguments: Arguments) -> Result<(), Failed> {
    match arguments.action {
        Action::List {
            queue,
            state,
            page,
            common,
        } => {
            let request = Request::new("GET", &["jobs"])
                .query("queue", queue)
                .query("state", state);
            common.of_environment(request.page(page), list).await
        }
        Action::Show { job, common } => common.of_environment(Request::new("GET", &["jobs", &job]), whole).await,
        Action::Requeue { job, common } => {
            let request = Request::new("POST", &["jobs", &job, "requeue"]);
            common.of_environment(request, requeued).await
        }
        Action::Queues { common } => common.of_environment(Request::new("GET", &["queues"]), queues).await,
    }
}

fn list(list: &JobList) {
    list.jobs.iter().for_each(show);
    more(list.next.as_deref());
}

fn show(job: &JobSummary) {
    let error = match (job.state, &job.error) {
        (JobState::Done, _) | (_, None) => String::new(),
        (_, Some(error)) => format!("  {}", plain(error)),
    };
    terminal::answer(format!(
        "{}  {}  {}  attempts {}  due {}{error}",
        plain(&job.id),
        plain(&job.queue),
        word(&job.state),
        job.attempts,
        plain(job.run_at.as_str()),
    ));
}

fn whole(job: &Job) {
    show(&job.summary);
    terminal::answer(pretty(&job.message));
}

fn requeued(job: &Job) {
    show(&job.summary);
}

fn queues(list: &QueueList) {
    for queue in &list.queues {
        terminal::answer(format!(
            "{}  waiting {}  running {}  done {}  dead {}",
            plain(&queue.name),
            queue.waiting,
            queue.running,
            queue.done,
            queue.dead
        ));
    }
}
