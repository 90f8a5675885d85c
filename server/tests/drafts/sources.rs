//! Sources that versions carry: shown, compared, and edited again.

use std::path::Path;

use aerocall_compiler::{Compiler, EngineName, Packaging, Source};
use serde_json::{Value, json};

use super::{ask, begun, files, get, post, put};
use crate::{
    bundles::{self, hook},
    site::Site,
};

/// A bundle of a project on disk with these files.
fn built_on_disk(files: &[(&str, &str)]) -> Vec<u8> {
    let directory = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = directory.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let tokio = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap();
    let compiler = Compiler::open(EngineName::QuickJs, &bundles::cache_dir()).unwrap();
    let source = Source::project(directory.path(), Path::new(files[0].0)).unwrap();
    let built = tokio.block_on(compiler.compile(&source, Packaging::Shared));
    built.unwrap_or_else(|problems| panic!("{problems:?}")).component
}

const WITH_PACKAGE: &[(&str, &str)] = &[
    (
        "hooks/gate.ts",
        "import { shout } from 'shouting';\nexport const beforeSignup = async () => ({ deny: { code: 'no', message: shout('no') } });\n",
    ),
    ("package.json", r#"{ "name": "secret-name", "type": "module" }"#),
    (
        "node_modules/shouting/package.json",
        r#"{ "name": "shouting", "version": "1.2.3", "type": "module", "exports": { ".": { "browser": "./lib/browser.js", "default": "./node.js" } }, "scripts": { "postinstall": "x" } }"#,
    ),
    (
        "node_modules/shouting/lib/browser.js",
        "import { up } from './up.js';\nexport const shout = (text) => up(text) + '!';\nexport const unused = () => up('');\n",
    ),
    (
        "node_modules/shouting/lib/up.js",
        "export const up = (text) => text.toUpperCase();\n",
    ),
    (
        "node_modules/shouting/node.js",
        "export const shout = () => { throw new Error(); };\n",
    ),
];

#[test]
fn a_version_with_packages_is_edited_and_built_again_without_them_being_installed() {
    let site = Site::new();
    site.project("a");
    let component = built_on_disk(WITH_PACKAGE);
    assert_eq!(site.upload("a", "gate", &component).status, 201);
    let sources = get(&site, "/gate/versions/1/files").json;
    assert_eq!(sources["sources"], "bundled");
    let paths: Vec<&str> = sources["files"]
        .as_array()
        .unwrap()
        .iter()
        .map(|file| file["path"].as_str().unwrap())
        .collect();
    assert_eq!(paths, ["hooks/gate.ts", "package.json"]);
    let package = json!({ "name": "shouting", "version": "1.2.3", "files": 3 });
    for (name, value) in package.as_object().unwrap() {
        assert_eq!(&sources["packages"][0][name], value);
    }
    assert!(
        !sources.to_string().contains("secret-name"),
        "of settings only what builds read is carried"
    );
    let draft = post(&site, "/gate/draft", &json!({ "from": 1 }));
    assert_eq!(
        (draft.status, &draft.json["base"]["number"]),
        (201, &json!(1)),
        "{draft:?}"
    );
    // Nothing was changed: the same bytes come out.
    let same = post(&site, "/gate/versions", &json!({ "revision": 1 }));
    assert_eq!((same.status, &same.json["number"]), (200, &json!(1)), "{same:?}");
    // Something was.
    let text = WITH_PACKAGE[0].1.replace("'no')", "'never')");
    let changed = put(&site, 1, &files(&text));
    assert_eq!(changed.json["packages"], draft.json["packages"]);
    let next = post(&site, "/gate/versions", &json!({ "revision": 2 }));
    assert_eq!((next.status, &next.json["number"]), (201, &json!(2)), "{next:?}");
    let compared = get(&site, "/gate/compare?a=1&b=2").json;
    assert_eq!(compared["packages"], json!([]));
    let twice = post(&site, "/gate/draft", &json!({ "from": 1 }));
    assert_eq!((twice.status, twice.code()), (409, "draft_exists"));
    assert_eq!(ask(&site, "DELETE", "/gate/draft", Some("\"2\""), None).status, 200);
    assert_eq!(post(&site, "/gate/draft", &json!({ "from": 9 })).status, 404);
    let from_second = post(&site, "/gate/draft", &json!({ "from": 2 }));
    assert_eq!(from_second.json["files"][0]["text"], text);
}

#[test]
fn a_version_without_sources_says_so_and_compares_by_manifest() {
    let site = Site::new();
    site.project("a");
    let component = bundles::bundle("gate", &hook("beforeSignup", "await Aerocall.cache.get('x');"));
    let without = without_section(&component, "aerocall:source");
    assert_eq!(site.upload("a", "gate", &without).status, 201);
    assert_eq!(site.version("a", "gate", &hook("beforeLogin", "")), 2);
    let sources = get(&site, "/gate/versions/1/files").json;
    assert_eq!((&sources["sources"], &sources["files"]), (&json!("none"), &json!([])));
    let refused = post(&site, "/gate/draft", &json!({ "from": 1 }));
    assert_eq!((refused.status, refused.code()), (409, "no_sources"), "{refused:?}");
    let compared = get(&site, "/gate/compare?a=1&b=2").json;
    assert_eq!(
        (&compared["files"], &compared["packages"]),
        (&Value::Null, &Value::Null)
    );
    assert_eq!(compared["a"]["sources"], "none");
    assert_eq!(
        compared["manifest"],
        json!({
            "capabilities": { "added": [], "removed": ["cache"] },
            "points": { "added": ["beforeLogin"], "removed": ["beforeSignup"] },
            "limits": [], "schedules": [],
        })
    );
    // It is deployed as any other.
    assert_eq!(site.deploy("a", json!([{ "name": "gate", "number": 1 }])).status, 201);
}

#[test]
fn versions_and_the_draft_are_compared_file_by_file() {
    let site = begun();
    let draft = |text: &str, extra: &str, limit: u32| {
        json!({
            "files": [{ "path": "hooks/gate.ts", "text": format!("import '../{extra}';\n{text}") }, { "path": extra, "text": "export {};\n" }],
            "settings": { "limits": { "deadlineMs": limit } },
        })
    };
    let one = hook("beforeSignup", "await Aerocall.cache.get('x');");
    let two = hook("beforeSignup", "await Aerocall.db.query('SELECT 1');");
    assert_eq!(put(&site, 1, &draft(&one, "a.ts", 500)).status, 200);
    assert_eq!(post(&site, "/gate/versions", &json!({ "revision": 2 })).status, 201);
    assert_eq!(put(&site, 2, &draft(&two, "b.ts", 600)).status, 200);
    assert_eq!(post(&site, "/gate/versions", &json!({ "revision": 3 })).status, 201);
    let compared = get(&site, "/gate/compare?a=1&b=2").json;
    let changed: Vec<(&str, bool, bool)> = compared["files"]
        .as_array()
        .unwrap()
        .iter()
        .map(|file| {
            (
                file["path"].as_str().unwrap(),
                file["before"].is_string(),
                file["after"].is_string(),
            )
        })
        .collect();
    assert_eq!(
        changed,
        [
            ("a.ts", true, false),
            ("b.ts", false, true),
            ("hooks/gate.ts", true, true)
        ]
    );
    let manifest = &compared["manifest"];
    assert_eq!(
        manifest["capabilities"],
        json!({ "added": ["db"], "removed": ["cache"] })
    );
    assert_eq!(
        manifest["limits"],
        json!([{ "name": "deadlineMs", "before": 500, "after": 600 }])
    );
    let with_draft = get(&site, "/gate/compare?a=2&b=draft").json;
    assert_eq!(
        (&with_draft["files"], &with_draft["manifest"]),
        (&json!([]), &Value::Null)
    );
    assert_eq!(with_draft["b"]["revision"], 3);
    assert_eq!(get(&site, "/gate/compare?a=1&b=7").status, 404);
    assert_eq!(get(&site, "/gate/compare?a=1&b=x").fields(), ["b"]);
    assert_eq!(get(&site, "/gate/compare?a=1").fields(), ["b"]);
}

/// The component without a custom section: its sections are an id, a length and the rest.
pub(super) fn without_section(component: &[u8], name: &str) -> Vec<u8> {
    let mut kept = component[..8].to_vec();
    let mut at = 8;
    while at < component.len() {
        let id = component[at];
        let (length, taken) = leb(&component[at + 1..]);
        let end = at + 1 + taken + length;
        let body = &component[at + 1 + taken..end];
        let is_it = id == 0 && {
            let (length, taken) = leb(body);
            &body[taken..taken + length] == name.as_bytes()
        };
        if !is_it {
            kept.extend_from_slice(&component[at..end]);
        }
        at = end;
    }
    assert!(kept.len() < component.len());
    kept
}

fn leb(bytes: &[u8]) -> (usize, usize) {
    let mut value = 0;
    for (index, byte) in bytes.iter().enumerate() {
        value |= usize::from(byte & 0x7f) << (7 * index);
        if byte & 0x80 == 0 {
            return (value, index + 1);
        }
    }
    panic!("no end");
}
