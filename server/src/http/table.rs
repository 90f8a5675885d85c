//! Every endpoint of the server with what serves it. Routes, the OpenAPI document and the reference are made from this
//! list, so nothing is served that is not described.

use super::{admin::api as admin, auth::api as auth, site::api as site, wire::served::Served};

/// The whole list.
pub(super) fn all() -> Vec<Served> {
    auth::flows()
        .into_iter()
        .chain(admin::endpoints())
        .chain(site::endpoints())
        .collect()
}
