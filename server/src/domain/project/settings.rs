//! The settings of every environment, read from the store when they are asked for and kept for a second: a change made at
//! another node is seen here within that time.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use super::AuthSettings;
use crate::{
    base::{
        config::TokenConfig,
        error::{Error, Result},
        ids::Scope,
    },
    storage::store::{Setting, SettingName, Store},
};

const KEPT: Duration = Duration::from_secs(1);

/// Reads and keeps the settings of environments.
pub(crate) struct Settings {
    store: Store,
    defaults: AuthSettings,
    kept: Mutex<HashMap<Scope, (Instant, Arc<AuthSettings>)>>,
}

impl Settings {
    pub(crate) fn new(store: Store, token: &TokenConfig) -> Self {
        Self {
            store,
            defaults: AuthSettings::with_lives(token.access_seconds, token.session_seconds),
            kept: Mutex::default(),
        }
    }

    /// What accounts, sessions and grants of the environment are like.
    pub(crate) async fn auth(&self, scope: &Scope) -> Result<Arc<AuthSettings>> {
        if let Some((at, settings)) = self.all().get(scope)
            && at.elapsed() < KEPT
        {
            return Ok(Arc::clone(settings));
        }
        let (asked, wanted) = (Instant::now(), scope.clone());
        let stored = self
            .store
            .read(move |tx| tx.setting(&wanted, SettingName::Auth))
            .await?;
        let settings = Arc::new(match stored {
            None => self.defaults.clone(),
            Some(Setting::Open(text)) => self.defaults.stored(&text)?,
            Some(Setting::Sealed(_)) => {
                return Err(Error::unexpected("reading a project's settings", "they are sealed"));
            }
        });
        self.all().insert(scope.clone(), (asked, Arc::clone(&settings)));
        Ok(settings)
    }

    /// Reads the environment's settings anew when they are next asked for.
    pub(crate) fn forget(&self, scope: &Scope) {
        self.all().remove(scope);
    }

    /// They were put in place of the ones before, and hold here from now on.
    pub(crate) fn changed(&self, scope: &Scope, settings: AuthSettings) {
        self.all().insert(scope.clone(), (Instant::now(), Arc::new(settings)));
    }

    fn all(&self) -> std::sync::MutexGuard<'_, HashMap<Scope, (Instant, Arc<AuthSettings>)>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
