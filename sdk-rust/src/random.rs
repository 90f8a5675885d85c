//! Random numbers of the host. Mirrors `wit/random.wit`.

use crate::platform;

/// Most bytes of one call of the host.
const MAX_BYTES: usize = 65_536;

/// Random bytes, fit for keys and tokens.
///
/// ```
/// use aerocall_hooks::random;
///
/// fn token() -> String {
///     random::bytes(16).iter().map(|byte| format!("{byte:02x}")).collect()
/// }
/// ```
#[must_use]
pub fn bytes(count: usize) -> Vec<u8> {
    let mut all = Vec::with_capacity(count);
    while all.len() < count {
        let part = (count - all.len()).min(MAX_BYTES);
        all.extend(platform::random_bytes(part as u32));
    }
    all
}

/// A random number, all values equally likely.
///
/// ```
/// use aerocall_hooks::random;
///
/// fn one_of_a_hundred() -> bool {
///     random::number() % 100 == 0
/// }
/// ```
#[must_use]
pub fn number() -> u64 {
    let bytes = platform::random_bytes(8);
    bytes.iter().fold(0, |number, byte| number << 8 | u64::from(*byte))
}
