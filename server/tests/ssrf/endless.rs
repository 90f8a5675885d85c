//! Answers that do not end, or say they do not, or become more when they are read. Each sender keeps what it keeps and no
//! more, in time; how much it has taken is counted where it is sent.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::{HARMLESS, Senders, fetched, put_providers, reopened, trip, webhooks};
use crate::{
    site::{PASSWORD, Site},
    webhooks::receiver::{Receiver, Reply},
};

/// The time that a sender has.
const PATIENCE: Duration = Duration::from_millis(1_500);
/// What may be on its way beside what is kept: the buffers of two sockets.
const MAX_SENT: u64 = 24 << 20;

/// An answer, what a hook gets of it, and whether it is one that a webhook takes.
struct Row {
    name: &'static str,
    reply: fn() -> Reply,
    /// The code of the hook's error.
    hook: &'static str,
    is_delivered: bool,
}

const ROWS: [Row; 5] = [
    Row {
        name: "a byte at a time",
        reply: || Reply::Drip(Duration::from_millis(100)),
        hook: "timeout",
        is_delivered: false,
    },
    Row {
        name: "nothing but a beginning",
        reply: || Reply::Drip(Duration::from_secs(3_600)),
        hook: "timeout",
        is_delivered: false,
    },
    Row {
        name: "bytes without end",
        reply: || Reply::Endless,
        hook: "too_large",
        is_delivered: true,
    },
    Row {
        name: "ten gigabytes, as announced",
        reply: || Reply::Announced(10 << 30),
        hook: "too_large",
        is_delivered: true,
    },
    Row {
        name: "forty megabytes in a quarter of one",
        reply: || Reply::Compressed,
        hook: "too_large",
        is_delivered: true,
    },
];

#[test]
fn no_answer_takes_more_than_its_time_and_its_room() {
    let patience = PATIENCE.as_millis().to_string();
    let senders = Senders::on(Site::with(&[
        ("AEROCALL_EGRESS_PRIVATE_NETWORKS", &format!("{HARMLESS}/32")),
        ("AEROCALL_EGRESS_REQUEST_MS", &patience),
        ("AEROCALL_WEBHOOKS_TIMEOUT_MS", &patience),
    ]));
    let (site, project) = (&senders.site, &senders.project);
    let receivers: Vec<Receiver> = ROWS
        .iter()
        .map(|row| Receiver::at(HARMLESS, move |_| (row.reply)()))
        .collect();
    for (row, receiver) in ROWS.iter().zip(&receivers) {
        let begun = Instant::now();
        assert_eq!(fetched(&senders, &receiver.url()), row.hook, "{}", row.name);
        assert_eq!(put_providers(site, project, &[receiver.origin()]).status, 200);
        let (status, text) = trip(site, project, "p0");
        assert!(
            status == 503 && text.contains("provider_unavailable"),
            "{}: {text}",
            row.name
        );
        assert!(
            begun.elapsed() < PATIENCE * 2 + Duration::from_secs(2),
            "{}: {:?}",
            row.name,
            begun.elapsed()
        );
        let body = json!({ "url": receiver.url(), "events": ["auth.login.failed"] });
        assert_eq!(site.admin("POST", &webhooks(project), Some(body)).status, 201);
    }
    assert_eq!(site.login(&project.pk, "nobody@example.com", PASSWORD).status, 401);
    let logs = reopened::logs(site, project, "auth.login.failed");
    assert_eq!(logs.len(), ROWS.len());
    for (row, receiver) in ROWS.iter().zip(&receivers) {
        let (_, log) = logs.iter().find(|(url, _)| *url == receiver.url()).unwrap();
        assert_eq!(log["status"] == 200, row.is_delivered, "{}: {log}", row.name);
        if row.is_delivered {
            assert_eq!(
                log["response"].as_str().map(|text| text.chars().count()),
                Some(4_096),
                "{}",
                row.name
            );
        } else {
            let late = format!("did not respond completely within {patience} ms");
            assert!(log["error"].as_str().unwrap().contains(&late), "{}: {log}", row.name);
            assert!(log["durationMs"].as_u64().unwrap() < 4_000, "{log}");
            assert_eq!(log["response"], Value::Null);
        }
        // Once for each of the three senders.
        assert!(
            receiver.sent() < 3 * MAX_SENT,
            "{}: {} bytes left",
            row.name,
            receiver.sent()
        );
    }
}
