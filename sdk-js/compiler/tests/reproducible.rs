//! The same project gives the same bytes, wherever it lies.

use crate::support::{bundle_in, in_memory, lay_down, ok};

const FILES: &[(&str, &str)] = &[
    (
        "index.ts",
        "import cjs from 'cjs';\nimport other from '.';\nimport data from './data.json';\nimport inner, { named } from './inner';\nexport default { beforeSignup: () => [cjs, other, data, inner, named, import('./lazy')] };",
    ),
    (
        "inner/index.ts",
        "export default function () {}\nexport const named = class {};\nexport { default as again } from '../lazy';",
    ),
    ("lazy.ts", "export default class {}"),
    ("data.json", "{ \"a\": 1 }"),
    ("node_modules/cjs/index.js", "module.exports = require('./lib');"),
    ("node_modules/cjs/lib/index.js", "exports.x = 1;"),
];

#[tokio::test]
async fn gives_the_same_bytes_anywhere() {
    let parent = tempfile::TempDir::new().unwrap();
    let (first, second) = (parent.path().join("one"), parent.path().join("quite another/place"));
    lay_down(&first, FILES);
    lay_down(&second, FILES);
    let bundle = ok(bundle_in(&first, "index.ts").await);
    assert_eq!(bundle, ok(bundle_in(&second, "index.ts").await));
    assert_eq!(bundle, ok(bundle_in(&first, "index.ts").await));
    let parent = parent.path().to_string_lossy().into_owned();
    assert!(!bundle.code.contains(&parent) && !bundle.source_map.contains(&parent));
}

#[tokio::test]
async fn gives_the_same_bytes_from_memory() {
    let files: Vec<_> = FILES
        .iter()
        .copied()
        .filter(|(path, _)| !path.starts_with("node_modules"))
        .collect();
    let mut files = files;
    files[0].1 = "import inner from './inner';\nimport data from './data.json';\nexport const beforeSignup = () => [inner, data];";
    let directory = tempfile::TempDir::new().unwrap();
    lay_down(directory.path(), &files);
    let disk = ok(bundle_in(directory.path(), "index.ts").await);
    assert_eq!(disk, ok(in_memory(&files).await));
}
