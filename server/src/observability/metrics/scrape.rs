//! What is looked up when somebody asks: pools, queues, the store.

use aerocall_runtime::Compiling;
use prometheus_client::{
    encoding::{EncodeLabelSet, text::encode},
    metrics::{counter::Counter, family::Family, gauge::Gauge},
    registry::{Registry, Unit},
};

use super::Metrics;
use crate::{
    base::error::{Error, Result},
    storage::{
        queue::{BrokerFigures, LinkState},
        store::{DeliveryState, Figures, JobState},
    },
};

const MAIL_STATES: [&str; 4] = ["waiting", "sent", "captured", "failed"];

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct StateLabels {
    state: String,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct ServiceLabels {
    service: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct RefusalLabels {
    reason: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct SettingLabels {
    setting: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct OutcomeLabels {
    outcome: &'static str,
}

/// What is read when somebody asks for metrics.
pub(crate) struct Reading {
    pub(crate) now_ms: i64,
    /// Passwords that are being hashed.
    pub(crate) hashes_running: usize,
    /// Requests that wait to hash a password.
    pub(crate) hashes_waiting: usize,
    /// Requests that may hash and wait.
    pub(crate) hashes_places: usize,
    /// Connections to the database that are in use.
    pub(crate) connections_in_use: u32,
    /// Connections to the database that are open.
    pub(crate) connections_open: u32,
    /// Connections of clients.
    pub(crate) connections: ConnectionFigures,
    /// Bundles that are compiled, and that wait for it.
    pub(crate) compiling: Compiling,
    /// Records of invocations that were not kept, since the start.
    pub(crate) records_dropped: u64,
    /// Services and whether they do their work.
    pub(crate) services: Vec<(&'static str, bool)>,
    /// Changes that the database refused, since the start, by what they were refused for.
    pub(crate) refusals: Vec<(&'static str, u64)>,
    /// Of the broker, where jobs come over one.
    pub(crate) broker: Option<BrokerFigures>,
    /// What the database says; `None` while it is away, which is a figure, too.
    pub(crate) stored: Option<Figures>,
}

/// Connections of clients.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct ConnectionFigures {
    /// That are open.
    pub(crate) open: usize,
    /// Those that were refused since the start, by the setting that refused them.
    pub(crate) refused: [(&'static str, u64); 2],
}

/// Everything, as text.
pub(crate) fn text(metrics: &Metrics, reading: &Reading) -> Result<String> {
    let mut registry = Registry::with_prefix("aerocall");
    metrics.register(&mut registry);
    of_process(reading, &mut registry);
    of_connections(&reading.connections, &mut registry);
    of_compiling(&reading.compiling, &mut registry);
    of_services(reading, &mut registry);
    let up = i64::from(reading.stored.is_some());
    gauge(&mut registry, "database_up", "Whether the database answers", up);
    if let Some(figures) = &reading.broker {
        of_broker(figures, &mut registry);
    }
    if let Some(figures) = &reading.stored {
        of_store(figures, reading.now_ms, &mut registry);
    }
    let mut text = String::new();
    encode(&mut text, &registry).map_err(|error| Error::unexpected("writing metrics", error))?;
    Ok(text)
}

fn of_process(reading: &Reading, registry: &mut Registry) {
    let gauges = [
        (
            "password_hashes_running",
            "Passwords being hashed",
            count(reading.hashes_running),
        ),
        (
            "password_hashes_waiting",
            "Requests that wait to hash a password",
            count(reading.hashes_waiting),
        ),
        (
            "password_hashes_places",
            "Requests that may hash and wait",
            count(reading.hashes_places),
        ),
        (
            "database_connections_in_use",
            "Connections in use",
            reading.connections_in_use.into(),
        ),
        (
            "database_connections_open",
            "Connections that are open",
            reading.connections_open.into(),
        ),
        (
            "records_dropped",
            "Records of invocations that were not kept, since the start",
            i64::try_from(reading.records_dropped).unwrap_or(i64::MAX),
        ),
    ];
    for (name, help, value) in gauges {
        gauge(registry, name, help, value);
    }
}

fn of_connections(figures: &ConnectionFigures, registry: &mut Registry) {
    gauge(
        registry,
        "connections_open",
        "Connections of clients that are open",
        count(figures.open),
    );
    let refused = Family::<SettingLabels, Counter>::default();
    for (setting, number) in figures.refused {
        refused.get_or_create(&SettingLabels { setting }).inc_by(number);
    }
    registry.register(
        "connections_refused",
        "Connections beyond those that a setting allows",
        refused,
    );
}

fn of_compiling(figures: &Compiling, registry: &mut Registry) {
    let states = ["running", "waiting"];
    let counts = [figures.running, figures.waiting].map(count);
    let counts: Vec<_> = states.map(str::to_owned).into_iter().zip(counts).collect();
    by_state(
        registry,
        "bundle_compilations",
        "Bundles that are compiled or wait for it",
        &states,
        &counts,
    );
    let refused: Counter = Counter::default();
    refused.inc_by(figures.refused);
    registry.register(
        "bundle_compilations_refused",
        "Bundles that were not compiled because no compiler was free in time",
        refused,
    );
}

/// What `/readyz` says, as figures.
fn of_services(reading: &Reading, registry: &mut Registry) {
    let ready = Family::<ServiceLabels, Gauge>::default();
    for (service, is_ok) in &reading.services {
        ready.get_or_create(&ServiceLabels { service }).set(i64::from(*is_ok));
    }
    registry.register("service_ready", "Whether a service responds and does its work", ready);
    let refusals = Family::<RefusalLabels, Counter>::default();
    for (reason, count) in &reading.refusals {
        refusals.get_or_create(&RefusalLabels { reason }).inc_by(*count);
    }
    registry.register(
        "database_refusals",
        "Changes that the database refused, by reason",
        refusals,
    );
}

fn of_broker(figures: &BrokerFigures, registry: &mut Registry) {
    let states = LinkState::ALL.map(LinkState::as_str);
    let state = [(figures.state.as_str().to_owned(), 1)];
    by_state(
        registry,
        "broker",
        "1 for the state of the broker as this process sees it",
        &states,
        &state,
    );
    let gauges = [
        (
            "broker_queues_consumed",
            "Queues that this process consumes",
            figures.consumed,
        ),
        (
            "broker_queues_not_consumed",
            "Queues that it should consume and cannot",
            figures.not_consumed,
        ),
    ];
    for (name, help, value) in gauges {
        gauge(registry, name, help, count(value));
    }
    let announcements = Family::<OutcomeLabels, Counter>::default();
    for (outcome, number) in figures.announcements {
        announcements.get_or_create(&OutcomeLabels { outcome }).inc_by(number);
    }
    registry.register(
        "broker_announcements",
        "Announced jobs by what became of it",
        announcements,
    );
    let requeued: Counter = Counter::default();
    requeued.inc_by(figures.requeued);
    registry.register(
        "broker_requeued",
        "Deliveries that went back to their queue unanswered",
        requeued,
    );
}

fn of_store(figures: &Figures, now_ms: i64, registry: &mut Registry) {
    let lag_ms = figures
        .oldest_event_ms
        .map_or(0, |oldest| now_ms.saturating_sub(oldest).max(0));
    let lag: Gauge<f64, std::sync::atomic::AtomicU64> = Gauge::default();
    #[allow(clippy::cast_precision_loss, reason = "milliseconds of a lag are far below 2^53")]
    lag.set(lag_ms as f64 / 1_000.0);
    registry.register_with_unit(
        "outbox_lag",
        "Age of the oldest event that was not dispatched yet",
        Unit::Seconds,
        lag,
    );
    gauge(
        registry,
        "outbox_waiting",
        "Events that were not dispatched yet",
        figures.waiting_events,
    );
    let of_jobs = JobState::ALL.map(JobState::as_str);
    by_state(registry, "jobs", "Jobs by state", &of_jobs, &figures.jobs);
    let of_deliveries = DeliveryState::ALL.map(DeliveryState::as_str);
    by_state(
        registry,
        "webhook_deliveries",
        "Deliveries of webhooks by state",
        &of_deliveries,
        &figures.deliveries,
    );
    by_state(registry, "mails", "Mails by state", &MAIL_STATES, &figures.mails);
}

/// Every state is there, so that nothing waiting is a figure and not a gap.
fn by_state(registry: &mut Registry, name: &str, help: &str, states: &[&str], counts: &[(String, i64)]) {
    let family = Family::<StateLabels, Gauge>::default();
    for state in states {
        let state = (*state).to_owned();
        family.get_or_create(&StateLabels { state }).set(0);
    }
    for (state, count) in counts {
        family.get_or_create(&StateLabels { state: state.clone() }).set(*count);
    }
    registry.register(name, help, family);
}

fn gauge(registry: &mut Registry, name: &str, help: &str, value: i64) {
    let gauge: Gauge = Gauge::default();
    gauge.set(value);
    registry.register(name, help, gauge);
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
