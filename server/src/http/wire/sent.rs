//! What was sent, as fields: the query of a GET, the JSON object or the component of a body.

use actix_web::{HttpRequest, web::Payload};

use super::{
    body::{self, Most},
    client,
};
use crate::{
    app::App,
    base::{error::Result, input::Fields},
    flows::steps::endpoint::{BodyLimit, Flow, Method},
};

/// The fields of a request that a flow reads.
pub(crate) fn fields<F: Flow>(
    request: &HttpRequest,
    payload: Payload,
    app: &App,
) -> impl Future<Output = Result<Fields>> {
    read(F::ENDPOINT.method, F::BODY, request, payload, app)
}

async fn read(method: Method, limit: BodyLimit, request: &HttpRequest, payload: Payload, app: &App) -> Result<Fields> {
    if method == Method::Get {
        return Ok(Fields::of_query(client::query_pairs(request)));
    }
    let config = &app.config.http;
    let usual = |bytes| Most {
        bytes,
        time: config.body,
    };
    let large = Most {
        bytes: config.component_body_bytes,
        time: config.component_body,
    };
    Ok(match limit {
        BodyLimit::Nothing => Fields::none(),
        BodyLimit::Usual => Fields::new(body::json(request, payload, usual(config.json_body_bytes)).await?),
        BodyLimit::UsualOrNothing if body::is_nothing(request) => Fields::none(),
        BodyLimit::UsualOrNothing => Fields::new(body::json(request, payload, usual(config.json_body_bytes)).await?),
        BodyLimit::Bytes(bytes) => Fields::new(body::json(request, payload, usual(bytes)).await?),
        BodyLimit::Bundle => Fields::new(body::json(request, payload, large).await?),
        BodyLimit::ComponentOrJson => match body::is_json(request) {
            true => Fields::new(body::json(request, payload, usual(config.json_body_bytes)).await?),
            false => {
                let bytes = body::wasm(request, payload, large).await?;
                Fields::of_query(client::query_pairs(request)).with_bytes(bytes)
            }
        },
    })
}
