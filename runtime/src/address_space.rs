//! The address space that the engine reserves for the memories of hooks: far more than it ever uses, so that no access needs a
//! check of its bounds. A limit on it (`ulimit -v`) that is too small is reported in words, before the engine fails without.

use rustix::process::{Resource, getrlimit};

/// Of each memory, whatever it uses.
pub(crate) const RESERVED_BYTES: u64 = 4 << 30;
/// Behind each, never mapped.
pub(crate) const GUARD_BYTES: u64 = 32 << 20;
/// For everything else in the process: code, stacks, other memory.
const REST_BYTES: u64 = 4 << 30;

/// What a process needs that can run so many hooks at the same time. Nearly all of it is reserved and takes no memory.
#[must_use]
pub fn address_space_bytes(max_instances: u32) -> u64 {
    u64::from(max_instances) * (RESERVED_BYTES + GUARD_BYTES) + REST_BYTES
}

/// Whether this process may have it.
pub(crate) fn check(max_instances: u32) -> Result<(), String> {
    enough(getrlimit(Resource::As).current, address_space_bytes(max_instances))
}

fn enough(limit: Option<u64>, needed: u64) -> Result<(), String> {
    match limit {
        Some(limit) if limit < needed => Err(format!(
            "the address space of this process is limited to {} GiB (ulimit -v, or LimitAS of its service); the engine of hooks reserves \
             {} GiB, which takes no memory: remove the limit, and limit memory with a control group instead",
            limit >> 30,
            needed >> 30
        )),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_that_is_too_small_is_refused_with_what_is_needed() {
        let needed = address_space_bytes(200);
        assert_eq!(needed >> 30, 810);
        assert_eq!(enough(None, needed), Ok(()));
        assert_eq!(enough(Some(needed), needed), Ok(()));
        let message = enough(Some(16 << 30), needed).unwrap_err();
        for part in ["16 GiB", "810 GiB", "ulimit -v"] {
            assert!(message.contains(part), "{message}");
        }
    }
}
