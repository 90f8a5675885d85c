//! A program does in a hook what it does in Node.js after TypeScript's own compiler: made-up programs, in batches.
//!
//! A seed decides a program ([`transform`](self) has the generator in its files): expressions of constants, names that
//! are read too early, dead code, enums, namespaces, classes, imports. Each program makes observations; they are compared
//! one by one. A program that the compiler refuses, with the line, is right too. `TRANSFORM_SEEDS` says which seeds: a
//! number of them, or `from..to`.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test that called it")]

mod cases;
mod dice;
mod effects;
mod expressions;
mod program;
mod statements;
mod types;

use std::ops::Range;
use std::path::Path;

use aerocall_compiler::EngineName;
use aerocall_compiler::source::Source;
use serde_json::{Map, Value, json};
use tempfile::TempDir;

use self::program::Program;
use crate::sandbox::{node, patch, root};
use crate::support::{bundle_in, lay_down, run, texts};

/// How many programs are one bundle.
const BATCH: u64 = 60;
/// The seeds of a run that is to take seconds.
const FEW: Range<u64> = 0..240;

/// Settings of tsconfig.json that change what a program does, one after the other.
const SETTINGS: &[&str] = &[
    "{}",
    r#"{ "useDefineForClassFields": false }"#,
    r#"{ "experimentalDecorators": true }"#,
    r#"{ "verbatimModuleSyntax": false }"#,
];

#[tokio::test]
async fn made_up_programs_answer_as_in_node() {
    let seeds = seeds();
    let (mut ran, mut refused, mut wrong) = (0, 0, Vec::new());
    let mut start = seeds.start;
    while start < seeds.end {
        let end = seeds.end.min((start / BATCH + 1) * BATCH);
        let settings = SETTINGS[usize::try_from(start / BATCH).unwrap() % SETTINGS.len()];
        let decorated = settings.contains("experimentalDecorators");
        let programs: Vec<Program> = (start..end).map(|seed| Program::of(seed, decorated)).collect();
        let found = compare(programs, settings).await;
        ran += found.ran;
        refused += found.refused.len();
        wrong.extend(found.wrong);
        assert!(wrong.len() < 20, "{}", wrong.join("\n\n"));
        start = end;
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    // One in ten is refused: enums of computed text, names that a namespace shadows.
    assert!(refused * 5 < ran, "{refused} programs were refused, and {ran} ran");
}

/// The constructs by themselves, among them every program that once came out wrong.
#[tokio::test]
async fn programs_that_came_out_wrong_answer_as_in_node() {
    for (settings, programs) in cases::by_settings() {
        let count = programs.len();
        let found = compare(programs, settings).await;
        assert!(found.wrong.is_empty(), "{}", found.wrong.join("\n\n"));
        assert!(found.refused.is_empty(), "{}", found.refused.join("\n\n"));
        assert_eq!(found.ran, count, "{settings}");
    }
}

fn seeds() -> Range<u64> {
    let Ok(wanted) = std::env::var("TRANSFORM_SEEDS") else {
        return FEW;
    };
    match wanted.split_once("..") {
        Some((from, to)) => from.parse().unwrap()..to.parse().unwrap(),
        None => 0..wanted.parse().unwrap(),
    }
}

#[derive(Default)]
struct Found {
    ran: usize,
    /// The messages about programs that were refused.
    refused: Vec<String>,
    wrong: Vec<String>,
}

/// Runs programs in Node.js and in a hook, and says where they differ.
async fn compare(mut programs: Vec<Program>, settings: &str) -> Found {
    let mut found = Found::default();
    let expected = in_node(&programs, settings);
    let (directory, answers) = loop {
        let directory = TempDir::new().unwrap();
        lay_out(directory.path(), &programs, settings, &expected);
        let source = Source::project(directory.path(), "hook.ts").unwrap();
        match patch(EngineName::default(), &source).await {
            Ok(answers) => break (directory, answers),
            Err(problems) => {
                let before = programs.len();
                programs.retain(|program| !problems.iter().any(|problem| is_refusal(program, problem)));
                found.refused.extend(vec![texts(&problems); before - programs.len()]);
                assert!(before > programs.len(), "{}", texts(&problems));
            }
        }
    };
    found.ran = programs.len();
    let different = |program: &&Program| answers[&program.name] != expected[&program.name];
    let different: Vec<&Program> = programs.iter().filter(different).collect();
    if !different.is_empty() {
        let bundle = bundle_in(directory.path(), "hook.ts").await.unwrap();
        let bundled = run(&bundle, "hook.beforeSignup().then(reply => reply.patch)");
        let shown = |program: &&Program| shown(program, [&expected, &answers, &bundled]);
        found.wrong.extend(different.iter().map(shown));
    }
    found
}

fn is_refusal(program: &Program, problem: &aerocall_compiler::diagnostics::Diagnostic) -> bool {
    problem.code == "unsupported-syntax" && program.files.iter().any(|(file, _)| *file == problem.file)
}

/// What each program shows in Node.js, by its name.
fn in_node(programs: &[Program], settings: &str) -> Value {
    let directory = TempDir::new().unwrap();
    lay_out(directory.path(), programs, settings, &Value::Null);
    let mut arguments = vec![directory.path().to_str().unwrap(), settings];
    arguments.extend(programs.iter().map(|program| program.name.as_str()));
    serde_json::from_str(&node("tests/web/transpile.mjs", &arguments)).unwrap()
}

/// The files of the programs, and the hook that runs them. Those that throw when they are loaded are imported late.
fn lay_out(directory: &Path, programs: &[Program], settings: &str, expected: &Value) {
    let mut files = vec![
        ("show.js", include_str!("transform/show.js").to_owned()),
        ("tsconfig.json", tsconfig(settings)),
    ];
    let (mut imports, mut answers) = (String::from("import { answer } from './show.js';\n"), String::new());
    for program in programs {
        let name = &program.name;
        files.extend(program.files.iter().map(|(path, text)| (path.as_str(), text.clone())));
        let throws = expected[name].as_array().is_some_and(|seen| {
            seen.first()
                .and_then(Value::as_str)
                .is_some_and(|first| first.starts_with("load "))
        });
        if throws {
            answers.push_str(&format!("{name}: await answer(() => import('./{name}')),\n"));
        } else {
            imports.push_str(&format!("import * as {name} from './{name}';\n"));
            answers.push_str(&format!("{name}: await answer(() => {name}),\n"));
        }
    }
    if !expected.is_null() {
        let hook = format!("{imports}export const beforeSignup = async () => ({{ patch: {{\n{answers}}} }});\n");
        files.push(("hook.ts", hook));
    }
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (*path, text.as_str())).collect();
    lay_down(directory, &files);
}

