//! What was sent, as fields: the query of a GET, the JSON object or the component of a body.

use actix_web::{HttpRequest, web::Payload};

use super::{body, client};
use crate::{
    app::App,
    base::{error::Result, input::Fields},
    flows::steps::endpoint::{Access, BodyLimit, Flow, Method, Who},
};

/// The fields of a request that a flow reads.
pub(crate) async fn fields<F: Flow>(request: &HttpRequest, payload: Payload, app: &App) -> Result<Fields> {
    let has_fields = !F::ENDPOINT.fields.is_empty();
    match F::ENDPOINT.method {
        Method::Get => return Ok(Fields::of_query(client::query_pairs(request))),
        Method::Delete if !has_fields => return Ok(Fields::none()),
        // Every request of the auth API that can have a body has one, if an empty object.
        _ if !has_fields && F::Who::ACCESS == Access::Admin => return Ok(Fields::none()),
        _ => {}
    }
    let config = &app.config.http;
    Ok(match F::BODY {
        BodyLimit::Usual => Fields::new(body::json(request, payload, config.json_body_bytes).await?),
        BodyLimit::Bytes(bytes) => Fields::new(body::json(request, payload, bytes).await?),
        BodyLimit::Bundle => Fields::new(body::json(request, payload, config.component_body_bytes).await?),
        BodyLimit::Component => Fields::of_bytes(body::wasm(request, payload, config.component_body_bytes).await?),
    })
}
