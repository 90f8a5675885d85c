//! Builds on the server: what a check answers, and versions that are made of drafts.

use serde_json::{Value, json};

use super::{begun, files, get, post, put};
use crate::bundles::hook;

#[test]
fn a_check_has_every_problem_with_its_place_or_the_manifest() {
    let site = begun();
    let good = post(&site, "/gate/check", &json!({ "revision": 1 }));
    assert_eq!(good.status, 200, "{good:?}");
    assert_eq!(good.json["diagnostics"], json!([]));
    assert_eq!(good.json["manifest"]["hooks"], json!(["beforeSignup"]));
    assert!(good.json["sizeBytes"].as_u64() > Some(1_000));
    assert_eq!(good.json["types"]["status"], "not_checked");
    let bad = "import { a } from './nope';\nexport const beforeSignup = async () => { let x = ; };\n";
    let bad = post(&site, "/gate/check", &files(bad));
    assert_eq!((bad.status, &bad.json["manifest"]), (200, &Value::Null), "{bad:?}");
    let problem = &bad.json["diagnostics"][0];
    assert_eq!(
        (&problem["file"], &problem["line"], &problem["severity"]),
        (&json!("hooks/gate.ts"), &json!(2), &json!("error")),
        "{bad:?}"
    );
    let place = |name: &str| problem[name].as_u64().unwrap();
    assert!((place("endLine"), place("endColumn")) >= (place("line"), place("column")));
    // Nothing was saved.
    assert_eq!(get(&site, "/gate/draft").json["revision"], 1);
    let late = post(&site, "/gate/check", &json!({ "revision": 7 }));
    assert_eq!((late.status, late.code()), (412, "draft_conflict"));
    let both = json!({ "revision": 1, "files": files("")["files"] });
    assert_eq!(post(&site, "/gate/check", &both).fields(), ["revision"]);
    let none = post(
        &site,
        "/gate/check",
        &json!({ "files": [{ "path": "hooks/other.ts", "text": "" }] }),
    );
    assert_eq!(none.json["diagnostics"][0]["code"], "bad-entry", "{none:?}");
}

#[test]
fn an_import_that_is_not_there_says_how_to_add_it_and_none_leaves_the_project() {
    let site = begun();
    let outside = tempfile::tempdir().unwrap();
    let secret = outside.path().join("secret.json");
    std::fs::write(&secret, r#"{ "word": "xyzzy" }"#).unwrap();
    let path = secret.to_str().unwrap();
    let up = format!("{}{}", "../".repeat(12), path.trim_start_matches('/'));
    for (specifier, code) in [
        ("nanoid", "missing-import"),
        (path, "outside-project"),
        (up.as_str(), "outside-project"),
        ("/etc/passwd", "outside-project"),
        ("node:fs", "node-builtin"),
        ("https://example.com/x.js", "url-import"),
    ] {
        let text = format!("import x from '{specifier}';\nexport const beforeSignup = async () => ({{ deny: x }});\n");
        let answer = post(&site, "/gate/check", &files(&text));
        let problem = &answer.json["diagnostics"][0];
        let is_refused = problem["code"] == code || (code == "outside-project" && problem["code"] == "missing-import");
        assert!(is_refused, "{specifier}: {answer:?}");
        assert_eq!(
            (&problem["line"], &problem["endLine"]),
            (&json!(1), &json!(1)),
            "{specifier}"
        );
        assert!(!answer.json.to_string().contains("xyzzy"), "{specifier}");
        if specifier == "nanoid" {
            let hint = problem["hint"].as_str().unwrap();
            assert!(
                hint.contains("npm install nanoid") && hint.contains("aerocall deploy"),
                "{hint}"
            );
        }
    }
    // Not by the settings of TypeScript either.
    let extends = format!(r#"{{ "extends": "{path}" }}"#);
    let with_settings = json!({ "files": [
        { "path": "hooks/gate.ts", "text": hook("beforeSignup", "") },
        { "path": "tsconfig.json", "text": extends },
    ] });
    let answer = post(&site, "/gate/check", &with_settings);
    assert!(!answer.json.to_string().contains("xyzzy"), "{answer:?}");
}

#[test]
fn a_version_made_of_a_draft_is_the_base_of_what_follows() {
    let site = begun();
    let draft = json!({
        "files": [
            { "path": "hooks/gate.ts", "text": "import { allowed } from '../lib/rule';\nexport const beforeSignup = async () => allowed();\n" },
            { "path": "lib/rule.ts", "text": "export const allowed = () => ({ allow: true });\n" },
        ],
        "settings": { "capabilities": ["cache"], "limits": { "deadlineMs": 700 } },
    });
    assert_eq!(put(&site, 1, &draft).status, 200);
    let late = post(&site, "/gate/versions", &json!({ "revision": 1, "message": "One" }));
    assert_eq!((late.status, late.code()), (412, "draft_conflict"));
    let made = post(&site, "/gate/versions", &json!({ "revision": 2, "message": "One" }));
    assert_eq!(made.status, 201, "{made:?}");
    assert_eq!(
        (&made.json["number"], &made.json["message"], &made.json["base"]),
        (&json!(1), &json!("One"), &Value::Null)
    );
    assert_eq!(made.json["manifest"]["limits"], json!({ "deadlineMs": 700 }));
    let base = json!({ "number": 1, "digest": made.json["digest"] });
    let kept = get(&site, "/gate/draft").json;
    assert_eq!((&kept["base"], &kept["revision"]), (&base, &json!(2)));
    // The same again is the same version.
    let again = post(&site, "/gate/versions", &json!({ "revision": 2 }));
    assert_eq!(
        (again.status, &again.json["number"], &again.json["message"]),
        (200, &json!(1), &json!("One"))
    );
    // It runs.
    let line = json!([{ "name": "gate", "number": 1 }]);
    assert_eq!(site.deploy("a", line).status, 201);
    // What follows knows what it began from.
    assert_eq!(
        put(&site, 2, &files(&hook("beforeSignup", "return { allow: true };"))).status,
        200
    );
    let next = post(&site, "/gate/versions", &json!({ "revision": 3 }));
    assert_eq!(
        (next.status, &next.json["number"], &next.json["base"]),
        (201, &json!(2), &json!(1))
    );
    let broken = put(&site, 3, &files("export const beforeSignup = async () => { nope"));
    assert_eq!(broken.status, 200, "a draft may be broken");
    let refused = post(&site, "/gate/versions", &json!({ "revision": 4 }));
    assert_eq!((refused.status, refused.code()), (422, "build_failed"));
    assert!(refused.fields()[0].starts_with("hooks/gate.ts:1:"), "{refused:?}");
    assert_eq!(
        get(&site, "/gate/versions").json["versions"].as_array().unwrap().len(),
        2
    );
}
