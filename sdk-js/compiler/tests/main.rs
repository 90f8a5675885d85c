//! Black-box tests of the compiler, one module for each concern.

mod bundling;
mod capabilities;
mod conformance;
mod corpus;
mod diagnostics;
mod hooks;
mod packages;
mod release;
mod reproducible;
mod sandbox;
mod source_map;
mod summaries;
mod support;
mod transform;
mod typescript;
