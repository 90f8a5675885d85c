//! Who gets the version of a canary, and what they see when it fails.

use std::{
    collections::BTreeMap,
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
};

use serde_json::json;

use super::{ENVIRONMENT, ROLLOUT, audit, begin, canary, mark, marking, shown, signed_up, two};
use crate::{
    bundles::hook,
    site::{PASSWORD, Site, until},
};

#[test]
fn a_user_keeps_the_version_when_the_share_is_raised_and_when_it_is_promoted() {
    let site = Site::new();
    let project = site.project("a");
    let [one, next] = two(&site, "a", &marking("one"), &marking("two"));
    let begun = canary(&site, next, 30.0);
    assert_eq!(
        (begun.status, &begun.json["share"], &begun.json["liveVersion"]),
        (201, &json!(30.0), &json!(one)),
        "{begun:?}"
    );
    let emails: Vec<String> = (0..120).map(|n| format!("user{n}@example.com")).collect();
    let first: BTreeMap<&String, String> = emails
        .iter()
        .map(|email| (email, mark(&signed_up(&site, &project, email))))
        .collect();
    let on_canary = first.values().filter(|mark| *mark == "two").count();
    assert!((18..=56).contains(&on_canary), "{on_canary} of 120 are not about 30 %");
    let marks = |site: &Site| -> BTreeMap<&String, String> {
        let of = |email| mark(&site.login(&project.pk, email, PASSWORD));
        emails.iter().map(|email| (email, of(email))).collect()
    };
    assert_eq!(
        marks(&site),
        first,
        "at another point, with an id by now, and spelled otherwise"
    );
    let shouted = site.login(&project.pk, &emails[0].to_uppercase(), PASSWORD);
    assert_eq!(mark(&shouted), first[&emails[0]]);

    let raised = canary(&site, next, 70.0);
    assert_eq!(
        (raised.status, &raised.json["id"]),
        (200, &begun.json["id"]),
        "{raised:?}"
    );
    let second = marks(&site);
    let went_back = first
        .iter()
        .filter(|(email, mark)| *mark == "two" && second[*email] == "one");
    assert_eq!(went_back.count(), 0);
    let more = second.values().filter(|mark| *mark == "two").count();
    assert!((64..=104).contains(&more) && more > on_canary, "{more} of 120");

    shows_both(&site, next, 120 + 120 + 1 + 120);
    let promoted = site.admin(
        "POST",
        &format!("{ROLLOUT}/promote"),
        Some(json!({ "message": "good" })),
    );
    assert_eq!(
        (
            promoted.status,
            &promoted.json["deployment"]["number"],
            &promoted.json["hooks"][0]["number"]
        ),
        (201, &json!(2), &json!(next)),
        "{promoted:?}"
    );
    assert!(marks(&site).values().all(|mark| mark == "two"));
    let over = super::shown(&site);
    assert_eq!(
        (&over["state"], &over["reason"]),
        (&json!("promoted"), &json!("deployment 2"))
    );
    let deployed = audit(&site, "deployment.created");
    assert_eq!(deployed[0]["data"]["rollouts"][0]["state"], "promoted", "{deployed:?}");
    assert_eq!(
        (
            audit(&site, "rollout.started").len(),
            audit(&site, "rollout.changed").len()
        ),
        (1, 1)
    );
}

/// What is shown of a canary of so many calls of both sides.
fn shows_both(site: &Site, next: u64, all: u64) {
    let shown = super::shown(site);
    let (live, candidate) = (&shown["comparison"]["live"], &shown["comparison"]["candidate"]);
    let calls = live["calls"].as_u64().unwrap() + candidate["calls"].as_u64().unwrap();
    assert_eq!(calls, all, "{shown}");
    assert!(candidate["fuel"]["p95"].as_u64() > Some(0) && candidate["timeUs"]["p50"].as_u64() > Some(0));
    assert_eq!(
        (&shown["verdict"], &shown["comparison"]["shadow"]),
        (&json!("too_early"), &json!(null))
    );
    site.recorded();
    let of_mode = |mode: &str| {
        let list = site.admin("GET", &format!("{ENVIRONMENT}/invocations?mode={mode}&limit=200"), None);
        list.json["invocations"].as_array().unwrap().clone()
    };
    let recorded = of_mode("canary");
    assert!(
        !recorded.is_empty()
            && recorded
                .iter()
                .all(|one| one["version"] == next && one["mode"] == "canary")
    );
    assert!(
        of_mode("live")
            .iter()
            .all(|one| one["version"] != next && one["mode"] == "live")
    );
    let hooks = site.admin("GET", &format!("{ENVIRONMENT}/hooks"), None).json;
    assert_eq!(
        (
            &hooks["hooks"][0]["rollout"]["kind"],
            &hooks["hooks"][0]["rollout"]["share"]
        ),
        (&json!("canary"), &json!(70.0))
    );
    let endpoints = site.admin("GET", &format!("{ENVIRONMENT}/endpoints"), None).json;
    assert!(
        endpoints.to_string().contains(shown["id"].as_str().unwrap()),
        "{endpoints}"
    );
}

