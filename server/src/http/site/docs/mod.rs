//! `/docs`: the reference for people, written by the server from the list of endpoints and the list of error codes. Works
//! without scripts; its style sheet is its own.
//!
//! `html` escapes, `page` is what every page has, `endpoint` a section.

mod endpoint;
mod error_pages;
mod html;
mod page;

use actix_web::{
    HttpRequest, HttpResponse,
    http::{
        StatusCode,
        header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY},
    },
    web::{Data, Path},
};
use serde_json::Value;

use super::openapi;
use crate::{
    base::{
        error::{Problem, Refusal, Result},
        event, reference,
    },
    flows::admin::endpoints::Running,
    http::{
        table,
        wire::{
            answer::{self, Flows},
            client,
        },
    },
};
use html::Html;

/// A page loads its style sheet and nothing else.
const POLICY: &str =
    "default-src 'none'; style-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";
const STYLE: &str = include_str!("style.css");

/// `GET /docs`; with a project and its admin's bearer, with the hooks that run there.
pub(crate) async fn reference(request: HttpRequest, flows: Data<Flows>) -> HttpResponse {
    let run = async || -> Result<Option<Running>> {
        let query = client::query(&request);
        let named = |name: &str| query.get(name).and_then(Value::as_str);
        match (named("project"), named("environment")) {
            (None, None) => Ok(None),
            (Some(project), Some(environment)) => {
                let scope = client::admin_scope(&request, &flows.app, project, environment).await?;
                let running = flows.run(async move |app| Running::of(&app, &scope).await);
                Ok(Some(running.await?))
            }
            (project, _) => {
                let missing = if project.is_some() { "environment" } else { "project" };
                let problem = Problem {
                    field: missing.to_owned(),
                    problem: "is missing: project and environment must be sent together".to_owned(),
                };
                Err(Refusal::invalid_input(vec![problem]).into())
            }
        }
    };
    match run().await {
        Ok(running) => shown(&everything(running.as_ref()), running.is_none()),
        Err(error) => answer::of::<()>(&request, StatusCode::OK, Err(error)),
    }
}

/// `GET /docs/events.schema.json`: what is in each event, for programs.
pub(crate) async fn event_schema() -> HttpResponse {
    HttpResponse::Ok().json(event::schema())
}

pub(crate) async fn style() -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((CACHE_CONTROL, "public, max-age=300"))
        .content_type("text/css; charset=utf-8")
        .body(STYLE)
}

pub(crate) async fn errors() -> HttpResponse {
    shown(&error_pages::all(), true)
}

pub(crate) async fn error(request: HttpRequest, code: Path<String>) -> HttpResponse {
    match reference::by_name().get(code.as_str()) {
        Some(codes) => shown(&error_pages::one(&code, codes), true),
        None => answer::refused(&request, &Refusal::not_found()),
    }
}

/// A page that is the same for everybody may be kept.
fn shown(html: &Html, same_for_everybody: bool) -> HttpResponse {
    let mut answer = HttpResponse::Ok();
    if same_for_everybody {
        answer.insert_header((CACHE_CONTROL, "public, max-age=300"));
    }
    answer
        .insert_header((CONTENT_SECURITY_POLICY, POLICY))
        .content_type("text/html; charset=utf-8")
        .body(html.text().to_owned())
}

fn everything(running: Option<&Running>) -> Html {
    let served = table::all();
    let mut tags: Vec<String> = Vec::new();
    for one in &served {
        let tag = openapi::tag(one.endpoint);
        if !tags.contains(&tag) {
            tags.push(tag);
        }
    }
    let mut navigation = Html::default();
    let mut sections = Html::default();
    page::introduction(&mut sections, running);
    for tag in &tags {
        let of_tag = served.iter().filter(|one| openapi::tag(one.endpoint) == *tag);
        navigation.element("h2", "", tag).raw("<ul>");
        sections.element("h2", "tag", tag);
        for one in of_tag {
            endpoint::link(&mut navigation, one.endpoint);
            endpoint::section(&mut sections, one, running);
        }
        navigation.raw("</ul>");
    }
    page::whole("API reference", &navigation, &sections)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_has_every_endpoint_and_no_script() {
        let page = everything(None);
        for one in table::all() {
            let heading = format!("id=\"{}\"", endpoint::anchor(one.endpoint));
            assert_eq!(page.text().matches(&heading).count(), 1, "{heading}");
        }
        for script in ["<script", "javascript:", " onclick", " style=", "http-equiv"] {
            assert!(!page.text().contains(script), "{script}");
        }
    }

    #[test]
    fn every_link_of_the_page_leads_somewhere() {
        let page = everything(None);
        for target in page
            .text()
            .split("href=\"")
            .skip(1)
            .filter_map(|rest| rest.split('"').next())
        {
            let found = match target.split_once('#') {
                Some(("", anchor)) => page.text().contains(&format!("id=\"{anchor}\"")),
                _ => match target.strip_prefix("/docs/errors/") {
                    Some(code) => reference::by_name().contains_key(code),
                    None => table::all().iter().any(|one| one.endpoint.path == target),
                },
            };
            assert!(found, "{target} leads nowhere");
        }
    }
}
