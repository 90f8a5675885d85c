//! `PUT …/settings/http`

use aerocall_api_types::{HttpSettings, Permission};

use super::{BODY, HTTP, keep};
use crate::{
    app::App,
    base::{
        error::Result,
        input::{Fields, HostList},
    },
    domain::project::AuthSettings,
    flows::steps::endpoint::{
        BodyLimit, Caller, Endpoint, EnvironmentAdmin, Field, FieldKind, Flow, Method, environment,
    },
    storage::store::{Setting, SettingName},
};

const MAX_HOSTS: usize = 200;

/// Replaces the hosts that hooks may reach.
pub(crate) struct PutHttpSettings;

impl Flow for PutHttpSettings {
    type Who = EnvironmentAdmin;
    /// An empty list is no list: then the hooks' own lists decide.
    type Input = HostList;
    type Output = HttpSettings;

    const NEEDS: Option<Permission> = Some(Permission::SettingsWrite);
    const ENDPOINT: Endpoint = Endpoint::plain(
        Method::Put,
        environment!("/settings/http"),
        "Replace the HTTP allow-list",
    )
    .fields(&[Field::required(
        "hosts",
        FieldKind::Json(r#"{"type":"array","maxItems":200,"items":{"type":"string"}}"#),
        "Hosts that hooks may send requests to, at most 200; `*.example.org` stands for every subdomain. A hook must also declare the host. If empty, the hooks' declarations alone decide.",
    )])
    .example(r#"{"hosts":["api.example.com","*.example.org"]}"#)
    .answers(200, "The stored settings.", HTTP);

    const BODY: BodyLimit = BODY;

    fn read(fields: &mut Fields, _: &AuthSettings) -> Option<HostList> {
        fields.required("hosts", HostList::parse(MAX_HOSTS))
    }

    async fn run(app: &App, caller: &Caller<EnvironmentAdmin>, hosts: HostList) -> Result<HttpSettings> {
        let kept = Setting::Open(hosts.to_json().to_string());
        keep(app, caller, "http", SettingName::HttpHosts, kept).await?;
        Ok(HttpSettings { hosts: hosts.names() })
    }
}
