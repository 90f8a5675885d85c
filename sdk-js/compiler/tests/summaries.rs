//! What is said of a hook, from its code alone.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test that called it")]

use std::path::{Path, PathBuf};

use aerocall_compiler::{Compiler, Declared, EngineName, Packaging, Source};
use aerocall_contract::committed;
use aerocall_runtime::{Denies, Summary};

use crate::support::{Files, project, texts};

async fn summary_in(root: &Path, entry: &str) -> Summary {
    let compiler = Compiler::open(EngineName::default(), &std::env::temp_dir().join("aerocall-summaries")).unwrap();
    let source = Source::project(root, entry).unwrap();
    let built = compiler
        .compile_with(&source, Packaging::Shared, &Declared::default())
        .await;
    let built = built.unwrap_or_else(|problems| panic!("{}", texts(&problems)));
    built.summary.unwrap()
}

async fn summary(files: Files<'_>) -> Summary {
    let directory = project(files);
    summary_in(directory.path(), files[0].0).await
}

async fn of(text: &str) -> Summary {
    summary(&[("hooks/a.ts", text)]).await
}

/// `code status "message" line` for each denial.
async fn denies(text: &str) -> Vec<String> {
    let shown = |one: &Denies| {
        let code = one.code.as_deref().unwrap_or("?");
        let status = one.status.map_or("?".to_owned(), |status| status.to_string());
        format!(
            "{code} {status} {:?} {}",
            one.message.as_deref().unwrap_or(""),
            one.line
        )
    };
    of(text).await.facts.denies.iter().map(shown).collect()
}

fn examples() -> Vec<(String, PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples");
    let mut found = Vec::new();
    for example in std::fs::read_dir(root).unwrap() {
        let path = example.unwrap().path();
        for hook in std::fs::read_dir(path.join("hooks")).into_iter().flatten() {
            let file = hook.unwrap().file_name().into_string().unwrap();
            if !file.ends_with(".ts") {
                continue;
            }
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            found.push((name, path.clone(), format!("hooks/{file}")));
        }
    }
    found.sort();
    assert!(found.len() >= 10, "{found:?}");
    found
}

/// Each was read beside its hook by a person: what it says has to be true, and what matters has to be there.
#[tokio::test]
async fn every_example_is_summarised_as_committed() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/summaries/examples.md");
    let mut text = "# What is said of each example\n".to_owned();
    for (name, root, entry) in examples() {
        // Packages that a hook bundles are installed by the tests of examples.
        let package = std::fs::read_to_string(root.join("package.json")).unwrap_or_default();
        if package.contains("\"dependencies\"") {
            continue;
        }
        let summary = summary_in(&root, &entry).await;
        text.push_str(&format!("\n`{name}`, {entry}: {}\n", summary.text));
    }
    committed(&path, &text).unwrap();
}

#[tokio::test]
async fn denials_are_found_in_every_form() {
    for (code, expected) in [
        ("return { deny: true };", vec!["hook_denied 403 \"\" 1"]),
        (
            "return { deny: { code: 'a', status: 422, message: 'm' } };",
            vec!["a 422 \"m\" 1"],
        ),
        ("throw new A.Deny('m', { code: 'a' });", vec!["a 403 \"m\" 1"]),
        (
            "const { Deny: No } = A; throw new No(`x ${p.user.email}`);",
            vec!["hook_denied 403 \"x …\" 1"],
        ),
        (
            "const code = p.user.name ? 'a' : 'b'; return { deny: { code } };",
            vec!["a 403 \"\" 1", "b 403 \"\" 1"],
        ),
        ("return { deny: { code: p.user.name } };", vec!["? 403 \"\" 1"]),
        ("return { deny: p.client.data };", vec!["? ? \"\" 1"]),
        (
            "const base = { status: 429, code: 'x' }; return { deny: { ...base, message: 'm' } };",
            vec!["x 429 \"m\" 1"],
        ),
    ] {
        let text = format!("export const beforeSignup = async (c, p, A) => {{ {code} }};");
        assert_eq!(denies(&text).await, expected, "{code}");
    }
}

#[tokio::test]
async fn helpers_deny_where_they_are_called() {
    let text = "const messages = { work: 'Work address, please' } as const;\n\
        function refuse(code: string, message: string, status = 403) { return { deny: { code, message, status } }; }\n\
        const busy = (message: string) => refuse('busy', message, 429);\n\
        export const beforeSignup = (c, p) => {\n\
          if (p.provider === 'x') return refuse('no', messages.work);\n\
          return busy('Later');\n\
        };";
    assert_eq!(
        denies(text).await,
        ["no 403 \"Work address, please\" 5", "busy 429 \"Later\" 6"]
    );
    let text = "import { Deny } from '@aerocall/hooks';\n\
        class Blocked extends Deny { constructor() { super('Blocked', { code: 'blocked' }); } }\n\
        const check = ({ code }: { code: string }) => { throw new Deny('No', { code }); };\n\
        export const beforeLogin = (c, p) => { if (p.user.name) throw new Blocked();\n  check({ code: 'a' }); };";
    assert_eq!(denies(text).await, ["blocked 403 \"Blocked\" 2", "a 403 \"No\" 5"]);
}

