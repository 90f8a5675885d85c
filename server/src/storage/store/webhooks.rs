//! Webhook endpoints and their secrets. Values come sealed; what an address or a filter may be is decided elsewhere.

use diesel::dsl::count_star;

use super::{
    StoreError, Tx, access,
    query::prelude::*,
    schema::{webhook_endpoints, webhook_secrets},
};
use crate::base::ids::Scope;

/// A kept endpoint.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = webhook_endpoints)]
pub(crate) struct EndpointRow {
    pub(crate) id: String,
    project_id: String,
    environment: String,
    pub(crate) url: String,
    pub(crate) description: String,
    /// A JSON list.
    pub(crate) event_types: String,
    /// A JSON list.
    pub(crate) conditions: String,
    pub(crate) state: String,
    pub(crate) disabled_by: Option<String>,
    pub(crate) ordering: String,
    pub(crate) codes: String,
    pub(crate) owner_email: Option<String>,
    pub(crate) failing_since_ms: Option<i64>,
    pub(crate) created_ms: i64,
    pub(crate) updated_ms: i64,
}

/// What an admin says about an endpoint.
#[derive(Clone, Debug, AsChangeset)]
#[diesel(table_name = webhook_endpoints, treat_none_as_null = true)]
pub(crate) struct EndpointFields {
    pub(crate) url: String,
    pub(crate) description: String,
    pub(crate) event_types: String,
    pub(crate) conditions: String,
    pub(crate) ordering: &'static str,
    pub(crate) codes: &'static str,
    pub(crate) owner_email: Option<String>,
    pub(crate) updated_ms: i64,
}

/// Why an endpoint gets no more deliveries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DisabledBy {
    Admin,
    /// It answered 410.
    Gone,
    /// Nothing has reached it for days.
    Failing,
}

/// A kept secret.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = webhook_secrets)]
pub(crate) struct WebhookSecretRow {
    pub(crate) endpoint_id: String,
    pub(crate) sealed: Vec<u8>,
}

const ENABLED: &str = "enabled";
const DISABLED: &str = "disabled";

impl EndpointRow {
    pub(crate) fn is_enabled(&self) -> bool {
        #[cfg(test)]
        if super::planted::Bug::DisabledIsServed.is_planted() {
            return true;
        }
        self.state == ENABLED
    }

    /// Names in the store were checked when they were written.
    pub(crate) fn scope(&self) -> Result<Scope, StoreError> {
        access::scope(&self.project_id, &self.environment)
            .ok_or(StoreError::Inconsistent("a webhook endpoint without a project"))
    }
}

impl DisabledBy {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Gone => "gone",
            Self::Failing => "failing",
        }
    }
}

/// The endpoints of a scope.
macro_rules! of_scope {
    ($scope:expr) => {
        webhook_endpoints::table
            .filter(webhook_endpoints::project_id.eq($scope.project.as_str()))
            .filter(webhook_endpoints::environment.eq($scope.environment.as_str()))
    };
}

