//! Types for an editor of hooks: the SDK's, and the names of the project that the caller may see.

use serde_json::{Value, json};

use crate::{bundles::hook, site::Site};

fn types(site: &Site, token: &str, query: &str) -> Value {
    let answer = site.admin_as(token, "GET", &format!("/projects/a/types{query}"), None);
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json
}

fn file<'a>(types: &'a Value, name: &str) -> &'a str {
    let path = format!("node_modules/@aerocall/hooks/{name}");
    let files = types["files"].as_array().unwrap();
    let found = files.iter().find(|file| file["path"] == path);
    found.unwrap_or_else(|| panic!("no {path}"))["text"].as_str().unwrap()
}

#[test]
fn an_editor_gets_the_types_of_the_sdk_and_the_names_of_the_project() {
    let site = Site::new();
    let project = site.project("a");
    let none = types(&site, &site.admin_token, "");
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../sdk-js/package/src");
    for entry in std::fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        // A hook cannot import what tests of hooks are written with.
        if name.starts_with("testing.") {
            assert!(!none["files"].to_string().contains(&name));
            continue;
        }
        assert_eq!(file(&none, &name), std::fs::read_to_string(entry.path()).unwrap());
    }
    let package: Value = serde_json::from_str(file(&none, "package.json")).unwrap();
    assert_eq!(
        (&package["name"], &package["types"]),
        (&json!("@aerocall/hooks"), &json!("./index.d.ts"))
    );
    assert_eq!(none["compilerOptions"]["strict"], true);
    assert!(file(&none, "project.d.ts").contains("type SecretName = never;"));

    let secret = json!({ "value": "xyzzy", "hosts": ["api.example.com"] });
    let put = site.admin(
        "PUT",
        "/projects/a/environments/production/secrets/crm_token",
        Some(secret),
    );
    assert!(matches!(put.status, 200 | 201), "{put:?}");
    let body = json!({ "name": "staging" });
    assert_eq!(site.admin("POST", "/projects/a/environments", Some(body)).status, 201);
    let hidden = json!({ "value": "plugh", "hosts": ["api.example.com"] });
    let put = site.admin(
        "PUT",
        "/projects/a/environments/staging/secrets/only_staging",
        Some(hidden),
    );
    assert!(matches!(put.status, 200 | 201), "{put:?}");
    site.live("a", &[("jobs", "export const on = { 'queue.sync': async () => {} };")]);
    let all = types(&site, &site.admin_token, "");
    let names = file(&all, "project.d.ts");
    assert!(
        names.contains("type SecretName = \"crm_token\" | \"only_staging\";"),
        "{names}"
    );
    assert!(names.contains("type QueueName = \"sync\";"), "{names}");
    assert!(!all.to_string().contains("xyzzy"));
    assert_ne!(all["etag"], none["etag"]);
    assert_eq!(all["etag"], types(&site, &site.admin_token, "")["etag"]);

    // A key of one environment does not get to know the others, and who may not read settings no secret.
    assert!(!file(&types(&site, &project.sk, ""), "project.d.ts").contains("only_staging"));
    let made = json!({ "name": "reader", "scopes": ["hooks:read"] });
    let reader = site.admin("POST", "/projects/a/tokens", Some(made)).json;
    let seen = types(&site, reader["token"].as_str().unwrap(), "");
    assert!(
        file(&seen, "project.d.ts").contains("type SecretName = never;"),
        "{seen}"
    );
}

#[test]
fn a_hook_that_is_edited_is_one_of_the_project() {
    let site = Site::new();
    site.project("a");
    for (query, status) in [
        ("?hook=nope", 404),
        ("?hook=a/b", 422),
        ("?hook=", 422),
        ("?other=1", 422),
    ] {
        let answer = site.admin("GET", &format!("/projects/a/types{query}"), None);
        assert_eq!(answer.status, status, "{query}: {answer:?}");
    }
    site.version("a", "gate", &hook("beforeSignup", ""));
    let types = types(&site, &site.admin_token, "?hook=gate");
    assert!(!file(&types, "packages.d.ts").contains("declare module"));
    let other = site.project("b").sk;
    assert_eq!(site.admin_as(&other, "GET", "/projects/a/types", None).status, 404);
    assert_eq!(site.get("/admin/api/v1/projects/a/types").status, 401);
}
