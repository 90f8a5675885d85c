//! Every endpoint of the admin API. What is in this list is served, is in the OpenAPI document and in the reference.

use aerocall_api_types::Document;

use super::{handler, stream};
use crate::{
    flows::{
        admin::{
            admin_tokens::{
                CreateAdminToken, Holder, ListAdminTokens, OfProject, OfServer, RevokeAdminToken, RotateAdminToken,
                Setup,
            },
            api_keys::{CreateApiKey, ListApiKeys, RevokeApiKey, RotateApiKey},
            audit::{ListAllAudit, ListAudit},
            deployments::{Deploy, ListDeployments},
            endpoints::ListEndpoints,
            events::{GetEvent, ListEvents, StreamEvents},
            hooks::{GetLiveHooks, SetHookState},
            invocations::{GetInvocation, ListInvocations},
            jobs::{CountJobsByQueue, GetJob, ListJobs, RequeueJob},
            mail_templates::{DeleteMailTemplate, GetMailTemplate, ListMailTemplates, PutMailTemplate},
            mails::{GetMail, ListMails},
            migrations::ListMigrations,
            projects::{
                CreateEnvironment, CreateProject, DeleteEnvironment, DeleteProject, GetEnvironment, GetProject,
                ListProjects, RenameEnvironment, RenameProject,
            },
            secrets::{DeleteSecret, ListSecrets, PutSecret},
            settings::{
                GetAuthSettings, GetHttpSettings, GetIdentityProviders, GetInvocationLimits, GetMailSettings,
                PutAuthSettings, PutHttpSettings, PutIdentityProviders, PutInvocationLimits, PutMailSettings,
            },
            signing_keys::{ListSigningKeys, RotateSigningKeys},
            users::{
                BanUser, CreateUser, DeleteUser, ExportUser, GetUser, ListUsers, LogOutUser, PatchUser, UnbanUser,
            },
            versions::{ListVersions, UploadVersion},
            webhooks::{
                ChangeWebhook, CreateWebhook, DeleteWebhook, GetDelivery, GetWebhook, ListDeliveries, ListWebhooks,
                Redeliver, ReplayDeliveries, RotateWebhookSecret, TestWebhook,
            },
        },
        steps::endpoint::{AdminWho, AnswerType, Flow, Method, Stranger, Who},
    },
    http::wire::served::{self, Body, Served},
};

