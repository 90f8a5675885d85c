//! Admin tokens. They are created on the command line, not by a request.

use serde_json::json;

use crate::{
    app::App,
    base::{crypto::secret, error::Result},
    domain::audit::{Action, Actor, AuditEntry, Place},
    flows::steps::audited::{self, Audited},
};

/// A token for those who run the server. Shown here and never again.
pub(crate) async fn create(app: &App, name: &str) -> Result<String> {
    let token = secret::new_key("at")?;
    let (name, hash) = (name.to_owned(), secret::fingerprint(&token));
    let created = audited::change(app, Place::Server, Actor::server(), move |tx, now_ms| {
        let id = tx.insert_admin_token(&name, &hash, now_ms)?;
        let entry = AuditEntry::new(Action::AdminTokenCreated, id).with(json!({ "name": name }));
        Ok(Audited::Changed((), entry))
    });
    created.await?;
    Ok(token)
}
