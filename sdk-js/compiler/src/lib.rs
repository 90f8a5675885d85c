//! Turns a hook's TypeScript or JavaScript into a component.

pub mod bundle;
pub mod capabilities;
pub mod diagnostics;
pub mod hooks;
pub mod points;
pub mod source;
