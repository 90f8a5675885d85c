//! Sessions that go on, end, and end others: refresh tokens, logout, the list.

use std::sync::Barrier;

use serde_json::{Value, json};

use crate::{
    bundles::hook,
    site::{Answer, PASSWORD, Project, Site},
    snapshots::shown,
};

/// Requests with one token at the same time.
const PARALLEL: usize = 64;

fn refresh(site: &Site, project: &Project, token: &str) -> Answer {
    site.post("/auth/refresh", &project.pk, json!({ "refresh_token": token }))
}

fn refresh_token(answer: &Answer) -> String {
    answer.json["refresh_token"].as_str().unwrap().to_owned()
}

fn signed_in(site: &Site, project: &Project, token: &str, method: &str, path: &str, body: Option<Value>) -> Answer {
    let bearer = format!("Bearer {token}");
    let headers = [
        ("x-aerocall-key", project.pk.as_str()),
        ("authorization", &bearer),
        ("content-type", "application/json"),
    ];
    let body = body.map(|body| body.to_string()).unwrap_or_default();
    site.send(method, path, &headers, body.as_bytes())
}

#[test]
fn a_refresh_token_is_exchanged_for_its_successor() {
    let site = Site::new();
    let project = site.project("a");
    let first = site.registered(&project.pk, "ada@example.com");
    let second = refresh(&site, &project, &refresh_token(&first));
    assert_eq!(second.status, 200, "{second:?}");
    assert_eq!(second.json["session"], first.json["session"]);
    assert_ne!(refresh_token(&second), refresh_token(&first));
    assert_eq!(site.me(&project.pk, second.token()).status, 200);
    assert_eq!(site.me(&project.pk, first.token()).status, 200, "until it expires");
}

#[test]
fn a_lost_answer_is_had_again_inside_the_grace() {
    let site = Site::new();
    let project = site.project("a");
    let first = refresh_token(&site.registered(&project.pk, "ada@example.com"));
    let once = refresh(&site, &project, &first);
    site.running().clock().advance_ms(9_000);
    let again = refresh(&site, &project, &first);
    assert_eq!((again.status, refresh_token(&again)), (200, refresh_token(&once)));
}

#[test]
fn a_late_reuse_ends_the_session_for_both() {
    let site = Site::new();
    let project = site.project("a");
    for (ms, uses) in [(1_000, 1), (11_000, 1), (600_000, 1), (600_000, 2), (0, 5)] {
        let email = format!("ada{ms}.{uses}@example.com");
        let first = refresh_token(&site.registered(&project.pk, &email));
        let mut last = refresh(&site, &project, &first);
        for _ in 0..uses {
            last = refresh(&site, &project, &refresh_token(&last));
            assert_eq!(last.status, 200, "{last:?}");
        }
        site.running().clock().advance_ms(ms);
        let reuse = refresh(&site, &project, &first);
        assert_eq!((reuse.status, reuse.code()), (401, "invalid_refresh_token"), "{ms}");
        let owner = refresh(&site, &project, &refresh_token(&last));
        assert_eq!((owner.status, owner.code()), (401, "invalid_refresh_token"), "{ms}");
        assert_eq!(site.me(&project.pk, last.token()).status, 401, "{ms}");
    }
}

#[test]
fn a_successor_that_nobody_used_is_replaced_and_the_session_goes_on() {
    let site = Site::new();
    let project = site.project("a");
    let entered = site.registered(&project.pk, "ada@example.com");
    let first = refresh_token(&entered);
    let mut lost = vec![refresh_token(&refresh(&site, &project, &first))];
    // The client comes back after the grace, again and again, and hears nothing each time.
    for ms in [11_000, 60_000, 86_400_000] {
        site.running().clock().advance_ms(ms);
        let came = refresh(&site, &project, &first);
        assert_eq!(
            (came.status, &came.json["session"]),
            (200, &entered.json["session"]),
            "{came:?}"
        );
        let again = refresh(&site, &project, &first);
        assert_eq!(
            refresh_token(&again),
            refresh_token(&came),
            "within the grace it is the same"
        );
        assert!(!lost.contains(&refresh_token(&came)), "{ms}");
        lost.push(refresh_token(&came));
    }
    let last = lost.pop().unwrap();
    let going_on = refresh(&site, &project, &last);
    assert_eq!(going_on.status, 200, "{going_on:?}");
    assert_eq!(site.me(&project.pk, going_on.token()).status, 200);
    // What somebody found on the way is worth nothing, and whoever shows it ends the session.
    for (at, found) in lost.iter().enumerate() {
        let shown = refresh(&site, &project, found);
        assert_eq!((shown.status, shown.code()), (401, "invalid_refresh_token"), "{at}");
        assert_eq!(site.me(&project.pk, going_on.token()).status, 401, "{at}");
    }
    let events = site.admin(
        "GET",
        "/projects/a/environments/production/events?type=auth.session.revoked",
        None,
    );
    assert_eq!(events.json["events"].as_array().unwrap().len(), 1, "{events:?}");
}

