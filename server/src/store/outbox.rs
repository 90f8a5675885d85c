//! Events, kept in the transaction of the change they tell of.

use super::{StoreError, Tx, access, query::prelude::*, schema::outbox_events};
use crate::{events::Event, ids::Scope};

/// A kept event.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = outbox_events)]
pub(crate) struct EventRow {
    pub(crate) id: String,
    pub(crate) kind: String,
    pub(crate) version: i32,
    project_id: String,
    environment: String,
    pub(crate) time_ms: i64,
    pub(crate) actor: String,
    /// JSON.
    pub(crate) data: String,
    /// How many jobs led to it.
    pub(crate) hops: i32,
}

impl EventRow {
    /// Names in the store were checked when they were written.
    pub(crate) fn scope(&self) -> Result<Scope, StoreError> {
        access::scope(&self.project_id, &self.environment).ok_or(StoreError::Inconsistent("an event without a project"))
    }
}

impl Tx<'_> {
    /// Events that nobody was told of yet, oldest first.
    pub(crate) fn undispatched_events(&mut self, most: i64) -> Result<Vec<EventRow>, StoreError> {
        Ok(outbox_events::table
            .filter(outbox_events::dispatched_ms.is_null())
            .order(outbox_events::id)
            .limit(most)
            .select(EventRow::columns())
            .load(self)?)
    }

    /// Whoever is to be told of the event has it.
    pub(crate) fn event_dispatched(&mut self, id: &str, now_ms: i64) -> Result<(), StoreError> {
        diesel::update(outbox_events::table.filter(outbox_events::id.eq(id)))
            .set(outbox_events::dispatched_ms.eq(now_ms))
            .execute(self)?;
        Ok(())
    }

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
                outbox_events::hops.eq(event.hops),
            ))
            .execute(self)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{
        config::{DatabaseUrl, StoreConfig},
        events::EventKind,
        ids::Slug,
        store::Store,
    };

    #[tokio::test]
    async fn an_event_is_kept_with_its_change_or_not_at_all() {
        let dir = tempfile::tempdir().unwrap();
        let url = DatabaseUrl::Sqlite(dir.path().join("db"));
        let store = Store::open(&url, &StoreConfig { connections: 2 }).await.unwrap();
        let scope = Scope {
            project: Slug::parse("a").unwrap(),
            environment: Slug::production(),
        };
        let keep = |fails: Option<StoreError>| {
            let (store, scope) = (store.clone(), scope.clone());
            async move {
                let kept = store.write(move |tx| {
                    tx.insert_project(&scope.project, "A", 1)?;
                    let event = Event::of_user(EventKind::Signup, "user:u".to_owned(), &json!({}), Some("ses_1"), 1);
                    tx.insert_event(&scope, &event)?;
                    fails.map_or(Ok(()), Err)
                });
                kept.await
            }
        };
        let count = async || {
            let counted = store.read(|tx| {
                let events: i64 = outbox_events::table.count().get_result(tx)?;
                Ok((tx.projects()?.len(), events))
            });
            counted.await.unwrap()
        };
        assert!(keep(Some(StoreError::EmailTaken)).await.is_err());
        assert_eq!(count().await, (0, 0));
        keep(None).await.unwrap();
        assert_eq!(count().await, (1, 1));
    }
}
