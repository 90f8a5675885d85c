//! Memory of this process, as the kernel counts it.

/// Resident memory that belongs to this process alone and is not a file: what a host pays. In bytes; 0 where the kernel
/// does not say (`/proc/self/smaps_rollup`, Linux).
#[must_use]
pub fn private_bytes() -> u64 {
    let Ok(rollup) = std::fs::read_to_string("/proc/self/smaps_rollup") else {
        return 0;
    };
    let of = |name: &str| {
        let line = rollup.lines().find(|line| line.starts_with(name));
        line.and_then(|line| line.split_whitespace().nth(1)?.parse::<u64>().ok())
            .unwrap_or(0)
            * 1024
    };
    of("Private_Clean:") + of("Private_Dirty:")
}