#[test]
fn what_a_canary_fails_the_live_version_decides_and_no_client_sees_it() {
    let site = Site::new();
    let project = site.project("a");
    let failing = "await Aerocall.Queue.enqueue('mails', { n: 1 }); throw new Error('broken');";
    let [_, next] = two(&site, "a", &marking("one"), &hook("beforeSignup", failing));
    // As many failures as there are: it stops by its rule, not by its end.
    let rules = json!({ "share": 50, "stopIf": { "failures": 5, "minCalls": 40 } });
    let begun = begin(&site, "canary", next, rules);
    assert_eq!(begun.status, 201, "{begun:?}");
    let (over, refused, answered) = (AtomicBool::new(false), AtomicUsize::new(0), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        for worker in 0..4 {
            let (site, project, over, refused, answered) = (&site, &project, &over, &refused, &answered);
            scope.spawn(move || {
                let mut count = 0;
                while !over.load(Ordering::Relaxed) {
                    let answer = signed_up(site, project, &format!("w{worker}.{count}@example.com"));
                    match answer.status == 201 && mark(&answer) == "one" {
                        true => answered.fetch_add(1, Ordering::Relaxed),
                        false => refused.fetch_add(1, Ordering::Relaxed),
                    };
                    count += 1;
                }
            });
        }
        until(|| (shown(&site)["state"] == "stopped").then_some(()));
        over.store(true, Ordering::Relaxed);
    });
    let shown = shown(&site);
    assert_eq!(refused.load(Ordering::Relaxed), 0, "of {answered:?}");
    let candidate = &shown["comparison"]["candidate"];
    assert!(candidate["calls"].as_u64() >= Some(40), "{shown}");
    assert_eq!(candidate["calls"], candidate["failures"], "{shown}");
    assert_eq!(
        (&shown["verdict"], &shown["endedBy"]),
        (&json!("stopped"), &json!("server"))
    );
    assert!(shown["reason"].as_str().unwrap().contains("more than 5 %"), "{shown}");
    let stopped = audit(&site, "rollout.stopped");
    assert_eq!(
        (stopped.len(), &stopped[0]["actor"]),
        (1, &json!("server")),
        "{stopped:?}"
    );
    site.idle();
    let jobs = site.admin("GET", &format!("{ENVIRONMENT}/jobs"), None).json;
    assert_eq!(
        jobs["jobs"].as_array().unwrap().len(),
        0,
        "what a failed call staged does not happen"
    );
    // And all is as if it had never been.
    let before = answered.load(Ordering::Relaxed);
    assert_eq!(mark(&signed_up(&site, &project, "after@example.com")), "one");
    site.recorded();
    let list = site
        .admin("GET", &format!("{ENVIRONMENT}/invocations?limit=1"), None)
        .json;
    assert_eq!(list["invocations"][0]["mode"], "live", "{before}");
}

#[test]
fn a_canary_that_denies_more_often_stops() {
    let site = Site::new();
    let project = site.project("a");
    let denies = |tenth: &str| {
        hook(
            "beforeSignup",
            &format!("if ({tenth}) throw new Aerocall.Deny('no', {{ code: 'no' }});"),
        )
    };
    let [_, next] = two(
        &site,
        "a",
        &denies("payload.user.email.startsWith('bad')"),
        &denies("true"),
    );
    let rules = json!({ "share": 50, "stopIf": { "minCalls": 10 } });
    assert_eq!(begin(&site, "canary", next, rules).status, 201);
    let mut count = 0;
    let shown = until(|| {
        count += 1;
        signed_up(&site, &project, &format!("user{count}@example.com"));
        let shown = shown(&site);
        (shown["state"] == "stopped").then_some(shown)
    });
    assert!(
        shown["reason"].as_str().unwrap().contains("3 times as often"),
        "{shown}"
    );
    let calls = |side: &str| shown["comparison"][side]["calls"].as_u64().unwrap();
    assert!(calls("live") >= 10 && calls("candidate") >= 10, "{shown}");
    assert_eq!(signed_up(&site, &project, "later@example.com").status, 201);
}

#[test]
fn a_canary_of_a_script_hook_gets_its_share_and_the_live_one_does_what_it_fails() {
    let site = Site::new();
    let project = site.project("a");
    let on = |body: &str| {
        format!(
            "export const on = {{ 'auth.signup': async (context: any, event: any, Aerocall: any): Promise<any> => {{ {body} }} }};"
        )
    };
    let counts = "await Aerocall.cache.increment('seen', 1);";
    let [_, next] = two(&site, "a", &on(counts), &on("throw new Error('broken');"));
    assert_eq!(begin(&site, "canary", next, json!({ "share": 50 })).status, 201);
    for n in 0..20 {
        assert_eq!(signed_up(&site, &project, &format!("user{n}@example.com")).status, 201);
    }
    site.idle();
    let comparison = &shown(&site)["comparison"];
    let calls = |side: &str| comparison[side]["calls"].as_u64().unwrap();
    assert_eq!(calls("live") + calls("candidate"), 20, "{comparison}");
    assert_eq!(comparison["candidate"]["failures"], comparison["candidate"]["calls"]);
    let jobs = site.admin("GET", &format!("{ENVIRONMENT}/jobs?limit=200"), None).json;
    let states = jobs["jobs"].as_array().unwrap().iter().map(|job| &job["state"]);
    assert!(
        states.clone().all(|state| state == "done") && states.count() == 20,
        "{jobs}"
    );
}
