//! The admin API: bearer → project or environment → body → flow → answer.

use actix_web::{
    HttpRequest, HttpResponse,
    http::StatusCode,
    web::{Data, Path, Payload},
};
use serde_json::{Value, json};

use super::{
    answer::{self, Flows},
    body, client,
};
use crate::{
    access::Admin,
    audit::By,
    clock,
    error::{Problem, Refusal, Result},
    flows::{
        create_project,
        deploy::{self, DeploymentDocument},
        hook_state, migrations,
        upload::{self, Uploaded, VersionDocument},
    },
    ids::{HookName, Scope},
    store::ProjectRow,
};

/// How many deployments a list shows; paging comes with the web admin.
const MOST_DEPLOYMENTS: i64 = 100;

pub(super) async fn projects(request: HttpRequest, flows: Data<Flows>) -> HttpResponse {
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

pub(super) async fn create_project(request: HttpRequest, payload: Payload, flows: Data<Flows>) -> HttpResponse {
    let run = async || {
        let admin = client::admin(&request, &flows.app).await?;
        admin.require_server()?;
        let by = By::request(admin.actor(), &client::meta(&request, &flows.app));
        let body = body::json(&request, payload, flows.app.config.http.json_body_bytes).await?;
        let input = create_project::Input::read(body)?;
        flows
            .run(async move |app| create_project::run(&app, by, input).await)
            .await
    };
    answer::of(&request, StatusCode::CREATED, run().await)
}

pub(super) async fn create_environment(
    request: HttpRequest,
    path: Path<String>,
    payload: Payload,
    flows: Data<Flows>,
) -> HttpResponse {
    let run = async || {
        let admin = client::admin(&request, &flows.app).await?;
        admin.require_server()?;
        let by = By::request(admin.actor(), &client::meta(&request, &flows.app));
        let project = admin.project(&flows.app, &path).await?;
        let body = body::json(&request, payload, flows.app.config.http.json_body_bytes).await?;
        let environment = create_project::read_environment(body)?;
        let scope = Scope { project, environment };
        flows
            .run(async move |app| create_project::environment(&app, by, scope).await)
            .await
    };
    answer::of(&request, StatusCode::CREATED, run().await)
}

pub(super) async fn upload(
    request: HttpRequest,
    path: Path<(String, String)>,
    payload: Payload,
    flows: Data<Flows>,
) -> HttpResponse {
    let run = async || -> Result<Uploaded> {
        let admin = client::admin(&request, &flows.app).await?;
        let project = admin.project(&flows.app, &path.0).await?;
        let by = By::request(admin.actor(), &client::meta(&request, &flows.app));
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

pub(super) async fn versions(request: HttpRequest, path: Path<(String, String)>, flows: Data<Flows>) -> HttpResponse {
    let run = async || -> Result<Value> {
        let admin = client::admin(&request, &flows.app).await?;
        let project = admin.project(&flows.app, &path.0).await?;
        let name = hook_name(&path.1)?;
        let rows = flows.app.store.read(move |tx| tx.versions(&project, &name)).await?;
        let versions = rows.into_iter().map(VersionDocument::of).collect::<Result<Vec<_>>>()?;
        Ok(json!({ "versions": versions }))
    };
    answer::of(&request, StatusCode::OK, run().await)
}

pub(super) async fn deploy(
    request: HttpRequest,
    path: Path<(String, String)>,
    payload: Payload,
    flows: Data<Flows>,
) -> HttpResponse {
    let run = async || {
        let admin = client::admin(&request, &flows.app).await?;
        let scope = admin.scope(&flows.app, &path.0, &path.1).await?;
        let by = By::request(admin.actor(), &client::meta(&request, &flows.app));
        // As large as a bundle: a deployment carries its migrations.
        let body = body::json(&request, payload, flows.app.config.http.component_body_bytes).await?;
        let input = deploy::Input::read(body)?;
        flows
            .run(async move |app| deploy::run(&app, &scope, by, input).await)
            .await
    };
    answer::of(&request, StatusCode::CREATED, run().await)
}

pub(super) async fn deployments(
    request: HttpRequest,
    path: Path<(String, String)>,
    flows: Data<Flows>,
) -> HttpResponse {
    let run = async || -> Result<Value> {
        let scope = client::admin_scope(&request, &flows.app, &path.0, &path.1).await?;
        let rows = flows
            .app
            .store
            .read(move |tx| tx.deployments(&scope, MOST_DEPLOYMENTS))
            .await?;
        let deployments: Vec<_> = rows.into_iter().map(DeploymentDocument::of).collect();
        Ok(json!({ "deployments": deployments }))
    };
    answer::of(&request, StatusCode::OK, run().await)
}

pub(super) async fn live(request: HttpRequest, path: Path<(String, String)>, flows: Data<Flows>) -> HttpResponse {
    let run = async || {
        let scope = client::admin_scope(&request, &flows.app, &path.0, &path.1).await?;
        Ok(deploy::live(&flows.app, &scope))
    };
    answer::of(&request, StatusCode::OK, run().await)
}

pub(super) async fn switch_hook(
    request: HttpRequest,
    path: Path<(String, String, String)>,
    payload: Payload,
    flows: Data<Flows>,
) -> HttpResponse {
    let run = async || {
        let admin = client::admin(&request, &flows.app).await?;
        let scope = admin.scope(&flows.app, &path.0, &path.1).await?;
        let by = By::request(admin.actor(), &client::meta(&request, &flows.app));
        let name = hook_name(&path.2)?;
        let body = body::json(&request, payload, flows.app.config.http.json_body_bytes).await?;
        let input = hook_state::Input::read(body)?;
        flows
            .run(async move |app| hook_state::run(&app, &scope, by, name, input).await)
            .await
    };
    answer::of(&request, StatusCode::OK, run().await)
}

pub(super) async fn migrations(request: HttpRequest, path: Path<(String, String)>, flows: Data<Flows>) -> HttpResponse {
    let run = async || -> Result<Value> {
        let scope = client::admin_scope(&request, &flows.app, &path.0, &path.1).await?;
        let applied = flows.run(async move |app| migrations::list(&app, &scope).await).await?;
        Ok(json!({ "migrations": applied }))
    };
    answer::of(&request, StatusCode::OK, run().await)
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
