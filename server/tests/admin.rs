//! Projects, uploads that are refused, deployments that point at nothing.

use serde_json::json;

use crate::{site::Site, snapshots::shown};

const VERSIONS: &str = "/admin/api/v1/projects/a/hooks/block/versions";
const DEPLOYMENTS: &str = "/projects/a/environments/production/deployments";

#[test]
fn a_project_is_made_once() {
    let site = Site::new();
    let project = site.project("a");
    assert!(project.pk.starts_with("pk_") && project.sk.starts_with("sk_"));
    assert_eq!(
        site.admin("POST", "/projects", Some(json!({ "id": "a" }))).code(),
        "project_exists"
    );
    assert_eq!(
        site.admin("POST", "/projects", Some(json!({ "id": "../b" }))).fields(),
        ["id"]
    );
    insta::assert_snapshot!(shown(&site.admin("GET", "/projects", None)), @r#"
    200 {
      "projects": [
        {
          "id": "a",
          "name": "a",
          "environments": [
            "production"
          ],
          "createdAt": "[time]"
        }
      ]
    }
    "#);
}

#[test]
fn a_bundle_that_is_none_is_refused_with_the_code_of_the_runtime() {
    let site = Site::new();
    site.project("a");
    let bearer = format!("Bearer {}", site.admin_token);
    let upload = |content_type: &str, body: &[u8]| {
        site.send(
            "POST",
            VERSIONS,
            &[("authorization", &bearer), ("content-type", content_type)],
            body,
        )
    };
    let refused = upload("application/wasm", b"this is no component");
    assert_eq!((refused.status, refused.code()), (422, "not_a_component"));
    let core = upload("application/wasm", b"\0asm\x01\0\0\0");
    assert_eq!((core.status, core.code()), (422, "core_module"));
    assert_eq!(upload("text/plain", b"{}").status, 415);
    // A draft is named in JSON.
    assert_eq!(upload("application/json", b"{}").fields(), ["revision"]);
    assert_eq!(upload("application/wasm", &vec![0; (8 << 20) + 1]).status, 413);
    let versions = site.admin("GET", "/projects/a/hooks/block/versions", None);
    assert_eq!(versions.json, json!({ "versions": [] }));
}

#[test]
fn a_deployment_points_at_versions_that_exist_or_nothing_happens() {
    let site = Site::new();
    site.project("a");
    let missing = site.admin(
        "POST",
        DEPLOYMENTS,
        Some(json!({ "hooks": [{ "name": "block", "number": 1 }] })),
    );
    assert_eq!((missing.status, missing.fields()), (422, vec!["hooks"]));
    assert_eq!(site.admin("GET", DEPLOYMENTS, None).json, json!({ "deployments": [] }));

    let empty = site.admin("POST", DEPLOYMENTS, Some(json!({ "hooks": [] })));
    insta::assert_snapshot!(shown(&empty), @r#"
    201 {
      "deployment": {
        "id": "dep_[…]",
        "number": 1,
        "createdAt": "[time]",
        "createdBy": "admin:adm_[…]",
        "message": null,
        "forcedReason": null
      },
      "migrations": [],
      "missingSecrets": [],
      "number": 1,
      "points": {
        "afterEmailVerify": [],
        "afterLogin": [],
        "afterLogout": [],
        "afterMfaVerify": [],
        "afterOtpSend": [],
        "afterOtpVerify": [],
        "afterPasswordChange": [],
        "afterPasswordReset": [],
        "afterPasswordResetRequest": [],
        "afterSignup": [],
        "afterTokenIssue": [],
        "afterTokenRefresh": [],
        "afterUserDelete": [],
        "afterUserUpdate": [],
        "beforeEmailVerify": [],
        "beforeLogin": [],
        "beforeLogout": [],
        "beforeMfaVerify": [],
        "beforeOtpSend": [],
        "beforeOtpVerify": [],
        "beforePasswordChange": [],
        "beforePasswordReset": [],
        "beforePasswordResetRequest": [],
        "beforeSignup": [],
        "beforeTokenIssue": [],
        "beforeTokenRefresh": [],
        "beforeUserDelete": [],
        "beforeUserUpdate": []
      },
      "hooks": []
    }
    "#);
    assert_eq!(
        site.admin("POST", DEPLOYMENTS, Some(json!({ "hooks": [] }))).json["deployment"]["number"],
        2
    );
    let live = site.admin("GET", "/projects/a/environments/production/hooks", None);
    assert_eq!(live.json["number"], 2);
    let site = Site::on(site.stop(), &[]);
    let live = site.admin("GET", "/projects/a/environments/production/hooks", None);
    assert_eq!(live.json["number"], 2, "what was live is live after a restart");
}

#[test]
fn a_deployment_is_checked_field_by_field() {
    let site = Site::new();
    site.project("a");
    let deploy = |body| site.admin("POST", DEPLOYMENTS, Some(body));
    let answer = deploy(json!({ "hooks": [
        { "name": "../x", "number": "1", "failurePolicy": "maybe", "enabled": 1, "order": 0.5, "limits": { "cpu": 1 } },
        "block",
        { "name": "b", "digest": "sha256:00", "number": 1, "extra": 1 },
    ] }));
    let fields = [
        "hooks[0].name",
        "hooks[0].number",
        "hooks[0].order",
        "hooks[0].failurePolicy",
        "hooks[0].enabled",
        "hooks[0].limits",
        "hooks[0].digest",
        "hooks[1]",
        "hooks[2].digest",
        "hooks[2].extra",
    ];
    assert_eq!(answer.fields(), fields);
    let twice = json!({ "name": "b", "number": 1 });
    assert_eq!(deploy(json!({ "hooks": [twice, twice] })).fields(), ["hooks"]);
    let many = vec![json!({ "name": "b", "number": 1 }); 33];
    assert_eq!(deploy(json!({ "hooks": many })).fields(), ["hooks"]);
}
