//! Test cases that are kept with a hook: made of what happened, without the people in it, and run against versions.

use serde_json::{Value, json};

use crate::{
    bundles::hook,
    drafts::ask,
    site::{Answer, PASSWORD, Project, Site},
};

const CASES: &str = "/projects/a/hooks/gate/cases";
const ENVIRONMENT: &str = "/projects/a/environments/production";

/// Denies free mail, and counts in the cache who has tried.
const GATE: &str = "
  const key = 'tries:' + payload.user.email.toLowerCase();
  const n = Number((await Aerocall.cache.get(key)) ?? 0) + 1;
  await Aerocall.cache.set(key, n);
  if (payload.user.email.toLowerCase().endsWith('@gmail.com')) return { deny: { code: 'free_mail', message: 'Hello ' + payload.user.name } };
  return { patch: { user: { metadata: { n, from: context.request.ip } } } };";

fn live(site: &Site, body: &str) -> Project {
    let project = site.project("a");
    site.live("a", &[("gate", &hook("beforeSignup", body))]);
    project
}

/// The invocation that a registration caused.
fn invocation(site: &Site, project: &Project, email: &str) -> String {
    site.register(
        &project.pk,
        json!({ "email": email, "password": PASSWORD, "name": "Jane Doe" }),
    );
    site.recorded();
    let list = site.admin("GET", &format!("{ENVIRONMENT}/invocations?limit=1"), None);
    list.json["invocations"][0]["id"].as_str().unwrap().to_owned()
}

fn make(site: &Site, id: &str, body: Value) -> Answer {
    site.admin("POST", &format!("{ENVIRONMENT}/invocations/{id}/case"), Some(body))
}

fn run(site: &Site, body: Value) -> Value {
    let answer = site.admin("POST", &format!("{ENVIRONMENT}/hooks/gate/cases/run"), Some(body));
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json
}

fn case(payload: Value) -> Value {
    json!({ "hook": "beforeSignup", "payload": payload, "expect": { "reply": { "kind": "allow" } } })
}

#[test]
fn an_invocation_becomes_a_case_without_its_people_and_each_version_is_held_against_it() {
    let site = Site::new();
    let project = live(&site, GATE);
    for (name, email) in [("free", "Jane.Doe@gmail.com"), ("work", "jane.doe@work.example")] {
        let id = invocation(&site, &project, email);
        let made = make(&site, &id, json!({ "name": name }));
        assert_eq!(made.status, 201, "{made:?}");
        let text = made.json["document"].to_string().to_lowercase();
        assert!(
            !text.contains("jane") && !text.contains("127.0.0.1") && text.contains("person1@"),
            "{text}"
        );
        assert_eq!(
            (&made.json["hook"], &made.json["point"]),
            (&json!("gate"), &json!("beforeSignup"))
        );
    }
    let denied = site.admin("GET", &format!("{CASES}/free"), None).json;
    let expected = json!({ "kind": "deny", "code": "free_mail", "message": "Hello Person 1", "status": 403 });
    assert_eq!(denied["document"]["expect"]["reply"], expected, "{denied}");
    assert_eq!(
        denied["document"]["answers"]["calls"][0]["arguments"],
        json!(["tries:person1@gmail.com"])
    );

    let ran = run(&site, json!({}));
    assert_eq!((&ran["passed"], &ran["failed"]), (&json!(2), &json!(0)), "{ran}");
    let lenient = site.version(
        "a",
        "gate",
        &hook("beforeSignup", &GATE.replace("@gmail.com", "@nowhere.example")),
    );
    let ran = run(&site, json!({ "target": lenient }));
    assert_eq!((&ran["passed"], &ran["failed"]), (&json!(1), &json!(1)), "{ran}");
    let problems = ran["cases"][0]["problems"].to_string();
    assert!(
        problems.contains("reply.kind") && problems.contains("deny"),
        "{problems}"
    );
    let asking = site.version("a", "gate", &hook("beforeSignup", "await Aerocall.cache.get('other');"));
    let ran = run(&site, json!({ "target": asking }));
    let problems = ran["cases"][0]["problems"][0].as_str().unwrap();
    assert!(
        problems.starts_with("answers.calls[0]: the hook calls cache.get [\"other\"]"),
        "{problems}"
    );
}

