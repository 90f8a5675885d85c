//! Schedules: hooks that are called at set times, each time once.

use serde_json::{Value, json};

use super::queue::{QUICK, jobs};
use crate::{
    bundles::{self, hook},
    services::Postgres,
    site::{PASSWORD, Project, Site},
};

const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;
const DAY_MS: i64 = 24 * HOUR_MS;

fn cron(pattern: &str, body: &str) -> String {
    format!(
        "export const config = {{ schedules: {{ tick: '{pattern}' }} }};
        export const on = {{ 'cron.tick': async (context: any, event: any, A: any) => {{ {body} }} }};"
    )
}

/// Moves the clock to so long after the next multiple of the period.
fn to(site: &Site, period_ms: i64, past_ms: i64) {
    let clock = site.running().clock();
    let now_ms = clock.now_ms();
    clock.advance_ms(period_ms - now_ms.rem_euclid(period_ms) + past_ms);
}

/// The first of its times becomes a job once the server has heard of the schedule.
fn first_run(site: &Site, project: &Project, period_ms: i64) -> Vec<Value> {
    site.idle();
    to(site, period_ms, MINUTE_MS);
    let jobs = done(site, project);
    assert!(!jobs.is_empty());
    jobs
}

/// All jobs, done, once nothing more is due.
fn done(site: &Site, project: &Project) -> Vec<Value> {
    site.idle();
    let all = jobs(site, project, "?limit=200");
    assert!(all.iter().all(|job| job["state"] == "done"), "{all:#?}");
    all
}

#[test]
fn a_due_time_is_one_call_with_an_event_of_its_own() {
    let site = Site::with(&QUICK);
    let project = site.project("a");
    let keep = "await A.cache.set('seen', { event, hook: context.hook }); await A.cache.increment('calls');";
    site.live(
        "a",
        &[("keep", &cron("0 */2 * * *", keep)), ("idle", &hook("afterSignup", ""))],
    );
    let live = site
        .admin("GET", "/projects/a/environments/production/hooks", None)
        .json;
    assert_eq!(live["hooks"][0]["schedules"], json!({ "tick": "0 */2 * * *" }));
    assert_eq!(live["hooks"][0]["notRun"], json!([]), "{live}");
    let before = first_run(&site, &project, 2 * HOUR_MS);
    to(&site, 2 * HOUR_MS, MINUTE_MS);
    let after = done(&site, &project);
    assert_eq!(after.len(), before.len() + 1, "{after:#?}");
    assert_eq!(
        (&after[0]["queue"], &after[0]["attempts"]),
        (&json!("cron.tick/keep"), &json!(1))
    );

    let probe = "const get = (key: string) => Aerocall.cache.get(key); const { event, hook } = await get('seen'); throw new Aerocall.Deny(JSON.stringify([event, hook, await get('calls')]));";
    site.live("a", &[("probe", &hook("beforeSignup", probe))]);
    let answer = site.register(&project.pk, json!({ "email": "x@work.example", "password": PASSWORD }));
    let reported: Value = serde_json::from_str(answer.json["error"]["message"].as_str().unwrap()).unwrap();
    let event = &reported[0];
    assert!(event["id"].as_str().unwrap().starts_with("evt_"), "{reported}");
    assert_eq!(
        (
            &event["type"],
            &event["version"],
            &event["actor"],
            &reported[1],
            &reported[2]
        ),
        (
            &json!("cron.tick"),
            &json!(1),
            &json!("schedule"),
            &json!("cron.tick"),
            &json!(after.len())
        )
    );
    let due = &event["data"]["scheduledAt"];
    assert_eq!(&after[0]["idempotencyKey"], due);
    assert!(due.as_str().unwrap().ends_with(":00:00.000Z"), "{reported}");
    assert!(event["time"].as_str() > due.as_str(), "{reported}");
}

#[test]
fn of_the_times_that_a_server_missed_the_latest_is_made_up_for() {
    let site = Site::with(&QUICK);
    let project = site.project("a");
    site.live("a", &[("keep", &cron("*/20 * * * *", ""))]);
    let before = first_run(&site, &project, 20 * MINUTE_MS);
    let last_ms = site.running().clock().now_ms();
    let site = Site::on(site.stop(), &QUICK);
    // A new server has the time of the machine again.
    let clock = site.running().clock();
    clock.advance_ms(last_ms - clock.now_ms() + 65 * MINUTE_MS);
    let after = done(&site, &project);
    assert_eq!(after.len(), before.len() + 1, "three were missed: {after:#?}");
    let site = Site::on(site.stop(), &QUICK);
    site.running()
        .clock()
        .advance_ms(last_ms + 65 * MINUTE_MS - site.running().clock().now_ms());
    site.idle();
    assert_eq!(
        jobs(&site, &project, "").len(),
        after.len(),
        "what was made up for is not made up for again"
    );
}

