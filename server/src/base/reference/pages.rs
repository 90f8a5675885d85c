//! `docs/errors.md` and a page for each code, from the list of codes.

use std::collections::BTreeMap;

use super::errors::{ALL, Area, Code};

#[cfg(test)]
const HEAD: &str = r#"# Error codes

<!-- Made from server/src/base/reference/errors.rs: change that, and run UPDATE_DOCS=1 cargo nextest run --workspace documents_are -->

Every error response has this format:

```json
{ "error": { "code": "invalid_input", "message": "…", "request_id": "req_…", "hook": "gate", "details": [{ "field": "email", "problem": "…" }] } }
```

`code` is stable; programs should use it. `message` is meant for people and may change. `request_id` is also in the header
`X-Request-Id` and identifies the request in the server's log. `hook` is the hook that denied the request or failed, `details`
lists problems by field. A request whose response has `Retry-After` may succeed unchanged after that many seconds.

A hook that denies a request chooses its own `code` (1 to 64 characters of `a-z`, `0-9`, `_`, `.`, `-`), `message` and
`status` (400 to 499); without them it is `hook_denied` with 403.
"#;

impl Area {
    pub(crate) const ALL: [Self; 4] = [Self::Api, Self::Hooks, Self::Bundles, Self::Sdk];

    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Api => "Requests",
            Self::Hooks => "Hooks",
            Self::Bundles => "Bundles",
            Self::Sdk => "The SDK",
        }
    }

    pub(crate) fn about(self) -> &'static str {
        match self {
            Self::Api => "Error codes of requests.",
            Self::Hooks => {
                "Error codes of requests whose hook failed and has the failure policy `closed`. The reason (message, stack, position in\n\
                 the source) is in the log under the request's id and never in the response."
            }
            Self::Bundles => "Error codes of uploads and deployments.",
            Self::Sdk => {
                "`AerocallError.code` in hooks. A hook that does not catch the error fails with `hook_failed`."
            }
        }
    }
}

/// Codes by name. One may be met in two places.
pub(crate) fn by_name() -> BTreeMap<&'static str, Vec<&'static Code>> {
    let mut found: BTreeMap<&str, Vec<&Code>> = BTreeMap::new();
    for code in ALL {
        found.entry(code.code).or_default().push(code);
    }
    found
}

#[cfg(test)]
pub(crate) mod tests {
    use std::{
        collections::BTreeSet,
        fmt::Write as _,
        path::{Path, PathBuf},
    };

    use super::*;

    const UPDATE: &str = "UPDATE_DOCS=1 cargo nextest run --workspace documents_are";

    fn repository() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
    }

    /// Compares a generated file, named from the repository on, with the committed one; writes it instead when it is asked to.
    pub(crate) fn is_committed(name: &str, made: &str) {
        let path = repository().join(name);
        if std::env::var_os("UPDATE_DOCS").is_some() {
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(&path, made).unwrap();
            return;
        }
        let kept = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(kept == made, "{name} is not what the source says. Run: {UPDATE}");
    }

    fn table() -> String {
        let mut page = HEAD.to_owned();
        for area in Area::ALL {
            let columns: &[&str] = match area {
                Area::Sdk => &["code", "meaning", "what to do"],
                _ => &["code", "status", "meaning", "what to do"],
            };
            write!(page, "\n## {}\n\n{}\n\n", area.title(), area.about()).unwrap();
            writeln!(page, "| {} |\n|{}", columns.join(" | "), "---|".repeat(columns.len())).unwrap();
            for code in ALL.iter().filter(|code| code.area == area) {
                let status = match code.status {
                    0 => String::new(),
                    status => format!("{status} | "),
                };
                let Code {
                    code, meaning, remedy, ..
                } = code;
                writeln!(page, "| [`{code}`](errors/{code}.md) | {status}{meaning} | {remedy} |").unwrap();
            }
        }
        page
    }

    fn page(name: &str, codes: &[&Code]) -> String {
        let mut page = format!("# `{name}`\n");
        for code in codes {
            let status = match code.status {
                0 => String::new(),
                status => format!(", status {status}"),
            };
            let (title, about) = (code.area.title(), code.area.about().replace('\n', " "));
            write!(page, "\n## {title}{status}\n\n{about}\n\n").unwrap();
            write!(
                page,
                "**Meaning.** {}\n\n**What to do.** {}\n",
                code.meaning, code.remedy
            )
            .unwrap();
        }
        page.push_str("\n[All error codes](../errors.md)\n");
        page
    }

    #[test]
    fn documents_are_what_the_list_of_errors_says() {
        is_committed("docs/errors.md", &table());
        for (name, codes) in by_name() {
            is_committed(&format!("docs/errors/{name}.md"), &page(name, &codes));
        }
        let known: BTreeSet<String> = by_name().keys().map(|name| format!("{name}.md")).collect();
        for entry in std::fs::read_dir(repository().join("docs/errors")).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            assert!(known.contains(&name), "docs/errors/{name} is about no code");
        }
    }

    #[test]
    fn a_code_stands_once_in_an_area_and_has_a_status_of_its_own() {
        for (name, codes) in by_name() {
            let of_requests = codes.iter().filter(|code| code.area != Area::Sdk);
            assert!(of_requests.clone().count() <= 1, "{name} stands there twice");
            assert!(
                of_requests.clone().all(|code| (400..=599).contains(&code.status)),
                "{name}"
            );
            assert!(
                codes
                    .iter()
                    .all(|code| !code.meaning.is_empty() && !code.remedy.is_empty()),
                "{name}"
            );
        }
    }
}