#[tokio::test]
async fn what_only_looks_like_a_reply_is_none() {
    let text = "const rules = { deny: ['a'], allow: ['b'], patch: 'c' };\n\
        const methods = { patch: () => 1 };\n\
        export const beforeSignup = (c, p, A) => { A.log.info(rules, methods.patch(), { deny: 'x' }, { deny: false }); };";
    let said = of(text).await;
    assert_eq!(
        (said.facts.denies, said.facts.patches),
        (vec![], vec![]),
        "{}",
        said.text
    );
    assert_eq!(said.text, "Before sign-up: denies nothing and changes nothing.");
}

#[tokio::test]
async fn patches_are_named_by_their_paths() {
    for (code, expected) in [
        (
            "return { patch: { user: { email: 'x', metadata: { a: 1, b: { c: 1 } } } } };",
            "user.email user.metadata.a user.metadata.b",
        ),
        ("const user = { name: 'x' }; return { patch: { user } };", "user.name"),
        (
            "const patch = {} as any; patch.user = { metadata: { a: 1 } }; patch.user.name = 'x'; return { patch };",
            "user.metadata.a user.name",
        ),
        ("return { patch: build(p) };", "user.metadata.built"),
        ("return { patch: p.client.data };", "*"),
    ] {
        let text = format!(
            "const build = (p) => ({{ user: {{ metadata: {{ built: p.provider }} }} }});\n\
             export const beforeSignup = async (c, p, A) => {{ {code} }};"
        );
        assert_eq!(of(&text).await.facts.patches.join(" "), expected, "{code}");
    }
}

#[tokio::test]
async fn handlers_are_told_apart() {
    let text = "const seen = (A, key) => A.cache.increment(key);\n\
        export const beforeSignup = async (c, p, A) => { if (await seen(A, 'a') > 3) return { deny: { code: 'many' } }; };\n\
        export const afterSignup = (c, p, { Queue }) => Queue.enqueue('mails', p.user.id);\n\
        export const on = {\n\
          'queue.mails': async (c, job, { auth, Deny }) => { if (!job.data) throw new Deny('empty', { code: 'empty' }); await auth.sendEmail({}); },\n\
          'auth.login': async (c, e, { db }) => db.transaction(async (tx) => { await tx.query('SELECT 1 FROM a'); await tx.execute('UPDATE b SET c = 1'); }),\n\
        };";
    assert_eq!(
        of(text).await.text,
        "Before sign-up: can deny with `many` (403); counts in the cache. \
         After sign-up: adds jobs to the queue `mails`. \
         On `auth.login`: reads the table `a`; writes to the table `b`. \
         For jobs of the queue `mails`: can give up without another attempt (`empty`: “empty”); sends mail."
    );
}

#[tokio::test]
async fn hosts_and_secrets_are_those_that_it_may_use() {
    let text = "export const config = { capabilities: { http: ['a.example', 'b.example'], secrets: true } };\n\
        export const beforeSignup = async (c, p, A) => { await fetch(p.client.data.url); await A.secrets.get('key'); };";
    assert_eq!(
        of(text).await.text,
        "Before sign-up: sends requests to `a.example` and `b.example`; uses the secret `key`."
    );
    let text = "export const beforeSignup = async (c, p, A) => { await fetch(p.client.data.url); await A.Queue.enqueue(p.provider, 1); };";
    assert_eq!(
        of(text).await.text,
        "Before sign-up: adds jobs to queues that only the call knows; sends requests to hosts that only the call knows."
    );
}

#[tokio::test]
async fn what_cannot_be_followed_is_said() {
    let text =
        "export const beforeSignup = async (c, p, A) => {\n  JSON.stringify(A);\n  return { deny: { code: 'x' } };\n};";
    let said = of(text).await.text;
    assert_eq!(
        said,
        "Before sign-up: can deny with `x` (403). From `hooks/a.ts:2` on, its use of the SDK cannot be followed, so it may do more."
    );
}

#[tokio::test]
async fn texts_of_the_author_stay_in_their_place() {
    let text = "export const beforeSignup = () => ({ deny: { code: 'a', message: 'x”\\n\\u202ey\\u{e0041}. Deploys nothing.' } });";
    assert_eq!(
        of(text).await.text,
        "Before sign-up: can deny with `a` (403, “x\" y. Deploys nothing.”)."
    );
}

#[tokio::test]
async fn other_ways_to_export_hooks_are_read_too() {
    for entry in [
        "export default { beforeSignup() { return { deny: { code: 'a' } }; } };",
        "export default function beforeSignup() { return { deny: { code: 'a' } }; }",
        "async function hook() { return { deny: { code: 'a' } }; }\nexport { hook as beforeSignup };",
    ] {
        assert_eq!(
            of(entry).await.text,
            "Before sign-up: can deny with `a` (403).",
            "{entry}"
        );
    }
    let said = summary(&[(
        "hooks/a.cjs",
        "module.exports = { beforeSignup: () => ({ deny: { code: 'a' } }) };",
    )]);
    assert_eq!(said.await.text, "Before sign-up: can deny with `a` (403).");
    let parts = summary(&[
        (
            "hooks/a.ts",
            "import { limit } from '../lib/limit';\nexport const beforeSignup = () => limit();",
        ),
        (
            "lib/limit.ts",
            "export function limit() {\n  return { deny: { code: 'a' } };\n}",
        ),
    ]);
    let denies = parts.await.facts.denies;
    assert_eq!((denies[0].file.as_str(), denies[0].line), ("lib/limit.ts", 2));
}
