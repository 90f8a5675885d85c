//! A shadow: what it would have decided, and that nothing that it does has an effect.

use std::sync::{
    Arc, Condvar, Mutex,
    atomic::{AtomicUsize, Ordering},
};

use serde_json::{Value, json};

use super::{ENVIRONMENT, ROLLOUT, begin, shown, signed_up, two};
use crate::{
    bundles::hook,
    http_server,
    site::{Site, until},
};

const TABLES: &str = "CREATE TABLE seen (email TEXT NOT NULL); INSERT INTO seen VALUES ('first@example.com');";

/// Waits until so many calls were compared or dropped.
fn compared(site: &Site, count: u64) -> Value {
    until(|| {
        let shown = shown(site);
        let done = shown["comparison"]["candidate"]["calls"].as_u64().unwrap()
            + shown["comparison"]["shadow"]["dropped"].as_u64().unwrap();
        (done >= count).then_some(shown)
    })
}

#[test]
fn both_decisions_are_compared_and_only_the_live_one_counts() {
    let site = Site::new();
    let project = site.project("a");
    let live = "const { email } = payload.user;
      if (email.startsWith('bad')) throw new Aerocall.Deny('no', { code: 'live' });
      if (email.startsWith('mark')) return { patch: { user: { metadata: { mark: 'live' } } } };";
    let next = "const { email } = payload.user;
      if (email.startsWith('gone')) throw new Aerocall.Deny('no', { code: 'shadow' });
      if (email.startsWith('fail')) throw new Error('broken');
      if (email.startsWith('mark')) return { patch: { user: { metadata: { mark: 'shadow' } } } };
      if (email.startsWith('text')) return { patch: { user: { email: 7 } } };";
    let [_, version] = two(&site, "a", &hook("beforeSignup", live), &hook("beforeSignup", next));
    let begun = begin(&site, "shadow", version, json!({}));
    assert_eq!(begun.status, 201, "{begun:?}");
    let statuses: Vec<u16> = ["same", "bad", "gone", "fail", "mark", "text"]
        .map(|name| {
            let answer = signed_up(&site, &project, &format!("{name}@example.com"));
            if name == "mark" {
                assert_eq!(answer.json["user"]["metadata"]["mark"], "live");
            }
            answer.status
        })
        .to_vec();
    assert_eq!(statuses, [201, 403, 201, 201, 201, 201]);
    let shown = compared(&site, 6);
    let figures = &shown["comparison"]["shadow"];
    let figure = |name: &str| figures[name].as_u64().unwrap();
    let counts = [
        "same",
        "nowDenied",
        "nowAllowed",
        "newFailures",
        "changedPatches",
        "other",
        "dropped",
    ]
    .map(figure);
    // A patch that cannot be applied is a failure, as it would be live.
    assert_eq!(counts, [1, 1, 1, 2, 1, 0, 0], "{shown}");
    assert_eq!(
        figures["matrix"],
        json!({ "allow": { "allow": 1, "deny": 1, "failure": 2 }, "deny": { "allow": 1 }, "patch": { "patch": 1 } })
    );
    let comparison = &shown["comparison"];
    assert_eq!(
        (&comparison["live"]["calls"], &comparison["live"]["denials"]),
        (&json!(6), &json!(1))
    );
    site.recorded();
    let list = site
        .admin("GET", &format!("{ENVIRONMENT}/invocations?mode=shadow"), None)
        .json;
    let records = list["invocations"].as_array().unwrap();
    assert!(
        records.len() == 6 && records.iter().all(|one| one["version"] == version),
        "{list}"
    );
    let plan = site.admin(
        "POST",
        &format!("{ENVIRONMENT}/backtests/plan"),
        Some(json!({ "hook": "gate" })),
    );
    assert_eq!(plan.json["calls"], 6, "what did not count is not tried again: {plan:?}");
}

/// Everything that hooks can change, as it can be seen.
fn dump(site: &Site) -> Value {
    let get = |path: &str| site.admin("GET", &format!("{ENVIRONMENT}/{path}?limit=200"), None).json;
    let user = get("users")["users"][0].clone();
    json!({
        "jobs": get("jobs")["jobs"], "mails": get("mails")["mails"], "metadata": user["metadata"],
        "name": user["name"], "events": get("events")["events"].as_array().map(Vec::len),
    })
}

