//! Every endpoint of the admin API. What is in this list is served, is in the OpenAPI document and in the reference.

use aerocall_api_types::Document;

use super::handler;
use crate::{
    flows::{
        admin::{
            audit::{ListAllAudit, ListAudit},
            deployments::{Deploy, ListDeployments},
            endpoints::ListEndpoints,
            hooks::{GetLiveHooks, SetHookState},
            invocations::{GetInvocation, ListInvocations},
            jobs::{CountJobsByQueue, GetJob, ListJobs, RequeueJob},
            migrations::ListMigrations,
            projects::{CreateEnvironment, CreateProject, ListProjects},
            secrets::{DeleteSecret, ListSecrets, PutSecret},
            signing_keys::{ListSigningKeys, RotateSigningKeys},
            versions::{ListVersions, UploadVersion},
        },
        steps::endpoint::{AdminWho, AnswerType, Flow, Method, Who},
    },
    http::wire::served::{self, Body, Served},
};

/// The whole list.
pub(crate) fn endpoints() -> Vec<Served> {
    [
        projects(),
        hooks(),
        secrets(),
        jobs(),
        invocations(),
        signing_keys(),
        audit(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn projects() -> Vec<Served> {
    vec![
        served::<ListProjects>(),
        served::<CreateProject>(),
        served::<CreateEnvironment>(),
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
        body: match (F::ENDPOINT.method, F::ENDPOINT.answer.status) {
            (Method::Put, 201) => Body::JsonMaybeNew,
            _ => Body::Json,
        },
        answer: Some(AnswerType::of::<F::Output>()),
        route: || served::method(F::ENDPOINT.method).to(handler::answer::<F>),
    }
}
