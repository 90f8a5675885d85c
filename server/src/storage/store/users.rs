//! Users. Every query names the scope; there is no way to a user by id alone.

use diesel::result::{DatabaseErrorKind, Error as DieselError};

use super::{StoreError, Tx, query::prelude::*, schema::users};
use crate::base::{
    ids::Scope,
    input::{Email, Metadata, PersonName, Phone},
};

/// A user to keep.
#[derive(Clone, Debug)]
pub(crate) struct NewUser {
    pub(crate) id: String,
    pub(crate) email: Email,
    pub(crate) email_verified_ms: Option<i64>,
    pub(crate) phone: Option<Phone>,
    pub(crate) name: Option<PersonName>,
    /// `None`: they sign in by other means.
    pub(crate) password_hash: Option<String>,
    /// How they signed up.
    pub(crate) provider: String,
    pub(crate) metadata: Metadata,
    pub(crate) public_metadata: Metadata,
    pub(crate) created_ms: i64,
}

/// What of a user changes; `None` stays as it is.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct UserChange {
    /// Another address is not verified; see [`UserChange::email_verified_ms`].
    pub(crate) email: Option<Email>,
    pub(crate) phone: Option<Option<Phone>>,
    pub(crate) name: Option<Option<PersonName>>,
    pub(crate) metadata: Option<Metadata>,
    pub(crate) public_metadata: Option<Metadata>,
    pub(crate) email_verified_ms: Option<Option<i64>>,
    pub(crate) phone_verified_ms: Option<Option<i64>>,
    /// Until when, and why.
    pub(crate) ban: Option<Option<(i64, Option<String>)>>,
}

/// A kept user.
#[derive(Clone, Queryable, Selectable)]
#[diesel(table_name = users)]
pub(crate) struct UserRow {
    pub(crate) id: String,
    pub(crate) email: String,
    pub(crate) phone: Option<String>,
    pub(crate) name: Option<String>,
    pub(crate) password_hash: Option<String>,
    pub(crate) email_verified_ms: Option<i64>,
    pub(crate) phone_verified_ms: Option<i64>,
    pub(crate) banned_until_ms: Option<i64>,
    pub(crate) ban_reason: Option<String>,
    pub(crate) last_login_ms: Option<i64>,
    pub(crate) provider: String,
    pub(crate) metadata: String,
    pub(crate) public_metadata: String,
    pub(crate) created_ms: i64,
    pub(crate) updated_ms: i64,
}

#[derive(AsChangeset)]
#[diesel(table_name = users)]
struct Changes<'a> {
    email: Option<&'a str>,
    email_normal: Option<&'a str>,
    phone: Option<Option<&'a str>>,
    name: Option<Option<&'a str>>,
    metadata: Option<String>,
    public_metadata: Option<String>,
    email_verified_ms: Option<Option<i64>>,
    phone_verified_ms: Option<Option<i64>>,
    banned_until_ms: Option<Option<i64>>,
    ban_reason: Option<Option<&'a str>>,
    updated_ms: i64,
}

impl NewUser {
    /// The row that this becomes.
    pub(crate) fn row(&self) -> UserRow {
        UserRow {
            id: self.id.clone(),
            email: self.email.as_str().to_owned(),
            phone: self.phone.as_ref().map(|phone| phone.as_str().to_owned()),
            name: self.name.as_ref().map(|name| name.as_str().to_owned()),
            password_hash: self.password_hash.clone(),
            email_verified_ms: self.email_verified_ms,
            phone_verified_ms: None,
            banned_until_ms: None,
            ban_reason: None,
            last_login_ms: None,
            provider: self.provider.clone(),
            metadata: self.metadata.to_text(),
            public_metadata: self.public_metadata.to_text(),
            created_ms: self.created_ms,
            updated_ms: self.created_ms,
        }
    }
}

/// The users of a scope.
macro_rules! of_scope {
    ($scope:expr) => {
        users::table
            .filter(users::project_id.eq($scope.project.as_str()))
            .filter(users::environment.eq($scope.environment.as_str()))
    };
}

