//! What a bundle carries of the project that it was built from, so that the same can be built again, or something else of it.
//!
//! Two custom sections, both JSON: the author's files, and what else a build of them needs. A bundle comes from whoever
//! uploaded it: what is read here says nothing about what the code does.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    RequestedLimits,
    artifact::{Section, section},
};

/// A file of a project: its path, relative to the root with `/`, and its text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ProjectFile(pub String, pub String);

/// What a build of a hook needs besides its files: what `aerocall.toml` says of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BuildSettings {
    /// The file that the hook is. `None`: the one that is named after it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entry: Option<String>,
    /// The most that the hook may touch; `None` if nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capabilities: Option<Vec<String>>,
    /// The most that an invocation may use.
    #[serde(default, skip_serializing_if = "RequestedLimits::is_empty")]
    pub limits: RequestedLimits,
    /// Cron patterns by the names of schedules.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub schedules: BTreeMap<String, String>,
}

/// The section beside that of the author's files: what else a build needs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BuildInputs {
    /// Settings of the project that the bundler reads: `package.json`, `tsconfig.json`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub project: Vec<ProjectFile>,
    /// Files of npm packages, below `node_modules`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub packages: Vec<ProjectFile>,
    /// Why files of packages are not here although the bundle has code of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub packages_omitted: Option<String>,
    /// What the project's settings say.
    #[serde(default)]
    pub settings: BuildSettings,
}

/// The project behind a bundle.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BundledProject {
    /// The author's files.
    pub files: Vec<ProjectFile>,
    /// What else a build of them needs.
    pub inputs: BuildInputs,
}

impl BuildInputs {
    /// Whether there is nothing that needs a section.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl BundledProject {
    /// The section with what else a build needs, of which a bundle without any has none.
    pub const INPUTS_SECTION: &str = Section::BuildInputs.name();
    /// The section with the author's files.
    pub const FILES_SECTION: &str = Section::Source.name();

    /// Takes the project out of a bundle. `None`: it carries none, or none that can be read.
    #[must_use]
    pub fn of(component: &[u8]) -> Option<Self> {
        let files: Vec<ProjectFile> = serde_json::from_slice(section(component, Section::Source)?).ok()?;
        let inputs = match section(component, Section::BuildInputs) {
            None => BuildInputs::default(),
            Some(json) => serde_json::from_slice(json).ok()?,
        };
        (!files.is_empty()).then_some(Self { files, inputs })
    }
}

/// The file that a hook is, among the files of its project: `hooks/<name>.ts`, or another one with its name.
#[must_use]
pub fn entry_of<'f>(name: &str, paths: impl IntoIterator<Item = &'f str>) -> Option<&'f str> {
    let is_named = |path: &&str| {
        let file = path.rsplit('/').next().unwrap_or(path);
        let stem = file
            .rsplit_once('.')
            .map(|(stem, ending)| (stem, ENDINGS.contains(&ending)));
        stem == Some((name, true)) && !path.split('/').any(|part| part == "node_modules")
    };
    let in_hooks = |path: &str| path.strip_prefix("hooks/").is_some_and(|rest| !rest.contains('/'));
    let named = paths.into_iter().filter(is_named);
    named.min_by_key(|path| (!in_hooks(path), path.len(), *path))
}

/// Endings of files that can be hooks.
const ENDINGS: &[&str] = &["ts", "tsx", "mts", "js", "mjs", "jsx", "cjs", "cts"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hook_is_the_file_with_its_name() {
        for (paths, entry) in [
            (vec!["lib/signup.ts", "hooks/signup.ts"], Some("hooks/signup.ts")),
            (vec!["a/b/signup.js", "signup.mjs"], Some("signup.mjs")),
            (vec!["hooks/signup.json", "hooks/signup.test.ts"], None),
            (vec!["node_modules/x/signup.js"], None),
            (vec![], None),
        ] {
            assert_eq!(entry_of("signup", paths.iter().copied()), entry, "{paths:?}");
        }
    }

    #[test]
    fn inputs_are_read_as_they_are_written_and_nothing_is_an_empty_object() {
        let inputs = BuildInputs {
            packages: vec![ProjectFile("node_modules/a/index.js".to_owned(), "1".to_owned())],
            settings: BuildSettings {
                capabilities: Some(vec!["cache".to_owned()]),
                ..BuildSettings::default()
            },
            ..BuildInputs::default()
        };
        assert!(!inputs.is_empty() && BuildInputs::default().is_empty());
        let text = serde_json::to_string(&inputs).unwrap();
        assert_eq!(serde_json::from_str::<BuildInputs>(&text).unwrap(), inputs);
        assert_eq!(
            text,
            r#"{"packages":[["node_modules/a/index.js","1"]],"settings":{"capabilities":["cache"]}}"#
        );
    }
}
