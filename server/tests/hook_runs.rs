//! Hooks that are run for a test: what goes in, what comes out, and that nothing outside changes.

use serde_json::{Value, json};

use crate::{
    bundles::hook,
    schema,
    site::{Answer, Site},
    snapshots,
};

const ENVIRONMENT: &str = "/projects/a/environments/production";

fn run(site: &Site, name: &str, body: Value) -> Answer {
    site.admin("POST", &format!("{ENVIRONMENT}/hooks/{name}/run"), Some(body))
}

fn signup(more: Value) -> Value {
    let mut body = json!({
        "point": "beforeSignup",
        "payload": { "user": { "email": "ada@example.com", "metadata": {}, "publicMetadata": {} }, "provider": "password", "client": {} },
    });
    body.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap());
    body
}

/// Without what the check of the tests takes for granted: where definitions stand, and patterns.
fn plain(schema: &Value) -> Value {
    match schema {
        Value::Object(members) => {
            let members = members
                .iter()
                .filter(|(name, _)| !["$defs", "pattern"].contains(&name.as_str()));
            Value::Object(members.map(|(name, value)| (name.clone(), plain(value))).collect())
        }
        Value::Array(items) => items.iter().map(plain).collect(),
        other => other.clone(),
    }
}

#[test]
fn every_sample_of_every_point_and_event_fits_its_schema_and_runs() {
    let site = Site::new();
    site.project("a");
    let listed = site.admin("GET", "/hook-points", None);
    assert_eq!(listed.status, 200, "{listed:?}");
    let (points, events) = (
        listed.json["points"].as_array().unwrap(),
        listed.json["events"].as_array().unwrap(),
    );
    assert!(
        points.len() >= 28 && events.len() >= 20,
        "{} {}",
        points.len(),
        events.len()
    );
    let seen = "console.log(JSON.stringify(Object.keys(payload).sort()));";
    let mut source: String = points
        .iter()
        .map(|point| hook(point["name"].as_str().unwrap(), seen) + "\n")
        .collect();
    source.push_str("const handler = async (_context: any, payload: any): Promise<void> => { ");
    source.push_str(seen);
    source.push_str(" };\nexport const on = {");
    for event in events {
        source.push_str(&format!(" {}: handler,", event["name"]));
    }
    source.push_str(" };\nexport const config = { schedules: { example: \"0 3 * * *\" } };");
    let version = site.version("a", "all", &source);
    let mut runs = 0;
    for place in points.iter().chain(events) {
        let schema = place.get("payloadSchema").or_else(|| place.get("inputSchema")).unwrap();
        for sample in place["samples"].as_array().unwrap() {
            let input = &sample["input"];
            let named = format!("{} {}", place["name"], sample["name"]);
            let document = json!({ "$defs": plain(&schema["$defs"]) });
            let problems = schema::problems(&document, &plain(schema), input);
            assert!(problems.is_empty(), "{named}: {problems:?}");
            let answer = run(
                &site,
                "all",
                json!({ "target": version, "point": place["name"], "payload": input }),
            );
            assert_eq!(
                (answer.status, &answer.json["outcome"]),
                (200, &json!("allow")),
                "{named}: {answer:?}"
            );
            let mut members: Vec<&String> = input.as_object().unwrap().keys().collect();
            members.sort();
            assert_eq!(answer.json["logs"][0]["message"], json!(members).to_string(), "{named}");
            runs += 1;
        }
    }
    assert!(runs > 60, "{runs}");
}

/// Uses everything that the SDK has.
const BUSY: &str = "
  const { auth, cache, db, Queue, secrets } = Aerocall;
  const n = await cache.increment('n', 2);
  await db.execute('INSERT INTO seen (email) VALUES ($1)', [payload.user.email]);
  const rows = await db.query('SELECT count(*) AS n FROM seen');
  const ada = await auth.getUser({ email: 'ada@example.com' });
  await auth.updateUser(ada.id, { metadata: { seen: true } });
  await auth.sendEmail({ to: 'ada@example.com', subject: 'Hello', text: 'Hi' });
  await Queue.enqueue('welcome', { to: ada.id });
  const token = await secrets.get('crm');
  const answer = await fetch('https://crm.example/v1', { method: 'POST', headers: { authorization: `Bearer ${token}` }, body: '{}' });
  console.info('answered', answer.status);
  return { patch: { user: { metadata: { n, rows: rows[0].n, crm: (await answer.json()).id } } } };";

