//! Events, written in the transaction of the change that they describe.

use diesel::{
    IntoSql as _,
    dsl::{exists, min},
    sql_types::Bool,
};

use super::{
    AFTER_ALL_IDS, StoreError, Tx, access,
    query::prelude::*,
    schema::{outbox_events, outbox_sequence, webhook_deliveries},
};
use crate::base::{event::Event, ids::Scope, request};

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
    /// The user that it is about.
    pub(crate) subject: Option<String>,
    /// How many jobs led to it.
    pub(crate) hops: i32,
    /// The request, or the job, that it is of.
    pub(crate) request_id: Option<String>,
}

/// Which events a list shows.
#[derive(Clone, Debug, Default)]
pub(crate) struct EventFilter {
    pub(crate) kind: Option<String>,
    pub(crate) subject: Option<String>,
    /// Older than this one.
    pub(crate) before: Option<String>,
}

/// The events of a scope.
macro_rules! of_scope {
    ($scope:expr) => {
        outbox_events::table
            .filter(outbox_events::project_id.eq($scope.project.as_str()))
            .filter(outbox_events::environment.eq($scope.environment.as_str()))
    };
}

impl EventRow {
    /// Names in the store were checked when they were written.
    pub(crate) fn scope(&self) -> Result<Scope, StoreError> {
        access::scope(&self.project_id, &self.environment).ok_or(StoreError::Inconsistent("an event without a project"))
    }
}

