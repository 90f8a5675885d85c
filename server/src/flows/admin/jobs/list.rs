//! `GET …/jobs`

use aerocall_api_types::{JobList, Permission};

use super::{example, summary};
use crate::{
    app::App,
    base::{
        error::Result,
        ids::Kind,
        input::{Fields, query},
    },
    domain::project::AuthSettings,
    flows::steps::{
        endpoint::{Caller, Endpoint, EnvironmentAdmin, Field, FieldKind, Flow, environment},
        page::{Page, readable},
    },
    storage::store::{JobFilter, JobState},
};

/// Lists jobs.
pub(crate) struct ListJobs;

/// What is asked for.
pub(crate) struct Input {
    page: Page,
    filter: JobFilter,
}

impl Flow for ListJobs {
    type Who = EnvironmentAdmin;
    type Input = Input;
    type Output = JobList;

    const NEEDS: Option<Permission> = Some(Permission::DataRead);
    const ENDPOINT: Endpoint = Endpoint::get(environment!("/jobs"), "List jobs")
        .fields(&[
            Page::LIMIT,
            Field::optional("queue", FieldKind::Text(200), "Only jobs of this queue."),
            Field::optional(
                "state",
                FieldKind::OneOf(&["waiting", "running", "done", "dead"]),
                "Only jobs in this state.",
            ),
            Page::BEFORE,
        ])
        .answers(
            200,
            "The jobs, newest first.",
            concat!(r#"{"jobs": [{"#, example!(), r#"}], "next": null}"#),
        );

    fn read(fields: &mut Fields, _: &AuthSettings) -> Option<Input> {
        let page = Page::read(fields, Kind::Job);
        let states = JobState::ALL.map(|state| (state.as_str(), state));
        let filter = JobFilter {
            queue: fields.optional("queue", query::text),
            state: fields.optional("state", query::one_of(&states)),
            before: page.before.clone(),
        };
        Some(Input { page, filter })
    }

    async fn run(app: &App, caller: &Caller<EnvironmentAdmin>, input: Input) -> Result<JobList> {
        let Input { page, filter } = input;
        let (scope, rows) = (caller.scope.clone(), page.rows());
        let rows = app.store.read(move |tx| tx.jobs(&scope, &filter, rows)).await?;
        let (rows, next) = page.cut(rows, |row| &row.id);
        let jobs = readable(rows, |row| row.id.clone(), |row| summary(&row));
        Ok(JobList { jobs, next })
    }
}
