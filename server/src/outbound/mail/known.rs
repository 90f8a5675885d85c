//! What is known of the mail server of an environment: whether it can send to local parts beyond ASCII, as it said at the
//! last connection. Another server in its place is not known yet.

use serde::{Deserialize, Serialize};

use super::provider::{MailSetting, SmtpUrl};
use crate::{
    base::{
        config::MailConfig,
        crypto::MasterKey,
        error::{Error, Result},
        ids::Scope,
    },
    storage::store::{Setting, SettingName, Store},
};

/// As it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct KnownServer {
    /// Without user and password.
    server: String,
    smtputf8: bool,
}

/// Whether the mail server that sends the environment's mails offers SMTPUTF8 (RFC 6531). `None`: no mail server sends
/// them, or this one has sent none yet.
pub(crate) async fn offers_smtputf8(
    store: &Store,
    master: &MasterKey,
    config: &MailConfig,
    scope: &Scope,
) -> Result<Option<bool>> {
    let Some(known) = load(store, scope).await? else {
        return Ok(None);
    };
    let own = MailSetting::load(store, master, scope).await?.smtp;
    let servers = config.smtp.as_ref().and_then(|url| SmtpUrl::parse(url.reveal()).ok());
    let sends = own.or(servers);
    Ok(sends.filter(|url| url.server() == known.server).map(|_| known.smtputf8))
}

/// Keeps what the server has said, if it is something new.
pub(super) async fn learn(store: &Store, scope: &Scope, url: &SmtpUrl, smtputf8: bool, now_ms: i64) -> Result<()> {
    let said = KnownServer {
        server: url.server(),
        smtputf8,
    };
    if load(store, scope).await?.as_ref() == Some(&said) {
        return Ok(());
    }
    let document = serde_json::to_string(&said).map_err(|error| Error::unexpected("writing a setting", error))?;
    let scope = scope.clone();
    let kept =
        store.write(move |tx| tx.note_setting(&scope, SettingName::MailServer, &Setting::Open(document), now_ms));
    Ok(kept.await?)
}

async fn load(store: &Store, scope: &Scope) -> Result<Option<KnownServer>> {
    let scope = scope.clone();
    match store
        .read(move |tx| tx.setting(&scope, SettingName::MailServer))
        .await?
    {
        Some(Setting::Open(document)) => Ok(serde_json::from_str(&document).ok()),
        Some(Setting::Sealed(_)) | None => Ok(None),
    }
}