#[test]
fn a_deployment_that_fails_a_case_is_refused_unless_it_is_forced() {
    let site = Site::new();
    let project = live(&site, GATE);
    let id = invocation(&site, &project, "jane.doe@gmail.com");
    assert_eq!(make(&site, &id, json!({ "name": "free" })).status, 201);
    let lenient = site.version(
        "a",
        "gate",
        &hook("beforeSignup", &GATE.replace("@gmail.com", "@nowhere.example")),
    );
    let hooks = json!([{ "name": "gate", "number": lenient }]);
    let plan = site.admin(
        "POST",
        &format!("{ENVIRONMENT}/deployments/plan"),
        Some(json!({ "hooks": hooks })),
    );
    let gates = plan.json["gates"].as_array().unwrap();
    let gate = gates.iter().find(|gate| gate["name"] == "cases").unwrap();
    assert_eq!(gate["state"], "failed", "{plan:?}");
    assert!(
        gate["detail"].as_str().unwrap().starts_with("cases.gate.free: reply"),
        "{gate}"
    );
    let refused = site.deploy("a", hooks.clone());
    assert_eq!(
        (refused.status, refused.code()),
        (409, "deployment_refused"),
        "{refused:?}"
    );
    assert_eq!(refused.fields(), ["cases.gate.free"]);
    let forced = json!({ "hooks": hooks, "force": { "reason": "gmail is welcome now" } });
    let deployed = site.admin("POST", &format!("{ENVIRONMENT}/deployments"), Some(forced));
    assert_eq!(deployed.status, 201, "{deployed:?}");
    let audit = site.admin("GET", &format!("{ENVIRONMENT}/audit?limit=1"), None).json;
    assert_eq!(
        audit["audit"][0]["data"]["forced"]["gates"],
        json!(["cases"]),
        "{audit}"
    );
    let unchanged = site.deploy("a", hooks);
    assert_eq!(
        unchanged.status, 201,
        "what is live already is not held back: {unchanged:?}"
    );
}

#[test]
fn what_is_taken_out_can_be_chosen_and_must_leave_what_the_hook_asks() {
    let site = Site::new();
    let project = live(
        &site,
        "await Aerocall.cache.set('k', payload.user.email.length); return { patch: { user: { metadata: { l: payload.user.email.length } } } };",
    );
    let id = invocation(&site, &project, "jane.doe@work.example");
    let whole = make(&site, &id, json!({ "name": "whole", "redact": [] }));
    assert_eq!(
        whole.json["document"]["payload"]["user"]["email"], "jane.doe@work.example",
        "{whole:?}"
    );
    // The length of the address was an answer's key.
    let refused = make(&site, &id, json!({ "name": "without" }));
    assert_eq!((refused.status, refused.fields()), (422, vec!["redact"]), "{refused:?}");
    let wrong = make(&site, &id, json!({ "name": "x", "redact": ["everything"] }));
    assert_eq!((wrong.status, wrong.fields()), (422, vec!["redact"]));
    let twice = make(&site, &id, json!({ "name": "whole", "redact": [] }));
    assert_eq!((twice.status, twice.code()), (409, "case_exists"));
    let wrong = make(&site, &id, json!({ "name": "../x" }));
    assert_eq!((wrong.status, wrong.fields()), (422, vec!["name"]));
    assert_eq!(
        make(&site, &format!("inv_{}", "f".repeat(32)), json!({ "name": "x" })).status,
        404
    );
}

#[test]
fn cases_are_written_changed_and_deleted_and_each_change_is_recorded() {
    let site = Site::new();
    live(&site, "");
    let payload = json!({ "user": { "email": "a@b.example" } });
    let new = json!({ "name": "one", "document": case(payload.clone()) });
    assert_eq!(site.admin("POST", CASES, Some(new.clone())).status, 201);
    assert_eq!(site.admin("POST", CASES, Some(new)).code(), "case_exists");
    let path = format!("{CASES}/two");
    let document = json!({ "document": case(payload) });
    assert_eq!(site.admin("PUT", &path, Some(document.clone())).status, 201);
    assert_eq!(site.admin("PUT", &path, Some(document)).status, 200);
    let list = site.admin("GET", CASES, None).json;
    let names: Vec<&Value> = list["cases"]
        .as_array()
        .unwrap()
        .iter()
        .map(|case| &case["name"])
        .collect();
    assert_eq!(names, ["one", "two"]);
    let ran = run(&site, json!({}));
    assert_eq!((&ran["passed"], &ran["failed"]), (&json!(2), &json!(0)), "{ran}");
    assert_eq!(site.admin("DELETE", &path, None).json, json!({ "deleted": "two" }));
    assert_eq!(site.admin("DELETE", &path, None).status, 404);
    assert_eq!(site.admin("GET", &path, None).status, 404);
    let audit = site.admin("GET", "/audit?limit=4", None).json;
    let actions: Vec<&Value> = audit["audit"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| &entry["action"])
        .collect();
    assert_eq!(
        actions,
        ["hook_case.deleted", "hook_case.put", "hook_case.put", "hook_case.put"],
        "{audit}"
    );
    let other = site.project("b");
    assert_eq!(site.admin_as(&other.sk, "GET", CASES, None).status, 404);
}