#[test]
fn after_a_clock_that_ran_ahead_a_schedule_is_due_at_its_next_time() {
    let site = Site::with(&QUICK);
    let project = site.project("a");
    site.live("a", &[("keep", &cron("0 * * * *", ""))]);
    site.idle();
    site.running().clock().advance_ms(40 * DAY_MS);
    let ahead = first_run(&site, &project, HOUR_MS);
    // A new server has the time of the machine again.
    let site = Site::on(site.stop(), &QUICK);
    let after = first_run(&site, &project, HOUR_MS);
    assert_eq!(after.len(), ahead.len() + 1, "{after:#?}");
    to(&site, HOUR_MS, MINUTE_MS);
    assert_eq!(done(&site, &project).len(), ahead.len() + 2);
}

#[test]
fn what_was_missed_for_more_than_an_hour_is_left_alone() {
    let site = Site::with(&QUICK);
    let project = site.project("a");
    site.live("a", &[("keep", &cron("0 0 * * *", ""))]);
    let before = first_run(&site, &project, DAY_MS);
    to(&site, DAY_MS, HOUR_MS + MINUTE_MS);
    site.idle();
    assert_eq!(jobs(&site, &project, "").len(), before.len());
    to(&site, DAY_MS, MINUTE_MS);
    assert_eq!(done(&site, &project).len(), before.len() + 1);
}

#[test]
fn a_disabled_hook_has_no_times_and_misses_none() {
    let site = Site::with(&QUICK);
    let project = site.project("a");
    site.live("a", &[("keep", &cron("*/10 * * * *", ""))]);
    let before = first_run(&site, &project, 10 * MINUTE_MS);
    let switch = |enabled: bool| {
        let body = json!({ "enabled": enabled });
        let path = "/projects/a/environments/production/hooks/keep";
        assert_eq!(site.admin("PATCH", path, Some(body)).status, 200);
    };
    switch(false);
    to(&site, 10 * MINUTE_MS, 3 * MINUTE_MS);
    site.idle();
    switch(true);
    site.idle();
    assert_eq!(jobs(&site, &project, "").len(), before.len());
    to(&site, 10 * MINUTE_MS, MINUTE_MS);
    assert_eq!(done(&site, &project).len(), before.len() + 1);
}

#[test]
fn of_several_servers_one_makes_the_job() {
    let Some(core) = Postgres::new() else { return };
    let url = core.url(Postgres::ADDRESS);
    let env = [&QUICK[..], &[("AEROCALL_DATABASE_URL", url.as_str())]].concat();
    let first = Site::with(&env);
    let project = first.project("a");
    let mut hooks = Vec::new();
    for n in 0..20 {
        hooks.push((format!("keep{n}"), cron("0 * * * *", "")));
    }
    let sources: Vec<(&str, &str)> = hooks
        .iter()
        .map(|(name, source)| (name.as_str(), source.as_str()))
        .collect();
    first.live("a", &sources);
    // It reads what is live when it starts. Who shares a database shares the key that seals what is in it.
    let directory = tempfile::tempdir().unwrap();
    std::fs::copy(
        first.data.path().join("master.key"),
        directory.path().join("master.key"),
    )
    .unwrap();
    let second = Site::on(directory, &env);
    let before = first_run(&first, &project, HOUR_MS).len();
    let (ahead, behind) = (first.running().clock(), second.running().clock());
    behind.advance_ms(ahead.now_ms() - behind.now_ms());
    second.idle();
    assert_eq!(before, 20);
    for round in 1..=3 {
        ahead.advance_ms(HOUR_MS);
        behind.advance_ms(HOUR_MS);
        first.idle();
        second.idle();
        assert_eq!(jobs(&second, &project, "?limit=200").len(), 20 * (round + 1));
    }
}

#[test]
fn a_schedule_that_makes_no_sense_is_not_taken() {
    let site = Site::new();
    site.project("a");
    for (pattern, says) in [("61 * * * *", "61"), ("0 0 30 2 *", "never runs"), ("0 0 L * *", "`L`")] {
        let answer = site.upload("a", "keep", &bundles::bundle("keep", &cron(pattern, "")));
        assert_eq!((answer.status, answer.code()), (422, "bad_manifest"), "{pattern}");
        let said = answer.json["error"]["message"].as_str().unwrap();
        assert!(said.contains("`tick`") && said.contains(says), "{said}");
    }
}