#[test]
fn a_shadow_reads_and_changes_nothing() {
    let site = Site::with(&[("AEROCALL_EGRESS_PRIVATE_NETWORKS", "127.0.0.1/32")]);
    let project = site.project("a");
    let got: Arc<Mutex<Vec<String>>> = Arc::default();
    let kept = Arc::clone(&got);
    let address = http_server::answering(move |request| {
        kept.lock().unwrap().push(request.method.clone());
        ("content-type: text/plain\r\n", "real".to_owned())
    });
    let config = format!(
        "export const config = {{ capabilities: {{ cache: true, db: true, auth: true, queue: true, http: ['{address}'] }} }};\n"
    );
    let reads =
        "const rows = (await Aerocall.db.query('SELECT count(*) AS n FROM seen')).map((row: any) => Number(row.n));
      console.log('rows', JSON.stringify(rows), 'cache', JSON.stringify(await Aerocall.cache.get('k')));";
    let live = format!("{config}{}", hook("beforeLogin", reads));
    let writes = format!(
        "{reads}
      const {{ auth, cache, db, Queue }} = Aerocall;
      const id = payload.user.id;
      await cache.set('k', 'shadow'); await cache.increment('n', 5);
      await db.execute('INSERT INTO seen VALUES (?)', ['shadow']);
      await db.transaction(async (tx: any) => {{ await tx.execute('DELETE FROM seen'); }});
      await Queue.enqueue('mails', {{ n: 1 }});
      await auth.sendEmail({{ to: 'a@example.com', subject: 's', text: 't' }});
      await auth.updateUser(id, {{ metadata: {{ shadow: true }} }});
      await auth.revokeSessions(id);
      const posted = await fetch('http://{address}/', {{ method: 'POST', body: 'x' }});
      const read = await fetch('http://{address}/');
      console.log('sees', await cache.get('k'), await cache.get('n'), posted.status, await read.text());
      throw new Aerocall.Deny('no', {{ code: 'shadow' }});"
    );
    let numbers = [
        site.version("a", "gate", &live),
        site.version("a", "gate", &format!("{config}{}", hook("beforeLogin", &writes))),
    ];
    let body =
        json!({ "hooks": [{ "name": "gate", "number": numbers[0] }], "migrations": [{ "name": "1", "sql": TABLES }] });
    assert_eq!(
        site.admin("POST", &format!("{ENVIRONMENT}/deployments"), Some(body))
            .status,
        201
    );
    signed_up(&site, &project, "ada@example.com");
    site.idle();
    assert_eq!(begin(&site, "shadow", numbers[1], json!({})).status, 201);
    let before = dump(&site);
    let login = site.login(&project.pk, "ada@example.com", crate::site::PASSWORD);
    assert_eq!(login.status, 200, "{login:?}");
    let shown = compared(&site, 1);
    let figures = &shown["comparison"]["shadow"];
    assert_eq!(
        (&figures["nowDenied"], &figures["simulated"]),
        (&json!(1), &json!(1)),
        "{shown}"
    );
    site.idle();
    site.recorded();
    let list = site
        .admin("GET", &format!("{ENVIRONMENT}/invocations?mode=shadow"), None)
        .json;
    let logs = list["invocations"][0]["logs"].to_string();
    assert!(logs.contains("sees shadow 5 200 real"), "it sees what it did: {list}");
    assert!(logs.contains("rows [1]"), "reads are real: {list}");
    assert_eq!(*got.lock().unwrap(), ["GET"]);
    let mut after = dump(&site);
    // The login itself is one.
    after["events"] = json!(after["events"].as_u64().unwrap() - 1);
    assert_eq!(after, before);
    assert_eq!(site.me(&project.pk, login.token()).status, 200, "no session has ended");
    // The next live call reads what was there before.
    assert_eq!(
        site.login(&project.pk, "ada@example.com", crate::site::PASSWORD).status,
        200
    );
    site.recorded();
    let live = site
        .admin("GET", &format!("{ENVIRONMENT}/invocations?mode=live&limit=1"), None)
        .json;
    let logs = live["invocations"][0]["logs"][0]["message"].as_str().unwrap();
    assert_eq!(logs, "rows [1] cache null", "{live}");
}

