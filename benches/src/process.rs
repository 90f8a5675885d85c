//! Memory and time of processes, as the kernel counts them.

use std::time::Duration;

/// Resident memory that no file stands behind: what a host cannot get back from its page cache. In bytes; 0 where the
/// kernel does not say (`/proc/self/smaps_rollup`, Linux).
#[must_use]
pub fn anonymous_bytes() -> u64 {
    let Ok(rollup) = std::fs::read_to_string("/proc/self/smaps_rollup") else {
        return 0;
    };
    let line = rollup.lines().find(|line| line.starts_with("Anonymous:"));
    line.and_then(|line| line.split_whitespace().nth(1)?.parse::<u64>().ok())
        .unwrap_or(0)
        * 1024
}

/// Time on a core that a process has had, its threads together; zero where the kernel does not say (`/proc/<id>/stat`, Linux).
#[must_use]
pub fn cpu_time(id: u32) -> Duration {
    // USER_HZ is 100 on every Linux that is alive.
    const TICK: Duration = Duration::from_millis(10);
    let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
    // The name, in brackets, may have spaces in it.
    let fields = stat.rsplit_once(')').map_or("", |(_, fields)| fields);
    let of = |index: usize| {
        fields
            .split_whitespace()
            .nth(index)
            .and_then(|field| field.parse::<u32>().ok())
    };
    TICK * (of(11).unwrap_or(0) + of(12).unwrap_or(0))
}
