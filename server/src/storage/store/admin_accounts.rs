//! Accounts of admins, their second factors, and their roles in projects. Secrets are sealed and codes hashed by somebody else
//! before they get here.

use aerocall_api_types::Role;

use super::{
    StoreError, Tx,
    query::prelude::*,
    schema::{admin_accounts, admin_recovery_codes, admin_sessions, admin_tickets, personal_tokens, project_members},
};
use crate::base::{ids::Slug, input::Email};

/// An account to keep, and as kept.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = admin_accounts)]
pub(crate) struct AdminAccountRow {
    pub(crate) id: String,
    pub(crate) email: String,
    pub(crate) email_normal: String,
    pub(crate) password_hash: String,
    is_administrator: i32,
    pub(crate) totp_sealed: Option<Vec<u8>>,
    pub(crate) totp_pending: Option<Vec<u8>>,
    /// The last time step whose code was taken.
    pub(crate) totp_last_step: i64,
    pub(crate) created_ms: i64,
}

impl AdminAccountRow {
    /// Without a second factor.
    pub(crate) fn new(id: String, email: &Email, password_hash: String, rank: Rank, created_ms: i64) -> Self {
        Self {
            id,
            email: email.as_str().to_owned(),
            email_normal: email.normal().to_owned(),
            password_hash,
            is_administrator: rank.stored(),
            totp_sealed: None,
            totp_pending: None,
            totp_last_step: 0,
            created_ms,
        }
    }

    pub(crate) fn is_administrator(&self) -> bool {
        self.is_administrator == 1
    }
}

/// Whether an account may do everything on the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rank {
    Administrator,
    /// May do what its roles in projects permit.
    Person,
}

impl Rank {
    fn stored(self) -> i32 {
        match self {
            Self::Administrator => 1,
            Self::Person => 0,
        }
    }
}

/// A role of an account in a project.
#[derive(Clone, Debug)]
pub(crate) struct MemberRow {
    pub(crate) account_id: String,
    pub(crate) email: String,
    pub(crate) role: Role,
    pub(crate) created_ms: i64,
}

/// The role with this name. What this version does not know permits what is least.
fn role(stored: &str) -> Role {
    let mut all = Role::ALL.iter().copied();
    all.find(|role| role.as_str() == stored).unwrap_or(Role::Viewer)
}