/// Whoever stole a token and comes after the grace takes the session over only until its owner comes: then it is over.
#[test]
fn of_a_thief_and_an_owner_the_second_ends_the_session() {
    let site = Site::new();
    let project = site.project("a");
    let first = refresh_token(&site.registered(&project.pk, "ada@example.com"));
    let lost = refresh(&site, &project, &first);
    site.running().clock().advance_ms(60_000);
    let other = refresh(&site, &project, &first);
    assert_eq!(other.status, 200, "{other:?}");
    let used = refresh(&site, &project, &refresh_token(&other));
    assert_eq!(used.status, 200, "{used:?}");
    // Which of the two is the thief is not known.
    let second = refresh(&site, &project, &refresh_token(&lost));
    assert_eq!((second.status, second.code()), (401, "invalid_refresh_token"));
    assert_eq!(site.me(&project.pk, used.token()).status, 401);
    assert_eq!(refresh(&site, &project, &refresh_token(&used)).status, 401);
}

#[test]
fn a_successor_is_replaced_so_many_times_and_not_for_ever() {
    let site = Site::new();
    let project = site.project("a");
    let path = "/projects/a/environments/production/settings/auth";
    let no_grace = json!({ "sessions": { "refreshGraceSeconds": 0 } });
    assert_eq!(site.admin("PUT", path, Some(no_grace)).status, 200);
    let first = refresh_token(&site.registered(&project.pk, "ada@example.com"));
    let mut successors = Vec::new();
    let refused = loop {
        site.running().clock().advance_ms(1);
        let came = refresh(&site, &project, &first);
        if came.status != 200 {
            break came;
        }
        successors.push(refresh_token(&came));
        assert!(successors.len() <= 50);
    };
    assert_eq!((refused.status, refused.code()), (401, "invalid_refresh_token"));
    let last = successors.last().unwrap().clone();
    assert_eq!(refresh(&site, &project, &last).status, 401, "the session is over");
    successors.sort();
    successors.dedup();
    assert_eq!(successors.len(), 50, "each is another one");
}

/// Requests at the same time, with a token whose successor was lost a while ago.
#[test]
fn of_any_number_of_requests_after_the_grace_one_replaces_the_successor() {
    let rounds: usize = std::env::var("REFRESH_ROUNDS").map_or(10, |rounds| rounds.parse().unwrap());
    let site = Site::with(&[("AEROCALL_HTTP_WORKERS", "2")]);
    let project = site.project("a");
    let mut token = refresh_token(&site.registered(&project.pk, "ada@example.com"));
    for round in 0..rounds {
        let lost = refresh_token(&refresh(&site, &project, &token));
        site.running().clock().advance_ms(60_000);
        let successor = one_successor(&site, &project, &token, round);
        assert_ne!(successor, lost, "round {round}");
        token = successor;
    }
    assert_eq!(refresh(&site, &project, &token).status, 200);
}

/// The successor that all of many requests at the same time get.
fn one_successor(site: &Site, project: &Project, token: &str, round: usize) -> String {
    let start = Barrier::new(PARALLEL);
    let one = || {
        start.wait();
        refresh(site, project, token)
    };
    let answers: Vec<Answer> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..PARALLEL).map(|_| scope.spawn(one)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    let mut successors: Vec<String> = Vec::new();
    for answer in &answers {
        assert_eq!(answer.status, 200, "round {round}: {answer:?}");
        successors.push(refresh_token(answer));
    }
    successors.dedup();
    assert_eq!(successors.len(), 1, "round {round}");
    successors.remove(0)
}

