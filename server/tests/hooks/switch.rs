//! A hook of the live deployment is disabled and enabled again, without an upload.

use serde_json::json;

use crate::{
    bundles::hook,
    site::{Answer, PASSWORD, Project, Site},
};

const ENVIRONMENT: &str = "/projects/a/environments/production";

fn switch(site: &Site, hook: &str, enabled: bool) -> Answer {
    let body = json!({ "enabled": enabled });
    site.admin("PATCH", &format!("{ENVIRONMENT}/hooks/{hook}"), Some(body))
}

/// `first` and `second` each refuse addresses that start with their name.
fn site() -> (Site, Project) {
    let site = Site::new();
    let project = site.project("a");
    let refuses = |name: &str| {
        let body = format!(
            "if (payload.user.email.startsWith('{name}')) throw new Aerocall.Deny('no', {{ code: '{name}' }});"
        );
        hook("beforeSignup", &body)
    };
    let numbers = ["first", "second"].map(|name| site.version("a", name, &refuses(name)));
    let lines = json!([
        { "name": "first", "number": numbers[0], "failurePolicy": "open", "limits": { "deadlineMs": 900 }, "breaker": false },
        { "name": "second", "number": numbers[1] },
    ]);
    assert_eq!(site.deploy("a", lines).status, 201);
    (site, project)
}

#[test]
fn a_switch_is_a_deployment_that_differs_in_nothing_else() {
    let (site, project) = site();
    let sign_up = |name: &str, n: u32| {
        let body = json!({ "email": format!("{name}{n}@example.com"), "password": PASSWORD });
        site.register(&project.pk, body).status
    };
    assert_eq!([sign_up("first", 0), sign_up("second", 0)], [403, 403]);
    let before = site.admin("GET", &format!("{ENVIRONMENT}/hooks"), None).json;
    let off = switch(&site, "first", false);
    assert_eq!((off.status, &off.json["number"]), (200, &json!(2)), "{off:?}");
    assert_eq!(
        [sign_up("first", 1), sign_up("second", 1)],
        [201, 403],
        "the other one is called"
    );
    let again = switch(&site, "first", false);
    assert_eq!(
        (again.status, &again.json["number"]),
        (200, &json!(2)),
        "it was so already"
    );
    let on = switch(&site, "first", true);
    assert_eq!(on.json["number"], 3);
    assert_eq!(sign_up("first", 2), 403);
    let after = site.admin("GET", &format!("{ENVIRONMENT}/hooks"), None).json;
    assert_eq!(
        (&after["hooks"], &after["points"]),
        (&before["hooks"], &before["points"])
    );

    let audit = site.admin("GET", &format!("{ENVIRONMENT}/audit"), None).json;
    let lines: Vec<_> = audit["audit"].as_array().unwrap()[..2]
        .iter()
        .map(|line| {
            (
                line["action"].as_str().unwrap(),
                line["target"].as_str().unwrap(),
                line["data"]["deployment"].as_i64(),
            )
        })
        .collect();
    let expected = [("hook.enabled", "first", Some(3)), ("hook.disabled", "first", Some(2))];
    assert_eq!(lines, expected);
}

#[test]
fn a_switch_outlives_the_server() {
    let (site, project) = site();
    assert_eq!(switch(&site, "first", false).status, 200);
    let site = Site::on(site.stop(), &[]);
    let body = json!({ "email": "first@example.com", "password": PASSWORD });
    assert_eq!(site.register(&project.pk, body).status, 201);
}

#[test]
fn what_cannot_be_switched_is_refused() {
    let (site, project) = site();
    let other = site.project("b");
    let path = format!("{ENVIRONMENT}/hooks/first");
    assert_eq!(switch(&site, "none", false).status, 404);
    let theirs = site.admin_as(&other.sk, "PATCH", &path, Some(json!({ "enabled": false })));
    assert_eq!(theirs.status, 404, "{theirs:?}");
    let empty = site.admin_as(
        &other.sk,
        "PATCH",
        "/projects/b/environments/production/hooks/first",
        Some(json!({ "enabled": false })),
    );
    assert_eq!(empty.status, 404, "nothing is deployed there");
    for body in [
        json!({}),
        json!({ "enabled": "no" }),
        json!({ "enabled": true, "more": 1 }),
    ] {
        let answer = site.admin_as(&project.sk, "PATCH", &path, Some(body));
        assert_eq!((answer.status, answer.code()), (422, "invalid_input"));
    }
    let consumer = "export const on = { 'queue.q': async () => {} };";
    let numbers = ["one", "two"].map(|name| site.version("a", name, consumer));
    let lines =
        json!([{ "name": "one", "number": numbers[0] }, { "name": "two", "number": numbers[1], "enabled": false }]);
    assert_eq!(site.deploy("a", lines).status, 201);
    let both = switch(&site, "two", true);
    assert_eq!((both.status, both.fields()), (422, vec!["hooks"]), "{both:?}");
    assert_eq!(switch(&site, "one", false).status, 200);
    assert_eq!(switch(&site, "two", true).status, 200);
}
