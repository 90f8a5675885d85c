//! Every message: its code, its exact place, and what it advises.

use aerocall_compiler::bundle::{BundleOptions, bundle};
use aerocall_compiler::source::Source;

use crate::support::{HOOK, in_memory, ok, on_disk, places, problems, texts};

async fn text_of(files: &[(&str, &str)]) -> String {
    texts(&on_disk(files).await.expect_err("it built"))
}

#[tokio::test]
async fn syntax_errors() {
    let broken = [(
        "hooks/a.ts",
        "export const beforeSignup = async () => {\n  const x = ;\n};\n",
    )];
    assert_eq!(problems(on_disk(&broken).await), ["syntax hooks/a.ts:2:13"]);
    assert_eq!(problems(in_memory(&broken).await), ["syntax hooks/a.ts:2:13"]);
    let twice = [(
        "a.ts",
        "const a = 1;\nconst a = 2;\nexport const beforeSignup = () => a;",
    )];
    assert_eq!(problems(on_disk(&twice).await), ["syntax a.ts:1:7"]);
    let windows = [("a.ts", "\u{feff}const a = 1;\r\nconst é = '😀', b = ;\r\n")];
    assert_eq!(problems(on_disk(&windows).await), ["syntax a.ts:2:21"]);
}

#[tokio::test]
async fn syntax_errors_show_their_frame() {
    let text = text_of(&[(
        "hooks/a.ts",
        "// a hook\nexport const beforeSignup = async () => {\n  const x = ;\n};\n",
    )])
    .await;
    assert_eq!(
        text,
        "\
error[syntax]: Unexpected token
  --> hooks/a.ts:3:13
  2 | export const beforeSignup = async () => {
  3 |   const x = ;
    |             ^
  4 | };"
    );
}

#[tokio::test]
async fn errors_of_several_files_at_once() {
    let files = [
        (
            "a.ts",
            "import './b';\nimport './c';\nexport const beforeSignup = () => 1;",
        ),
        ("b.ts", "const = 1;"),
        ("c.ts", "import x from './nowhere';\nconsole.log(x);"),
    ];
    assert_eq!(
        problems(on_disk(&files).await),
        ["syntax b.ts:1:7", "missing-import c.ts:1:15"]
    );
}

#[tokio::test]
async fn missing_files() {
    let files = [
        (
            "hooks/a.ts",
            "// a hook\nimport { domain } from './utl';\nexport const beforeSignup = () => domain;\n",
        ),
        ("hooks/util.ts", ""),
    ];
    let expected = "\
error[missing-import]: cannot find './utl'
  --> hooks/a.ts:2:24
  1 | // a hook
  2 | import { domain } from './utl';
    |                        ^^^^^^^
  3 | export const beforeSignup = () => domain;
  = hint: did you mean './util'?";
    assert_eq!(text_of(&files).await, expected);
    assert_eq!(texts(&in_memory(&files).await.unwrap_err()), expected);
}

