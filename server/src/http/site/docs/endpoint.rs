//! One endpoint as a section of the reference.

use serde_json::Value;

use super::html::Html;
use crate::{
    flows::{
        admin::endpoints::{Place, Running, Status},
        steps::endpoint::{Access, Endpoint, Field, FieldKind, Method, Presence},
    },
    http::{
        site::openapi,
        wire::served::{Body, Served},
    },
};

/// Names the section in addresses.
pub(super) fn anchor(endpoint: &Endpoint) -> String {
    let words = endpoint
        .short_path()
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty());
    words.fold(endpoint.method.as_str().to_ascii_lowercase(), |anchor, word| {
        format!("{anchor}-{word}")
    })
}

/// The section's line in the navigation.
pub(super) fn link(html: &mut Html, endpoint: &Endpoint) {
    html.raw("<li>")
        .link(&format!("#{}", anchor(endpoint)), endpoint.summary)
        .raw("</li>");
}

pub(super) fn section(html: &mut Html, served: &Served, running: Option<&Running>) {
    let endpoint = served.endpoint;
    html.raw("<section id=\"").escaped(&anchor(endpoint)).raw("\"><h3>");
    html.link(&format!("#{}", anchor(endpoint)), endpoint.summary)
        .raw("</h3><p class=\"route\">");
    html.element("span", method_class(endpoint.method), endpoint.method.as_str());
    html.raw(" ").element("code", "", endpoint.path).raw("</p>");
    if !endpoint.about.is_empty() {
        html.raw("<p>").sentence(endpoint.about).raw("</p>");
    }
    html.raw("<p class=\"access\">").sentence(&access(served)).raw("</p>");
    fields(html, endpoint);
    if !endpoint.steps.is_empty() {
        html.raw("<h4>Hook points</h4>");
        let points = endpoint.steps.iter().flat_map(|step| [step.before(), step.after()]);
        places(html, points.map(|point| Place::at(point, running)));
    }
    if !endpoint.events.is_empty() {
        html.raw("<h4>Events</h4>");
        places(html, endpoint.events.iter().map(|event| Place::on(*event, running)));
    }
    html.raw("<h4>Example request</h4>").block(&curl(served));
    answer(html, served);
    errors(html, served);
    html.raw("</section>");
}

fn method_class(method: Method) -> &'static str {
    match method {
        Method::Get => "method get",
        Method::Delete => "method delete",
        Method::Post | Method::Put | Method::Patch => "method change",
    }
}

fn access(served: &Served) -> String {
    let requires = match served.access {
        Access::Open => "No authentication.",
        Access::Key => "Requires an API key in X-Aerocall-Key.",
        Access::User => "Requires an API key in X-Aerocall-Key and a user's access token as bearer token.",
        Access::Admin => {
            "Requires an admin token, a personal token or a secret key as bearer token, or the session of an account."
        }
        Access::Person => "Requires the session of an account, or a personal token as bearer token.",
        Access::Session => "Requires the session of an account.",
    };
    match served.needs.filter(|_| served.access == Access::Admin) {
        Some(needed) => format!("{requires} It needs the permission `{}`.", needed.as_str()),
        None => requires.to_owned(),
    }
}

fn fields(html: &mut Html, endpoint: &Endpoint) {
    if endpoint.fields.is_empty() {
        return;
    }
    let title = match endpoint.method {
        Method::Get => "Query parameters",
        _ => "Request body",
    };
    html.element("h4", "", title).raw("<dl>");
    for field in endpoint.fields {
        html.raw("<dt>")
            .element("code", "", field.name)
            .raw(" ")
            .element("span", "kind", &kind(field));
        match field.presence {
            Presence::Required => html.raw(" <span class=\"required\">required</span>"),
            Presence::Nullable => html.raw(" <span class=\"kind\">or null</span>"),
            Presence::Optional => &mut *html,
        };
        html.raw("</dt><dd>").sentence(field.about).raw("</dd>");
    }
    html.raw("</dl>");
}

