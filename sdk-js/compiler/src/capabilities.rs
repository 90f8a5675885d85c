//! Which of the project's data a bundle reaches for, read from its code without running it.
//!
//! A hook gets the SDK as its third parameter, and as the global `Aerocall`. The code is followed from there: members
//! (`Aerocall.cache.get`, `Aerocall["db"]`), destructuring (`({ cache }) =>`, `const { db } = Aerocall`), other names for
//! it, and functions of the bundle that it is handed to. `fetch` is `http`.
//!
//! The answer errs on the side of more: where the SDK goes out of sight (into a data structure, a computed member, a
//! function that is not known), every capability counts as used and the place is named. Code made at run time (`eval`,
//! `new Function`) is not seen; the host's ceiling holds there as everywhere.

mod trace;

use std::collections::BTreeSet;
use std::fmt;

use oxc::allocator::Allocator;
use oxc::parser::Parser;
use oxc::semantic::SemanticBuilder;
use oxc::span::SourceType;
use serde::Serialize;

use crate::bundle::{Bundle, Origins};
use crate::diagnostics::Position;
use crate::threads;

/// Something of the project that a hook may use. Log, clock and random are always there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Capability {
    /// Users, sessions, mail.
    Auth,
    /// Short-lived values.
    Cache,
    /// The project's database.
    Db,
    /// Requests to other hosts: `Aerocall.http`, `fetch`.
    Http,
    /// Jobs for later.
    Queue,
    /// The project's secrets.
    Secrets,
}

impl Capability {
    /// Every capability, in order.
    pub const ALL: [Self; 6] = [
        Self::Auth,
        Self::Cache,
        Self::Db,
        Self::Http,
        Self::Queue,
        Self::Secrets,
    ];

    /// Its name in manifests and settings.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Auth => "auth",
            Self::Cache => "cache",
            Self::Db => "db",
            Self::Http => "http",
            Self::Queue => "queue",
            Self::Secrets => "secrets",
        }
    }

    /// The capability behind a member of the SDK, if it needs one.
    pub(crate) fn of_member(name: &str) -> Option<Self> {
        match name {
            "Queue" => Some(Self::Queue),
            "fetch" => Some(Self::Http),
            name => Self::ALL.into_iter().find(|capability| capability.name() == name),
        }
    }
}

impl fmt::Display for Capability {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What a bundle uses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CapabilityUse {
    /// The capabilities; all of them if the SDK escapes.
    pub used: BTreeSet<Capability>,
    /// The first place where the SDK goes out of sight.
    pub escapes: Option<Position>,
}

/// Finds the capabilities that a bundle uses.
#[must_use]
pub fn find(bundle: &Bundle) -> CapabilityUse {
    threads::deep(|| find_here(bundle))
}

fn find_here(bundle: &Bundle) -> CapabilityUse {
    let allocator = Allocator::default();
    let parsed = Parser::new(&allocator, &bundle.code, SourceType::mjs()).parse();
    let semantic = SemanticBuilder::new()
        .with_build_nodes(true)
        .build(&parsed.program)
        .semantic;
    let (used, escape) = trace::run(&parsed.program, &semantic);
    let Some(span) = escape else {
        return CapabilityUse { used, escapes: None };
    };
    let position = Origins::of(bundle).place(span).map(|place| place.position());
    let entry = || Position {
        file: bundle.entry.clone(),
        line: 1,
        column: 1,
    };
    CapabilityUse {
        used: Capability::ALL.into(),
        escapes: Some(position.unwrap_or_else(entry)),
    }
}
