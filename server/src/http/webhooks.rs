//! The admin API of webhooks: bearer → environment → body or query → flow → answer.

use actix_web::{
    HttpRequest, HttpResponse,
    http::StatusCode,
    web::{Data, Path, Payload, Query},
};

use super::{
    answer::{self, Flows},
    body, client,
    query::QueryString,
};
use crate::{
    flows::webhooks,
    store::{DeliveryFilter, DeliveryState},
};

type Environment = Path<(String, String)>;
type Member = Path<(String, String, String)>;
type Inner = Path<(String, String, String, String)>;

/// An address, fifty types, ten conditions.
const MOST_BYTES: usize = 64 << 10;

pub(super) async fn list(request: HttpRequest, path: Environment, flows: Data<Flows>) -> HttpResponse {
    let run = async || {
        let scope = client::admin_scope(&request, &flows.app, &path.0, &path.1).await?;
        webhooks::list(&flows.app, &scope).await
    };
    answer::of(&request, StatusCode::OK, run().await)
}

pub(super) async fn create(
    request: HttpRequest,
    path: Environment,
    payload: Payload,
    flows: Data<Flows>,
) -> HttpResponse {
    let run = async || {
        let (scope, by) = client::admin_by(&request, &flows.app, &path.0, &path.1).await?;
        let body = body::json(&request, payload, MOST_BYTES).await?;
        flows
            .run(async move |app| webhooks::create(&app, &scope, by, body).await)
            .await
    };
    answer::of(&request, StatusCode::CREATED, run().await)
}

pub(super) async fn one(request: HttpRequest, path: Member, flows: Data<Flows>) -> HttpResponse {
    let run = async || {
        let scope = client::admin_scope(&request, &flows.app, &path.0, &path.1).await?;
        webhooks::one(&flows.app, &scope, &path.2).await
    };
    answer::of(&request, StatusCode::OK, run().await)
}

pub(super) async fn change(request: HttpRequest, path: Member, payload: Payload, flows: Data<Flows>) -> HttpResponse {
    let run = async || {
        let (scope, by) = client::admin_by(&request, &flows.app, &path.0, &path.1).await?;
        let (id, body) = (path.2.clone(), body::json(&request, payload, MOST_BYTES).await?);
        flows
            .run(async move |app| webhooks::change(&app, &scope, by, &id, body).await)
            .await
    };
    answer::of(&request, StatusCode::OK, run().await)
}

pub(super) async fn delete(request: HttpRequest, path: Member, flows: Data<Flows>) -> HttpResponse {
    let run = async || {
        let (scope, by) = client::admin_by(&request, &flows.app, &path.0, &path.1).await?;
        let id = path.2.clone();
        flows
            .run(async move |app| webhooks::delete(&app, &scope, by, &id).await)
            .await
    };
    answer::of(&request, StatusCode::OK, run().await)
}

pub(super) async fn rotate(request: HttpRequest, path: Member, payload: Payload, flows: Data<Flows>) -> HttpResponse {
    let run = async || {
        let (scope, by) = client::admin_by(&request, &flows.app, &path.0, &path.1).await?;
        let (id, body) = (path.2.clone(), body::json(&request, payload, MOST_BYTES).await?);
        flows
            .run(async move |app| webhooks::rotate(&app, &scope, by, &id, body).await)
            .await
    };
    answer::of(&request, StatusCode::OK, run().await)
}

pub(super) async fn test(request: HttpRequest, path: Member, flows: Data<Flows>) -> HttpResponse {
    let run = async || {
        let (scope, by) = client::admin_by(&request, &flows.app, &path.0, &path.1).await?;
        let id = path.2.clone();
        flows
            .run(async move |app| webhooks::test(&app, &scope, by, &id).await)
            .await
    };
    answer::of(&request, StatusCode::ACCEPTED, run().await)
}

pub(super) async fn replay(request: HttpRequest, path: Member, payload: Payload, flows: Data<Flows>) -> HttpResponse {
    let run = async || {
        let (scope, by) = client::admin_by(&request, &flows.app, &path.0, &path.1).await?;
        let input = webhooks::ReplayInput::read(body::json(&request, payload, MOST_BYTES).await?)?;
        let id = path.2.clone();
        flows
            .run(async move |app| webhooks::replay(&app, &scope, by, &id, input).await)
            .await
    };
    answer::of(&request, StatusCode::ACCEPTED, run().await)
}

pub(super) async fn deliveries(
    request: HttpRequest,
    path: Member,
    query: Query<Vec<(String, String)>>,
    flows: Data<Flows>,
) -> HttpResponse {
    let run = async || {
        let scope = client::admin_scope(&request, &flows.app, &path.0, &path.1).await?;
        let mut query = QueryString::new(&query);
        let most = query.limit();
        let filter = DeliveryFilter {
            state: query.one_of("state", &DeliveryState::ALL.map(|state| (state.as_str(), state))),
            event: query.text("event"),
            before: query.text("before"),
        };
        query.finish()?;
        webhooks::deliveries(&flows.app, &scope, &path.2, filter, most).await
    };
    answer::of(&request, StatusCode::OK, run().await)
}

pub(super) async fn delivery(request: HttpRequest, path: Inner, flows: Data<Flows>) -> HttpResponse {
    let run = async || {
        let scope = client::admin_scope(&request, &flows.app, &path.0, &path.1).await?;
        webhooks::delivery(&flows.app, &scope, &path.2, &path.3).await
    };
    answer::of(&request, StatusCode::OK, run().await)
}

pub(super) async fn again(request: HttpRequest, path: Inner, flows: Data<Flows>) -> HttpResponse {
    let run = async || {
        let (scope, by) = client::admin_by(&request, &flows.app, &path.0, &path.1).await?;
        let (id, delivery) = (path.2.clone(), path.3.clone());
        flows
            .run(async move |app| webhooks::again(&app, &scope, by, &id, &delivery).await)
            .await
    };
    answer::of(&request, StatusCode::ACCEPTED, run().await)
}
