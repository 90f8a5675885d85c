//! What the transactions of one request, or of one job, have left: events, jobs, mails.

use super::{
    DeliveryRow, EventRow, JobRow, MailRow, StoreError, Tx,
    query::prelude::*,
    schema::{jobs, mails, outbox_events, webhook_deliveries},
};
use crate::base::ids::Scope;

impl Tx<'_> {
    /// Its events, oldest first.
    pub(crate) fn events_of_request(
        &mut self,
        scope: &Scope,
        request: &str,
        most: i64,
    ) -> Result<Vec<EventRow>, StoreError> {
        Ok(outbox_events::table
            .filter(outbox_events::project_id.eq(scope.project.as_str()))
            .filter(outbox_events::environment.eq(scope.environment.as_str()))
            .filter(outbox_events::request_id.eq(request))
            .order(outbox_events::id)
            .limit(most)
            .select(EventRow::columns())
            .load(self)?)
    }

    /// The deliveries of these events to webhooks, oldest first.
    pub(crate) fn deliveries_of_events(
        &mut self,
        events: &[String],
        most: i64,
    ) -> Result<Vec<DeliveryRow>, StoreError> {
        Ok(webhook_deliveries::table
            .filter(webhook_deliveries::event_id.eq_any(events))
            .order(webhook_deliveries::id)
            .limit(most)
            .select(DeliveryRow::columns())
            .load(self)?)
    }

    /// Its jobs, oldest first.
    pub(crate) fn jobs_of_request(
        &mut self,
        scope: &Scope,
        request: &str,
        most: i64,
    ) -> Result<Vec<JobRow>, StoreError> {
        Ok(jobs::table
            .filter(jobs::project_id.eq(scope.project.as_str()))
            .filter(jobs::environment.eq(scope.environment.as_str()))
            .filter(jobs::request_id.eq(request))
            .order(jobs::id)
            .limit(most)
            .select(JobRow::columns())
            .load(self)?)
    }

    /// Its mails, oldest first.
    pub(crate) fn mails_of_request(
        &mut self,
        scope: &Scope,
        request: &str,
        most: i64,
    ) -> Result<Vec<MailRow>, StoreError> {
        Ok(mails::table
            .filter(mails::project_id.eq(scope.project.as_str()))
            .filter(mails::environment.eq(scope.environment.as_str()))
            .filter(mails::request_id.eq(request))
            .order(mails::id)
            .limit(most)
            .select(MailRow::columns())
            .load(self)?)
    }
}
