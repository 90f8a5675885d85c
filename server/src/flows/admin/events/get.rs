//! `GET …/events/{event}`

use aerocall_api_types::{Event, Permission};

use crate::{
    app::App,
    base::error::{Refusal, Result},
    domain::events,
    flows::steps::endpoint::{Caller, Endpoint, EnvironmentAdmin, Flow, environment},
};

/// Shows one event.
pub(crate) struct GetEvent;

impl Flow for GetEvent {
    type Who = EnvironmentAdmin;
    type Input = ();
    type Output = Event;

    const NEEDS: Option<Permission> = Some(Permission::DataRead);
    const ENDPOINT: Endpoint = Endpoint::get(environment!("/events/{event}"), "Get an event").answers(
        200,
        "The event.",
        r#"{"id": "evt_…", "type": "auth.signup", "version": 1, "time": "2026-01-31T12:00:00.000Z", "project": "shop", "environment": "production", "actor": "anonymous", "subject": null, "data": {}}"#,
    );

    async fn run(app: &App, caller: &Caller<EnvironmentAdmin>, (): ()) -> Result<Event> {
        let (scope, id) = (caller.scope.clone(), caller.part("event")?.to_owned());
        let row = app.store.read(move |tx| tx.event(&scope, &id)).await?;
        events::event(&row.ok_or_else(Refusal::not_found)?)
    }
}
