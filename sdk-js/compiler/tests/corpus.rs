//! npm packages do in a hook what they do in Node.js: the rows of `tests/packages`.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test that called it")]

use std::path::PathBuf;

use aerocall_compiler::EngineName;
use aerocall_compiler::source::Source;
use serde_json::Value;

use crate::sandbox::{differences, node, patch, root};
use crate::support::{places, texts};

const HOOK: &str = "import { answers } from './harness.js';\nimport { cases } from './row.js';\n\
                    export const beforeSignup = async () => ({ patch: await answers(cases) });\n";

#[tokio::test]
async fn packages_behave_as_in_node() {
    let Some(folder) = installed() else { return };
    let expected: Value = serde_json::from_str(&node("tests/packages/node.js", &[])).unwrap();
    let known: Value = serde_json::from_str(&read("known.json")).unwrap();
    let rows = expected.as_object().unwrap();
    assert!(rows.len() > 15, "rows are missing");
    let mut broken = Vec::new();
    for engine in EngineName::ALL {
        for (row, expected) in rows {
            let text = read(&format!("rows/{row}.js"));
            let files = [
                ("hook.js", HOOK.to_owned()),
                ("harness.js", read("harness.js")),
                ("row.js", text),
            ];
            let source = Source::memory("hook.js", files)
                .and_then(|source| source.with_packages_of(&folder))
                .unwrap();
            match patch(*engine, &source).await {
                Ok(found) => {
                    let differ = differences(
                        expected,
                        &found,
                        known.get(row).unwrap_or(&Value::Object(Default::default())),
                    );
                    broken.extend(differ.iter().map(|line| format!("{} {row}/{line}", engine.as_str())));
                }
                Err(problems) => broken.push(format!("{} {row}: {}", engine.as_str(), texts(&problems))),
            }
        }
    }
    assert!(broken.is_empty(), "\n{}", broken.join("\n"));
}

/// What cannot run in a hook is refused at build, with the place and what is missing there.
#[tokio::test]
async fn packages_that_cannot_run_are_refused_with_a_reason() {
    let Some(folder) = installed() else { return };
    let refused = [
        (
            "import jwt from 'jsonwebtoken';",
            "jwt.sign({}, 'key')",
            "node-builtin",
            "crypto",
        ),
        (
            "import { DateTime } from 'luxon';",
            "DateTime.utc(2026).toISO()",
            "load-threw",
            "Intl is not defined",
        ),
    ];
    for (import, use_of_it, code, reason) in refused {
        let hook = format!(
            "{import}\nconst made = {use_of_it};\nexport const beforeSignup = () => ({{ patch: {{ made }} }});\n"
        );
        let source = Source::memory("hook.js", [("hook.js", hook)]).and_then(|source| source.with_packages_of(&folder));
        let problems = patch(EngineName::default(), &source.unwrap()).await.unwrap_err();
        assert!(
            problems.iter().all(|problem| problem.code == code),
            "{:?}",
            places(&problems)
        );
        assert!(texts(&problems).contains(reason), "{}", texts(&problems));
    }
}

/// The folder with the packages; `None`, and a word about it, where nobody has installed them. CI always has.
#[expect(clippy::print_stderr, reason = "who runs the tests is to know that some did not")]
fn installed() -> Option<PathBuf> {
    let folder = root().join("tests/packages");
    if folder.join("node_modules/zod").exists() {
        return Some(folder);
    }
    assert!(
        std::env::var_os("CI").is_none(),
        "the packages are not installed: npm ci --prefix tests/packages"
    );
    eprintln!("skipped: the packages are not installed: npm ci --prefix tests/packages");
    None
}

fn read(name: &str) -> String {
    std::fs::read_to_string(root().join("tests/packages").join(name)).unwrap()
}
