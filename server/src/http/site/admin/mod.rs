//! `/admin`: the admin in the browser. Its files are given to the server when it starts; without them one page says how to build
//! them. No endpoint: what is below `/admin/api` is the admin API alone.
//!
//! `files`: what is served; `encoding`: in which form.

mod encoding;
mod files;

use actix_web::{
    HttpRequest, HttpResponse,
    http::{
        StatusCode,
        header::{
            ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, HeaderName, HeaderValue, VARY,
        },
    },
    web::{Bytes, Data},
};
use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD};

use self::encoding::Encoding;
pub use files::PageFile;
pub(crate) use files::Pages;

use crate::{
    base::{
        crypto::secret,
        error::{Refusal, Result},
    },
    http::wire::{answer, client},
};

/// Every path of the admin in the browser.
pub(crate) const PATHS: [&str; 2] = ["/admin", "/admin/{path:.*}"];

/// What the pages may load: what this server serves, and styles with the nonce. The editor writes styles into attributes.
const POLICY: &str = "default-src 'none'; script-src 'self'; worker-src 'self'; connect-src 'self'; img-src 'self' data:; \
                      font-src 'self'; style-src-elem 'self' 'nonce-{nonce}'; style-src-attr 'unsafe-inline'; frame-src 'self'; \
                      frame-ancestors 'none'; base-uri 'none'; form-action 'self'";
/// A worker does not have the policy of its page, but that of its own file: it takes parts of itself from this server, and asks it.
const SCRIPT_POLICY: &str = "default-src 'none'; script-src 'self'; connect-src 'self'; frame-ancestors 'none'";
/// Where the page has its nonce, for what makes styles in it.
const NONCE: &str = "__NONCE__";
/// The page of a server without pages loads nothing.
const MISSING_POLICY: &str = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";
const MISSING: &str = "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Aerocall</title></head><body>\
    <h1>The admin is not part of this program</h1>\
    <p>It was built without the pages of the admin. In the source tree, <code>make admin</code> builds them (it needs Node.js 20), \
    and the next build of the program contains them: <code>make run</code> does both.</p>\
    <p>The admin API is served: <a href=\"/docs\">API reference</a>.</p></body></html>\n";

/// Whether a path is one of the admin API, which no page hides.
pub(crate) fn is_api(path: &str) -> bool {
    path.strip_prefix("/admin/api")
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Serves a file, or the page, which reads the rest of the path itself.
pub(crate) async fn serve(request: HttpRequest, pages: Data<Pages>) -> HttpResponse {
    let path = request.match_info().get("path").unwrap_or_default();
    if let Some(file) = pages.file(path) {
        return of_file(&request, file);
    }
    if files::is_hashed(path) {
        // Of another build: a page instead of a script would be taken for one.
        return answer::refused(&request, &Refusal::not_found());
    }
    match pages.index() {
        Some(index) => page(index).unwrap_or_else(|error| answer::of::<()>(&request, StatusCode::OK, Err(error))),
        None => HttpResponse::Ok()
            .insert_header((CONTENT_SECURITY_POLICY, MISSING_POLICY))
            .content_type("text/html; charset=utf-8")
            .body(MISSING),
    }
}

/// The page, with a nonce of its own.
fn page(index: &str) -> Result<HttpResponse> {
    let nonce = STANDARD_NO_PAD.encode(secret::random::<16>()?.as_slice());
    Ok(HttpResponse::Ok()
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header((CONTENT_SECURITY_POLICY, POLICY.replace("{nonce}", &nonce)))
        .insert_header((
            HeaderName::from_static("cross-origin-opener-policy"),
            HeaderValue::from_static("same-origin"),
        ))
        .content_type("text/html; charset=utf-8")
        .body(index.replace(NONCE, &nonce)))
}

fn of_file(request: &HttpRequest, file: &PageFile) -> HttpResponse {
    let accepted = client::text_header(request, ACCEPT_ENCODING.as_str()).unwrap_or_default();
    let (encoding, bytes) = encoding::choose(file, accepted);
    let kept = match files::is_hashed(file.path) {
        true => "public, max-age=31536000, immutable",
        false => "no-cache",
    };
    let mut answer = HttpResponse::Ok();
    answer
        .content_type(file.content_type)
        .insert_header((CACHE_CONTROL, kept))
        .insert_header((VARY, "accept-encoding"));
    if file.is_script() {
        answer.insert_header((CONTENT_SECURITY_POLICY, SCRIPT_POLICY));
    }
    if let Encoding::Compressed(name) = encoding {
        answer.insert_header((CONTENT_ENCODING, name));
    }
    answer.body(Bytes::from_static(bytes))
}
