//! The tests that `docs/security.md` names exist: a requirement whose test was renamed or deleted is not shown any more.

use crate::Tree;

const PAGE: &str = "docs/security.md";
const TESTS: &str = "server/tests/";
/// Those of components of other languages, which are named with it.
const COMPONENTS: &str = "components::";
const COMPONENT_TESTS: &str = "runtime/tests/components/";

/// Names in the page (folder, file and function) that no test has.
#[must_use]
pub fn shown_by(tree: &Tree) -> Vec<String> {
    let text = |path: &str| tree.text(path).unwrap_or_default();
    let is_there = |name: &str| {
        let (tests, name) = match name.strip_prefix(COMPONENTS) {
            Some(rest) => (COMPONENT_TESTS, rest),
            None => (TESTS, name),
        };
        let (module, function) = name.rsplit_once("::").unwrap_or(("", name));
        let path = format!("{tests}{}.rs", module.replace("::", "/"));
        // With what it is about as arguments where it is a test for each of many.
        text(&path).contains(&format!("fn {function}("))
    };
    let page = text(PAGE);
    let named = page.split('`').skip(1).step_by(2).filter(|name| name.contains("::"));
    named
        .filter(|name| !is_there(name))
        .map(|name| format!("{PAGE}: there is no test {name}"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{assert_found, assert_kept};

    #[test]
    fn tests_that_are_named_exist() {
        assert_kept(shown_by);
    }

    #[test]
    fn a_test_that_is_gone_is_found() {
        let files = [
            (
                "docs/security.md",
                "| 6.2.1 | `a::one`, `a::b::two`, `components::c::three` | `plain` | `a::gone` |",
            ),
            ("server/tests/a.rs", "fn one() {}"),
            ("runtime/tests/components/c.rs", "async fn three() {}"),
            ("server/tests/a/b.rs", "async fn two(world: &World) {}"),
        ];
        assert_found(shown_by, &files, &["docs/security.md: there is no test a::gone"]);
    }
}