/// `REFRESH_ROUNDS=1000` is the whole of it; a few rounds find a race that is there.
#[test]
fn of_any_number_of_requests_with_one_token_one_makes_the_successor() {
    let rounds: usize = std::env::var("REFRESH_ROUNDS").map_or(25, |rounds| rounds.parse().unwrap());
    let site = Site::with(&[("AEROCALL_HTTP_WORKERS", "2")]);
    let project = site.project("a");
    let mut token = refresh_token(&site.registered(&project.pk, "ada@example.com"));
    for round in 0..rounds {
        token = one_successor(&site, &project, &token, round);
    }
    assert_eq!(refresh(&site, &project, &token).status, 200);
}

#[test]
fn a_token_is_worth_nothing_elsewhere_or_after_its_time() {
    let site = Site::new();
    let [a, b] = ["a", "b"].map(|id| site.project(id));
    let token = refresh_token(&site.registered(&a.pk, "ada@example.com"));
    let refused = |project: &Project, token: &str| {
        let answer = refresh(&site, project, token);
        assert_eq!(
            (answer.status, answer.code()),
            (401, "invalid_refresh_token"),
            "{token}"
        );
    };
    refused(&b, &token);
    refused(&a, "rt_nothing");
    refused(&a, &format!("{token}x"));
    site.running().clock().advance_ms(2_592_000_000);
    refused(&a, &token);
}

#[test]
fn a_session_that_nobody_goes_on_with_is_over() {
    let site = Site::new();
    let project = site.project("a");
    let settings = json!({ "sessions": { "idleSeconds": 60, "sessionSeconds": 150 } });
    let path = "/projects/a/environments/production/settings/auth";
    assert_eq!(site.admin("PUT", path, Some(settings)).status, 200);
    let token = refresh_token(&site.registered(&project.pk, "ada@example.com"));
    site.running().clock().advance_ms(50_000);
    let second = refresh(&site, &project, &token);
    assert_eq!(second.status, 200, "{second:?}");
    site.running().clock().advance_ms(61_000);
    let idle = refresh(&site, &project, &refresh_token(&second));
    assert_eq!((idle.status, idle.code()), (401, "invalid_refresh_token"));

    let mut token = refresh_token(&site.login(&project.pk, "ada@example.com", PASSWORD));
    for _ in 0..2 {
        site.running().clock().advance_ms(50_000);
        token = refresh_token(&refresh(&site, &project, &token));
    }
    site.running().clock().advance_ms(51_000);
    assert_eq!(refresh(&site, &project, &token).status, 401, "the absolute end");
}

#[test]
fn logging_out_ends_this_session_the_others_or_all() {
    let site = Site::new();
    let project = site.project("a");
    site.registered(&project.pk, "ada@example.com");
    let login = || site.login(&project.pk, "ada@example.com", PASSWORD);
    let alive = |answer: &Answer| site.me(&project.pk, answer.token()).status == 200;
    let logout =
        |answer: &Answer, scope: Value| signed_in(&site, &project, answer.token(), "POST", "/auth/logout", Some(scope));

    let [one, two, three] = [login(), login(), login()];
    let ended = logout(&one, json!({}));
    assert_eq!(
        (ended.status, &ended.json),
        (200, &json!({ "revoked": 1 })),
        "{ended:?}"
    );
    assert_eq!([alive(&one), alive(&two), alive(&three)], [false, true, true]);
    assert_eq!(refresh(&site, &project, &refresh_token(&one)).status, 401);

    // The one of the registration, and the third.
    assert_eq!(logout(&two, json!({ "scope": "others" })).json["revoked"], 2);
    assert_eq!([alive(&two), alive(&three)], [true, false]);

    let four = login();
    assert_eq!(logout(&two, json!({ "scope": "all" })).json["revoked"], 2);
    assert_eq!([alive(&two), alive(&four)], [false, false]);
    let unknown = logout(&login(), json!({ "scope": "everybody" }));
    assert_eq!((unknown.status, unknown.fields()), (422, vec!["scope"]));
}

