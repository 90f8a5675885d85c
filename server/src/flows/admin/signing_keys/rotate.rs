//! `POST …/signing-keys/rotate`

use aerocall_api_types::{Permission, SigningKeyRotation};
use serde_json::{Value, json};

use crate::{
    app::App,
    base::{
        error::Result,
        input::{Fields, Parsed},
    },
    domain::{
        audit::{Action, AuditEntry},
        project::AuthSettings,
    },
    flows::steps::{
        audited::Audited,
        endpoint::{Caller, Endpoint, EnvironmentAdmin, Field, FieldKind, Flow, Method, environment},
    },
    security::token::Rotation,
};

/// Creates the next signing key and retires the ones before.
pub(crate) struct RotateSigningKeys;

impl Flow for RotateSigningKeys {
    type Who = EnvironmentAdmin;
    type Input = Rotation;
    type Output = SigningKeyRotation;

    const NEEDS: Option<Permission> = Some(Permission::SettingsWrite);
    const ENDPOINT: Endpoint = Endpoint::plain(
        Method::Post,
        environment!("/signing-keys/rotate"),
        "Rotate signing keys",
    )
    .about("Creates a signing key. It is published in the JSON Web Key Set at once and starts signing after the overlap (`token.key_overlap_seconds`); the old keys are accepted until their last token has expired.")
    .fields(&[Field::optional(
        "immediately",
        FieldKind::Flag,
        "For a leaked key: the new key signs at once, and all tokens issued so far are refused.",
    )])
    .example(r#"{"immediately":false}"#)
    .answers(
        201,
        "The new key and all others.",
        r#"{"kid": "key_…", "keys": [{"kid": "key_…", "state": "next", "createdAt": "2026-01-31T12:00:00.000Z", "activeAt": "2026-01-31T12:10:00.000Z", "retiredAt": null}]}"#,
    );

    fn read(fields: &mut Fields, _: &AuthSettings) -> Option<Rotation> {
        let rotation = fields.optional("immediately", rotation);
        Some(rotation.unwrap_or(Rotation::Overlapping))
    }

    async fn run(app: &App, caller: &Caller<EnvironmentAdmin>, rotation: Rotation) -> Result<SigningKeyRotation> {
        let scope = &caller.scope;
        let next = app.keyring.next(scope, rotation, app.clock.now_ms()).await?;
        let kid = next.kid().to_owned();
        let immediately = rotation == Rotation::AtOnce;
        let rotated = caller.change(app, move |tx, _| {
            next.insert(tx)?;
            let entry = AuditEntry::new(Action::SigningKeyRotated, next.kid());
            Ok(Audited::Changed((), entry.with(json!({ "immediately": immediately }))))
        });
        rotated.await?;
        app.keyring.forget(scope);
        let keys = app.keyring.list(scope, app.clock.now_ms()).await?;
        Ok(SigningKeyRotation { kid, keys })
    }
}

fn rotation(value: Value) -> Parsed<Rotation> {
    match value.as_bool() {
        Some(true) => Ok(Rotation::AtOnce),
        Some(false) => Ok(Rotation::Overlapping),
        None => Err("must be true or false".to_owned()),
    }
}
