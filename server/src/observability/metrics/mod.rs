//! Figures for whoever watches the server, and the only place that names their library. Labels come from short lists that
//! are known when the server is built (endpoints, hook points, outcomes, states), and never from what a client sends; by
//! project there is one counter, off unless the settings ask for it, and with a bound.

mod scrape;

use std::{
    collections::BTreeSet,
    fmt,
    sync::{Mutex, PoisonError},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use aerocall_contract::names;
use prometheus_client::{
    encoding::EncodeLabelSet,
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram},
    registry::Registry,
};

use crate::base::{config::PerProject, ids::Scope};

pub(crate) use scrape::{ConnectionFigures, Reading, text};

/// The type of the text.
pub(crate) const TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Projects that are counted by name; the ones that come later are counted together.
const MAX_PROJECTS: usize = 500;

/// From a quick read to a hook that waits for its deadline.
const SECONDS: [f64; 12] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];
/// 10⁷ is about a millisecond of computing.
const FUEL: [f64; 8] = [1e5, 1e6, 5e6, 1e7, 5e7, 1e8, 1e9, 1e10];

/// What is counted as it happens.
pub(crate) struct Metrics {
    requests: Family<RequestLabels, Counter>,
    request_seconds: Family<EndpointLabels, Histogram, fn() -> Histogram>,
    calls: Family<CallLabels, Counter>,
    call_seconds: Family<PointLabels, Histogram, fn() -> Histogram>,
    call_fuel: Family<PointLabels, Histogram, fn() -> Histogram>,
    deliveries: Family<DeliveryLabels, Counter>,
    delivery_seconds: Histogram,
    retries: Family<RetryLabels, Counter>,
    by_project: Family<ProjectLabels, Counter>,
    projects: Mutex<BTreeSet<String>>,
    per_project: PerProject,
    started: Gauge,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct RequestLabels {
    method: &'static str,
    endpoint: String,
    /// `2xx`
    status: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct EndpointLabels {
    method: &'static str,
    endpoint: String,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct CallLabels {
    point: String,
    outcome: String,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct PointLabels {
    point: String,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct DeliveryLabels {
    outcome: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct RetryLabels {
    of: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct ProjectLabels {
    project: String,
    environment: String,
    status: &'static str,
}

/// What is tried again until it works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Retried {
    Job,
    Webhook,
    Mail,
}

/// A request that was answered.
pub(crate) struct Answered<'a> {
    pub(crate) method: &'a str,
    /// The template of the path; `None` if it is none of ours.
    pub(crate) endpoint: Option<&'a str>,
    pub(crate) status: u16,
    pub(crate) took: Duration,
    pub(crate) scope: Option<&'a Scope>,
}

/// A call of a hook that ended.
pub(crate) struct Called<'a> {
    /// The point, the event, or the queue.
    pub(crate) name: &'a str,
    pub(crate) outcome: &'a str,
    pub(crate) took: Duration,
    pub(crate) fuel: u64,
}

impl Metrics {
    pub(crate) fn new(per_project: PerProject) -> Self {
        let seconds: fn() -> Histogram = || Histogram::new(SECONDS);
        let fuel: fn() -> Histogram = || Histogram::new(FUEL);
        let started = Gauge::default();
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        started.set(i64::try_from(since.as_secs()).unwrap_or_default());
        Self {
            requests: Family::default(),
            request_seconds: Family::new_with_constructor(seconds),
            calls: Family::default(),
            call_seconds: Family::new_with_constructor(seconds),
            call_fuel: Family::new_with_constructor(fuel),
            deliveries: Family::default(),
            delivery_seconds: seconds(),
            retries: Family::default(),
            by_project: Family::default(),
            projects: Mutex::default(),
            per_project,
            started,
        }
    }

    pub(crate) fn answered(&self, answered: &Answered<'_>) {
        let method = known_method(answered.method);
        let endpoint = answered.endpoint.unwrap_or("other").to_owned();
        let status = class(answered.status);
        let labels = RequestLabels {
            method,
            endpoint: endpoint.clone(),
            status,
        };
        self.requests.get_or_create(&labels).inc();
        let labels = EndpointLabels { method, endpoint };
        self.request_seconds
            .get_or_create(&labels)
            .observe(answered.took.as_secs_f64());
        if let (PerProject::Counted, Some(scope)) = (self.per_project, answered.scope) {
            self.by_project.get_or_create(&self.project(scope, status)).inc();
        }
    }

    pub(crate) fn called(&self, called: &Called<'_>) {
        // Names of queues and schedules are a project's own.
        let point = names::open_family(called.name).unwrap_or(called.name).to_owned();
        let labels = CallLabels {
            point: point.clone(),
            outcome: called.outcome.to_owned(),
        };
        self.calls.get_or_create(&labels).inc();
        let labels = PointLabels { point };
        self.call_seconds
            .get_or_create(&labels)
            .observe(called.took.as_secs_f64());
        // A histogram of billions needs no exact sum.
        #[allow(clippy::cast_precision_loss, reason = "fuel is far below 2^53")]
        self.call_fuel.get_or_create(&labels).observe(called.fuel as f64);
    }

    /// A hook that was to be called and could not be: only what came of it is counted.
    pub(crate) fn not_called(&self, name: &str, outcome: &str) {
        let labels = CallLabels {
            point: names::open_family(name).unwrap_or(name).to_owned(),
            outcome: outcome.to_owned(),
        };
        self.calls.get_or_create(&labels).inc();
    }

    /// An attempt of a webhook that is over.
    pub(crate) fn delivered(&self, is_success: bool, is_answered: bool, took: Duration) {
        let outcome = match (is_success, is_answered) {
            (true, _) => "delivered",
            (false, true) => "refused",
            (false, false) => "unreachable",
        };
        self.deliveries.get_or_create(&DeliveryLabels { outcome }).inc();
        self.delivery_seconds.observe(took.as_secs_f64());
    }

    /// An attempt begins; the first one is no retry.
    pub(crate) fn attempted(&self, what: Retried, attempts_before: i32) {
        if attempts_before <= 0 {
            return;
        }
        let of = match what {
            Retried::Job => "job",
            Retried::Webhook => "webhook",
            Retried::Mail => "mail",
        };
        self.retries.get_or_create(&RetryLabels { of }).inc();
    }

    fn project(&self, scope: &Scope, status: &'static str) -> ProjectLabels {
        let mut projects = self.projects.lock().unwrap_or_else(PoisonError::into_inner);
        let name = scope.to_string();
        let named = projects.contains(&name) || (projects.len() < MAX_PROJECTS && projects.insert(name));
        match named {
            true => ProjectLabels {
                project: scope.project.to_string(),
                environment: scope.environment.to_string(),
                status,
            },
            false => ProjectLabels {
                project: "other".to_owned(),
                environment: "other".to_owned(),
                status,
            },
        }
    }

    fn register(&self, registry: &mut Registry) {
        let Self {
            requests,
            request_seconds,
            calls,
            call_seconds,
            call_fuel,
            deliveries,
            delivery_seconds,
            retries,
            ..
        } = self;
        registry.register("http_requests", "Requests answered", requests.clone());
        registry.register("http_request_seconds", "Time to the answer", request_seconds.clone());
        registry.register("hook_calls", "Calls of hooks by what came of them", calls.clone());
        registry.register("hook_call_seconds", "Time of a call", call_seconds.clone());
        registry.register(
            "webhook_attempts",
            "Attempts of webhooks by what came of them",
            deliveries.clone(),
        );
        registry.register(
            "webhook_attempt_seconds",
            "Time of an attempt",
            delivery_seconds.clone(),
        );
        registry.register("retries", "Attempts after the first one", retries.clone());
        registry.register("hook_call_fuel", "Computing of a call", call_fuel.clone());
        registry.register(
            "process_start_time_seconds",
            "When the process began",
            self.started.clone(),
        );
        if self.per_project == PerProject::Counted {
            registry.register(
                "project_requests",
                "Requests answered, by project",
                self.by_project.clone(),
            );
        }
    }
}

impl fmt::Debug for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Metrics")
    }
}

/// A client may send any word as its method.
pub(crate) fn known_method(method: &str) -> &'static str {
    const KNOWN: [&str; 7] = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];
    KNOWN.into_iter().find(|known| *known == method).unwrap_or("other")
}

