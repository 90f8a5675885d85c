//! What the hook function receives: context, payload and the SDK, as JavaScript values.

use crate::{
    binding::{Ctx, Function, Object, Result, Value},
    contract::types::{Call, Context, RequestInfo},
    json,
};

/// `(context, payload, Aerocall)`.
pub(crate) fn arguments<'js>(
    ctx: &Ctx<'js>,
    internals: &Object<'js>,
    call: &Call,
) -> Result<(Object<'js>, Value<'js>, Value<'js>)> {
    let context = context(ctx, &call.context)?;
    let mut payload = json::parse(ctx, &call.payload)?;
    if needs_revival(&payload)? {
        let revive: Function<'js> = internals.get("revivePayload")?;
        payload = revive.call((payload,))?;
    }
    Ok((context, payload, internals.get("Aerocall")?))
}

/// Whether the payload names a host object that becomes a handle: the password.
fn needs_revival(payload: &Value<'_>) -> Result<bool> {
    match payload.as_object() {
        Some(object) => object.contains_key("password"),
        None => Ok(false),
    }
}

fn context<'js>(ctx: &Ctx<'js>, from: &Context) -> Result<Object<'js>> {
    let object = Object::new(ctx.clone())?;
    object.set("projectId", from.project_id.as_str())?;
    object.set("environment", from.environment.as_str())?;
    object.set("requestId", from.request_id.as_str())?;
    object.set("invocationId", from.invocation_id.as_str())?;
    object.set("hook", from.hook.as_str())?;
    object.set("endpoint", from.endpoint.as_str())?;
    object.set("time", iso_8601(from.time_ms))?;
    object.set("attempt", from.attempt)?;
    let version = Object::new(ctx.clone())?;
    version.set("number", from.version.number)?;
    version.set("digest", from.version.digest.as_str())?;
    object.set("version", version)?;
    if let Some(request) = &from.request {
        object.set("request", request_info(ctx, request)?)?;
    }
    Ok(object)
}

fn request_info<'js>(ctx: &Ctx<'js>, from: &RequestInfo) -> Result<Object<'js>> {
    let object = Object::new(ctx.clone())?;
    object.set("ip", from.ip.as_str())?;
    object.set("userAgent", from.user_agent.as_str())?;
    object.set("method", from.method.as_str())?;
    object.set("path", from.path.as_str())?;
    object.set("locale", from.locale.as_str())?;
    let headers = Object::new(ctx.clone())?;
    for (name, value) in &from.headers {
        headers.set(name.as_str(), value.as_str())?;
    }
    object.set("headers", headers)?;
    Ok(object)
}

/// `2026-11-23T20:00:00.000Z`, the form of `Date.prototype.toISOString`. Civil-from-days after Howard Hinnant.
fn iso_8601(time_ms: u64) -> String {
    let (days, ms) = (time_ms / 86_400_000, time_ms % 86_400_000);
    let shifted = days + 719_468;
    let era = shifted / 146_097;
    let day_of_era = shifted % 146_097;
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 {
        shifted_month + 3
    } else {
        shifted_month - 9
    };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    let (hour, minute, second, millis) = (ms / 3_600_000, ms / 60_000 % 60, ms / 1000 % 60, ms % 1000);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{millis:03}Z")
}
