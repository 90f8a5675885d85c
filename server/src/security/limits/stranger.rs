//! How often an address may ask the server itself for something without a key or token, such as the first admin token. There
//! is no limit of all addresses together: it would let anybody keep the operator out.

use super::{Limits, MINUTE_MS, address};
use crate::base::{error::Refusal, ids::Scope};

/// Requests of one address.
const MAX_PER_MINUTE: u32 = 10;

impl Limits {
    /// Counts a request of the address.
    ///
    /// # Errors
    /// The address has had those of this minute.
    pub(crate) async fn stranger(&self, ip: &str) -> std::result::Result<(), Refusal> {
        let client = address::client(ip);
        let quota = self
            .window("stranger", &Scope::server(), &client, MAX_PER_MINUTE, MINUTE_MS)
            .await;
        quota.map_or(Ok(()), |quota| quota.check())
    }
}
