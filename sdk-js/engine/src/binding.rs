//! The one place that names the crate behind the engine, so that both engines share every other line. Where the two
//! differ, each has the same function in its file.

#[cfg(not(any(feature = "quickjs", feature = "javy")))]
compile_error!("choose an engine: --features quickjs or --features javy");
#[cfg(all(feature = "quickjs", feature = "javy"))]
compile_error!("choose one engine: the second goes with --no-default-features");

#[cfg(feature = "javy")]
mod javy;
#[cfg(feature = "quickjs")]
mod quickjs;

#[cfg(feature = "javy")]
pub(crate) use self::javy::*;
#[cfg(feature = "quickjs")]
pub(crate) use self::quickjs::*;
