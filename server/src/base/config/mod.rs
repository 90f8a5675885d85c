//! The settings of the server: read once, checked, typed. Nothing else reads files or the environment for settings.

pub(crate) mod assistant;
mod back_ends;
mod delivery;
mod error;
mod header;
mod layers;
mod master_key;
mod network;
mod observability;
mod service_link;
mod settings;

pub use assistant::{AssistantConfig, ModelConfig};
pub use back_ends::{
    AuditConfig, EgressConfig, MailConfig, QueueConfig, RecordConfig, SecretUrl, SharedService, TenantConfig, TenantUrl,
};
pub use delivery::{EventConfig, WebhookConfig};
pub use error::ConfigError;
pub use header::ShownHeader;
pub use layers::{ConfigSources, Overrides};
pub use master_key::GivenKey;
pub use network::Network;
pub use observability::{LogConfig, LogFormat, LogLevel, MetricsConfig, PerProject, SecretText, TelemetryConfig};
pub use settings::{
    Config, DatabaseUrl, HookConfig, HttpConfig, LimitConfig, Origin, PasswordConfig, StoreConfig, Switch, TokenConfig,
    WorkerConfig,
};
