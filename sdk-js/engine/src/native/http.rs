//! `wit/http.wit` for the prelude: a list of requests in, a list of answers or errors out.

use crate::{
    binding::{Ctx, Function, Object, Result, TypedArray, convert::List},
    contract::{
        http::{self, Redirect, Request, Response},
        types,
    },
    native::{bytes, code, only_in_call},
};

pub(super) fn install<'js>(ctx: &Ctx<'js>, host: &Object<'js>) -> Result<()> {
    host.set("httpSend", Function::new(ctx.clone(), send)?)
}

/// Each request: `{ method, url, headers: [[name, text]], body?: Uint8Array, timeoutMs?, redirect }`.
/// Each answer: `{ status, headers, body, url }` or `{ error: { code, message, retryable } }`.
fn send<'js>(ctx: Ctx<'js>, requests: Vec<Object<'js>>) -> Result<Vec<Object<'js>>> {
    only_in_call(&ctx, "fetch")?;
    let requests = requests.iter().map(request).collect::<Result<Vec<_>>>()?;
    http::send(&requests)
        .into_iter()
        .map(|answer| object(&ctx, answer))
        .collect()
}

fn request(from: &Object<'_>) -> Result<Request> {
    let headers: Vec<List<(String, String)>> = from.get("headers")?;
    let redirect: String = from.get("redirect")?;
    let body: Option<TypedArray<'_, u8>> = from.get("body")?;
    Ok(Request {
        method: from.get("method")?,
        url: from.get("url")?,
        headers: headers.into_iter().map(|List(pair)| pair).collect(),
        body: body.as_ref().map(bytes),
        timeout_ms: from.get("timeoutMs")?,
        redirect: match redirect.as_str() {
            "manual" => Redirect::Manual,
            "error" => Redirect::Error,
            _ => Redirect::Follow,
        },
    })
}

fn object<'js>(ctx: &Ctx<'js>, answer: std::result::Result<Response, types::Error>) -> Result<Object<'js>> {
    let object = Object::new(ctx.clone())?;
    match answer {
        Ok(response) => {
            object.set("status", response.status)?;
            object.set("url", response.url)?;
            object.set("headers", response.headers.into_iter().map(List).collect::<Vec<_>>())?;
            object.set("body", TypedArray::new(ctx.clone(), response.body)?)?;
        }
        Err(refused) => {
            let error = Object::new(ctx.clone())?;
            error.set("code", code(refused.code))?;
            error.set("message", refused.message)?;
            error.set("retryable", refused.retryable)?;
            object.set("error", error)?;
        }
    }
    Ok(object)
}
