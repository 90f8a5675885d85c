//! `POST /admin/api/v1/invitations/accept`

use std::sync::Arc;

use aerocall_api_types::{AcceptedInvitation, Role};
use aerocall_contract::errors;
use serde_json::{Value, json};

use crate::{
    app::App,
    base::{
        crypto::secret,
        error::{Error, Refusal, Result},
        ids::Slug,
        input::{Email, Fields, Plaintext, short_text},
        request::RequestMeta,
    },
    domain::audit::{self, Action, Actor, AuditEntry, Place},
    flows::{
        admin::{
            account,
            accounts::{self, LOCK},
            members::MAX_MEMBERS,
        },
        steps::{
            account_mail::MAX_TOKEN_CHARS,
            endpoint::{Caller, Endpoint, Field, FieldKind, Flow, Method, Stranger},
        },
    },
    security::person,
    storage::store::{AdminAccountRow, InvitationRow, InvitedTo, Rank, StoreError, Tx},
};

/// Accepts an invitation.
pub(crate) struct AcceptInvitation;

/// For the reference.
const ACCEPTED: &str = r#"{"account": {"id": "acc_0198f2c6b1d87c3d9f1e5a7b6c4d3e2f", "email": "ada@example.com", "isAdministrator": false, "hasTotp": false, "createdAt": "2026-01-31T12:00:00.000Z"}, "project": "shop", "role": "developer"}"#;

/// What the client sends.
pub(crate) struct Input {
    token: String,
    /// Judged as one that is given; as one that is chosen once it is known that it is.
    password: Value,
}

impl Flow for AcceptInvitation {
    type Who = Stranger;
    type Input = Input;
    type Output = AcceptedInvitation;

