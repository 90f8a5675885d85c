//! `POST /admin/api/v1/account/password`

use std::sync::Arc;

use aerocall_api_types::{Done, Permission};
use aerocall_contract::errors;
use serde_json::json;

use super::{check, chosen};
use crate::{
    app::App,
    base::{
        error::Result,
        input::{Email, Fields, Plaintext},
    },
    domain::audit::{Action, AuditEntry},
    flows::steps::{
        audited::Audited,
        endpoint::{AccountSession, Caller, Endpoint, Field, FieldKind, Flow, Method, Proof},
        examples,
    },
    storage::store::StoreError,
};

/// Changes the password of an account.
pub(crate) struct ChangeAdminPassword;

/// What the client sends.
pub(crate) struct Input {
    current: Arc<Plaintext>,
    password: Arc<Plaintext>,
}

impl Flow for ChangeAdminPassword {
    type Who = AccountSession;
    type Input = Input;
    type Output = Done;

    const NEEDS: Option<Permission> = Some(Permission::ProjectRead);
    const PROOF: Proof = Proof::Fresh;
    const ENDPOINT: Endpoint = Endpoint::plain(Method::Post, "/admin/api/v1/account/password", "Change your password")
        .about("The other sessions of your account end. Personal tokens stay: revoke those that may be in wrong hands. A password has 12 to 1,000 characters and is none of the common ones.")
        .fields(&[
            Field::required("currentPassword", FieldKind::Password, "The password so far."),
            Field::required("password", FieldKind::Password, "The new password."),
        ])
        .example(r#"{"currentPassword":"correct horse battery","password":"another horse battery"}"#)
        .answers(200, "The password was changed.", examples::DONE)
        .errors(&[errors::INVALID_CREDENTIALS]);

    fn read(fields: &mut Fields, (): &()) -> Option<Input> {
        let current = fields.required("currentPassword", Plaintext::given);
        let password = fields.required("password", chosen);
        let (current, password) = current.zip(password)?;
        Some(Input {
            current: Arc::new(current),
            password: Arc::new(password),
        })
    }

    async fn run(app: &App, caller: &Caller<AccountSession>, input: Input) -> Result<Done> {
        let person = caller.who.person()?;
        let email = Email::stored(&person.account.email);
        let account = check::verified(app, &caller.request, &email, input.current).await?;
        let hash = app.passwords.hash(input.password).await?;
        let kept = person.via().to_owned();
        let changed = caller.change(app, move |tx, _| {
            if !tx.set_admin_password(&account.id, &account.password_hash, &hash)? {
                return Err(StoreError::CredentialsChanged);
            }
            let ended = tx.end_other_admin_sessions(&account.id, &kept)?;
            let entry =
                AuditEntry::new(Action::AdminPasswordChanged, account.id).with(json!({ "endedSessions": ended }));
            Ok(Audited::Changed((), entry))
        });
        changed.await?;
        Ok(Done::ANSWER)
    }
}