impl Tx<'_> {
    pub(crate) fn insert_endpoint(
        &mut self,
        scope: &Scope,
        id: &str,
        fields: &EndpointFields,
    ) -> Result<(), StoreError> {
        diesel::insert_into(webhook_endpoints::table)
            .values((
                webhook_endpoints::id.eq(id),
                webhook_endpoints::project_id.eq(scope.project.as_str()),
                webhook_endpoints::environment.eq(scope.environment.as_str()),
                webhook_endpoints::state.eq(ENABLED),
                webhook_endpoints::created_ms.eq(fields.updated_ms),
                (
                    webhook_endpoints::url.eq(&fields.url),
                    webhook_endpoints::description.eq(&fields.description),
                    webhook_endpoints::event_types.eq(&fields.event_types),
                    webhook_endpoints::conditions.eq(&fields.conditions),
                    webhook_endpoints::ordering.eq(fields.ordering),
                    webhook_endpoints::codes.eq(fields.codes),
                    webhook_endpoints::owner_email.eq(&fields.owner_email),
                    webhook_endpoints::updated_ms.eq(fields.updated_ms),
                ),
            ))
            .execute(self)?;
        Ok(())
    }

    /// Whether there is one.
    pub(crate) fn update_endpoint(
        &mut self,
        scope: &Scope,
        id: &str,
        fields: &EndpointFields,
    ) -> Result<bool, StoreError> {
        let one = of_scope!(scope).filter(webhook_endpoints::id.eq(id));
        Ok(diesel::update(one).set(fields).execute(self)? > 0)
    }

    /// Deliveries may leave again, and days of failure are counted anew.
    pub(crate) fn enable_endpoint(&mut self, scope: &Scope, id: &str, now_ms: i64) -> Result<(), StoreError> {
        let one = of_scope!(scope).filter(webhook_endpoints::id.eq(id));
        diesel::update(one)
            .set((
                webhook_endpoints::state.eq(ENABLED),
                webhook_endpoints::disabled_by.eq(None::<String>),
                webhook_endpoints::failing_since_ms.eq(None::<i64>),
                webhook_endpoints::updated_ms.eq(now_ms),
            ))
            .execute(self)?;
        Ok(())
    }

    /// Nothing leaves for it any more, and what waits is canceled. False if it was disabled before.
    pub(crate) fn disable_endpoint(&mut self, id: &str, by: DisabledBy, now_ms: i64) -> Result<bool, StoreError> {
        let one = webhook_endpoints::table
            .filter(webhook_endpoints::id.eq(id))
            .filter(webhook_endpoints::state.eq(ENABLED));
        let changed = diesel::update(one)
            .set((
                webhook_endpoints::state.eq(DISABLED),
                webhook_endpoints::disabled_by.eq(by.as_str()),
                webhook_endpoints::updated_ms.eq(now_ms),
            ))
            .execute(self)?;
        self.cancel_deliveries(id, now_ms)?;
        Ok(changed > 0)
    }

    /// With its secrets and deliveries. Whether there was one.
    pub(crate) fn delete_endpoint(&mut self, scope: &Scope, id: &str) -> Result<bool, StoreError> {
        let one = of_scope!(scope).filter(webhook_endpoints::id.eq(id));
        Ok(diesel::delete(one).execute(self)? > 0)
    }

    /// The endpoints of the scope, the oldest first.
    pub(crate) fn endpoints(&mut self, scope: &Scope) -> Result<Vec<EndpointRow>, StoreError> {
        Ok(of_scope!(scope)
            .order(webhook_endpoints::id)
            .select(EndpointRow::columns())
            .load(self)?)
    }

    pub(crate) fn count_endpoints(&mut self, scope: &Scope) -> Result<i64, StoreError> {
        Ok(of_scope!(scope).select(count_star()).first(self)?)
    }

    pub(crate) fn endpoint(&mut self, scope: &Scope, id: &str) -> Result<Option<EndpointRow>, StoreError> {
        Ok(of_scope!(scope)
            .filter(webhook_endpoints::id.eq(id))
            .select(EndpointRow::columns())
            .first(self)
            .optional()?)
    }

    /// Of any scope.
    pub(crate) fn endpoints_by_id(&mut self, ids: &[String]) -> Result<Vec<EndpointRow>, StoreError> {
        Ok(webhook_endpoints::table
            .filter(webhook_endpoints::id.eq_any(ids))
            .select(EndpointRow::columns())
            .load(self)?)
    }

    /// The first that failed since the last success.
    pub(crate) fn endpoint_fails(&mut self, id: &str, since_ms: i64) -> Result<(), StoreError> {
        let one = webhook_endpoints::table
            .filter(webhook_endpoints::id.eq(id))
            .filter(webhook_endpoints::failing_since_ms.is_null());
        diesel::update(one)
            .set(webhook_endpoints::failing_since_ms.eq(since_ms))
            .execute(self)?;
        Ok(())
    }

    /// Until the transaction ends, nobody else changes or deletes these. Who changes an endpoint and its deliveries has the
    /// endpoint first.
    pub(crate) fn lock_endpoints(&mut self, ids: &[&str]) -> Result<(), StoreError> {
        let locked: Vec<String> = webhook_endpoints::table
            .filter(webhook_endpoints::id.eq_any(ids.to_vec()))
            .order(webhook_endpoints::id)
            .select(webhook_endpoints::id)
            .lock_in_order()
            .load(self)?;
        drop(locked);
        Ok(())
    }

    pub(crate) fn endpoint_works(&mut self, id: &str) -> Result<(), StoreError> {
        let one = webhook_endpoints::table
            .filter(webhook_endpoints::id.eq(id))
            .filter(webhook_endpoints::failing_since_ms.is_not_null());
        diesel::update(one)
            .set(webhook_endpoints::failing_since_ms.eq(None::<i64>))
            .execute(self)?;
        Ok(())
    }

    pub(crate) fn insert_webhook_secret(
        &mut self,
        id: &str,
        endpoint: &str,
        sealed: &[u8],
        now_ms: i64,
    ) -> Result<(), StoreError> {
        diesel::insert_into(webhook_secrets::table)
            .values((
                webhook_secrets::id.eq(id),
                webhook_secrets::endpoint_id.eq(endpoint),
                webhook_secrets::sealed.eq(sealed),
                webhook_secrets::created_ms.eq(now_ms),
            ))
            .execute(self)?;
        Ok(())
    }

    /// Those that are there sign until then, and no longer.
    pub(crate) fn expire_webhook_secrets(&mut self, endpoint: &str, at_ms: i64) -> Result<(), StoreError> {
        let lasting = webhook_secrets::table
            .filter(webhook_secrets::endpoint_id.eq(endpoint))
            .filter(
                webhook_secrets::expires_ms
                    .is_null()
                    .or(webhook_secrets::expires_ms.gt(at_ms)),
            );
        let ids: Vec<String> = lasting
            .order(webhook_secrets::id)
            .select(webhook_secrets::id)
            .lock_in_order()
            .load(self)?;
        diesel::update(webhook_secrets::table.filter(webhook_secrets::id.eq_any(ids)))
            .set(webhook_secrets::expires_ms.eq(at_ms))
            .execute(self)?;
        Ok(())
    }

    /// Those that sign now, the newest first.
    pub(crate) fn webhook_secrets(
        &mut self,
        endpoints: &[String],
        now_ms: i64,
    ) -> Result<Vec<WebhookSecretRow>, StoreError> {
        Ok(webhook_secrets::table
            .filter(webhook_secrets::endpoint_id.eq_any(endpoints))
            .filter(
                webhook_secrets::expires_ms
                    .is_null()
                    .or(webhook_secrets::expires_ms.gt(now_ms)),
            )
            .order(webhook_secrets::id.desc())
            .select(WebhookSecretRow::columns())
            .load(self)?)
    }

    pub(crate) fn delete_old_webhook_secrets(&mut self, before_ms: i64) -> Result<usize, StoreError> {
        let expired = webhook_secrets::table.filter(webhook_secrets::expires_ms.lt(before_ms));
        let ids: Vec<String> = expired.select(webhook_secrets::id).lock_free().load(self)?;
        Ok(diesel::delete(webhook_secrets::table.filter(webhook_secrets::id.eq_any(ids))).execute(self)?)
    }
}
