//! The admin API of secrets and of a project's settings, in its frame.

use actix_web::{HttpResponse, web::Payload};

use crate::{
    base::error::Result,
    flows::admin::settings,
    http::wire::frame::{Asked, Environment, Member},
    outbound::mail::MailSetting,
};

/// A value of 16 KiB, each byte of it as an escape of six.
const MAX_BYTES: usize = 128 << 10;

pub(crate) async fn http(asked: Asked<Environment>) -> HttpResponse {
    asked
        .show(async |app, scope, _| settings::http(app, &scope).await)
        .await
}

pub(crate) async fn put_http(asked: Asked<Environment>, payload: Payload) -> HttpResponse {
    let read =
        async |asked: &Asked<_>| -> Result<_> { Ok(settings::read_http(asked.json(payload, MAX_BYTES).await?)?) };
    let put = asked.change(read, async |app, who, _, hosts| {
        settings::put_http(&app, &who.scope, &who.by, hosts).await
    });
    put.await.ok()
}

pub(crate) async fn mail(asked: Asked<Environment>) -> HttpResponse {
    asked
        .show(async |app, scope, _| settings::mail(app, &scope).await)
        .await
}

pub(crate) async fn put_mail(asked: Asked<Environment>, payload: Payload) -> HttpResponse {
    let read = async |asked: &Asked<_>| -> Result<_> { Ok(MailSetting::read(asked.json(payload, MAX_BYTES).await?)?) };
    let put = asked.change(read, async |app, who, _, setting| {
        settings::put_mail(&app, &who.scope, &who.by, setting).await
    });
    put.await.ok()
}

pub(crate) async fn auth(asked: Asked<Environment>) -> HttpResponse {
    asked
        .show(async |app, scope, _| settings::auth(app, &scope).await)
        .await
}

pub(crate) async fn put_auth(asked: Asked<Environment>, payload: Payload) -> HttpResponse {
    let read = async |asked: &Asked<_>| asked.json(payload, MAX_BYTES).await;
    let put = asked.change(read, async |app, who, _, body| {
        settings::put_auth(&app, &who.scope, &who.by, body).await
    });
    put.await.ok()
}

pub(crate) async fn limits(asked: Asked<Environment>) -> HttpResponse {
    asked
        .show(async |app, scope, _| settings::limits(app, &scope).await)
        .await
}

pub(crate) async fn put_limits(asked: Asked<Environment>, payload: Payload) -> HttpResponse {
    let read =
        async |asked: &Asked<_>| -> Result<_> { Ok(settings::read_limits(asked.json(payload, MAX_BYTES).await?)?) };
    let put = asked.change(read, async |app, who, _, limits| {
        settings::put_limits(&app, &who.scope, &who.by, limits).await
    });
    put.await.ok()
}

pub(crate) async fn providers(asked: Asked<Environment>) -> HttpResponse {
    asked
        .show(async |app, scope, _| settings::providers(app, &scope).await)
        .await
}

pub(crate) async fn put_providers(asked: Asked<Environment>, payload: Payload) -> HttpResponse {
    let read = async |asked: &Asked<_>| asked.json(payload, MAX_BYTES).await;
    let put = asked.change(read, async |app, who, _, body| {
        settings::put_providers(&app, &who.scope, &who.by, body).await
    });
    put.await.ok()
}
