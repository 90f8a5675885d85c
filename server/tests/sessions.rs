//! Sessions that go on, end, and end others: refresh tokens, logout, the list.

use std::sync::Barrier;

use serde_json::{Value, json};

use crate::{
    bundles::hook,
    site::{Answer, PASSWORD, Project, Site},
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
    let late = |ms: i64, use_successor: bool| {
        let email = format!("ada{ms}@example.com");
        let entered = site.registered(&project.pk, &email);
        let first = refresh_token(&entered);
        let mut last = refresh(&site, &project, &first);
        if use_successor {
            last = refresh(&site, &project, &refresh_token(&last));
        }
        site.running().clock().advance_ms(ms);
        let reuse = refresh(&site, &project, &first);
        assert_eq!((reuse.status, reuse.code()), (401, "invalid_refresh_token"), "{ms}");
        let owner = refresh(&site, &project, &refresh_token(&last));
        assert_eq!((owner.status, owner.code()), (401, "invalid_refresh_token"), "{ms}");
        assert_eq!(site.me(&project.pk, last.token()).status, 401, "{ms}");
    };
    // After the grace; and inside of it, once the successor was used.
    late(11_000, false);
    late(1_000, true);
}

/// `REFRESH_ROUNDS=1000` is the whole of it; a few rounds find a race that is there.
#[test]
fn of_any_number_of_requests_with_one_token_one_makes_the_successor() {
    let rounds: usize = std::env::var("REFRESH_ROUNDS").map_or(25, |rounds| rounds.parse().unwrap());
    let site = Site::with(&[("AEROCALL_HTTP_WORKERS", "2")]);
    let project = site.project("a");
    let mut token = refresh_token(&site.registered(&project.pk, "ada@example.com"));
    for round in 0..rounds {
        let start = Barrier::new(PARALLEL);
        let one = || {
            start.wait();
            refresh(&site, &project, &token)
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
        token = successors.remove(0);
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
    let sessions = list.json["sessions"].as_array().unwrap();
    assert_eq!(sessions.len(), 2, "{list:?}");
    let current: Vec<bool> = sessions
        .iter()
        .map(|session| session["current"].as_bool().unwrap())
        .collect();
    assert_eq!(current, [false, true], "newest first");
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
