//! Forgotten passwords of admins: a link with which the holder of an account chooses a new one. It comes by mail, from an administrator,
//! or from whoever runs the server at its machine. The second factor of the account stays.

mod confirm;
mod create;
mod operator;
mod request;

use aerocall_api_types::NewPasswordReset;

pub(crate) use confirm::ConfirmPasswordReset;
pub(crate) use create::CreatePasswordReset;
pub(crate) use operator::reset_by_operator;
pub(crate) use request::RequestPasswordReset;

use crate::{
    base::{clock, crypto::secret, error::Result},
    storage::store::{AdminAccountRow, PasswordResetRow, StoreError, Tx},
};

/// How long a link is good that somebody hands over.
const LIFE_MS: i64 = 24 * 3_600_000;
/// How long one is good that a mail has.
const MAILED_LIFE_MS: i64 = 3_600_000;

/// A link that nobody has yet.
struct Drawn {
    token: String,
    hash: String,
    created_by: String,
    expires_ms: i64,
}

impl Drawn {
    fn new(created_by: String, expires_ms: i64) -> Result<Self> {
        let token = secret::new_key("rst")?;
        Ok(Self {
            hash: secret::fingerprint(&token),
            token,
            created_by,
            expires_ms,
        })
    }

    /// Kept, in place of the one that the account has.
    fn keep(
        self,
        tx: &mut Tx<'_>,
        account: &AdminAccountRow,
        public_url: &str,
    ) -> std::result::Result<NewPasswordReset, StoreError> {
        tx.insert_password_reset(&PasswordResetRow {
            hash: self.hash,
            account_id: account.id.clone(),
            created_by: self.created_by,
            expires_ms: self.expires_ms,
        })?;
        Ok(NewPasswordReset {
            email: account.email.clone(),
            link: format!("{public_url}/admin/reset#{}", self.token),
            token: self.token,
            expires_at: clock::iso(self.expires_ms).into(),
        })
    }
}
