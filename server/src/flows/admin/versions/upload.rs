//! `POST /admin/api/v1/projects/{project}/hooks/{hook}/versions`

use aerocall_api_types::Version;
use aerocall_runtime::LoadError;
use serde_json::json;

use super::{PATH, example, version};
use crate::{
    app::App,
    base::{
        error::{Error, Refusal, Result},
        ids::{HookName, Kind, Slug, new_id},
        input::Fields,
    },
    domain::audit::{Action, Actor, AuditEntry, Place},
    flows::{
        admin::hooks::hook_name,
        steps::{
            audited::{self, Audited},
            endpoint::{BodyLimit, Caller, Endpoint, Field, FieldKind, Flow, Method, ProjectAdmin, Put},
        },
    },
    hooks::schedule,
    storage::store::{NewVersion, VersionRow},
};

/// Uploads a bundle as the next version of a hook; the same bytes again are the version they were.
pub(crate) struct UploadVersion;

impl Flow for UploadVersion {
    type Who = ProjectAdmin;
    type Input = Vec<u8>;
    type Output = Put<Version>;

    const ENDPOINT: Endpoint = Endpoint::plain(Method::Post, PATH, "Upload a version of a hook")
        .about("Uploads a bundle as a new version; it becomes live with a deployment. The bundle is checked and compiled first. Versions are immutable and identified by the digest of their bytes: uploading the same bytes again returns the existing version.")
        .fields(&[Field::required(
            "body",
            FieldKind::Component,
            "The bundle written by `aerocall build`.",
        )])
        .answers(201, "The version.", example!())
        .errors(&[
            "not_a_component",
            "core_module",
            "precompiled_artifact",
            "truncated",
            "wrong_world",
            "forbidden_import",
            "unknown_engine",
            "bad_manifest",
            "too_large",
            "invalid_wasm",
            "compile_failed",
            "compile_limit",
        ]);

    const BODY: BodyLimit = BodyLimit::Component;

    fn read(fields: &mut Fields, (): &()) -> Option<Vec<u8>> {
        fields.bytes()
    }

    fn status(output: &Put<Version>) -> u16 {
        output.status()
    }

    async fn run(app: &App, caller: &Caller<ProjectAdmin>, component: Vec<u8>) -> Result<Put<Version>> {
        let name = hook_name(caller.part("hook")?)?;
        upload(app, caller.actor(), &caller.scope, name, component).await
    }
}

/// Stores a bundle that loads, unless it is there.
pub(crate) async fn upload(
    app: &App,
    by: Actor,
    project: &Slug,
    name: HookName,
    component: Vec<u8>,
) -> Result<Put<Version>> {
    let digest = aerocall_runtime::digest(&component);
    if let Some(known) = find(app, project, &name, &digest).await? {
        return Put::Replaced(known).try_map(version);
    }
    let manifest = check(app, &component).await?;
    let new = NewVersion {
        id: new_id(Kind::Version),
        name,
        digest,
        manifest,
        component,
        created_ms: app.clock.now_ms(),
    };
    insert(app, by, project, new).await?.try_map(version)
}

async fn find(app: &App, project: &Slug, name: &HookName, digest: &str) -> Result<Option<VersionRow>> {
    let (project, name, digest) = (project.clone(), name.clone(), digest.to_owned());
    let found = app.store.read(move |tx| tx.version_by_digest(&project, &name, &digest));
    Ok(found.await?)
}

/// Compiles the bundle; answers its manifest.
async fn check(app: &App, component: &[u8]) -> Result<String> {
    let hook = app.hooks.registry.load(component).await.map_err(refused)?;
    let known = hook.manifest().check_names();
    known.map_err(|problem| Refusal::new(422, "bad_manifest", problem.to_string()))?;
    schedule::check(hook.manifest()).map_err(|problem| Refusal::new(422, "bad_manifest", problem))?;
    serde_json::to_string(hook.manifest()).map_err(|error| Error::unexpected("writing a manifest", error))
}

/// Looked up again inside the transaction: of two uploads of the same bytes, one makes the version.
async fn insert(app: &App, by: Actor, project: &Slug, new: NewVersion) -> Result<Put<VersionRow>> {
    let (project, place) = (project.clone(), Place::Project(project.clone()));
    let inserted = audited::change(app, place, by, move |tx, _| {
        if let Some(known) = tx.version_by_digest(&project, &new.name, &new.digest)? {
            return Ok(Audited::Unchanged(Put::Replaced(known)));
        }
        let row = tx.insert_version(&project, &new)?;
        let entry = AuditEntry::new(Action::VersionUploaded, new.name.as_str());
        let entry = entry.with(json!({ "number": row.number, "digest": row.digest }));
        Ok(Audited::Changed(Put::New(row), entry))
    });
    inserted.await
}

/// A bundle that was refused is the uploader's to mend; a runtime that failed is ours.
fn refused(error: LoadError) -> Error {
    if error.code == "internal" {
        return Error::unexpected("loading a bundle", error);
    }
    Refusal::new(422, error.code, error.message).into()
}
