//! Secrets of a hook on its author's machine: sent as a server sends them, and named by a deployment that lacks them.

use std::sync::mpsc::{Receiver, channel};

use serde_json::{Value, json};

use crate::{
    http_server,
    server::Site,
    support::{Done, SIGNUP, aerocall, project, run},
};

/// A host on this machine that answers with the secret that it gets: its address, and what it is sent.
fn host() -> (String, Receiver<String>) {
    let (sender, received) = channel();
    let address = http_server::answering(move |request| {
        sender.send(request.text()).unwrap();
        ("", "you sent s3cret-of-the-crm!".to_owned())
    });
    (address.to_string(), received)
}

/// Sends a secret in a header and in the body, or in the address.
fn crm(address: &str) -> String {
    format!(
        "export const beforeSignup = async (_c: any, {{ client }}: any, {{ secrets, http }}: any) => {{
            const token = await secrets.get('crm_token');
            const url = 'http://{address}/' + (client.id === 'in_url' ? token : '');
            const answer = await http.post(url, {{ token }}, {{ headers: {{ authorization: `Bearer ${{token}}` }} }});
            return {{ patch: {{ user: {{ metadata: {{ text: await answer.text() }} }} }} }};
        }};
        export const config = {{ capabilities: {{ http: ['{address}'], secrets: ['crm_token'] }} }};"
    )
}

