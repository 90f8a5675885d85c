//! The first admin of a server: by the code of a set-up link.

use aerocall_server::Server;
use serde_json::{Value, json};

use crate::{
    nodes::KEY,
    services::Postgres,
    site::{Answer, Site, config, runtime},
    snapshots::{document, shown},
};

const HOUR_MS: i64 = 3_600_000;

fn set_up(site: &Site, code: &str) -> Answer {
    set_up_with(site, json!({ "token": code }))
}

fn set_up_with(site: &Site, body: Value) -> Answer {
    let headers = [("content-type", "application/json")];
    site.send("POST", "/admin/api/v1/setup", &headers, body.to_string().as_bytes())
}

fn refused(answer: &Answer) -> (u16, &str) {
    (answer.status, answer.code())
}

#[test]
fn the_code_of_a_set_up_link_makes_the_first_admin_once() {
    let site = Site::without_admin(tempfile::tempdir().unwrap(), &[]);
    let code = site.admin_token.clone();
    assert!(code.starts_with("set_") && code.len() > 40, "256 bits: {code}");
    assert_eq!(site.admin("GET", "/projects", None).status, 401, "it is no token");
    for wrong in ["set_x", "", &code[..code.len() - 1], &code.to_uppercase()] {
        let answer = set_up(&site, wrong);
        assert!(matches!(answer.status, 401 | 422), "{wrong}: {answer:?}");
    }
    assert_eq!(set_up_with(&site, json!({ "name": "x" })).fields(), ["token"]);
    assert_eq!(
        set_up_with(&site, json!({ "token": code, "role": "x" })).fields(),
        ["role"]
    );

    let made = set_up_with(&site, json!({ "token": code, "name": "ada" }));
    insta::assert_snapshot!(shown(&made), @r#"
    201 {
      "id": "adm_[…]",
      "name": "ada",
      "token": "at_[…]",
      "scopes": [
        "project:read",
        "hooks:read",
        "hooks:deploy",
        "data:read",
        "data:write",
        "settings:read",
        "settings:write",
        "project:manage",
        "server:manage"
      ],
      "environment": null,
      "createdAt": "[time]",
      "expiresAt": null
    }
    "#);
    let token = made.json["token"].as_str().unwrap();
    assert_eq!(site.admin_as(token, "GET", "/projects", None).status, 200);
    assert_eq!(refused(&set_up(&site, &code)), (409, "setup_done"));
    assert_eq!(refused(&set_up(&site, "set_x")), (409, "setup_done"));

    let audit = site.admin_as(token, "GET", "/audit", None).json["audit"].clone();
    let id = made.json["id"].as_str().unwrap();
    assert_eq!(audit[0]["actor"], format!("admin:{id}"));
    insta::assert_snapshot!(document(&audit), @r#"
    [
      {
        "id": "aud_[…]",
        "project": null,
        "environment": null,
        "time": "[time]",
        "actor": "admin:adm_[…]",
        "actorEmail": null,
        "via": null,
        "action": "admin_token.created",
        "target": "adm_[…]",
        "ip": "127.0.0.1",
        "requestId": "req_[…]",
        "data": {
          "name": "ada",
          "by": "setup"
        }
      }
    ]
    "#);
    assert!(!audit.to_string().contains(&code) && !audit.to_string().contains(token));
}

#[test]
fn a_code_is_good_for_an_hour_and_every_start_without_an_admin_makes_another_one() {
    let site = Site::without_admin(tempfile::tempdir().unwrap(), &[]);
    let first = site.admin_token.clone();
    site.running().clock().advance_ms(HOUR_MS + 1);
    assert_eq!(refused(&set_up(&site, &first)), (401, "invalid_code"));

    let site = Site::without_admin(site.stop(), &[]);
    let second = site.admin_token.clone();
    assert_ne!(first, second);
    site.running().clock().advance_ms(HOUR_MS - 10_000);
    assert_eq!(set_up(&site, &second).status, 201);

    let data = site.stop();
    let server = async || {
        let server = Server::open(config(data.path(), &[]), runtime().await).await.unwrap();
        server.setup_code().await.unwrap()
    };
    if data.core().is_none() {
        let tokio = tokio::runtime::Runtime::new().unwrap();
        assert_eq!(tokio.block_on(server()), None, "it has an admin");
    }
}

#[test]
fn of_many_who_show_codes_at_once_one_becomes_the_admin() {
    let site = Site::without_admin(tempfile::tempdir().unwrap(), &[]);
    let code = site.admin_token.clone();
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let asked: Vec<_> = (0..8).map(|_| scope.spawn(|| set_up(&site, &code).status)).collect();
        asked.into_iter().map(|asked| asked.join().unwrap()).collect()
    });
    assert_eq!(
        statuses.iter().filter(|status| **status == 201).count(),
        1,
        "{statuses:?}"
    );
    assert!(
        statuses.iter().all(|status| matches!(status, 201 | 409)),
        "{statuses:?}"
    );
}

#[test]
fn an_address_can_try_a_few_codes_per_minute() {
    let site = Site::without_admin(tempfile::tempdir().unwrap(), &[("AEROCALL_LIMITS_ENABLED", "true")]);
    site.running().clock().stop();
    let statuses: Vec<u16> = (0..12).map(|n| set_up(&site, &format!("set_{n}")).status).collect();
    assert_eq!(statuses[..10], [401; 10]);
    assert_eq!(statuses[10..], [429; 2]);
    assert_eq!(set_up(&site, &site.admin_token).code(), "rate_limited");
    site.running().clock().advance_ms(60_000);
    assert_eq!(set_up(&site, &site.admin_token).status, 201);
}

#[test]
fn a_code_is_good_at_every_node_and_so_is_the_token() {
    let Some(core) = Postgres::new() else { return };
    let url = core.url(Postgres::ADDRESS);
    let env = [("AEROCALL_DATABASE_URL", url.as_str()), ("AEROCALL_MASTER_KEY", KEY)];
    let node = || Site::without_admin(tempfile::tempdir().unwrap(), &env);
    let [one, other] = [node(), node()];
    let made = set_up(&other, &one.admin_token);
    assert_eq!(made.status, 201, "{made:?}");
    for node in [&one, &other] {
        let token = made.json["token"].as_str().unwrap();
        assert_eq!(node.admin_as(token, "GET", "/projects", None).status, 200);
        assert_eq!(refused(&set_up(node, &other.admin_token)), (409, "setup_done"));
    }
}