#[test]
fn what_is_no_case_is_refused_with_the_reason() {
    let site = Site::new();
    live(&site, "");
    let put = |document: Value| site.admin("PUT", &format!("{CASES}/one"), Some(json!({ "document": document })));
    for (document, says) in [
        (json!({}), "missing field"),
        (
            json!({ "hook": "beforeNothing", "payload": {}, "expect": {} }),
            "no hook point",
        ),
        (
            json!({ "hook": "beforeSignup", "payload": {}, "expect": {}, "more": 1 }),
            "`more`",
        ),
        (
            json!({ "hook": "beforeSignup", "payload": {}, "expect": {}, "answers": {}, "given": { "cache": { "a": 1 } } }),
            "`answers`",
        ),
        (
            json!({ "hook": "beforeSignup", "payload": {}, "expect": { "queue": [] }, "answers": {} }),
            "`answers`",
        ),
        (
            json!({ "hook": "beforeSignup", "payload": {}, "expect": {}, "given": { "rows": vec!["SELECT 1"; 201] } }),
            "200 entries",
        ),
    ] {
        let answer = put(document.clone());
        assert_eq!(
            (answer.status, answer.fields()),
            (422, vec!["document"]),
            "{document}: {answer:?}"
        );
        assert!(answer.json.to_string().contains(says), "{document}: {answer:?}");
    }
    let large = json!({ "hook": "beforeSignup", "payload": { "x": "y".repeat(300_000) }, "expect": {} });
    assert_eq!(put(large).fields(), ["document"]);
}

#[test]
fn a_hook_has_so_many_cases() {
    let site = Site::new();
    live(&site, "");
    for n in 0..100 {
        let path = format!("{CASES}/case-{n}");
        assert_eq!(
            site.admin("PUT", &path, Some(json!({ "document": case(json!({})) })))
                .status,
            201
        );
    }
    let more = site.admin(
        "PUT",
        &format!("{CASES}/more"),
        Some(json!({ "document": case(json!({})) })),
    );
    assert_eq!((more.status, more.code()), (409, "limit_reached"));
    let again = site.admin(
        "PUT",
        &format!("{CASES}/case-7"),
        Some(json!({ "document": case(json!({})) })),
    );
    assert_eq!(again.status, 200, "what is there can be replaced");
}

#[test]
fn cases_go_with_the_hook_and_stay_while_anything_of_it_does() {
    let site = Site::new();
    site.project("a");
    let document = json!({
        "hook": "beforeSignup", "payload": { "user": { "email": "x@example.com" } }, "expect": { "reply": { "kind": "allow" } },
    });
    let begin = || {
        let made = site.admin("POST", "/projects/a/hooks", Some(json!({ "name": "gate" })));
        assert_eq!(made.status, 201, "{made:?}");
        made.json["revision"].as_i64().unwrap()
    };
    let delete = |revision: i64| {
        let revision = format!("\"{revision}\"");
        let deleted = ask(&site, "DELETE", "/gate/draft", Some(&revision), None);
        assert_eq!(deleted.status, 200, "{deleted:?}");
    };
    let cases = || site.admin("GET", CASES, None).json["cases"].as_array().unwrap().len();
    let keep = |hook: &str| {
        let path = format!("/projects/a/hooks/{hook}/cases");
        let body = json!({ "name": "one", "document": document });
        assert_eq!(site.admin("POST", &path, Some(body)).status, 201);
    };
    let revision = begin();
    keep("gate");
    keep("other");
    delete(revision);
    assert_eq!(cases(), 0, "without draft and version there is no hook");
    assert_eq!(
        site.admin("GET", "/projects/a/hooks/other/cases", None).json["cases"][0]["name"],
        "one"
    );
    let audit = site.admin("GET", &format!("{ENVIRONMENT}/audit?limit=1"), None).json;
    assert_eq!(
        audit["audit"][0]["data"],
        json!({ "revision": revision, "cases": 1 }),
        "{audit}"
    );

    let revision = begin();
    keep("gate");
    site.version("a", "gate", &hook("beforeSignup", ""));
    delete(revision);
    assert_eq!(cases(), 1, "its version is there");
}
