//! Script hooks that answer events.

use serde_json::{Value, json};

use super::queue::{QUICK, jobs};
use crate::{
    bundles::hook,
    site::{PASSWORD, Site, until},
};

const KEEP: &str = "export const on = {
  'auth.signup': async (context: any, event: any, A: any) => { await A.cache.set('signup', { event, hook: context.hook }); },
  'auth.login': async (context: any, event: any, A: any) => { await A.cache.increment('logins'); },
};";

#[test]
fn every_hook_that_answers_an_event_gets_it() {
    let site = Site::with(&QUICK);
    let project = site.project("a");
    let count = "export const on = { 'auth.signup': async (c: any, e: any, A: any) => { await A.cache.increment('signups'); } };";
    site.live("a", &[("keep", KEEP), ("count", count)]);
    let user = site.registered(&project.pk, "jane@work.example");
    site.login(&project.pk, "jane@work.example", PASSWORD);
    until(|| (jobs(&site, &project, "?state=done").len() == 3).then_some(()));
    let probe = "const get = (key: string) => Aerocall.cache.get(key); const { event, hook } = await get('signup'); throw new Aerocall.Deny(JSON.stringify([event.id.slice(0, 4), event.type, event.version, event.actor, event.data.user.id, event.data.session.id, hook, await get('signups'), await get('logins')]));";
    site.live("a", &[("probe", &hook("beforeSignup", probe))]);
    let answer = site.register(&project.pk, json!({ "email": "x@work.example", "password": PASSWORD }));
    let reported: Value = serde_json::from_str(answer.json["error"]["message"].as_str().unwrap()).unwrap();
    let (id, session) = (&user.json["user"]["id"], &user.json["session"]["id"]);
    let actor = format!("user:{}", id.as_str().unwrap());
    assert_eq!(
        reported,
        json!(["evt_", "auth.signup", 1, actor, id, session, "auth.signup", 1, 1])
    );
}

#[test]
fn an_event_is_delivered_again_until_its_hook_succeeds_and_no_hook_can_make_one_up() {
    let site = Site::with(&QUICK);
    let project = site.project("a");
    let shaky = "export const on = { 'auth.signup': async (context: any, e: any, A: any) => { if (context.attempt < 3) throw new Error('not yet'); } };";
    let forge = hook(
        "beforeSignup",
        "try { await Aerocall.Queue.enqueue('auth.signup/shaky', { type: 'auth.signup' }); } catch (error: any) { if (error.code !== 'invalid_argument') throw error; }",
    );
    site.live("a", &[("shaky", shaky), ("forge", &forge)]);
    site.registered(&project.pk, "jane@work.example");
    let done = until(|| Some(jobs(&site, &project, "?state=done")).filter(|done| !done.is_empty()));
    assert_eq!(
        (done.len(), &done[0]["queue"], &done[0]["attempts"]),
        (1, &json!("auth.signup/shaky"), &json!(3))
    );
}

/// Its own change of the user is an event that it answers. Without a bound it would go on for ever.
#[test]
fn a_hook_that_causes_the_event_it_answers_is_stopped() {
    let site = Site::with(&QUICK);
    let project = site.project("a");
    let feeds_itself = "export const on = { 'auth.user.updated': async (c: any, event: any, A: any) => {
      const { user } = event.data; await A.auth.updateUser(user.id, { metadata: { n: (user.metadata.n ?? 0) + 1 } }); } };";
    let start = hook(
        "afterSignup",
        "await Aerocall.auth.updateUser(payload.user.id, { metadata: { n: 0 } });",
    );
    site.live("a", &[("loop", feeds_itself), ("start", &start)]);
    site.registered(&project.pk, "jane@work.example");
    let dead = until(|| Some(jobs(&site, &project, "?state=dead")).filter(|dead| !dead.is_empty()));
    let said = dead[0]["error"].as_str().unwrap();
    assert!(said.contains("32 jobs in a row"), "{said}");
    assert_eq!(
        (dead.len(), &dead[0]["attempts"], &dead[0]["hops"]),
        (1, &json!(0), &json!(32))
    );
    let done = jobs(&site, &project, "?state=done&limit=200");
    assert_eq!(done.len(), 32, "and no more of them");
}
