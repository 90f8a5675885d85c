//! Records of calls: what is kept, what never is, and who may see it.

use serde_json::{Value, json};

use crate::{
    bundles::hook,
    hooks::change_rows,
    logbook,
    site::{Data, PASSWORD, Project, Site, until},
};

fn list(site: &Site, project: &Project, query: &str) -> Vec<Value> {
    let path = format!("/projects/{}/environments/production/invocations{query}", project.id);
    let answer = site.admin_as(&project.sk, "GET", &path, None);
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json["invocations"].as_array().unwrap().clone()
}

#[test]
fn a_call_is_recorded_with_everything_that_came_in_and_went_out() {
    let site = Site::new();
    let project = site.project("a");
    let body = "console.log('hello', payload.user.email); await Aerocall.cache.set('k', { n: 1 }); const got = await Aerocall.cache.get('k'); crypto.randomUUID(); return { patch: { user: { metadata: { got } } } };";
    site.live("a", &[("probe", &hook("beforeSignup", body))]);
    let answer = site.registered(&project.pk, "jane@work.example");
    let request_id = answer.header("x-request-id").to_owned();
    let found = until(|| {
        let found = list(&site, &project, &format!("?requestId={request_id}"));
        (!found.is_empty()).then_some(found)
    });
    let call = &found[0];
    assert_eq!(
        (&call["hook"], &call["point"], &call["outcome"]),
        (&json!("probe"), &json!("beforeSignup"), &json!("patch"))
    );
    assert_eq!(
        call["logs"],
        json!([{ "level": "info", "message": "hello jane@work.example" }])
    );
    assert!(call["fuel"].as_u64().unwrap() > 0 && call["durationUs"].as_u64().unwrap() > 0);
    assert!(call["digest"].as_str().unwrap().starts_with("sha256:"));

    let path = format!(
        "/projects/a/environments/production/invocations/{}",
        call["id"].as_str().unwrap()
    );
    let whole = site.admin("GET", &path, None).json;
    assert_eq!(whole["payload"]["user"]["email"], "jane@work.example");
    assert_eq!(whole["context"]["requestId"], request_id.as_str());
    assert_eq!(whole["reply"]["patch"]["user"]["metadata"]["got"], json!({ "n": 1 }));
    let names: Vec<&str> = whole["hostCalls"]
        .as_array()
        .unwrap()
        .iter()
        .map(|call| call["name"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["cache.set", "cache.get"]);
    assert_eq!(whole["hostCalls"][1]["answer"], "{\"n\":1}");
    assert_eq!(whole["completeness"], "whole");
    let text = whole.to_string();
    assert!(!text.contains(PASSWORD) && !text.contains("seed"), "{text}");
}

#[test]
fn failures_are_recorded_with_their_place_and_lists_are_bounded_and_private() {
    let site = Site::new();
    let project = site.project("a");
    let other = site.project("b");
    site.live(
        "a",
        &[("probe", &hook("beforeSignup", "\nthrow new RangeError('too far');"))],
    );
    for n in 0..3 {
        site.register(
            &project.pk,
            json!({ "email": format!("{n}@work.example"), "password": PASSWORD }),
        );
    }
    let found = until(|| {
        let found = list(&site, &project, "?outcome=hook_failed");
        (found.len() == 3).then_some(found)
    });
    assert_eq!(
        (&found[0]["error"]["name"], &found[0]["error"]["line"]),
        (&json!("RangeError"), &json!(2))
    );
    let id = |call: &Value| call["id"].as_str().unwrap().to_owned();
    let (newest, middle, oldest) = (id(&found[0]), id(&found[1]), id(&found[2]));
    let ids = |query: String| list(&site, &project, &query).iter().map(id).collect::<Vec<_>>();
    assert_eq!(ids(format!("?before={newest}&limit=1")), vec![middle.clone()]);
    assert_eq!(ids(format!("?after={oldest}")), vec![middle, newest]);
    assert_eq!(list(&site, &project, "?hook=other"), Vec::<Value>::new());
    let both = site.admin(
        "GET",
        &format!("/projects/a/environments/production/invocations?before={oldest}&after={oldest}"),
        None,
    );
    assert_eq!((both.status, both.fields()), (422, vec!["after"]));
    let theirs = format!("/projects/a/environments/production/invocations/{oldest}");
    assert_eq!(site.admin_as(&other.sk, "GET", &theirs, None).status, 404);
    let by_name = format!("/projects/b/environments/production/invocations/{oldest}");
    assert_eq!(site.admin_as(&other.sk, "GET", &by_name, None).status, 404);
}

#[test]
fn records_outlive_a_restart() {
    let site = Site::new();
    let project = site.project("a");
    site.live("a", &[("probe", &hook("beforeSignup", ""))]);
    site.registered(&project.pk, "jane@work.example");
    let data = site.stop();
    let site = Site::on(data, &[]);
    assert_eq!(
        list(&site, &project, "").len(),
        1,
        "the last call was written before the end"
    );
}

/// The record of the call that has logged this is one that nobody reads any more. Whether that could be done.
fn damage(data: &Data, logged: &str) -> bool {
    let statement = format!(
        "UPDATE invocations SET record = replace(record, '\"logsDropped\"', '\"logsDamaged\"') WHERE record LIKE '%{logged}%'"
    );
    change_rows(data, &statement, &[&statement])
}

#[test]
fn a_record_that_cannot_be_read_hides_no_other() {
    let site = Site::new();
    let project = site.project("a");
    site.live(
        "a",
        &[(
            "probe",
            &hook("beforeSignup", "console.log('of ' + payload.user.email);"),
        )],
    );
    for email in ["ada@example.com", "odd@example.com", "eve@example.com"] {
        site.registered(&project.pk, email);
    }
    until(|| (list(&site, &project, "").len() == 3).then_some(()));
    let data = site.stop();
    if !damage(&data, "of odd@example.com") {
        return;
    }
    let site = Site::on(data, &[]);
    let shown = list(&site, &project, "");
    let logged: Vec<&str> = shown
        .iter()
        .map(|call| call["logs"][0]["message"].as_str().unwrap())
        .collect();
    assert_eq!(logged, ["of eve@example.com", "of ada@example.com"]);
    assert!(!logbook::lines_with("a stored row cannot be read").is_empty());
}