#[test]
fn a_secret_that_is_given_leaves_as_its_value_and_is_seen_nowhere_else() {
    let (address, received) = host();
    let here = project(&[("hooks/crm.ts", &crm(&address)), ("in.json", SIGNUP)]);
    let call = |given: Value, code: i32| -> Done {
        std::fs::write(here.path().join("given.json"), given.to_string()).unwrap();
        let mut command = aerocall(here.path());
        let arguments = [
            "run",
            ".",
            "--hook",
            "beforeSignup",
            "--input",
            "in.json",
            "--given",
            "given.json",
            "--json",
        ];
        command
            .args(arguments)
            .env("AEROCALL_EGRESS_PRIVATE_NETWORKS", "127.0.0.1/32");
        Done::from(command.output().unwrap()).expect(code)
    };
    let answered = json!({ "text": "you sent [secret crm_token]!" });
    for secret in [
        json!("s3cret-of-the-crm"),
        json!({ "value": "s3cret-of-the-crm", "hosts": [address] }),
    ] {
        let done = call(json!({ "secrets": { "crm_token": secret } }), 0);
        let request = received.recv().unwrap();
        assert!(
            request.contains("authorization: Bearer s3cret-of-the-crm\r\n"),
            "{request}"
        );
        assert!(request.ends_with(r#"{"token":"s3cret-of-the-crm"}"#), "{request}");
        assert_eq!(done.json()["reply"]["patch"]["user"]["metadata"], answered);
        assert!(!(done.stdout + &done.stderr).contains("s3cret"));
    }
    let elsewhere = json!({ "value": "s3cret-of-the-crm", "hosts": ["api.crm.example"] });
    let refused = call(json!({ "secrets": { "crm_token": elsewhere } }), 1).json();
    assert_eq!(refused["reply"]["error"]["code"], "denied", "{refused}");
    let message = refused["reply"]["message"].as_str().unwrap();
    assert!(
        message.contains("the secret crm_token is not approved for "),
        "{message}"
    );
    let none = call(json!({ "secrets": {} }), 1).json();
    assert_eq!(none["reply"]["error"]["code"], "not_found", "{none}");
    for (secrets, says) in [
        (
            json!({ "crm_token": "" }),
            "given.secrets[\"crm_token\"] must not be empty",
        ),
        (
            json!({ "crm-token": "x" }),
            "given.secrets[\"crm-token\"] must be 1 to 64 of A-Z",
        ),
        (json!({ "crm_token": 5 }), "a secret is its value, or {"),
        (json!({ "crm_token": { "value": "x" } }), "a secret is its value, or {"),
        (
            json!({ "crm_token": { "value": "x", "hosts": ["https://a.b/"] } }),
            "given.secrets[\"crm_token\"]",
        ),
    ] {
        let wrong = call(json!({ "secrets": secrets }), 2);
        assert!(wrong.stderr.contains(says), "{says}: {}", wrong.stderr);
    }
    assert!(received.try_recv().is_err(), "what was refused was not sent");
}

#[test]
fn a_case_refuses_a_secret_where_a_server_does() {
    let hook = crm("api.crm.example");
    let exchange = json!({ "request": { "method": "POST", "url": "http://api.crm.example/",
        "headers": { "authorization": "Bearer [secret crm_token]" }, "body": { "token": "[secret crm_token]" } },
        "response": { "body": "ok" } });
    let case = |secret: Value, client: Value, expect: Value| {
        let mut payload: Value = serde_json::from_str(SIGNUP).unwrap();
        payload["client"] = client;
        let http = match expect["replyIncludes"]["kind"] == "patch" {
            true => json!([exchange]),
            false => json!([]),
        };
        json!({ "hook": "beforeSignup", "payload": payload, "expect": expect, "given": { "secrets": { "crm_token": secret }, "http": http } })
    };
    let patch = json!({ "replyIncludes": { "kind": "patch" } });
    let denied = json!({ "replyIncludes": { "kind": "failure", "error": { "code": "denied" } } });
    let only = |host: &str| json!({ "value": "x", "hosts": [host] });
    let cases = json!([
        case(json!("x"), json!({}), patch.clone()),
        case(only("api.crm.example"), json!({}), patch.clone()),
        case(only("*.crm.example"), json!({}), patch),
        case(only("crm.example"), json!({}), denied.clone()),
        case(json!("x"), json!({ "id": "in_url" }), denied),
    ]);
    let here = project(&[("hooks/crm.ts", &hook), ("tests/crm.json", &cases.to_string())]);
    let tested = run(here.path(), &["test", "--json"]).json();
    assert_eq!(tested["failed"], 0, "{tested:#}");
}

#[test]
fn a_deployment_names_the_secrets_that_are_not_there_and_goes_on() {
    let site = Site::new(&[]);
    let hook =
        "export const beforeSignup = async (_c: any, _p: any, { secrets }: any) => { await secrets.get('crm_token'); };
        export const config = { capabilities: { secrets: ['crm_token', 'mac_key'] } };";
    let toml = "[project]\nid = \"demo\"\nenvironment = \"development\"\n";
    let here = project(&[("aerocall.toml", toml), ("hooks/crm.ts", hook), ("value.txt", "Jefe")]);
    let missing = |names: &[&str]| -> Value {
        names
            .iter()
            .map(|name| json!({ "hook": "crm", "secret": name }))
            .collect()
    };
    for arguments in [&["--dry-run"][..], &[]] {
        let done = site.deploy(here.path(), arguments).expect(0);
        assert!(
            done.stderr.contains(
                "warning: crm uses the secret mac_key, which demo/development does not have: aerocall secrets set mac_key"
            ),
            "{}",
            done.stderr
        );
        assert_eq!(done.json()["missingSecrets"], missing(&["crm_token", "mac_key"]));
    }
    let set = ["secrets", "set", "mac_key", "--value-file", "value.txt"];
    site.run(here.path(), &set).expect(0);
    let done = site.deploy(here.path(), &[]).expect(0);
    assert_eq!(done.json()["missingSecrets"], missing(&["crm_token"]));
    let set = ["secrets", "set", "crm_token", "--value-file", "value.txt"];
    site.run(here.path(), &set).expect(0);
    let done = site.deploy(here.path(), &[]).expect(0);
    assert_eq!(done.json()["missingSecrets"], missing(&[]));
    assert!(!done.stderr.contains("uses the secret"), "{}", done.stderr);
}
