//! Recorded invocations that are run again: the same reply and the same fuel, and a clear word where that cannot be said.

mod examples;

use serde_json::{Value, json};

use crate::{
    bundles::hook,
    site::{Answer, PASSWORD, Project, Site},
};

const ENVIRONMENT: &str = "/projects/a/environments/production";

fn replay(site: &Site, id: &str, body: Value) -> Answer {
    site.admin("POST", &format!("{ENVIRONMENT}/invocations/{id}/replay"), Some(body))
}

/// The ids of all that were recorded, newest first.
fn recorded(site: &Site, query: &str) -> Vec<String> {
    site.recorded();
    let (mut ids, mut before) = (Vec::new(), String::new());
    loop {
        let page = site.admin(
            "GET",
            &format!("{ENVIRONMENT}/invocations?limit=200{query}{before}"),
            None,
        );
        let calls = page.json["invocations"].as_array().unwrap();
        ids.extend(calls.iter().map(|call| call["id"].as_str().unwrap().to_owned()));
        match page.json["next"].as_str() {
            Some(next) => before = format!("&before={next}"),
            None => return ids,
        }
    }
}

/// A project with one hook at `beforeSignup`, and the id of its invocation for a new user.
fn one_call(site: &Site, body: &str) -> (Project, String) {
    let project = site.project("a");
    site.live("a", &[("gate", &hook("beforeSignup", body))]);
    site.register(&project.pk, json!({ "email": "ada@example.com", "password": PASSWORD }));
    let id = recorded(site, "").remove(0);
    (project, id)
}

/// Asks for everything that differs from run to run.
const VARIED: &str = "
  await Aerocall.cache.set('k', { at: Date.now(), drawn: Math.random(), id: crypto.randomUUID() });
  const got = await Aerocall.cache.get('k');
  const started = performance.now();
  await new Promise((resolve) => setTimeout(resolve, 20));
  const waited = performance.now() - started;
  let failed = '';
  try { await fetch('https://nowhere.invalid/'); } catch (error: any) { failed = error.code; }
  console.log(new Date().toISOString(), waited);
  return { patch: { user: { metadata: { got, waited, failed, at: context.time, id: context.invocationId } } } };";

#[test]
fn a_replay_gives_the_same_reply_with_the_same_fuel_and_changes_nothing() {
    let site = Site::new();
    let (_, id) = one_call(&site, VARIED);
    let whole = site.admin("GET", &format!("{ENVIRONMENT}/invocations/{id}"), None).json;
    for _ in 0..2 {
        let answer = replay(&site, &id, json!({}));
        assert_eq!(
            (answer.status, &answer.json["verdict"]),
            (200, &json!("identical")),
            "{answer:?} {whole}"
        );
        assert_eq!(answer.json["replayed"], answer.json["recorded"]);
        assert_eq!(answer.json["replayed"]["reply"], whole["reply"]);
        assert_eq!(answer.json["logs"], whole["logs"]);
        assert_eq!(answer.json["hostCalls"].as_array().unwrap().len(), 3);
    }
    assert_eq!(recorded(&site, "").len(), 1, "a replay is not recorded");
}

#[test]
fn another_version_decides_the_same_or_something_else_or_asks_something_else() {
    let site = Site::new();
    let ask = "const n = Number(await Aerocall.cache.get('n')); ";
    let (_, id) = one_call(
        &site,
        &format!("{ask} return {{ patch: {{ user: {{ metadata: {{ n }} }} }} }};"),
    );
    let verdict = |body: &str| {
        let version = site.version("a", "gate", &hook("beforeSignup", body));
        let answer = replay(&site, &id, json!({ "target": version }));
        assert_eq!(answer.status, 200, "{answer:?}");
        assert_eq!(answer.json["target"]["version"], version);
        (answer.json["verdict"].as_str().unwrap().to_owned(), answer.json)
    };
    let (word, _) = verdict(&format!(
        "{ask} return {{ patch: {{ user: {{ metadata: {{ n, more: 1 }} }} }} }};"
    ));
    assert_eq!(word, "same_decision");
    let (word, shown) = verdict(&format!("{ask} return {{ deny: {{ message: 'n is ' + n }} }};"));
    assert_eq!(
        (word.as_str(), &shown["replayed"]["outcome"]),
        ("changed", &json!("deny"))
    );
    let (word, _) = verdict("return { patch: { user: { metadata: { n: 0 } } } };");
    assert_eq!(word, "same_decision", "what is not asked needs no answer");
    let (word, shown) = verdict("await Aerocall.cache.get('m');");
    assert_eq!(word, "diverged");
    assert_eq!(
        shown["divergesAt"],
        json!({
            "call": 1,
            "expected": { "name": "cache.get", "arguments": ["n"] },
            "found": { "name": "cache.get", "arguments": ["m"] },
        })
    );
    assert_eq!(shown["replayed"], Value::Null);
    let (word, shown) = verdict(&format!("{ask} await Aerocall.cache.get('n');"));
    assert_eq!(
        (word.as_str(), &shown["divergesAt"]["expected"]),
        ("diverged", &Value::Null)
    );
    let version = site.version("a", "gate", &hook("beforeLogin", ""));
    let answer = replay(&site, &id, json!({ "target": version }));
    assert_eq!(
        (&answer.json["verdict"], &answer.json["reason"]["code"]),
        (&json!("unknown"), &json!("no_such_point"))
    );
}

