//! `POST /admin/api/v1/projects/{project}/hooks/{name}/versions`

use aerocall_runtime::LoadError;
use serde::Serialize;
use serde_json::{Value, json};

use crate::{
    app::App,
    base::{
        clock,
        error::{Error, Refusal, Result},
        ids::{HookName, Kind, Slug, new_id},
    },
    domain::audit::{self, Action, Actor, AuditEntry},
    hooks::schedule,
    storage::store::{NewVersion, VersionRow},
};

/// A version as the admin API shows it.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct VersionDocument {
    name: String,
    number: i32,
    digest: String,
    size_bytes: i64,
    created_at: String,
    manifest: Value,
}

/// Whether the upload made a version or found it there.
#[derive(Debug)]
pub(crate) enum Uploaded {
    New(VersionDocument),
    Known(VersionDocument),
}

/// Keeps a bundle as the next version of the hook; the same bytes again are the version they were.
pub(crate) async fn run(app: &App, by: Actor, project: &Slug, name: &HookName, component: Vec<u8>) -> Result<Uploaded> {
    let digest = aerocall_runtime::digest(&component);
    if let Some(known) = find(app, project, name, &digest).await? {
        return Ok(Uploaded::Known(VersionDocument::of(known)?));
    }
    let hook = app.hooks.registry.load(&component).await.map_err(refused)?;
    schedule::check(hook.manifest()).map_err(|problem| Refusal::new(422, "bad_manifest", problem))?;
    let manifest =
        serde_json::to_string(hook.manifest()).map_err(|error| Error::unexpected("writing a manifest", error))?;
    let created_ms = app.clock.now_ms();
    let new = NewVersion {
        id: new_id(Kind::Version),
        name: name.clone(),
        digest,
        manifest,
        component,
        created_ms,
    };
    keep(app, by, project, new).await
}

async fn find(app: &App, project: &Slug, name: &HookName, digest: &str) -> Result<Option<VersionRow>> {
    let (project, name, digest) = (project.clone(), name.clone(), digest.to_owned());
    Ok(app
        .store
        .read(move |tx| tx.version_by_digest(&project, &name, &digest))
        .await?)
}

/// Looked up again inside the transaction: of two uploads of the same bytes, one makes the version.
async fn keep(app: &App, by: Actor, project: &Slug, new: NewVersion) -> Result<Uploaded> {
    let project = project.clone();
    let (row, make): (VersionRow, fn(VersionDocument) -> Uploaded) = app
        .store
        .write(
            move |tx| match tx.version_by_digest(&project, &new.name, &new.digest)? {
                Some(known) => Ok((known, Uploaded::Known as fn(VersionDocument) -> Uploaded)),
                None => {
                    let row = tx.insert_version(&project, &new)?;
                    let entry = AuditEntry::new(Action::VersionUploaded, new.name.as_str());
                    let entry = entry.with(json!({ "number": row.number, "digest": row.digest }));
                    audit::record_project(tx, &project, &by, entry, new.created_ms)?;
                    Ok((row, Uploaded::New as fn(VersionDocument) -> Uploaded))
                }
            },
        )
        .await?;
    VersionDocument::of(row).map(make)
}

/// A bundle that was refused is the uploader's to mend; a runtime that failed is ours.
fn refused(error: LoadError) -> Error {
    if error.code == "internal" {
        return Error::unexpected("loading a bundle", error);
    }
    Refusal::new(422, error.code, error.message).into()
}

impl VersionDocument {
    pub(crate) fn of(row: VersionRow) -> Result<Self> {
        let manifest = serde_json::from_str(&row.manifest)
            .map_err(|error| Error::unexpected("reading a stored manifest", error))?;
        Ok(Self {
            name: row.name,
            number: row.number,
            digest: row.digest,
            size_bytes: row.component_bytes,
            created_at: clock::iso(row.created_ms),
            manifest,
        })
    }
}
