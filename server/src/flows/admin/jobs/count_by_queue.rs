//! `GET …/queues`

use aerocall_api_types::{JobState, Permission, QueueConsumer, QueueCounts, QueueList};
use aerocall_contract::names::queue_event;

use super::state;
use crate::{
    app::App,
    base::{clock, error::Result, ids::Scope},
    flows::steps::endpoint::{Caller, Endpoint, EnvironmentAdmin, Flow, environment},
    hooks::{Live, LiveHook, State},
    storage::queue::JobTarget,
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
        r#"{"queues": [{"name": "welcome", "waiting": 0, "running": 0, "done": 12, "dead": 0, "oldestWaitingAt": null, "consumer": {"hook": "mails", "version": 3, "state": "enabled"}}]}"#,
    );

    async fn run(app: &App, caller: &Caller<EnvironmentAdmin>, (): ()) -> Result<QueueList> {
        Ok(QueueList {
            queues: by_queue(app, &caller.scope).await?,
        })
    }
}

/// The queues that have jobs, by name.
pub(in crate::flows::admin) async fn by_queue(app: &App, scope: &Scope) -> Result<Vec<QueueCounts>> {
    let of = scope.clone();
    let found = app
        .store
        .read(move |tx| Ok((tx.queue_counts(&of)?, tx.oldest_waiting(&of)?)));
    let (counts, oldest) = found.await?;
    let live = app.hooks.registry.live(scope);
    let mut queues: Vec<QueueCounts> = Vec::new();
    // By queue, so that those of one queue follow one another.
    for count in counts {
        if queues.last().is_none_or(|last| last.name != count.queue) {
            let oldest_ms = oldest
                .iter()
                .find(|(queue, _)| *queue == count.queue)
                .and_then(|(_, ms)| *ms);
            queues.push(QueueCounts {
                oldest_waiting_at: oldest_ms.map(|ms| clock::iso(ms).into()),
                consumer: live.as_ref().and_then(|live| consumer(live, &count.queue)),
                ..none(count.queue)
            });
        }
        if let Some(last) = queues.last_mut() {
            *of_state(last, state(&count.state)?) = count.jobs;
        }
    }
    Ok(queues)
}

fn none(name: String) -> QueueCounts {
    QueueCounts {
        name,
        waiting: 0,
        running: 0,
        done: 0,
        dead: 0,
        oldest_waiting_at: None,
        consumer: None,
    }
}

/// The hook that gets the jobs; a disabled one if there is no other.
fn consumer(live: &Live, queue: &str) -> Option<QueueConsumer> {
    let (event, only) = match JobTarget::of(queue) {
        JobTarget::Message(queue) => (queue_event(queue), None),
        JobTarget::Event { event, hook } => (event.to_owned(), Some(hook)),
    };
    let handles = |hook: &&LiveHook| hook.manifest.events.contains(&event) && only.is_none_or(|name| hook.name == name);
    let all: Vec<&LiveHook> = live.hooks.iter().filter(handles).collect();
    let enabled = all.iter().find(|hook| hook.state == State::Enabled);
    enabled.or(all.first()).map(|hook| QueueConsumer {
        hook: hook.name.clone(),
        version: hook.version_number,
        state: hook.state.into(),
    })
}

fn of_state(counts: &mut QueueCounts, state: JobState) -> &mut i64 {
    match state {
        JobState::Waiting => &mut counts.waiting,
        JobState::Running => &mut counts.running,
        JobState::Done => &mut counts.done,
        JobState::Dead => &mut counts.dead,
    }
}
