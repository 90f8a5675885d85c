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
        .raw("<nav aria-label=\"Reference\"><p class=\"brand\"><a href=\"/docs\">Aerocall</a></p><ul class=\"top\">")
        .raw("<li><a href=\"/docs/errors\">Error codes</a></li><li><a href=\"/openapi.json\">OpenAPI 3.1</a></li></ul>")
        .piece(navigation)
        .raw("</nav><main id=\"content\">")
        .piece(content)
        .raw("</main></body></html>\n");
    page
}

/// The beginning of the reference.
pub(super) fn introduction(html: &mut Html, running: Option<&Running>) {
    html.raw("<h1>Reference</h1>")
        .raw("<p>Requests and answers are JSON in UTF-8. The auth API is opened by the key of a project in <code>X-Aerocall-Key</code>, ")
        .raw("what belongs to a user by the access token in <code>Authorization: Bearer</code> beside it, and the admin API by an ")
        .raw("admin token or a secret key in <code>Authorization: Bearer</code>. Every answer has an <code>X-Request-Id</code>, ")
        .raw("and what is refused has <a href=\"/docs/errors\">one envelope and a code</a>. ")
        .raw("Hooks stand before and after the steps that an endpoint lists.</p>");
    if let Some(running) = running {
        html.raw("<p class=\"note\">Shown with the hooks that run in ")
            .element("strong", "", &running.name())
            .raw(".</p>");
    }
}
