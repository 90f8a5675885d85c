//! What admins look through before they act: types of events, all deliveries, what a replay would send, and tests of a type.

use serde_json::{Value, json};

use super::{Endpoint, Receiver, endpoint, receiver::Reply, site, until, verifies};
use crate::{
    people::person,
    site::{Project, Site},
};

fn of(project: &Project, path: &str) -> String {
    format!("/projects/{}/environments/production/{path}", project.id)
}

#[test]
fn types_of_events_are_listed_with_their_groups_schema_and_sample() {
    let site = site();
    let shop = site.project("shop");
    let listed = site.admin("GET", &of(&shop, "event-types"), None);
    assert_eq!(listed.status, 200, "{listed:?}");
    let types = listed.json["eventTypes"].as_array().unwrap();
    let named = |name: &str| types.iter().find(|one| one["name"] == name).unwrap();
    let removed = named("auth.mfa.removed");
    assert_eq!(removed["groups"], json!(["auth.mfa.*", "auth.*", "*"]));
    assert_eq!(removed["sample"]["type"], "auth.mfa.removed");
    assert!(removed["sample"]["data"]["user"]["email"].is_string());
    assert_eq!(removed["schema"]["properties"]["type"]["const"], "auth.mfa.removed");
    for one in types {
        for group in one["groups"].as_array().unwrap() {
            let body = json!({ "events": [group] });
            let made = endpoint(&site, &shop, body, "https://example.com/hook");
            assert_eq!(site.admin("DELETE", &made.path, None).status, 200, "{group}");
        }
    }
}

/// Two endpoints of which one fails, and a sign-up that both got.
fn delivered(site: &Site, shop: &Project) -> (Endpoint, Endpoint) {
    let fine = Receiver::that(|_| Reply::With(200, "x-hello: there\r\nset-cookie: session=1\r\n", "thanks".to_owned()));
    let broken = Receiver::that(|_| Reply::With(500, "", "no".to_owned()));
    let (fine, broken) = (
        endpoint(site, shop, json!({}), &fine.url()),
        endpoint(site, shop, json!({}), &broken.url()),
    );
    site.registered(&shop.pk, "ada@example.com");
    fine.until(site, "delivered", 1);
    broken.until(site, "waiting", 1);
    (fine, broken)
}

#[test]
fn deliveries_of_all_endpoints_are_in_one_list() {
    let site = site();
    let (shop, other) = (site.project("shop"), site.project("other"));
    let (fine, broken) = delivered(&site, &shop);
    let found = |query: &str| {
        let answer = site.admin("GET", &of(&shop, &format!("deliveries?{query}")), None);
        answer.json["deliveries"]
            .as_array()
            .unwrap_or_else(|| panic!("{answer:?}"))
            .clone()
    };
    let all = found("");
    assert_eq!(all.len(), 2, "{all:#?}");
    let last = |id: &str| all.iter().find(|line| line["webhook"] == id).unwrap();
    assert_eq!(
        (&last(&fine.id)["lastStatus"], &last(&fine.id)["lastError"]),
        (&json!(200), &Value::Null)
    );
    assert_eq!(last(&broken.id)["lastStatus"], 500);
    assert!(last(&broken.id)["url"].as_str().unwrap().ends_with("/hook"));
    assert_eq!(found("state=delivered")[0]["webhook"], fine.id);
    assert_eq!(found(&format!("webhook={}", broken.id)).len(), 1);
    assert_eq!(found("type=auth.signup").len(), 2);
    assert_eq!(found("type=auth.login").len(), 0);
    assert_eq!(found("to=2001-01-01T00:00:00Z").len(), 0);
    assert_eq!(found("from=2001-01-01T00:00:00Z").len(), 2);
    let first = site.admin("GET", &of(&shop, "deliveries?limit=1"), None);
    let next = first.json["next"].as_str().unwrap();
    let second = found(&format!("limit=1&before={next}"));
    assert_eq!((second.len(), &second[0]["id"]), (1, &all[1]["id"]));
    let wrong = site.admin("GET", &of(&shop, "deliveries?state=lost&type=none&from=now"), None);
    assert_eq!(wrong.fields(), ["state", "type", "from"]);

    let theirs = site.admin("GET", &of(&other, &format!("deliveries?webhook={}", fine.id)), None);
    assert_eq!(theirs.json["deliveries"], json!([]), "of another project");

    let whole = fine.delivery(&site);
    let log = &whole["log"][0];
    let header = |name: &str| {
        let headers = log["responseHeaders"].as_array().unwrap();
        headers
            .iter()
            .find(|one| one["name"] == name)
            .map(|one| one["value"].clone())
    };
    assert_eq!(header("x-hello"), Some(json!("there")), "{whole:#}");
    assert_eq!(header("set-cookie"), Some(json!("[hidden]")));
    assert_eq!((&log["status"], &log["response"]), (&json!(200), &json!("thanks")));
    assert!(
        whole["request"]["headers"]["user-agent"]
            .as_str()
            .unwrap()
            .starts_with("Aerocall-Webhooks/")
    );
}

#[test]
fn headers_of_an_answer_are_kept_within_bounds() {
    let site = site();
    let shop = site.project("shop");
    let receiver = Receiver::new();
    receiver.now(|_| {
        let headers: String = (0..60)
            .map(|number| format!("x-{number}: {}\r\n", "y".repeat(700)))
            .collect();
        Reply::With(200, Box::leak(headers.into_boxed_str()), String::new())
    });
    let mine = endpoint(&site, &shop, json!({}), &receiver.url());
    mine.post(&site, "test", json!({}));
    mine.until(&site, "delivered", 1);
    let whole = mine.delivery(&site);
    let headers = whole["log"][0]["responseHeaders"].as_array().unwrap();
    assert!(headers.len() <= 40, "{}", headers.len());
    assert!(headers.iter().all(|one| one["value"].as_str().unwrap().len() <= 500));
}

