//! Projects and environments that are not there: what is said of them to somebody who has just begun.

use aerocall_api_types::Project;

use crate::terminal::plain;

const CHOOSE: &str =
    "choose with --project and --environment, or with `id` and `environment` under [project] in aerocall.toml";

/// What is missing, what the token can see, and how to choose it.
pub(crate) fn missing((project, environment): &(String, String), seen: &[Project]) -> Vec<String> {
    let (shown_project, shown_environment) = (plain(project), plain(environment));
    let own = seen.iter().find(|one| one.id == *project);
    let what = match own {
        None => {
            format!("there is no project `{shown_project}` (environment `{shown_environment}`) that this token can see")
        }
        // A secret key sees the names of all environments of its project, and into its own alone.
        Some(own) if own.environments.contains(environment) => format!(
            "this token is the key of another environment than `{shown_environment}` of project `{shown_project}`"
        ),
        Some(_) => format!("project `{shown_project}` has no environment `{shown_environment}`"),
    };
    let list = |one: &Project| format!("{} ({})", plain(&one.id), plain(&one.environments.join(", ")));
    let there = match seen {
        [] => "there is no project yet; create one with an admin token of the server: aerocall projects create <id>"
            .to_owned(),
        seen => format!("there is: {}", seen.iter().map(list).collect::<Vec<_>>().join("; ")),
    };
    vec![what, there, CHOOSE.to_owned()]
}

#[cfg(test)]
mod tests {
    use aerocall_api_types::Project;

    use super::missing;

    #[test]
    fn both_names_what_is_there_and_the_flags_are_said() {
        let project: Project = serde_json::from_value(serde_json::json!({
            "id": "shop", "name": "Shop", "environments": ["production", "staging"], "createdAt": "2026-01-31T12:00:00.000Z",
        }))
        .unwrap();
        let seen = std::slice::from_ref(&project);
        for (wanted, seen, what, there) in [
            (
                ("shop", "live"),
                seen,
                "`shop` has no environment `live`",
                "there is: shop (production, staging)",
            ),
            (
                ("shp", "live"),
                seen,
                "no project `shp` (environment `live`)",
                "there is: shop (production, staging)",
            ),
            (
                ("shop", "staging"),
                seen,
                "another environment than `staging` of project `shop`",
                "shop (production",
            ),
            (("shop", "live"), &[], "no project `shop`", "there is no project yet"),
        ] {
            let lines = missing(&(wanted.0.to_owned(), wanted.1.to_owned()), seen);
            assert!(lines[0].contains(what) && lines[1].contains(there), "{lines:?}");
            assert!(
                lines[2].contains("--project") && lines[2].contains("--environment"),
                "{lines:?}"
            );
        }
    }
}
