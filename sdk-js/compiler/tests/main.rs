//! Black-box tests of the compiler's front end, one module for each concern.

mod bundling;
mod capabilities;
mod diagnostics;
mod hooks;
mod packages;
mod reproducible;
mod source_map;
mod support;
