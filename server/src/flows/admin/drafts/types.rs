//! Types of a hook's sources: nobody checks them here.

use aerocall_api_types::{TypeCheck, TypeStatus};
use aerocall_runtime::{BuildDiagnostic, ProjectFile};

use crate::{
    app::App,
    base::{error::Result, ids::Slug},
};

/// What is known of the types of some sources, and what is wrong with them.
pub(in crate::flows::admin) struct CheckedTypes {
    pub(in crate::flows::admin) check: TypeCheck,
    pub(in crate::flows::admin) problems: Vec<BuildDiagnostic>,
}

/// Checks the types of files. `beside`: files of npm packages, which are declared without types of their own.
///
/// # Errors
/// None as long as there is no compiler.
pub(in crate::flows::admin) async fn check_types(
    _: &App,
    _: &Slug,
    _files: &[ProjectFile],
    _beside: &[ProjectFile],
) -> Result<CheckedTypes> {
    Ok(CheckedTypes {
        check: not_checked(),
        problems: Vec::new(),
    })
}

/// What is known of types that nobody has looked at.
pub(super) fn not_checked() -> TypeCheck {
    TypeCheck {
        status: TypeStatus::NotChecked,
        reason: Some("the server has no TypeScript compiler".to_owned()),
    }
}
