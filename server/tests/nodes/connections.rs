//! PostgreSQL ends connections: it is restarted, fails over, or an operator does it.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use serde_json::json;

use super::node;
use crate::{
    services::Postgres,
    site::{PASSWORD, until},
};

/// Ends the connections of the server's pool; the process ids.
fn end(core: &Postgres) -> Vec<String> {
    let of_pool = "application_name = 'aerocall' AND datname = current_database()";
    core.run(&format!(
        "SELECT CASE WHEN pg_terminate_backend(pid) THEN pid::text ELSE '0' END FROM pg_stat_activity WHERE {of_pool}"
    ))
}

#[test]
fn connections_that_were_ended_are_replaced_and_nobody_notices() {
    let Some(core) = Postgres::new() else { return };
    // Nothing is under way but what the test asks for.
    let site = node(&core.url(Postgres::ADDRESS), &[("AEROCALL_WORKER_ENABLED", "false")]);
    let project = site.project("a");
    let token = site.registered(&project.pk, "jane@example.com").token().to_owned();
    for _ in 0..5 {
        let ended = end(&core);
        assert!(!ended.is_empty());
        let one_of_them = format!(
            "SELECT 'there' FROM pg_stat_activity WHERE pid IN ({})",
            ended.join(",")
        );
        until(|| core.run(&one_of_them).is_empty().then_some(()));
        assert_eq!(site.me(&project.pk, &token).status, 200);
        assert_eq!(site.login(&project.pk, "jane@example.com", PASSWORD).status, 200);
    }
}

#[test]
fn a_connection_that_ends_in_the_middle_is_a_503_that_says_when_to_come_back() {
    let Some(core) = Postgres::new() else { return };
    let site = node(&core.url(Postgres::ADDRESS), &[]);
    let project = site.project("a");
    let over = AtomicBool::new(false);
    let register = |number: usize| {
        let body = json!({ "email": format!("jane{number}@example.com"), "password": PASSWORD });
        site.register(&project.pk, body)
    };
    let answers: Vec<_> = std::thread::scope(|scope| {
        scope.spawn(|| {
            while !over.load(Ordering::Relaxed) {
                end(&core);
                std::thread::sleep(Duration::from_millis(3));
            }
        });
        let answers = (0..60).map(register).collect();
        over.store(true, Ordering::Relaxed);
        answers
    });
    for answer in answers {
        let says_when = || answer.code() == "busy" && answer.headers.contains_key("retry-after");
        assert!(
            answer.status == 201 || (answer.status == 503 && says_when()),
            "{answer:?}"
        );
    }
    until(|| (site.login(&project.pk, "jane0@example.com", PASSWORD).status != 503).then_some(()));
}
