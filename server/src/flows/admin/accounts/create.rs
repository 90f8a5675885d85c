//! `POST /admin/api/v1/accounts`

use std::sync::Arc;

use aerocall_api_types::{AdminAccount, Permission};
use aerocall_contract::errors;
use serde_json::json;

use super::{LOCK, insert};
use crate::{
    app::App,
    base::{
        error::Result,
        input::{Email, Fields, Plaintext, Toggle},
    },
    domain::audit::{Action, AuditEntry},
    flows::{
        admin::account::{self, ACCOUNT},
        steps::{
            audited::Audited,
            endpoint::{Caller, Endpoint, Field, FieldKind, Flow, Method, Proof, ServerAdmin},
        },
    },
    storage::store::Rank,
};

/// Creates an account of an admin.
pub(crate) struct CreateAdminAccount;

/// What the client sends.
pub(crate) struct Input {
    email: Email,
    password: Arc<Plaintext>,
    rank: Rank,
}

/// Whether the account may do everything on the server.
pub(super) const IS_ADMINISTRATOR: Field = Field::optional(
    "isAdministrator",
    FieldKind::Flag,
    "Whether the account may do everything on the server; `false` if omitted.",
);

pub(super) fn rank(toggle: Toggle) -> Rank {
    match toggle.is_on() {
        true => Rank::Administrator,
        false => Rank::Person,
    }
}

impl Flow for CreateAdminAccount {
    type Who = ServerAdmin;
    type Input = Input;
    type Output = AdminAccount;

    const NEEDS: Option<Permission> = Some(Permission::ServerManage);
    const PROOF: Proof = Proof::Fresh;
    const ENDPOINT: Endpoint = Endpoint::plain(Method::Post, "/admin/api/v1/accounts", "Create an account of an admin")
        .about("With a password that you choose, for accounts of programs and first steps. People choose their own with the link of an invitation. Requires an admin of the server.")
        .fields(&[
            Field::required("email", FieldKind::Email, "The account's address."),
            Field::required("password", FieldKind::Password, "The account's password: 12 to 1,000 characters, none of the common ones."),
            IS_ADMINISTRATOR,
        ])
        .example(r#"{"email":"ada@example.com","password":"correct horse battery"}"#)
        .answers(201, "The account.", ACCOUNT)
        .errors(&[errors::EMAIL_TAKEN, errors::LIMIT_REACHED]);

    fn read(fields: &mut Fields, (): &()) -> Option<Input> {
        let email = fields.required("email", Email::parse);
        let password = fields.required("password", account::chosen);
        let wanted = fields.optional("isAdministrator", Toggle::parse);
        let (email, password) = email.zip(password)?;
        Some(Input {
            email,
            password: Arc::new(password),
            rank: wanted.map_or(Rank::Person, rank),
        })
    }

    async fn run(app: &App, caller: &Caller<ServerAdmin>, input: Input) -> Result<AdminAccount> {
        let Input { email, password, rank } = input;
        let hash = app.passwords.hash(password).await?;
        let created = caller.change(app, move |tx, now_ms| {
            tx.advisory_lock(LOCK)?;
            let account = match insert(tx, &email, hash, rank, now_ms)? {
                Ok(account) => account,
                Err(refusal) => return Ok(Audited::Unchanged(Err(refusal))),
            };
            let entry = AuditEntry::new(Action::AdminAccountCreated, &account.id);
            let entry = entry.with(json!({ "email": account.email, "isAdministrator": account.is_administrator() }));
            Ok(Audited::Changed(Ok(account), entry))
        });
        Ok(account::document(&created.await??))
    }
}
