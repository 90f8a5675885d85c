//! How often things may be asked for, and who waits after wrong passwords.

mod sends;

use serde_json::json;

use crate::site::{Answer, PASSWORD, Project, Site};

const WRONG: &str = "wrong horse battery";

/// A site whose limits hold, and a project with these.
fn limited(limits: serde_json::Value) -> (Site, Project) {
    // The client of a test says which address it has.
    let site = Site::with(&[
        ("AEROCALL_LIMITS_ENABLED", "true"),
        ("AEROCALL_HTTP_TRUSTED_PROXIES", "127.0.0.1/32"),
    ]);
    let project = site.project("a");
    let path = "/projects/a/environments/production/settings/auth";
    let put = site.admin("PUT", path, Some(json!({ "limits": limits })));
    assert_eq!(put.status, 200, "{put:?}");
    (site, project)
}

fn login_from(site: &Site, pk: &str, ip: &str, email: &str, password: &str) -> Answer {
    let body = json!({ "email": email, "password": password }).to_string();
    let headers = [
        ("x-aerocall-key", pk),
        ("content-type", "application/json"),
        ("x-forwarded-for", ip),
    ];
    site.send("POST", "/auth/login", &headers, body.as_bytes())
}

#[test]
fn an_address_has_so_many_requests_per_minute_and_sees_them_in_headers() {
    let (site, project) = limited(json!({ "perIpMinute": 3 }));
    let from = |ip: &str| login_from(&site, &project.pk, ip, "nobody@example.com", WRONG);
    site.running().clock().stop();
    let first = from("192.0.2.1");
    assert_eq!(first.status, 401);
    assert_eq!(first.header("ratelimit-policy"), "\"ip\";q=3;w=60");
    assert!(first.header("ratelimit").starts_with("\"ip\";r=2;t="), "{first:?}");
    assert_eq!((from("192.0.2.1").status, from("192.0.2.1").status), (401, 401));
    let work = site.running().password_work();
    let fourth = from("192.0.2.1");
    assert_eq!((fourth.status, fourth.code()), (429, "rate_limited"));
    assert_eq!(site.running().password_work(), work, "it costs nothing");
    let seconds: u32 = fourth.header("retry-after").parse().unwrap();
    assert!((1..=60).contains(&seconds), "{seconds}");
    assert!(fourth.header("ratelimit").starts_with("\"ip\";r=0;t="), "{fourth:?}");
    assert_eq!(from("192.0.2.2").status, 401, "another address has its own");
    // Whoever has an address of IPv6 has the whole network.
    let network: Vec<u16> = (1..=4).map(|host| from(&format!("2001:db8::{host}")).status).collect();
    assert_eq!(network, [401, 401, 401, 429]);
    assert_eq!(from("2001:db8:0:1::1").status, 401);
    site.running().clock().advance_ms(60_000);
    assert_eq!(from("192.0.2.1").status, 401, "another minute");
}

#[test]
fn a_body_is_not_read_for_one_who_may_not_ask() {
    let (site, project) = limited(json!({ "perIpMinute": 1 }));
    site.running().clock().stop();
    site.login(&project.pk, "ada@example.com", WRONG);
    let headers = [("x-aerocall-key", project.pk.as_str()), ("content-type", "text/plain")];
    let answer = site.send("POST", "/auth/login", &headers, b"no JSON");
    assert_eq!(answer.code(), "rate_limited");
}

#[test]
fn an_environment_has_so_many_requests_per_second() {
    let (site, project) = limited(json!({ "perProjectSecond": 5 }));
    let other = site.project("b");
    site.running().clock().stop();
    let statuses = || -> Vec<u16> {
        (0..8)
            .map(|host| login_from(&site, &project.pk, &format!("192.0.2.{host}"), "x@example.com", WRONG).status)
            .collect()
    };
    let five_of_eight = [401, 401, 401, 401, 401, 429, 429, 429];
    assert_eq!(statuses(), five_of_eight);
    assert_eq!(site.login(&other.pk, "x@example.com", WRONG).status, 401);
    site.running().clock().advance_ms(1_000);
    assert_eq!(statuses(), five_of_eight, "another second");
}

#[test]
fn strangers_who_guess_do_not_keep_the_owner_out() {
    let (site, project) = limited(json!({ "failuresPerAccount": 3 }));
    site.registered(&project.pk, "ada@example.com");
    let login = |ip: &str, password: &str| login_from(&site, &project.pk, ip, "Ada@example.com", password);
    assert_eq!(login("198.51.100.1", PASSWORD).status, 200, "her address is known now");
    // Wherever they come from, strangers share what the account has for them.
    for host in 0..4 {
        assert_eq!(login(&format!("192.0.2.{host}"), WRONG).status, 401);
    }
    let work = site.running().password_work();
    let locked = login("192.0.2.99", PASSWORD);
    assert_eq!(
        (locked.status, locked.code()),
        (401, "invalid_credentials"),
        "the right one is not revealed"
    );
    assert_eq!(
        site.running().password_work() - work,
        1,
        "and costs what a wrong one costs"
    );
    assert_eq!(login("198.51.100.1", PASSWORD).status, 200, "the owner comes in");
    // A thief at her address has what it has, and no more.
    for _ in 0..4 {
        assert_eq!(login("198.51.100.1", WRONG).status, 401);
    }
    assert_eq!(login("198.51.100.1", PASSWORD).status, 401);
    // The first wait is a second; a stranger who knows the password comes in.
    std::thread::sleep(std::time::Duration::from_millis(1_100));
    assert_eq!(login("192.0.2.99", PASSWORD).status, 200);
    assert_eq!(login("198.51.100.1", PASSWORD).status, 200);
}

#[test]
fn an_account_that_waits_looks_like_one_that_is_not_there() {
    let (site, project) = limited(json!({ "failuresPerAccount": 2 }));
    site.registered(&project.pk, "ada@example.com");
    let seen = |email: &str| {
        (0..6)
            .map(|_| {
                let before = site.running().password_work();
                let mut answer = site.login(&project.pk, email, WRONG);
                answer.json["error"]["request_id"] = json!(null);
                let names: Vec<String> = answer.headers.keys().map(ToString::to_string).collect();
                (
                    answer.status,
                    answer.json,
                    names,
                    site.running().password_work() - before,
                )
            })
            .collect::<Vec<_>>()
    };
    assert_eq!(seen("ada@example.com"), seen("nobody@example.com"));
}

#[test]
fn many_guesses_at_once_are_no_more_than_one_after_the_other() {
    let (site, project) = limited(json!({ "failuresPerAccount": 5 }));
    site.registered(&project.pk, "ada@example.com");
    let refused = std::thread::scope(|scope| {
        let tries: Vec<_> = (0..4)
            .map(|thread| {
                let (site, pk) = (&site, &project.pk);
                scope.spawn(move || {
                    let guess = |turn: u32| {
                        let ip = format!("192.0.2.{}", thread * 8 + turn);
                        login_from(site, pk, &ip, "ada@example.com", WRONG).status
                    };
                    (0..8).map(guess).filter(|status| *status == 401).count()
                })
            })
            .collect();
        tries.into_iter().map(|tries| tries.join().unwrap()).sum::<usize>()
    });
    assert_eq!(refused, 32);
    let locked = login_from(&site, &project.pk, "192.0.2.200", "ada@example.com", PASSWORD);
    assert_eq!(locked.status, 401);
}
