//! How much memory a Redis has, and whether the cache of hooks may take more of it. Knows no connection.

use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use crate::storage::cache::Eviction;

/// An answer is used for so long, or for so many bytes.
const USED_FOR: Duration = Duration::from_secs(1);
const USED_FOR_BYTES: usize = 1 << 20;

/// What `INFO memory` says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Memory {
    used: u64,
    /// 0: no limit.
    most: u64,
    policy: String,
}

impl Memory {
    pub(super) fn read(info: &str) -> Self {
        let line = |name: &str| {
            info.lines()
                .find_map(|line| line.trim().strip_prefix(name)?.strip_prefix(':'))
        };
        let number = |name: &str| line(name).and_then(|number| number.parse().ok()).unwrap_or(0);
        Self {
            used: number("used_memory"),
            most: number("maxmemory"),
            policy: line("maxmemory_policy").unwrap_or("noeviction").to_owned(),
        }
    }

    /// How keys are dropped once the memory is used up.
    pub(crate) fn eviction(&self) -> Eviction {
        match self.most == 0 || self.policy == "noeviction" {
            true => Eviction::Never,
            false => Eviction::By(self.policy.clone()),
        }
    }

    /// Whether three quarters are used. The rest is for what is not the cache.
    pub(super) fn is_full_for_cache(&self) -> bool {
        self.most > 0 && self.used >= self.most / 4 * 3
    }
}

/// The last answer, and what was written since.
#[derive(Debug, Default)]
pub(super) struct Room(Mutex<Option<Look>>);

#[derive(Debug)]
struct Look {
    at: Instant,
    bytes: usize,
    full: bool,
}

impl Room {
    /// Whether there is none for so many bytes; `None`: somebody has to look.
    pub(super) fn is_full(&self, bytes: usize) -> Option<bool> {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let look = last.as_mut()?;
        look.bytes += bytes;
        (look.at.elapsed() < USED_FOR && look.bytes <= USED_FOR_BYTES).then_some(look.full)
    }

    pub(super) fn looked(&self, full: bool) {
        let look = Look {
            at: Instant::now(),
            bytes: 0,
            full,
        };
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(look);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_redis_says_of_its_memory_is_read() {
        let info = |used: u64, most: u64, policy: &str| {
            Memory::read(&format!(
                "# Memory\r\nused_memory:{used}\r\nused_memory_human:1M\r\nmaxmemory:{most}\r\nmaxmemory_human:0B\r\nmaxmemory_policy:{policy}\r\n"
            ))
        };
        assert_eq!(info(1, 0, "allkeys-lru").eviction(), Eviction::Never);
        assert_eq!(info(1, 9, "noeviction").eviction(), Eviction::Never);
        assert_eq!(
            info(1, 9, "allkeys-lru").eviction(),
            Eviction::By("allkeys-lru".to_owned())
        );
        for (used, most, full) in [(100, 0, false), (74, 100, false), (75, 100, true), (100, 100, true)] {
            assert_eq!(
                info(used, most, "noeviction").is_full_for_cache(),
                full,
                "{used} of {most}"
            );
        }
        assert_eq!(Memory::read("").eviction(), Eviction::Never);
    }

    #[test]
    fn an_answer_is_good_for_so_many_bytes() {
        let room = Room::default();
        assert_eq!(room.is_full(1), None);
        room.looked(false);
        assert_eq!(room.is_full(USED_FOR_BYTES), Some(false));
        assert_eq!(room.is_full(1), None);
    }
}