#[test]
fn what_is_given_is_there_and_what_the_hook_did_is_shown_and_happened_nowhere() {
    let site = Site::new();
    let project = site.project("a");
    site.live("a", &[("busy", &hook("beforeSignup", BUSY))]);
    let given = json!({
        "cache": { "n": 40 },
        "secrets": { "crm": "s3cret-value" },
        "http": [{
            "request": { "method": "POST", "url": "https://crm.example/v1", "headers": { "authorization": "Bearer [secret crm]" } },
            "response": { "status": 201, "body": { "id": "c1" } },
        }],
        "users": [{ "id": "usr_1", "email": "ada@example.com" }],
        "rows": ["INSERT INTO seen (email) VALUES ('x@example.com')"],
    });
    let migrations = json!([{ "name": "001-seen", "sql": "CREATE TABLE seen (email TEXT NOT NULL)" }]);
    let answer = run(
        &site,
        "busy",
        signup(json!({ "given": given, "migrations": migrations })),
    );
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(
        answer.json["reply"],
        json!({ "kind": "patch", "patch": { "user": { "metadata": { "n": 42, "rows": 2, "crm": "c1" } } } }),
        "{answer:?}"
    );
    let effects = answer.json["effects"].as_array().unwrap();
    let kinds: Vec<&Value> = effects.iter().map(|effect| &effect["kind"]).collect();
    assert_eq!(kinds, ["cache", "database", "user", "mail", "job", "request"]);
    assert!(effects.iter().all(|effect| effect["remains"] == true));
    assert_eq!(
        effects[3]["detail"],
        json!({ "to": "ada@example.com", "subject": "Hello", "text": "Hi" })
    );
    assert_eq!(effects[4]["detail"]["message"], json!({ "to": "usr_1" }));
    assert!(!answer.json.to_string().contains("s3cret-value"));
    for place in ["jobs", "mails", "invocations", "events", "users"] {
        let list = site.admin("GET", &format!("{ENVIRONMENT}/{place}"), None);
        assert_eq!(list.json[place].as_array().map(Vec::len), Some(0), "{place}: {list:?}");
    }
    assert_eq!(site.login(&project.pk, "ada@example.com", "x").status, 401);
}

#[test]
fn a_failure_names_its_place_and_takes_its_effects_with_it() {
    let site = Site::new();
    site.project("a");
    let body = "await Aerocall.Queue.enqueue('welcome', {}); await Aerocall.cache.set('k', 1);\nnull.x; ";
    let numbers = site.live("a", &[("gate", &hook("beforeSignup", body))]);
    let answer = run(&site, "gate", signup(json!({ "target": numbers[0] })));
    let shown = |name: &str| &answer.json[name];
    assert_eq!(
        (answer.status, shown("outcome")),
        (200, &json!("hook_failed")),
        "{answer:?}"
    );
    assert_eq!(
        (&shown("error")["file"], &shown("error")["line"]),
        (&json!("gate.ts"), &json!(2))
    );
    assert!(
        shown("error")["frame"].as_str().unwrap().contains("null.x"),
        "{answer:?}"
    );
    let effects = shown("effects");
    assert_eq!(
        (&effects[0]["kind"], &effects[0]["remains"]),
        (&json!("job"), &json!(false))
    );
    assert_eq!(
        (&effects[1]["kind"], &effects[1]["remains"]),
        (&json!("cache"), &json!(true))
    );
}

#[test]
fn faults_and_requests_without_an_answer_are_errors_that_the_hook_sees() {
    let site = Site::new();
    site.project("a");
    let body = "
      const told: string[] = [];
      for (const work of [() => Aerocall.cache.get('a'), () => Aerocall.cache.get('b'), () => fetch('https://x.example/')]) {
        try { await work(); told.push('ok'); } catch (error: any) { told.push(error.code); }
      }
      return { deny: { code: 'told', message: told.join(' ') } };";
    site.live("a", &[("gate", &hook("beforeSignup", body))]);
    let told = |more: Value| run(&site, "gate", signup(more)).json["reply"]["message"].clone();
    assert_eq!(told(json!({})), "ok ok denied");
    assert_eq!(
        told(json!({ "faults": ["cache.get#2=timeout", "http.send=backend_unavailable"] })),
        "ok timeout backend_unavailable"
    );
}

