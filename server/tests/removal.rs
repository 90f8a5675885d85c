//! Projects and environments get other names, and are deleted: at once for everybody, with everything that they had.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    net::TcpStream,
    time::Duration,
};

use serde_json::{Value, json};

use crate::{
    bundles::hook,
    nodes::KEY,
    services::{Postgres, Redis},
    site::{PASSWORD, Project, Site, until},
    snapshots::shown,
};

/// Longer than what was under way has.
const GRACE_MS: i64 = 61_000;

/// Writes to the project's table and its cache with every sign-up.
const WRITES: &str = "export const config = { capabilities: { db: true, cache: true } };
export const beforeSignup = async (_c: any, { user }: any, { db, cache }: any): Promise<any> => {
  await db.execute('INSERT INTO seen (email) VALUES (?)', [user.email]);
  const [{ count }] = await db.query('SELECT count(*) AS count FROM seen');
  const times = await cache.increment('times');
  return { patch: { user: { metadata: { rows: Number(count), times } } } };
};";

fn environment(name: &str) -> String {
    format!("/projects/a/environments/{name}")
}

fn delete(site: &Site, path: &str, confirm: &str) -> u16 {
    site.admin("DELETE", path, Some(json!({ "confirm": confirm }))).status
}

/// A table of the environment, a hook that writes to it, and a user.
fn fill(site: &Site, environment: &str, pk: &str) -> Value {
    let number = site.version("a", "writes", WRITES);
    let body = json!({
        "hooks": [{ "name": "writes", "number": number }],
        "migrations": [{ "name": "1", "sql": "CREATE TABLE seen (email TEXT PRIMARY KEY)" }],
    });
    let deployed = site.admin(
        "POST",
        &format!("/projects/a/environments/{environment}/deployments"),
        Some(body),
    );
    assert_eq!(deployed.status, 201, "{deployed:?}");
    site.registered(pk, "ada@example.com").json["user"]["metadata"].clone()
}

fn staging(site: &Site) -> Project {
    let body = Some(json!({ "name": "staging" }));
    let made = until(|| {
        let made = site.admin("POST", "/projects/a/environments", body.clone());
        // The name is taken as long as it is being deleted.
        (made.status == 201).then_some(made)
    });
    let key = |name: &str| made.json[name].as_str().unwrap().to_owned();
    Project {
        id: "a".to_owned(),
        pk: key("publishable_key"),
        sk: key("secret_key"),
    }
}