fn kind(field: &Field) -> String {
    match field.kind {
        FieldKind::Email => "email address".to_owned(),
        FieldKind::Password => "password".to_owned(),
        FieldKind::Phone => "phone number, like +4930123456".to_owned(),
        FieldKind::Text(most) => format!("string of at most {most} characters"),
        FieldKind::Token => "token".to_owned(),
        FieldKind::Code => "code".to_owned(),
        FieldKind::Redirect => "redirect URL of the project".to_owned(),
        FieldKind::Flag => "boolean".to_owned(),
        FieldKind::Number(least, most) => format!("integer from {least} to {most}"),
        FieldKind::OneOf(words) => format!("one of {}", words.join(", ")),
        FieldKind::Object => "object".to_owned(),
        FieldKind::Client => "object { id?, version?, data? }".to_owned(),
        FieldKind::Component => "WebAssembly component".to_owned(),
        FieldKind::Form(fields) => {
            let names: Vec<&str> = fields.iter().map(|field| field.name).collect();
            format!("form with {}", names.join(", "))
        }
        FieldKind::Json(schema) => {
            let schema: Value = serde_json::from_str(schema).unwrap_or_default();
            match schema["type"].as_str() {
                Some("array") => "array".to_owned(),
                Some("string") => "string".to_owned(),
                _ => "value".to_owned(),
            }
        }
    }
}

fn places(html: &mut Html, places: impl Iterator<Item = Place>) {
    html.raw("<ul class=\"places\">");
    for place in places {
        html.raw("<li>").element("code", "", &place.name);
        match place.status {
            Status::Unknown => &mut *html,
            Status::Enabled => html.raw(" <span class=\"on\">enabled</span>"),
            Status::Disabled => html.raw(" <span class=\"off\">disabled</span>"),
            Status::None => html.raw(" <span class=\"off\">no hook</span>"),
        };
        let names = place.names();
        if !names.is_empty() {
            html.raw(" ").escaped(&names.join(", "));
        }
        html.raw("</li>");
    }
    html.raw("</ul>");
}

/// A request that can be typed, with the addresses and keys of nobody.
fn curl(served: &Served) -> String {
    let endpoint = served.endpoint;
    let mut lines = vec![match endpoint.method {
        Method::Get => format!("curl 'http://127.0.0.1:8080{}'", endpoint.path),
        method => format!("curl -X {} 'http://127.0.0.1:8080{}'", method.as_str(), endpoint.path),
    }];
    match served.access {
        Access::Open => {}
        Access::Key => lines.push("-H 'X-Aerocall-Key: pk_…'".to_owned()),
        Access::User => {
            lines.push("-H 'X-Aerocall-Key: pk_…'".to_owned());
            lines.push("-H 'Authorization: Bearer eyJ…'".to_owned());
        }
        Access::Admin => lines.push("-H 'Authorization: Bearer sk_…'".to_owned()),
        Access::Person => lines.push("-H 'Authorization: Bearer pat_…'".to_owned()),
        Access::Session => {
            lines.push("-b '__Host-aerocall_admin=ads_…'".to_owned());
            if endpoint.method != Method::Get {
                lines.push("-H 'Origin: http://127.0.0.1:8080' -H 'X-CSRF-Token: …'".to_owned());
            }
        }
    }
    if let [
        Field {
            kind: FieldKind::Component,
            ..
        },
    ] = endpoint.fields
    {
        lines.push("-H 'Content-Type: application/wasm'".to_owned());
        lines.push("--data-binary @dist/signup.wasm".to_owned());
    } else if !endpoint.example.is_empty() {
        lines.push("-H 'Content-Type: application/json'".to_owned());
        lines.push(format!("-d '{}'", endpoint.example.replace('\'', "'\\''")));
    }
    lines.join(" \\\n  ")
}

fn answer(html: &mut Html, served: &Served) {
    let answer = served.endpoint.answer;
    let status = match served.body {
        Body::JsonMaybeNew => "201, or 200 if it existed before".to_owned(),
        Body::JsonMaybeLater => format!("{}, or 202 if it must be confirmed first", answer.status),
        Body::JsonMaybeMissing => "200, or 503 if a service is not available".to_owned(),
        Body::Json | Body::Text(_) => answer.status.to_string(),
    };
    html.raw("<h4>Response</h4><p>")
        .element("strong", "", &status)
        .raw(" ")
        .sentence(answer.about)
        .raw("</p>");
    if let Ok(example) = serde_json::from_str::<Value>(answer.example) {
        html.block(&serde_json::to_string_pretty(&example).unwrap_or_default());
    }
}

fn errors(html: &mut Html, served: &Served) {
    html.raw("<details><summary>Error codes</summary><ul class=\"codes\">");
    for code in openapi::codes(served) {
        html.raw("<li>")
            .element("span", "status", &code.status.to_string())
            .raw(" ");
        html.link(&format!("/docs/errors/{}", code.name), code.name)
            .raw("</li>");
    }
    html.raw("</ul></details>");
}
