//! Settings that a project made: one document each, in the open or sealed by somebody else. Knows no setting's shape.

use super::{StoreError, Tx, query::prelude::*, schema::project_settings};
use crate::base::ids::Scope;

/// Which setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SettingName {
    /// Hosts that hooks may reach.
    HttpHosts,
    /// The provider of mails.
    Mail,
    /// The most that a call may use.
    Limits,
    /// What a deployment needs.
    Gates,
    /// What accounts, sessions and grants are like.
    Auth,
    /// Identity providers.
    Providers,
    /// What the mail server said of itself at the last connection.
    MailServer,
}

/// A document as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Setting {
    /// JSON.
    Open(String),
    /// JSON under the master key.
    Sealed(Vec<u8>),
}

impl SettingName {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::HttpHosts => "http_hosts",
            Self::Mail => "mail",
            Self::Limits => "limits",
            Self::Gates => "gates",
            Self::Auth => "auth",
            Self::Providers => "providers",
            Self::MailServer => "mail_server",
        }
    }
}

impl Tx<'_> {
    pub(crate) fn setting(&mut self, scope: &Scope, name: SettingName) -> Result<Option<Setting>, StoreError> {
        let row: Option<(Option<String>, Option<Vec<u8>>)> = project_settings::table
            .filter(project_settings::project_id.eq(scope.project.as_str()))
            .filter(project_settings::environment.eq(scope.environment.as_str()))
            .filter(project_settings::name.eq(name.as_str()))
            .select((project_settings::document, project_settings::sealed))
            .first(self)
            .optional()?;
        match row {
            None => Ok(None),
            Some((Some(document), None)) => Ok(Some(Setting::Open(document))),
            Some((None, Some(sealed))) => Ok(Some(Setting::Sealed(sealed))),
            Some(_) => Err(StoreError::Inconsistent("a setting is neither open nor sealed")),
        }
    }

    /// Keeps the document instead of the one before, and notifies the other nodes.
    pub(crate) fn put_setting(
        &mut self,
        scope: &Scope,
        name: SettingName,
        setting: &Setting,
        now_ms: i64,
    ) -> Result<(), StoreError> {
        self.note_setting(scope, name, setting, now_ms)?;
        self.changed(scope)
    }

    /// The same for what no node caches.
    pub(crate) fn note_setting(
        &mut self,
        scope: &Scope,
        name: SettingName,
        setting: &Setting,
        now_ms: i64,
    ) -> Result<(), StoreError> {
        let (document, sealed) = match setting {
            Setting::Open(document) => (Some(document), None),
            Setting::Sealed(sealed) => (None, Some(sealed)),
        };
        diesel::insert_into(project_settings::table)
            .values((
                project_settings::project_id.eq(scope.project.as_str()),
                project_settings::environment.eq(scope.environment.as_str()),
                project_settings::name.eq(name.as_str()),
                project_settings::document.eq(document),
                project_settings::sealed.eq(sealed),
                project_settings::updated_ms.eq(now_ms),
            ))
            .on_conflict((
                project_settings::project_id,
                project_settings::environment,
                project_settings::name,
            ))
            .do_update()
            .set((
                project_settings::document.eq(document),
                project_settings::sealed.eq(sealed),
                project_settings::updated_ms.eq(now_ms),
            ))
            .execute(self)?;
        Ok(())
    }
}