#[test]
fn names_for_people_change_and_ids_do_not() {
    let site = Site::new();
    site.project("a");
    let renamed = site.admin("PATCH", "/projects/a", Some(json!({ "name": "Acme" })));
    insta::assert_snapshot!(shown(&renamed), @r#"
    200 {
      "id": "a",
      "name": "Acme",
      "environments": [
        "production"
      ],
      "createdAt": "[time]"
    }
    "#);
    assert_eq!(site.admin("GET", "/projects/a", None).json, renamed.json);
    let path = environment("production");
    assert_eq!(site.admin("GET", &path, None).json["displayName"], "production");
    let renamed = site.admin("PATCH", &path, Some(json!({ "displayName": "Live" })));
    insta::assert_snapshot!(shown(&renamed), @r#"
    200 {
      "project": "a",
      "name": "production",
      "displayName": "Live",
      "createdAt": "[time]"
    }
    "#);
    assert_eq!(site.admin("GET", &path, None).json, renamed.json);
    for (path, body, field) in [
        ("/projects/a", json!({ "id": "b", "name": "x" }), "id"),
        ("/projects/a", json!({ "name": "" }), "name"),
        ("/projects/a", json!({}), "name"),
        (path.as_str(), json!({ "displayName": "a\nb" }), "displayName"),
        (path.as_str(), json!({ "name": "b" }), "displayName"),
    ] {
        let refused = site.admin("PATCH", path, Some(body));
        assert!(refused.fields().contains(&field), "{path}: {refused:?}");
    }
    let lines = site.admin("GET", &format!("{path}/audit"), None).json;
    let changed: Vec<_> = lines["audit"]
        .as_array()
        .unwrap()
        .iter()
        .take(2)
        .map(|line| &line["action"])
        .collect();
    assert_eq!(changed, ["environment.renamed", "project.renamed"]);
    assert_eq!(lines["audit"][1]["data"], json!({ "from": "a", "to": "Acme" }));
}

#[test]
fn what_is_deleted_must_be_confirmed_and_be_there() {
    let site = Site::new();
    let a = site.project("a");
    staging(&site);
    for wrong in [
        json!({}),
        json!({ "confirm": "b" }),
        json!({ "confirm": "A" }),
        json!({ "confirm": true }),
    ] {
        for path in ["/projects/a".to_owned(), environment("staging")] {
            let refused = site.admin("DELETE", &path, Some(wrong.clone()));
            assert_eq!(
                (refused.status, refused.fields()),
                (422, vec!["confirm"]),
                "{path} {wrong}"
            );
        }
    }
    assert_eq!(delete(&site, "/projects/none", "none"), 404);
    assert_eq!(delete(&site, &environment("none"), "none"), 404);
    assert_eq!(delete(&site, &environment("staging"), "staging"), 202);
    let last = site.admin(
        "DELETE",
        &environment("production"),
        Some(json!({ "confirm": "production" })),
    );
    assert_eq!((last.status, last.code()), (409, "last_environment"));
    site.registered(&a.pk, "ada@example.com");
}

/// On either kind of the projects' own databases.
fn an_environment_goes_with_all_it_had(site: &Site) {
    let a = site.project("a");
    fill(site, "production", &a.pk);
    let old = staging(site);
    assert_eq!(fill(site, "staging", &old.pk), json!({ "rows": 1, "times": 1 }));
    let user = site.registered(&old.pk, "bob@example.com");
    assert_eq!(user.json["user"]["metadata"], json!({ "rows": 2, "times": 2 }));

    assert_eq!(delete(site, &environment("staging"), "staging"), 202);
    assert_eq!(
        site.login(&old.pk, "ada@example.com", PASSWORD).code(),
        "invalid_api_key"
    );
    assert_eq!(site.admin_as(&old.sk, "GET", "/projects", None).status, 401);
    assert_eq!(site.me(&old.pk, user.token()).status, 401);
    assert_eq!(
        site.get("/.well-known/jwks.json?project=a&environment=staging").status,
        404
    );
    assert_eq!(
        site.admin("GET", &format!("{}/users", environment("staging")), None)
            .status,
        404
    );
    assert_eq!(delete(site, &environment("staging"), "staging"), 404, "it is gone");
    let taken = site.admin("POST", "/projects/a/environments", Some(json!({ "name": "staging" })));
    assert_eq!((taken.status, taken.code()), (409, "environment_exists"));
    assert_eq!(
        site.admin("GET", "/projects/a", None).json["environments"],
        json!(["production"])
    );

    site.running().clock().advance_ms(GRACE_MS);
    let new = staging(site);
    let users = site
        .admin("GET", &format!("{}/users", environment("staging")), None)
        .json;
    assert_eq!(users["users"], json!([]), "{users}");
    let lines = site
        .admin("GET", &format!("{}/audit", environment("staging")), None)
        .json;
    assert!(!lines.to_string().contains("user."), "{lines}");
    // Neither a row of its own database nor a key of its cache is left; those of the other environment are.
    assert_eq!(fill(site, "staging", &new.pk), json!({ "rows": 1, "times": 1 }));
    let other = site.registered(&a.pk, "eve@example.com");
    assert_eq!(other.json["user"]["metadata"], json!({ "rows": 2, "times": 2 }));
}

#[test]
fn an_environment_goes_with_its_file() {
    an_environment_goes_with_all_it_had(&Site::new());
}

#[test]
fn an_environment_goes_with_its_schema() {
    crate::services::with_postgres(&[], an_environment_goes_with_all_it_had);
}

#[test]
fn an_environment_goes_with_its_keys_in_redis() {
    let Some(redis) = Redis::new() else { return };
    an_environment_goes_with_all_it_had(&Site::with(&redis.env(Redis::ADDRESS)));
}

#[test]
fn a_project_goes_with_its_environments_and_the_servers_audit_log_says_so() {
    let site = Site::new();
    let [a, b] = ["a", "b"].map(|id| site.project(id));
    let file = site.data.path().join("tenants/a/staging.db");
    fill(&site, "staging", &staging(&site).pk);
    fill(&site, "production", &a.pk);
    assert!(file.exists());
    site.registered(&b.pk, "ada@example.com");
    let owner = site.admin("POST", "/projects/a/tokens", Some(json!({ "name": "owner" })));
    let owner = owner.json["token"].as_str().unwrap();
    assert_eq!(delete(&site, "/projects/a", "a"), 202);
    for (token, status) in [
        (&a.sk, 401),
        (&owner.to_owned(), 401),
        (&b.sk, 200),
        (&site.admin_token, 200),
    ] {
        assert_eq!(site.admin_as(token, "GET", "/projects", None).status, status);
    }
    let listed = site.admin("GET", "/projects", None).json["projects"].clone();
    assert_eq!(listed.as_array().unwrap().len(), 1, "{listed}");
    assert_eq!(
        site.admin("POST", "/projects", Some(json!({ "id": "a" }))).code(),
        "project_exists"
    );
    let line = site.admin("GET", "/audit?action=project.deleted", None).json["audit"][0].clone();
    assert_eq!(
        (&line["target"], &line["project"]),
        (&json!("a"), &Value::Null),
        "{line}"
    );
    assert_eq!(line["data"]["environments"], json!(["production", "staging"]));

    site.running().clock().advance_ms(GRACE_MS);
    let again = until(|| {
        let made = site.admin("POST", "/projects", Some(json!({ "id": "a" })));
        (made.status == 201).then_some(made)
    });
    let versions = site.admin("GET", "/projects/a/hooks/writes/versions", None).json;
    assert_eq!(versions, json!({ "versions": [] }));
    let pk = again.json["publishable_key"].as_str().unwrap();
    assert_eq!(fill(&site, "production", pk), json!({ "rows": 1, "times": 1 }));
    assert_eq!(
        site.login(&b.pk, "ada@example.com", PASSWORD).status,
        200,
        "another project has everything"
    );
    assert!(!file.exists());
}

#[test]
fn a_deletion_that_was_interrupted_goes_on_after_a_restart() {
    let site = Site::with(&[("AEROCALL_WORKER_ENABLED", "false")]);
    let a = site.project("a");
    site.registered(&a.pk, "ada@example.com");
    assert_eq!(delete(&site, "/projects/a", "a"), 202);
    site.running().clock().advance_ms(GRACE_MS);
    assert_eq!(
        site.admin("POST", "/projects", Some(json!({ "id": "a" }))).code(),
        "project_exists",
        "no worker"
    );
    let site = Site::on(site.stop(), &[]);
    assert_eq!(site.admin("GET", "/projects", None).json, json!({ "projects": [] }));
    site.running().clock().advance_ms(GRACE_MS);
    let made = until(|| {
        let made = site.admin("POST", "/projects", Some(json!({ "id": "a" })));
        (made.status == 201).then_some(made)
    });
    let pk = made.json["publishable_key"].as_str().unwrap();
    site.registered(pk, "ada@example.com");
}

/// Opens a stream of events, ends the right to it, and lets things happen until the server ends the stream.
fn ends(site: &Site, token: &str, end: impl FnOnce(), mut happen: impl FnMut(usize)) {
    let mut stream = TcpStream::connect(site.base.strip_prefix("http://").unwrap()).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(25))).unwrap();
    let path = format!("/admin/api/v1{}/events/stream", environment("production"));
    let head = format!("authorization: Bearer {token}\r\nconnection: close");
    write!(stream, "GET {path} HTTP/1.1\r\nhost: x\r\n{head}\r\n\r\n").unwrap();
    let mut lines = BufReader::new(stream).lines();
    assert!(lines.next().unwrap().unwrap().ends_with("200 OK"));
    // It is connected.
    assert!(lines.by_ref().any(|line| line.unwrap().starts_with("retry: ")));
    end();
    let read = std::thread::spawn(move || lines.for_each(|line| drop(line.unwrap())));
    let mut count = 0;
    until(|| {
        count += 1;
        happen(count);
        read.is_finished().then_some(())
    });
    read.join().unwrap();
}

