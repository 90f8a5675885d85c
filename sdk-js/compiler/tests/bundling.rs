//! What a bundle contains, and that it runs.

use crate::support::{HOOK, bundle_in, in_memory, ok, on_disk, project, run};
use serde_json::json;

#[tokio::test]
async fn joins_files_and_keeps_exports() {
    let files = [
        (
            "hooks/signup.ts",
            "import { domain } from '../lib/domain';\nimport type { Nothing } from './absent';\nexport const beforeSignup = async (_c: unknown, p: { email: string }) => domain(p.email);\nexport type T = string;\n",
        ),
        (
            "lib/domain.ts",
            "export function domain(email: string): string { return email.split('@')[1]!; }\n",
        ),
    ];
    for bundle in [ok(on_disk(&files).await), ok(in_memory(&files).await)] {
        assert_eq!(bundle.exports, ["beforeSignup"]);
        assert_eq!(
            bundle.sources.iter().map(|file| file.path.as_str()).collect::<Vec<_>>(),
            ["hooks/signup.ts", "lib/domain.ts"]
        );
        assert!(!bundle.code.contains("import"), "{}", bundle.code);
        assert_eq!(run(&bundle, "hook.beforeSignup({}, { email: 'a@b.c' })"), json!("b.c"));
    }
}

#[tokio::test]
async fn imports_json_whole_and_by_name() {
    let bundle = ok(on_disk(&[
        ("a.ts", "import all, { blocked } from './data.json';\nimport * as ns from './data.json';\nexport const beforeSignup = () => [all, blocked, ns.n];"),
        ("data.json", "\u{feff}{ \"blocked\": [\"x.y\"], \"n\": 1, \"not-a-name\": 2 }"),
    ])
    .await);
    assert_eq!(
        run(&bundle, "hook.beforeSignup()"),
        json!([{ "blocked": ["x.y"], "n": 1, "not-a-name": 2 }, ["x.y"], 1])
    );
}

#[tokio::test]
async fn inlines_dynamic_imports() {
    let bundle = ok(on_disk(&[
        (
            "a.ts",
            "export const beforeSignup = async () => (await import('./b')).value;",
        ),
        ("b.ts", "export const value = 7;"),
    ])
    .await);
    assert_eq!(run(&bundle, "hook.beforeSignup()"), json!(7));
}

#[tokio::test]
async fn translates_typescript_and_keeps_modern_syntax() {
    let text = "enum Color { Red = 1, Green }\nnamespace N { export const x = 2; }\n\
        class A { #p = 1; static s = 2; constructor(public q = 3) {} get p() { return this.#p; } }\n\
        const found = /[\\p{L}--[a-z]]/v.test('É');\nconst late = await Promise.resolve(4);\n\
        export const beforeSignup = () => [Color.Green, Color[1], N.x, new A().p, A.s, new A().q, found, late, ({} as any)?.x ?? 5];\n";
    let bundle = ok(on_disk(&[("a.ts", text)]).await);
    assert!(
        bundle.code.contains("#p = 1") && bundle.code.contains("get p()"),
        "{}",
        bundle.code
    );
    assert_eq!(
        run(&bundle, "hook.beforeSignup()"),
        json!([2, "Red", 2, 1, 2, 3, true, 4, 5])
    );
}

#[tokio::test]
async fn translates_legacy_decorators() {
    let bundle = ok(on_disk(&[
        ("a.ts", "function twice(_t: any, _k: string, d: any) { const f = d.value; d.value = () => f() * 2; }\nclass A { @twice m() { return 21; } }\nexport const beforeSignup = () => new A().m();"),
        ("tsconfig.json", "{ \"compilerOptions\": { \"experimentalDecorators\": true } }"),
    ])
    .await);
    assert_eq!(run(&bundle, "hook.beforeSignup()"), json!(42));
}

#[tokio::test]
async fn follows_paths_of_tsconfig() {
    let bundle = ok(on_disk(&[
        (
            "hooks/a.ts",
            "import { n } from '@lib/n';\nexport const beforeSignup = () => n;",
        ),
        ("src/lib/n.ts", "export const n = 3;"),
        (
            "tsconfig.json",
            "{ // comment\n \"compilerOptions\": { \"baseUrl\": \".\", \"paths\": { \"@lib/*\": [\"src/lib/*\"] } } }",
        ),
    ])
    .await);
    assert_eq!(run(&bundle, "hook.beforeSignup()"), json!(3));
}

#[tokio::test]
async fn provides_the_sdk_package() {
    let bundle = ok(on_disk(&[(
        "a.ts",
        "import { Deny, defineConfig, type BeforeSignup } from '@aerocall/hooks';\nimport type { Other } from '@aerocall/hooks';\nexport const config = defineConfig({ limits: {} });\nexport const beforeSignup: BeforeSignup = () => { throw new Deny('no'); };",
    )])
    .await);
    assert_eq!(
        run(
            &bundle,
            "(() => { try { hook.beforeSignup() } catch (e) { return e instanceof Aerocall.Deny } })()"
        ),
        json!(true)
    );
    let types_only = ok(on_disk(&[(
        "a.ts",
        "import type { X } from '@aerocall/hooks';\nexport const beforeSignup = (_c: X) => 1;",
    )])
    .await);
    assert!(!types_only.code.contains("Aerocall"), "{}", types_only.code);
}

#[tokio::test]
async fn replaces_node_env_and_keeps_names_and_eval() {
    let bundle = ok(on_disk(&[
        ("a.ts", "import { helper as other } from './b';\nfunction helper() {}\nconst secret = 5;\nexport const beforeSignup = () => [process.env.NODE_ENV, helper.name, other.name, eval('secret'), new Function('return 6')()];"),
        ("b.ts", "export function helper() {}"),
    ])
    .await);
    assert_eq!(
        run(&bundle, "hook.beforeSignup()"),
        json!(["production", "helper", "helper", 5, 6])
    );
    assert!(bundle.warnings.is_empty(), "{:?}", bundle.warnings);
}

