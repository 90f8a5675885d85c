//! Mails and messages to a recipient.
//!
//! They are counted by recipient and by the address that asks, so that what a stranger asks for leaves the owner of the
//! mailbox what they need to get into their account. All strangers together have a few times as much: nobody's mailbox is
//! flooded from many addresses. An address from which the account was used has its own, whatever strangers have asked for.

use super::{Claim, HOUR_MS, Limits, Quota};
use crate::base::error::Refusal;

/// What a recipient gets in an hour at the request of all strangers together, as a multiple of what one address has; and as
/// much again at the request of all addresses from which the account was used.
const ADDRESSES: u32 = 3;

impl Limits {
    /// Counts a mail or message to whom the account is named by. To be asked whether or not there is such an account, or the
    /// answer tells.
    ///
    /// # Errors
    /// The recipient has had those of this hour.
    pub(crate) async fn sends(&self, claim: Claim<'_>) -> Result<(), Refusal> {
        let most = claim.rules.sends_per_recipient_hour;
        let recipient = self.hidden(claim.scope, claim.account);
        let group = match self.recognizes(claim).await {
            true => format!("known/{recipient}"),
            false => recipient,
        };
        let here = format!("{group}/{}", self.client(claim.scope, claim.ip));
        // One that is refused here is none of the recipient's: it takes nothing from others.
        self.send(claim, &here, most)
            .await
            .map_or(Ok(()), |quota| quota.check())?;
        let all = self.send(claim, &group, most.saturating_mul(ADDRESSES)).await;
        all.map_or(Ok(()), |quota| quota.check())
    }

    async fn send(&self, claim: Claim<'_>, of: &str, most: u32) -> Option<Quota> {
        self.window("send", claim.scope, of, most, HOUR_MS).await
    }
}