impl Tx<'_> {
    /// Whoever creates an account takes its lock first and has looked that its address is free.
    pub(crate) fn insert_admin_account(&mut self, account: &AdminAccountRow) -> Result<(), StoreError> {
        diesel::insert_into(admin_accounts::table)
            .values((
                admin_accounts::id.eq(&account.id),
                admin_accounts::email.eq(&account.email),
                admin_accounts::email_normal.eq(&account.email_normal),
                admin_accounts::password_hash.eq(&account.password_hash),
                admin_accounts::is_administrator.eq(account.is_administrator),
                admin_accounts::totp_last_step.eq(0),
                admin_accounts::created_ms.eq(account.created_ms),
            ))
            .execute(self)?;
        Ok(())
    }

    pub(crate) fn admin_account(&mut self, id: &str) -> Result<Option<AdminAccountRow>, StoreError> {
        Ok(admin_accounts::table
            .filter(admin_accounts::id.eq(id))
            .select(AdminAccountRow::columns())
            .first(self)
            .optional()?)
    }

    pub(crate) fn admin_account_by_email(&mut self, email: &Email) -> Result<Option<AdminAccountRow>, StoreError> {
        Ok(admin_accounts::table
            .filter(admin_accounts::email_normal.eq(email.normal()))
            .select(AdminAccountRow::columns())
            .first(self)
            .optional()?)
    }

    /// Oldest first.
    pub(crate) fn admin_accounts(&mut self) -> Result<Vec<AdminAccountRow>, StoreError> {
        Ok(admin_accounts::table
            .order(admin_accounts::id)
            .select(AdminAccountRow::columns())
            .load(self)?)
    }

    /// How many accounts may do everything on the server.
    pub(crate) fn administrators(&mut self) -> Result<i64, StoreError> {
        let all = admin_accounts::table.filter(admin_accounts::is_administrator.eq(1));
        Ok(all.count().get_result(self)?)
    }

    pub(crate) fn rank_admin_account(&mut self, id: &str, rank: Rank) -> Result<(), StoreError> {
        diesel::update(admin_accounts::table.filter(admin_accounts::id.eq(id)))
            .set(admin_accounts::is_administrator.eq(rank.stored()))
            .execute(self)?;
        Ok(())
    }

    /// Deletes an account with everything that is its own.
    pub(crate) fn delete_admin_account(&mut self, id: &str) -> Result<(), StoreError> {
        diesel::delete(admin_sessions::table.filter(admin_sessions::account_id.eq(id))).execute(self)?;
        diesel::delete(admin_tickets::table.filter(admin_tickets::account_id.eq(id))).execute(self)?;
        self.delete_password_resets(id)?;
        diesel::delete(personal_tokens::table.filter(personal_tokens::account_id.eq(id))).execute(self)?;
        diesel::delete(project_members::table.filter(project_members::account_id.eq(id))).execute(self)?;
        diesel::delete(admin_recovery_codes::table.filter(admin_recovery_codes::account_id.eq(id))).execute(self)?;
        diesel::delete(admin_accounts::table.filter(admin_accounts::id.eq(id))).execute(self)?;
        Ok(())
    }

    /// Whether the password was still the one that was looked at.
    pub(crate) fn set_admin_password(&mut self, id: &str, before: &str, hash: &str) -> Result<bool, StoreError> {
        let unchanged = admin_accounts::table
            .filter(admin_accounts::id.eq(id))
            .filter(admin_accounts::password_hash.eq(before));
        let set = diesel::update(unchanged).set(admin_accounts::password_hash.eq(hash));
        Ok(set.execute(self)? == 1)
    }

    /// Begins with an authenticator app, in place of one that was begun.
    pub(crate) fn begin_admin_totp(&mut self, id: &str, sealed: &[u8]) -> Result<(), StoreError> {
        diesel::update(admin_accounts::table.filter(admin_accounts::id.eq(id)))
            .set(admin_accounts::totp_pending.eq(sealed))
            .execute(self)?;
        Ok(())
    }

    /// The app that was begun counts from now on. Whether it was still this one.
    pub(crate) fn confirm_admin_totp(&mut self, id: &str, sealed: &[u8], step: i64) -> Result<bool, StoreError> {
        let pending = admin_accounts::table
            .filter(admin_accounts::id.eq(id))
            .filter(admin_accounts::totp_pending.eq(sealed));
        let confirmed = diesel::update(pending)
            .set((
                admin_accounts::totp_sealed.eq(sealed),
                admin_accounts::totp_pending.eq(None::<Vec<u8>>),
                admin_accounts::totp_last_step.eq(step),
            ))
            .execute(self)?;
        Ok(confirmed == 1)
    }

    /// Takes the app and the recovery codes away. Whether there was an app.
    pub(crate) fn remove_admin_totp(&mut self, id: &str) -> Result<bool, StoreError> {
        let with_app = admin_accounts::table
            .filter(admin_accounts::id.eq(id))
            .filter(admin_accounts::totp_sealed.is_not_null());
        let none = None::<Vec<u8>>;
        let removed = diesel::update(with_app)
            .set((
                admin_accounts::totp_sealed.eq(&none),
                admin_accounts::totp_pending.eq(&none),
            ))
            .execute(self)?;
        diesel::delete(admin_recovery_codes::table.filter(admin_recovery_codes::account_id.eq(id))).execute(self)?;
        Ok(removed == 1)
    }

    /// Takes the code of a time step: one statement, so that none is taken twice, nor one before it. Whether it was.
    pub(crate) fn use_admin_totp_step(&mut self, id: &str, step: i64) -> Result<bool, StoreError> {
        let unused = admin_accounts::table
            .filter(admin_accounts::id.eq(id))
            .filter(admin_accounts::totp_sealed.is_not_null())
            .filter(admin_accounts::totp_last_step.lt(step));
        let used = diesel::update(unused).set(admin_accounts::totp_last_step.eq(step));
        Ok(used.execute(self)? == 1)
    }

    /// These instead of the ones before.
    pub(crate) fn put_admin_recovery_codes(
        &mut self,
        id: &str,
        hashes: &[String],
        now_ms: i64,
    ) -> Result<(), StoreError> {
        diesel::delete(admin_recovery_codes::table.filter(admin_recovery_codes::account_id.eq(id))).execute(self)?;
        for hash in hashes {
            diesel::insert_into(admin_recovery_codes::table)
                .values((
                    admin_recovery_codes::account_id.eq(id),
                    admin_recovery_codes::hash.eq(hash),
                    admin_recovery_codes::created_ms.eq(now_ms),
                ))
                .execute(self)?;
        }
        Ok(())
    }

    /// Whether the account has a recovery code with this hash; it stays.
    pub(crate) fn has_admin_recovery_code(&mut self, id: &str, hash: &str) -> Result<bool, StoreError> {
        let mine = admin_recovery_codes::table
            .filter(admin_recovery_codes::account_id.eq(id))
            .filter(admin_recovery_codes::hash.eq(hash));
        let found: i64 = mine.count().get_result(self)?;
        Ok(found == 1)
    }

    /// Takes a recovery code, in one statement. Whether it was there.
    pub(crate) fn take_admin_recovery_code(&mut self, id: &str, hash: &str) -> Result<bool, StoreError> {
        let mine = admin_recovery_codes::table
            .filter(admin_recovery_codes::account_id.eq(id))
            .filter(admin_recovery_codes::hash.eq(hash));
        Ok(diesel::delete(mine).execute(self)? == 1)
    }

    /// Projects and roles of an account, by the projects' ids.
    pub(crate) fn admin_roles(&mut self, account_id: &str) -> Result<Vec<(Slug, Role)>, StoreError> {
        let rows: Vec<(String, String)> = project_members::table
            .filter(project_members::account_id.eq(account_id))
            .order(project_members::project_id)
            .select((project_members::project_id, project_members::role))
            .load(self)?;
        let read = |(project, stored): (String, String)| Some((Slug::parse(&project).ok()?, role(&stored)));
        Ok(rows.into_iter().filter_map(read).collect())
    }

    /// The members of a project, those whose accounts are oldest first.
    pub(crate) fn members(&mut self, project: &Slug) -> Result<Vec<MemberRow>, StoreError> {
        let rows: Vec<(String, String, String, i64)> = project_members::table
            .inner_join(admin_accounts::table)
            .filter(project_members::project_id.eq(project.as_str()))
            .order(project_members::account_id)
            .select((
                project_members::account_id,
                admin_accounts::email,
                project_members::role,
                project_members::created_ms,
            ))
            .load(self)?;
        let member = |(account_id, email, stored, created_ms): (String, String, String, i64)| MemberRow {
            account_id,
            email,
            role: role(&stored),
            created_ms,
        };
        Ok(rows.into_iter().map(member).collect())
    }

    pub(crate) fn insert_member(
        &mut self,
        project: &Slug,
        account_id: &str,
        role: Role,
        now_ms: i64,
    ) -> Result<(), StoreError> {
        diesel::insert_into(project_members::table)
            .values((
                project_members::project_id.eq(project.as_str()),
                project_members::account_id.eq(account_id),
                project_members::role.eq(role.as_str()),
                project_members::created_ms.eq(now_ms),
            ))
            .execute(self)?;
        Ok(())
    }

    pub(crate) fn set_member_role(&mut self, project: &Slug, account_id: &str, role: Role) -> Result<(), StoreError> {
        let one = project_members::table
            .filter(project_members::project_id.eq(project.as_str()))
            .filter(project_members::account_id.eq(account_id));
        diesel::update(one)
            .set(project_members::role.eq(role.as_str()))
            .execute(self)?;
        Ok(())
    }

    pub(crate) fn delete_member(&mut self, project: &Slug, account_id: &str) -> Result<(), StoreError> {
        let one = project_members::table
            .filter(project_members::project_id.eq(project.as_str()))
            .filter(project_members::account_id.eq(account_id));
        diesel::delete(one).execute(self)?;
        Ok(())
    }
}
