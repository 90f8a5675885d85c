//! The admin API of mails and their templates, in its frame.

use actix_web::{HttpResponse, web::Payload};
use serde_json::json;

use crate::{
    base::error::Result,
    flows::admin::{mail_templates as templates, mails},
    http::wire::{
        client,
        frame::{Asked, Environment, Member},
    },
};

/// Two bodies of a template and a subject, escapes included.
const MAX_BYTES: usize = 512 << 10;

pub(crate) async fn list(asked: Asked<Environment>) -> HttpResponse {
    let page = client::query(asked.request());
    let show = asked.show(async |app, scope, _| mails::list(app, &scope, mails::Page::read(page)?).await);
    show.await
}

pub(crate) async fn one(asked: Asked<Member>) -> HttpResponse {
    let show = asked.show(async |app, scope, (_, _, id)| mails::one(app, &scope, id).await);
    show.await
}

pub(crate) async fn templates(asked: Asked<Environment>) -> HttpResponse {
    let show = asked.show(async |app, scope, _| Ok(json!({ "templates": templates::list(app, &scope).await? })));
    show.await
}

pub(crate) async fn template(asked: Asked<Member>) -> HttpResponse {
    let show = asked.show(async |app, scope, (_, _, name)| templates::one(app, &scope, templates::name(name)?).await);
    show.await
}

pub(crate) async fn put_template(asked: Asked<Member>, payload: Payload) -> HttpResponse {
    let read = async |asked: &Asked<Member>| -> Result<_> {
        let name = templates::name(asked.name())?;
        Ok((name, templates::read(asked.json(payload, MAX_BYTES).await?)?))
    };
    let put = asked.change(read, async |app, who, _, (name, parts)| {
        templates::put(&app, &who.scope, who.by, name, parts).await
    });
    put.await.put()
}

pub(crate) async fn delete_template(asked: Asked<Member>) -> HttpResponse {
    let read = async |asked: &Asked<Member>| templates::name(asked.name());
    let delete = asked.change(read, async |app, who, _, name| {
        let deleted = name.as_str().to_owned();
        templates::delete(&app, &who.scope, who.by, name).await?;
        Ok(json!({ "deleted": deleted }))
    });
    delete.await.ok()
}
