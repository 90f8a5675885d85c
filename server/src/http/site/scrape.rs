//! What is looked up when somebody asks: pools, queues, the store.

use prometheus_client::{
    encoding::{EncodeLabelSet, text::encode},
    metrics::{family::Family, gauge::Gauge},
    registry::{Registry, Unit},
};

use crate::{
    app::App,
    base::error::{Error, Result},
    storage::store::{DeliveryState, Figures, JobState},
};

const MAIL_STATES: [&str; 4] = ["waiting", "sent", "captured", "failed"];

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct StateLabels {
    state: String,
}

/// Everything, as text.
pub(crate) async fn text(app: &App) -> Result<String> {
    let now_ms = app.clock.now_ms();
    // A database that is away is a figure, too.
    let figures = app.store.read(|tx| tx.figures()).await.ok();
    let mut registry = Registry::with_prefix("aerocall");
    app.metrics.register(&mut registry);
    of_pools(app, &mut registry);
    let up = i64::from(figures.is_some());
    gauge(&mut registry, "database_up", "Whether the database answers", up);
    if let Some(figures) = figures {
        of_store(&figures, now_ms, &mut registry);
    }
    let mut text = String::new();
    encode(&mut text, &registry).map_err(|error| Error::unexpected("writing figures", error))?;
    Ok(text)
}

fn of_pools(app: &App, registry: &mut Registry) {
    let passwords = app.passwords.load();
    gauge(
        registry,
        "password_hashes_running",
        "Passwords being hashed",
        count(passwords.running),
    );
    gauge(
        registry,
        "password_hashes_waiting",
        "Requests that wait for their turn",
        count(passwords.waiting),
    );
    gauge(
        registry,
        "password_hashes_places",
        "Requests that may hash and wait",
        count(passwords.places),
    );
    let (in_use, open) = app.store.connections();
    gauge(
        registry,
        "database_connections_in_use",
        "Connections at work",
        i64::from(in_use),
    );
    gauge(
        registry,
        "database_connections_open",
        "Connections there are",
        i64::from(open),
    );
    let dropped = i64::try_from(app.records.dropped()).unwrap_or(i64::MAX);
    gauge(
        registry,
        "records_dropped",
        "Records of calls that were not kept, since the start",
        dropped,
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
        "Age of the oldest event nobody was told of",
        Unit::Seconds,
        lag,
    );
    gauge(
        registry,
        "outbox_waiting",
        "Events nobody was told of yet",
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
