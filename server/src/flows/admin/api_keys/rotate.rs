//! `POST …/keys/{key}/rotate`

use aerocall_api_types::{NewApiKey, Permission};

use super::{Drawn, MADE};
use crate::{
    app::App,
    base::{
        error::{Refusal, Result},
        input::Fields,
    },
    domain::{
        audit::{Action, AuditEntry},
        project::AuthSettings,
    },
    flows::steps::{
        audited::Audited,
        endpoint::{Caller, Endpoint, EnvironmentOwner, Flow, Method, Proof, environment},
        lifespan::Rotation,
    },
    storage::store::KeyKind,
};

/// Replaces an API key.
pub(crate) struct RotateApiKey;

impl Flow for RotateApiKey {
    type Who = EnvironmentOwner;
    type Input = Rotation;
    type Output = NewApiKey;

    const NEEDS: Option<Permission> = Some(Permission::ProjectManage);
    const PROOF: Proof = Proof::Fresh;
    const ENDPOINT: Endpoint = Endpoint::plain(
        Method::Post,
        environment!("/keys/{key}/rotate"),
        "Rotate an API key",
    )
    .about("Creates a key with the kind, the name and the lifetime of the old one, which is given by its id. The old one stops working at once, or after the overlap, on all nodes. Requires an admin token of the server or of the project.")
    .fields(Rotation::FIELDS)
    .example(r#"{"overlapSeconds":86400}"#)
    .answers(201, "The new key. A secret key is returned only here.", MADE);

    fn read(fields: &mut Fields, _: &AuthSettings) -> Option<Rotation> {
        Some(Rotation::read(fields))
    }

    async fn run(app: &App, caller: &Caller<EnvironmentOwner>, rotation: Rotation) -> Result<NewApiKey> {
        let (id, scope) = (caller.part("key")?.to_owned(), caller.scope.clone());
        // Which kind is needed is only known inside; the system is not asked for randomness there.
        let (publishable, secret) = (Drawn::new(KeyKind::Publishable)?, Drawn::new(KeyKind::Secret)?);
        let rotated = caller.change(app, move |tx, now_ms| {
            tx.advisory_lock(&format!("project {}", scope.project))?;
            let Some(old) = tx.api_key(&scope, &id, now_ms)? else {
                return Ok(Audited::Unchanged(None));
            };
            let drawn = match old.kind() {
                KeyKind::Publishable => publishable,
                KeyKind::Secret => secret,
            };
            tx.end_api_key(&old, rotation.ends_ms(now_ms), now_ms)?;
            let expires_ms = rotation.expires_ms(old.created_ms, old.expires_ms, now_ms);
            let made = drawn.keep(tx, &scope, &old.name, expires_ms, now_ms)?;
            let entry = AuditEntry::new(Action::ApiKeyRotated, id).with(rotation.audit_data(&made.id, &made.name));
            Ok(Audited::Changed(Some(made), entry))
        });
        Ok(rotated.await?.ok_or_else(Refusal::not_found)?)
    }
}
