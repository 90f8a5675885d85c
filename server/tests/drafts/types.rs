//! Types of drafts, checked by TypeScript's compiler where the operator has given the server one.

use serde_json::{Value, json};

use super::{files, post};
use crate::site::Site;

/// The compiler that the tests of the repository's own TypeScript use.
const TSC: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../tests/web/node_modules/@typescript/typescript-linux-x64/lib/tsc"
);

/// A site with a compiler, project `a` and a new hook `gate`; none where the compiler is not installed.
#[expect(
    clippy::print_stderr,
    reason = "whoever runs the tests should see what was not tested"
)]
fn with_types() -> Option<Site> {
    if !std::path::Path::new(TSC).exists() {
        assert!(std::env::var_os("CI").is_none(), "in CI, TypeScript must be installed");
        eprintln!("skipped: TypeScript is missing, `npm ci --prefix tests/web` installs it");
        return None;
    }
    let site = Site::with(&[("AEROCALL_HOOKS_TSC", TSC)]);
    site.project("a");
    let made = post(&site, "", &json!({ "name": "gate" }));
    assert_eq!(made.status, 201, "{made:?}");
    Some(site)
}

fn problems(check: &Value) -> Vec<(&str, u64, &str)> {
    let list = check["diagnostics"].as_array().unwrap();
    list.iter()
        .map(|problem| {
            let line = problem["line"].as_u64().unwrap();
            (
                problem["file"].as_str().unwrap(),
                line,
                problem["code"].as_str().unwrap(),
            )
        })
        .collect()
}

#[test]
fn types_are_checked_against_those_of_the_sdk() {
    let Some(site) = with_types() else { return };
    let checked = |text: &str| post(&site, "/gate/check", &files(text));
    let good = checked(
        "import { defineHook } from '@aerocall/hooks';\n\
         export const beforeSignup = defineHook.beforeSignup(async (context, payload) => {\n\
           const name: string = payload.email.split('@')[0] ?? '';\n\
           return name === '' ? { deny: { code: 'empty', message: 'No name', status: 403 } } : undefined;\n\
         });\n",
    );
    let bad = checked(
        "export const beforeSignup = async () => {\n  const count: number = 'three';\n  return nothing(count);\n};\n",
    );
    assert_eq!(
        bad.json["types"],
        json!({ "status": "checked", "reason": null }),
        "{bad:?}"
    );
    assert_eq!(
        problems(&bad.json),
        [("hooks/gate.ts", 2, "TS2322"), ("hooks/gate.ts", 3, "TS2304")]
    );
    assert_eq!(bad.json["diagnostics"][0]["severity"], "warning");
    // The hook can be built all the same.
    assert_ne!(bad.json["manifest"], Value::Null);
    assert_eq!(good.json["types"]["status"], "checked", "{good:?}");
}

#[test]
fn sources_cannot_have_the_compiler_read_what_is_not_theirs() {
    let Some(site) = with_types() else { return };
    let outside = tempfile::tempdir().unwrap();
    let secret = outside.path().join("secret.ts");
    std::fs::write(&secret, "export const word: 'xyzzy-not-yours' = 'xyzzy-not-yours';\n").unwrap();
    let path = secret.to_str().unwrap();
    for line in [
        format!("/// <reference path=\"{path}\" />"),
        format!("/// <reference path=\"../../../../../../../..{path}\" />"),
        "/// <reference path=\"/etc/passwd\" />".to_owned(),
        format!(
            "type Stolen = typeof import('{}').word; const x: Stolen = 7;",
            path.trim_end_matches(".ts")
        ),
    ] {
        let text = format!("{line}\nexport const beforeSignup = async () => undefined;\n");
        let own = json!({ "files": [
            { "path": "hooks/gate.ts", "text": text },
            { "path": "tsconfig.json", "text": format!("{{\"files\":[{path:?}],\"extends\":{path:?}}}") },
        ] });
        let answer = post(&site, "/gate/check", &own);
        assert_eq!(answer.status, 200, "{line}: {answer:?}");
        assert!(!format!("{answer:?}").contains("xyzzy-not-yours"), "{line}: {answer:?}");
        assert!(!format!("{answer:?}").contains("root:"), "{line}: {answer:?}");
    }
}

#[test]
fn types_without_end_are_ended() {
    let Some(site) = with_types() else { return };
    let text = "type Grow<T extends unknown[]> = T['length'] extends 999 ? T : Grow<[...T, ...T, unknown]>;\n\
                export const beforeSignup = async () => { const x: Grow<[]> = []; return undefined; };\n";
    let answer = post(&site, "/gate/check", &files(text));
    assert!([200, 422].contains(&answer.status), "{answer:?}");
    let again = post(
        &site,
        "/gate/check",
        &files("export const beforeSignup = async () => undefined;\n"),
    );
    assert_eq!(again.json["types"]["status"], "checked", "{again:?}");
}

#[test]
fn the_plan_of_a_deployment_says_what_is_wrong_with_the_types() {
    let Some(site) = with_types() else { return };
    let text = "export const beforeSignup = async () => {\n  const count: number = 'three';\n  return undefined;\n};\n";
    let saved = super::put(&site, 1, &files(text));
    assert_eq!(saved.status, 200, "{saved:?}");
    let version = post(&site, "/gate/versions", &json!({ "revision": 2 }));
    assert_eq!(version.status, 201, "{version:?}");
    let plan = site.admin(
        "POST",
        "/projects/a/environments/production/deployments/plan",
        Some(json!({ "hooks": [{ "name": "gate", "number": version.json["number"] }] })),
    );
    let gates = plan.json["gates"].as_array().unwrap();
    let types = gates.iter().find(|gate| gate["name"] == "types").unwrap();
    assert_eq!(types["state"], "warning", "{plan:?}");
    assert!(types["detail"].as_str().unwrap().contains("hooks/gate.ts:2"), "{types}");
}
