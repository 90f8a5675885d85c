//! The interfaces of WASI that a hook may import, and what is said of one that it may not. Names alone: nothing is linked here.

/// The newest release of WASI 0.2 whose interfaces are known.
pub(super) const NEWEST: (u64, u64, u64) = (0, 2, 12);

/// What is linked, by package.
const LINKED: &[(&str, &[&str])] = &[
    (
        "cli",
        &[
            "environment",
            "exit",
            "stdin",
            "stdout",
            "stderr",
            "terminal-input",
            "terminal-output",
            "terminal-stdin",
            "terminal-stdout",
            "terminal-stderr",
        ],
    ),
    ("clocks", &["wall-clock", "monotonic-clock"]),
    ("filesystem", &["types", "preopens"]),
    ("io", &["error", "poll", "streams"]),
    ("random", &["random", "insecure", "insecure-seed"]),
];

/// What a hook does in place of what it lacks.
const INSTEAD: &[(&str, &str)] = &[
    (
        "sockets",
        "hooks open no connections: send requests with `aerocall:hooks/http`, or build without what opens sockets",
    ),
    ("http", "send requests with `aerocall:hooks/http`"),
    ("keyvalue", "keep values with `aerocall:hooks/cache`"),
    (
        "blobstore",
        "keep values with `aerocall:hooks/cache` or in tables with `aerocall:hooks/db`",
    ),
    ("messaging", "add messages with `aerocall:hooks/queue`"),
    (
        "logging",
        "write to the log with `aerocall:hooks/log`, or to standard output",
    ),
    ("config", "read secrets with `aerocall:hooks/secrets`"),
];

/// An import by what it means.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Wasi {
    /// It is linked.
    Linked,
    /// It is not, and why: what to do.
    Refused(String),
}

/// Looks an import of the namespace `wasi` up; `None`: it is of another one.
pub(crate) fn wasi(import: &str) -> Option<Wasi> {
    let rest = import.strip_prefix("wasi:")?;
    let (name, version) = rest.split_once('@').unwrap_or((rest, ""));
    let (package, interface) = name.split_once('/').unwrap_or((name, ""));
    if let Some((_, instead)) = INSTEAD.iter().find(|(other, _)| *other == package) {
        return Some(Wasi::Refused((*instead).to_owned()));
    }
    let is_linked = |(known, interfaces): &(&str, &[&str])| *known == package && interfaces.contains(&interface);
    if !LINKED.iter().any(is_linked) {
        return Some(Wasi::Refused(
            "hooks do not have this part of WASI: build without what uses it".to_owned(),
        ));
    }
    Some(match has_version(version) {
        true => Wasi::Linked,
        false => Wasi::Refused(format!(
            "hooks have WASI 0.2.0 to {}.{}.{}: build for another version, in Rust with the target wasm32-wasip2",
            NEWEST.0, NEWEST.1, NEWEST.2
        )),
    })
}

/// Releases of 0.2 only add; a newer one than is known here may ask for more than there is.
fn has_version(version: &str) -> bool {
    let mut parts = version.split('.').map(str::parse::<u64>);
    let (major, minor, patch, end) = (parts.next(), parts.next(), parts.next(), parts.next());
    match (major, minor, patch, end) {
        (Some(Ok(major)), Some(Ok(minor)), Some(Ok(patch)), None) => {
            (major, minor) == (NEWEST.0, NEWEST.1) && patch <= NEWEST.2
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_standard_library_imports_is_linked_and_all_else_says_what_to_do() {
        for import in [
            "wasi:cli/environment@0.2.0",
            "wasi:cli/terminal-stderr@0.2.3",
            "wasi:clocks/wall-clock@0.2.12",
            "wasi:filesystem/types@0.2.6",
            "wasi:io/poll@0.2.1",
            "wasi:random/insecure-seed@0.2.4",
        ] {
            assert_eq!(wasi(import), Some(Wasi::Linked), "{import}");
        }
        for (import, says) in [
            ("wasi:sockets/tcp@0.2.0", "`aerocall:hooks/http`"),
            ("wasi:http/outgoing-handler@0.2.0", "`aerocall:hooks/http`"),
            ("wasi:keyvalue/store@0.2.0-draft", "`aerocall:hooks/cache`"),
            ("wasi:clocks/timezone@0.2.0", "do not have this part"),
            ("wasi:nn/graph@0.2.0", "do not have this part"),
            ("wasi:cli", "do not have this part"),
            ("wasi:cli/environment@0.1.0", "0.2.0 to 0.2.12"),
            ("wasi:cli/environment@0.2.13", "0.2.0 to 0.2.12"),
            ("wasi:cli/environment@0.3.0", "0.2.0 to 0.2.12"),
            ("wasi:cli/environment@0.2.0-rc1", "0.2.0 to 0.2.12"),
            ("wasi:cli/environment@0.2", "0.2.0 to 0.2.12"),
            ("wasi:cli/environment", "0.2.0 to 0.2.12"),
            ("wasi:io/poll@99999999999999999999.2.0", "0.2.0 to 0.2.12"),
        ] {
            match wasi(import) {
                Some(Wasi::Refused(reason)) => assert!(reason.contains(says), "{import}: {reason}"),
                other => panic!("{import}: {other:?}"),
            }
        }
        assert_eq!(wasi("aerocall:hooks/cache@0.1.0"), None);
    }
}