#[test]
fn sessions_are_listed_and_ended_one_by_one_by_their_owner_only() {
    let site = Site::new();
    let project = site.project("a");
    let ada = site.registered(&project.pk, "ada@example.com");
    let eve = site.registered(&project.pk, "eve@example.com");
    let other = site.login(&project.pk, "ada@example.com", PASSWORD);
    let list = signed_in(&site, &project, ada.token(), "GET", "/auth/sessions", None);
    insta::assert_snapshot!(shown(&list), @r#"
    200 {
      "sessions": [
        {
          "id": "ses_[…]",
          "current": false,
          "provider": "password",
          "ip": "127.0.0.1",
          "user_agent": "ureq/[…]",
          "created_at": "[time]",
          "last_used_at": "[time]",
          "expires_at": "[time]"
        },
        {
          "id": "ses_[…]",
          "current": true,
          "provider": "password",
          "ip": "127.0.0.1",
          "user_agent": "ureq/[…]",
          "created_at": "[time]",
          "last_used_at": "[time]",
          "expires_at": "[time]"
        }
      ]
    }
    "#);
    assert!(!list.json.to_string().contains("rt_"));

    let path = format!("/auth/sessions/{}", other.json["session"]["id"].as_str().unwrap());
    let foreign = signed_in(&site, &project, eve.token(), "DELETE", &path, None);
    assert_eq!((foreign.status, foreign.code()), (404, "not_found"));
    assert_eq!(site.me(&project.pk, other.token()).status, 200);
    let ended = signed_in(&site, &project, ada.token(), "DELETE", &path, None);
    assert_eq!(ended.status, 200, "{ended:?}");
    assert_eq!(site.me(&project.pk, other.token()).status, 401);
    assert_eq!(
        signed_in(&site, &project, ada.token(), "DELETE", &path, None).status,
        404
    );
}

#[test]
fn claims_of_a_hook_are_asked_for_anew_at_every_refresh() {
    let site = Site::new();
    let project = site.project("a");
    let entered = site.registered(&project.pk, "ada@example.com");
    let body = "return { patch: { claims: { plan: 'gold', at: context.endpoint } } };";
    site.live("a", &[("claims", &hook("beforeTokenIssue", body))]);
    let refreshed = refresh(&site, &project, &refresh_token(&entered));
    let claims = crate::matrix::claims(&refreshed);
    assert_eq!(
        (&claims["plan"], &claims["at"]),
        (&json!("gold"), &json!("POST /auth/refresh"))
    );
    assert_eq!(site.me(&project.pk, refreshed.token()).status, 200);
}

#[test]
fn a_session_has_the_address_of_its_client_behind_trusted_proxies() {
    let proxies = "127.0.0.1/32,10.0.0.0/8";
    let site = Site::with(&[("AEROCALL_HTTP_TRUSTED_PROXIES", proxies)]);
    let project = site.project("a");
    let entered = site.registered(&project.pk, "ada@example.com");
    let body = json!({ "email": "ada@example.com", "password": PASSWORD }).to_string();
    for (name, line, ip) in [
        ("x-forwarded-for", "6.6.6.6, 203.0.113.7:51234, 10.1.2.3", "203.0.113.7"),
        ("x-forwarded-for", "[2001:db8::1]:4711, 10.1.2.3:80,", "2001:db8::1"),
        ("x-forwarded-for", "203.0.113.7, unknown, 10.1.2.3", "10.1.2.3"),
        (
            "forwarded",
            "for=\"[2001:db8::2]:4711\";proto=https, for=10.1.2.3",
            "2001:db8::2",
        ),
        ("forwarded", "for=\"6.6.6.6, for=203.0.113.7", "127.0.0.1"),
    ] {
        let headers = [
            ("x-aerocall-key", project.pk.as_str()),
            ("content-type", "application/json"),
            (name, line),
        ];
        let login = site.send("POST", "/auth/login", &headers, body.as_bytes());
        assert_eq!(login.status, 200, "{line}: {login:?}");
        let list = signed_in(&site, &project, entered.token(), "GET", "/auth/sessions", None);
        assert_eq!(list.json["sessions"][0]["ip"], ip, "{line}: {list:?}");
        site.running().clock().advance_ms(1_000);
    }
}
