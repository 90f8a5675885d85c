//! Bundles that a server refuses, by the code of the refusal.

use crate::support::{project, run};

/// The bundle of a source.
pub(super) fn bundle(source: &str) -> Vec<u8> {
    let here = project(&[("a.ts", source)]);
    run(here.path(), &["build", "a.ts", "-o", "a.wasm"]).expect(0);
    std::fs::read(here.path().join("a.wasm")).unwrap()
}

/// The bytes with every occurrence of one text replaced by another of the same length.
fn with(mut bytes: Vec<u8>, from: &str, to: &str) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let places: Vec<usize> = (0..=bytes.len() - from.len())
        .filter(|at| bytes[*at..].starts_with(from.as_bytes()))
        .collect();
    assert!(!places.is_empty(), "{from}");
    for at in places {
        bytes[at..at + to.len()].copy_from_slice(to.as_bytes());
    }
    bytes
}

/// A section of a component.
pub(super) fn section(id: u8, contents: &[u8]) -> Vec<u8> {
    let (mut section, mut rest) = (vec![id], contents.len());
    loop {
        let low = u8::try_from(rest & 0x7f).unwrap();
        rest >>= 7;
        section.push(if rest == 0 { low } else { low | 0x80 });
        if rest == 0 {
            break;
        }
    }
    section.extend(contents);
    section
}

/// A component that exports one of its instances, of which it has one without anything in it, as the hooks.
fn exporting(instance: u8) -> Vec<u8> {
    let text = |text: &str| [&[u8::try_from(text.len()).unwrap()], text.as_bytes()].concat();
    let manifest = r#"{"format":1,"name":"a","contract":"","hooks":["beforeLogin"],"events":[],"capabilities":[],"sourceDigest":""}"#;
    let export = [&[1, 0], &text("aerocall:hooks/hooks@0.1.0")[..], &[5, instance, 0]].concat();
    [
        b"\0asm\x0d\0\x01\0".to_vec(),
        section(5, &[1, 1, 0]),
        section(11, &export),
        section(0, &[text("aerocall:manifest"), manifest.as_bytes().to_vec()].concat()),
    ]
    .concat()
}

pub(super) fn bundles() -> Vec<(&'static str, Vec<u8>)> {
    let whole = bundle(
        "export const beforeLogin = async (_c: any, _p: any, { cache }: any) => { await cache.get('k'); };\n
         export const config = { schedules: { nightly: '0 3 * * *' } };
         export const on = { 'cron.nightly': () => {}, 'auth.mfa.enrolled': () => {} };",
    );
    let engine = "\"engine\":{\"name\":\"quickjs\",\"digest\":\"sha256:";
    let padded = [whole.clone(), section(0, &vec![0; 9 << 20])].concat();
    vec![
        ("not_a_component", b"hello, world".to_vec()),
        ("core_module", b"\0asm\x01\0\0\0".to_vec()),
        ("precompiled_artifact", b"\x7fELF\x02\x01\x01\0".to_vec()),
        ("truncated", whole[..whole.len() / 2].to_vec()),
        ("wrong_world", b"\0asm\x0d\0\x01\0".to_vec()),
        ("wrong_world", exporting(0)),
        ("invalid_wasm", exporting(7)),
        (
            "forbidden_import",
            with(whole.clone(), "aerocall:hooks/cache@", "aerocall:hooks/trash@"),
        ),
        (
            "unknown_engine",
            with(whole.clone(), engine, &engine.replace("sha256", "sha257")),
        ),
        (
            "bad_manifest",
            with(whole.clone(), "\"auth.mfa.enrolled\"", "\"auth.mfa.enroled\" "),
        ),
        ("bad_manifest", with(whole.clone(), "[\"cache\"]", "[\"trash\"]")),
        ("bad_manifest", with(whole.clone(), "\"0 3 * * *\"", "\"0 3 * * 8\"")),
        ("bad_manifest", with(whole, "\"beforeLogin\"]", "\"beforeLogon\"]")),
        ("body_too_large", padded),
    ]
}
