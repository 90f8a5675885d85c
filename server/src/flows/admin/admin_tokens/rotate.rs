//! `POST /admin/api/v1/tokens/{token}/rotate` and `POST /admin/api/v1/projects/{project}/tokens/{token}/rotate`

use std::marker::PhantomData;

use aerocall_api_types::{NewAdminToken, Permission};

use super::{Drawn, Holder, LOCK, MADE};
use crate::{
    app::App,
    base::{
        error::{Refusal, Result},
        input::Fields,
    },
    domain::audit::{Action, AuditEntry},
    flows::steps::{
        audited::Audited,
        endpoint::{Caller, Endpoint, Flow, Proof, Who},
        lifespan::Rotation,
    },
};

/// Creates an admin token in place of another one, which ends after the overlap.
pub(crate) struct RotateAdminToken<H>(PhantomData<H>);

impl<H: Holder> Flow for RotateAdminToken<H> {
    type Who = H::Who;
    type Input = Rotation;
    type Output = NewAdminToken;

    const NEEDS: Option<Permission> = Some(H::NEEDS);
    const PROOF: Proof = Proof::Fresh;
    const ENDPOINT: Endpoint = H::ROTATE
        .fields(Rotation::FIELDS)
        .example(r#"{"overlapSeconds":3600}"#)
        .answers(201, "The new token, returned only here.", MADE);

    fn read(fields: &mut Fields, _: &<H::Who as Who>::Settings) -> Option<Rotation> {
        Some(Rotation::read(fields))
    }

    async fn run(app: &App, caller: &Caller<H::Who>, rotation: Rotation) -> Result<NewAdminToken> {
        let (id, place) = (caller.part("token")?.to_owned(), H::place(&caller.scope));
        let drawn = Drawn::new(place.clone())?;
        let rotated = caller.change(app, move |tx, now_ms| {
            tx.advisory_lock(LOCK)?;
            let Some(old) = tx.admin_token(&place, &id, now_ms)? else {
                return Ok(Audited::Unchanged(None));
            };
            let drawn = drawn.limited(old.limits());
            tx.end_admin_token(&old, rotation.ends_ms(now_ms), now_ms)?;
            let expires_ms = rotation.expires_ms(old.created_ms, old.expires_ms, now_ms);
            let made = drawn.keep(tx, &old.name, expires_ms, now_ms)?;
            let entry = AuditEntry::new(Action::AdminTokenRotated, id).with(rotation.audit_data(&made.id, &made.name));
            Ok(Audited::Changed(Some(made), entry))
        });
        Ok(rotated.await?.ok_or_else(Refusal::not_found)?)
    }
}