#[test]
fn a_test_of_a_type_looks_like_one_and_is_nobody_elses_event() {
    let (site, receiver, others) = (site(), Receiver::new(), Receiver::new());
    let shop = site.project("shop");
    let mine = endpoint(&site, &shop, json!({ "events": ["auth.login"] }), &receiver.url());
    let other = endpoint(&site, &shop, json!({ "events": ["*"] }), &others.url());
    let sent = mine.post(&site, "test", json!({ "type": "auth.signup" }));
    assert_eq!(
        (sent.status, &sent.json["type"]),
        (202, &json!("webhook.test")),
        "{sent:?}"
    );
    let message = receiver.until(1).remove(0);
    let shown = message.json();
    assert_eq!((&shown["type"], &shown["test"]), (&json!("auth.signup"), &json!(true)));
    assert!(shown["data"]["user"]["email"].is_string());
    assert_eq!(shown["subject"], shown["data"]["user"]["id"]);
    assert!(verifies(&mine.secret, &message));
    mine.until(&site, "delivered", 1);
    assert_eq!(
        mine.delivery(&site)["request"]["body"].as_str().unwrap(),
        message.body()
    );

    let user = json!({ "id": "usr_mine", "email": "me@example.com", "metadata": {}, "publicMetadata": {} });
    mine.post(
        &site,
        "test",
        json!({ "type": "auth.signup", "data": { "user": user } }),
    );
    assert_eq!(receiver.until(2)[1].json()["data"]["user"]["id"], "usr_mine");
    let empty = site.send(
        "POST",
        &format!("/admin/api/v1{}/test", mine.path),
        &[("authorization", &format!("Bearer {}", site.admin_token))],
        b"",
    );
    assert_eq!(empty.status, 202, "{empty:?}");

    for (body, field) in [
        (json!({ "type": "auth.none" }), "type"),
        (json!({ "type": "webhook.test" }), "type"),
        (json!({ "data": {} }), "data"),
        (json!({ "type": "auth.signup", "data": {} }), "data"),
        (
            json!({ "type": "auth.signup", "data": { "user": user, "more": 1 } }),
            "data",
        ),
        (json!({ "type": "auth.signup", "data": [] }), "data"),
    ] {
        assert_eq!(mine.post(&site, "test", body.clone()).fields(), [field], "{body}");
    }

    // Nobody signed up: neither a list of events nor a replay says so.
    let signups = site.admin("GET", &of(&shop, "events?type=auth.signup"), None);
    assert_eq!(signups.json["events"], json!([]));
    let missing = json!({ "what": "missing", "since": "2000-01-01T00:00:00Z" });
    let replayed = other.post(&site, "replay", missing);
    assert_eq!(replayed.json["replayed"], 0, "{replayed:?}");
    assert!(others.received().is_empty());
}

#[test]
fn a_plan_counts_what_a_replay_would_send() {
    let site = site();
    let shop = site.project("shop");
    let receiver = Receiver::that(|_| Reply::With(400, "", String::new()));
    for number in 0..3 {
        site.registered(&shop.pk, &format!("{number}@example.com"));
    }
    site.login(&shop.pk, "0@example.com", crate::site::PASSWORD);
    until(|| {
        site.page("/metrics", &[])
            .2
            .contains("aerocall_outbox_waiting 0")
            .then_some(())
    });
    let mine = endpoint(
        &site,
        &shop,
        json!({ "events": ["auth.signup", "auth.login"] }),
        &receiver.url(),
    );
    let plan = |what: &str, since: &str| {
        let answer = mine.post(&site, "replay/plan", json!({ "what": what, "since": since }));
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.json
    };
    let missing = plan("missing", "2000-01-01T00:00:00Z");
    assert_eq!(
        (&missing["count"], &missing["isCut"]),
        (&json!(4), &json!(false)),
        "{missing}"
    );
    assert_eq!(
        missing["byType"],
        json!([{ "type": "auth.login", "count": 1 }, { "type": "auth.signup", "count": 3 }])
    );
    assert!(missing["oldestAt"].as_str().unwrap() <= missing["newestAt"].as_str().unwrap());
    let none = plan("missing", "2100-01-01T00:00:00Z");
    assert_eq!((&none["count"], &none["oldestAt"]), (&json!(0), &Value::Null));
    assert_eq!(plan("failed", "2000-01-01T00:00:00Z")["count"], 0);
    assert!(mine.deliveries(&site).is_empty(), "a plan changes nothing");

    let replayed = mine.post(
        &site,
        "replay",
        json!({ "what": "missing", "since": "2000-01-01T00:00:00Z" }),
    );
    assert_eq!(replayed.json["replayed"], 4);
    assert_eq!(plan("missing", "2000-01-01T00:00:00Z")["count"], 0);
    assert_eq!(mine.patch(&site, json!({ "state": "disabled" })).status, 200);
    let failed = until(|| {
        let failed = plan("failed", "2000-01-01T00:00:00Z");
        (failed["count"] == 4).then_some(failed)
    });
    assert_eq!(failed["byType"][1], json!({ "type": "auth.signup", "count": 3 }));

    let eve = person(&site, "eve", Some(("shop", "viewer")));
    let body = json!({ "what": "failed", "since": "2000-01-01T00:00:00Z" });
    assert_eq!(
        eve.post(&format!("{}/replay/plan", mine.path), body.clone()).status,
        200
    );
    assert_eq!(eve.post(&format!("{}/replay", mine.path), body).code(), "forbidden");
    assert_eq!(eve.post(&format!("{}/test", mine.path), json!({})).code(), "forbidden");
}