impl Tx<'_> {
    /// Events after this id that were not dispatched yet, oldest first.
    pub(crate) fn undispatched_events(&mut self, after: &str, most: i64) -> Result<Vec<EventRow>, StoreError> {
        Ok(outbox_events::table
            .filter(outbox_events::dispatched_ms.is_null())
            .filter(outbox_events::id.gt(after))
            .order(outbox_events::id)
            .limit(most)
            .select(EventRow::columns())
            .load(self)?)
    }

    /// Numbers for that many events that are about to be dispatched: the first of them. From here to the commit this holds the one
    /// row that they are counted in, so events are dispatched one after another, and whoever has seen a number has
    /// seen all before it.
    pub(crate) fn take_seqs(&mut self, count: usize) -> Result<i64, StoreError> {
        let count = i64::try_from(count).unwrap_or(i64::MAX);
        let last: i64 = diesel::update(outbox_sequence::table)
            .set(outbox_sequence::last.eq(outbox_sequence::last + count))
            .returning(outbox_sequence::last)
            .get_result(self)?;
        Ok(last - count + 1)
    }

    /// The event has its jobs and deliveries. One that was dispatched before keeps its number.
    pub(crate) fn event_dispatched(&mut self, id: &str, seq: i64, now_ms: i64) -> Result<(), StoreError> {
        let untold = outbox_events::table
            .filter(outbox_events::id.eq(id))
            .filter(outbox_events::dispatched_ms.is_null());
        diesel::update(untold)
            .set((outbox_events::dispatched_ms.eq(now_ms), outbox_events::seq.eq(seq)))
            .execute(self)?;
        Ok(())
    }

    /// The number of the event that was dispatched last, in any scope.
    pub(crate) fn last_seq(&mut self) -> Result<i64, StoreError> {
        Ok(outbox_sequence::table.select(outbox_sequence::last).first(self)?)
    }

    /// The number from which a follower that has seen this event goes on. An event that was deleted may have been dispatched
    /// after younger ones: then everything younger is sent, rather once more than not at all.
    pub(crate) fn seq_of(&mut self, scope: &Scope, id: &str) -> Result<i64, StoreError> {
        let seen: Option<Option<i64>> = of_scope!(scope)
            .filter(outbox_events::id.eq(id))
            .select(outbox_events::seq)
            .first(self)
            .optional()?;
        if let Some(seq) = seen.flatten() {
            return Ok(seq);
        }
        let younger: Option<i64> = of_scope!(scope)
            .filter(outbox_events::id.gt(id))
            .select(min(outbox_events::seq))
            .get_result(self)?;
        match younger {
            Some(seq) => Ok(seq - 1),
            None => self.last_seq(),
        }
    }

    /// Events that were dispatched after this number, in that order, with their numbers.
    pub(crate) fn events_told_after(
        &mut self,
        scope: &Scope,
        seq: i64,
        most: i64,
    ) -> Result<Vec<(i64, EventRow)>, StoreError> {
        Ok(of_scope!(scope)
            .filter(outbox_events::seq.gt(seq))
            .order(outbox_events::seq)
            .limit(most)
            .select((outbox_events::seq.assume_not_null(), EventRow::columns()))
            .load(self)?)
    }

    pub(crate) fn insert_event(&mut self, scope: &Scope, event: &Event) -> Result<(), StoreError> {
        #[cfg(debug_assertions)]
        assert_eq!(event.kind.fault(&event.data), None, "{}", event.kind.as_str());
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
                outbox_events::subject.eq(event.subject()),
                outbox_events::hops.eq(event.hops),
                outbox_events::request_id.eq(request::current()),
            ))
            .execute(self)?;
        Ok(())
    }

    /// Newest first.
    pub(crate) fn events(
        &mut self,
        scope: &Scope,
        filter: &EventFilter,
        most: i64,
    ) -> Result<Vec<EventRow>, StoreError> {
        let any = |absent: bool| absent.into_sql::<Bool>();
        let (kind, subject) = (filter.kind.as_deref(), filter.subject.as_deref());
        Ok(of_scope!(scope)
            .filter(any(kind.is_none()).or(outbox_events::kind.eq(kind.unwrap_or_default())))
            .filter(any(subject.is_none()).or(outbox_events::subject.assume_not_null().eq(subject.unwrap_or_default())))
            .filter(outbox_events::id.lt(filter.before.as_deref().unwrap_or(AFTER_ALL_IDS)))
            .order(outbox_events::id.desc())
            .limit(most)
            .select(EventRow::columns())
            .load(self)?)
    }

    /// The oldest first, after an id.
    pub(crate) fn events_after(&mut self, scope: &Scope, after: &str, most: i64) -> Result<Vec<EventRow>, StoreError> {
        Ok(of_scope!(scope)
            .filter(outbox_events::id.gt(after))
            .order(outbox_events::id)
            .limit(most)
            .select(EventRow::columns())
            .load(self)?)
    }

    pub(crate) fn event(&mut self, scope: &Scope, id: &str) -> Result<Option<EventRow>, StoreError> {
        Ok(of_scope!(scope)
            .filter(outbox_events::id.eq(id))
            .select(EventRow::columns())
            .first(self)
            .optional()?)
    }

    /// Of any scope.
    pub(crate) fn events_by_id(&mut self, ids: &[String]) -> Result<Vec<EventRow>, StoreError> {
        Ok(outbox_events::table
            .filter(outbox_events::id.eq_any(ids))
            .select(EventRow::columns())
            .load(self)?)
    }

    /// Deletes events from before then that were dispatched and of which no delivery is open, at most so many.
    pub(crate) fn delete_old_events(&mut self, before_ms: i64, max_rows: i64) -> Result<usize, StoreError> {
        let unfinished = webhook_deliveries::table
            .filter(webhook_deliveries::event_id.eq(outbox_events::id))
            .filter(webhook_deliveries::finished_ms.is_null());
        let old = outbox_events::table
            .filter(outbox_events::time_ms.lt(before_ms))
            .filter(outbox_events::dispatched_ms.is_not_null())
            .filter(diesel::dsl::not(exists(unfinished)));
        let ids: Vec<String> = old.select(outbox_events::id).limit(max_rows).lock_free().load(self)?;
        Ok(diesel::delete(outbox_events::table.filter(outbox_events::id.eq_any(ids))).execute(self)?)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{
        base::{
            config::{DatabaseUrl, StoreConfig},
            event::EventKind,
            ids::Slug,
        },
        storage::store::Store,
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
                    let user =
                        json!({ "id": "usr_1", "email": "ada@example.com", "metadata": {}, "publicMetadata": {} });
                    let event = Event::of_user(EventKind::Signup, "user:u".to_owned(), &user, Some("ses_1"), 1);
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
