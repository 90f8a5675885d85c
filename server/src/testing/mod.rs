//! For unit tests: a store of one's own with two projects, and a master key.

mod senders;

use std::sync::Arc;

use tempfile::TempDir;

use crate::{
    base::{
        clock::Clock,
        config::{DatabaseUrl, StoreConfig},
        crypto::MasterKey,
        ids::{Scope, Slug},
    },
    hooks::sdk::CallSecrets,
    outbound::mail::MailSetting,
    storage::store::{NewSecret, Setting, SettingName, Store},
};

/// What lives as long as one test.
pub(crate) struct World {
    pub(crate) store: Store,
    pub(crate) master: Arc<MasterKey>,
    pub(crate) clock: Clock,
    /// Project `a`.
    pub(crate) scope: Scope,
    /// Project `b`.
    pub(crate) other: Scope,
    _dir: TempDir,
}

impl World {
    pub(crate) async fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let url = DatabaseUrl::Sqlite(dir.path().join("db"));
        let store = Store::open(&url, &StoreConfig { connections: 4 }).await.unwrap();
        let scope = |project: &str| Scope {
            project: Slug::parse(project).unwrap(),
            environment: Slug::production(),
        };
        let scopes = [scope("a"), scope("b")];
        let made = scopes.clone();
        let make = store.write(move |tx| {
            for scope in &made {
                tx.insert_project(&scope.project, "A", 1)?;
                tx.insert_environment(scope, 1)?;
            }
            Ok(())
        });
        make.await.unwrap();
        let [scope, other] = scopes;
        Self {
            master: Arc::new(MasterKey::load(&dir.path().join("master.key")).unwrap()),
            store,
            clock: Clock::default(),
            scope,
            other,
            _dir: dir,
        }
    }

    pub(crate) async fn secret(&self, name: &str, value: &str, hosts: &[String]) {
        let bound_to = CallSecrets::bound_to(&self.scope, name);
        let new = NewSecret {
            name: name.to_owned(),
            sealed: self.master.seal(value.as_bytes(), &bound_to).unwrap(),
            hosts: serde_json::to_string(hosts).unwrap(),
            by: "server".to_owned(),
            now_ms: 1,
        };
        let scope = self.scope.clone();
        self.store
            .write(move |tx| tx.insert_secret(&scope, &new))
            .await
            .unwrap();
    }

    pub(crate) async fn allow_hosts(&self, hosts: &[String]) {
        let (scope, document) = (self.scope.clone(), Setting::Open(serde_json::to_string(hosts).unwrap()));
        let put = self
            .store
            .write(move |tx| tx.put_setting(&scope, SettingName::HttpHosts, &document, 1));
        put.await.unwrap();
    }

    pub(crate) async fn keep_mail_setting(&self, scope: &Scope, setting: &MailSetting) {
        let (owned, sealed) = (scope.clone(), setting.sealed(&self.master, scope).unwrap());
        let put = self
            .store
            .write(move |tx| tx.put_setting(&owned, SettingName::Mail, &sealed, 1));
        put.await.unwrap();
    }

    pub(crate) fn call_secrets(&self, scope: &Scope, declared: Option<Vec<&str>>) -> Arc<CallSecrets> {
        Arc::new(CallSecrets::new(
            self.store.clone(),
            Arc::clone(&self.master),
            scope,
            declared,
        ))
    }
}
