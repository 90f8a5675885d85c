//! What somebody else wrote, as a page: it may show itself and do nothing, in a frame of this server's own pages.

use actix_web::{
    HttpRequest, HttpResponse,
    http::{
        StatusCode,
        header::{CONTENT_SECURITY_POLICY, X_FRAME_OPTIONS},
    },
    web::Data,
};

use super::handler;
use crate::{
    base::input::Fields,
    flows::admin::mails::GetMailHtml,
    http::wire::{
        answer::{self, Flows},
        client,
    },
};

/// `sandbox` makes it a page of no origin, without scripts, forms and windows.
const POLICY: &str = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; sandbox; frame-ancestors 'self'; \
                      base-uri 'none'; form-action 'none'";

/// The handler for the HTML body of a mail.
pub(crate) async fn mail(request: HttpRequest, flows: Data<Flows>) -> HttpResponse {
    let fields = async || Ok(Fields::of_query(client::query_pairs(&request)));
    match handler::run_with::<GetMailHtml>(&request, &flows, fields).await {
        Ok(html) => HttpResponse::Ok()
            .insert_header((CONTENT_SECURITY_POLICY, POLICY))
            .insert_header((X_FRAME_OPTIONS, "SAMEORIGIN"))
            .content_type("text/html; charset=utf-8")
            .body(html),
        Err(error) => answer::of::<()>(&request, StatusCode::OK, Err(error)),
    }
}