#[tokio::test]
async fn missing_packages() {
    let text = text_of(&[(
        "a.ts",
        "import z from '@scope/zod/mini';\nexport const beforeSignup = () => z;",
    )])
    .await;
    assert!(
        text.contains("a.ts:1:15") && text.contains("run `npm install @scope/zod`"),
        "{text}"
    );
    let declared = text_of(&[
        (
            "a.ts",
            "const z = require('zod');\nexport const beforeSignup = () => z;",
        ),
        ("package.json", r#"{ "dependencies": { "zod": "4" } }"#),
    ])
    .await;
    assert!(
        declared.contains("a.ts:1:19") && declared.contains("run `npm install`"),
        "{declared}"
    );
    let subpath = text_of(&[
        ("a.ts", "import z from 'p/inner';\nexport const beforeSignup = () => z;"),
        (
            "node_modules/p/package.json",
            r#"{ "name": "p", "exports": { ".": "./i.js" } }"#,
        ),
    ])
    .await;
    assert!(
        subpath.contains("missing-import") && !subpath.contains("/tmp"),
        "{subpath}"
    );
}

#[tokio::test]
async fn missing_exports() {
    let files = [
        (
            "a.ts",
            "import { nope } from './b';\nexport const beforeSignup = () => nope;",
        ),
        ("b.ts", "export const yes = 1;"),
    ];
    assert_eq!(problems(on_disk(&files).await), ["missing-export a.ts:1:10"]);
    assert_eq!(problems(in_memory(&files).await), ["missing-export a.ts:1:10"]);
}

#[tokio::test]
async fn builtins_of_node() {
    let text = text_of(&[("a.ts", "import { createHash } from 'node:crypto';\nimport fs from 'fs/promises';\nexport const beforeSignup = () => [createHash, fs];")]).await;
    assert!(
        text.contains("[node-builtin]") && text.contains("a.ts:1:28") && text.contains("a.ts:2:16"),
        "{text}"
    );
    assert!(
        text.contains("crypto.subtle") && text.contains("no file system"),
        "{text}"
    );
    let inside = [
        ("a.ts", "import n from 'needs';\nexport const beforeSignup = () => n;"),
        (
            "node_modules/needs/index.js",
            "var http = require('http');\nmodule.exports = http;",
        ),
    ];
    assert_eq!(
        problems(on_disk(&inside).await),
        ["node-builtin node_modules/needs/index.js:1:20"]
    );
    assert!(text_of(&inside).await.contains("which `needs` imports"));
}

#[tokio::test]
async fn files_that_are_no_code() {
    for (file, hint) in [
        ("./a.wasm", "a WebAssembly module itself"),
        ("./b.txt", "put the text into a string"),
        ("./c.png", ".json files"),
    ] {
        let entry = format!("import x from '{file}';\nexport const beforeSignup = () => x;");
        let text = text_of(&[("a.ts", &entry), ("a.wasm", "\0asm"), ("b.txt", "t"), ("c.png", "p")]).await;
        assert!(
            text.contains("[unsupported-file]") && text.contains("a.ts:1:15") && text.contains(hint),
            "{text}"
        );
    }
    let binary = [
        ("a.ts", "import x from './data';\nexport const beforeSignup = () => x;"),
        ("data.js", "\0\0"),
    ];
    assert_eq!(problems(on_disk(&binary).await), ["unsupported-file data.js:1:1"]);
}

#[tokio::test]
async fn addresses() {
    let files = [(
        "a.ts",
        "import x from 'https://esm.sh/zod';\nexport const beforeSignup = () => x;",
    )];
    assert_eq!(problems(on_disk(&files).await), ["url-import a.ts:1:15"]);
}

#[tokio::test]
async fn broken_json() {
    let files = [
        (
            "a.ts",
            "import x from './d.json';\nexport const beforeSignup = () => x;",
        ),
        ("d.json", "{\n  \"a\": 1,\n}\n"),
    ];
    let found = problems(on_disk(&files).await);
    assert!(
        found.len() == 1 && found[0].starts_with("json-syntax d.json:"),
        "{found:?}"
    );
}

#[tokio::test]
async fn jsx_without_a_runtime() {
    let text = text_of(&[("a.tsx", "export const beforeSignup = () =>\n  <b>hi</b>;")]).await;
    assert!(text.contains("[jsx-runtime]") && text.contains("a.tsx:2:3"), "{text}");
}

#[tokio::test]
async fn intl() {
    let files = [(
        "a.ts",
        "const f = 1;\nexport const beforeSignup = () =>\n  new Intl.NumberFormat('de').format(f);",
    )];
    assert_eq!(problems(on_disk(&files).await), ["no-intl a.ts:3:7"]);
    let guarded = "export const beforeSignup = () => typeof Intl === 'undefined' ? 1 : new Intl.Locale('de');";
    assert!(ok(on_disk(&[("a.ts", guarded)]).await).warnings.is_empty());
    let locale = ok(on_disk(&[("a.ts", "export const beforeSignup = (d: Date) => [\n  d.toLocaleDateString('de', { day: 'numeric' }), d.toLocaleString()];")]).await);
    assert_eq!(places(&locale.warnings), ["no-intl a.ts:2:3"]);
    let package = ok(on_disk(&[
        ("a.ts", "import f from 'fmt';\nexport const beforeSignup = () => f();"),
        (
            "node_modules/fmt/index.js",
            "module.exports = () => new Intl.DateTimeFormat();",
        ),
    ])
    .await);
    assert_eq!(places(&package.warnings), ["no-intl node_modules/fmt/index.js:1:28"]);
}

#[tokio::test]
async fn globals_of_other_places() {
    let errors = on_disk(&[(
        "a.ts",
        "export const beforeSignup = (text: string) => [\n  process.env.KEY, Buffer.from('x'),\n  new TransformStream(), \
         Atomics, new WebAssembly.Module(),\n  text.match(/(a)/) && RegExp.$1];",
    )])
    .await;
    assert_eq!(
        problems(errors),
        [
            "missing-global a.ts:2:3",
            "missing-global a.ts:2:20",
            "missing-global a.ts:3:7",
            "missing-global a.ts:3:26",
            "missing-global a.ts:3:39",
            "missing-global a.ts:4:24"
        ]
    );
    for (code, warnings) in [
        ("() => typeof process === 'undefined' ? 1 : process.pid", &[][..]),
        (
            "() => { if (typeof process === 'undefined') return 1; return process.pid; }",
            &["missing-global a.ts:1:90"],
        ),
        (
            "() => { try { return process.pid; } catch { return 1; } }",
            &["missing-global a.ts:1:50"],
        ),
        ("(process: { pid: number }) => process.pid", &[]),
        ("() => (globalThis as any).process?.pid", &[]),
        (
            "() => [setImmediate, new FormData(), new Blob([]), new File([], 'a'), new ReadableStream(), RegExp.escape]",
            &[],
        ),
    ] {
        let source = format!("export const beforeSignup = {code};");
        let bundle = ok(on_disk(&[("a.ts", &source)]).await);
        assert_eq!(places(&bundle.warnings), warnings, "{code}");
    }
}

#[tokio::test]
async fn computed_imports() {
    let files = [(
        "a.ts",
        "export const beforeSignup = (name: string) =>\n  import('./' + name);",
    )];
    assert_eq!(problems(on_disk(&files).await), ["dynamic-import a.ts:2:3"]);
}

#[tokio::test]
async fn assignments_to_constants() {
    let files = [
        (
            "a.ts",
            "import { n } from './b';\nexport const beforeSignup = () => { n = 2; };",
        ),
        ("b.ts", "export let n = 1;"),
    ];
    assert_eq!(problems(on_disk(&files).await), ["bad-assignment a.ts:2:37"]);
}

#[tokio::test]
async fn bundles_and_files_that_are_too_large() {
    let big = format!("module.exports = '{}';", "x".repeat(3000));
    let files = [
        (
            "a.ts",
            "import x from 'big'; import y from 'bigger';\nexport const beforeSignup = () => [x, y];".to_owned(),
        ),
        ("node_modules/big/index.js", big.clone()),
        ("node_modules/bigger/index.js", big.replace('x', "yy")),
    ];
    let files: Vec<_> = files.iter().map(|(path, text)| (*path, text.as_str())).collect();
    let directory = crate::support::project(&files);
    let source = Source::project(directory.path(), "a.ts").unwrap();
    let options = BundleOptions {
        max_code_bytes: 4096,
        ..BundleOptions::default()
    };
    let text = texts(&bundle(&source, &options).await.unwrap_err());
    assert!(
        text.contains("[bundle-too-large]") && text.contains("a.ts:1:1"),
        "{text}"
    );
    assert!(
        text.contains("bigger (6.") && text.find("bigger (") < text.find("big ("),
        "{text}"
    );
    let options = BundleOptions {
        max_file_bytes: 4096,
        ..BundleOptions::default()
    };
    assert_eq!(
        places(&bundle(&source, &options).await.unwrap_err()),
        ["file-too-large node_modules/bigger/index.js:1:1"]
    );
}

#[tokio::test]
async fn entries() {
    let directory = crate::support::project(&[("a.ts", HOOK), ("a.txt", "")]);
    for entry in ["nope.ts", "a.txt", "/etc/passwd"] {
        let problem = Source::project(directory.path(), entry).unwrap_err();
        assert_eq!(problem.code, "bad-entry", "{problem}");
    }
}

#[tokio::test]
async fn broken_tsconfig() {
    let files = [("a.ts", HOOK), ("tsconfig.json", "{ \"compilerOptions\": ")];
    let text = text_of(&files).await;
    assert!(text.contains("[tsconfig]") && !text.contains("/tmp"), "{text}");
}

#[tokio::test]
async fn serialises_for_editors() {
    let problems = on_disk(&[("a.ts", "import './nope';")]).await.unwrap_err();
    let value = serde_json::to_value(&problems[0]).unwrap();
    assert_eq!(value["code"], "missing-import");
    assert_eq!(value["severity"], "error");
    assert_eq!((&value["line"], &value["column"]), (&1.into(), &8.into()));
}

#[tokio::test]
async fn names_the_place_at_which_a_file_becomes_too_deep() {
    let deep = format!("export const x =\n{}", "[".repeat(5_000));
    let imported = on_disk(&[("a.ts", &format!("import './b';\n{HOOK}")), ("b.ts", &deep)]).await;
    assert_eq!(problems(imported), ["too-deep b.ts:2:2000"]);
    assert_eq!(problems(in_memory(&[("a.ts", &deep)]).await), ["too-deep a.ts:2:2000"]);
}
