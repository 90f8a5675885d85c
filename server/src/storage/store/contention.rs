//! What workers of two nodes do to the same rows at the same time, on PostgreSQL: none of it may wait in a circle, where one
//! transaction loses against another. `CONTENTION_SECONDS`: for how long. That the test notices is shown without the locks.

mod acts;

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use aerocall_runtime::Priority;
use serde_json::json;
use tokio::task::JoinSet;

use self::acts::ACTS;
use super::{
    EndpointFields, NewDelivery, NewJob, NewMail, Store, StoreError, Tx,
    planted::{Bug, Planted},
};
use crate::{
    base::{
        config::StoreConfig,
        error::Error,
        event::{Event, EventKind},
        ids::{Kind, Scope, Slug, new_id},
    },
    storage::tenant::testing::Database,
};

const SECONDS: u64 = 3;
/// Deadlocks are there within this time when nothing is locked, or the test notices nothing.
const SECONDS_TO_FIND: u64 = 30;
const ROWS: usize = 60;
const CONNECTIONS: u32 = 14;
/// Until when jobs are the broker's as long as it has not confirmed them.
const ANNOUNCED: i64 = i64::MAX - 1;

type Done = Result<(), StoreError>;

/// SplitMix64 (Steele, Lea, Flood 2014).
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((bits ^ (bits >> 31)) % bound as u64).unwrap()
    }

    fn order<T>(&mut self, list: &mut [T]) {
        for end in (1..list.len()).rev() {
            list.swap(end, self.below(end + 1));
        }
    }
}

/// What all share.
struct Field {
    scopes: Vec<Scope>,
    endpoints: Vec<String>,
}

fn now_ms() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    i64::try_from(since.unwrap().as_millis()).unwrap()
}

fn new_job(order: usize) -> NewJob {
    NewJob {
        id: new_id(Kind::Job),
        queue: "q".to_owned(),
        message: "1".to_owned(),
        idempotency_key: None,
        order_key: order.is_multiple_of(3).then(|| (order % 4).to_string()),
        priority: [Priority::Low, Priority::Normal, Priority::High][order % 3],
        hops: 0,
        run_at_ms: 0,
        created_ms: now_ms(),
    }
}

fn new_mail(scope: &Scope) -> NewMail {
    NewMail {
        id: new_id(Kind::Mail),
        recipient: format!("x@{}.example", scope.project),
        template: None,
        subject: "s".to_owned(),
        text: None,
        html: None,
        created_ms: 1,
    }
}

impl Field {
    /// Projects with jobs, mails and webhook endpoints with deliveries.
    async fn new(store: &Store) -> Self {
        let scopes: Vec<Scope> = ["a", "b", "c"]
            .map(|project| Scope {
                project: Slug::parse(project).unwrap(),
                environment: Slug::production(),
            })
            .into();
        let made = scopes.clone();
        let endpoints = store.write(move |tx| {
            let mut endpoints = Vec::new();
            for scope in &made {
                tx.insert_project(&scope.project, "A", 1)?;
                tx.insert_environment(scope, 1)?;
                for order in 0..ROWS {
                    tx.insert_job(scope, &new_job(order))?;
                    tx.insert_mail(scope, &new_mail(scope))?;
                }
                for _ in 0..2 {
                    endpoints.push(endpoint_with_deliveries(tx, scope)?);
                }
            }
            Ok(endpoints)
        });
        Self {
            scopes,
            endpoints: endpoints.await.unwrap(),
        }
    }
}

fn endpoint_with_deliveries(tx: &mut Tx<'_>, scope: &Scope) -> Result<String, StoreError> {
    let id = new_id(Kind::Webhook);
    let fields = EndpointFields {
        url: "https://example.com/".to_owned(),
        description: String::new(),
        event_types: "[\"*\"]".to_owned(),
        conditions: "[]".to_owned(),
        ordering: "subject",
        codes: "withheld",
        owner_email: None,
        updated_ms: 0,
    };
    tx.insert_endpoint(scope, &id, &fields)?;
    for number in 0..ROWS {
        let subject = format!("usr_{}", number % 7);
        let user = json!({ "id": subject, "email": "ada@example.com", "metadata": {}, "publicMetadata": {} });
        let event = Event::of_user(EventKind::Signup, "anonymous".to_owned(), &user, None, 1);
        tx.insert_event(scope, &event)?;
        tx.insert_delivery(&NewDelivery {
            id: new_id(Kind::Delivery),
            endpoint: id.clone(),
            event_id: event.id.clone(),
            event_type: event.kind.as_str().to_owned(),
            order_key: Some(subject),
            now_ms: 1,
        })?;
    }
    Ok(id)
}

async fn open(database: &Database) -> Store {
    let config = StoreConfig {
        connections: CONNECTIONS,
    };
    Store::open(&database.core(), &config).await.unwrap()
}

