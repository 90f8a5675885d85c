//! Turns a hook's TypeScript or JavaScript into a component.
//!
//! In the order a source goes through them: [`source`], [`bundle`], [`hooks`] and [`capabilities`] (what it exports and
//! uses), `snapshot` (evaluated once), `config` and `schedules` (what it declares), `split` and `component` (around the shared engine), `summary` (what it does, in words), all called by [`Compiler`].
//! What is wrong on the way is a [`diagnostics::Diagnostic`].

mod build;
mod builder;
pub mod bundle;
pub mod capabilities;
mod component;
mod config;
pub mod diagnostics;
mod engines;
pub mod hooks;
mod schedules;
mod snapshot;
pub mod source;
mod split;
mod summary;
mod threads;

pub use build::{Built, CONTRACT, Compiler, Declared, OpenError, Packaging};
pub use builder::build_from_stdin;
pub use component::{append_custom, contained};
pub use config::{Problem, is_path};
pub use engines::{Engine, EngineName};
pub use schedules::{Wording, check as check_schedule, settled as settled_schedules};
pub use source::Source;
pub use split::SplitError;
