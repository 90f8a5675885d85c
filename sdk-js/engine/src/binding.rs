//! The one place that names the crate behind the engine, so that both engines share every other line.

pub(crate) use rquickjs::*;
