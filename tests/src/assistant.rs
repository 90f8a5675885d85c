//! What the code of the assistant never names: whatever would deploy, enable, keep a draft, a version, a case or a setting of a hook, or
//! open a secret. A model that gets its way in there still has no way out.

use crate::{
    Tree,
    text::{rust_code, words},
};

/// Where answers of models are handled.
const FOLDERS: &[&str] = &[
    "server/src/assistant/",
    "server/src/flows/admin/assistant/",
    "server/src/outbound/models/",
];

/// Functions that act, and the files that may name them all the same.
const ACTS: &[(&str, &[&str])] = &[
    ("update_draft", &["server/src/flows/admin/assistant/apply_proposal.rs"]),
    ("insert_draft", &[]),
    ("delete_draft", &[]),
    ("insert_version", &[]),
    ("insert_deployment", &[]),
    ("take_effect", &[]),
    ("install", &[]),
    ("set_hook_state", &[]),
    ("insert_case", &[]),
    ("update_case", &[]),
    ("put_setting", &[]),
    ("insert_secret", &[]),
    ("update_secret", &[]),
    ("sealed_secret", &[]),
    ("CallSecrets", &[]),
    ("Deploy", &[]),
    ("RollBack", &[]),
    ("SetHookState", &[]),
    ("deployments", &[]),
    ("rollouts", &[]),
];

/// Names of acts in the code of the assistant.
#[must_use]
pub fn acts(tree: &Tree) -> Vec<String> {
    let mut broken = Vec::new();
    for (path, text) in tree.ending(".rs") {
        if !FOLDERS.iter().any(|folder| path.starts_with(folder)) {
            continue;
        }
        for (number, line) in (1..).zip(rust_code(text).lines()) {
            for (word, _) in words(line) {
                let act = ACTS.iter().find(|(act, _)| *act == word);
                if let Some((act, _)) = act.filter(|(_, may)| !may.contains(&path)) {
                    broken.push(format!(
                        "{path}:{number}: what handles answers of models may not name {act}"
                    ));
                }
            }
        }
    }
    broken
}

#[cfg(test)]
mod tests {
    use super::acts;
    use crate::{assert_found, assert_kept};

    #[test]
    fn the_assistant_names_nothing_that_acts() {
        assert_kept(acts);
    }

    #[test]
    fn an_act_of_the_assistant_is_found() {
        let files = [
            (
                "server/src/assistant/a.rs",
                "fn a() { tx.update_draft(x); }\n// insert_version\n",
            ),
            (
                "server/src/flows/admin/assistant/apply_proposal.rs",
                "tx.update_draft(x);\ntx.insert_version(x);\n",
            ),
            (
                "server/src/flows/admin/assistant/b.rs",
                "use super::deployments::Deploy;\n",
            ),
            ("server/src/flows/admin/drafts/put.rs", "tx.update_draft(x);\n"),
        ];
        let expected = [
            "server/src/assistant/a.rs:1: what handles answers of models may not name update_draft",
            "server/src/flows/admin/assistant/apply_proposal.rs:2: what handles answers of models may not name insert_version",
            "server/src/flows/admin/assistant/b.rs:1: what handles answers of models may not name deployments",
            "server/src/flows/admin/assistant/b.rs:1: what handles answers of models may not name Deploy",
        ];
        assert_found(acts, &files, &expected);
    }
}
