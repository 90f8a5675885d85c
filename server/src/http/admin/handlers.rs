//! The admin API: bearer → project or environment → body → flow → answer.

use actix_web::{
    HttpRequest, HttpResponse,
    http::StatusCode,
    web::{Data, Path, Payload},
};
use serde_json::{Value, json};

use crate::{
    base::{
        clock,
        error::{Problem, Refusal, Result},
        ids::{HookName, Scope},
    },
    domain::audit::Actor,
    flows::admin::{
        create_project,
        deploy::{self, DeploymentDocument},
        hook_state, migrations,
        upload::{self, Uploaded, VersionDocument},
    },
    http::wire::{
        answer::{self, Flows},
        body, client,
        frame::{Asked, Environment, Member},
    },
    security::access::Admin,
    storage::store::ProjectRow,
};

/// How many deployments a list shows; paging comes with the web admin.
const MAX_DEPLOYMENTS: i64 = 100;

pub(crate) async fn projects(request: HttpRequest, flows: Data<Flows>) -> HttpResponse {
    let run = async || -> Result<Value> {
        let admin = client::admin(&request, &flows.app).await?;
        let rows = flows.app.store.read(|tx| tx.projects()).await?;
        let seen = |row: &ProjectRow| match &admin {
            Admin::Server { .. } => true,
            Admin::Project(own) => own.project.as_str() == row.id,
        };
        let projects: Vec<Value> = rows.into_iter().filter(seen).map(project_document).collect();
        Ok(json!({ "projects": projects }))
    };
    answer::of(&request, StatusCode::OK, run().await)
}

pub(crate) async fn create_project(request: HttpRequest, payload: Payload, flows: Data<Flows>) -> HttpResponse {
    let run = async || {
        let admin = client::admin(&request, &flows.app).await?;
        admin.require_server()?;
        let by = Actor::request(admin.actor(), &client::meta(&request, &flows.app));
        let body = body::json(&request, payload, flows.app.config.http.json_body_bytes).await?;
        let input = create_project::Input::read(body)?;
        flows
            .run(async move |app| create_project::run(&app, by, input).await)
            .await
    };
    answer::of(&request, StatusCode::CREATED, run().await)
}

pub(crate) async fn create_environment(
    request: HttpRequest,
    path: Path<String>,
    payload: Payload,
    flows: Data<Flows>,
) -> HttpResponse {
    let run = async || {
        let admin = client::admin(&request, &flows.app).await?;
        admin.require_server()?;
        let by = Actor::request(admin.actor(), &client::meta(&request, &flows.app));
        let project = admin.project(&flows.app.store, &path).await?;
        let body = body::json(&request, payload, flows.app.config.http.json_body_bytes).await?;
        let environment = create_project::read_environment(body)?;
        let scope = Scope { project, environment };
        flows
            .run(async move |app| create_project::environment(&app, by, scope).await)
            .await
    };
    answer::of(&request, StatusCode::CREATED, run().await)
}

pub(crate) async fn upload(
    request: HttpRequest,
    path: Path<(String, String)>,
    payload: Payload,
    flows: Data<Flows>,
) -> HttpResponse {
    let run = async || -> Result<Uploaded> {
        let admin = client::admin(&request, &flows.app).await?;
        let project = admin.project(&flows.app.store, &path.0).await?;
        let by = Actor::request(admin.actor(), &client::meta(&request, &flows.app));
        let name = hook_name(&path.1)?;
        let component = body::wasm(&request, payload, flows.app.config.http.component_body_bytes).await?;
        flows
            .run(async move |app| upload::run(&app, by, &project, &name, component).await)
            .await
    };
    match run().await {
        Ok(Uploaded::New(version)) => answer::of(&request, StatusCode::CREATED, Ok(version)),
        Ok(Uploaded::Known(version)) => answer::of(&request, StatusCode::OK, Ok(version)),
        Err(error) => answer::of::<()>(&request, StatusCode::OK, Err(error)),
    }
}

pub(crate) async fn versions(request: HttpRequest, path: Path<(String, String)>, flows: Data<Flows>) -> HttpResponse {
    let run = async || -> Result<Value> {
        let admin = client::admin(&request, &flows.app).await?;
        let project = admin.project(&flows.app.store, &path.0).await?;
        let name = hook_name(&path.1)?;
        let rows = flows.app.store.read(move |tx| tx.versions(&project, &name)).await?;
        let versions = rows.into_iter().map(VersionDocument::of).collect::<Result<Vec<_>>>()?;
        Ok(json!({ "versions": versions }))
    };
    answer::of(&request, StatusCode::OK, run().await)
}

pub(crate) async fn deploy(asked: Asked<Environment>, payload: Payload) -> HttpResponse {
    let read = async |asked: &Asked<_>| -> Result<_> {
        // As large as a bundle: a deployment carries its migrations.
        let body = asked
            .json(payload, asked.app().config.http.component_body_bytes)
            .await?;
        Ok(deploy::Input::read(body)?)
    };
    let deploy = asked.change(read, async |app, who, _, input| {
        deploy::run(&app, &who.scope, who.by, input).await
    });
    deploy.await.created()
}

pub(crate) async fn deployments(asked: Asked<Environment>) -> HttpResponse {
    let show = asked.show(async |app, scope, _| {
        let rows = app
            .store
            .read(move |tx| tx.deployments(&scope, MAX_DEPLOYMENTS))
            .await?;
        let deployments: Vec<_> = rows.into_iter().map(DeploymentDocument::of).collect();
        Ok(json!({ "deployments": deployments }))
    });
    show.await
}

pub(crate) async fn live(asked: Asked<Environment>) -> HttpResponse {
    let show = asked.show(async |app, scope, _| Ok(deploy::live(app, &scope)));
    show.await
}

pub(crate) async fn switch_hook(asked: Asked<Member>, payload: Payload) -> HttpResponse {
    let read = async |asked: &Asked<Member>| -> Result<_> {
        let name = hook_name(asked.name())?;
        Ok((name, hook_state::Input::read(asked.usual_json(payload).await?)?))
    };
    let switch = asked.change(read, async |app, who, _, (name, input)| {
        hook_state::run(&app, &who.scope, who.by, name, input).await
    });
    switch.await.ok()
}

pub(crate) async fn migrations(asked: Asked<Environment>) -> HttpResponse {
    let list = asked.act(async |app, who, _| {
        let applied = migrations::list(&app, &who.scope).await?;
        Ok(json!({ "migrations": applied }))
    });
    list.await.ok()
}

fn hook_name(text: &str) -> Result<HookName> {
    Ok(HookName::parse(text).map_err(|problem| {
        Refusal::invalid_input(vec![Problem {
            field: "name".to_owned(),
            problem,
        }])
    })?)
}

fn project_document(row: ProjectRow) -> Value {
    json!({
        "id": row.id,
        "name": row.name,
        "environments": row.environments,
        "createdAt": clock::iso(row.created_ms),
    })
}
