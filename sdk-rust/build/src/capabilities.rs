//! What a component may use: the interfaces that it imports, against what `aerocall.toml` declares. Which hosts and secrets it asks
//! for is not seen in its imports.

use std::collections::BTreeSet;

use aerocall_compiler::{
    capabilities::{Grant, Grants},
    diagnostics::{Diagnostic, codes},
};
use aerocall_contract::Capability;

use crate::{Hook, NotBuilt, Result, problem_codes};

/// What is granted, and what the author should know.
pub(crate) fn granted(hook: &Hook<'_>, interfaces: &BTreeSet<String>) -> Result<(Grants, Vec<Diagnostic>)> {
    let imported = Capability::ALL
        .into_iter()
        .filter(|one| interfaces.contains(one.name()));
    match &hook.declared.capabilities {
        None => {
            let grants: Grants = imported.map(Grant::whole).collect();
            let warnings = unscoped(hook, &grants).into_iter().collect();
            Ok((grants, warnings))
        }
        Some(declared) => {
            let imported: Vec<Capability> = imported.collect();
            let has = |capability: Capability| declared.iter().any(|grant| grant.capability() == capability);
            let missing: Vec<Diagnostic> = imported
                .iter()
                .filter(|one| !has(**one))
                .map(|one| undeclared(hook, *one))
                .collect();
            if !missing.is_empty() {
                return Err(NotBuilt::Problems(missing));
            }
            let is_used = |grant: &Grant| imported.contains(&grant.capability());
            let unused = declared.iter().filter(|grant| !is_used(grant));
            let warnings = unused.map(|grant| not_used(hook, &grant)).collect();
            Ok((declared.iter().filter(is_used).collect(), warnings))
        }
    }
}

/// The line of `aerocall.toml` that would do.
fn line(hook: &Hook<'_>, grants: &Grants) -> String {
    let names = grants
        .iter()
        .map(|grant| match (grant.capability(), grant.part_name()) {
            (Capability::Http, None) => "http:api.example.com".to_owned(),
            (Capability::Secrets, None) => "secrets:my_secret".to_owned(),
            _ => grant.to_string(),
        });
    let names: Vec<String> = names.map(|name| format!("\"{name}\"")).collect();
    format!(
        "in [hooks.{}] of aerocall.toml: capabilities = [{}]",
        hook.name,
        names.join(", ")
    )
}

/// Hosts and secrets that nobody names.
fn unscoped(hook: &Hook<'_>, grants: &Grants) -> Option<Diagnostic> {
    let has = |capability| grants.allow(&Grant::whole(capability));
    let what = match (has(Capability::Http), has(Capability::Secrets)) {
        (false, false) => return None,
        (true, false) => {
            "the hook sends requests and declares no hosts: they are refused, unless the project has an allow-list of hosts"
        }
        (false, true) => "the hook uses secrets and does not say which: it requests all secrets of the project",
        (true, true) => {
            "the hook sends requests and uses secrets, and says neither which hosts nor which secrets: requests are refused, \
             unless the project has an allow-list of hosts, and all secrets of the project are requested"
        }
    };
    let warning = Diagnostic::about_file(codes::UNSCOPED, what, hook.path).into_warning();
    Some(warning.hint(line(hook, grants)))
}

fn undeclared(hook: &Hook<'_>, capability: Capability) -> Diagnostic {
    let message = format!("the hook uses `{capability}`, which is not among its declared capabilities");
    let mut wanted: Grants = hook.declared.capabilities.iter().flat_map(Grants::iter).collect();
    wanted.add(Grant::whole(capability));
    Diagnostic::about_file(codes::UNDECLARED, message, hook.path).hint(line(hook, &wanted))
}

fn not_used(hook: &Hook<'_>, grant: &Grant) -> Diagnostic {
    let message = format!(
        "aerocall.toml declares `{grant}` for the hook, which does not use `{}`",
        grant.capability()
    );
    Diagnostic::about_file(problem_codes::UNUSED_CAPABILITY, message, hook.path)
        .into_warning()
        .hint(format!(
            "remove \"{grant}\" from `capabilities` of [hooks.{}]",
            hook.name
        ))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use aerocall_compiler::Declared;

    use super::*;
    use crate::Target;

    fn of(declared: Option<&[&str]>, interfaces: &[&str]) -> (Vec<String>, Vec<String>) {
        let grants = |names: &[&str]| names.iter().map(|name| name.parse::<Grant>().unwrap()).collect();
        let declared = Declared {
            capabilities: declared.map(grants),
            ..Declared::default()
        };
        let hook = Hook {
            root: Path::new("/"),
            name: "signup",
            path: "hooks/signup",
            declared: &declared,
            target: Target::default(),
            exports: None,
        };
        let interfaces = interfaces.iter().map(|name| (*name).to_owned()).collect();
        let shown = |found: Vec<Diagnostic>| found.iter().map(ToString::to_string).collect();
        match granted(&hook, &interfaces) {
            Ok((grants, warnings)) => (grants.names(), shown(warnings)),
            Err(NotBuilt::Problems(problems)) => (Vec::new(), shown(problems)),
            Err(other) => panic!("{other:?}"),
        }
    }

    #[test]
    fn what_is_imported_is_granted_and_what_is_declared_is_a_ceiling() {
        assert_eq!(of(None, &["log", "types", "cache"]), (vec!["cache".to_owned()], vec![]));
        let (granted, warnings) = of(Some(&["http:a.example", "db"]), &["http", "log"]);
        assert_eq!(granted, ["http:a.example"]);
        assert!(warnings[0].starts_with("warning[unused-capability]"), "{warnings:?}");
        let (granted, warnings) = of(None, &["http", "secrets", "cache"]);
        assert_eq!(granted, ["cache", "http", "secrets"]);
        let line = "capabilities = [\"cache\", \"http:api.example.com\", \"secrets:my_secret\"]";
        assert!(warnings[0].contains(line), "{warnings:?}");
    }

    #[test]
    fn what_is_imported_and_not_declared_is_refused_with_the_line_that_declares_it() {
        let (granted, problems) = of(Some(&["cache"]), &["cache", "db", "http"]);
        assert!(granted.is_empty() && problems.len() == 2, "{problems:?}");
        assert!(
            problems[0].starts_with("error[undeclared-capability]: the hook uses `db`")
                && problems[0].contains("in [hooks.signup] of aerocall.toml: capabilities = [\"cache\", \"db\"]"),
            "{problems:?}"
        );
    }
}
