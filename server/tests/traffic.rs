//! What happened, for those who look at it: invocations by what is asked of them, figures, streams, everything of one request,
//! and finding something by a few letters.

use serde_json::{Value, json};

use crate::{
    bundles::hook,
    event_stream::Stream,
    site::{PASSWORD, Project, Site, until},
};

const ENVIRONMENT: &str = "/projects/a/environments/production";

/// Denies `deny…`, fails for `fail…`, changes `patch…`, and lets the others in.
const GATE: &str = "
  const email = payload.user.email;
  if (email.startsWith('deny')) return { deny: { code: 'not_you', message: 'Not you', status: 403 } };
  if (email.startsWith('fail')) throw new Error('no');
  if (email.startsWith('patch')) return { patch: { user: { metadata: { a: 1 } } } };";

const WELCOME: &str = "export const afterSignup = async (context, { user }, Aerocall) => {
  await Aerocall.cache.set('last', user.id);
  await Aerocall.queue.enqueue('greet', { user: user.id });
  await Aerocall.auth.sendEmail({ to: user.email, subject: 'Hi', text: 'Hello' });
};
export const on = { 'queue.greet': async () => {}, 'auth.signup': async () => {} };";

fn get(site: &Site, path: &str) -> Value {
    let answer = site.admin("GET", &format!("{ENVIRONMENT}{path}"), None);
    assert_eq!(answer.status, 200, "{path}: {answer:?}");
    answer.json
}

fn register(site: &Site, project: &Project, name: &str) -> crate::site::Answer {
    let email = format!("{name}@example.com");
    site.register(&project.pk, json!({ "email": email, "password": PASSWORD }))
}

/// A site with traffic: of four sign-ups, one is denied and one fails.
fn busy() -> (Site, Project) {
    let site = Site::new();
    let project = site.project("a");
    site.live("a", &[("gate", &hook("beforeSignup", GATE)), ("welcome", WELCOME)]);
    for name in ["ada", "deny", "fail", "patch"] {
        register(&site, &project, name);
    }
    site.idle();
    site.recorded();
    (site, project)
}

/// Point and outcome of each, newest first.
fn listed(site: &Site, query: &str) -> Vec<String> {
    let list = get(site, &format!("/invocations?limit=200&{query}"));
    let shown = |one: &Value| {
        format!(
            "{} {}",
            one["point"].as_str().unwrap(),
            one["outcome"].as_str().unwrap()
        )
    };
    list["invocations"].as_array().unwrap().iter().map(shown).collect()
}

#[test]
fn invocations_are_found_by_what_they_were() {
    let (site, _) = busy();
    let gates = [
        "beforeSignup patch",
        "beforeSignup hook_failed",
        "beforeSignup deny",
        "beforeSignup allow",
    ];
    assert_eq!(listed(&site, "hook=gate"), gates);
    assert_eq!(listed(&site, "point=beforeSignup"), gates);
    assert_eq!(listed(&site, "outcome=failure"), ["beforeSignup hook_failed"]);
    assert_eq!(listed(&site, "outcome=hook_failed"), ["beforeSignup hook_failed"]);
    assert_eq!(listed(&site, "outcome=deny&version=1"), ["beforeSignup deny"]);
    assert_eq!(listed(&site, "version=2"), Vec::<String>::new());
    assert_eq!(listed(&site, "minDurationUs=600000000"), Vec::<String>::new());
    assert_eq!(listed(&site, "to=2020-01-01T00:00:00Z"), Vec::<String>::new());
    assert_eq!(listed(&site, "from=2020-01-01T00:00:00Z&hook=gate").len(), 4);
    // About a user there is what ran once there was one.
    let mut of_ada = listed(&site, "user=ada@example.com");
    of_ada.sort();
    assert_eq!(of_ada, ["afterSignup allow", "auth.signup allow"]);
    let all = get(&site, "/invocations?point=afterSignup");
    let user = all["invocations"][0]["user"].as_str().unwrap();
    assert_eq!(listed(&site, &format!("user={user}")).len(), 2);
    assert_eq!(listed(&site, "user=nobody@example.com"), Vec::<String>::new());
    let denied = get(&site, "/invocations?outcome=deny");
    assert_eq!(
        denied["invocations"][0]["denial"],
        json!({ "code": "not_you", "message": "Not you", "status": 403 })
    );
    let first = get(&site, "/invocations?hook=gate&limit=2");
    let next = first["next"].as_str().unwrap();
    assert_eq!(listed(&site, &format!("hook=gate&before={next}")), gates[2..]);
    for (query, field) in [
        ("user=x", "user"),
        ("version=0", "version"),
        ("from=yesterday", "from"),
        ("minDurationUs=-1", "minDurationUs"),
        ("from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z", "to"),
    ] {
        let refused = site.admin("GET", &format!("{ENVIRONMENT}/invocations?{query}"), None);
        assert_eq!((refused.status, refused.fields()), (422, vec![field]), "{query}");
    }
}