#[test]
fn a_stream_ends_with_the_key_that_opened_it() {
    let site = Site::new();
    let a = site.project("a");
    let path = format!("{}/keys", environment("production"));
    let made = site.admin("POST", &path, Some(json!({ "kind": "secret" }))).json;
    let revoke = || {
        let id = made["id"].as_str().unwrap();
        assert_eq!(site.admin("DELETE", &format!("{path}/{id}"), None).status, 200);
    };
    ends(&site, made["key"].as_str().unwrap(), revoke, |count| {
        site.registered(&a.pk, &format!("ada{count}@example.com"));
    });
}

#[test]
fn every_node_forgets_a_deleted_environment() {
    let Some(core) = Postgres::new() else { return };
    let url = core.url(Postgres::ADDRESS);
    let env = [("AEROCALL_DATABASE_URL", url.as_str()), ("AEROCALL_MASTER_KEY", KEY)];
    let node = || Site::on(tempfile::tempdir().unwrap(), &env);
    let [one, other] = [node(), node()];
    one.project("a");
    let old = staging(&one);
    let gate = hook("beforeSignup", "throw new Aerocall.Deny('no', { code: 'gate' });");
    let number = one.version("a", "gate", &gate);
    let deploy = json!({ "hooks": [{ "name": "gate", "number": number }] });
    one.admin("POST", &format!("{}/deployments", environment("staging")), Some(deploy));
    let sign_up = |pk: &str| {
        let email = format!("{}@example.com", crate::services::unique("user"));
        other.register(pk, json!({ "email": email, "password": PASSWORD }))
    };
    until(|| (sign_up(&old.pk).json["error"]["code"] == "gate").then_some(()));
    assert_eq!(delete(&one, &environment("staging"), "staging"), 202);
    assert_eq!(sign_up(&old.pk).code(), "invalid_api_key", "with the next request");
    one.running().clock().advance_ms(GRACE_MS);
    let new = staging(&one);
    assert_eq!(sign_up(&new.pk).status, 201, "no hook of the one before is live");
}
