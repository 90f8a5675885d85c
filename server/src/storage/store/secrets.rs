//! Secrets of projects: the values sealed by somebody else before they get here.

use super::{StoreError, Tx, query::prelude::*, schema::secrets};
use crate::base::ids::Scope;

/// A secret to keep under its name; one of that name is replaced.
#[derive(Clone, Debug)]
pub(crate) struct NewSecret {
    pub(crate) name: String,
    pub(crate) sealed: Vec<u8>,
    /// A JSON list.
    pub(crate) hosts: String,
    pub(crate) by: String,
    pub(crate) now_ms: i64,
}

/// Other hosts for a secret whose value stays.
#[derive(Clone, Debug)]
pub(crate) struct SecretHosts {
    pub(crate) name: String,
    /// A JSON list.
    pub(crate) hosts: String,
    pub(crate) by: String,
    pub(crate) now_ms: i64,
}

/// A kept secret without its value.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = secrets)]
pub(crate) struct SecretRow {
    pub(crate) name: String,
    pub(crate) hosts: String,
    pub(crate) created_ms: i64,
    pub(crate) updated_ms: i64,
    pub(crate) updated_by: Option<String>,
}

/// A kept secret with its sealed value.
#[derive(Clone, Queryable, Selectable)]
#[diesel(table_name = secrets)]
pub(crate) struct SealedSecret {
    pub(crate) sealed: Vec<u8>,
    pub(crate) hosts: String,
}

impl Tx<'_> {
    /// Replaces the secret; false if there is none of that name.
    pub(crate) fn update_secret(&mut self, scope: &Scope, secret: &NewSecret) -> Result<bool, StoreError> {
        let named = secrets::table
            .filter(secrets::project_id.eq(scope.project.as_str()))
            .filter(secrets::environment.eq(scope.environment.as_str()))
            .filter(secrets::name.eq(&secret.name));
        let changed = diesel::update(named)
            .set((
                secrets::sealed.eq(&secret.sealed),
                secrets::hosts.eq(&secret.hosts),
                secrets::updated_ms.eq(secret.now_ms),
                secrets::updated_by.eq(&secret.by),
            ))
            .execute(self)?;
        Ok(changed > 0)
    }

    /// Replaces the hosts of a secret, whose value stays; false if there is none of that name.
    pub(crate) fn update_secret_hosts(&mut self, scope: &Scope, hosts: &SecretHosts) -> Result<bool, StoreError> {
        let named = secrets::table
            .filter(secrets::project_id.eq(scope.project.as_str()))
            .filter(secrets::environment.eq(scope.environment.as_str()))
            .filter(secrets::name.eq(&hosts.name));
        let changed = diesel::update(named)
            .set((
                secrets::hosts.eq(&hosts.hosts),
                secrets::updated_ms.eq(hosts.now_ms),
                secrets::updated_by.eq(&hosts.by),
            ))
            .execute(self)?;
        Ok(changed > 0)
    }

    pub(crate) fn insert_secret(&mut self, scope: &Scope, secret: &NewSecret) -> Result<(), StoreError> {
        diesel::insert_into(secrets::table)
            .values((
                secrets::project_id.eq(scope.project.as_str()),
                secrets::environment.eq(scope.environment.as_str()),
                secrets::name.eq(&secret.name),
                secrets::sealed.eq(&secret.sealed),
                secrets::hosts.eq(&secret.hosts),
                secrets::created_ms.eq(secret.now_ms),
                secrets::updated_ms.eq(secret.now_ms),
                secrets::updated_by.eq(&secret.by),
            ))
            .execute(self)?;
        Ok(())
    }

    /// The secrets of the scope, by name.
    pub(crate) fn secrets(&mut self, scope: &Scope) -> Result<Vec<SecretRow>, StoreError> {
        Ok(secrets::table
            .filter(secrets::project_id.eq(scope.project.as_str()))
            .filter(secrets::environment.eq(scope.environment.as_str()))
            .order(secrets::name)
            .select(SecretRow::columns())
            .load(self)?)
    }

    pub(crate) fn secret(&mut self, scope: &Scope, name: &str) -> Result<Option<SecretRow>, StoreError> {
        Ok(secrets::table
            .filter(secrets::project_id.eq(scope.project.as_str()))
            .filter(secrets::environment.eq(scope.environment.as_str()))
            .filter(secrets::name.eq(name))
            .select(SecretRow::columns())
            .first(self)
            .optional()?)
    }

    pub(crate) fn sealed_secret(&mut self, scope: &Scope, name: &str) -> Result<Option<SealedSecret>, StoreError> {
        Ok(secrets::table
            .filter(secrets::project_id.eq(scope.project.as_str()))
            .filter(secrets::environment.eq(scope.environment.as_str()))
            .filter(secrets::name.eq(name))
            .select(SealedSecret::columns())
            .first(self)
            .optional()?)
    }

    /// Whether there was one.
    pub(crate) fn delete_secret(&mut self, scope: &Scope, name: &str) -> Result<bool, StoreError> {
        let named = secrets::table
            .filter(secrets::project_id.eq(scope.project.as_str()))
            .filter(secrets::environment.eq(scope.environment.as_str()))
            .filter(secrets::name.eq(name));
        Ok(diesel::delete(named).execute(self)? > 0)
    }
}