#[test]
fn invocations_are_counted_over_time() {
    let (site, project) = busy();
    let histogram = get(&site, "/invocations/histogram?hook=gate&step=60");
    let sum = |name: &str| -> u64 {
        let buckets = histogram["buckets"].as_array().unwrap();
        buckets.iter().map(|bucket| bucket[name].as_u64().unwrap()).sum()
    };
    assert_eq!([sum("allow"), sum("patch"), sum("deny"), sum("failure")], [1, 1, 1, 1]);
    assert_eq!(
        (&histogram["isComplete"], &histogram["stepSeconds"]),
        (&json!(true), &json!(60))
    );
    let figures = get(&site, "/figures?metric=failures&by=point");
    let series = figures["series"].as_array().unwrap();
    let gate = series.iter().find(|one| one["key"] == "beforeSignup").unwrap();
    let failures: i64 = gate["values"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(Value::as_i64)
        .sum();
    assert_eq!((&gate["calls"], failures), (&json!(4), 1), "{figures}");
    let times = get(&site, "/figures?metric=p95&hook=gate&step=3600");
    assert_eq!(times["series"].as_array().unwrap().len(), 1);
    let measured = times["series"][0]["values"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(Value::as_i64);
    assert!(measured.max() > Some(0), "{times}");
    let versions = get(&site, "/figures?by=version");
    assert!(versions.to_string().contains("\"gate@1\""), "{versions}");
    for (query, field) in [
        ("metric=x", "metric"),
        ("by=x", "by"),
        ("step=1&from=2026-01-01T00:00:00Z&to=2026-01-01T01:00:00Z", "step"),
        ("from=2025-01-01T00:00:00Z", "from"),
    ] {
        let refused = site.admin("GET", &format!("{ENVIRONMENT}/figures?{query}"), None);
        assert_eq!((refused.status, refused.fields()), (422, vec![field]), "{query}");
    }
    let other = site.project("b").sk;
    for path in ["/figures", "/invocations/histogram", "/search?q=a", "/requests/req_x"] {
        assert_eq!(
            site.admin_as(&other, "GET", &format!("{ENVIRONMENT}{path}"), None)
                .status,
            404,
            "{path}"
        );
    }
    assert_eq!(
        site.admin_as(&project.sk, "GET", &format!("{ENVIRONMENT}/figures"), None)
            .status,
        200
    );
}

#[test]
fn endpoints_say_what_their_hooks_came_to_and_who_gets_their_events() {
    let (site, _) = busy();
    let webhook = json!({ "url": "https://example.com/hook", "events": ["auth.*"] });
    let made = site.admin("POST", &format!("{ENVIRONMENT}/webhooks"), Some(webhook));
    assert_eq!(made.status, 201, "{made:?}");
    let endpoints = get(&site, "/endpoints");
    let find = |path: &str| -> Value {
        let all = endpoints["endpoints"].as_array().unwrap();
        all.iter().find(|one| one["path"] == path).unwrap().clone()
    };
    let register = find("/auth/register");
    let point = &register["hooks"][0];
    let figures = &point["figures"];
    assert_eq!(
        (&figures["calls"], &figures["denials"], &figures["failures"]),
        (&json!(4), &json!(1), &json!(1)),
        "{register}"
    );
    assert_eq!(figures["last"]["outcome"], "patch");
    assert!(figures["p95Us"].as_i64() > Some(0));
    assert_eq!(point["hooks"][0]["figures"], *figures);
    assert_eq!(register["figures"]["calls"], 6, "with those after the sign-up");
    let hours = register["hours"].as_array().unwrap();
    let calls: i64 = hours.iter().filter_map(|hour| hour["calls"].as_i64()).sum();
    assert_eq!(calls, 6, "{hours:?}");
    assert!(register["example"]["email"].is_string(), "{register}");
    // A group of a webhook is as good as a script hook.
    let login = find("/auth/login");
    let event = login["events"]
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["name"] == "auth.login")
        .unwrap();
    assert_eq!(
        (&event["status"], &event["hooks"]),
        (&json!("enabled"), &json!([])),
        "{event}"
    );
    assert_eq!(event["webhooks"][0]["url"], "https://example.com/hook");
    let page = site.page(
        "/docs?project=a&environment=production",
        &[("authorization", &format!("Bearer {}", site.admin_token))],
    );
    let id = made.json["id"].as_str().unwrap();
    assert!(
        page.2
            .contains(&format!("<span class=\"on\">enabled</span> webhook {id}")),
        "the page says the same"
    );
    // Who may not read settings does not see where it is sent.
    let token = json!({ "name": "reader", "scopes": ["hooks:read"] });
    let token = site.admin("POST", "/projects/a/tokens", Some(token)).json;
    let seen = site.admin_as(
        token["token"].as_str().unwrap(),
        "GET",
        &format!("{ENVIRONMENT}/endpoints"),
        None,
    );
    assert!(seen.status == 200 && !seen.json.to_string().contains("https://example.com/hook"));
    let off = site.admin(
        "PATCH",
        &format!("{ENVIRONMENT}/webhooks/{id}"),
        Some(json!({ "state": "disabled" })),
    );
    assert_eq!(off.status, 200, "{off:?}");
    let endpoints = get(&site, "/endpoints").to_string();
    assert!(
        endpoints.contains(r#""name":"auth.login","status":"disabled""#),
        "{endpoints}"
    );
}

#[test]
fn everything_of_a_request_is_in_one_place() {
    let site = Site::new();
    let project = site.project("a");
    site.live("a", &[("gate", &hook("beforeSignup", GATE)), ("welcome", WELCOME)]);
    let answer = register(&site, &project, "ada");
    register(&site, &project, "bob");
    let id = answer.header("x-request-id");
    site.idle();
    site.recorded();
    let trace = get(&site, &format!("/requests/{id}"));
    let points = |list: &str| -> Vec<&str> {
        let mut points: Vec<&str> = trace[list]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["point"].as_str().unwrap())
            .collect();
        points.dedup();
        points
    };
    assert_eq!(trace["endpoint"], "POST /auth/register");
    assert_eq!(points("invocations"), ["beforeSignup", "afterSignup"]);
    let calls: Vec<&str> = trace["invocations"][1]["hostCalls"]
        .as_array()
        .unwrap()
        .iter()
        .map(|call| call["name"].as_str().unwrap())
        .collect();
    assert_eq!(calls.len(), 3, "{calls:?}");
    assert_eq!(trace["events"][0]["type"], "auth.signup");
    assert_eq!(trace["events"].as_array().unwrap().len(), 1);
    assert_eq!(trace["mails"][0]["to"], "ada@example.com");
    assert_eq!(trace["jobs"].as_array().unwrap().len(), 2, "{trace}");
    let mut later = points("later");
    later.sort_unstable();
    assert_eq!(later, ["auth.signup", "queue.greet"]);
    assert_eq!(trace["isComplete"], true);
    assert!(!trace.to_string().contains("bob@example.com"));
    let none = site.admin("GET", &format!("{ENVIRONMENT}/requests/req_none"), None);
    assert_eq!((none.status, none.code()), (404, "not_found"));
}

#[test]
fn a_few_letters_or_an_id_find_what_the_caller_may_read() {
    let (site, _) = busy();
    let find = |token: &str, typed: &str| -> Vec<String> {
        let answer = site.admin_as(token, "GET", &format!("{ENVIRONMENT}/search?q={typed}"), None);
        assert_eq!(answer.status, 200, "{answer:?}");
        let shown = |one: &Value| format!("{} {}", one["kind"].as_str().unwrap(), one["title"].as_str().unwrap());
        answer.json["results"].as_array().unwrap().iter().map(shown).collect()
    };
    let all = site.admin_token.as_str();
    assert_eq!(find(all, "GAT"), ["hook gate"]);
    assert_eq!(find(all, "ADA@"), ["user ada@example.com"]);
    assert_eq!(find(all, "zzz"), Vec::<String>::new());
    assert_eq!(
        find(all, "%25"),
        Vec::<String>::new(),
        "what LIKE takes for anything is a sign like others"
    );
    let list = get(&site, "/invocations?point=afterSignup&limit=1");
    let call = &list["invocations"][0];
    assert_eq!(
        find(all, call["id"].as_str().unwrap()),
        ["invocation welcome · afterSignup"]
    );
    assert_eq!(find(all, call["requestId"].as_str().unwrap()), ["request afterSignup"]);
    assert!(find(all, call["user"].as_str().unwrap())[0].starts_with("user "));
    let event = get(&site, "/events?type=auth.signup&limit=1");
    assert_eq!(
        find(all, event["events"][0]["id"].as_str().unwrap()),
        ["event auth.signup"]
    );
    let token = json!({ "name": "reader", "scopes": ["hooks:read"] });
    let token = site.admin("POST", "/projects/a/tokens", Some(token)).json;
    let reader = token["token"].as_str().unwrap();
    assert_eq!(find(reader, "ada@"), Vec::<String>::new());
    assert_eq!(find(reader, call["id"].as_str().unwrap()), Vec::<String>::new());
    assert_eq!(find(reader, "gate"), ["hook gate"]);
    assert_eq!(
        site.admin("GET", &format!("{ENVIRONMENT}/search"), None).fields(),
        ["q"]
    );
}

#[test]
fn a_stream_shows_invocations_as_they_are_recorded_and_goes_on_where_it_was() {
    let (site, project) = busy();
    let path = format!("{ENVIRONMENT}/invocations/stream?hook=gate&outcome=deny");
    let mut stream = Stream::open(&site, &project, &path, None);
    assert_eq!(stream.line("HTTP/1.1 "), "200 OK");
    stream.line("retry: ");
    register(&site, &project, "eve");
    register(&site, &project, "deny2");
    assert_eq!(stream.line("event: "), "invocation");
    let first: Value = serde_json::from_str(&stream.line("data: ")).unwrap();
    assert_eq!(
        (&first["hook"], &first["outcome"]),
        (&json!("gate"), &json!("deny")),
        "not what was before"
    );
    drop(stream);
    register(&site, &project, "deny3");
    site.recorded();
    let id = first["id"].as_str().unwrap();
    let mut stream = Stream::open(&site, &project, &path, Some(id));
    let missed = until(|| {
        let (id, _) = stream.event();
        (id != first["id"]).then_some(id)
    });
    assert!(missed.starts_with("inv_"));
    let refused = site.admin("GET", &format!("{ENVIRONMENT}/invocations/stream?user=x"), None);
    assert_eq!((refused.status, refused.fields()), (422, vec!["user"]));
}

#[test]
fn the_server_says_what_it_is() {
    let site = Site::new();
    let meta = site.admin("GET", "/meta", None).json;
    assert_eq!(meta["version"], env!("CARGO_PKG_VERSION"));
    assert_eq!(meta["engines"][0]["name"], "quickjs");
    assert!(meta["engines"][0]["digest"].as_str().unwrap().starts_with("sha256:"));
    for (settings, features) in [
        (
            &[][..],
            json!({ "types": false, "mailCapture": true, "assistant": false }),
        ),
        (
            &[
                ("AEROCALL_HOOKS_TSC", "/bin/true"),
                ("AEROCALL_SMTP_URL", "smtp://127.0.0.1:25"),
                ("AEROCALL_ASSISTANT_PROVIDER", "openai"),
                ("AEROCALL_ASSISTANT_BASE_URL", "https://models.example/v1"),
                ("AEROCALL_ASSISTANT_MODEL", "any"),
            ],
            json!({ "types": true, "mailCapture": false, "assistant": true }),
        ),
    ] {
        assert_eq!(
            Site::with(settings).admin("GET", "/meta", None).json["features"],
            features
        );
    }
    assert_eq!(meta["limits"]["recordsMostPerProject"], 20_000);
    assert!(
        meta["auditActions"]
            .as_array()
            .unwrap()
            .contains(&json!("project.created"))
    );
    assert_eq!(site.get("/admin/api/v1/meta").status, 401);
}
