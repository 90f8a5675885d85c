//! Accounts of admins, as administrators of the server see them.

mod create;
mod delete;
mod list;
mod rank;

use aerocall_contract::errors;

pub(crate) use create::CreateAdminAccount;
pub(crate) use delete::DeleteAdminAccount;
pub(crate) use list::ListAdminAccounts;
pub(crate) use rank::RankAdminAccount;

use crate::{
    base::{
        error::Refusal,
        ids::{Kind, new_id},
        input::Email,
    },
    storage::store::{AdminAccountRow, Rank, StoreError, Tx},
};

/// Whoever creates, ranks or deletes accounts holds it, or changes members: no two of them take the last administrator or the
/// last owner away together.
pub(super) const LOCK: &str = "admin accounts";

/// Of the server.
const MAX_ACCOUNTS: usize = 10_000;

/// Keeps a new account.
///
/// # Errors
/// The address is taken, or there are too many.
pub(crate) fn insert(
    tx: &mut Tx<'_>,
    email: &Email,
    password_hash: String,
    rank: Rank,
    now_ms: i64,
) -> std::result::Result<std::result::Result<AdminAccountRow, Refusal>, StoreError> {
    if tx.admin_account_by_email(email)?.is_some() {
        return Ok(Err(Refusal::email_taken()));
    }
    if tx.admin_accounts()?.len() >= MAX_ACCOUNTS {
        let message = format!("There are at most {MAX_ACCOUNTS} accounts");
        return Ok(Err(Refusal::limit_reached(message)));
    }
    let account = AdminAccountRow::new(new_id(Kind::AdminAccount), email, password_hash, rank, now_ms);
    tx.insert_admin_account(&account)?;
    Ok(Ok(account))
}

/// Refuses what would leave the server without an administrator.
fn last_administrator() -> Refusal {
    Refusal::new(
        errors::LAST_ADMINISTRATOR,
        "This is the last administrator of the server: make somebody else one first",
    )
}
