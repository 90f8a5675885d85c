//! The tasks of tests/ai: each is solved by its reference solution, and not by a hook that does nothing; and the program that runs
//! them against models finds that out over both protocols.

use std::{path::Path, process::Command};

use serde_json::Value;
use tempfile::TempDir;

use super::{Model, task};
use crate::support::{aerocall, repository, run};

/// Tasks of one test: they take a second or two each.
const PART: usize = 10;

fn names() -> Vec<String> {
    let entries = std::fs::read_dir(repository().join("tests/ai/tasks")).unwrap();
    let file = |entry: std::io::Result<std::fs::DirEntry>| entry.unwrap().file_name().into_string().unwrap();
    let mut names: Vec<String> = entries
        .map(file)
        .filter_map(|file| file.strip_suffix(".json").map(String::from))
        .collect();
    names.sort();
    names
}

fn part(number: usize) -> Vec<Value> {
    let names: Vec<String> = names().into_iter().skip(number * PART).take(PART).collect();
    assert_eq!(names.len(), PART);
    names.iter().map(|name| task(name)).collect()
}

/// The project of a task with this hook, and its cases.
fn lay_down(task: &Value, hook: &str) -> TempDir {
    let directory = TempDir::new().unwrap();
    let write = |path: String, text: &str| {
        let path = directory.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    for (name, sql) in task["migrations"].as_object().into_iter().flatten() {
        write(format!("migrations/{name}.sql"), sql.as_str().unwrap());
    }
    write(format!("hooks/{}.ts", task["hook"].as_str().unwrap()), hook);
    write("tests/task.json".to_owned(), &task["cases"].to_string());
    directory
}

fn solution(task: &Value) -> String {
    let name = task["name"].as_str().unwrap();
    std::fs::read_to_string(repository().join(format!("tests/ai/solutions/{name}.ts"))).unwrap()
}

fn texts(value: &Value) -> Vec<String> {
    let list = value.as_array().unwrap();
    let mut texts: Vec<String> = list.iter().map(|one| one.as_str().unwrap().to_owned()).collect();
    texts.sort();
    texts
}

fn is_solved(task: &Value, directory: &Path) {
    let name = &task["name"];
    let cases = task["cases"].as_array().unwrap().len();
    let tested = run(directory, &["test", "--json"]).expect(0).json();
    assert_eq!(tested["passed"].as_u64(), Some(cases as u64), "{name}: {tested}");
    let checked = run(directory, &["check", "--json"]).json();
    let hook = &checked["hooks"][0];
    let points = [texts(&hook["hooks"]), texts(&hook["events"])].concat();
    assert_eq!(points, texts(&task["points"]), "{name}");
    assert_eq!(
        texts(&hook["capabilities"]),
        texts(&task["mayUse"]),
        "{name}: needed, and no more"
    );
}

/// Each task of a part is solved by its solution, and not by the files that it begins with, or a hook that does nothing.
fn solved(number: usize) {
    for task in part(number) {
        let directory = lay_down(&task, &solution(&task));
        is_solved(&task, directory.path());
        let given = task["files"].as_object().and_then(|files| files.values().next());
        let hook = given.map_or_else(|| idle(&task), |text| text.as_str().unwrap().to_owned());
        let directory = lay_down(&task, &hook);
        let tested = run(directory.path(), &["test", "--json"]).expect(1).json();
        assert!(tested["failed"].as_u64() >= Some(1), "{}: {tested}", task["name"]);
    }
}

#[test]
fn every_task_is_solved_by_its_solution_and_not_by_nothing_1() {
    solved(0);
}

#[test]
fn every_task_is_solved_by_its_solution_and_not_by_nothing_2() {
    solved(1);
}

#[test]
fn every_task_is_solved_by_its_solution_and_not_by_nothing_3() {
    solved(2);
}

#[test]
fn every_task_is_solved_by_its_solution_and_not_by_nothing_4() {
    solved(3);
}

#[test]
fn there_are_forty_tasks_with_a_solution_each() {
    let names = names();
    assert_eq!(names.len(), 4 * PART);
    let solutions = std::fs::read_dir(repository().join("tests/ai/solutions")).unwrap();
    assert_eq!(solutions.count(), names.len());
}

/// A hook that is called where the task says, and does nothing.
fn idle(task: &Value) -> String {
    let handlers = texts(&task["points"])
        .into_iter()
        .map(|point| match point.contains('.') {
            true => (format!("\"{point}\": () => {{}}, "), String::new()),
            false => (String::new(), format!("export const {point} = () => {{}};\n")),
        });
    let (events, hooks): (String, String) = handlers.unzip();
    let schedule = task["point"].as_str().unwrap().strip_prefix("cron.");
    let config = schedule.map_or_else(String::new, |name| {
        format!("export const config = {{ schedules: {{ {name}: \"0 1 * * *\" }} }};\n")
    });
    let events = match events.is_empty() {
        true => events,
        false => format!("export const on = {{ {events}}};\n"),
    };
    format!("{hooks}{events}{config}")
}

/// What the program for evaluations answers for some tasks.
fn evaluate(provider: &str, model: &str, base: &str, tasks: &[&str]) -> Value {
    let program = aerocall(Path::new("/")).get_program().to_owned();
    let named = tasks.iter().flat_map(|task| ["--task", task]);
    let output = Command::new("node")
        .arg(repository().join("tests/ai/run.mjs"))
        .args(["--provider", provider, "--model", model, "--base-url", base])
        .args(["--json", "--at-least", "1", "--aerocall"])
        .arg(program)
        .args(named)
        .env(
            "AEROCALL_CACHE_DIR",
            Path::new(env!("CARGO_TARGET_TMPDIR")).join("cache"),
        )
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    serde_json::from_slice::<Value>(&output.stdout).unwrap()["results"][0].clone()
}

#[test]
fn reference_solutions_are_found_to_solve_their_tasks_over_chat_completions() {
    let model = Model::start();
    let tasks = [
        "free-providers",
        "mend-a-crash",
        "invitations",
        "crm-deletes",
        "weekly-report",
    ];
    let found = evaluate("openai", "solutions", &format!("{}/v1", model.base), &tasks);
    assert_eq!((&found["solved"], &found["rounds"]), (&5.into(), &5.into()), "{found}");
}

#[test]
fn and_over_messages_in_the_second_round() {
    let model = Model::start();
    let tasks = ["sign-ups-by-address", "welcome-queue"];
    let found = evaluate("anthropic", "solutions-later", &model.base, &tasks);
    assert_eq!((&found["solved"], &found["rounds"]), (&2.into(), &4.into()), "{found}");
    assert!(found["inputTokens"].as_u64() > Some(0), "{found}");
}
