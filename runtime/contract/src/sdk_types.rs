//! The types of `@aerocall/hooks` as files, for whoever gives them to an editor or a project. The ones in `sdk-js/package/src`.

/// What hooks import them from.
pub const PACKAGE: &str = "@aerocall/hooks";

macro_rules! files {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("../../../sdk-js/package/src/", $name)))),*]
    };
}

/// Every file of the package: name and text.
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

#[cfg(test)]
mod tests {
    use super::FILES;

    #[test]
    fn every_file_of_the_package_is_given_out() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../sdk-js/package/src");
        let mut there: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        there.sort();
        let given: Vec<&str> = FILES.iter().map(|(name, _)| *name).collect();
        assert_eq!(given, there);
    }
}