#[test]
fn shadows_that_cannot_keep_up_are_dropped_and_counted_and_no_request_waits() {
    let site = Site::new();
    let project = site.project("a");
    let slow = "let x = 0; for (let i = 0; i < 1e6; i++) x += i; if (x < 0) return;";
    let [_, version] = two(&site, "a", &hook("beforeSignup", ""), &hook("beforeSignup", slow));
    assert_eq!(begin(&site, "shadow", version, json!({})).status, 201);
    let calls = 90;
    std::thread::scope(|scope| {
        for worker in 0..6 {
            let (site, project) = (&site, &project);
            scope.spawn(move || {
                for n in 0..calls / 6 {
                    let answer = signed_up(site, project, &format!("w{worker}.{n}@example.com"));
                    assert_eq!(answer.status, 201, "{answer:?}");
                }
            });
        }
    });
    let shown = compared(&site, calls);
    let candidate = shown["comparison"]["candidate"]["calls"].as_u64().unwrap();
    let dropped = shown["comparison"]["shadow"]["dropped"].as_u64().unwrap();
    assert_eq!(candidate + dropped, calls, "{shown}");
    assert_eq!(
        shown["comparison"]["live"]["calls"], candidate,
        "both sides of the same calls"
    );
}

/// A host that answers nobody until it is told to, and how many have asked.
#[derive(Default)]
struct Slow {
    asked: AtomicUsize,
    answers: Mutex<bool>,
    told: Condvar,
}

impl Slow {
    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }

    fn wait(&self) {
        self.asked.fetch_add(1, Ordering::SeqCst);
        let answers = self.answers.lock().unwrap();
        drop(self.told.wait_while(answers, |answers| !*answers).unwrap());
    }

    fn answer(&self) {
        *self.answers.lock().unwrap() = true;
        self.told.notify_all();
    }
}

#[test]
fn calls_that_wait_are_not_run_when_the_rollout_is_stopped() {
    let site = Site::with(&[("AEROCALL_EGRESS_PRIVATE_NETWORKS", "127.0.0.1/32")]);
    let project = site.project("a");
    let limits = json!({ "deadlineMs": 10_000 });
    assert_eq!(
        site.admin("PUT", &format!("{ENVIRONMENT}/settings/limits"), Some(limits))
            .status,
        200
    );
    let host: Arc<Slow> = Arc::default();
    let asked = Arc::clone(&host);
    let address = http_server::answering(move |_| {
        asked.wait();
        ("", String::new())
    });
    let config = format!(
        "export const config = {{ capabilities: {{ http: ['{address}'] }}, limits: {{ deadlineMs: 10_000 }} }};\n"
    );
    let asks = format!(
        "{config}{}",
        hook("beforeSignup", &format!("await fetch('http://{address}/');"))
    );
    let [_, version] = two(&site, "a", &hook("beforeSignup", ""), &asks);
    let begun = || assert_eq!(begin(&site, "shadow", version, json!({})).status, 201);
    begun();
    std::thread::scope(|scope| {
        for n in 0..6 {
            let (site, project) = (&site, &project);
            scope.spawn(move || signed_up(site, project, &format!("w{n}@example.com")));
        }
    });
    // Two are run at a time.
    until(|| (host.asked() == 2).then_some(()));
    assert_eq!(site.admin("POST", &format!("{ROLLOUT}/stop"), None).status, 200);
    // Who comes now has its turn after all that wait.
    begun();
    signed_up(&site, &project, "last@example.com");
    host.answer();
    until(|| (host.asked() == 3).then_some(()));
    let shown = compared(&site, 1);
    assert_eq!(shown["comparison"]["shadow"]["dropped"], 0, "{shown}");
    site.idle();
    site.recorded();
    let list = site
        .admin("GET", &format!("{ENVIRONMENT}/invocations?mode=shadow"), None)
        .json;
    assert_eq!(list["invocations"].as_array().unwrap().len(), 3, "{list}");
}
