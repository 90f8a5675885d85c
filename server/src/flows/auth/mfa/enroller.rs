//! Who may enrol a second factor: somebody who logged in not long ago, or somebody in the middle of a login, because
//! their project wants one and they have none. Knows nothing of factors.

use crate::{
    app::App,
    base::{
        error::{Problem, Refusal, Result},
        input::{Fields, short_text},
    },
    flows::steps::{
        account_mail::MAX_TOKEN_CHARS,
        endpoint::{Caller, Somebody},
        one_time::{self, TokenPurpose},
        one_time_mail,
    },
    storage::store::{OneTimeTokenRow, UserRow},
};

/// Who enrols.
pub(super) struct Enroller {
    pub(super) user: UserRow,
    /// The id of the session that the access token is of, unless this is a part of a login.
    pub(super) session: Option<String>,
    /// What was proved in the login, if this is a part of it.
    pub(super) half: Option<OneTimeTokenRow>,
}

/// Whether what comes next may be wrong, and counts then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Attempt {
    Counts,
    Free,
}

/// `token`
pub(super) fn read(fields: &mut Fields) -> Option<String> {
    fields.optional("token", short_text(MAX_TOKEN_CHARS))
}

/// Whoever shows an access token or the token of an enrolment.
///
/// # Errors
/// `invalid_token` without either, `invalid_input` with both; what speaks against the one that there is.
pub(super) async fn find(
    app: &App,
    caller: &Caller<Somebody>,
    token: Option<&str>,
    attempt: Attempt,
) -> Result<Enroller> {
    let scope = &caller.scope;
    let text = match (&caller.who.0, token) {
        (Some(who), None) => {
            who.require_recent(&caller.settings, app.clock.now_ms())?;
            return Ok(Enroller {
                user: who.user.clone(),
                session: Some(who.session.id.clone()),
                half: None,
            });
        }
        (None, Some(text)) => text,
        (None, None) => return Err(Refusal::invalid_token().into()),
        (Some(_), Some(_)) => return Err(both().into()),
    };
    let row = match attempt {
        Attempt::Counts => one_time::challenged(app, scope, TokenPurpose::MfaEnrollment, text).await?,
        Attempt::Free => one_time::found(app, scope, TokenPurpose::MfaEnrollment, text).await?,
    };
    let user = one_time_mail::by_id(app, scope, row.user_id.as_deref()).await?;
    Ok(Enroller {
        user: user.ok_or_else(Refusal::invalid_code)?,
        session: None,
        half: Some(row),
    })
}

fn both() -> Refusal {
    Refusal::invalid_input(vec![Problem {
        field: "token".to_owned(),
        problem: "cannot be sent together with an access token".to_owned(),
    }])
}
