//! Writes the table of what the build of the pages left in `dist/`: every file with its compressed variants (`x.js.br`, `x.js.gz`). Without that
//! folder the table is empty.

use std::{
    collections::BTreeSet,
    env, fs, io,
    path::{Path, PathBuf},
};

/// Facts about the build, for those who build.
const NOT_SERVED: &[&str] = &["budget.json"];
const COMPRESSED: [&str; 2] = [".br", ".gz"];

fn main() -> io::Result<()> {
    let home =
        PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").ok_or_else(|| io::Error::other("no CARGO_MANIFEST_DIR"))?);
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or_else(|| io::Error::other("no OUT_DIR"))?);
    let dist = home.join("dist");
    let built = dist.join("index.html").is_file();
    // A path that is missing would make this run in every build; where there is nothing yet, its folder is watched.
    let watched = if built { &dist } else { &home };
    println!("cargo::rerun-if-changed={}", watched.display());
    println!("cargo::rerun-if-changed={}", home.join("embed/build.rs").display());
    let mut paths = BTreeSet::new();
    if built {
        find(&dist, "", &mut paths)?;
    }
    fs::write(out.join("files.rs"), table(&dist, &paths))
}

/// Every file below a folder, by its path with slashes.
fn find(folder: &Path, above: &str, paths: &mut BTreeSet<String>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        let name = name
            .to_str()
            .ok_or_else(|| io::Error::other(format!("{}: not a name in UTF-8", entry.path().display())))?;
        if name.starts_with('.') || NOT_SERVED.contains(&name) {
            continue;
        }
        let path = format!("{above}{name}");
        if entry.file_type()?.is_dir() {
            find(&entry.path(), &format!("{path}/"), paths)?;
        } else {
            paths.insert(path);
        }
    }
    Ok(())
}

fn table(dist: &Path, paths: &BTreeSet<String>) -> String {
    let bytes = |path: &str| format!("include_bytes!({:?})", dist.join(path));
    let variant = |path: &str, ending: &str| {
        let name = format!("{path}{ending}");
        paths
            .get(&name)
            .map_or_else(|| "None".to_owned(), |name| format!("Some({})", bytes(name)))
    };
    // A variant of a file that is not there would be a file of its own.
    let is_variant = |path: &str| {
        let of = COMPRESSED.iter().find_map(|ending| path.strip_suffix(ending));
        of.is_some_and(|of| paths.contains(of))
    };
    let mut code = "/// Every file, by path.\npub static FILES: &[File] = &[\n".to_owned();
    for path in paths.iter().filter(|path| !is_variant(path)) {
        code.push_str(&format!(
            "    File {{ path: {path:?}, content_type: {:?}, plain: {}, brotli: {}, gzip: {} }},\n",
            content_type(path),
            bytes(path),
            variant(path, COMPRESSED[0]),
            variant(path, COMPRESSED[1]),
        ));
    }
    code.push_str("];\n");
    code
}

/// By the ending; what is unknown is downloaded.
fn content_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map_or("", |(_, ending)| ending) {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" | "map" => "application/json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "ttf" => "font/ttf",
        "wasm" => "application/wasm",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}