fn class(status: u16) -> &'static str {
    match status {
        200..=299 => "2xx",
        300..=399 => "3xx",
        400..=499 => "4xx",
        500..=599 => "5xx",
        _ => "other",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::ids::Slug;

    #[test]
    fn labels_stay_few_whatever_comes() {
        let metrics = Metrics::new(PerProject::Counted);
        for number in 0..MAX_PROJECTS + 100 {
            let scope = Scope {
                project: Slug::parse(&format!("p{number}")).unwrap(),
                environment: Slug::production(),
            };
            metrics.answered(&Answered {
                method: &format!("M{number}"),
                endpoint: None,
                status: 404,
                took: Duration::ZERO,
                scope: Some(&scope),
            });
            metrics.called(&Called {
                name: &format!("queue.q{number}"),
                outcome: "allow",
                took: Duration::ZERO,
                fuel: 1,
            });
        }
        let mut registry = Registry::default();
        metrics.register(&mut registry);
        let mut text = String::new();
        prometheus_client::encoding::text::encode(&mut text, &registry).unwrap();
        assert_eq!(text.matches("project_requests_total{").count(), MAX_PROJECTS + 1);
        assert_eq!(text.matches("http_requests_total{").count(), 1);
        assert_eq!(text.matches("hook_calls_total{").count(), 1);
        assert!(
            text.contains(r#"hook_calls_total{point="queue",outcome="allow"} 600"#),
            "{text}"
        );
    }
}
