//! `docs/errors.md` and a page for each code, from the list of codes.

use std::{collections::BTreeSet, fmt::Write as _};

use super::{is_committed, repository};
use crate::errors::{ALL, Area, Code, by_name};

const HEAD: &str = r#"# Error codes

<!-- Made from runtime/contract/src/errors.rs: change that, and run UPDATE_DOCS=1 cargo nextest run --workspace documents_are -->

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
                name, meaning, remedy, ..
            } = code;
            writeln!(page, "| [`{name}`](errors/{name}.md) | {status}{meaning} | {remedy} |").unwrap();
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
