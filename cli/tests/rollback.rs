//! `aerocall rollback`, what is said of a deployment and expected for it, and hooks that are edited on the server: against the
//! binary itself, which is also what builds them.

use std::fs;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{http_client, server::Site, support::project};

const TOML: &str = "[project]\nid = \"demo\"\nenvironment = \"development\"\n";

fn gate(mark: &str) -> String {
    format!(
        "export const beforeSignup = async () => ({{ patch: {{ user: {{ metadata: {{ mark: '{mark}' }} }} }} }});\n"
    )
}

fn hooks(mark: &str) -> TempDir {
    project(&[("aerocall.toml", TOML), ("hooks/gate.ts", &gate(mark))])
}

fn mark(site: &Site, email: &str) -> Value {
    site.register(email).1["user"]["metadata"]["mark"].clone()
}

#[test]
fn what_an_earlier_deployment_had_is_live_again_in_one_command() {
    let (site, project) = (Site::new(&[]), hooks("one"));
    let first = site.deploy(project.path(), &["--message", "One"]).expect(0).json();
    assert_eq!(
        (&first["deployment"]["number"], &first["deployment"]["message"]),
        (&json!(2), &json!("One"))
    );
    fs::write(project.path().join("hooks/gate.ts"), gate("two")).unwrap();
    site.deploy(project.path(), &[]).expect(0);
    assert_eq!(mark(&site, "a@work.example"), "two");
    let done = site
        .run(project.path(), &["rollback", "--message", "Two was wrong"])
        .expect(0);
    assert!(
        done.stdout.starts_with("deployment 4 is live on ") && done.stdout.contains("as deployment 2 was"),
        "{}",
        done.stdout
    );
    assert_eq!(mark(&site, "b@work.example"), "one");
    let newest = site.admin("/deployments")["deployments"][0].clone();
    assert_eq!(
        (&newest["number"], &newest["message"]),
        (&json!(4), &json!("Two was wrong"))
    );
    // To any of them, and one hook alone.
    let forward = site
        .run(project.path(), &["rollback", "--to", "3", "--hook", "gate", "--json"])
        .expect(0)
        .json();
    assert_eq!(
        (&forward["deployment"]["number"], &forward["number"]),
        (&json!(5), &json!(5))
    );
    assert_eq!(mark(&site, "c@work.example"), "two");
    // What is not expected is refused, and so is what is not there.
    for (arguments, code) in [
        (&["rollback", "--to", "2", "--expect", "2"][..], "deployment_conflict"),
        (&["rollback", "--to", "99"][..], "not_found"),
        (&["rollback", "--to", "2", "--hook", "nope"][..], "invalid_input"),
        (&["deploy", "--expect", "2"][..], "deployment_conflict"),
    ] {
        let refused = site
            .run(project.path(), &[arguments, &["--json"]].concat())
            .expect(1)
            .json();
        assert_eq!(refused["error"]["code"], code, "{arguments:?}");
    }
    let said = site.run(project.path(), &["rollback", "--to", "99"]).expect(1).stderr;
    assert!(said.contains("the server has nothing at /projects/"), "{said}");
    assert!(said.contains("/deployments/99"), "{said}");
    assert_eq!(site.admin("/hooks")["number"], 5);
    // Nothing fails, so nothing is forced; the flag is accepted.
    let forced = site
        .deploy(project.path(), &["--force", "Just in case", "--expect", "5"])
        .expect(0)
        .json();
    assert_eq!(forced["deployment"]["forcedReason"], Value::Null, "{forced}");
}

#[test]
fn a_hook_is_edited_checked_deployed_and_rolled_back_on_the_server() {
    let (site, project) = (Site::new(&[]), hooks("one"));
    site.deploy(project.path(), &[]).expect(0);
    let bearer = format!("Bearer {}", site.token);
    let send = |method: &str, path: &str, tag: &str, body: Value| {
        let url = format!("{}/admin/api/v1/projects/demo{path}", site.url);
        let headers = [
            ("authorization", bearer.as_str()),
            ("content-type", "application/json"),
            ("if-match", tag),
        ];
        let answer = http_client::send(method, &url, &headers, body.to_string().as_bytes()).unwrap();
        (answer.status, answer.json())
    };
    let (status, draft) = send("POST", "/hooks/gate/draft", "", json!({ "from": 1 }));
    assert_eq!(
        (status, &draft["files"][0]["path"]),
        (201, &json!("hooks/gate.ts")),
        "{draft}"
    );
    let files =
        json!({ "files": [{ "path": "hooks/gate.ts", "text": gate("edited") }], "settings": draft["settings"] });
    assert_eq!(send("PUT", "/hooks/gate/draft", "\"1\"", files).0, 200);
    let (status, checked) = send("POST", "/hooks/gate/check", "", json!({ "revision": 2 }));
    assert_eq!((status, &checked["diagnostics"]), (200, &json!([])), "{checked}");
    let (status, version) = send(
        "POST",
        "/hooks/gate/versions",
        "",
        json!({ "revision": 2, "message": "Edited" }),
    );
    assert_eq!(
        (status, &version["number"], &version["base"]),
        (201, &json!(2), &json!(1)),
        "{version}"
    );
    let line = json!([{ "name": "gate", "number": 2 }]);
    let deployments = "/environments/development/deployments";
    let (_, plan) = send(
        "POST",
        &format!("{deployments}/plan"),
        "",
        json!({ "hooks": line, "keepOthers": true }),
    );
    assert_eq!(
        (&plan["expect"], &plan["changes"][0]["change"]),
        (&json!(2), &json!("changed")),
        "{plan}"
    );
    let deploy = json!({ "hooks": line, "keepOthers": true, "expect": plan["expect"] });
    assert_eq!(send("POST", deployments, "", deploy).0, 201);
    assert_eq!(mark(&site, "a@work.example"), "edited");
    assert_eq!(
        send("POST", &format!("{deployments}/2/rollback"), "", json!({ "expect": 3 })).0,
        201
    );
    assert_eq!(mark(&site, "b@work.example"), "one");
}
