//! `DELETE /admin/api/v1/account/sessions`

use aerocall_api_types::{EndedSessions, Permission};
use serde_json::json;

use crate::{
    app::App,
    base::error::Result,
    domain::audit::{Action, AuditEntry},
    flows::steps::{
        audited::Audited,
        endpoint::{AccountSession, Caller, Endpoint, Flow, Method},
    },
};

/// Ends the sessions of an account but the one that sends it.
pub(crate) struct EndOtherAdminSessions;

impl Flow for EndOtherAdminSessions {
    type Who = AccountSession;
    type Input = ();
    type Output = EndedSessions;

    const NEEDS: Option<Permission> = Some(Permission::ProjectRead);
    const ENDPOINT: Endpoint = Endpoint::plain(
        Method::Delete,
        "/admin/api/v1/account/sessions",
        "End your other sessions",
    )
    .about(
        "All sessions of your account but the one that sends the request. At once, on all nodes. Personal tokens stay.",
    )
    .answers(200, "How many ended.", r#"{"ended": 2}"#);

    async fn run(app: &App, caller: &Caller<AccountSession>, (): ()) -> Result<EndedSessions> {
        let person = caller.who.person()?;
        let (account_id, kept) = (person.account.id.clone(), person.via().to_owned());
        let ended = caller.change(app, move |tx, _| {
            let ended = tx.end_other_admin_sessions(&account_id, &kept)?;
            Ok(match ended {
                0 => Audited::Unchanged(0),
                _ => {
                    let entry = AuditEntry::new(Action::AdminSessionEnded, account_id);
                    Audited::Changed(ended, entry.with(json!({ "ended": ended })))
                }
            })
        });
        Ok(EndedSessions {
            ended: u64::try_from(ended.await?).unwrap_or(u64::MAX),
        })
    }
}
