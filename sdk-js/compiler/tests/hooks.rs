//! Hooks and events by their names.

use aerocall_compiler::hooks::{self, Hooks};

use crate::support::{Files, ok, on_disk, places, texts};

async fn find(files: Files<'_>) -> Result<Hooks, Vec<aerocall_compiler::diagnostics::Diagnostic>> {
    hooks::find(&ok(on_disk(files).await))
}

fn names(hooks: &[hooks::Handler]) -> Vec<String> {
    let shown = |hook: &hooks::Handler| format!("{} {}:{}", hook.name, hook.position.line, hook.position.column);
    hooks.iter().map(shown).collect()
}

#[tokio::test]
async fn finds_hooks_events_and_config() {
    let text = "export async function beforeSignup() {}\nexport const afterLogin = () => {};\nexport const helper = 1;\n\
        export const on = {\n  'auth.signup': async () => {},\n  'queue.mails': () => {},\n};\nexport const config = {};\n";
    let hooks = find(&[("a.ts", text)]).await.unwrap();
    assert_eq!(names(&hooks.lifecycle), ["afterLogin 2:14", "beforeSignup 1:23"]);
    assert_eq!(names(&hooks.events), ["auth.signup 5:3", "queue.mails 6:3"]);
    assert!(!hooks.more_events);
    assert_eq!(hooks.config.unwrap().line, 8);
}

#[tokio::test]
async fn follows_re_exports() {
    let files = [
        ("a.ts", "export * from './b';\nexport { on } from './c';"),
        ("b.ts", "export const beforeSignup = () => {};"),
        ("c.ts", "export const on = { 'auth.login': () => {} };"),
    ];
    let hooks = find(&files).await.unwrap();
    assert_eq!(names(&hooks.lifecycle), ["beforeSignup 1:1"]);
    assert_eq!(hooks.events[0].name, "auth.login");
    assert_eq!(hooks.events[0].position.file, "c.ts");
}

#[tokio::test]
async fn leaves_computed_events_to_the_engine() {
    let hooks = find(&[("a.ts", "const more = JSON.parse('{}');\nexport const on = { ...more };")])
        .await
        .unwrap();
    assert!(hooks.more_events && hooks.events.is_empty());
}

#[tokio::test]
async fn finds_hooks_of_default_and_common_js_exports() {
    for form in [
        ("a.ts", "export default { beforeSignup() {} };"),
        ("a.js", "module.exports = { beforeSignup() {} };"),
    ] {
        assert_eq!(find(&[form]).await.unwrap().lifecycle[0].name, "beforeSignup");
    }
}

#[tokio::test]
async fn refuses_names_that_are_nearly_hooks() {
    let problems = find(&[(
        "a.ts",
        "export const beforeSingup = () => {};\nexport const onSomething = () => {};",
    )])
    .await
    .unwrap_err();
    assert_eq!(places(&problems), ["unknown-hook a.ts:1:14", "unknown-hook a.ts:2:14"]);
    assert!(texts(&problems).contains("did you mean `beforeSignup`?"));
}

#[tokio::test]
async fn refuses_unknown_events() {
    let problems = find(&[("a.ts", "export const on = {\n  'auth.sigup': () => {} };")])
        .await
        .unwrap_err();
    assert_eq!(places(&problems), ["unknown-event a.ts:2:3"]);
    assert!(texts(&problems).contains("did you mean \"auth.signup\"?"));
}

#[tokio::test]
async fn refuses_unknown_events_of_another_file_where_they_stand() {
    let files = [
        ("a.ts", "export { on } from './c';"),
        ("c.ts", "export const on = { 'auth.mfa.*': () => {} };"),
    ];
    let problems = find(&files).await.unwrap_err();
    assert_eq!(places(&problems), ["unknown-event c.ts:1:21"]);
    assert!(texts(&problems).contains("name each event: auth.mfa.enrolled, auth.mfa.verified"));
}

#[tokio::test]
async fn refuses_files_without_hooks() {
    let problems = find(&[("a.ts", "export const helper = 1;")]).await.unwrap_err();
    assert_eq!(places(&problems), ["no-hooks a.ts:1:1"]);
}
