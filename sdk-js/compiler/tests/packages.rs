//! Packages of every kind: how they are found and that they behave as in Node.js.

use crate::support::{bundle_in, in_memory, ok, on_disk, problems, project, run};
use serde_json::json;

#[tokio::test]
async fn prefers_browser_builds() {
    let bundle = ok(on_disk(&[
        ("a.js", "import e from 'by-exports'; import m from 'by-main'; import f from 'by-field'; import d from 'by-module';\nexport const beforeSignup = () => [e, m, f, d];"),
        ("node_modules/by-exports/package.json", r#"{ "exports": { ".": { "node": "./node.js", "browser": "./browser.js", "import": "./import.js", "default": "./default.js" } } }"#),
        ("node_modules/by-exports/browser.js", "export default 'browser';"),
        ("node_modules/by-main/package.json", r#"{ "main": "./lib/main" }"#),
        ("node_modules/by-main/lib/main.js", "module.exports = 'main';"),
        ("node_modules/by-field/package.json", r#"{ "main": "main.js", "browser": { "./node.js": "./web.js", "fs": false } }"#),
        ("node_modules/by-field/main.js", "const fs = require('fs'); module.exports = require('./node.js') + Object.keys(fs).length;"),
        ("node_modules/by-field/node.js", "module.exports = 'node';"),
        ("node_modules/by-field/web.js", "module.exports = 'web';"),
        ("node_modules/by-module/package.json", r#"{ "main": "main.js", "module": "module.js" }"#),
        ("node_modules/by-module/main.js", "module.exports = 'main';"),
        ("node_modules/by-module/module.js", "export default 'module';"),
    ])
    .await);
    assert_eq!(
        run(&bundle, "hook.beforeSignup()"),
        json!(["browser", "main", "web0", "module"])
    );
}

#[tokio::test]
async fn joins_common_js_and_modules() {
    let bundle = ok(on_disk(&[
        ("a.mts", "import whole, { one } from 'cjs'; import es from 'esm-in-cjs'; import * as star from 'star'; import { cyc } from 'cycle';\nexport const beforeSignup = () => [whole.two, one, typeof es, star.a, star.b, cyc()];"),
        ("node_modules/cjs/index.js", "exports.one = 1; exports.two = 2; exports.esm = require('esm').value;"),
        ("node_modules/esm/package.json", r#"{ "type": "module", "exports": "./i.js" }"#),
        ("node_modules/esm/i.js", "export const value = 3;"),
        ("node_modules/esm-in-cjs/index.js", "Object.defineProperty(exports, '__esModule', { value: true }); exports.default = function f() {};"),
        ("node_modules/star/package.json", r#"{ "type": "module", "exports": "./i.js" }"#),
        ("node_modules/star/i.js", "export * from './a.js'; export * from './b.js';"),
        ("node_modules/star/a.js", "export const a = 'a';"),
        ("node_modules/star/b.js", "export const b = 'b';"),
        ("node_modules/cycle/index.js", "exports.x = 1; const other = require('./other'); exports.cyc = () => other.y();"),
        ("node_modules/cycle/other.js", "const index = require('./index'); exports.y = () => index.x + 1;"),
    ])
    .await);
    // From `.mts`, as in Node.js, the default of a CommonJS module is `module.exports` itself.
    assert_eq!(
        run(&bundle, "hook.beforeSignup()"),
        json!([2, 1, "object", "a", "b", 2])
    );
}

#[tokio::test]
async fn lets_packages_try_what_is_not_installed() {
    let bundle = ok(on_disk(&[
        ("a.js", "import p from 'p';\nexport const beforeSignup = () => p;"),
        ("node_modules/p/index.js", "let found; try { found = require('optional-thing'); } catch (e) { found = e.code; }\nmodule.exports = found;"),
    ])
    .await);
    assert_eq!(run(&bundle, "hook.beforeSignup()"), json!("MODULE_NOT_FOUND"));
}

#[tokio::test]
async fn uses_installed_packages_in_place_of_builtins() {
    let bundle = ok(on_disk(&[
        ("a.js", "import events from 'node:events'; import path from 'path';\nexport const beforeSignup = () => [events, path];"),
        ("node_modules/events/index.js", "module.exports = 'events package';"),
        ("node_modules/path/index.js", "module.exports = 'path package';"),
    ])
    .await);
    assert_eq!(
        run(&bundle, "hook.beforeSignup()"),
        json!(["events package", "path package"])
    );
    let stub = on_disk(&[
        ("a.js", "import fs from 'fs';\nexport const beforeSignup = () => fs;"),
        ("node_modules/fs/package.json", r#"{ "main": "i.js" }"#),
        ("node_modules/fs/i.js", "module.exports = {};"),
    ]);
    assert_eq!(problems(stub.await), ["node-builtin a.js:1:16"]);
}

#[tokio::test]
async fn ignores_builtins_in_code_that_is_dropped() {
    let bundle = ok(on_disk(&[
        ("a.js", "import { pure } from 'both';\nexport const beforeSignup = () => pure;"),
        ("node_modules/both/package.json", r#"{ "type": "module", "exports": "./i.js", "sideEffects": false }"#),
        ("node_modules/both/i.js", "import { readFileSync } from 'fs';\nexport const pure = 1;\nexport const impure = () => readFileSync('x');"),
    ])
    .await);
    assert_eq!(run(&bundle, "hook.beforeSignup()"), json!(1));
}

#[cfg(unix)]
#[tokio::test]
async fn follows_linked_packages() {
    let directory = project(&[
        (
            "hooks/a.ts",
            "import { shared } from '@team/shared';\nexport const beforeSignup = () => shared;",
        ),
        (
            "packages/shared/package.json",
            r#"{ "name": "@team/shared", "exports": "./src/index.ts" }"#,
        ),
        ("packages/shared/src/index.ts", "export const shared: number = 9;"),
        ("node_modules/@team/.keep", ""),
    ]);
    let link = directory.path().join("node_modules/@team/shared");
    std::os::unix::fs::symlink("../../packages/shared", link).unwrap();
    let bundle = ok(bundle_in(directory.path(), "hooks/a.ts").await);
    assert_eq!(run(&bundle, "hook.beforeSignup()"), json!(9));
    assert!(bundle.source("packages/shared/src/index.ts").is_some());
}

#[tokio::test]
async fn keeps_projects_in_memory_away_from_the_disk() {
    for specifier in ["/etc/hostname", "../../../../../../etc/hostname", "/etc/passwd"] {
        let text = format!("import x from '{specifier}';\nexport const beforeSignup = () => x;");
        let problems = problems(in_memory(&[("a.ts", &text)]).await);
        assert!(
            problems == ["outside-project a.ts:1:15"] || problems == ["missing-import a.ts:1:15"],
            "{problems:?}"
        );
    }
}
