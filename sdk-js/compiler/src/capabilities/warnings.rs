//! Warnings about capabilities: uses that will be refused, and uses of which the parts are not known.

use std::collections::BTreeSet;

use oxc::span::Span;

use super::{Capability, CapabilityUse, Grant, Grants};
use crate::bundle::{Bundle, Origins};
use crate::diagnostics::{Diagnostic, codes};

/// What is declared for a hook, by whom.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Declarations<'d> {
    /// The hook's name, as `aerocall.toml` has it.
    pub(crate) hook: &'d str,
    /// `export const config`
    pub(crate) own: Option<&'d Grants>,
    /// `aerocall.toml`
    pub(crate) project: Option<&'d Grants>,
}

impl Declarations<'_> {
    /// What the hook may use: what both declare; if nobody declares anything, what its code is seen to use.
    pub(crate) fn granted(&self, found: &CapabilityUse) -> Grants {
        match (self.own, self.project) {
            (None, None) => found.used.clone(),
            (Some(one), None) | (None, Some(one)) => one.clone(),
            (Some(own), Some(project)) => own.common(project),
        }
    }
}

/// All of them, each once, at the first place that gives rise to it.
pub(crate) fn warnings(bundle: &Bundle, found: &CapabilityUse, declared: &Declarations<'_>) -> Vec<Diagnostic> {
    let origins = Origins::of(bundle);
    let at = |span: Span, code, message: String| match origins.place(span) {
        Some(place) => Diagnostic::warning(code, message, &place),
        None => Diagnostic::about_file(code, message, &bundle.entry).into_warning(),
    };
    let nobody = declared.own.is_none() && declared.project.is_none();
    match found.escape {
        // Where the SDK goes out of sight nothing else is certain.
        Some(_) if !nobody => Vec::new(),
        Some(span) => {
            let message = "the compiler cannot follow how the SDK is used here, so every capability counts as used";
            vec![at(span, codes::UNSCOPED, message.to_owned()).hint(declare("cache: true"))]
        }
        None if nobody => unscoped(found)
            .map(|(capability, span)| at(span, codes::UNSCOPED, whole(capability).to_owned()).hint(scope(found)))
            .collect(),
        None => undeclared(found, declared)
            .map(|(grant, span, hint)| at(span, codes::UNDECLARED, refused(&grant)).hint(hint))
            .collect(),
    }
}

/// Capabilities that have parts and are used as a whole, since some part of them is only known at run time.
fn unscoped(found: &CapabilityUse) -> impl Iterator<Item = (Capability, Span)> + '_ {
    [Capability::Http, Capability::Secrets]
        .into_iter()
        .filter_map(|capability| {
            let whole = Grant::whole(capability);
            let (_, span) = found.places.iter().find(|(grant, _)| *grant == whole)?;
            Some((capability, *span))
        })
}

fn whole(capability: Capability) -> &'static str {
    match capability {
        Capability::Secrets => {
            "the name of this secret is only known at run time, so the hook requests all secrets of the project"
        }
        _ => {
            "the host of this request is only known at run time, so the hook declares no hosts: its requests are refused, unless the project has an allow-list of hosts"
        }
    }
}

/// The declaration that would do, with what is known filled in.
fn scope(found: &CapabilityUse) -> String {
    let known = found
        .places
        .iter()
        .map(|(grant, _)| match (grant.capability(), grant.part_name()) {
            (Capability::Http, None) => Grant::part(Capability::Http, "api.example.com"),
            (Capability::Secrets, None) => Grant::part(Capability::Secrets, "my_secret"),
            _ => Ok(grant.clone()),
        });
    declare(&known.flatten().collect::<Grants>().in_config())
}

fn declare(members: &str) -> String {
    format!("declare the capabilities: `export const config = {{ capabilities: {{ {members} }} }}`")
}

/// What the code is seen to use and may not, with the line that would allow it.
fn undeclared<'f>(
    found: &'f CapabilityUse,
    declared: &'f Declarations<'_>,
) -> impl Iterator<Item = (Grant, Span, String)> + 'f {
    let mut warned = BTreeSet::new();
    found.places.iter().filter_map(move |(grant, span)| {
        let hint = allowing(grant, declared)?;
        warned.insert(grant.clone()).then(|| (grant.clone(), *span, hint))
    })
}

fn allowing(grant: &Grant, declared: &Declarations<'_>) -> Option<String> {
    let lacks = |grants: Option<&Grants>| grants.is_some_and(|grants| !grants.allow(grant));
    let in_config = || format!("`{}` to `capabilities` of `export const config`", grant.in_config());
    let in_file = || {
        format!(
            "`\"{grant}\"` to `capabilities` of [hooks.{}] in aerocall.toml",
            declared.hook
        )
    };
    let lines = match (lacks(declared.own), lacks(declared.project)) {
        (false, false) => return None,
        (true, false) => in_config(),
        (false, true) => in_file(),
        (true, true) => format!("{} and {}", in_config(), in_file()),
    };
    Some(format!("add {lines}"))
}

fn refused(grant: &Grant) -> String {
    format!("the code uses `{grant}`, which is not among its declared capabilities: the calls will fail")
}
