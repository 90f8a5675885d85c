//! Apps in a browser come from another origin than this server: pages of any origin can call the auth API (CORS, Fetch standard).
//! A request is made with an API key and a token, which a page has to have, and never with a cookie; so a page can do nothing in the
//! name of somebody who only visits it.

use actix_cors::Cors;
use actix_web::http::{
    Method,
    header::{ETAG, RETRY_AFTER},
};

use super::{envelope, limits};

/// How long a browser need not ask again. Chromium asks after two hours all the same.
const MAX_AGE_SECONDS: usize = 24 * 60 * 60;

/// Whether apps in a browser ask for this path themselves. The admin API is for its own pages.
pub(crate) fn is_for_apps(path: &str) -> bool {
    path.starts_with("/auth/") || path == "/.well-known/jwks.json"
}

/// Answers what browsers ask before a request, and says that pages may read the answer to it. Without cookies: `*` allows none.
pub(crate) fn for_apps() -> Cors {
    Cors::default()
        .allow_any_origin()
        .send_wildcard()
        .allowed_methods([Method::GET, Method::POST, Method::PATCH, Method::DELETE])
        .allow_any_header()
        .expose_headers([envelope::REQUEST_ID, limits::POLICY, limits::LIMIT, RETRY_AFTER, ETAG])
        .max_age(MAX_AGE_SECONDS)
        // The answer is the same for every origin: caches need not tell them apart.
        .disable_vary_header()
}
