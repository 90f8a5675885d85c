//! The mail with the link of an invitation.

use aerocall_api_types::NewInvitation;
use aerocall_contract::errors;

use crate::{
    app::App,
    base::{
        error::{Error, Refusal, Result, chain},
        ids::{Scope, Slug},
        input::Email,
    },
    domain::project::RateRules,
    flows::{
        admin::server_mail::{self, Sender},
        steps::endpoint::{Caller, Who},
    },
    security::limits::Claim,
};

/// Refuses what cannot be mailed before there is an invitation.
pub(super) async fn check<W: Who>(app: &App, caller: &Caller<W>, email: &Email) -> Result<()> {
    if !server_mail::is_set_up(app) {
        let message = "This server has no mail server of its own: leave `mail` out and hand the link over yourself";
        return Err(Refusal::new(errors::NO_MAIL_SERVER, message).into());
    }
    let claim = Claim {
        scope: &Scope::server(),
        rules: &RateRules::DEFAULT,
        account: email.normal(),
        ip: &caller.request.ip,
    };
    Ok(app.limits.sends(claim).await?)
}

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
            let problem = match &error {
                Error::Unexpected(error) => chain(error),
                Error::Refused(refusal) => refusal.message.to_string(),
            };
            tracing::warn!(invitation = made.id, problem, "an invitation was not mailed");
            NewInvitation {
                mail_problem: Some(problem),
                ..made
            }
        }
    }
}
