//! Which of the project's data a bundle reaches for, read from its code without running it.
//!
//! A hook gets the SDK as its third parameter, and as the global `Aerocall`. The code is followed from there: members
//! (`Aerocall.cache.get`, `Aerocall["db"]`), destructuring (`({ cache }) =>`, `const { db } = Aerocall`), other names for
//! it, and functions of the bundle that it is handed to. `fetch` is `http`.
//!
//! Of `http` and `secrets` the parts are seen where the code names them: the hosts of literal addresses, the names of
//! literal secrets. One use whose host or name is only known at run time makes it the whole capability.
//!
//! The answer errs on the side of more: where the SDK goes out of sight (into a data structure, a computed member, a
//! function that is not known), every capability counts as used and the place is named. Code made at run time (`eval`,
//! `new Function`) is not seen; the host's ceiling holds there as everywhere.

mod grants;
mod hosts;
mod trace;
pub(crate) mod warnings;

use std::fmt;

use oxc::allocator::Allocator;
use oxc::parser::Parser;
use oxc::semantic::SemanticBuilder;
use oxc::span::{SourceType, Span};
use serde::Serialize;

pub use self::grants::{Grant, Grants};
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

    /// The capability with this name.
    ///
    /// # Errors
    /// There is none; the message names those that there are.
    pub fn named(name: &str) -> Result<Self, String> {
        Self::ALL
            .into_iter()
            .find(|capability| capability.name() == name)
            .ok_or_else(|| {
                let known = Self::ALL.map(Self::name).join(", ");
                format!("there is no capability `{name}`; there are: {known}")
            })
    }

    /// The capability behind a member of the SDK, if it needs one.
    pub(crate) fn of_member(name: &str) -> Option<Self> {
        Self::named(if name == "Queue" { "queue" } else { name }).ok()
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
    /// What is used; every capability as a whole if the SDK escapes.
    pub used: Grants,
    /// The first place where the SDK goes out of sight.
    pub escapes: Option<Position>,
    /// Every use that was seen, with its place in the bundle.
    pub(crate) places: Vec<(Grant, Span)>,
    pub(crate) escape: Option<Span>,
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
    let (places, escape) = trace::run(&parsed.program, &semantic);
    let used = match escape {
        None => places.iter().map(|(grant, _)| grant.clone()).collect(),
        Some(_) => Capability::ALL.into_iter().map(Grant::whole).collect(),
    };
    CapabilityUse {
        used,
        escapes: escape.map(|span| position(bundle, span)),
        places,
        escape,
    }
}

fn position(bundle: &Bundle, span: Span) -> Position {
    let place = Origins::of(bundle).place(span).map(|place| place.position());
    place.unwrap_or_else(|| Position {
        file: bundle.entry.clone(),
        line: 1,
        column: 1,
    })
}
