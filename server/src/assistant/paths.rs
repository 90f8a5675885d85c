//! Which files a model may write: sources of the hook and what they import. Not what decides how they are built, and nothing of
//! packages.

use crate::base::input::{Parsed, source_path};

/// Endings of sources and of data that they import.
const ENDINGS: [&str; 7] = [".ts", ".mts", ".tsx", ".js", ".mjs", ".jsx", ".json"];
/// Files of these names are settings.
const SETTINGS: [&str; 5] = [
    "package.json",
    "package-lock.json",
    "tsconfig.json",
    "jsconfig.json",
    "deno.json",
];

/// The path of a file that a model may write.
pub(super) fn writable(path: &str) -> Parsed<String> {
    let path = source_path(path.trim().trim_start_matches("./").to_owned())
        .map_err(|problem| format!("its path {problem}"))?;
    let name = path.rsplit('/').next().unwrap_or(&path).to_ascii_lowercase();
    if path
        .split('/')
        .any(|part| part.starts_with('.') || part.eq_ignore_ascii_case("node_modules"))
    {
        return Err("files of packages and hidden files are not written".to_owned());
    }
    if SETTINGS.contains(&name.as_str()) {
        return Err("settings of a build are not written".to_owned());
    }
    match ENDINGS.iter().any(|ending| name.ends_with(ending)) {
        true => Ok(path),
        false => Err(format!(
            "only files with these endings are written: {}",
            ENDINGS.join(", ")
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::writable;

    #[test]
    fn sources_are_written_and_nothing_that_decides_how_they_are_built() {
        for fine in ["hooks/a.ts", "./hooks/a.ts", "lib/data.json", "a.mjs"] {
            assert_eq!(writable(fine).as_deref(), Ok(fine.trim_start_matches("./")));
        }
        for bad in [
            "",
            "../a.ts",
            "/etc/passwd",
            "/hooks/a.ts",
            "a/../../b.ts",
            "C:\\a.ts",
            "node_modules/x/index.js",
            "Node_Modules/x/index.js",
            ".env.json",
            "a/.git/x.ts",
            "package.json",
            "lib/PACKAGE.json",
            "aerocall.toml",
            "a.sh",
            "a.wasm",
            "hooks/a\u{0}.ts",
        ] {
            assert!(writable(bad).is_err(), "{bad:?}");
        }
    }
}
