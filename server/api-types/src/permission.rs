//! What an admin token, a secret key or a member of a project may do with the admin API.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

macro_rules! permissions {
    ($($(#[doc = $about:literal])* $name:ident = $text:literal,)*) => {
        /// What a caller of the admin API may do. `hooks:deploy` and `…:write` include the same `…:read`; `project:manage`
        /// includes everything of the project, and `server:manage` everything. Each includes `project:read`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
        pub enum Permission {
            $($(#[doc = $about])* #[serde(rename = $text)] $name,)*
        }

        impl Permission {
            /// All there are.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// As in JSON.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)*
                }
            }

            /// Whether whoever has this one may do that one, too.
            pub const fn includes(self, other: Self) -> bool {
                match (self, other) {
                    (_, Self::ProjectRead) | (Self::ServerManage, _) => true,
                    (Self::ProjectManage, other) => !matches!(other, Self::ServerManage),
                    (Self::HooksDeploy, Self::HooksRead)
                    | (Self::DataWrite, Self::DataRead)
                    | (Self::SettingsWrite, Self::SettingsRead) => true,
                    (one, other) => one as u8 == other as u8,
                }
            }

            /// In one sentence.
            pub const fn about(self) -> &'static str {
                match self {
                    $(Self::$name => concat!($($about,)*),)*
                }
            }
        }
    };
}

permissions! {
    /// See that the project and its environments exist.
    ProjectRead = "project:read",
    /// See hooks, versions, deployments, migrations, and which hooks an endpoint runs.
    HooksRead = "hooks:read",
    /// Upload versions, deploy, roll back, enable and disable hooks.
    HooksDeploy = "hooks:deploy",
    /// See users, events, invocations, jobs, mails, deliveries and the audit log: personal data.
    DataRead = "data:read",
    /// Change users, requeue jobs, send deliveries again.
    DataWrite = "data:write",
    /// See settings, webhooks, mail templates, signing keys and the names of secrets.
    SettingsRead = "settings:read",
    /// Change settings, webhooks, mail templates and secrets; rotate signing keys.
    SettingsWrite = "settings:write",
    /// Manage keys and tokens of the project, rename it and its environments.
    ProjectManage = "project:manage",
    /// Create and delete projects and environments, manage tokens of the server, see the audit log of the server.
    ServerManage = "server:manage",
}
