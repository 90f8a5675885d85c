//! The error codes as pages.

use super::{html::Html, page};
use crate::base::reference::{
    Area,
    errors::{self, Code},
};

/// Every code, by where it is met.
pub(super) fn all() -> Html {
    let mut content = Html::default();
    content
        .raw("<h1>Error codes</h1><p>Every error response has this format:</p>")
        .block(r#"{ "error": { "code": "invalid_input", "message": "…", "request_id": "req_…", "hook": "gate",
    "details": [{ "field": "email", "problem": "…" }] } }"#)
        .raw("<p><code>code</code> is stable; programs should use it. <code>message</code> is meant for people and may change. ")
        .raw("<code>request_id</code> is also in the header <code>X-Request-Id</code> and identifies the request in the server's log. ")
        .raw("A request whose response has <code>Retry-After</code> may succeed unchanged after that many seconds.</p>");
    for area in Area::ALL {
        content
            .element("h2", "", area.title())
            .raw("<p>")
            .sentence(area.about())
            .raw("</p>");
        content.raw("<table><thead><tr><th scope=\"col\">Status</th><th scope=\"col\">Code</th><th scope=\"col\">Meaning</th></tr></thead><tbody>");
        for code in errors::ALL.iter().filter(|code| code.area == area) {
            content.raw("<tr><td>").escaped(&status(code)).raw("</td><td>");
            content.link(&format!("/docs/errors/{}", code.name), code.name);
            content.raw("</td><td>").sentence(code.meaning).raw("</td></tr>");
        }
        content.raw("</tbody></table>");
    }
    page::whole("Error codes", &Html::default(), &content)
}

/// One code; it may be met in two places.
pub(super) fn one(name: &str, codes: &[&Code]) -> Html {
    let mut content = Html::default();
    content.raw("<h1><code>").escaped(name).raw("</code></h1>");
    for code in codes {
        content.element("h2", "", code.area.title());
        if code.status > 0 {
            content
                .raw("<p>Status ")
                .element("strong", "", &status(code))
                .raw("</p>");
        }
        content.raw("<h3>Meaning</h3><p>").sentence(code.meaning).raw("</p>");
        content.raw("<h3>What to do</h3><p>").sentence(code.remedy).raw("</p>");
    }
    content.raw("<p><a href=\"/docs/errors\">All error codes</a></p>");
    page::whole(name, &Html::default(), &content)
}

fn status(code: &Code) -> String {
    match code.status {
        0 => String::new(),
        status => status.to_string(),
    }
}
