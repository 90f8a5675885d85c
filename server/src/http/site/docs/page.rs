//! What every page of the reference has.

use super::{Running, html::Html};

/// Head, navigation, content.
pub(super) fn whole(title: &str, navigation: &Html, content: &Html) -> Html {
    let mut page = Html::default();
    page.raw("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">")
        .raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")
        .raw("<meta name=\"color-scheme\" content=\"light dark\"><title>")
        .escaped(title)
        .raw(" · Aerocall</title><link rel=\"stylesheet\" href=\"/docs/style.css\"></head><body>")
        .raw("<a class=\"skip\" href=\"#content\">Skip to the content</a>")
        .raw(
            "<nav aria-label=\"API reference\"><p class=\"brand\"><a href=\"/docs\">Aerocall</a></p><ul class=\"top\">",
        )
        .raw("<li><a href=\"/docs/errors\">Error codes</a></li><li><a href=\"/openapi.json\">OpenAPI 3.1</a></li></ul>")
        .piece(navigation)
        .raw("</nav><main id=\"content\">")
        .piece(content)
        .raw("</main></body></html>\n");
    page
}

/// The beginning of the reference.
pub(super) fn introduction(html: &mut Html, running: Option<&Running>) {
    html.raw("<h1>API reference</h1>")
        .raw("<p>Requests and responses are JSON in UTF-8. The auth API requires an API key in <code>X-Aerocall-Key</code>; endpoints ")
        .raw("of a signed-in user also require the access token in <code>Authorization: Bearer</code>. The admin API requires an ")
        .raw("admin token or a secret key in <code>Authorization: Bearer</code>. Every response has an <code>X-Request-Id</code>; ")
        .raw("errors have <a href=\"/docs/errors\">one format with a stable code</a>. ")
        .raw("Each endpoint lists its hook points, where lifecycle hooks run, and the events that it emits.</p>");
    if let Some(running) = running {
        html.raw("<p class=\"note\">With the hooks that run in ")
            .element("strong", "", &running.name())
            .raw(".</p>");
    }
}
