//! The bundle in JavaScript that is kept of each release of the contract, with the engine that it shares:
//! `runtime/tests/components/evolution.rs` runs them.

use std::fs;

use aerocall_compiler::{Compiler, EngineName, Packaging, Source};

use crate::sandbox;

/// Every kind of reply, a failure, and what a hook gets from outside.
const GUEST: &str = r#"
class Refused extends Error { override name = 'Refused'; }
const hits = new Map<string, number>([['seen', 1]]);

export const beforeSignup = async (context: any, payload: any, Aerocall: any): Promise<any> => {
    switch (payload) {
        case 'allow': return undefined;
        case 'deny': throw new Aerocall.Deny('not you', { code: 'no', status: 400 });
        case 'say': return { patch: { says: `${[...hits.keys()].join()} ${/(\w+)$/u.exec('a word')?.[1]}` } };
        case 'throw': throw new Refused('not today');
        case 'never settles': return new Promise(() => undefined);
        case 'cache': return { patch: { value: await Aerocall.cache.get('key'), hash: typeof Math.random(), year: new Date(Date.now()).getUTCFullYear() > 1969 } };
        default: throw new TypeError(String(payload));
    }
};
"#;

/// `NEW_RELEASE=0.1.1 cargo nextest run --workspace -E 'test(in_javascript_is_kept)'` writes it. What is there stays as it is.
#[tokio::test]
async fn a_bundle_of_a_new_release_in_javascript_is_kept() {
    let compiler = Compiler::open(EngineName::QuickJs, &sandbox::cache()).unwrap();
    let source = Source::memory("guest.ts", [("guest.ts", GUEST)]).unwrap();
    let built = compiler.compile(&source, Packaging::Shared).await.unwrap();
    let Ok(release) = std::env::var("NEW_RELEASE") else {
        return;
    };
    let folder = sandbox::root().join("runtime/tests/fixtures/releases").join(release);
    fs::create_dir_all(&folder).unwrap();
    let engine = EngineName::QuickJs.engine().unwrap().source();
    for (file, bytes) in [("js.wasm", &built.component[..]), ("js.engine.wasm", &engine.module)] {
        if !folder.join(file).exists() {
            fs::write(folder.join(file), bytes).unwrap();
        }
    }
}
