//! `POST /admin/api/v1/invitations` and `POST /admin/api/v1/projects/{project}/invitations`

use std::marker::PhantomData;

use aerocall_api_types::{NewInvitation, Permission};
use aerocall_contract::errors;

use super::{Drawn, InvitationHolder, MAX_INVITATIONS, mail};
use crate::{
    app::App,
    base::{
        error::{Refusal, Result},
        input::{Email, Fields, Toggle},
    },
    domain::audit::{Action, AuditEntry},
    flows::{
        admin::{accounts::LOCK, server_mail},
        steps::{
            audited::Audited,
            endpoint::{AdminWho as _, Caller, Endpoint, Flow, Proof, Who},
        },
    },
};

/// Invites somebody.
pub(crate) struct CreateInvitation<H>(PhantomData<H>);

/// What the client sends.
pub(crate) struct Input<R> {
    email: Email,
    role: R,
    mail: Toggle,
}

impl<H: InvitationHolder> Flow for CreateInvitation<H> {
    type Who = H::Who;
    type Input = Input<H::Role>;
    type Output = NewInvitation;

    const NEEDS: Option<Permission> = Some(H::NEEDS);
    const PROOF: Proof = Proof::Fresh;
    const ENDPOINT: Endpoint = H::CREATE
        .answers(
            201,
            "The invitation with its link, returned only here.",
            r#"{"id": "ivt_…", "email": "ada@example.com", "role": "developer", "link": "https://auth.example.com/admin/invitation#ivt_…", "token": "ivt_…", "expiresAt": "2026-02-07T12:00:00.000Z", "isMailed": false, "mailProblem": null}"#,
        )
        .errors(&[errors::LIMIT_REACHED, errors::NO_MAIL_SERVER, errors::RATE_LIMITED]);

    fn read(fields: &mut Fields, _: &<H::Who as Who>::Settings) -> Option<Input<H::Role>> {
        let email = fields.required("email", Email::parse);
        let role = H::read_role(fields);
        let mail = fields.optional("mail", Toggle::parse);
        let (email, role) = email.zip(role)?;
        Some(Input {
            email,
            role,
            mail: mail.unwrap_or(Toggle::Off),
        })
    }

    async fn run(app: &App, caller: &Caller<H::Who>, input: Input<H::Role>) -> Result<NewInvitation> {
        let is_mailed = input.mail.is_on();
        if is_mailed {
            let otherwise = ": leave `mail` out and hand the link over yourself";
            server_mail::check(app, &caller.request, &input.email, otherwise).await?;
        }
        let to = H::invited_to(&caller.scope, input.role);
        let created_by = caller.who.actor(&caller.request).actor;
        let drawn = Drawn::new(&input.email, to, created_by, app.clock.now_ms())?;
        let (project, public_url) = (H::project(&caller.scope).cloned(), app.config.public_url.clone());
        let made = caller.change(app, move |tx, now_ms| {
            tx.advisory_lock(LOCK)?;
            if tx.invitations(project.as_ref(), now_ms)?.len() >= MAX_INVITATIONS {
                let message = format!("At most {MAX_INVITATIONS} invitations wait to be accepted at the same time");
                return Ok(Audited::Unchanged(Err(Refusal::limit_reached(message))));
            }
            let entry = AuditEntry::new(Action::InvitationCreated, &drawn.row.id).with(drawn.data());
            Ok(Audited::Changed(Ok(drawn.keep(tx, &public_url)?), entry))
        });
        let made = made.await??;
        match is_mailed {
            true => Ok(mail::sent(app, H::project(&caller.scope), made).await),
            false => Ok(made),
        }
    }
}