impl Tx<'_> {
    /// # Errors
    /// [`StoreError::EmailTaken`] if another user of the scope has the email.
    pub(crate) fn insert_user(&mut self, scope: &Scope, user: &NewUser) -> Result<UserRow, StoreError> {
        diesel::insert_into(users::table)
            .values((
                users::id.eq(&user.id),
                users::project_id.eq(scope.project.as_str()),
                users::environment.eq(scope.environment.as_str()),
                users::email.eq(user.email.as_str()),
                users::email_normal.eq(user.email.normal()),
                users::email_verified_ms.eq(user.email_verified_ms),
                users::phone.eq(user.phone.as_ref().map(Phone::as_str)),
                users::name.eq(user.name.as_ref().map(PersonName::as_str)),
                (
                    users::password_hash.eq(&user.password_hash),
                    users::password_changed_ms.eq(user.password_hash.as_ref().map(|_| user.created_ms)),
                    users::provider.eq(&user.provider),
                    users::metadata.eq(user.metadata.to_text()),
                    users::public_metadata.eq(user.public_metadata.to_text()),
                    users::created_ms.eq(user.created_ms),
                    users::updated_ms.eq(user.created_ms),
                ),
            ))
            .returning(UserRow::columns())
            .get_result(self)
            .map_err(taken)
    }

    pub(crate) fn user(&mut self, scope: &Scope, id: &str) -> Result<Option<UserRow>, StoreError> {
        Ok(of_scope!(scope)
            .filter(users::id.eq(id))
            .select(UserRow::columns())
            .first(self)
            .optional()?)
    }

    /// As [`Tx::user`], and nobody else changes the user's account until this transaction ends: sessions, password,
    /// factors and bans are decided and written under this lock.
    pub(crate) fn lock_user(&mut self, scope: &Scope, id: &str) -> Result<Option<UserRow>, StoreError> {
        self.advisory_lock(id)?;
        self.user(scope, id)
    }

    /// The user whose address it is; of two with spellings of it, the one with this spelling ([`Email::keys`]).
    pub(crate) fn user_by_email(&mut self, scope: &Scope, email: &Email) -> Result<Option<UserRow>, StoreError> {
        let [typed, normal] = email.keys();
        if typed != normal
            && let Some(user) = self.user_by_key(scope, typed)?
        {
            return Ok(Some(user));
        }
        self.user_by_key(scope, normal)
    }

    fn user_by_key(&mut self, scope: &Scope, email_normal: &str) -> Result<Option<UserRow>, StoreError> {
        Ok(of_scope!(scope)
            .filter(users::email_normal.eq(email_normal))
            .select(UserRow::columns())
            .first(self)
            .optional()?)
    }

    /// The user whose verified number it is.
    pub(crate) fn user_by_phone(&mut self, scope: &Scope, phone: &Phone) -> Result<Option<UserRow>, StoreError> {
        Ok(of_scope!(scope)
            .filter(users::phone.eq(phone.as_str()))
            .filter(users::phone_verified_ms.is_not_null())
            .select(UserRow::columns())
            .first(self)
            .optional()?)
    }

    /// The user as it is afterwards; `None` if there is none. A new email or phone is not verified unless the change
    /// says so.
    ///
    /// # Errors
    /// [`StoreError::EmailTaken`], [`StoreError::PhoneTaken`]: another user of the scope has it.
    pub(crate) fn update_user(
        &mut self,
        scope: &Scope,
        id: &str,
        change: &UserChange,
        now_ms: i64,
    ) -> Result<Option<UserRow>, StoreError> {
        let unless_said = |said: Option<Option<i64>>, is_new: bool| said.or(is_new.then_some(None));
        let ban = change.ban.as_ref();
        diesel::update(of_scope!(scope).filter(users::id.eq(id)))
            .set(Changes {
                email: change.email.as_ref().map(Email::as_str),
                email_normal: change.email.as_ref().map(Email::normal),
                phone: change.phone.as_ref().map(|phone| phone.as_ref().map(Phone::as_str)),
                name: change.name.as_ref().map(|name| name.as_ref().map(PersonName::as_str)),
                metadata: change.metadata.as_ref().map(Metadata::to_text),
                public_metadata: change.public_metadata.as_ref().map(Metadata::to_text),
                email_verified_ms: unless_said(change.email_verified_ms, change.email.is_some()),
                phone_verified_ms: unless_said(change.phone_verified_ms, change.phone.is_some()),
                banned_until_ms: ban.map(|ban| ban.as_ref().map(|(until_ms, _)| *until_ms)),
                ban_reason: ban.map(|ban| ban.as_ref().and_then(|(_, reason)| reason.as_deref())),
                updated_ms: now_ms,
            })
            .returning(UserRow::columns())
            .get_result(self)
            .optional()
            .map_err(taken)
    }

    /// Another password, or none. Whether there is such a user.
    pub(crate) fn set_password(
        &mut self,
        scope: &Scope,
        id: &str,
        hash: Option<&str>,
        now_ms: i64,
    ) -> Result<bool, StoreError> {
        let changed = diesel::update(of_scope!(scope).filter(users::id.eq(id)))
            .set((
                users::password_hash.eq(hash),
                users::password_changed_ms.eq(now_ms),
                users::updated_ms.eq(now_ms),
            ))
            .execute(self)?;
        Ok(changed == 1)
    }

    pub(crate) fn user_logged_in(&mut self, scope: &Scope, id: &str, now_ms: i64) -> Result<(), StoreError> {
        diesel::update(of_scope!(scope).filter(users::id.eq(id)))
            .set(users::last_login_ms.eq(now_ms))
            .execute(self)?;
        Ok(())
    }

    /// With sessions, tokens, factors and identities. Whether there was one.
    pub(crate) fn delete_user(&mut self, scope: &Scope, id: &str) -> Result<bool, StoreError> {
        Ok(diesel::delete(of_scope!(scope).filter(users::id.eq(id))).execute(self)? == 1)
    }
}

/// The unique rules of the table besides the random id are the email and the verified phone of the scope.
fn taken(error: DieselError) -> StoreError {
    match error {
        DieselError::DatabaseError(DatabaseErrorKind::UniqueViolation, about) => {
            // SQLite names the columns, PostgreSQL the index.
            let names_phone = |text: &str| text.contains("phone");
            if names_phone(about.message()) || about.constraint_name().is_some_and(names_phone) {
                StoreError::PhoneTaken
            } else {
                StoreError::EmailTaken
            }
        }
        other => other.into(),
    }
}
