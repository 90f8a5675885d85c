//! What of TypeScript is refused, with its line, and constants that cross files.

use aerocall_compiler::EngineName;
use aerocall_compiler::source::Source;
use serde_json::{Value, json};

use crate::sandbox::patch;
use crate::support::{HOOK, in_memory, ok, on_disk, places, problems, run, texts};

/// A construct, the place at which it is refused, a word of the message and one of the hint.
type Refused = (&'static str, &'static str, &'static str, &'static str);

const REFUSED: &[Refused] = &[
    (
        "const logged = (v: any, _c: any) => v;\nclass A { @logged check() {} @logged other() {} }",
        "2:11",
        "decorators",
        "\"experimentalDecorators\": true",
    ),
    (
        "@((c: any) => c) class A {}",
        "1:1",
        "decorators",
        "call the function yourself",
    ),
    (
        "class A {\n  static accessor most = 2;\n}",
        "2:3",
        "`accessor`",
        "get most() { return this.#most; }",
    ),
    ("class A { accessor #most = 2; }", "1:11", "`accessor`", "private field"),
    ("const a = 1;\nexport = a;", "2:1", "`export =`", "`export default`"),
    (
        "namespace N {\n  export let { a } = { a: 1 };\n}",
        "2:10",
        "pattern",
        "declare each by itself",
    ),
    (
        "namespace N { export let n = 1; }\nnamespace N { export const f = (N: any) => [N, n]; }",
        "2:48",
        "`n` is a member of `namespace N`",
        "another name",
    ),
    (
        "namespace N { export const a = { b: 1 }; }\nnamespace N { import c = a.b; export const d = c; }",
        "2:26",
        "`a` is a member of `namespace N`",
        "write `N.a`",
    ),
    (
        "export const a = 1, b = 2;\nexport { b as a };",
        "2:15",
        "`a` is exported twice",
        "another name",
    ),
    (
        "export { a } from './c';\nexport { b as a } from './c';",
        "2:15",
        "`a` is exported twice",
        "another name",
    ),
    (
        "export const a = 1;\nif (a > 0) { return; }",
        "2:14",
        "`return` stands outside",
        "branch of an `if`",
    ),
];

#[tokio::test]
async fn what_cannot_be_translated_is_refused_with_its_line() {
    for (text, place, message, hint) in REFUSED {
        let file = format!("{text}\n");
        let files = [
            ("a.ts", "import './b';\nexport const beforeSignup = () => 1;"),
            ("b.ts", file.as_str()),
            ("c.ts", "export const a = 1, b = 2;"),
        ];
        for refused in [on_disk(&files).await, in_memory(&files).await] {
            let problem = refused.expect_err(text);
            assert_eq!(places(&problem), [format!("unsupported-syntax b.ts:{place}")], "{text}");
            let shown = texts(&problem);
            assert!(shown.contains(message) && shown.contains(hint), "{shown}");
        }
    }
}

/// What looks like one of them: declarations that merge, overloads, types beside values, and files of CommonJS.
#[tokio::test]
async fn what_may_be_exported_again_and_left_early_is_not_refused() {
    let files = [
        (
            "a.ts",
            "import early from './early.cjs';\nexport function f(a: string): void;\nexport function f(a: any) { return a; }\n\
             export type T = 1; export const T = 2; export enum E { A } export enum E { B = 5 }\n\
             export namespace N { export const x = 3; } export namespace N { export const y = x; }\n\
             export class C {} export namespace C { export const z = 4; } export * from './b'; export const own = 6;\n\
             export const beforeSignup = () => [T, E.B, N.y, C.z, own, early.first, early.second ?? null];",
        ),
        ("b.ts", "export const own = 1;"),
        (
            "early.cjs",
            "exports.first = 7;\nif (exports.first) return;\nexports.second = 8;",
        ),
    ];
    let bundle = ok(on_disk(&files).await);
    assert_eq!(run(&bundle, "hook.beforeSignup()"), json!([2, 5, 3, 4, 6, 7, null]));
}

#[tokio::test]
async fn everything_that_is_refused_is_reported_at_once() {
    let text = format!("class A {{ accessor a = 1; }}\n@A class B {{ accessor b = 1; }}\n{HOOK}");
    let found = problems(on_disk(&[("a.ts", &text)]).await);
    let expected = ["1:11", "2:1", "2:14"].map(|place| format!("unsupported-syntax a.ts:{place}"));
    assert_eq!(found, expected);
}

