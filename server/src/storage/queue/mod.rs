//! Queues: how jobs come to workers. The rows of `store::jobs` are the truth; what carries them is an interface with one
//! file per back end, chosen in [`open`] alone. A transport may lose, repeat or reorder what it carries: a job is run by
//! whoever claims its row, and a row that nobody claims is carried again.

mod broker;
mod database;
mod depth;
mod handling;
mod rabbitmq;

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use tokio::sync::Notify;

pub(crate) use broker::{Broker, BrokerFigures, LinkState};
#[cfg(test)]
pub(crate) use database::Round;
pub(crate) use depth::Depth;
pub(crate) use handling::Handling;
pub(crate) use rabbitmq::ping;

use crate::{
    base::{
        clock::{Clock, millis},
        config::QueueConfig,
        error::Result,
        ids::Scope,
        places::Places,
    },
    storage::store::{JobClaim, JobRow, Store, StoreError},
};

/// A hook that causes what it answers, and that for ever, is stopped after so many jobs in a row.
pub(crate) const MAX_HOPS: i32 = 32;

/// Brings jobs to this process.
#[async_trait]
pub(crate) trait QueueTransport: Send + Sync {
    /// Waits until there may be jobs, at most for a while. May be given up at any time: it claims nothing.
    async fn ready(&self);

    /// Claims jobs, as many as there are and as there is room for; a project is its own lane. To be waited for to the end: what
    /// is claimed has to be run.
    async fn claim(&self, places: &Places) -> Result<Vec<ClaimedJob>>;
}

/// A claimed job, and what the transport needs once its row is settled.
pub(crate) struct ClaimedJob {
    pub(crate) job: JobRow,
    pub(crate) acknowledgement: Option<Box<dyn Acknowledgement>>,
}

/// Acknowledges to the transport that it need not bring a job again. Dropped without that, it is brought again.
pub(crate) trait Acknowledgement: Send {
    /// The row is settled, whatever became of the job.
    fn settled(self: Box<Self>);
}

impl ClaimedJob {
    /// One that no transport waits for.
    fn from_database(job: JobRow) -> Self {
        Self {
            job,
            acknowledgement: None,
        }
    }
}

/// Who claims, and for how long. Shared by the transports.
#[derive(Clone)]
pub(crate) struct Claims {
    pub(crate) store: Store,
    pub(crate) clock: Clock,
    /// Of this process, new at every start: a lease of an earlier life is nobody's.
    pub(crate) owner: Arc<str>,
    pub(crate) lease: Duration,
}

impl Claims {
    /// Claims the job that a message names, or a more urgent one of its project in its place.
    pub(crate) async fn claim(&self, scope: &Scope, id: &str) -> std::result::Result<Option<JobRow>, StoreError> {
        let (scope, id, owner) = (scope.clone(), id.to_owned(), Arc::clone(&self.owner));
        let now_ms = self.clock.now_ms();
        let until_ms = now_ms + millis(self.lease);
        let claimed = self.store.write_again(move |tx| {
            let claim = JobClaim {
                owner: &owner,
                now_ms,
                until_ms,
            };
            tx.claim_instead_of(&scope, &id, &claim)
        });
        claimed.await
    }
}

/// The transport that the settings name.
pub(crate) fn open(
    config: &QueueConfig,
    claims: Claims,
    waiting: Arc<Notify>,
    broker: Arc<Broker>,
) -> Arc<dyn QueueTransport> {
    match &config.amqp {
        None => Arc::new(database::DatabaseQueue::new(claims, waiting, config.poll)),
        Some(service) => Arc::new(rabbitmq::RabbitMqQueue::start(
            service.clone(),
            config,
            claims,
            waiting,
            broker,
        )),
    }
}

/// The queue of the events of one hook. No message that a hook sends can get there: `/` is in no name.
pub(crate) fn event_queue(event: &str, hook: &str) -> String {
    format!("{event}/{hook}")
}

/// What a job is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum JobTarget<'a> {
    /// A message of a queue, for whoever answers it.
    Message(&'a str),
    /// An event, for one hook.
    Event { event: &'a str, hook: &'a str },
}

impl<'a> JobTarget<'a> {
    /// Of a job's queue.
    pub(crate) fn of(queue: &'a str) -> Self {
        match queue.split_once('/') {
            Some((event, hook)) => Self::Event { event, hook },
            None => Self::Message(queue),
        }
    }
}

#[cfg(test)]
mod tests {
    use aerocall_runtime::Priority;

    use super::*;
    use crate::{
        base::ids::{Kind, new_id},
        storage::store::NewJob,
        testing::World,
    };

    fn job(priority: Priority, run_at_ms: i64) -> NewJob {
        NewJob {
            id: new_id(Kind::Job),
            queue: "q".to_owned(),
            message: "1".to_owned(),
            idempotency_key: None,
            order_key: None,
            priority,
            hops: 0,
            run_at_ms,
            created_ms: 0,
        }
    }

    /// A world with these jobs, and who claims them.
    async fn with(jobs: Vec<NewJob>) -> (World, Claims) {
        let world = World::new().await;
        let scope = world.scope.clone();
        let kept = world
            .store
            .write(move |tx| jobs.iter().try_for_each(|job| tx.insert_job(&scope, job)));
        kept.await.unwrap();
        let claims = Claims {
            store: world.store.clone(),
            clock: world.clock.clone(),
            owner: "wrk_1".into(),
            lease: Duration::from_secs(60),
        };
        (world, claims)
    }

    /// A message of a broker names a job and a project, and both may be made up.
    #[tokio::test]
    async fn a_job_is_claimed_in_its_own_project_once_and_when_its_time_has_come() {
        let (due, later) = (job(Priority::Normal, 0), job(Priority::High, i64::MAX));
        let ids = [due.id.clone(), later.id.clone()];
        let (world, claims) = with(vec![due, later]).await;
        let claim = async |scope: &Scope, id: &str| claims.claim(scope, id).await.unwrap().map(|job| job.id);
        assert_eq!(claim(&world.other, &ids[0]).await, None, "another project's");
        assert_eq!(claim(&world.scope, "job_none").await, None);
        let claimed = claim(&world.scope, &ids[1]).await;
        assert_eq!(
            claimed.as_ref(),
            Some(&ids[0]),
            "its time has not come, the other's has"
        );
        assert_eq!(claim(&world.scope, &ids[0]).await, None, "somebody has it");
        assert_eq!(claim(&world.scope, &ids[1]).await, None, "its time has not come");
    }

    #[tokio::test]
    async fn so_many_are_claimed_as_are_named_and_the_most_urgent_first() {
        let jobs = [Priority::Low, Priority::Normal, Priority::High].map(|priority| job(priority, 0));
        let named = jobs.clone().map(|job| job.id);
        let (world, claims) = with(jobs.to_vec()).await;
        let mut claimed = Vec::new();
        for id in &named {
            claimed.extend(claims.claim(&world.scope, id).await.unwrap().map(|job| job.id));
        }
        assert_eq!(claimed, named.into_iter().rev().collect::<Vec<_>>());
    }

    #[test]
    fn what_a_job_is_for_is_in_its_queue() {
        assert_eq!(JobTarget::of("mails"), JobTarget::Message("mails"));
        let (event, hook) = ("auth.signup", "audit");
        assert_eq!(
            JobTarget::of(&event_queue(event, hook)),
            JobTarget::Event { event, hook }
        );
    }
}
