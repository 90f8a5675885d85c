//! Whether this environment can send to an address, as far as that is known before a mail is written.

use crate::{
    app::App,
    base::{
        error::{Refusal, Result},
        ids::Scope,
        input::Email,
    },
    outbound::mail,
};

/// Refuses a new address that needs SMTPUTF8 (RFC 6531) if the environment's mail server did not offer it at the last
/// connection. Nobody has proved such an address, and no mail that asks for a proof would arrive.
///
/// The answer does not depend on whose the address is.
pub(crate) async fn check(app: &App, scope: &Scope, email: &Email) -> Result<()> {
    if !email.needs_smtputf8() {
        return Ok(());
    }
    // Rare, and large beside what every sign-up keeps.
    let offered = Box::pin(mail::offers_smtputf8(&app.store, &app.master, &app.config.mail, scope));
    match offered.await? {
        Some(false) => Err(Refusal::invalid_field(
            "email",
            "must be ASCII before the @: this project's mail server cannot send to other addresses (it does not offer SMTPUTF8)",
        )
        .into()),
        Some(true) | None => Ok(()),
    }
}
