//! `GET …/endpoints`

use aerocall_api_types::{EndpointEvent, EndpointList, EndpointPoint, EndpointWithHooks, Permission, VersionSummary};

use super::{
    day::Day,
    running::{Place, Running},
};
use crate::{
    app::App,
    base::{error::Result, event::EventKind},
    flows::{
        admin::summaries,
        auth,
        steps::endpoint::{AdminWho as _, Caller, Endpoint, EnvironmentAdmin, Flow, environment},
    },
    hooks::LiveHook,
};

/// Lists every endpoint of the auth API with its hook points and events.
pub(crate) struct ListEndpoints;

impl Flow for ListEndpoints {
    type Who = EnvironmentAdmin;
    type Input = ();
    type Output = EndpointList;

    const NEEDS: Option<Permission> = Some(Permission::HooksRead);
    const ENDPOINT: Endpoint = Endpoint::get(environment!("/endpoints"), "List auth endpoints with their hooks")
        .about("Every endpoint of the auth API with its hook points and events, the hooks of this environment that run at each of them, the webhooks that get each event, and what the invocations of the last 24 hours came to: of the newest 50,000 records. `summaries` says what the enabled hooks do, as far as that is known already.")
        .answers(
            200,
            "The endpoints.",
            r#"{"endpoints": [{"method": "POST", "path": "/auth/register", "summary": "Sign up with a password", "about": "Creates an account.", "example": {"email": "ada@example.com", "password": "correct horse battery"}, "hooks": [{"point": "beforeSignup", "status": "enabled", "figures": {"calls": 4810, "denials": 96, "failures": 2, "p95Us": 1240, "last": {"invocation": "inv_…", "outcome": "allow", "at": "2026-01-31T12:00:00.000Z"}}, "hooks": [{"name": "signup", "version": 1, "status": "enabled", "rollout": {"id": "rol_…", "kind": "canary", "version": 2, "share": 5.0, "until": "2026-02-01T12:00:00.000Z"}, "figures": {"calls": 4810, "denials": 96, "failures": 2, "p95Us": 1240, "last": {"invocation": "inv_…", "outcome": "allow", "at": "2026-01-31T12:00:00.000Z"}}, "failurePolicy": "closed"}]}], "events": [{"name": "auth.signup", "status": "enabled", "figures": {"calls": 0, "denials": 0, "failures": 0, "p95Us": null, "last": null}, "hooks": [{"name": "welcome", "version": 1, "status": "disabled", "rollout": null, "figures": {"calls": 0, "denials": 0, "failures": 0, "p95Us": null, "last": null}}], "webhooks": [{"id": "whk_…", "url": "https://example.com/hook", "state": "enabled"}]}], "figures": {"calls": 4810, "denials": 96, "failures": 2, "p95Us": 1240, "last": {"invocation": "inv_…", "outcome": "allow", "at": "2026-01-31T12:00:00.000Z"}}, "hours": [{"at": "2026-01-31T12:00:00.000Z", "calls": 4810, "denials": 96, "failures": 2}]}], "summaries": [{"hook": "signup", "version": 1, "summary": {"text": "Before sign-up: can deny with `free_provider` (403).", "origin": "code", "model": null, "facts": {"points": ["beforeSignup"], "denies": [{"code": "free_provider", "status": 403, "message": null, "file": "hooks/signup.ts", "line": 12}], "patches": [], "calls": [], "hosts": [], "secrets": [], "queues": []}}}]}"#,
        );

    async fn run(app: &App, caller: &Caller<EnvironmentAdmin>, (): ()) -> Result<EndpointList> {
        let seen = Seen {
            running: Running::of(app, &caller.scope).await?,
            day: Day::of(app, &caller.scope).await?,
            may_see_webhooks: caller.who.permissions().has(Permission::SettingsRead),
        };
        let summaries = summaries(app, &seen.running, caller).await?;
        let endpoints = auth::ENDPOINTS.iter().map(|endpoint| seen.endpoint(endpoint));
        Ok(EndpointList {
            endpoints: endpoints.collect(),
            summaries,
        })
    }
}

/// As far as they are known: nothing is built for a list.
async fn summaries(app: &App, running: &Running, caller: &Caller<EnvironmentAdmin>) -> Result<Vec<VersionSummary>> {
    let project = &caller.scope.project;
    let enabled = running.enabled().map(|hook| (hook.digest.as_str(), &hook.manifest));
    let known = summaries::known(app, project, enabled).await?;
    let summary = |hook: &LiveHook| {
        Some(VersionSummary {
            hook: hook.name.clone(),
            version: hook.version_number,
            summary: known.get(&hook.digest)?.clone(),
        })
    };
    Ok(running.enabled().filter_map(summary).collect())
}

/// What is shown of an environment.
struct Seen {
    running: Running,
    day: Day,
    may_see_webhooks: bool,
}

impl Seen {
    fn endpoint(&self, endpoint: &Endpoint) -> EndpointWithHooks {
        let places = endpoint.steps.iter().flat_map(|step| [step.before(), step.after()]);
        let places: Vec<Place> = places.map(|point| Place::at(point, Some(&self.running))).collect();
        let names: Vec<String> = places.iter().map(|place| place.name.clone()).collect();
        let (figures, hours) = self.day.together(&names);
        EndpointWithHooks {
            method: endpoint.method.as_str().to_owned(),
            path: endpoint.path.to_owned(),
            summary: endpoint.summary.to_owned(),
            about: endpoint.about.to_owned(),
            example: serde_json::from_str(endpoint.example).ok(),
            hooks: places.into_iter().map(|place| self.point(place)).collect(),
            events: endpoint.events.iter().map(|event| self.event(*event)).collect(),
            figures,
            hours,
        }
    }

    fn point(&self, place: Place) -> EndpointPoint {
        EndpointPoint {
            status: place.status.into(),
            figures: self.day.of_point(&place.name),
            hooks: place.deployed(&self.day),
            point: place.name,
        }
    }

    fn event(&self, event: EventKind) -> EndpointEvent {
        let place = Place::on(event, Some(&self.running));
        EndpointEvent {
            status: place.status.into(),
            figures: self.day.of_point(&place.name),
            hooks: place.deployed(&self.day),
            webhooks: place.receivers(self.may_see_webhooks),
            name: place.name,
        }
    }
}