/// Two nodes do everything at the same time, until then or until one transaction has lost against another. What lost.
async fn contend(database: &Database, time: Duration, bug: Option<Bug>) -> Vec<String> {
    let nodes = [open(database).await, open(database).await];
    let field = Arc::new(Field::new(&nodes[0]).await);
    let (until, mut tasks) = (Instant::now() + time, JoinSet::new());
    for (number, store) in nodes.into_iter().enumerate() {
        for (index, (what, act)) in ACTS.iter().enumerate() {
            let (store, field, owner) = (store.clone(), Arc::clone(&field), format!("wrk_{number}"));
            let mut seed = u64::try_from(number * 100 + index).unwrap();
            tasks.spawn(async move {
                let mut done = 0;
                while Instant::now() < until {
                    seed += 1_000;
                    let (field, owner) = (Arc::clone(&field), owner.clone());
                    let written = store.write(move |tx| {
                        let _planted = bug.map(Planted::on_this_thread);
                        act(tx, &field, &owner, &mut Random(seed))
                    });
                    match written.await {
                        Ok(()) => done += 1,
                        Err(StoreError::Conflict(error)) => return Err(format!("{what}: {error}")),
                        Err(error) => panic!("{what}: {error:?}"),
                    }
                }
                assert!(done > 2, "{what}: {done} times");
                Ok(())
            });
        }
    }
    let mut lost = Vec::new();
    while let Some(ended) = tasks.join_next().await {
        lost.extend(ended.unwrap().err());
        if bug.is_some() && !lost.is_empty() {
            tasks.abort_all();
            break;
        }
    }
    lost
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn workers_of_two_nodes_never_wait_for_each_other_in_a_circle() {
    let Some(database) = Database::new().await else { return };
    let seconds = std::env::var("CONTENTION_SECONDS").map_or(SECONDS, |seconds| seconds.parse().unwrap());
    let lost = contend(&database, Duration::from_secs(seconds), None).await;
    assert_eq!(lost, Vec::<String>::new());
}

/// What finds nothing proves nothing.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn without_locks_they_do() {
    let Some(database) = Database::new().await else { return };
    let time = Duration::from_secs(SECONDS_TO_FIND);
    let lost = contend(&database, time, Some(Bug::RowsNotLocked)).await;
    assert!(!lost.is_empty(), "nobody noticed in {time:?}");
}

/// Changes one row, waits for the other transaction to have the other one, and changes that.
fn cross(tx: &mut Tx<'_>, rows: [&str; 2], meet: &std::sync::Barrier, meets: bool) -> Done {
    let change =
        |tx: &mut Tx<'_>, id: &str| tx.run(&format!("UPDATE projects SET name = name || '!' WHERE id = '{id}'"));
    change(tx, rows[0])?;
    if meets {
        meet.wait();
    }
    change(tx, rows[1])
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn who_loses_is_told_or_done_again_and_nothing_is_wrong_with_the_database() {
    let Some(database) = Database::new().await else { return };
    let store = open(&database).await;
    Field::new(&store).await;
    let meet = Arc::new(std::sync::Barrier::new(2));
    let [one, other] = [["a", "b"], ["b", "a"]].map(|rows| {
        let (meet, mut meets) = (Arc::clone(&meet), true);
        store.write_again(move |tx| cross(tx, rows, &meet, std::mem::take(&mut meets)))
    });
    let (one, other) = tokio::join!(one, other);
    one.unwrap();
    other.unwrap();
    let conflicts = || {
        store
            .refusals()
            .into_iter()
            .filter(|(_, count)| *count > 0)
            .collect::<Vec<_>>()
    };
    // On a busy machine the loser can be first again before the other one is woken.
    let [("conflict", before)] = conflicts()[..] else {
        panic!("{:?}", conflicts())
    };
    assert!((1..=5).contains(&before), "{before}");
    // Whoever cannot do it again says so, as one who is busy.
    let [one, other] = [["a", "b"], ["b", "a"]].map(|rows| {
        let meet = Arc::clone(&meet);
        store.write(move |tx| cross(tx, rows, &meet, true))
    });
    let (one, other) = tokio::join!(one, other);
    let lost: Vec<StoreError> = [one, other].into_iter().filter_map(Result::err).collect();
    let [StoreError::Conflict(_)] = lost.as_slice() else {
        panic!("{lost:?}")
    };
    let refused = lost.into_iter().map(Error::from).next().unwrap();
    let Error::Refused(refusal) = refused else {
        panic!("{refused:?}")
    };
    assert_eq!((refusal.status, refusal.retry_after), (503, Some(1)), "{refusal:?}");
    assert_eq!(conflicts(), [("conflict", before + 1)]);
    assert_eq!(store.fault(), None);
    let names = store.read(|tx| Ok(tx.projects()?.into_iter().map(|row| row.name).collect::<Vec<_>>()));
    assert_eq!(names.await.unwrap(), ["A!!!", "A!!!", "A"]);
}
