//! The passwords everybody tries first: those of the published leak lists with eight characters or more. A list that
//! is asked over the network (Have I Been Pwned) is a later step.

use std::{collections::HashSet, sync::LazyLock};

static COMMON: LazyLock<HashSet<&'static str>> = LazyLock::new(|| include_str!("common.txt").lines().collect());

/// Whether the password is on the list, in any case.
pub(crate) fn is_common(password: &str) -> bool {
    COMMON.contains(password.to_lowercase().as_str())
}
