//! `aerocall tokens`, `keys`, `projects` and `environments` against a real server.

use serde_json::json;
use tempfile::TempDir;

use crate::{
    server::{Site, agent},
    support::{Done, project, run},
};

fn here() -> TempDir {
    project(&[(
        "aerocall.toml",
        "[project]\nid = \"demo\"\nenvironment = \"development\"\n",
    )])
}

/// Whether a token or key opens the admin API.
fn opens(site: &Site, token: &str) -> bool {
    let request = agent().get(format!("{}/admin/api/v1/projects", site.url));
    let answer = request
        .header("authorization", format!("Bearer {token}"))
        .call()
        .unwrap();
    answer.status() == 200
}

#[test]
fn tokens_are_created_listed_rotated_and_revoked() {
    let (site, here) = (Site::new(&[]), here());
    let tokens = |arguments: &[&str]| -> Done { site.run(here.path(), &[&["tokens"], arguments].concat()) };
    let made = tokens(&["create", "ci", "--json"]).expect(0).json();
    let (id, token) = (made["id"].as_str().unwrap(), made["token"].as_str().unwrap());
    assert!(token.starts_with("at_") && opens(&site, token));
    let of_project = tokens(&["create", "owner", "--project", "demo"]).expect(0);
    assert!(
        of_project.stdout.starts_with("pt_") && of_project.stdout.lines().count() == 1,
        "{}",
        of_project.stdout
    );
    let listed = tokens(&["list"]).expect(0).stdout;
    assert!(
        listed.contains(&format!("{id}  ci  server:manage  ")) && listed.contains("  demo  server:manage  used "),
        "{listed}"
    );
    assert!(!listed.contains("owner") && !listed.contains(token), "{listed}");
    let listed = tokens(&["list", "--project", "demo", "--json"]).expect(0).json();
    assert_eq!(listed["tokens"][0]["name"], "owner");
    let limits = [
        "--scopes",
        "hooks:deploy,data:read",
        "--only-environment",
        "development",
    ];
    tokens(&[&["create", "limited", "--project", "demo"], &limits[..]].concat()).expect(0);
    let listed = tokens(&["list", "--project", "demo"]).expect(0).stdout;
    assert!(
        listed.contains("  limited  in development hooks:deploy,data:read  "),
        "{listed}"
    );
    let wrong = tokens(&["create", "wrong", "--project", "demo", "--scopes", "hooks:all"])
        .expect(1)
        .stderr;
    assert!(wrong.contains("hooks:deploy"), "{wrong}");

    let rotated = tokens(&["rotate", id, "--json"]).expect(0).json();
    assert!(!opens(&site, token) && opens(&site, rotated["token"].as_str().unwrap()));
    let new = rotated["id"].as_str().unwrap();
    assert_eq!(tokens(&["revoke", new]).expect(0).stdout, format!("revoked {new}\n"));
    assert!(!opens(&site, rotated["token"].as_str().unwrap()));
    let again = tokens(&["revoke", new]).expect(1);
    assert!(again.stderr.contains("error[not_found]"), "{}", again.stderr);
    let own = tokens(&["list", "--json"]).expect(0).json()["tokens"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let late = tokens(&["create", "x", "--expires-at", "2020-01-01T00:00:00Z"]).expect(1);
    assert!(
        late.stderr.contains("expiresAt: must be in the future"),
        "{}",
        late.stderr
    );
    // The last token may go, because the demo's administrator has an account.
    tokens(&["revoke", &own]).expect(0);
    assert!(!opens(&site, &site.token));
}

#[test]
fn keys_are_created_listed_rotated_and_revoked() {
    let (site, here) = (Site::new(&[]), here());
    let keys = |arguments: &[&str]| -> Done { site.run(here.path(), &[&["keys"], arguments].concat()) };
    let made = keys(&["create", "secret", "--name", "backend", "--json"])
        .expect(0)
        .json();
    let (id, key) = (made["id"].as_str().unwrap(), made["key"].as_str().unwrap());
    assert!(opens(&site, key));
    let listed = keys(&["list"]).expect(0).stdout;
    assert!(
        listed.contains(&format!("{id}  secret  (hidden)  backend  ")),
        "{listed}"
    );
    assert!(listed.contains(&site.key) && !listed.contains(key), "{listed}");
    let new = keys(&["rotate", id, "--overlap-seconds", "600", "--json"])
        .expect(0)
        .json();
    assert!(opens(&site, key) && opens(&site, new["key"].as_str().unwrap()));
    keys(&["revoke", id]).expect(0);
    assert!(!opens(&site, key));
    keys(&["revoke", id]).expect(1);
    keys(&["create", "root"]).expect(2);
    let none = run(
        project(&[]).path(),
        &["keys", "list", "--server", &site.url, "--token", "x"],
    )
    .expect(2);
    assert!(none.stderr.contains("--project"), "{}", none.stderr);
}

#[test]
fn projects_and_environments_are_created_renamed_and_deleted() {
    let (site, here) = (Site::new(&[]), here());
    let aerocall = |arguments: &[&str]| -> Done { site.run(here.path(), arguments) };
    let made = aerocall(&["projects", "create", "shop", "--name", "Shop", "--json"])
        .expect(0)
        .json();
    assert_eq!(
        (&made["project_id"], &made["environment"]),
        (&json!("shop"), &json!("development")),
        "{made}"
    );
    aerocall(&["environments", "create", "staging", "--project", "shop"]).expect(0);
    let listed = aerocall(&["projects", "list"]).expect(0).stdout;
    assert!(listed.contains("shop  Shop  development, staging\n"), "{listed}");
    let renamed = aerocall(&["projects", "rename", "shop", "The Shop", "--json"])
        .expect(0)
        .json();
    assert_eq!(renamed["name"], "The Shop");
    let renamed = aerocall(&["environments", "rename", "staging", "Staging (EU)", "--project", "shop"]).expect(0);
    assert_eq!(renamed.stdout, "staging  Staging (EU)\n");

    let unconfirmed = aerocall(&["projects", "delete", "shop"]).expect(2);
    assert!(unconfirmed.stderr.contains("--confirm"), "{}", unconfirmed.stderr);
    let wrong = aerocall(&["projects", "delete", "shop", "--confirm", "demo"]).expect(1);
    assert!(wrong.stderr.contains("confirm: must be shop"), "{}", wrong.stderr);
    let gone = [
        "environments",
        "delete",
        "staging",
        "--confirm",
        "staging",
        "--project",
        "shop",
    ];
    assert!(aerocall(&gone).expect(0).stdout.starts_with("deleted staging"));
    assert!(
        aerocall(&["projects", "delete", "shop", "--confirm", "shop"])
            .expect(0)
            .stdout
            .starts_with("deleted shop")
    );
    assert!(!opens(&site, made["secret_key"].as_str().unwrap()));
    let listed = aerocall(&["projects", "list", "--json"]).expect(0).json();
    assert_eq!(listed["projects"].as_array().map(Vec::len), Some(1), "{listed}");
    assert_eq!(listed["projects"][0]["id"], "demo");
}
