//! Memory of this process, as the kernel counts it.

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