#[tokio::test]
async fn javascript_with_decorators_is_refused_too() {
    let text = format!("const d = (v) => v;\nclass A {{ @d m() {{}} }}\n{HOOK}");
    let decorators = problems(on_disk(&[("a.js", &text), ("tsconfig.json", LEGACY)]).await);
    assert_eq!(decorators, ["unsupported-syntax a.js:2:11"]);
}

const LEGACY: &str = "{ \"compilerOptions\": { \"experimentalDecorators\": true } }";

/// A file of a package that is not part of the bundle cannot hurt.
#[tokio::test]
async fn of_packages_only_what_is_used_is_refused() {
    let package = [
        (
            "node_modules/both/package.json",
            "{ \"type\": \"module\", \"exports\": \"./index.js\", \"sideEffects\": false }",
        ),
        (
            "node_modules/both/index.js",
            "export { a } from './a.js';\nexport { b } from './b.js';",
        ),
        ("node_modules/both/a.js", "export const a = 1;"),
        ("node_modules/both/b.js", "export class b { accessor c = 1; }"),
    ];
    let uses = |name: &str| format!("import {{ {name} }} from 'both';\nexport const beforeSignup = () => {name};");
    let (unused, used) = (uses("a"), uses("b"));
    let with = |entry| [[("a.ts", entry)].as_slice(), &package].concat();
    assert_eq!(run(&ok(on_disk(&with(&unused)).await), "hook.beforeSignup()"), json!(1));
    let refused = problems(on_disk(&with(&used)).await);
    assert_eq!(refused, ["unsupported-syntax node_modules/both/b.js:1:18"]);
}

/// Text that is made a number in a call: of the file, of another one, of an enum, of JSON. And a constant of another
/// file that is read before that file has run.
#[tokio::test]
async fn constants_are_what_they_are_in_a_call() {
    let files = [
        (
            "hook.ts",
            "import settings from './settings.json';\nimport { MOST, LATE, Size } from './most';\nimport { early } from './cycle';\n\
             export const beforeSignup = () => ({ patch: { literal: Number('10 '), json: +settings.limit, imported: Number(MOST), \
             list: Number(Size.Max), over: 50 > (settings.limit as any), early, late: LATE } });",
        ),
        (
            "most.ts",
            "import './cycle';\nexport const MOST = '30 ';\nexport const LATE = 5;\nexport enum Size { Max = '7\\n' }",
        ),
        (
            "cycle.ts",
            "import { LATE } from './most';\nconst read = () => { try { return LATE; } catch (error) { return (error as Error).name; } };\nexport const early = read();",
        ),
        ("settings.json", "{ \"limit\": \"25\\n\" }"),
    ];
    let expected: Value = json!({ "literal": 10, "json": 25, "imported": 30, "list": 7, "over": true, "early": "ReferenceError", "late": 5 });
    for engine in EngineName::ALL {
        let source = Source::memory("hook.ts", files).unwrap();
        let found = patch(*engine, &source).await.map_err(|problems| texts(&problems));
        assert_eq!(found.as_ref(), Ok(&expected), "{}", engine.as_str());
    }
}

/// An enum of the same name in another scope of its file is another one, and a member that is assigned has its new value.
#[tokio::test]
async fn members_of_enums_are_read_from_the_enum() {
    let files = [
        (
            "a.ts",
            "import { Color, inner } from './b';\n(Color as any).Green = 20;\nexport const beforeSignup = () => [Color.Red, Color.Green, inner];",
        ),
        (
            "b.ts",
            "function scoped() { enum Color { Red = 7, Green = 8 } return [Color.Red, Color.Green]; }\nexport enum Color { Red = 1, Green = 2 }\nexport const inner = scoped();",
        ),
    ];
    let bundle = ok(on_disk(&files).await);
    assert_eq!(run(&bundle, "hook.beforeSignup()"), json!([1, 20, [7, 8]]));
}

#[tokio::test]
async fn development_branches_of_packages_are_dropped() {
    let files = [
        ("a.ts", "import p from 'p';\nexport const beforeSignup = () => p;"),
        (
            "node_modules/p/index.js",
            "if (process.env.NODE_ENV === 'production') {\n  module.exports = require('./prod.js');\n} else {\n  module.exports = require('./dev.js');\n}",
        ),
        ("node_modules/p/prod.js", "module.exports = 'prod';"),
        (
            "node_modules/p/dev.js",
            "require('node:fs'); module.exports = 'DEVELOPMENT';",
        ),
    ];
    let bundle = ok(on_disk(&files).await);
    assert!(!bundle.code.contains("DEVELOPMENT"), "{}", bundle.code);
    assert_eq!(run(&bundle, "hook.beforeSignup()"), json!("prod"));
}
