//! The modules of Node.js: what a hook has instead, and which of them a package can stand in for.

/// Names of Node.js's modules, without `node:`.
const BUILTINS: &[&str] = &[
    "assert",
    "async_hooks",
    "buffer",
    "child_process",
    "cluster",
    "console",
    "constants",
    "crypto",
    "dgram",
    "diagnostics_channel",
    "dns",
    "domain",
    "events",
    "fs",
    "http",
    "http2",
    "https",
    "inspector",
    "module",
    "net",
    "os",
    "path",
    "perf_hooks",
    "process",
    "punycode",
    "querystring",
    "readline",
    "repl",
    "sea",
    "sqlite",
    "stream",
    "string_decoder",
    "sys",
    "test",
    "timers",
    "tls",
    "trace_events",
    "tty",
    "url",
    "util",
    "v8",
    "vm",
    "wasi",
    "worker_threads",
    "zlib",
];

/// Those that a package of the same name, if it is installed, stands in for.
const POLYFILLED: &[&str] = &[
    "assert",
    "buffer",
    "events",
    "path",
    "process",
    "punycode",
    "querystring",
    "stream",
    "string_decoder",
    "timers",
    "url",
    "util",
];

/// What npm installs so that a module of that name works in a hook. The packages that are called `path`, `stream`, `util`
/// and `assert` do not: they ask for `process` while they are loaded, or are something else.
const INSTALLED: &[(&str, &str)] = &[
    ("buffer", "buffer"),
    ("events", "events"),
    ("path", "path@npm:path-browserify"),
    ("punycode", "punycode"),
    ("querystring", "querystring"),
    ("stream", "stream@npm:readable-stream"),
    ("string_decoder", "string_decoder"),
    ("url", "url"),
];

/// The module of Node.js that a specifier names (`node:fs/promises`, `fs`), without prefix and sub-path.
pub(super) fn named_by(specifier: &str) -> Option<&'static str> {
    let bare = specifier.strip_prefix("node:").unwrap_or(specifier);
    if bare.ends_with('/') {
        return None;
    }
    let name = bare.split('/').next().unwrap_or(bare);
    let found = BUILTINS.iter().copied().find(|builtin| *builtin == name);
    // `node:` never names anything else, so that a module younger than this list gets the same message.
    found.or_else(|| specifier.starts_with("node:").then_some("node"))
}

/// Whether a package of that name may take its place.
pub(super) fn has_package(name: &str) -> bool {
    POLYFILLED.contains(&name)
}

/// What a hook uses instead.
pub(super) fn substitute(name: &str) -> String {
    match name {
        "crypto" => {
            "use the global `crypto`: `crypto.subtle`, `crypto.randomUUID()`, `crypto.getRandomValues()`".into()
        }
        "http" | "https" | "http2" | "net" | "tls" | "dgram" | "dns" => {
            "use `fetch`, with the host allowed under `capabilities.http`".into()
        }
        "buffer" => "use `Uint8Array`, `TextEncoder`, `atob` and `btoa`, or run `npm install buffer`".into(),
        "fs" => {
            "a hook has no file system: import JSON files, store data with `Aerocall.db` or `Aerocall.cache`".into()
        }
        "child_process" | "worker_threads" | "cluster" => {
            "a hook cannot start processes or threads: enqueue a job with `Aerocall.Queue.enqueue`".into()
        }
        "process" | "os" => "a hook has no environment variables: read secrets with `Aerocall.secrets`".into(),
        "url" => "use the globals `URL` and `URLSearchParams`, or run `npm install url`".into(),
        "querystring" => "use the global `URLSearchParams`, or run `npm install querystring`".into(),
        "util" => "use `TextEncoder`, `structuredClone` or `console`".into(),
        "assert" => "throw an error: `if (!ok) throw new Error(\"…\")`".into(),
        "timers" => "`setTimeout` and `clearTimeout` are globals; leave the import out".into(),
        "perf_hooks" => "use `Date.now()`".into(),
        "console" => "`console` is a global; leave the import out".into(),
        "async_hooks" => "each invocation runs in its own instance; keep its state in a variable".into(),
        name => match INSTALLED.iter().find(|(module, _)| *module == name) {
            Some((_, package)) => format!("run `npm install {package}`: that version works in a hook"),
            None => "hooks do not run in Node.js and have none of its modules".into(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_builtins_by_every_spelling() {
        assert_eq!(named_by("node:fs/promises"), Some("fs"));
        assert_eq!(named_by("crypto"), Some("crypto"));
        assert_eq!(named_by("node:brand-new"), Some("node"));
        assert_eq!(named_by("events/"), None);
        assert_eq!(named_by("lodash/fs"), None);
        assert_eq!(named_by("./fs"), None);
    }
}