    const ENDPOINT: Endpoint = Endpoint::plain(Method::Post, "/admin/api/v1/invitations/accept", "Accept an invitation")
        .about("Gives the account of the invitation's address its role. If there is no account, it is created with the password: 12 to 1,000 characters, none of the common ones; otherwise the password must be the one of the account. The token in the link is good for seven days, and once. Sign in afterwards. Each address can try ten times per minute.")
        .fields(&[
            Field::required("token", FieldKind::Token, "The token from the link."),
            Field::required("password", FieldKind::Password, "A new password, or the one of the account that there is."),
        ])
        .example(r#"{"token":"ivt_…","password":"correct horse battery"}"#)
        .answers(201, "The account, and what it may do now.", ACCEPTED)
        .errors(&[
            errors::INVALID_CODE,
            errors::INVALID_CREDENTIALS,
            errors::LIMIT_REACHED,
            errors::EMAIL_TAKEN,
            errors::RATE_LIMITED,
        ]);

    fn read(fields: &mut Fields, (): &()) -> Option<Input> {
        let token = fields.required("token", short_text(MAX_TOKEN_CHARS));
        let password = fields.required("password", |value: Value| {
            Plaintext::given(value.clone()).map(|_| value)
        });
        let (token, password) = token.zip(password)?;
        Some(Input { token, password })
    }

    async fn run(app: &App, caller: &Caller<Stranger>, input: Input) -> Result<AcceptedInvitation> {
        let (hash, now_ms) = (secret::fingerprint(&input.token), app.clock.now_ms());
        let found = app.store.read(move |tx| {
            let Some(invitation) = tx.invitation_by(&hash, now_ms)? else {
                return Ok(None);
            };
            let account = tx.admin_account_by_email(&Email::stored(&invitation.email))?;
            Ok(Some((invitation, account)))
        });
        let (invitation, account) = found.await?.ok_or_else(no_good)?;
        let email = Email::stored(&invitation.email);
        let invited = match account {
            Some(_) => {
                let password = Plaintext::given(input.password).map_err(wrong_password)?;
                let account = account::verified(app, &caller.request, &email, Arc::new(password)).await?;
                Invited::Known(account)
            }
            None => {
                let password = account::chosen(input.password).map_err(wrong_password)?;
                Invited::New(app.passwords.hash(Arc::new(password)).await?)
            }
        };
        let acceptance = Acceptance {
            invitation,
            email,
            invited,
            request: caller.request.clone(),
            now_ms,
        };
        let accepted = app.store.write(move |tx| acceptance.keep(tx));
        Ok(accepted.await??)
    }
}

fn wrong_password(problem: String) -> Error {
    Refusal::invalid_field("password", problem).into()
}

/// One answer for every way in which a link can be no good.
fn no_good() -> Refusal {
    Refusal::new(
        errors::INVALID_CODE,
        "The invitation is wrong, was already accepted or revoked, or has expired: ask for a new one",
    )
}

/// Whom the link is for.
enum Invited {
    /// Somebody with an account, whose password was right.
    Known(AdminAccountRow),
    /// Somebody without one: the hash of the password that they chose.
    New(String),
}

/// An invitation that may be accepted.
struct Acceptance {
    invitation: InvitationRow,
    email: Email,
    invited: Invited,
    request: RequestMeta,
    now_ms: i64,
}

type Kept<T> = std::result::Result<std::result::Result<T, Refusal>, StoreError>;

impl Acceptance {
    fn keep(self, tx: &mut Tx<'_>) -> Kept<AcceptedInvitation> {
        tx.advisory_lock(LOCK)?;
        let Some(to) = self.invitation.to() else {
            return Ok(Err(no_good()));
        };
        // What may be refused comes before the first change.
        if let InvitedTo::Project(project, _) = &to
            && tx.members(project)?.len() >= MAX_MEMBERS
        {
            let message = format!("A project has at most {MAX_MEMBERS} members");
            return Ok(Err(Refusal::limit_reached(message)));
        }
        let (account, is_new) = match self.account(tx)? {
            Ok(account) => account,
            Err(refusal) => return Ok(Err(refusal)),
        };
        // In one statement, so that of any number who show the link one is taken.
        if !tx.take_invitation(&self.invitation.id)? {
            return Err(StoreError::CodeSpent);
        }
        let by = Actor::request(person::actor(&account.id), &self.request).account(&account.email, &self.invitation.id);
        let (place, project, role) = match to {
            InvitedTo::Server => {
                tx.rank_admin_account(&account.id, Rank::Administrator)?;
                (Place::Server, None, None)
            }
            InvitedTo::Project(project, role) => {
                join(tx, &project, &account.id, role, self.now_ms)?;
                (Place::Project(project.clone()), Some(project), Some(role))
            }
        };
        let after = role.map_or(Value::from("administrator"), |role| json!(role));
        let entry = AuditEntry::new(Action::InvitationAccepted, &self.invitation.id);
        let entry = entry.with(json!({
            "account": account.id, "email": account.email, "newAccount": is_new, "after": { "role": after },
            "invitedBy": self.invitation.created_by,
        }));
        audit::record_at(tx, &place, &by, entry, self.now_ms)?;
        let account = tx.admin_account(&account.id)?.unwrap_or(account);
        Ok(Ok(AcceptedInvitation {
            account: account::document(&account),
            project: project.map(|project| project.to_string()),
            role,
        }))
    }

    /// The account, and whether it is new.
    fn account(&self, tx: &mut Tx<'_>) -> Kept<(AdminAccountRow, bool)> {
        match &self.invited {
            Invited::Known(checked) => {
                let current = tx.admin_account(&checked.id)?;
                let unchanged = current.filter(|current| current.password_hash == checked.password_hash);
                let account = unchanged.ok_or(StoreError::CredentialsChanged)?;
                Ok(Ok((account, false)))
            }
            Invited::New(hash) => {
                let made = accounts::insert(tx, &self.email, hash.clone(), Rank::Person, self.now_ms)?;
                Ok(made.map(|account| (account, true)))
            }
        }
    }
}

/// A role in a project; whoever has more there keeps it.
fn join(
    tx: &mut Tx<'_>,
    project: &Slug,
    account_id: &str,
    role: Role,
    now_ms: i64,
) -> std::result::Result<(), StoreError> {
    let members = tx.members(project)?;
    match members.iter().find(|member| member.account_id == account_id) {
        Some(member) if member.role >= role => Ok(()),
        Some(_) => tx.set_member_role(project, account_id, role),
        None => tx.insert_member(project, account_id, role, now_ms),
    }
}
