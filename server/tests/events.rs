//! Events by the admin API: lists, one, and the stream.

use std::time::Duration;

use serde_json::Value;

use crate::{
    event_stream::Stream,
    services::Postgres,
    site::{PASSWORD, Project, Site, until},
};

fn path(project: &Project) -> String {
    format!("/projects/{}/environments/production/events", project.id)
}

fn stream_of(project: &Project) -> String {
    format!("{}/stream", path(project))
}

#[test]
fn events_are_listed_by_type_and_subject_newest_first_and_shown_one_by_one() {
    let site = Site::new();
    let (shop, other) = (site.project("shop"), site.project("other"));
    let ada = site.registered(&shop.pk, "ada@example.com");
    site.registered(&shop.pk, "bob@example.com");
    site.login(&shop.pk, "ada@example.com", PASSWORD);
    site.login(&shop.pk, "ada@example.com", "wrong horse battery");
    let kinds = |query: &str| -> Vec<String> {
        let answer = site.admin_as(&shop.sk, "GET", &format!("{}{query}", path(&shop)), None);
        assert_eq!(answer.status, 200, "{answer:?}");
        let kind = |event: &Value| event["type"].as_str().unwrap().to_owned();
        answer.json["events"].as_array().unwrap().iter().map(kind).collect()
    };
    assert_eq!(
        kinds(""),
        ["auth.login.failed", "auth.login", "auth.signup", "auth.signup"]
    );
    assert_eq!(kinds("?type=auth.login"), ["auth.login"]);
    assert_eq!(kinds("?limit=1"), ["auth.login.failed"]);
    let id = ada.json["user"]["id"].as_str().unwrap();
    let about = kinds(&format!("?subject={id}"));
    assert!(
        about.ends_with(&["auth.login".to_owned(), "auth.signup".to_owned()]),
        "{about:?}"
    );
    let first = site.admin("GET", &path(&shop), None).json["events"][3].clone();
    let event = first["id"].as_str().unwrap();
    assert_eq!(site.admin("GET", &format!("{}/{event}", path(&shop)), None).json, first);
    assert_eq!(kinds(&format!("?before={event}")), [""; 0]);
    assert_eq!(first["subject"], id);
    assert_eq!(
        site.admin("GET", &format!("{}/{event}", path(&other)), None).status,
        404
    );
    assert!(
        site.admin("GET", &path(&other), None).json["events"]
            .as_array()
            .unwrap()
            .is_empty()
    );
    let wrong = site.admin("GET", &format!("{}?kind=x", path(&shop)), None);
    assert_eq!((wrong.status, wrong.fields()), (422, vec!["kind"]));
    for place in ["", "/stream"] {
        let wrong = site.admin("GET", &format!("{}{place}?type=auth.sign_up", path(&shop)), None);
        assert_eq!((wrong.status, wrong.fields()), (422, vec!["type"]));
        assert!(wrong.json.to_string().contains("did you mean"), "{}", wrong.json);
    }
}

#[test]
fn a_stream_shows_events_as_they_happen_and_goes_on_where_it_was() {
    let site = Site::new();
    let (shop, other) = (site.project("shop"), site.project("other"));
    site.registered(&shop.pk, "before@example.com");
    dispatched(&site);
    let mut stream = Stream::open(&site, &shop, &stream_of(&shop), None);
    assert_eq!(stream.line("HTTP/1.1 "), "200 OK");
    stream.line("retry: ");
    site.registered(&other.pk, "stranger@example.com");
    site.registered(&shop.pk, "ada@example.com");
    let (id, event) = stream.event();
    assert_eq!(event["data"]["user"]["email"], "ada@example.com");
    assert_eq!(event["id"], id.as_str());
    drop(stream);
    site.registered(&shop.pk, "bob@example.com");
    let mut stream = Stream::open(&site, &shop, &stream_of(&shop), Some(&id));
    assert_eq!(stream.event().1["data"]["user"]["email"], "bob@example.com");
    site.registered(&shop.pk, "eve@example.com");
    assert_eq!(stream.event().1["data"]["user"]["email"], "eve@example.com");
}

