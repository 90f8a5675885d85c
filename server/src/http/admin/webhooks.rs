//! The admin API of webhooks, in its frame.

use actix_web::{
    HttpResponse,
    web::{Payload, Query},
};

use crate::{
    base::error::Result,
    flows::admin::webhooks,
    http::wire::{
        frame::{Asked, Environment, Inner, Member},
        query::QueryString,
    },
    storage::store::{DeliveryFilter, DeliveryState},
};

/// An address, fifty types, ten conditions.
const MAX_BYTES: usize = 64 << 10;

pub(crate) async fn list(asked: Asked<Environment>) -> HttpResponse {
    asked
        .show(async |app, scope, _| webhooks::list(app, &scope).await)
        .await
}

pub(crate) async fn create(asked: Asked<Environment>, payload: Payload) -> HttpResponse {
    let read = async |asked: &Asked<_>| asked.json(payload, MAX_BYTES).await;
    let create = asked.change(read, async |app, who, _, body| {
        webhooks::create(&app, &who.scope, who.by, body).await
    });
    create.await.created()
}

pub(crate) async fn one(asked: Asked<Member>) -> HttpResponse {
    let one = asked.show(async |app, scope, (_, _, id)| webhooks::one(app, &scope, id).await);
    one.await
}

pub(crate) async fn change(asked: Asked<Member>, payload: Payload) -> HttpResponse {
    let read = async |asked: &Asked<_>| asked.json(payload, MAX_BYTES).await;
    let change = asked.change(read, async |app, who, (_, _, id), body| {
        webhooks::change(&app, &who.scope, who.by, &id, body).await
    });
    change.await.ok()
}

pub(crate) async fn delete(asked: Asked<Member>) -> HttpResponse {
    let delete = asked.act(async |app, who, (_, _, id)| webhooks::delete(&app, &who.scope, who.by, &id).await);
    delete.await.ok()
}

pub(crate) async fn rotate(asked: Asked<Member>, payload: Payload) -> HttpResponse {
    let read = async |asked: &Asked<_>| asked.json(payload, MAX_BYTES).await;
    let rotate = asked.change(read, async |app, who, (_, _, id), body| {
        webhooks::rotate(&app, &who.scope, who.by, &id, body).await
    });
    rotate.await.ok()
}

pub(crate) async fn test(asked: Asked<Member>) -> HttpResponse {
    let test = asked.act(async |app, who, (_, _, id)| webhooks::test(&app, &who.scope, who.by, &id).await);
    test.await.accepted()
}

pub(crate) async fn replay(asked: Asked<Member>, payload: Payload) -> HttpResponse {
    let read = async |asked: &Asked<_>| -> Result<_> {
        Ok(webhooks::ReplayInput::read(asked.json(payload, MAX_BYTES).await?)?)
    };
    let replay = asked.change(read, async |app, who, (_, _, id), input| {
        webhooks::replay(&app, &who.scope, who.by, &id, input).await
    });
    replay.await.accepted()
}

pub(crate) async fn deliveries(asked: Asked<Member>, query: Query<Vec<(String, String)>>) -> HttpResponse {
    let show = asked.show(async |app, scope, (_, _, id)| {
        let mut query = QueryString::new(&query);
        let most = query.limit();
        let filter = DeliveryFilter {
            state: query.one_of("state", &DeliveryState::ALL.map(|state| (state.as_str(), state))),
            event: query.text("event"),
            before: query.text("before"),
        };
        query.finish()?;
        webhooks::deliveries(app, &scope, id, filter, most).await
    });
    show.await
}

pub(crate) async fn delivery(asked: Asked<Inner>) -> HttpResponse {
    let show = asked.show(async |app, scope, (_, _, id, delivery)| webhooks::delivery(app, &scope, id, delivery).await);
    show.await
}

pub(crate) async fn again(asked: Asked<Inner>) -> HttpResponse {
    let again = asked
        .act(async |app, who, (_, _, id, delivery)| webhooks::again(&app, &who.scope, who.by, &id, &delivery).await);
    again.await.accepted()
}
