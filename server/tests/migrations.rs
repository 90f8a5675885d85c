//! Migrations that come with a deployment.

use serde_json::{Value, json};

use crate::site::{Answer, Site};

const DEPLOYMENTS: &str = "/projects/a/environments/production/deployments";
const MIGRATIONS: &str = "/projects/a/environments/production/migrations";

fn deploy(site: &Site, migrations: &Value) -> Answer {
    let body = json!({ "hooks": [], "migrations": migrations });
    site.admin("POST", DEPLOYMENTS, Some(body))
}

fn site() -> Site {
    let site = Site::new();
    site.project("a");
    site
}

#[test]
fn a_deployment_applies_what_is_new_and_lists_it() {
    let site = site();
    assert_eq!(site.admin("GET", MIGRATIONS, None).json, json!({ "migrations": [] }));
    let first = json!({ "name": "0001_users", "sql": "CREATE TABLE seen (email TEXT PRIMARY KEY);" });
    let second = json!({ "name": "0002_at", "sql": "ALTER TABLE seen ADD COLUMN at TIMESTAMPTZ;" });
    let answer = deploy(&site, &json!([first]));
    assert_eq!(
        (answer.status, &answer.json["migrations"]),
        (201, &json!(["0001_users"]))
    );
    let answer = deploy(&site, &json!([first, second]));
    assert_eq!(answer.json["migrations"], json!(["0002_at"]));
    let without = site.admin("POST", DEPLOYMENTS, Some(json!({ "hooks": [] })));
    assert_eq!((without.status, &without.json["migrations"]), (201, &json!([])));

    let site = Site::on(site.stop(), &[]);
    let listed = site.admin("GET", MIGRATIONS, None).json;
    let names: Vec<_> = listed["migrations"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["name"])
        .collect();
    assert_eq!(names, ["0001_users", "0002_at"]);
    let one = &listed["migrations"][0];
    assert!(one["digest"].as_str().unwrap().starts_with("sha256:"));
    assert!(one["appliedAt"].as_str().unwrap().ends_with('Z'));
}

#[test]
fn a_migration_that_fails_leaves_no_deployment_and_says_where() {
    let site = site();
    let broken = json!({ "name": "1", "sql": "CREATE TABLE t (a INTEGER);\nINSERT INTO nothing VALUES (1);" });
    let answer = deploy(&site, &json!([broken]));
    assert_eq!(
        (answer.status, answer.code(), answer.fields()),
        (422, "migration_failed", vec!["migrations.1"])
    );
    let problem = answer.json["error"]["details"][0]["problem"].as_str().unwrap();
    assert!(
        problem.starts_with("statement 2: ") && problem.contains("nothing"),
        "{problem}"
    );
    assert_eq!(site.admin("GET", DEPLOYMENTS, None).json, json!({ "deployments": [] }));
    assert_eq!(site.admin("GET", MIGRATIONS, None).json, json!({ "migrations": [] }));
    let mended = json!({ "name": "1", "sql": "CREATE TABLE t (a INTEGER);" });
    assert_eq!(deploy(&site, &json!([mended])).status, 201);

    let attach = json!({ "name": "2", "sql": "ATTACH 'core.db' AS core" });
    assert_eq!(deploy(&site, &json!([mended, attach])).code(), "migration_failed");
}

#[test]
fn what_was_applied_cannot_be_rewritten() {
    let site = site();
    assert_eq!(
        deploy(&site, &json!([{ "name": "2", "sql": "CREATE TABLE t (a INTEGER)" }])).status,
        201
    );
    for wrong in [
        json!([{ "name": "2", "sql": "CREATE TABLE t (a TEXT)" }]),
        json!([{ "name": "1", "sql": "SELECT 1" }, { "name": "2", "sql": "CREATE TABLE t (a INTEGER)" }]),
    ] {
        let answer = deploy(&site, &wrong);
        assert_eq!((answer.status, answer.code()), (409, "migration_rewritten"));
    }
}

#[test]
fn migrations_are_checked_field_by_field() {
    let site = site();
    let answer = deploy(&site, &json!([{ "name": "../x", "sql": 1 }, { "name": "b" }, "c"]));
    let fields = [
        "migrations[0].name",
        "migrations[0].sql",
        "migrations[1].sql",
        "migrations[2]",
    ];
    assert_eq!((answer.status, answer.fields()), (422, fields.to_vec()));
    let one = |name: &str| json!({ "name": name, "sql": "SELECT 1" });
    assert_eq!(deploy(&site, &json!([one("b"), one("a")])).fields(), ["migrations"]);
    assert_eq!(deploy(&site, &json!([one("a"), one("a")])).fields(), ["migrations"]);
    assert_eq!(deploy(&site, &json!(vec![one("a"); 201])).fields(), ["migrations"]);
    let long = json!([{ "name": "a", "sql": "-".repeat((256 << 10) + 1) }]);
    assert_eq!(deploy(&site, &long).fields(), ["migrations[0].sql"]);
}

#[test]
fn a_project_sees_its_own_migrations_alone() {
    let site = site();
    let other = site.project("b");
    assert_eq!(
        deploy(&site, &json!([{ "name": "1", "sql": "CREATE TABLE t (a INTEGER)" }])).status,
        201
    );
    let own = site.admin("GET", "/projects/b/environments/production/migrations", None);
    assert_eq!(own.json, json!({ "migrations": [] }));
    assert_eq!(site.admin_as(&other.sk, "GET", MIGRATIONS, None).status, 404);
}
