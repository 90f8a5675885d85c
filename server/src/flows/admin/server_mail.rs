//! Mails of the installation itself, to its admins, by the mail server of its settings. They are kept nowhere: whoever misses one asks
//! for another.

use std::time::Duration;

use aerocall_contract::errors;

use crate::{
    app::App,
    base::{
        clock::Clock,
        config::MailConfig,
        error::{Error, Refusal, Result},
        ids::{Kind, Scope, new_id},
        input::Email,
        request::RequestMeta,
    },
    domain::project::RateRules,
    outbound::mail::{self, OutgoingMail},
    security::limits::Claim,
    storage::store::Store,
};

/// For one mail with everything that belongs to it.
const LONGEST: Duration = Duration::from_secs(60);

/// Refuses what cannot be mailed: the settings name no mail server, and `otherwise` says what to do instead; or the recipient has had
/// the mails of this hour.
pub(crate) async fn check(app: &App, request: &RequestMeta, to: &Email, otherwise: &str) -> Result<()> {
    if app.config.mail.smtp.is_none() {
        let message = format!("This server has no mail server of its own{otherwise}");
        return Err(Refusal::new(errors::NO_MAIL_SERVER, message).into());
    }
    let claim = Claim {
        scope: &Scope::server(),
        rules: &RateRules::DEFAULT,
        account: to.normal(),
        ip: &request.ip,
    };
    Ok(app.limits.sends(claim).await?)
}

/// What sending takes, also when the request is over.
pub(crate) struct Sender {
    pub(crate) store: Store,
    pub(crate) clock: Clock,
    pub(crate) public_url: String,
    config: MailConfig,
}

impl Sender {
    pub(crate) fn of(app: &App) -> Self {
        Self {
            store: app.store.clone(),
            clock: app.clock.clone(),
            public_url: app.config.public_url.clone(),
            config: app.config.mail.clone(),
        }
    }

    /// Sends one mail.
    ///
    /// # Errors
    /// The mail server does not take it; what it said is for who runs the server.
    pub(crate) async fn send(&self, recipient: &str, subject: &str, text: &str) -> Result<()> {
        let mail = OutgoingMail {
            id: &new_id(Kind::Mail),
            recipient,
            subject,
            text: Some(text),
            html: None,
        };
        let failed = |problem: String| Error::unexpected("sending a mail of the server", problem);
        let sent = tokio::time::timeout(LONGEST, mail::send(&self.config, &mail)).await;
        sent.map_err(|late| failed(late.to_string()))?.map_err(failed)
    }
}
