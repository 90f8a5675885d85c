//! `GET …/endpoints`

use aerocall_api_types::{EndpointEvent, EndpointList, EndpointPoint, EndpointWithHooks, Permission};

use super::running::{Place, Running};
use crate::{
    app::App,
    base::error::Result,
    flows::{
        auth,
        steps::endpoint::{Caller, Endpoint, EnvironmentAdmin, Flow, environment},
    },
};

/// Lists every endpoint of the auth API with its hook points and events.
pub(crate) struct ListEndpoints;

impl Flow for ListEndpoints {
    type Who = EnvironmentAdmin;
    type Input = ();
    type Output = EndpointList;

    const NEEDS: Option<Permission> = Some(Permission::HooksRead);
    const ENDPOINT: Endpoint = Endpoint::get(environment!("/endpoints"), "List auth endpoints with their hooks")
        .about("Every endpoint of the auth API with its hook points and events, and the hooks of this environment that run at each of them.")
        .answers(
            200,
            "The endpoints.",
            r#"{"endpoints": [{"method": "POST", "path": "/auth/register", "summary": "Sign up with a password", "hooks": [{"point": "beforeSignup", "status": "enabled", "hooks": [{"name": "signup", "version": 1, "status": "enabled", "rollout": {"id": "rol_…", "kind": "canary", "version": 2, "share": 5, "until": "2026-02-01T12:00:00.000Z"}, "failurePolicy": "closed"}]}], "events": [{"name": "auth.signup", "status": "disabled", "hooks": [{"name": "welcome", "version": 1, "status": "disabled", "rollout": null}]}]}]}"#,
        );

    async fn run(app: &App, caller: &Caller<EnvironmentAdmin>, (): ()) -> Result<EndpointList> {
        let running = Running::of(app, &caller.scope);
        let endpoints = auth::ENDPOINTS.iter().map(|endpoint| with_hooks(endpoint, &running));
        Ok(EndpointList {
            endpoints: endpoints.collect(),
        })
    }
}

fn with_hooks(endpoint: &Endpoint, running: &Running) -> EndpointWithHooks {
    let points = endpoint.steps.iter().flat_map(|step| [step.before(), step.after()]);
    let points = points.map(|point| {
        let place = Place::at(point, Some(running));
        EndpointPoint {
            status: place.status.into(),
            hooks: place.deployed(),
            point: place.name,
        }
    });
    let events = endpoint.events.iter().map(|event| {
        let place = Place::on(*event, Some(running));
        EndpointEvent {
            status: place.status.into(),
            hooks: place.deployed(),
            name: place.name,
        }
    });
    EndpointWithHooks {
        method: endpoint.method.as_str().to_owned(),
        path: endpoint.path.to_owned(),
        summary: endpoint.summary.to_owned(),
        hooks: points.collect(),
        events: events.collect(),
    }
}
