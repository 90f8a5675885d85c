//! The mail with the link of an invitation.

use aerocall_api_types::NewInvitation;

use crate::{app::App, base::ids::Slug, flows::admin::server_mail::Sender};

/// What the mail server said is for who runs this one: whoever invites may be a member of a project.
const NOT_SENT: &str = "the mail server of this installation did not take it; the log of the server says why";

/// The invitation with what became of its mail. It is good whether or not the mail was sent.
pub(super) async fn sent(app: &App, project: Option<&Slug>, made: NewInvitation) -> NewInvitation {
    let what = match (project, made.role) {
        (Some(project), Some(role)) => format!("the project {project} as {}", role.as_str()),
        _ => "the server as an administrator".to_owned(),
    };
    let text = format!(
        "You are invited to {what}, on {}.\n\nAccept here, within seven days:\n{}\n\nIf you do not know what this is, there is nothing to do.\n",
        app.config.public_url, made.link
    );
    match Sender::of(app).send(&made.email, "You are invited", &text).await {
        Ok(()) => NewInvitation {
            is_mailed: true,
            ..made
        },
        Err(error) => {
            tracing::warn!(
                invitation = made.id,
                problem = error.described(),
                "an invitation was not mailed"
            );
            NewInvitation {
                mail_problem: Some(NOT_SENT.to_owned()),
                ..made
            }
        }
    }
}
