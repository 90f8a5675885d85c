//! `GET …/mails/{id}/html`

use aerocall_api_types::Permission;

use crate::{
    app::App,
    base::error::{Refusal, Result},
    flows::steps::endpoint::{Caller, Endpoint, EnvironmentAdmin, Flow, environment},
};

/// Shows the HTML body of a mail as a page that can do nothing.
pub(crate) struct GetMailHtml;

impl Flow for GetMailHtml {
    type Who = EnvironmentAdmin;
    type Input = ();
    /// The body, as it was composed.
    type Output = String;

    const NEEDS: Option<Permission> = Some(Permission::DataRead);
    const ENDPOINT: Endpoint = Endpoint::get(environment!("/mails/{id}/html"), "Preview the HTML body of a mail")
        .about("For a frame of the admin in the browser: scripts, forms, links to other windows and everything from other hosts are switched off by its Content-Security-Policy. A mail whose HTML body is deleted, or that has none, answers `not_found`.")
        .answers(200, "The HTML body.", "");

    async fn run(app: &App, caller: &Caller<EnvironmentAdmin>, (): ()) -> Result<String> {
        let (scope, id) = (caller.scope.clone(), caller.part("id")?.to_owned());
        let row = app.store.read(move |tx| tx.mail(&scope, &id)).await?;
        let html = row.and_then(|row| row.body_html);
        Ok(html.ok_or_else(Refusal::not_found)?)
    }
}
