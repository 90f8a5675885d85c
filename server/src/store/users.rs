//! Users. Every query names the scope; there is no way to a user by id alone.

use diesel::{
    prelude::*,
    result::{DatabaseErrorKind, Error as DieselError},
};

use super::{StoreError, Tx, schema::users};
use crate::{
    ids::Scope,
    input::{Email, Metadata, PersonName, Phone},
};

/// A user to keep.
#[derive(Clone, Debug)]
pub(crate) struct NewUser {
    pub(crate) id: String,
    pub(crate) email: Email,
    pub(crate) phone: Option<Phone>,
    pub(crate) name: Option<PersonName>,
    pub(crate) password_hash: String,
    pub(crate) metadata: Metadata,
    pub(crate) public_metadata: Metadata,
    pub(crate) created_ms: i64,
}

/// What of a user changes; `None` stays as it is.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct UserChange {
    pub(crate) email: Option<Email>,
    pub(crate) phone: Option<Option<Phone>>,
    pub(crate) name: Option<Option<PersonName>>,
    pub(crate) metadata: Option<Metadata>,
    pub(crate) public_metadata: Option<Metadata>,
}

/// A kept user.
#[derive(Clone, Queryable, Selectable)]
#[diesel(table_name = users)]
pub(crate) struct UserRow {
    pub(crate) id: String,
    pub(crate) email: String,
    pub(crate) phone: Option<String>,
    pub(crate) name: Option<String>,
    pub(crate) password_hash: String,
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
    updated_ms: i64,
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
                users::phone.eq(user.phone.as_ref().map(Phone::as_str)),
                users::name.eq(user.name.as_ref().map(PersonName::as_str)),
                users::password_hash.eq(&user.password_hash),
                (
                    users::metadata.eq(user.metadata.to_text()),
                    users::public_metadata.eq(user.public_metadata.to_text()),
                    users::created_ms.eq(user.created_ms),
                    users::updated_ms.eq(user.created_ms),
                ),
            ))
            .returning(UserRow::as_returning())
            .get_result(self.connection)
            .map_err(email_taken)
    }

    pub(crate) fn user(&mut self, scope: &Scope, id: &str) -> Result<Option<UserRow>, StoreError> {
        Ok(users::table
            .filter(users::id.eq(id))
            .filter(users::project_id.eq(scope.project.as_str()))
            .filter(users::environment.eq(scope.environment.as_str()))
            .select(UserRow::as_select())
            .first(self.connection)
            .optional()?)
    }

    pub(crate) fn user_by_email(&mut self, scope: &Scope, email: &Email) -> Result<Option<UserRow>, StoreError> {
        Ok(users::table
            .filter(users::project_id.eq(scope.project.as_str()))
            .filter(users::environment.eq(scope.environment.as_str()))
            .filter(users::email_normal.eq(email.normal()))
            .select(UserRow::as_select())
            .first(self.connection)
            .optional()?)
    }

    /// The user as it is afterwards; `None` if there is none.
    ///
    /// # Errors
    /// [`StoreError::EmailTaken`] if another user of the scope has the new email.
    pub(crate) fn update_user(
        &mut self,
        scope: &Scope,
        id: &str,
        change: &UserChange,
        now_ms: i64,
    ) -> Result<Option<UserRow>, StoreError> {
        let mine = users::table
            .filter(users::id.eq(id))
            .filter(users::project_id.eq(scope.project.as_str()))
            .filter(users::environment.eq(scope.environment.as_str()));
        diesel::update(mine)
            .set(Changes {
                email: change.email.as_ref().map(Email::as_str),
                email_normal: change.email.as_ref().map(Email::normal),
                phone: change.phone.as_ref().map(|phone| phone.as_ref().map(Phone::as_str)),
                name: change.name.as_ref().map(|name| name.as_ref().map(PersonName::as_str)),
                metadata: change.metadata.as_ref().map(Metadata::to_text),
                public_metadata: change.public_metadata.as_ref().map(Metadata::to_text),
                updated_ms: now_ms,
            })
            .returning(UserRow::as_returning())
            .get_result(self.connection)
            .optional()
            .map_err(email_taken)
    }
}

/// The one unique rule of the table besides the random id is the email of the scope.
fn email_taken(error: DieselError) -> StoreError {
    match error {
        DieselError::DatabaseError(DatabaseErrorKind::UniqueViolation, _) => StoreError::EmailTaken,
        other => other.into(),
    }
}
