//! `aerocall mails`: the mails of an environment and the templates that replace them, over the admin API.

use std::path::PathBuf;

use aerocall_api_types::{Deleted, Mail, MailDetail, MailList, MailTemplate, MailTemplateList};
use serde_json::{Map, Value};

use crate::{
    Failed, documents,
    manage::{Common, Page, Request, confirmed, deleted, given, more},
    output::word,
    terminal::{self, plain},
};

#[derive(clap::Args)]
#[command(after_help = "Examples:\n  \
    aerocall mails list --limit 5\n  \
    aerocall mails show mail_01…\n  \
    aerocall mails set-template magic-link --subject \"Your link\" --text-file magic-link.txt\n  \
    aerocall mails delete-template magic-link --confirm magic-link")]
pub(crate) struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(clap::Subcommand)]
enum Action {
    /// List mails, newest first
    List {
        #[command(flatten)]
        page: Page,
        #[command(flatten)]
        common: Common,
    },
    /// Show a mail; its text only where no mail server is configured
    Show {
        /// Id of the mail
        mail: String,
        #[command(flatten)]
        common: Common,
    },
    /// List the templates that replace the server's own mails
    Templates {
        #[command(flatten)]
        common: Common,
    },
    /// Show a template
    Template {
        /// Name of the mail, such as confirm-email
        name: String,
        #[command(flatten)]
        common: Common,
    },
    /// Create or replace a template
    SetTemplate {
        /// Name of the mail, such as confirm-email
        name: String,
        /// Subject, with placeholders such as {{ app }}
        #[arg(long)]
        subject: String,
        /// File with the text, or `-` for standard input
        #[arg(long)]
        text_file: Option<PathBuf>,
        /// File with the HTML, or `-` for standard input
        #[arg(long)]
        html_file: Option<PathBuf>,
        #[command(flatten)]
        common: Common,
    },
    /// Delete a template: the server's own mail is sent again
    DeleteTemplate {
        /// Name of the mail
        name: String,
        /// The name once more, so that nothing is deleted by mistake
        #[arg(long)]
        confirm: String,
        #[command(flatten)]
        common: Common,
    },
}

pub(crate) async fn run(arguments: Arguments) -> Result<(), Failed> {
    const TEMPLATES: &str = "mail-templates";
    match arguments.action {
        Action::List { page, common } => {
            let request = Request::new("GET", &["mails"]).page(page);
            common.of_environment(request, list).await
        }
        Action::Show { mail, common } => {
            common
                .of_environment(Request::new("GET", &["mails", &mail]), whole)
                .await
        }
        Action::Templates { common } => {
            common
                .of_environment(Request::new("GET", &[TEMPLATES]), templates)
                .await
        }
        Action::Template { name, common } => {
            let request = Request::new("GET", &[TEMPLATES, &name]);
            common.of_environment(request, template).await
        }
        Action::SetTemplate {
            name,
            subject,
            text_file,
            html_file,
            common,
        } => {
            let read = |file: Option<PathBuf>| file.map(|file| documents::text(&file)).transpose();
            let parts = [("text", read(text_file)?), ("html", read(html_file)?)];
            let body: Map<String, Value> = given([("subject", Some(subject))]).chain(given(parts)).collect();
            let request = Request::new("PUT", &[TEMPLATES, &name]).with(Value::Object(body));
            common.of_environment(request, kept).await
        }
        Action::DeleteTemplate { name, confirm, common } => {
            confirmed(&name, &confirm)?;
            let request = Request::new("DELETE", &[TEMPLATES, &name]);
            common.of_environment::<Deleted>(request, deleted).await
        }
    }
}

fn list(list: &MailList) {
    list.mails.iter().for_each(show);
    more(list.next.as_deref());
}

fn show(mail: &Mail) {
    let error = mail.error.as_ref().map(|error| format!("  {}", plain(error)));
    terminal::answer(format!(
        "{}  {}  {}  {}  {}{}",
        plain(&mail.id),
        plain(mail.created_at.as_str()),
        word(&mail.state),
        plain(&mail.to),
        plain(&mail.subject),
        error.unwrap_or_default()
    ));
}

fn whole(mail: &MailDetail) {
    show(&mail.mail);
    if let Some(text) = &mail.text {
        terminal::answer(plain(text));
    }
}

fn templates(list: &MailTemplateList) {
    list.templates.iter().for_each(kept);
}

fn template(template: &MailTemplate) {
    kept(template);
    for part in [&template.text, &template.html].into_iter().flatten() {
        terminal::answer(plain(part));
    }
}

fn kept(template: &MailTemplate) {
    terminal::answer(format!(
        "{}  {}  since {}",
        plain(&template.name),
        plain(&template.subject),
        plain(template.updated_at.as_str())
    ));
}
