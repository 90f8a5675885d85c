//! What the JS engines answer is what Node.js answers: the cases of `sdk-js/engine/conformance`, run as a hook.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test that called it")]

use aerocall_compiler::EngineName;
use aerocall_compiler::source::Source;
use serde_json::{Value, json};

use crate::sandbox::{differences, node, patch, root};

const CASES: &str = "sdk-js/engine/conformance";
const ENTRY: &str =
    "import { run } from './all.js';\nexport const beforeSignup = async () => ({ patch: await run() });\n";

#[tokio::test]
async fn every_engine_answers_as_node_does() {
    let expected = document("expected.json").unwrap();
    for engine in EngineName::ALL {
        let found = patch(*engine, &source()).await.unwrap();
        let known = known(*engine);
        let differ = differences(&expected, &found, &known);
        assert!(differ.is_empty(), "{}:\n{}", engine.as_str(), differ.join("\n"));
        assert!(
            found.as_object().is_some_and(|cases| cases.len() > 600),
            "cases are missing"
        );
    }
}

#[test]
fn the_expected_answers_are_those_of_node() {
    node(&format!("{CASES}/generate.mjs"), &["--check"]);
}

/// The cases, with a hook around them.
fn source() -> Source {
    let mut files = vec![("conformance.js".to_owned(), ENTRY.to_owned())];
    for entry in std::fs::read_dir(root().join(CASES)).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|ending| ending == "js") {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            files.push((name, std::fs::read_to_string(&path).unwrap()));
        }
    }
    Source::memory("conformance.js", files).unwrap()
}

/// Where an engine differs, with the reason: `known.json` is the default engine's, `known.<engine>.json` another's.
fn known(engine: EngineName) -> Value {
    if engine == EngineName::default() {
        return document("known.json").unwrap();
    }
    document(&format!("known.{}.json", engine.as_str())).unwrap_or_else(|| json!({}))
}

fn document(name: &str) -> Option<Value> {
    let text = std::fs::read_to_string(root().join(CASES).join(name)).ok()?;
    Some(serde_json::from_str(&text).unwrap())
}