#[test]
fn a_project_has_twenty_streams_at_most() {
    let site = Site::with(&[("AEROCALL_HTTP_STREAM_HEARTBEAT_SECONDS", "1")]);
    let project = site.project("streams");
    let mut open: Vec<Stream> = (0..20)
        .map(|_| Stream::open(&site, &project, &stream_of(&project), None))
        .collect();
    for stream in &mut open {
        assert_eq!(stream.line("HTTP/1.1 "), "200 OK");
    }
    let refused = site.admin("GET", &format!("{}/stream", path(&project)), None);
    assert_eq!((refused.status, refused.code()), (429, "too_many_streams"));
    drop(open);
    // A place is free once the server has seen that its client is gone, which it does when it sends the next comment.
    until(|| {
        let answered = Stream::open(&site, &project, &stream_of(&project), None).line("HTTP/1.1 ");
        (answered == "200 OK").then_some(())
    });
}

#[test]
fn a_server_that_stops_does_not_wait_for_streams() {
    let site = Site::new();
    let shop = site.project("shop");
    let mut stream = Stream::open(&site, &shop, &stream_of(&shop), None);
    stream.line("retry: ");
    let begun = std::time::Instant::now();
    site.stop();
    assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
}

/// Waits until every event so far was dispatched.
fn dispatched(site: &Site) {
    until(|| {
        site.page("/metrics", &[])
            .2
            .contains("aerocall_outbox_waiting 0")
            .then_some(())
    });
}

/// A transaction that took an hour: its event is older than what everybody has seen by now.
fn commits_late(core: &Postgres, id: &str, email: &str) {
    let data = format!(r#"{{"user":{{"id":"usr_1","email":"{email}","metadata":{{}}}}}}"#);
    core.run(&format!(
        "INSERT INTO outbox_events (id, kind, version, project_id, environment, time_ms, actor, data, hops) \
         SELECT '{id}', 'auth.signup', 1, 'shop', 'production', min(time_ms) - 3600000, 'anonymous', '{data}', 0 \
         FROM outbox_events RETURNING id"
    ));
}

#[test]
fn an_event_that_is_committed_late_is_missed_by_no_stream_and_by_nobody_who_comes_back() {
    let Some(core) = Postgres::new() else { return };
    let site = Site::with(&[("AEROCALL_DATABASE_URL", &core.url(Postgres::ADDRESS))]);
    let shop = site.project("shop");
    let email = |event: &Value| event["data"]["user"]["email"].as_str().unwrap().to_owned();
    let mut stream = Stream::open(&site, &shop, &stream_of(&shop), None);
    stream.line("retry: ");
    site.registered(&shop.pk, "ada@example.com");
    let (seen, _) = stream.event();
    // Ids begin with their time: these are of 1970.
    let (first, second) = (
        "evt_00000000000000000000000000000001",
        "evt_00000000000000000000000000000002",
    );
    commits_late(&core, first, "late@example.com");
    let (id, event) = stream.event();
    assert_eq!((id.as_str(), email(&event).as_str()), (first, "late@example.com"));
    drop(stream);

    commits_late(&core, second, "later@example.com");
    site.registered(&shop.pk, "bob@example.com");
    dispatched(&site);
    let after = |last: &str, count: usize| -> Vec<String> {
        let mut stream = Stream::open(&site, &shop, &stream_of(&shop), Some(last));
        (0..count).map(|_| email(&stream.event().1)).collect()
    };
    let mut both = after(first, 2);
    both.sort();
    assert_eq!(both, ["bob@example.com", "later@example.com"]);
    let mut all = after(&seen, 3);
    assert_eq!(all[0], "late@example.com", "in the order of commits");
    all.sort();
    assert_eq!(all, ["bob@example.com", "late@example.com", "later@example.com"]);
}

#[test]
fn many_streams_show_the_same_at_once() {
    let site = Site::new();
    let shop = site.project("shop");
    let mut streams: Vec<Stream> = (0..10)
        .map(|_| Stream::open(&site, &shop, &stream_of(&shop), None))
        .collect();
    for stream in &mut streams {
        stream.line("retry: ");
    }
    let emails = ["a@example.com", "b@example.com", "c@example.com"];
    for email in emails {
        site.registered(&shop.pk, email);
    }
    for stream in &mut streams {
        for email in emails {
            assert_eq!(stream.event().1["data"]["user"]["email"], email);
        }
    }
}