fn tsconfig(settings: &str) -> String {
    let mut options: Value = serde_json::from_str(settings).unwrap();
    options["target"] = json!("ES2022");
    json!({ "compilerOptions": options }).to_string()
}

/// A program, and the observations that differ.
fn shown(program: &Program, [expected, hook, bundled]: [&Value; 3]) -> String {
    let name = &program.name;
    let of = |answers: &Value| answers[name].as_array().cloned().unwrap_or_default();
    let (expected, hook, bundled) = (of(expected), of(hook), of(bundled));
    let mut lines = vec![format!("== {name}")];
    lines.extend(program.files.iter().map(|(path, text)| format!("-- {path}\n{text}")));
    for index in 0..expected.len().max(hook.len()) {
        let at = |answers: &[Value]| answers.get(index).map_or("nothing".to_owned(), ToString::to_string);
        if expected.get(index) != hook.get(index) {
            lines.push(format!(
                "observation {index}:\n    tsc     {}\n    hook    {}\n    bundle  {}",
                at(&expected),
                at(&hook),
                at(&bundled)
            ));
        }
    }
    lines.join("\n")
}

/// The same seed is the same program, and seeds differ.
#[test]
fn a_seed_decides_a_program() {
    let texts: Vec<String> = (0..500)
        .map(|seed| format!("{:?}", Program::of(seed, false).files))
        .collect();
    assert_eq!(texts[7], format!("{:?}", Program::of(7, false).files));
    let mut bodies: Map<String, Value> = Map::new();
    for (seed, text) in texts.iter().enumerate() {
        bodies.insert(text.replace(&format!("p{seed}"), "p"), Value::Null);
    }
    assert!(bodies.len() > 490, "{} different programs", bodies.len());
    assert!(root().join("tests/web/transpile.mjs").exists());
}
