//! Events, kept in the transaction of the change they tell of.

use diesel::prelude::*;

use super::{StoreError, Tx, schema::outbox_events};
use crate::{events::Event, ids::Scope};

impl Tx<'_> {
    pub(crate) fn insert_event(&mut self, scope: &Scope, event: &Event) -> Result<(), StoreError> {
        diesel::insert_into(outbox_events::table)
            .values((
                outbox_events::id.eq(&event.id),
                outbox_events::kind.eq(event.kind.as_str()),
                outbox_events::version.eq(event.version),
                outbox_events::project_id.eq(scope.project.as_str()),
                outbox_events::environment.eq(scope.environment.as_str()),
                outbox_events::time_ms.eq(event.time_ms),
                outbox_events::actor.eq(&event.actor),
                outbox_events::data.eq(event.data.to_string()),
            ))
            .execute(self.connection)?;
        Ok(())
    }
}
