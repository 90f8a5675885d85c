//! The admin API of users, in its frame.

use actix_web::{
    HttpResponse,
    web::{Payload, Query},
};

use crate::{
    base::{error::Result, input::sought},
    flows::admin::{
        user_access::{self, Ban},
        users::{self, New, Patch},
    },
    http::wire::{
        frame::{Asked, Environment, Member},
        query::QueryString,
    },
    storage::store::UserFilter,
};

pub(crate) async fn list(asked: Asked<Environment>, query: Query<Vec<(String, String)>>) -> HttpResponse {
    let show = asked.show(async |app, scope, _| {
        let mut query = QueryString::new(&query);
        let most = query.limit();
        let filter = UserFilter {
            begins: query.text("q").map(|text| sought(&text)),
            before: query.text("before"),
        };
        query.finish()?;
        users::list(app, scope, filter, most).await
    });
    show.await
}

pub(crate) async fn create(asked: Asked<Environment>, payload: Payload) -> HttpResponse {
    let read = async |asked: &Asked<_>| asked.usual_json(payload).await;
    let create = asked.change(read, async |app, who, _, body| {
        let new = New::read(body, &*app.settings.auth(&who.scope).await?)?;
        Box::pin(users::create(&app, &who, new)).await
    });
    create.await.created()
}

pub(crate) async fn get(asked: Asked<Member>) -> HttpResponse {
    let show = asked.show(async |app, scope, (_, _, id)| users::get(app, &scope, id).await);
    show.await
}

pub(crate) async fn patch(asked: Asked<Member>, payload: Payload) -> HttpResponse {
    let read = async |asked: &Asked<_>| -> Result<_> { Ok(Patch::read(asked.usual_json(payload).await?)?) };
    let patch = asked.change(read, async |app, who, (_, _, id), patch| {
        Box::pin(users::patch(&app, &who, &id, patch)).await
    });
    patch.await.ok()
}

pub(crate) async fn delete(asked: Asked<Member>) -> HttpResponse {
    let delete = asked.act(async |app, who, (_, _, id)| Box::pin(users::delete(&app, &who, &id)).await);
    delete.await.ok()
}

pub(crate) async fn ban(asked: Asked<Member>, payload: Payload) -> HttpResponse {
    let read = async |asked: &Asked<_>| -> Result<_> {
        Ok(Ban::read(asked.usual_json(payload).await?, asked.app().clock.now_ms())?)
    };
    let ban = asked.change(read, async |app, who, (_, _, id), ban| {
        user_access::ban(&app, &who, &id, ban).await
    });
    ban.await.ok()
}

pub(crate) async fn unban(asked: Asked<Member>) -> HttpResponse {
    let unban = asked.act(async |app, who, (_, _, id)| user_access::unban(&app, &who, &id).await);
    unban.await.ok()
}

pub(crate) async fn log_out(asked: Asked<Member>) -> HttpResponse {
    let log_out = asked.act(async |app, who, (_, _, id)| user_access::log_out(&app, &who, &id).await);
    log_out.await.ok()
}

pub(crate) async fn export(asked: Asked<Member>) -> HttpResponse {
    let export = asked.act(async |app, who, (_, _, id)| user_access::export(&app, &who, &id).await);
    export.await.ok()
}
