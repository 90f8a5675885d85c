//! `wit/auth.wit` for the prelude.

use crate::{
    binding::{Ctx, Function, Object, Result},
    contract::auth::{self, EmailBody, EmailContent, UserRef},
    native::{json::Json, only_in_call, or_throw},
};

pub(super) fn install<'js>(ctx: &Ctx<'js>, host: &Object<'js>) -> Result<()> {
    host.set("authGetUser", Function::new(ctx.clone(), get_user)?)?;
    host.set("authUpdateUser", Function::new(ctx.clone(), update_user)?)?;
    host.set("authListSessions", Function::new(ctx.clone(), list_sessions)?)?;
    host.set("authRevokeSessions", Function::new(ctx.clone(), revoke_sessions)?)?;
    host.set("authSendTemplate", Function::new(ctx.clone(), send_template)?)?;
    host.set("authSendContent", Function::new(ctx.clone(), send_content)?)?;
    host.set("passwordVerify", Function::new(ctx.clone(), password_verify)?)?;
    host.set("passwordStrength", Function::new(ctx.clone(), password_strength)?)
}

fn get_user(ctx: Ctx<'_>, id: Option<String>, email: Option<String>) -> Result<Option<String>> {
    only_in_call(&ctx, "Aerocall.auth")?;
    let user = match (id, email) {
        (Some(id), _) => UserRef::Id(id),
        (None, email) => UserRef::Email(email.unwrap_or_default()),
    };
    or_throw(&ctx, auth::get_user(&user))
}

fn update_user(ctx: Ctx<'_>, id: String, Json(patch): Json) -> Result<String> {
    only_in_call(&ctx, "Aerocall.auth")?;
    or_throw(&ctx, auth::update_user(&id, &patch))
}

fn list_sessions<'js>(ctx: Ctx<'js>, user_id: String) -> Result<Vec<Object<'js>>> {
    only_in_call(&ctx, "Aerocall.auth")?;
    let sessions = or_throw(&ctx, auth::list_sessions(&user_id))?;
    let to_object = |session: &auth::Session| {
        let object = Object::new(ctx.clone())?;
        object.set("id", session.id.as_str())?;
        object.set("userId", session.user_id.as_str())?;
        object.set("createdAt", session.created_ms as f64)?;
        object.set("lastUsedAt", session.last_used_ms as f64)?;
        object.set("ip", session.ip.as_str())?;
        object.set("userAgent", session.user_agent.as_str())?;
        Ok(object)
    };
    sessions.iter().map(to_object).collect()
}

fn revoke_sessions(ctx: Ctx<'_>, user_id: String) -> Result<u32> {
    only_in_call(&ctx, "Aerocall.auth")?;
    or_throw(&ctx, auth::revoke_sessions(&user_id))
}

fn send_template(ctx: Ctx<'_>, to: String, template: String, Json(data): Json) -> Result<String> {
    only_in_call(&ctx, "Aerocall.auth")?;
    or_throw(&ctx, auth::send_email(&to, &EmailBody::Template((template, data))))
}

fn send_content(
    ctx: Ctx<'_>,
    to: String,
    subject: String,
    text: Option<String>,
    html: Option<String>,
) -> Result<String> {
    only_in_call(&ctx, "Aerocall.auth")?;
    or_throw(
        &ctx,
        auth::send_email(&to, &EmailBody::Content(EmailContent { subject, text, html })),
    )
}

fn password_verify(ctx: Ctx<'_>, handle: u32, user_id: String) -> Result<bool> {
    only_in_call(&ctx, "the password")?;
    or_throw(
        &ctx,
        auth::password_handle(handle).and_then(|password| password.verify(&user_id)),
    )
}

fn password_strength(ctx: Ctx<'_>, handle: u32) -> Result<u8> {
    only_in_call(&ctx, "the password")?;
    or_throw(
        &ctx,
        auth::password_handle(handle).and_then(|password| password.strength()),
    )
}
