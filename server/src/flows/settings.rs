//! `GET|PUT /admin/api/v1/projects/{project}/environments/{env}/settings/…`: the hosts that hooks may reach (`http`) and
//! who sends the mails (`mail`).

use serde_json::{Map, Value, json};

use crate::{
    app::App,
    error::{Error, Refusal, Result},
    ids::Scope,
    input::{Fields, HostList},
    mail::MailSetting,
    store::{Setting, SettingName},
};

const MOST_HOSTS: usize = 200;

/// What the client sends: `{ hosts }`. An empty list is no list: then the hooks' own lists decide.
pub(crate) fn read_http(body: Map<String, Value>) -> std::result::Result<HostList, Refusal> {
    let mut fields = Fields::new(body);
    let hosts = fields.required("hosts", HostList::parse(MOST_HOSTS));
    fields.finish(hosts)
}

pub(crate) async fn http(app: &App, scope: &Scope) -> Result<Value> {
    let scope = scope.clone();
    let kept = app
        .store
        .read(move |tx| tx.setting(&scope, SettingName::HttpHosts))
        .await?;
    let broken = |problem: String| Error::unexpected("reading a project's hosts", problem);
    let hosts = match kept {
        None => HostList::default(),
        Some(Setting::Open(text)) => HostList::stored(&text).map_err(broken)?,
        Some(Setting::Sealed(_)) => return Err(broken("they are sealed".to_owned())),
    };
    Ok(json!({ "hosts": hosts.to_json() }))
}

pub(crate) async fn put_http(app: &App, scope: &Scope, hosts: HostList) -> Result<Value> {
    let (scope, document) = (scope.clone(), hosts.to_json());
    let (kept, now_ms) = (Setting::Open(document.to_string()), app.clock.now_ms());
    let put = app
        .store
        .write(move |tx| tx.put_setting(&scope, SettingName::HttpHosts, &kept, now_ms));
    put.await?;
    Ok(json!({ "hosts": document }))
}

pub(crate) async fn mail(app: &App, scope: &Scope) -> Result<Value> {
    Ok(MailSetting::load(&app.store, &app.master, scope).await?.document())
}

pub(crate) async fn put_mail(app: &App, scope: &Scope, setting: MailSetting) -> Result<Value> {
    setting.save(&app.store, &app.master, scope, app.clock.now_ms()).await?;
    Ok(setting.document())
}
