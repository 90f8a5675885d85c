//! Nobody waits for a dry-run: it has no lock that a request takes.

use std::{
    thread,
    time::{Duration, Instant},
};

use serde_json::json;

use super::{ENVIRONMENT, done, register, tried, with_user};
use crate::bundles::hook;

/// Sign-ups that go on beside a dry-run whose hook takes its time: each is answered long before it ends.
#[test]
fn a_dry_run_that_takes_long_keeps_no_lock_that_sign_ups_wait_for() {
    let (site, project, _) = with_user(&[]);
    let slow = "await Aerocall.db.execute('INSERT INTO seen VALUES (1)'); await new Promise((done) => setTimeout(done, 4700));";
    let limits = "export const config = { limits: { deadlineMs: 5000 } };";
    let source = format!("{} {limits}", hook("beforeSignup", slow));
    let body = json!({ "hooks": [], "migrations": [{ "name": "1", "sql": "CREATE TABLE seen (n INTEGER)" }] });
    assert_eq!(
        site.admin("POST", &format!("{ENVIRONMENT}/deployments"), Some(body))
            .status,
        201
    );
    let uses = json!({ "slow": site.version("a", "slow", &source), "slower": site.version("a", "slower", &source) });
    // The same table from a hook that is live.
    let quick = hook(
        "beforeSignup",
        "await Aerocall.db.execute('INSERT INTO seen VALUES (2)');",
    );
    site.live("a", &[("quick", &quick)]);
    thread::scope(|scope| {
        let dry = scope.spawn(|| {
            let answer = tried(&site, register("slow@work.example", json!({ "use": uses })));
            (answer, Instant::now())
        });
        thread::sleep(Duration::from_millis(500));
        let mut longest = Duration::ZERO;
        for n in 0..40 {
            let began = Instant::now();
            site.registered(&project.pk, &format!("beside{n}@work.example"));
            longest = longest.max(began.elapsed());
        }
        let beside_ended = Instant::now();
        let (answer, ended) = dry.join().unwrap();
        let shown = done(&answer);
        let took_us = shown["steps"][0]["durationUs"].as_u64().unwrap();
        assert!(took_us > 9_000_000, "{shown:#}");
        assert!(beside_ended < ended, "the sign-ups beside it ended first");
        assert!(longest < Duration::from_secs(3), "{longest:?}");
    });
}
