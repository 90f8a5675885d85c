//! The endpoints of the admin API: what each is for, and the handler that serves it. One entry here is a route, a path of
//! the OpenAPI document and a section of the reference.

use actix_web::web;

use super::{
    api,
    describe::{environment, served},
    event_api, examples, mails, settings_api,
};
use crate::{
    flows::steps::endpoint::{Endpoint, Field, FieldKind, Method},
    http::wire::served::Served,
};

/// Everything the admin API serves.
pub(crate) fn endpoints() -> Vec<Served> {
    [
        api::endpoints(),
        settings_api::endpoints(),
        all_mails(),
        templates(),
        event_api::endpoints(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn all_mails() -> Vec<Served> {
    const LIST: Endpoint = Endpoint::get(environment!("/mails"), "List mails")
        .about("Mails that are waiting, sent, captured or failed, newest first.")
        .fields(&[
            Field::optional(
                "limit",
                FieldKind::Number(1, 100),
                "Number of items per page; 50 if omitted.",
            ),
            Field::optional(
                "before",
                FieldKind::Text(100),
                "Cursor: the id of the last mail on the previous page.",
            ),
        ])
        .answers(200, "The mails without their bodies.", examples::MAILS);
    const ONE: Endpoint = Endpoint::get(environment!("/mails/{id}"), "Get a mail").answers(
        200,
        "The mail. Its bodies are included while it is waiting, and afterwards only if it was captured; the bodies of sent mails are deleted.",
        examples::MAIL,
    );
    vec![
        served(const { &LIST }, || web::get().to(mails::list)),
        served(const { &ONE }, || web::get().to(mails::one)),
    ]
}

fn templates() -> Vec<Served> {
    const LIST: Endpoint = Endpoint::get(environment!("/mail-templates"), "List mail templates").answers(
        200,
        "The mail templates.",
        examples::TEMPLATES,
    );
    const ONE: Endpoint = Endpoint::get(environment!("/mail-templates/{name}"), "Get a mail template").answers(
        200,
        "The mail template.",
        examples::TEMPLATE,
    );
    const PUT: Endpoint = Endpoint::plain(
        Method::Put,
        environment!("/mail-templates/{name}"),
        "Create or replace a mail template",
    )
    .about("At least one of `text` and `html` is required. An environment has at most 100 templates.")
    .fields(&[
        Field::required("subject", FieldKind::Text(100_000), "Template of the subject."),
        Field::optional("text", FieldKind::Text(500_000), "Template of the plain-text body."),
        Field::optional(
            "html",
            FieldKind::Text(500_000),
            "Template of the HTML body; inserted values are escaped.",
        ),
    ])
    .example(r#"{"subject":"Welcome, {{ name }}","text":"Hello {{ name }}"}"#)
    .answers(201, "The mail template.", examples::TEMPLATE)
    .errors(&["limit_reached"]);
    const DELETE: Endpoint = Endpoint::plain(
        Method::Delete,
        environment!("/mail-templates/{name}"),
        "Delete a mail template",
    )
    .answers(200, "The name of what was deleted.", examples::DELETED);
    vec![
        served(const { &LIST }, || web::get().to(mails::templates)),
        served(const { &ONE }, || web::get().to(mails::template)),
        served(const { &PUT }, || web::put().to(mails::put_template)),
        served(const { &DELETE }, || web::delete().to(mails::delete_template)),
    ]
}

pub(super) const LIMIT: Field = Field::optional(
    "limit",
    FieldKind::Number(1, 200),
    "Number of items per page; 50 if omitted.",
);
pub(super) const BEFORE: Field = Field::optional(
    "before",
    FieldKind::Text(200),
    "Cursor: the id of the last item on the previous page.",
);