#[test]
fn a_fault_shows_what_the_hook_does_then() {
    let site = Site::new();
    let body = "
      for (const attempt of [1, 2]) {
        try { return { patch: { user: { metadata: { attempt, got: await Aerocall.cache.get('k') } } } }; }
        catch (error: any) { console.warn(attempt, error.code); }
      }
      return { deny: { code: 'no_cache', message: 'the cache is away' } };";
    let (_, id) = one_call(&site, body);
    let with = |faults: Value| replay(&site, &id, json!({ "faults": faults })).json;
    assert_eq!(with(json!([]))["verdict"], "identical");
    let once = with(json!(["cache.get#1=timeout"]));
    assert_eq!(once["verdict"], "same_decision", "{once}");
    assert_eq!(once["replayed"]["reply"]["patch"]["user"]["metadata"]["attempt"], 2);
    assert_eq!(once["logs"][0]["message"], "1 timeout");
    let always = with(json!(["cache.get=timeout"]));
    assert_eq!(
        (&always["verdict"], &always["replayed"]["reply"]["code"]),
        (&json!("changed"), &json!("no_cache"))
    );
    let wrong = replay(&site, &id, json!({ "faults": ["cache.get=slow"] }));
    assert_eq!((wrong.status, wrong.fields()), (422, vec!["faults"]));
}

#[test]
fn what_a_record_lacks_is_never_guessed() {
    let site = Site::with(&[("AEROCALL_RECORDS_KEEP_SECONDS", "3600")]);
    let project = site.project("a");
    let large = "await Aerocall.cache.set('k', 'x'.repeat(200000)); await Aerocall.cache.get('k'); await Aerocall.cache.get('k');";
    let slow = "await new Promise(() => setTimeout(() => {}, 60000));";
    site.live(
        "a",
        &[
            ("cut", &hook("beforeSignup", large)),
            (
                "code",
                &hook(
                    "beforeOtpSend",
                    "console.log(payload.code); return { patch: { delivery: 'hook' } };",
                ),
            ),
            ("slow", &hook("afterSignup", slow)),
        ],
    );
    site.registered(&project.pk, "ada@example.com");
    site.post(
        "/auth/otp/send",
        &project.pk,
        json!({ "channel": "email", "email": "ada@example.com" }),
    );
    for (name, code) in [("cut", "cut"), ("code", "redacted"), ("slow", "timed_out")] {
        let id = recorded(&site, &format!("&hook={name}")).remove(0);
        let answer = replay(&site, &id, json!({}));
        assert_eq!(
            (answer.status, &answer.json["verdict"]),
            (200, &json!("unknown")),
            "{name}: {answer:?}"
        );
        assert_eq!(answer.json["reason"]["code"], code, "{name}");
        let path = format!("{ENVIRONMENT}/invocations/{id}/recording");
        let refused = site.admin("GET", &path, None);
        assert_eq!((refused.status, refused.code()), (409, "not_replayable"));
    }
    let gone = format!("inv_{}", "0".repeat(32));
    let answer = replay(&site, &gone, json!({}));
    assert_eq!(answer.json["reason"]["code"], "expired", "{answer:?}");
    assert_eq!(replay(&site, "inv_nothing", json!({})).status, 404);
    let later = format!("inv_{}", "f".repeat(32));
    assert_eq!(replay(&site, &later, json!({})).status, 404);
    let other = site.project("b");
    let id = recorded(&site, "").remove(0);
    let path = format!("{ENVIRONMENT}/invocations/{id}/replay");
    assert_eq!(site.admin_as(&other.sk, "POST", &path, Some(json!({}))).status, 404);
}

#[test]
fn an_exported_recording_is_in_the_audit_log() {
    let site = Site::new();
    let (_, id) = one_call(&site, "await Aerocall.cache.get('k');");
    let answer = site.admin("GET", &format!("{ENVIRONMENT}/invocations/{id}/recording"), None);
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(
        answer.json["calls"],
        json!([{ "name": "cache.get", "arguments": "[\"k\"]", "answer": "null" }])
    );
    assert_eq!(answer.json["seed"].as_str().unwrap().len(), 64);
    let audit = site.admin("GET", &format!("{ENVIRONMENT}/audit?limit=1"), None);
    assert_eq!(
        (&audit.json["audit"][0]["action"], &audit.json["audit"][0]["target"]),
        (&json!("invocation.exported"), &json!(id)),
        "{audit:?}"
    );
}