#[tokio::test]
async fn drops_what_is_not_used() {
    let bundle = ok(on_disk(&[
        (
            "a.ts",
            "import { used } from './b';\nexport const beforeSignup = () => used;",
        ),
        ("b.ts", "export const used = 1;\nexport const unused = 'DROPPED';"),
    ])
    .await);
    assert!(!bundle.code.contains("DROPPED"));
}

#[tokio::test]
async fn allows_import_cycles() {
    let bundle = ok(on_disk(&[
        (
            "a.ts",
            "import { b } from './b';\nexport const a = () => 1;\nexport const beforeSignup = () => b();",
        ),
        ("b.ts", "import { a } from './a';\nexport const b = () => a() + 1;"),
    ])
    .await);
    assert_eq!(run(&bundle, "hook.beforeSignup()"), json!(2));
}

#[tokio::test]
async fn runs_jsx_when_a_runtime_is_installed() {
    let bundle = ok(on_disk(&[
        ("a.tsx", "const Mail = ({ name }: { name: string }) => <b>Hello {name}</b>;\nexport const beforeSignup = () => <Mail name=\"A\" />;"),
        ("tsconfig.json", "{ \"compilerOptions\": { \"jsx\": \"react-jsx\", \"jsxImportSource\": \"tiny\" } }"),
        ("node_modules/tiny/package.json", "{ \"name\": \"tiny\", \"exports\": { \"./jsx-runtime\": \"./jsx.js\" }, \"type\": \"module\" }"),
        ("node_modules/tiny/jsx.js", "export const jsx = (t, p) => typeof t === 'function' ? t(p) : [t, p.children].flat();\nexport const jsxs = jsx;"),
    ])
    .await);
    assert_eq!(run(&bundle, "hook.beforeSignup()"), json!(["b", "Hello ", "A"]));
}

#[tokio::test]
async fn gives_names_to_hooks_of_default_and_common_js_exports() {
    let forms = [
        (
            "a.ts",
            "export default { n: 1, beforeSignup() { return this.n; }, on: { 'auth.login': () => 2 } };",
        ),
        (
            "a.js",
            "module.exports = { n: 1, beforeSignup() { return this.n; }, on: { 'auth.login': () => 2 } };",
        ),
        (
            "b.js",
            "exports.beforeSignup = () => 1; exports.on = { 'auth.login': () => 2 };",
        ),
    ];
    for form in forms {
        let bundle = ok(on_disk(&[form]).await);
        assert_eq!(
            bundle
                .exports
                .iter()
                .filter(|name| *name != "default")
                .collect::<Vec<_>>(),
            ["beforeSignup", "on"]
        );
        assert_eq!(
            run(&bundle, "[hook.beforeSignup(), hook.on['auth.login']()]"),
            json!([1, 2]),
            "{}",
            bundle.code
        );
    }
    let function = ok(on_disk(&[("a.ts", "export default async function beforeSignup() { return 3; }")]).await);
    assert_eq!(run(&function, "hook.beforeSignup()"), json!(3));
}

#[tokio::test]
async fn reads_windows_files_and_unicode_paths() {
    let bundle = ok(on_disk(&[
        (
            "höoks/ünïcode 文.ts",
            "\u{feff}import { v } from './b c';\r\nexport const beforeSignup = () => v;\r\n",
        ),
        ("höoks/b c.ts", "export const v = 'é';\r\n"),
    ])
    .await);
    assert_eq!(bundle.entry, "höoks/ünïcode 文.ts");
    assert_eq!(run(&bundle, "hook.beforeSignup()"), json!("é"));
}

#[tokio::test]
async fn builds_from_memory_with_packages_on_disk() {
    let packages = project(&[(
        "node_modules/left/index.js",
        "module.exports = { pad: (s) => ' ' + s };",
    )]);
    let files = [(
        "a.ts",
        "import { pad } from 'left';\nexport const beforeSignup = () => pad('x');",
    )];
    let source = aerocall_compiler::source::Source::memory("a.ts", files)
        .unwrap()
        .with_packages_of(packages.path())
        .unwrap();
    let bundle = ok(aerocall_compiler::bundle::bundle(&source, &Default::default()).await);
    assert_eq!(run(&bundle, "hook.beforeSignup()"), json!(" x"));
}

#[tokio::test]
async fn names_the_entry_after_its_real_place() {
    let directory = project(&[("hooks/a.ts", HOOK)]);
    let absolute = directory.path().join("hooks/../hooks/a.ts");
    assert_eq!(
        ok(bundle_in(directory.path(), absolute.to_str().unwrap()).await).entry,
        "hooks/a.ts"
    );
}

#[tokio::test]
async fn drops_types_that_are_exported_again_like_values() {
    let files = [
        (
            "a.ts",
            "import { T, v } from './types';\nexport { T } from './types';\nexport { T as U };\nexport const beforeSignup = (_t: T) => v;",
        ),
        ("types.ts", "export interface T { a: number }\nexport const v = 1;"),
    ];
    for bundle in [ok(on_disk(&files).await), ok(in_memory(&files).await)] {
        assert_eq!(run(&bundle, "hook.beforeSignup()"), json!(1));
    }
}

#[tokio::test]
async fn can_be_built_on_any_thread() {
    let source = aerocall_compiler::source::Source::memory("a.ts", [("a.ts", HOOK)]).unwrap();
    let build = async move { aerocall_compiler::bundle::bundle(&source, &Default::default()).await };
    assert!(tokio::spawn(build).await.unwrap().is_ok());
}
