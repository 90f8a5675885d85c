//! `POST /admin/api/v1/invitations` and `POST /admin/api/v1/projects/{project}/invitations`

use std::marker::PhantomData;

use aerocall_api_types::{NewInvitation, Permission};
use aerocall_contract::errors;

use super::{Drawn, InvitationHolder, MAX_INVITATIONS};
use crate::{
    app::App,
    base::{
        error::{Refusal, Result},
        input::{Email, Fields},
    },
    domain::audit::{Action, AuditEntry},
    flows::{
        admin::accounts::LOCK,
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
            r#"{"id": "ivt_…", "email": "ada@example.com", "role": "developer", "link": "https://auth.example.com/admin/invitation#ivt_…", "token": "ivt_…", "expiresAt": "2026-02-07T12:00:00.000Z"}"#,
        )
        .errors(&[errors::LIMIT_REACHED]);

    fn read(fields: &mut Fields, _: &<H::Who as Who>::Settings) -> Option<Input<H::Role>> {
        let email = fields.required("email", Email::parse);
        let role = H::read_role(fields);
        let (email, role) = email.zip(role)?;
        Some(Input { email, role })
    }

    async fn run(app: &App, caller: &Caller<H::Who>, input: Input<H::Role>) -> Result<NewInvitation> {
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
        Ok(made.await??)
    }
}
