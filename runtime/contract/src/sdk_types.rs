//! The types of `@aerocall/hooks` as files, for whoever gives them to an editor or a project. The ones in `sdk-js/package/src`.

/// What hooks import them from.
pub const PACKAGE: &str = "@aerocall/hooks";

macro_rules! files {
    ($($name:literal from $folder:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("../../../sdk-js/package/", $folder, $name)))),*]
    };
    ($($name:literal),* $(,)?) => {
        files![$($name from "src/"),*]
    };
}

/// The types of a hook: name and text of each file.
pub const FILES: &[(&str, &str)] = files![
    "auth.d.ts",
    "cache.d.ts",
    "config.d.ts",
    "context.d.ts",
    "db.d.ts",
    "errors.d.ts",
    "events.d.ts",
    "globals.d.ts",
    "hooks.d.ts",
    "http.d.ts",
    "index.d.ts",
    "json.d.ts",
    "known-events.d.ts",
    "log.d.ts",
    "payloads.d.ts",
    "queue.d.ts",
    "reply.d.ts",
    "sdk.d.ts",
    "secrets.d.ts",
    "users.d.ts",
];

/// What a project gets besides, so that the folder with both is the package: the values, and what tests import.
pub const FOR_TESTS: &[(&str, &str)] = files![
    "index.js" from "",
    "package.json" from "project/",
    "testing.d.ts" from "src/",
    "testing.js" from "src/",
];

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::{FILES, FOR_TESTS};

    const PACKAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../sdk-js/package");

    #[test]
    fn every_file_of_the_package_is_given_out() {
        let mut there: Vec<String> = std::fs::read_dir(format!("{PACKAGE}/src"))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        there.sort();
        let besides = FOR_TESTS.iter().filter(|(name, _)| name.starts_with("testing."));
        let mut given: Vec<&str> = FILES.iter().chain(besides).map(|(name, _)| *name).collect();
        given.sort_unstable();
        assert_eq!(given, there);
    }

    /// The package of a project has no folder `src`; all else is said twice.
    #[test]
    fn the_package_of_a_project_is_the_one_that_is_published() {
        let published = std::fs::read_to_string(format!("{PACKAGE}/package.json")).unwrap();
        let published: Value = serde_json::from_str(&published.replace("./src/", "./")).unwrap();
        let text = FOR_TESTS.iter().find(|(name, _)| *name == "package.json").unwrap().1;
        let of_project: Value = serde_json::from_str(text).unwrap();
        for member in ["name", "version", "license", "type", "sideEffects", "exports", "types"] {
            assert_eq!(of_project[member], published[member], "{member}");
        }
    }
}
