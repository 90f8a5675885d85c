//! `GET …/queues`

use aerocall_api_types::{JobState, Permission, QueueCounts, QueueList};

use super::state;
use crate::{
    app::App,
    base::error::Result,
    flows::steps::endpoint::{Caller, Endpoint, EnvironmentAdmin, Flow, environment},
};

/// Counts the jobs of each queue by state.
pub(crate) struct CountJobsByQueue;

impl Flow for CountJobsByQueue {
    type Who = EnvironmentAdmin;
    type Input = ();
    type Output = QueueList;

    const NEEDS: Option<Permission> = Some(Permission::DataRead);
    const ENDPOINT: Endpoint = Endpoint::get(environment!("/queues"), "Count jobs by queue").answers(
        200,
        "The number of jobs of each queue, by state.",
        r#"{"queues": [{"name": "welcome", "waiting": 0, "running": 0, "done": 12, "dead": 0}]}"#,
    );

    async fn run(app: &App, caller: &Caller<EnvironmentAdmin>, (): ()) -> Result<QueueList> {
        let scope = caller.scope.clone();
        let counts = app.store.read(move |tx| tx.queue_counts(&scope)).await?;
        let mut queues: Vec<QueueCounts> = Vec::new();
        // By queue, so that those of one queue follow one another.
        for count in counts {
            if queues.last().is_none_or(|last| last.name != count.queue) {
                queues.push(none(count.queue));
            }
            if let Some(last) = queues.last_mut() {
                *of_state(last, state(&count.state)?) = count.jobs;
            }
        }
        Ok(QueueList { queues })
    }
}

fn none(name: String) -> QueueCounts {
    QueueCounts {
        name,
        waiting: 0,
        running: 0,
        done: 0,
        dead: 0,
    }
}

fn of_state(counts: &mut QueueCounts, state: JobState) -> &mut i64 {
    match state {
        JobState::Waiting => &mut counts.waiting,
        JobState::Running => &mut counts.running,
        JobState::Done => &mut counts.done,
        JobState::Dead => &mut counts.dead,
    }
}
