//! `DELETE /admin/api/v1/session`

use aerocall_api_types::{Deleted, Permission};

use crate::{
    app::App,
    base::error::{Refusal, Result},
    domain::audit::{Action, AuditEntry},
    flows::steps::{
        audited::Audited,
        endpoint::{AccountHolder, Caller, Endpoint, Flow, Method},
        session_cookie::{CookieChange, WithCookie},
    },
    security::person::By,
};

/// Ends the session or the personal token that sends it.
pub(crate) struct SignOut;

impl Flow for SignOut {
    type Who = AccountHolder;
    type Input = ();
    type Output = WithCookie<Deleted>;

    const NEEDS: Option<Permission> = Some(Permission::ProjectRead);
    const ENDPOINT: Endpoint = Endpoint::plain(Method::Delete, "/admin/api/v1/session", "Sign out")
        .about("Ends the session that sends the request, and takes its cookie away; or revokes the personal token that sends it. At once, on all nodes.")
        .answers(200, "The id of the session or token.", r#"{"deleted": "ads_…"}"#);

    async fn run(app: &App, caller: &Caller<AccountHolder>, (): ()) -> Result<WithCookie<Deleted>> {
        let person = caller.who.person()?;
        let (account_id, id) = (person.account.id.clone(), person.via().to_owned());
        let (is_session, ended) = (matches!(person.by, By::Session(_)), id.clone());
        let done = caller.change(app, move |tx, now_ms| {
            let action = match is_session {
                true => tx
                    .end_admin_session(&account_id, &ended)?
                    .then_some(Action::AdminSessionEnded),
                false => {
                    let tokens = tx.personal_tokens(&account_id, now_ms)?;
                    let own = tokens.iter().find(|token| token.id == ended);
                    own.map(|token| tx.end_personal_token(token, now_ms)).transpose()?;
                    own.map(|_| Action::PersonalTokenRevoked)
                }
            };
            Ok(match action {
                Some(action) => Audited::Changed(true, AuditEntry::new(action, ended)),
                None => Audited::Unchanged(false),
            })
        });
        if !done.await? {
            return Err(Refusal::not_found().into());
        }
        Ok(WithCookie {
            document: Deleted { deleted: id },
            cookie: match is_session {
                true => CookieChange::Cleared,
                false => CookieChange::Kept,
            },
        })
    }
}
