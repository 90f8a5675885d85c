//! What new hooks begin as: every template builds, handles what it says, and passes its own test cases.

use serde_json::{Value, json};

use crate::site::Site;

fn templates(site: &Site) -> Vec<Value> {
    let answer = site.admin("GET", "/hook-templates", None);
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json["templates"].as_array().unwrap().clone()
}

#[test]
fn every_template_becomes_a_hook_that_builds_and_passes_its_cases() {
    let site = Site::new();
    site.project("a");
    let templates = templates(&site);
    assert!(templates.len() >= 12, "{}", templates.len());
    for template in &templates {
        let name = template["name"].as_str().unwrap();
        let made = site.admin(
            "POST",
            "/projects/a/hooks",
            Some(json!({ "name": name, "template": name })),
        );
        assert_eq!(made.status, 201, "{name}: {made:?}");
        assert_eq!(made.json["files"], template["files"], "{name}");
        assert_eq!(made.json["settings"], template["settings"], "{name}");
        let checked = site.admin(
            "POST",
            &format!("/projects/a/hooks/{name}/check"),
            Some(json!({ "revision": made.json["revision"] })),
        );
        assert_eq!(checked.json["diagnostics"], json!([]), "{name}: {checked:?}");
        let manifest = &checked.json["manifest"];
        let mut points: Vec<&str> = ["hooks", "events"]
            .iter()
            .flat_map(|list| manifest[*list].as_array().unwrap())
            .map(|point| point.as_str().unwrap())
            .collect();
        points.sort_unstable();
        assert_eq!(json!(points), template["points"], "{name}");
        let ran = site.admin(
            "POST",
            &format!("/projects/a/environments/production/hooks/{name}/cases/run"),
            Some(json!({ "target": "draft", "migrations": template["migrations"] })),
        );
        let cases = template["cases"].as_array().unwrap().len();
        assert_eq!(
            (ran.status, &ran.json["passed"]),
            (200, &json!(cases)),
            "{name}: {ran:?}"
        );
        assert_eq!(ran.json["failed"], 0, "{name}");
    }
    let with_cases = templates.iter().filter(|template| template["cases"] != json!([]));
    assert!(with_cases.count() >= 8, "most show how they are tested");
}

#[test]
fn a_hook_that_is_begun_again_takes_the_cases_that_it_finds() {
    let site = Site::new();
    site.project("a");
    let begin = || {
        let body = json!({ "name": "gate", "template": "allow-domains" });
        site.admin("POST", "/projects/a/hooks", Some(body))
    };
    assert_eq!(begin().status, 201);
    assert_eq!(begin().code(), "hook_exists");
    let draft = "/admin/api/v1/projects/a/hooks/gate/draft";
    let bearer = format!("Bearer {}", site.admin_token);
    let gone = site.send(
        "DELETE",
        draft,
        &[("authorization", &bearer), ("if-match", "\"1\"")],
        b"",
    );
    assert_eq!(gone.status, 200, "{gone:?}");
    assert_eq!(begin().status, 201);
    let cases = site.admin("GET", "/projects/a/hooks/gate/cases", None);
    assert_eq!(cases.json["cases"].as_array().unwrap().len(), 4, "{cases:?}");
    let unknown = json!({ "name": "other", "template": "nope" });
    assert_eq!(
        site.admin("POST", "/projects/a/hooks", Some(unknown)).fields(),
        ["template"]
    );
    assert_eq!(site.get("/admin/api/v1/hook-templates").status, 401);
}
