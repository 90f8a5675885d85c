//! What fails in the background.

mod list;

pub(crate) use list::ListBackgroundFailures;
