//! `/metrics`: what it counts, and who may read it.

use serde_json::json;

use crate::{
    bundles::hook,
    site::{PASSWORD, Site, until},
    webhooks::receiver::{Receiver, Reply},
};

const GATE: &str = "
export const beforeSignup = async (_c: any, { user }: any, { Deny }: any) => {
  if (user.email.startsWith('refused')) throw new Deny('no', {});
};
";
const TOKEN: &str = "a token of metrics, long enough";

/// The value of the sample that starts so.
fn value(text: &str, sample: &str) -> f64 {
    let line = text
        .lines()
        .find(|line| line.strip_prefix(sample).is_some_and(|rest| rest.starts_with(' ')));
    let line = line.unwrap_or_else(|| panic!("no {sample} in {text}"));
    line.rsplit(' ').next().unwrap().parse().unwrap()
}

#[test]
fn requests_hooks_and_queues_are_counted() {
    let site = Site::new();
    let project = site.project("a");
    site.live("a", &[("gate", GATE)]);
    site.registered(&project.pk, "a@example.com");
    let refused = site.register(
        &project.pk,
        json!({ "email": "refused@example.com", "password": PASSWORD }),
    );
    assert_eq!(refused.status, 403);
    assert_eq!(site.get("/no/such/path/at/all").status, 404);
    // Counted once the answer is on its way.
    let text = until(|| {
        let text = site.page("/metrics", &[]).2;
        text.contains("endpoint=\"other\"").then_some(text)
    });
    let register = r#"method="POST",endpoint="/auth/register""#;
    assert!(
        (value(
            &text,
            &format!("aerocall_http_requests_total{{{register},status=\"2xx\"}}")
        ) - 1.0)
            .abs()
            < 0.1
    );
    assert!(
        (value(
            &text,
            &format!("aerocall_http_requests_total{{{register},status=\"4xx\"}}")
        ) - 1.0)
            .abs()
            < 0.1
    );
    assert!((value(&text, &format!("aerocall_http_request_seconds_count{{{register}}}")) - 2.0).abs() < 0.1);
    for outcome in ["allow", "deny"] {
        let sample = format!("aerocall_hook_calls_total{{point=\"beforeSignup\",outcome=\"{outcome}\"}}");
        assert!((value(&text, &sample) - 1.0).abs() < 0.1, "{outcome}");
    }
    assert!(value(&text, "aerocall_hook_call_fuel_sum{point=\"beforeSignup\"}") > 1_000.0);
    assert!(value(&text, "aerocall_hook_call_seconds_sum{point=\"beforeSignup\"}") > 0.0);
    for sample in [
        "aerocall_database_up",
        "aerocall_database_connections_open",
        "aerocall_password_hashes_places",
        "aerocall_process_start_time_seconds",
    ] {
        assert!(value(&text, sample) >= 1.0, "{sample}");
    }
    for sample in [
        "aerocall_outbox_lag_seconds",
        "aerocall_password_hashes_waiting",
        "aerocall_records_dropped",
        "aerocall_bundle_compilations{state=\"waiting\"}",
        "aerocall_bundle_compilations_refused_total",
    ] {
        assert!(value(&text, sample) >= 0.0, "{sample}");
    }
    assert!(text.ends_with("# EOF\n"));
    for secret in ["project=", &project.pk, &project.sk, "a@example.com", "no/such/path"] {
        assert!(!text.contains(secret), "{secret}");
    }
}

#[test]
fn jobs_and_mails_are_counted_by_state() {
    let site = Site::new();
    let project = site.project("a");
    let sends = hook(
        "afterSignup",
        "await Aerocall.auth.sendEmail({ to: payload.user.email, subject: 'Hi', text: 'Hi' }); await Aerocall.Queue.enqueue('later', {});",
    );
    site.live("a", &[("sends", &sends)]);
    site.registered(&project.pk, "a@example.com");
    until(|| {
        let text = site.page("/metrics", &[]).2;
        let both = text.contains("aerocall_mails{state=\"captured\"} 1") && text.contains("aerocall_jobs{state=\"");
        both.then_some(())
    });
}

#[test]
fn figures_are_for_the_network_or_for_whoever_has_the_token() {
    let site = Site::new();
    assert_eq!(site.page("/metrics", &[]).0, 200);
    // Behind a proxy that is not trusted, everybody would ask from the proxy's address.
    for header in ["x-forwarded-for", "forwarded", "via"] {
        assert_eq!(site.page("/metrics", &[(header, "127.0.0.1")]).0, 404, "{header}");
    }
    let elsewhere = Site::with(&[("AEROCALL_METRICS_NETWORKS", "10.9.8.0/24")]);
    assert_eq!(elsewhere.get("/metrics").code(), "not_found");
    let proxied = Site::with(&[
        ("AEROCALL_METRICS_NETWORKS", "10.9.8.0/24"),
        ("AEROCALL_HTTP_TRUSTED_PROXIES", "127.0.0.1"),
    ]);
    assert_eq!(proxied.page("/metrics", &[("x-forwarded-for", "10.9.8.7")]).0, 200);
    assert_eq!(proxied.page("/metrics", &[("x-forwarded-for", "10.9.9.7")]).0, 404);
    let locked = Site::with(&[("AEROCALL_METRICS_TOKEN", TOKEN)]);
    assert_eq!(locked.page("/metrics", &[]).0, 404);
    assert_eq!(
        locked
            .page("/metrics", &[("authorization", "Bearer another token, long enough")])
            .0,
        404
    );
    assert_eq!(
        locked
            .page("/metrics", &[("authorization", &format!("Bearer {TOKEN}"))])
            .0,
        200
    );
}

