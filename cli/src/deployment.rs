//! What a deployment sends: the hooks of a project with their settings, and its migrations. `aerocall deploy` sends it,
//! `aerocall check` asks what a server would say of it.

use serde_json::{Value, json};

use crate::{bundles::Bundle, migrations::Migration, project::Project, settings::HookSettings};

/// A hook that is built.
pub(crate) struct Hook {
    pub(crate) bundle: Bundle,
    pub(crate) digest: String,
    pub(crate) settings: HookSettings,
}

impl Hook {
    pub(crate) fn of(project: &Project, bundle: Bundle) -> Self {
        Self {
            digest: aerocall_runtime::digest(&bundle.component),
            settings: project.settings.hook(&bundle.name),
            bundle,
        }
    }

    pub(crate) fn is_enabled(&self) -> bool {
        self.settings.enabled.unwrap_or(true)
    }

    /// What the deployment says of it.
    fn line(&self) -> Value {
        let mut line = json!({
            "name": self.bundle.name, "digest": self.digest,
            "order": self.settings.order.unwrap_or(0), "enabled": self.is_enabled(),
        });
        if let Some(policy) = self.settings.failure_policy {
            line["failurePolicy"] = policy.as_str().into();
        }
        line
    }
}

/// The body of the request.
pub(crate) fn document(hooks: &[Hook], migrations: &[Migration]) -> Value {
    let mut deployment = json!({ "hooks": hooks.iter().map(Hook::line).collect::<Vec<_>>() });
    if !migrations.is_empty() {
        deployment["migrations"] = json!(migrations);
    }
    deployment
}