/// The whole list.
pub(crate) fn endpoints() -> Vec<Served> {
    [
        tokens(),
        projects(),
        keys(),
        hooks(),
        secrets(),
        jobs(),
        invocations(),
        signing_keys(),
        audit(),
        users(),
        settings(),
        mails(),
        mail_templates(),
        events(),
        webhooks(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn tokens() -> Vec<Served> {
    let mut tokens = vec![served_to_strangers::<Setup>()];
    tokens.extend(tokens_of::<OfServer>());
    tokens.extend(tokens_of::<OfProject>());
    tokens
}

fn tokens_of<H: Holder>() -> Vec<Served> {
    vec![
        served::<ListAdminTokens<H>>(),
        served::<CreateAdminToken<H>>(),
        served::<RotateAdminToken<H>>(),
        served::<RevokeAdminToken<H>>(),
    ]
}

fn keys() -> Vec<Served> {
    vec![
        served::<ListApiKeys>(),
        served::<CreateApiKey>(),
        served::<RotateApiKey>(),
        served::<RevokeApiKey>(),
    ]
}

fn projects() -> Vec<Served> {
    vec![
        served::<ListProjects>(),
        served::<CreateProject>(),
        served::<GetProject>(),
        served::<RenameProject>(),
        served::<DeleteProject>(),
        served::<CreateEnvironment>(),
        served::<GetEnvironment>(),
        served::<RenameEnvironment>(),
        served::<DeleteEnvironment>(),
    ]
}

fn hooks() -> Vec<Served> {
    let upload = Served {
        body: Body::JsonMaybeNew,
        ..served::<UploadVersion>()
    };
    vec![
        served::<ListVersions>(),
        upload,
        served::<ListDeployments>(),
        served::<Deploy>(),
        served::<ListMigrations>(),
        served::<GetLiveHooks>(),
        served::<SetHookState>(),
        served::<ListEndpoints>(),
    ]
}

fn secrets() -> Vec<Served> {
    vec![served::<ListSecrets>(), served::<PutSecret>(), served::<DeleteSecret>()]
}

fn jobs() -> Vec<Served> {
    vec![
        served::<ListJobs>(),
        served::<GetJob>(),
        served::<RequeueJob>(),
        served::<CountJobsByQueue>(),
    ]
}

fn invocations() -> Vec<Served> {
    vec![served::<ListInvocations>(), served::<GetInvocation>()]
}

fn signing_keys() -> Vec<Served> {
    vec![served::<ListSigningKeys>(), served::<RotateSigningKeys>()]
}

fn audit() -> Vec<Served> {
    vec![served::<ListAudit>(), served::<ListAllAudit>()]
}

fn served<F>() -> Served
where
    F: Flow,
    F::Who: AdminWho,
    F::Output: Document,
{
    Served {
        endpoint: &F::ENDPOINT,
        access: F::Who::ACCESS,
        needs: const {
            assert!(
                F::NEEDS.is_some(),
                "an endpoint of the admin API says which permission it needs"
            );
            F::NEEDS
        },
        body: match (F::ENDPOINT.method, F::ENDPOINT.answer.status) {
            (Method::Put, 201) => Body::JsonMaybeNew,
            _ => Body::Json,
        },
        answer: Some(AnswerType::of::<F::Output>()),
        route: || served::method(F::ENDPOINT.method).to(handler::answer::<F>),
    }
}

/// An endpoint for whoever has no key or token yet.
fn served_to_strangers<F>() -> Served
where
    F: Flow<Who = Stranger>,
    F::Output: Document,
{
    Served {
        endpoint: &F::ENDPOINT,
        access: F::Who::ACCESS,
        needs: None,
        body: Body::Json,
        answer: Some(AnswerType::of::<F::Output>()),
        route: || served::method(F::ENDPOINT.method).to(handler::answer_stranger::<F>),
    }
}

fn settings() -> Vec<Served> {
    vec![
        served::<GetAuthSettings>(),
        served::<PutAuthSettings>(),
        served::<GetIdentityProviders>(),
        served::<PutIdentityProviders>(),
        served::<GetHttpSettings>(),
        served::<PutHttpSettings>(),
        served::<GetMailSettings>(),
        served::<PutMailSettings>(),
        served::<GetInvocationLimits>(),
        served::<PutInvocationLimits>(),
    ]
}

fn mails() -> Vec<Served> {
    vec![served::<ListMails>(), served::<GetMail>()]
}

fn mail_templates() -> Vec<Served> {
    vec![
        served::<ListMailTemplates>(),
        served::<GetMailTemplate>(),
        served::<PutMailTemplate>(),
        served::<DeleteMailTemplate>(),
    ]
}

fn events() -> Vec<Served> {
    let stream = Served {
        endpoint: &StreamEvents::ENDPOINT,
        access: <StreamEvents as Flow>::Who::ACCESS,
        needs: StreamEvents::NEEDS,
        body: Body::Text("text/event-stream"),
        answer: None,
        route: || served::method(StreamEvents::ENDPOINT.method).to(stream::follow),
    };
    vec![served::<ListEvents>(), served::<GetEvent>(), stream]
}

fn webhooks() -> Vec<Served> {
    vec![
        served::<ListWebhooks>(),
        served::<CreateWebhook>(),
        served::<GetWebhook>(),
        served::<ChangeWebhook>(),
        served::<DeleteWebhook>(),
        served::<RotateWebhookSecret>(),
        served::<TestWebhook>(),
        served::<ReplayDeliveries>(),
        served::<ListDeliveries>(),
        served::<GetDelivery>(),
        served::<Redeliver>(),
    ]
}

fn users() -> Vec<Served> {
    vec![
        served::<ListUsers>(),
        served::<CreateUser>(),
        served::<GetUser>(),
        served::<PatchUser>(),
        served::<DeleteUser>(),
        served::<BanUser>(),
        served::<UnbanUser>(),
        served::<LogOutUser>(),
        served::<ExportUser>(),
    ]
}
