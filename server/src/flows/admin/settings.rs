//! `GET|PUT /admin/api/v1/projects/{project}/environments/{env}/settings/…`: the hosts that hooks may reach (`http`), who
//! sends the mails (`mail`), what accounts and sessions are like (`auth`), who may vouch for people (`providers`), and the
//! most that a call may use (`limits`).

use aerocall_runtime::RequestedLimits;
use serde_json::{Map, Value, json};

use crate::{
    app::App,
    base::{
        error::{Error, Problem, Refusal, Result},
        ids::Scope,
        input::{Fields, HostList},
    },
    domain::audit::{self, Action, Actor, AuditEntry},
    outbound::{mail::MailSetting, oidc::Providers},
    storage::store::{Setting, SettingName},
};

const MAX_HOSTS: usize = 200;

/// Keeps a setting instead of the one before, with the line of the audit log. `shown`: what paths call it.
async fn keep(
    app: &App,
    scope: &Scope,
    by: &Actor,
    shown: &'static str,
    name: SettingName,
    setting: Setting,
) -> Result<()> {
    let (scope, by, now_ms) = (scope.clone(), by.clone(), app.clock.now_ms());
    let kept = app.store.write(move |tx| {
        tx.put_setting(&scope, name, &setting, now_ms)?;
        audit::record(
            tx,
            Some(&scope),
            &by,
            AuditEntry::new(Action::SettingPut, shown),
            now_ms,
        )
    });
    Ok(kept.await?)
}

/// What the client sends: `{ hosts }`. An empty list is no list: then the hooks' own lists decide.
pub(crate) fn read_http(body: Map<String, Value>) -> std::result::Result<HostList, Refusal> {
    let mut fields = Fields::new(body);
    let hosts = fields.required("hosts", HostList::parse(MAX_HOSTS));
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

pub(crate) async fn put_http(app: &App, scope: &Scope, by: &Actor, hosts: HostList) -> Result<Value> {
    let document = hosts.to_json();
    let kept = Setting::Open(document.to_string());
    keep(app, scope, by, "http", SettingName::HttpHosts, kept).await?;
    Ok(json!({ "hosts": document }))
}

pub(crate) async fn mail(app: &App, scope: &Scope) -> Result<Value> {
    Ok(MailSetting::load(&app.store, &app.master, scope).await?.document())
}

pub(crate) async fn put_mail(app: &App, scope: &Scope, by: &Actor, setting: MailSetting) -> Result<Value> {
    let sealed = setting.sealed(&app.master, scope)?;
    keep(app, scope, by, "mail", SettingName::Mail, sealed).await?;
    Ok(setting.document())
}

/// What accounts, sessions and grants are like.
pub(crate) async fn auth(app: &App, scope: &Scope) -> Result<Value> {
    Ok(app.settings.auth(scope).await?.document())
}

/// What the client sends lies over the defaults; what it leaves out is as by default.
pub(crate) async fn put_auth(app: &App, scope: &Scope, by: &Actor, body: Map<String, Value>) -> Result<Value> {
    let settings = app.settings.defaults().read(body)?;
    let document = settings.document();
    let kept = Setting::Open(document.to_string());
    keep(app, scope, by, "auth", SettingName::Auth, kept).await?;
    app.settings.changed(scope, settings);
    Ok(document)
}

pub(crate) async fn providers(app: &App, scope: &Scope) -> Result<Value> {
    Ok(Providers::load(&app.store, &app.master, scope).await?.document())
}

/// Replaces all of them; a secret that is left out stays. An address that is never asked is told at once, not when somebody
/// wants to log in.
pub(crate) async fn put_providers(app: &App, scope: &Scope, by: &Actor, body: Map<String, Value>) -> Result<Value> {
    let before = Providers::load(&app.store, &app.master, scope).await?;
    let providers = Providers::read(body, &before)?;
    let problems = app.oidc.problems(&providers);
    if !problems.is_empty() {
        return Err(Refusal::invalid_input(problems).into());
    }
    let sealed = providers.sealed(&app.master, scope)?;
    keep(app, scope, by, "providers", SettingName::Providers, sealed).await?;
    Ok(providers.document())
}

/// What the client sends: limits by name, each of which may be left out.
pub(crate) fn read_limits(body: Map<String, Value>) -> std::result::Result<RequestedLimits, Refusal> {
    serde_json::from_value(Value::Object(body)).map_err(|error| {
        Refusal::invalid_input(vec![Problem {
            field: "limits".to_owned(),
            problem: error.to_string(),
        }])
    })
}

pub(crate) async fn limits(app: &App, scope: &Scope) -> Result<RequestedLimits> {
    app.hooks.registry.project_limits(scope).await
}

/// They hold for every call from now on.
pub(crate) async fn put_limits(
    app: &App,
    scope: &Scope,
    by: &Actor,
    limits: RequestedLimits,
) -> Result<RequestedLimits> {
    let document =
        serde_json::to_string(&limits).map_err(|error| Error::unexpected("writing a project's limits", error))?;
    keep(app, scope, by, "limits", SettingName::Limits, Setting::Open(document)).await?;
    app.hooks.registry.restore_scope(scope).await?;
    Ok(limits)
}
