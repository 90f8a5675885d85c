//! Live tests: they happen, for users of tests alone, and the audit log has them.

use serde_json::{Value, json};

use super::{ENVIRONMENT, done, register, tried, with_user};
use crate::{bundles::hook, site::PASSWORD};

#[test]
fn a_live_test_makes_a_user_that_is_marked_and_touches_nobody_else() {
    let (site, project, made) = with_user(&[]);
    site.live("a", &[("gate", &hook("beforeSignup", "console.log('here')"))]);
    let live = json!({ "mode": "live" });
    let answer = tried(&site, register("test@work.example", live.clone()));
    let shown = done(&answer);
    assert_eq!(
        (&shown["response"]["status"], &shown["changedNothing"]),
        (&json!(201), &json!(false))
    );
    let response = &shown["response"]["body"];
    assert_eq!(
        (&response["access_token"], &response["refresh_token"]),
        (&json!("[hidden]"), &json!("[hidden]"))
    );
    assert_eq!(shown["steps"][2]["logs"][0]["message"], "here", "{shown:#}");
    let id = response["user"]["id"].as_str().unwrap();
    let user = site.admin("GET", &format!("{ENVIRONMENT}/users/{id}"), None);
    assert_eq!(user.json["user"]["metadata"], json!({ "aerocallTest": true }));
    assert_eq!(site.login(&project.pk, "test@work.example", PASSWORD).status, 200);
    let login = |email: &str| json!({ "path": "/auth/login", "mode": "live", "body": { "email": email, "password": PASSWORD } });
    let again = tried(&site, login("test@work.example"));
    assert_eq!(done(&again)["response"]["status"], 200);
    // Nobody else, however they are named.
    let bearer = format!("Bearer {}", made["access_token"].as_str().unwrap());
    let padding: Vec<String> = (0..1_500).map(|n| format!("{n:04}")).collect();
    let others: [Value; 5] = [
        json!({ "path": "/auth/login", "mode": "live", "body": { "email": "ada@work.example", "password": PASSWORD, "client": { "data": { "a": padding } } } }),
        login("Ada@work.example"),
        register("ada@work.example", live),
        json!({ "path": "/auth/refresh", "mode": "live", "body": { "refresh_token": made["refresh_token"] } }),
        json!({ "path": "/auth/me", "method": "DELETE", "mode": "live", "headers": { "authorization": bearer }, "body": { "password": PASSWORD } }),
    ];
    for request in others {
        let answer = tried(&site, request.clone());
        assert_eq!(
            (answer.status, answer.code()),
            (403, "forbidden"),
            "{request}: {answer:?}"
        );
        assert!(
            answer.json["error"]["message"]
                .as_str()
                .unwrap()
                .contains("aerocallTest")
        );
    }
    assert_eq!(site.me(&project.pk, made["access_token"].as_str().unwrap()).status, 200);
    let log = site.admin("GET", &format!("{ENVIRONMENT}/audit"), None);
    let lines: Vec<&Value> = log.json["audit"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|line| line["action"] == "request.tried")
        .collect();
    let targets: Vec<&Value> = lines.iter().map(|line| &line["target"]).collect();
    assert_eq!(targets, [&json!("POST /auth/login"), &json!("POST /auth/register")]);
    assert_eq!(lines[1]["data"], json!({ "mode": "live", "request": shown["id"] }));
}
