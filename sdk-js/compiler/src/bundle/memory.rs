//! Relative imports between files held in memory, by the rules that the resolver applies on disk.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::source::normalized;

/// What is tried after a path without ending.
const EXTENSIONS: &[&str] = &[".ts", ".tsx", ".mts", ".js", ".mjs", ".jsx", ".cjs", ".cts", ".json"];

/// What a JavaScript ending may mean in a TypeScript project.
const ALIASES: &[(&str, &[&str])] = &[
    (".js", &[".ts", ".tsx"]),
    (".jsx", &[".tsx", ".ts"]),
    (".mjs", &[".mts"]),
    (".cjs", &[".cts"]),
];

/// The file that `importer` means by `specifier`, if it is relative and there is one.
pub(super) fn find<'f>(files: &'f BTreeMap<String, Arc<str>>, importer: &str, specifier: &str) -> Option<&'f str> {
    let relative = specifier == "." || specifier == ".." || specifier.starts_with("./") || specifier.starts_with("../");
    if !relative {
        return None;
    }
    let directory = importer.rsplit_once('/').map_or("", |(directory, _)| directory);
    let path = normalized(&format!("{directory}/{specifier}"))?;
    candidates(&path)
        .find_map(|candidate| files.get_key_value(&candidate))
        .map(|(path, _)| path.as_str())
}

fn candidates(path: &str) -> impl Iterator<Item = String> {
    let aliases = ALIASES
        .iter()
        .find_map(|(extension, aliases)| Some((path.strip_suffix(extension)?, *aliases)));
    let aliased = aliases
        .into_iter()
        .flat_map(|(stem, aliases)| aliases.iter().map(move |alias| format!("{stem}{alias}")));
    let extended = EXTENSIONS.iter().map(move |extension| format!("{path}{extension}"));
    let separator = if path.is_empty() { "" } else { "/" };
    let indexed = EXTENSIONS
        .iter()
        .map(move |extension| format!("{path}{separator}index{extension}"));
    std::iter::once(path.to_owned())
        .chain(aliased)
        .chain(extended)
        .chain(indexed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn follows_the_rules_of_the_disk() {
        let files: BTreeMap<String, Arc<str>> = ["hooks/a.ts", "lib/index.ts", "lib/data.json", "index.js"]
            .map(|path| (path.to_owned(), "".into()))
            .into();
        let find = |specifier| find(&files, "hooks/a.ts", specifier);
        assert_eq!(find("../lib"), Some("lib/index.ts"));
        assert_eq!(find("./a.js"), Some("hooks/a.ts"));
        assert_eq!(find("../lib/data.json"), Some("lib/data.json"));
        assert_eq!(find(".."), Some("index.js"));
        assert_eq!(find("../../etc/passwd"), None);
        assert_eq!(find("lodash"), None);
    }
}
