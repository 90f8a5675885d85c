//! `GET …/requests/{request}`

use aerocall_api_types::{Permission, RequestTrace};

use crate::{
    app::App,
    base::{
        clock,
        error::{Refusal, Result},
        ids::Scope,
    },
    domain::events,
    flows::{
        admin::{jobs, mails, webhooks},
        steps::{
            endpoint::{Caller, Endpoint, EnvironmentAdmin, Flow, environment},
            page::readable,
        },
    },
    hooks::records,
    storage::store::{DeliveryRow, EventRow, InvocationFilter, InvocationRow, JobRow, MailRow, Page, StoreError, Tx},
};

/// Shows everything that is recorded of a request.
pub(crate) struct GetRequest;

/// Of each list.
const MOST: i64 = 100;
/// Jobs whose invocations are shown.
const MOST_JOBS: usize = 20;

impl Flow for GetRequest {
    type Who = EnvironmentAdmin;
    type Input = ();
    type Output = RequestTrace;

    const NEEDS: Option<Permission> = Some(Permission::DataRead);
    const ENDPOINT: Endpoint = Endpoint::get(environment!("/requests/{request}"), "Get everything that is recorded of a request")
        .about("The hooks that a request of the auth API ran, in order, with their host calls; its events, jobs, mails and deliveries; and what the script hooks did that handled its jobs. `{request}` is the id in `X-Request-Id`, or the id of a job. Records of requests without any of this are not kept: `not_found`.")
        .answers(
            200,
            "What is recorded.",
            r#"{"id": "req_…", "endpoint": "POST /auth/register", "at": "2026-01-31T12:00:00.000Z", "invocations": [], "events": [{"id": "evt_…", "type": "auth.signup", "version": 1, "time": "2026-01-31T12:00:00.000Z", "project": "shop", "environment": "production", "actor": "anonymous", "subject": null, "data": {}}], "jobs": [], "mails": [], "deliveries": [], "later": [], "isComplete": true}"#,
        );

    async fn run(app: &App, caller: &Caller<EnvironmentAdmin>, (): ()) -> Result<RequestTrace> {
        let (scope, id) = (caller.scope.clone(), caller.part("request")?.to_owned());
        let asked = id.clone();
        let found = app.store.read(move |tx| Found::of(tx, &scope, &asked)).await?;
        let Some(at_ms) = found.begun_ms() else {
            return Err(Refusal::not_found().into());
        };
        let is_complete = found.is_complete();
        let invocations = readable(found.invocations, |row| row.id.clone(), |row| records::whole(&row));
        let endpoint = invocations.first().map(|first| first.context.endpoint.clone());
        Ok(RequestTrace {
            id,
            endpoint: endpoint.filter(|endpoint| !endpoint.is_empty()),
            at: clock::iso(at_ms).into(),
            invocations,
            events: readable(found.events, |row| row.id.clone(), |row| events::event(&row)),
            jobs: readable(found.jobs, |row| row.id.clone(), |row| jobs::summary(&row)),
            mails: readable(found.mails, |row| row.id.clone(), mails::mail),
            deliveries: readable(found.deliveries, |row| row.id.clone(), webhooks::delivery),
            later: readable(found.later, |row| row.id.clone(), |row| records::in_list(&row)),
            is_complete,
        })
    }
}

/// What the store has of a request; of each list at most one more than is shown.
struct Found {
    invocations: Vec<InvocationRow>,
    events: Vec<EventRow>,
    jobs: Vec<JobRow>,
    mails: Vec<MailRow>,
    deliveries: Vec<DeliveryRow>,
    later: Vec<InvocationRow>,
}

impl Found {
    fn of(tx: &mut Tx<'_>, scope: &Scope, id: &str) -> std::result::Result<Self, StoreError> {
        let events = tx.events_of_request(scope, id, MOST)?;
        let jobs = tx.jobs_of_request(scope, id, MOST)?;
        let ids: Vec<String> = events.iter().map(|event| event.id.clone()).collect();
        let mut later = Vec::new();
        for job in jobs.iter().take(MOST_JOBS) {
            later.extend(invocations(tx, scope, &job.id)?);
        }
        Ok(Self {
            invocations: invocations(tx, scope, id)?,
            mails: tx.mails_of_request(scope, id, MOST)?,
            deliveries: tx.deliveries_of_events(&ids, MOST)?,
            events,
            jobs,
            later,
        })
    }

    /// When the first of it was recorded; `None`: there is nothing.
    fn begun_ms(&self) -> Option<i64> {
        let invocations = self.invocations.iter().map(|row| row.created_ms);
        let events = self.events.iter().map(|row| row.time_ms);
        let jobs = self.jobs.iter().map(|row| row.created_ms);
        let mails = self.mails.iter().map(|row| row.created_ms);
        invocations.chain(events).chain(jobs).chain(mails).min()
    }

    fn is_complete(&self) -> bool {
        let most = usize::try_from(MOST).unwrap_or_default();
        let lists = [
            self.invocations.len(),
            self.events.len(),
            self.jobs.len(),
            self.mails.len(),
            self.deliveries.len(),
        ];
        lists.iter().all(|count| *count < most) && self.jobs.len() <= MOST_JOBS
    }
}

/// Those of a request or of a job, oldest first.
fn invocations(tx: &mut Tx<'_>, scope: &Scope, cause: &str) -> std::result::Result<Vec<InvocationRow>, StoreError> {
    let filter = InvocationFilter {
        request_id: Some(cause.to_owned()),
        ..InvocationFilter::default()
    };
    // After no id: the order in which they began.
    tx.invocations(scope, &filter, &Page::After(String::new()), MOST)
}
