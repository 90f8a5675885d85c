//! `GET /admin/api/v1/mail-templates`

use aerocall_api_types::{MailVariable, OwnMailTemplate, OwnMailTemplateList, Permission};

use crate::{
    app::App,
    base::error::Result,
    flows::steps::{
        account_mail::AccountMail,
        endpoint::{AnyAdmin, Caller, Endpoint, Flow},
    },
};

/// Lists the mails of the server itself, which templates of a project take the place of.
pub(crate) struct ListOwnMailTemplates;

/// What every one of them is given.
const VARIABLES: [(&str, &str); 7] = [
    (
        "app",
        "Name of the app in the settings of accounts; the project if it has none.",
    ),
    ("email", "Address of the account."),
    (
        "link",
        "Link to be opened; null if the project has no redirect URL, or the mail no link.",
    ),
    ("token", "What the link carries; null if the mail has none."),
    ("code", "One-time code; null if the mail has none."),
    ("minutes", "For how many minutes link or code work."),
    ("validity", "The same in words: 24 hours."),
];

impl Flow for ListOwnMailTemplates {
    type Who = AnyAdmin;
    type Input = ();
    type Output = OwnMailTemplateList;

    const NEEDS: Option<Permission> = Some(Permission::ProjectRead);
    const ENDPOINT: Endpoint = Endpoint::get("/admin/api/v1/mail-templates", "List the server's own mail templates")
        .about("The mails that the server sends by itself. A template of an environment with one of these names takes its place. The same for every project.")
        .answers(
            200,
            "The templates.",
            r#"{"templates": [{"name": "otp", "about": "A one-time code was requested.", "subject": "Your code: {{ code }}", "text": "Your code is {{ code }}.", "html": null, "variables": [{"name": "code", "about": "One-time code; null if the mail has none.", "sample": "123456"}]}]}"#,
        );

    async fn run(_: &App, _: &Caller<AnyAdmin>, (): ()) -> Result<OwnMailTemplateList> {
        Ok(OwnMailTemplateList {
            templates: AccountMail::ALL.into_iter().map(document).collect(),
        })
    }
}

fn document(mail: AccountMail) -> OwnMailTemplate {
    let (parts, sample) = (mail.own(), mail.sample());
    let variable = |(name, about): (&str, &str)| MailVariable {
        name: name.to_owned(),
        about: about.to_owned(),
        sample: sample[name].clone(),
    };
    OwnMailTemplate {
        name: mail.name().to_owned(),
        about: mail.about().to_owned(),
        subject: parts.subject,
        text: parts.text,
        html: parts.html,
        variables: VARIABLES.into_iter().map(variable).collect(),
    }
}