#[test]
fn projects_are_counted_only_if_the_settings_say_so() {
    let site = Site::with(&[("AEROCALL_METRICS_PER_PROJECT", "on")]);
    let project = site.project("shop");
    site.registered(&project.pk, "a@example.com");
    until(|| {
        let text = site.page("/metrics", &[]).2;
        let sample = "aerocall_project_requests_total{project=\"shop\",environment=\"production\",status=\"2xx\"} 1";
        text.contains(sample).then_some(())
    });
}

/// A sample as it is now; 0 before it is counted for the first time.
fn now(site: &Site, sample: &str) -> f64 {
    let text = site.page("/metrics", &[]).2;
    match text.contains(&format!("{sample} ")) {
        true => value(&text, sample),
        false => 0.0,
    }
}

/// Waits until the sample has this value.
fn becomes(site: &Site, sample: &str, expected: f64) {
    until(|| ((now(site, sample) - expected).abs() < 0.1).then_some(()));
}

#[test]
fn what_nobody_works_on_is_seen_to_wait_and_seen_to_be_done() {
    let idle = Site::with(&[("AEROCALL_WORKER_ENABLED", "false")]);
    let project = idle.project("a");
    let sends = hook("afterSignup", "await Aerocall.Queue.enqueue('later', {});");
    let takes = "export const on = { 'queue.later': async () => {} };";
    idle.live("a", &[("sends", &sends), ("takes", takes)]);
    let (waiting, done) = ("aerocall_jobs{state=\"waiting\"}", "aerocall_jobs{state=\"done\"}");
    for sample in ["aerocall_outbox_waiting", "aerocall_outbox_lag_seconds", waiting, done] {
        assert!(
            idle.page("/metrics", &[]).2.contains(&format!("{sample} ")),
            "{sample} is a figure at rest, too"
        );
        assert!(now(&idle, sample).abs() < 0.1, "{sample}");
    }
    idle.registered(&project.pk, "a@example.com");
    becomes(&idle, "aerocall_outbox_waiting", 1.0);
    becomes(&idle, waiting, 1.0);
    let lag = now(&idle, "aerocall_outbox_lag_seconds");
    idle.running().clock().advance_ms(90_000);
    let later = now(&idle, "aerocall_outbox_lag_seconds");
    assert!((90.0..120.0).contains(&(later - lag)), "{lag}, then {later}");

    let works = Site::on(idle.stop(), &[]);
    becomes(&works, "aerocall_outbox_waiting", 0.0);
    becomes(&works, "aerocall_outbox_lag_seconds", 0.0);
    becomes(&works, waiting, 0.0);
    becomes(&works, done, 1.0);
}

#[test]
fn deliveries_are_counted_by_what_came_of_them_and_so_are_retries() {
    let site = Site::with(&[
        ("AEROCALL_EGRESS_PRIVATE_NETWORKS", "127.0.0.0/8"),
        ("AEROCALL_QUEUE_RETRY_MS", "1"),
        ("AEROCALL_QUEUE_POLL_MS", "20"),
        ("AEROCALL_QUEUE_ATTEMPTS", "3"),
    ]);
    let project = site.project("a");
    let attempts = |outcome: &str| format!("aerocall_webhook_attempts_total{{outcome=\"{outcome}\"}}");
    let retries = |of: &str| format!("aerocall_retries_total{{of=\"{of}\"}}");
    let deliveries = |state: &str| format!("aerocall_webhook_deliveries{{state=\"{state}\"}}");
    let receiver = Receiver::that(|_| Reply::With(500, "", String::new()));
    let gone = Receiver::that(|_| Reply::With(410, "", String::new()));
    let closed = "http://127.0.0.1:2/hook".to_owned();
    let path = "/projects/a/environments/production/webhooks";
    for (url, event) in [
        (receiver.url(), "auth.signup"),
        (closed, "auth.login"),
        (gone.url(), "auth.logout"),
    ] {
        let made = site.admin("POST", path, Some(json!({ "url": url, "events": [event] })));
        assert_eq!(made.status, 201, "{made:?}");
    }
    let ada = site.registered(&project.pk, "a@example.com");
    becomes(&site, &attempts("refused"), 1.0);
    becomes(&site, &deliveries("waiting"), 1.0);
    assert!(
        now(&site, &retries("webhook")).abs() < 0.1,
        "a first attempt is no retry"
    );
    receiver.now(|_| Reply::With(200, "", String::new()));
    site.running().clock().advance_ms(10_000);
    becomes(&site, &attempts("delivered"), 1.0);
    becomes(&site, &retries("webhook"), 1.0);
    becomes(&site, &deliveries("delivered"), 1.0);
    becomes(&site, &deliveries("waiting"), 0.0);
    assert!(now(&site, "aerocall_webhook_attempt_seconds_count") > 1.5);

    assert_eq!(site.login(&project.pk, "a@example.com", PASSWORD).status, 200);
    becomes(&site, &attempts("unreachable"), 1.0);
    let bearer = format!("Bearer {}", ada.token());
    let headers = [
        ("x-aerocall-key", project.pk.as_str()),
        ("authorization", bearer.as_str()),
        ("content-type", "application/json"),
    ];
    let out = site.send("POST", "/auth/logout", &headers, b"{}");
    assert_eq!(out.status, 200, "{out:?}");
    becomes(&site, &deliveries("failed"), 1.0);
    becomes(&site, &attempts("refused"), 2.0);

    let sends = hook("afterSignup", "await Aerocall.Queue.enqueue('never', {});");
    let fails = "export const on = { 'queue.never': async () => { throw new Error('no'); } };";
    site.live("a", &[("sends", &sends), ("fails", fails)]);
    site.registered(&project.pk, "b@example.com");
    becomes(&site, "aerocall_jobs{state=\"dead\"}", 1.0);
    becomes(&site, &retries("job"), 2.0);
}