#[test]
fn input_that_does_not_fit_names_the_field() {
    let site = Site::new();
    site.project("a");
    let other = site.project("b");
    site.live("a", &[("gate", &hook("beforeSignup", ""))]);
    let mut damaged = signup(json!({}));
    damaged["payload"]["user"]["email"] = json!(7);
    damaged["payload"]["nothing"] = json!(1);
    let answer = run(&site, "gate", damaged);
    assert_eq!(
        (answer.status, answer.fields()),
        (422, vec!["payload.nothing", "payload.user.email"]),
        "{answer:?}"
    );
    let cases = [
        (json!({ "point": "beforeNothing" }), "point"),
        (
            json!({ "point": "afterLogout", "payload": { "user": { "id": "u", "email": "a@b.c", "metadata": {}, "publicMetadata": {} }, "provider": "otp", "session": { "id": "s" }, "client": {} } }),
            "point",
        ),
        (json!({ "target": 9 }), "target"),
        (json!({ "target": "draught" }), "target"),
        (json!({ "context": { "reqest": {} } }), "context"),
        (json!({ "given": { "cach": {} } }), "given"),
        (json!({ "given": { "rows": ["SELEC 1"] } }), "given.rows[0] (SELEC 1)"),
        (
            json!({ "given": { "users": vec![json!({ "email": "a@b.c" }); 201] } }),
            "given",
        ),
        (json!({ "faults": ["db.query"] }), "faults"),
        (json!({ "answers": "made up" }), "answers"),
        (json!({ "more": 1 }), "more"),
    ];
    for (more, field) in cases {
        let answer = run(&site, "gate", signup(more.clone()));
        assert_eq!(
            (answer.status, answer.fields()),
            (422, vec![field]),
            "{more}: {answer:?}"
        );
    }
    assert_eq!(run(&site, "nothing", signup(json!({}))).status, 404);
    let path = format!("{ENVIRONMENT}/hooks/gate/run");
    assert_eq!(
        site.admin_as(&other.sk, "POST", &path, Some(signup(json!({})))).status,
        404
    );
}

#[test]
fn a_project_runs_a_few_at_the_same_time() {
    let site = Site::new();
    site.project("a");
    let body = "await new Promise((resolve) => setTimeout(resolve, 1500));";
    site.live("a", &[("slow", &hook("beforeSignup", body))]);
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let runs: Vec<_> = (0..6)
            .map(|_| {
                let site = &site;
                scope.spawn(move || run(site, "slow", signup(json!({}))))
            })
            .collect();
        runs.into_iter().map(|run| run.join().unwrap().status).collect()
    });
    let count = |status: u16| statuses.iter().filter(|one| **one == status).count();
    assert_eq!((count(200), count(503)), (2, 4), "{statuses:?}");
    assert_eq!(
        run(&site, "slow", signup(json!({}))).status,
        200,
        "the places are free again"
    );
}

#[test]
fn a_point_says_what_there_is_to_know() {
    let site = Site::new();
    let listed = site.admin("GET", "/hook-points", None);
    let point = |name: &str| {
        let points = listed.json["points"].as_array().unwrap();
        points.iter().find(|point| point["name"] == name).unwrap().clone()
    };
    insta::assert_snapshot!(snapshots::document(&point("beforeOtpVerify")["samples"]), @r#"
    [
      {
        "name": "every member",
        "input": {
          "user": {
            "id": "usr_[…]",
            "email": "ada@example.com",
            "name": "Ada",
            "metadata": {},
            "publicMetadata": {}
          },
          "channel": "email",
          "to": "ada@example.com",
          "client": {
            "id": "web",
            "version": "1.4.0"
          }
        }
      },
      {
        "name": "only what is always there",
        "input": {
          "channel": "email",
          "to": "ada@example.com",
          "client": {
            "id": "web",
            "version": "1.4.0"
          }
        }
      },
      {
        "name": "channel: sms",
        "input": {
          "user": {
            "id": "usr_[…]",
            "email": "ada@example.com",
            "name": "Ada",
            "metadata": {},
            "publicMetadata": {}
          },
          "channel": "sms",
          "to": "ada@example.com",
          "client": {
            "id": "web",
            "version": "1.4.0"
          }
        }
      }
    ]
    "#);
    assert_eq!(point("beforeTokenIssue")["mayChange"], json!(["claims"]));
    assert_eq!(point("beforeSignup")["defaultFailurePolicy"], "closed");
    assert_eq!(point("afterSignup")["defaultFailurePolicy"], "open");
    assert_eq!(point("afterLogin")["endpoint"], "POST /auth/login");
}
