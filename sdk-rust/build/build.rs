//! Lists the files of the crate `aerocall-hooks`, so that whoever builds hooks has them inside.

use std::{
    env, fs, io,
    path::{Path, PathBuf},
};

/// The crate and its macros: manifests and sources.
const PARTS: [&str; 4] = ["Cargo.toml", "src", "macros/Cargo.toml", "macros/src"];

fn main() -> io::Result<()> {
    let here = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let output = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    let Some(sdk) = here.parent() else {
        return Err(io::Error::other("the crate lies beside `aerocall-hooks`"));
    };
    let mut files = Vec::new();
    for part in PARTS {
        println!("cargo::rerun-if-changed={}", sdk.join(part).display());
        collect(&sdk.join(part), &mut files)?;
    }
    files.sort();
    let mut list = String::from("&[\n");
    for file in &files {
        let name: Vec<_> = file.strip_prefix(sdk).map_err(io::Error::other)?.iter().collect();
        let name: Vec<_> = name.iter().map(|part| part.to_string_lossy()).collect();
        list += &format!("    ({:?}, include_str!({:?})),\n", name.join("/"), file);
    }
    fs::write(output.join("sdk_files.rs"), list + "]\n")
}

/// Every file below a path that a crate is made of.
fn collect(path: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    if path.is_file() {
        let is_part = path
            .extension()
            .is_some_and(|ending| ending == "rs" || ending == "toml");
        files.extend(is_part.then(|| path.to_path_buf()));
        return Ok(());
    }
    for entry in fs::read_dir(path)? {
        collect(&entry?.path(), files)?;
    }
    Ok(())
}
