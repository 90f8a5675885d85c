//! What the author may have meant by an import that is not there.

use std::path::Path;

use super::imports::directory_of;
use crate::source::{Files, Source, normalized};

/// A hint for an import that cannot be found.
pub(super) fn for_missing(source: &Source, importer: &str, specifier: &str) -> Option<String> {
    if specifier.starts_with('.') {
        return nearest_file(source, importer, specifier).map(|near| format!("did you mean '{near}'?"));
    }
    if specifier.starts_with('/') {
        return Some("use a path relative to this file, such as './util'".into());
    }
    if specifier.starts_with("@/") || specifier.starts_with("~/") || specifier.starts_with('#') {
        return Some("if this is an alias, declare it under `compilerOptions.paths` in tsconfig.json".into());
    }
    if let Some((scheme, rest)) = specifier.split_once(':') {
        return of_scheme(source, scheme, rest);
    }
    Some(for_package(source, &package_name(specifier)))
}

/// Specifiers of other systems: `npm:zod@4`, `jsr:@std/text`, `bun:sqlite`.
fn of_scheme(source: &Source, scheme: &str, rest: &str) -> Option<String> {
    let package = package_name(rest.trim_start_matches('/'));
    // `@scope/name@1` and `name@1` have a version at the end.
    let package = match package.rfind('@') {
        Some(at) if at > 0 => package[..at].to_owned(),
        _ => package,
    };
    match scheme {
        "npm" => Some(format!("write '{package}': {}", for_package(source, &package))),
        "jsr" => Some(format!("run `npx jsr add {package}`, and import '{package}'")),
        "bun" | "cloudflare" | "deno" => {
            Some("hooks do not run there: use the SDK and the Web APIs, or a package".into())
        }
        _ => None,
    }
}

fn for_package(source: &Source, package: &str) -> String {
    if matches!(source.files(), Files::Memory(_)) {
        return format!("the package `{package}` is not installed in this project");
    }
    if matches!(source.files(), Files::Confined) {
        return format!(
            "`{package}` is not among the files of this draft. Install it in a project on your machine with `npm install {package}`, \
             run `aerocall deploy`, and begin a draft from that version: it brings the files of its packages along; or add the files \
             below node_modules/{package}/"
        );
    }
    let manifest = std::fs::read_to_string(source.absolute("package.json")).unwrap_or_default();
    let manifest: serde_json::Value = serde_json::from_str(&manifest).unwrap_or_default();
    let declared = ["dependencies", "devDependencies"]
        .iter()
        .any(|list| manifest[*list].get(package).is_some());
    if declared {
        return format!("`{package}` is in package.json but not installed: run `npm install`");
    }
    format!("run `npm install {package}`")
}

/// The package that a bare specifier asks for.
fn package_name(specifier: &str) -> String {
    let parts = if specifier.starts_with('@') { 2 } else { 1 };
    specifier.split('/').take(parts).collect::<Vec<_>>().join("/")
}

/// The file beside the missing one whose name is most like it, spelled as an import.
fn nearest_file(source: &Source, importer: &str, specifier: &str) -> Option<String> {
    let (directory, wanted) = specifier.rsplit_once('/')?;
    let has_extension = Path::new(wanted).extension().is_some();
    let names = siblings(source, &source.relative(importer), directory);
    let spelled = names.into_iter().map(|name| match name.rsplit_once('.') {
        Some((stem, _)) if !has_extension => stem.to_owned(),
        _ => name,
    });
    let reach = wanted.len().div_ceil(3).max(1);
    let (_, near) = spelled
        .map(|name| {
            (
                strsim::damerau_levenshtein(&wanted.to_lowercase(), &name.to_lowercase()),
                name,
            )
        })
        .filter(|(distance, name)| *distance <= reach && name != wanted)
        .min()?;
    Some(format!("{directory}/{near}"))
}

/// Names of the files in a directory, given relative to an importing file.
fn siblings(source: &Source, importer: &str, directory: &str) -> Vec<String> {
    let base = directory_of(importer).to_string_lossy().into_owned();
    let path = format!("{base}/{directory}");
    match source.files() {
        Files::Memory(files) => {
            let Some(path) = normalized(&path) else {
                return Vec::new();
            };
            let prefix = if path.is_empty() { path } else { format!("{path}/") };
            let inside = files.keys().filter_map(|file| file.strip_prefix(&prefix));
            inside
                .filter_map(|rest| rest.split('/').next())
                .map(str::to_owned)
                .collect()
        }
        Files::Disk | Files::Confined => {
            let entries = std::fs::read_dir(source.absolute(path.trim_start_matches('/')));
            let names = entries.into_iter().flatten().flatten().map(|entry| entry.file_name());
            names.map(|name| name.to_string_lossy().into_owned()).collect()
        }
    }
}

/// A number of bytes as people read it: `4.2 MiB`.
#[expect(clippy::cast_precision_loss, reason = "one digit is shown")]
pub(super) fn size(bytes: usize) -> String {
    const KIB: f64 = 1024.0;
    let bytes = bytes as f64;
    match bytes {
        _ if bytes < KIB => format!("{bytes} bytes"),
        _ if bytes < KIB * KIB => format!("{:.1} KiB", bytes / KIB),
        _ => format!("{:.1} MiB", bytes / (KIB * KIB)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_packages_and_sizes() {
        assert_eq!(package_name("@scope/name/deep/path"), "@scope/name");
        assert_eq!(package_name("lodash/fp"), "lodash");
        assert_eq!(size(900), "900 bytes");
        assert_eq!(size(4 * 1024 * 1024 + 200_000), "4.2 MiB");
    }
}
