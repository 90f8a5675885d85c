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
pub(crate) mod trace;
pub(crate) mod warnings;

pub use aerocall_contract::Capability;
use oxc::allocator::Allocator;
use oxc::parser::Parser;
use oxc::semantic::SemanticBuilder;
use oxc::span::{SourceType, Span};

pub use self::grants::{Grant, Grants};
use self::trace::Trace;
use crate::bundle::{Bundle, Origins};
use crate::diagnostics::Position;
use crate::threads;

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
    let Trace { places, escape, .. } = trace::run(&parsed.program, &semantic);
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
