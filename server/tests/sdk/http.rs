//! `fetch`, `Aerocall.http` and `Aerocall.secrets` from real hooks to a real server on loopback.

use std::{
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use crate::{
    bundles::hook,
    http_server, logbook,
    site::{PASSWORD, Project, Site},
};

/// Answers every request with 200 after a pause, echoing it, and keeps what it got.
struct Echo {
    address: String,
    got: Arc<Mutex<Vec<String>>>,
}

impl Echo {
    fn start(pause: Duration) -> Self {
        let got: Arc<Mutex<Vec<String>>> = Arc::default();
        let kept = Arc::clone(&got);
        let address = http_server::answering(move |request| {
            std::thread::sleep(pause);
            kept.lock().unwrap().push(request.text());
            let body = json!({ "echo": request.text() });
            ("content-type: application/json\r\n", body.to_string())
        });
        Self {
            address: address.to_string(),
            got,
        }
    }
}

/// A server whose hooks may reach loopback.
fn site() -> Site {
    Site::with(&[("AEROCALL_EGRESS_PRIVATE_NETWORKS", "127.0.0.1/32")])
}

fn reported(site: &Site, project: &Project, config: &str, body: &str) -> Value {
    let body = format!(
        "const run = async () => {{ {body} }}; let reported; try {{ reported = await run(); }} catch (error) {{ reported = {{ code: error.code, message: error.message }}; }} throw new Aerocall.Deny(JSON.stringify(reported ?? null).slice(0, 490), {{ code: 'reported' }});"
    );
    let source = format!(
        "export const config = {{ capabilities: {config} }};\n{}",
        hook("beforeSignup", &body)
    );
    site.live(&project.id, &[("probe", &source)]);
    let answer = site.register(
        &project.pk,
        json!({ "email": "probe@work.example", "password": PASSWORD }),
    );
    assert_eq!(answer.json["error"]["code"], "reported", "{answer:?}");
    serde_json::from_str(answer.json["error"]["message"].as_str().unwrap()).unwrap()
}

#[test]
fn a_hook_fetches_from_hosts_that_it_declared_and_no_others() {
    let (site, echo) = (site(), Echo::start(Duration::ZERO));
    let project = site.project("a");
    let host = &echo.address;
    let call = format!(
        "const answer = await fetch('http://{host}/x?y=1', {{ method: 'POST', body: 'hi', headers: {{ 'x-a': 'b' }} }}); const text = (await answer.json()).echo; return [answer.status, answer.url, text.startsWith('POST /x?y=1 HTTP/1.1'), text.includes('x-a: b'), text.endsWith('hi')];"
    );
    let right = reported(&site, &project, &format!("{{ http: ['{host}'] }}"), &call);
    assert_eq!(right, json!([200, format!("http://{host}/x?y=1"), true, true, true]));
    let other = reported(&site, &project, "{ http: ['api.example.com'] }", &call);
    assert_eq!(other["code"], "denied", "{other}");
    assert!(
        other["message"].as_str().unwrap().contains("127.0.0.1"),
        "the line that would allow it: {other}"
    );
    let none = reported(&site, &project, "{ cache: true }", &call);
    assert_eq!(none["code"], "capability_not_declared", "{none}");
    assert_eq!(echo.got.lock().unwrap().len(), 1, "nothing else has left");
}

#[test]
fn the_project_has_a_list_of_its_own() {
    let (site, echo) = (site(), Echo::start(Duration::ZERO));
    let project = site.project("a");
    let call = format!("return (await fetch('http://{}/')).status;", echo.address);
    let declared = format!("{{ http: ['{}'] }}", echo.address);
    let path = "/projects/a/environments/production/settings/http";
    let put = site.admin("PUT", path, Some(json!({ "hosts": ["api.example.com"] })));
    assert_eq!(put.status, 200, "{put:?}");
    assert_eq!(reported(&site, &project, &declared, &call)["code"], "denied");
    site.admin("PUT", path, Some(json!({ "hosts": ["api.example.com", echo.address] })));
    assert_eq!(reported(&site, &project, &declared, &call), 200);
}

#[test]
fn private_addresses_are_refused_unless_the_operator_says_otherwise() {
    let (site, echo) = (Site::new(), Echo::start(Duration::ZERO));
    let project = site.project("a");
    let port = echo.address.split_once(':').unwrap().1;
    for host in [
        "127.0.0.1",
        "localhost",
        "0x7f000001",
        "2130706433",
        "0177.0.0.1",
        "127.1",
        "[::1]",
        "[::ffff:127.0.0.1]",
    ] {
        let call = format!("return (await fetch('http://{host}:{port}/')).status;");
        let reported = reported(&site, &project, "{ http: ['*'] }", &call);
        assert_eq!(reported["code"], "denied", "{host}: {reported}");
    }
    assert_eq!(echo.got.lock().unwrap().len(), 0);
}

#[test]
fn requests_that_are_started_together_run_together() {
    let (site, echo) = (site(), Echo::start(Duration::from_millis(1_000)));
    let project = site.project("a");
    let call = format!(
        "const all = await Promise.all([1, 2, 3, 4, 5].map((n) => fetch('http://{}/' + n))); return all.map((answer) => answer.status);",
        echo.address
    );
    let declared = format!("{{ http: ['{}'] }}", echo.address);
    let started = Instant::now();
    assert_eq!(
        reported(&site, &project, &declared, &call),
        json!([200, 200, 200, 200, 200])
    );
    // One after the other they would take 5 s, building and deploying the hook included they take far less.
    assert!(
        started.elapsed() < Duration::from_millis(4_500),
        "{:?}",
        started.elapsed()
    );
}

#[test]
fn a_secret_is_used_and_never_seen() {
    let (site, echo) = (site(), Echo::start(Duration::ZERO));
    let project = site.project("a");
    let value = "sk-live-9f8e7d6c5b4a3210";
    let host = &echo.address;
    let path = "/projects/a/environments/production/secrets/crm_token";
    let put = site.admin("PUT", path, Some(json!({ "value": value, "hosts": [host] })));
    assert_eq!(put.status, 201, "{put:?}");
    let declared = format!("{{ http: ['{host}'], secrets: ['crm_token'] }}");
    let call = format!("
        const token = await Aerocall.secrets.get('crm_token');
        console.log('the token is', token, `${{token}}`, {{ token }});
        const answer = await fetch('http://{host}/', {{ method: 'POST', headers: {{ authorization: `Bearer ${{token}}` }}, body: JSON.stringify({{ token }}) }});
        const text = await answer.text();
        return [text.includes('{value}'), text.includes('[secret crm_token]'), String(token).includes('sk-live')];");
    assert_eq!(reported(&site, &project, &declared, &call), json!([false, true, false]));
    let got = echo.got.lock().unwrap()[0].clone();
    assert!(
        got.contains(&format!("authorization: Bearer {value}")) && got.ends_with(&format!("{{\"token\":\"{value}\"}}")),
        "{got}"
    );

    // RFC 4231, test case 2, with the secret as key.
    let other = site.admin(
        "PUT",
        "/projects/a/environments/production/secrets/jefe",
        Some(json!({ "value": "Jefe", "hosts": [] })),
    );
    assert_eq!(other.status, 201);
    let mac = "const s = await Aerocall.secrets.get('jefe'); const mac = await s.hmac('SHA-256', 'what do ya want for nothing?'); return [[...mac.slice(0, 3)], await s.verify('SHA-256', 'what do ya want for nothing?', mac), await s.verify('SHA-256', 'x', mac)];";
    assert_eq!(
        reported(&site, &project, "{ secrets: ['jefe'] }", mac),
        json!([[0x5b, 0xdc, 0xc1], true, false])
    );
    let unknown = reported(
        &site,
        &project,
        "{ secrets: ['jefe'] }",
        "return Aerocall.secrets.get('crm_token');",
    );
    assert_eq!(unknown["code"], "not_found", "{unknown}");

    // Not approved for this host: refused before anything leaves.
    site.admin(
        "PUT",
        path,
        Some(json!({ "value": value, "hosts": ["api.example.com"] })),
    );
    let refused = reported(&site, &project, &declared, &call);
    assert_eq!(refused["code"], "denied", "{refused}");
    assert_eq!(echo.got.lock().unwrap().len(), 1);

    let records = site
        .admin("GET", "/projects/a/environments/production/invocations", None)
        .json;
    for record in records["invocations"].as_array().unwrap() {
        let path = format!(
            "/projects/a/environments/production/invocations/{}",
            record["id"].as_str().unwrap()
        );
        let whole = site.admin("GET", &path, None).json.to_string();
        assert!(!whole.contains("sk-live"), "{whole}");
    }
    assert_eq!(logbook::lines_with("sk-live"), Vec::<String>::new());
}
