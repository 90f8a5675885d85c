//! Messages and events that belong together come one after the other.

use serde_json::{Value, json};

use super::queue::{QUICK, jobs};
use crate::{
    bundles::hook,
    site::{PASSWORD, Project, Site, until},
};

/// What a consumer saw, by key; `overlap` if two of a key ran at the same time.
const NOTE: &str = "
    const note = async (A: any, key: string, n: number, fails: () => void) => {
      try {
        if (await A.cache.increment('in:' + key) > 1) await A.cache.set('overlap', key);
        await new Promise((done) => setTimeout(done, 30));
        fails();
        await A.cache.set('seen:' + key, [...(await A.cache.get('seen:' + key) ?? []), n]);
      } finally { await A.cache.increment('in:' + key, -1); }
    };";

fn finished(site: &Site, project: &Project, count: usize) {
    until(|| {
        let ended = |state: &str| jobs(site, project, &format!("?limit=200&state={state}")).len();
        (ended("done") + ended("dead") == count).then_some(())
    });
}

/// What was noted of these keys, and whether two of a key ran at once.
fn seen(site: &Site, project: &Project, keys: &[&str]) -> Value {
    let probe = format!(
        "const seen = []; for (const key of {}) seen.push(await Aerocall.cache.get('seen:' + key)); throw new Aerocall.Deny(JSON.stringify([...seen, await Aerocall.cache.get('overlap')]));",
        json!(keys)
    );
    site.live("shop", &[("probe", &hook("beforeSignup", &probe))]);
    let answer = site.register(&project.pk, json!({ "email": "x@work.example", "password": PASSWORD }));
    serde_json::from_str(answer.json["error"]["message"].as_str().unwrap()).unwrap()
}

macro_rules! on_every_carrier {
    ($($test:ident,)*) => {
        mod database {
            $(#[test] fn $test() { super::$test(&super::Site::with(&super::QUICK)); })*
        }
        mod rabbitmq {
            $(#[test] fn $test() { crate::services::with_rabbitmq(&super::QUICK, |site| super::$test(site)); })*
        }
    };
}

on_every_carrier! {
    messages_with_a_key_are_handled_in_the_order_they_were_sent,
    one_that_waits_holds_those_behind_it_and_nobody_else,
    events_of_a_user_come_in_order,
}

fn messages_with_a_key_are_handled_in_the_order_they_were_sent(site: &Site) {
    let project = site.project("shop");
    let consumer = format!(
        "{NOTE} export const config = {{ order: {{ 'queue.sync': 'to.customer' }} }};
        export const on = {{ 'queue.sync': (context: any, job: any, A: any) => note(A, job.data.to.customer, job.data.n, () => {{
          if (job.data.n === 2 && context.attempt < 3) throw new Error('again');
          if (job.data.n === 4) throw new A.Deny('never');
        }}) }};"
    );
    let producer = "for (let n = 0; n < 8; n++) for (const customer of ['a', 'b', 'c']) await Aerocall.Queue.enqueue('sync', { n, to: { customer } });";
    site.live(
        "shop",
        &[("consumer", &consumer), ("producer", &hook("afterSignup", producer))],
    );
    site.registered(&project.pk, "jane@work.example");
    finished(site, &project, 24);
    let all = json!([0, 1, 2, 3, 5, 6, 7]);
    assert_eq!(seen(site, &project, &["a", "b", "c"]), json!([all, all, all, null]));
}

fn one_that_waits_holds_those_behind_it_and_nobody_else(site: &Site) {
    let project = site.project("shop");
    let consumer = format!(
        "{NOTE} export const config = {{ order: {{ 'queue.sync': 'customer' }} }};
        export const on = {{ 'queue.sync': (_c: any, job: any, A: any) => note(A, String(job.data.customer), job.data.n, () => {{}}),
          'queue.free': (_c: any, job: any, A: any) => note(A, 'free', job.data.n, () => {{}}) }};"
    );
    let producer = "const { Queue } = Aerocall;
        await Queue.enqueue('sync', { n: 1, customer: 'late' }, { delaySeconds: 3600 });
        await Queue.enqueue('sync', { n: 2, customer: 'late' });
        await Queue.enqueue('sync', { n: 3, customer: 7 });
        await Queue.enqueue('sync', { n: 4 });
        await Queue.enqueue('free', { n: 5, customer: 'late' });";
    site.live(
        "shop",
        &[("consumer", &consumer), ("producer", &hook("afterSignup", producer))],
    );
    site.registered(&project.pk, "jane@work.example");
    finished(site, &project, 3);
    site.idle();
    assert_eq!(
        jobs(site, &project, "?state=waiting").len(),
        2,
        "the delayed one, and the one behind it"
    );
    site.running().clock().advance_ms(3_601_000);
    finished(site, &project, 5);
    assert_eq!(
        seen(site, &project, &["late", "7", "undefined", "free"]),
        json!([[1, 2], [3], [4], [5], null])
    );
}

fn events_of_a_user_come_in_order(site: &Site) {
    let project = site.project("shop");
    let consumer = format!(
        "{NOTE} export const config = {{ order: {{ 'auth.user.updated': 'user.id' }} }};
        export const on = {{ 'auth.user.updated': (context: any, event: any, A: any) => note(A, 'user', event.data.user.metadata.n, () => {{
          if (event.data.user.metadata.n === 1 && context.attempt < 3) throw new Error('again');
        }}) }};"
    );
    let producer = "for (let n = 1; n <= 4; n++) await Aerocall.auth.updateUser(payload.user.id, { metadata: { n } });";
    site.live(
        "shop",
        &[("consumer", &consumer), ("producer", &hook("afterSignup", producer))],
    );
    site.registered(&project.pk, "jane@work.example");
    finished(site, &project, 4);
    assert_eq!(seen(site, &project, &["user"]), json!([[1, 2, 3, 4], null]));
}
