//! `POST /admin/api/v1/projects/{project}/hooks/{hook}/versions`

use aerocall_api_types::{Permission, Version};
use aerocall_contract::errors;
use aerocall_runtime::{Manifest, Runtime};
use serde_json::{Value, json};

use super::{PATH, example, from_draft, version};
use crate::{
    app::App,
    base::{
        error::{Error, Refusal, Result},
        ids::{HookName, Kind, Slug, new_id},
        input::{Fields, Parsed},
    },
    domain::audit::{Action, Actor, AuditEntry, Place},
    flows::{
        admin::{drafts::revision, hooks::hook_name},
        steps::{
            audited::{self, Audited},
            endpoint::{BodyLimit, Caller, Endpoint, Field, FieldKind, Flow, Method, ProjectAdmin, Put},
        },
    },
    hooks::{refused, schedule},
    storage::store::{DraftBase, DraftRow, NewVersion, RECENT_DEPLOYMENTS, StoreError, Tx, VersionQuota, VersionRow},
};

/// Characters of a message.
pub(in crate::flows::admin) const MAX_MESSAGE: u32 = 1_000;

/// Uploads a bundle as the next version of a hook; the same bytes again are the version they were.
pub(crate) struct UploadVersion;

/// What a version is made of.
pub(crate) enum Sent {
    /// A bundle, and what is said of it.
    Bundle(Vec<u8>, Option<String>),
    /// The draft of this revision, and what is said of it.
    Draft(i64, Option<String>),
}

/// Where a version comes from, besides who makes it.
#[derive(Default)]
pub(super) struct Origin {
    /// What whoever makes it says of it.
    pub(super) message: Option<String>,
    /// The draft that it was built from.
    pub(super) draft: Option<DraftRow>,
}

impl Flow for UploadVersion {
    type Who = ProjectAdmin;
    type Input = Sent;
    type Output = Put<Version>;

    const NEEDS: Option<Permission> = Some(Permission::HooksDeploy);
    const ENDPOINT: Endpoint = Endpoint::plain(Method::Post, PATH, "Make a version of a hook")
        .about("Makes a new version of a bundle that is sent (`application/wasm`), or of the hook's draft (`application/json`); it becomes live with a deployment. A bundle is checked and compiled first. A draft is built first, if it still has the revision that is sent; it goes on from the version then. With a bundle, `message` can be sent as a parameter of the query. Versions are immutable and identified by the digest of their bytes: uploading the same bytes again returns the existing version. A project has at most `hooks.versions_per_project` versions (default 200): beyond that, the oldest version is deleted that is in none of the last 10 deployments of an environment.")
        .fields(&[Field::required(
            "body",
            FieldKind::Component,
            "The bundle written by `aerocall build`; or, as JSON, the draft to build.",
        ),
        Field::required("revision", FieldKind::Number(1, i64::MAX), "Revision of the draft."),
        Field::optional("message", FieldKind::Text(MAX_MESSAGE), "What is new in this version."),
        ])
        .answers(201, "The version.", example!())
        .errors(&[errors::NOT_A_COMPONENT, errors::CORE_MODULE, errors::PRECOMPILED_ARTIFACT, errors::TRUNCATED, errors::WRONG_WORLD, errors::FORBIDDEN_IMPORT, errors::UNKNOWN_ENGINE, errors::BAD_MANIFEST, errors::TOO_LARGE, errors::INVALID_WASM, errors::COMPILE_FAILED, errors::COMPILE_LIMIT, errors::LIMIT_REACHED, errors::BUILD_FAILED, errors::DRAFT_CONFLICT]);

    const BODY: BodyLimit = BodyLimit::ComponentOrJson;

    fn read(fields: &mut Fields, (): &()) -> Option<Sent> {
        let message = fields.optional("message", message);
        match fields.bytes() {
            Some(bundle) => Some(Sent::Bundle(bundle, message)),
            None => {
                let revision = fields.required("revision", |value| revision(&value));
                revision.map(|revision| Sent::Draft(revision, message))
            }
        }
    }

    fn status(output: &Put<Version>) -> u16 {
        output.status()
    }

    async fn run(app: &App, caller: &Caller<ProjectAdmin>, sent: Sent) -> Result<Put<Version>> {
        let name = hook_name(caller.part("hook")?)?;
        match sent {
            Sent::Draft(revision, message) => from_draft::make(app, caller, name, (revision, message)).await,
            Sent::Bundle(component, message) => {
                let origin = Origin { message, draft: None };
                store(app, caller.actor(), &caller.scope, name, (component, origin)).await
            }
        }
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
    store(app, by, project, name, (component, Origin::default())).await
}

/// The same, from a draft or with a message. The draft goes on from the version, whether it is new or was there.
pub(super) async fn store(
    app: &App,
    by: Actor,
    project: &Slug,
    name: HookName,
    (component, origin): (Vec<u8>, Origin),
) -> Result<Put<Version>> {
    let digest = aerocall_runtime::digest(&component);
    if origin.draft.is_none()
        && let Some(known) = find(app, project, &name, &digest).await?
    {
        return Put::Replaced(known).try_map(version);
    }
    let manifest = check(app, project, &component)
        .await
        .inspect_err(|error| log_refusal(project, &name, error))?;
    let new = NewVersion {
        id: new_id(Kind::Version),
        name,
        digest: digest.clone(),
        manifest,
        component,
        created_ms: app.clock.now_ms(),
        created_by: by.author(),
        message: origin.message,
        base_number: origin.draft.as_ref().and_then(|draft| draft.base_number),
    };
    let inserted = insert(app, by, project, (new, origin.draft)).await.inspect_err(|_| {
        // Without the version nobody needs what was compiled of it.
        app.hooks.registry.discard(&digest);
    });
    inserted?.try_map(version)
}

async fn find(app: &App, project: &Slug, name: &HookName, digest: &str) -> Result<Option<VersionRow>> {
    let (project, name, digest) = (project.clone(), name.clone(), digest.to_owned());
    let found = app.store.read(move |tx| tx.version_by_digest(&project, &name, &digest));
    Ok(found.await?)
}

/// What the bundle says of itself, if it says nothing that cannot be.
pub(in crate::flows::admin) fn inspect(component: &[u8]) -> Result<Manifest> {
    let manifest = Runtime::inspect(component).map_err(|error| refused(error, None))?;
    let known = manifest.check_names();
    known.map_err(|problem| Refusal::new(errors::BAD_MANIFEST, problem.to_string()))?;
    schedule::check(&manifest).map_err(|problem| Refusal::new(errors::BAD_MANIFEST, problem))?;
    Ok(manifest)
}

/// Checks the bundle, what costs least first, and compiles it; answers its manifest.
async fn check(app: &App, project: &Slug, component: &[u8]) -> Result<String> {
    let manifest = inspect(component)?;
    let (of, most) = (project.clone(), app.config.hooks.versions_per_project);
    if let VersionQuota::Full = app.store.read(move |tx| tx.version_quota(&of, most)).await? {
        return Err(no_room(most).into());
    }
    let loaded = app.hooks.registry.load(project, component).await;
    loaded.map_err(|error| refused(error, None))?;
    serde_json::to_string(&manifest).map_err(|error| Error::unexpected("writing a manifest", error))
}

/// Looked up again inside the transaction: of two uploads of the same bytes, one makes the version.
async fn insert(
    app: &App,
    by: Actor,
    project: &Slug,
    (new, draft): (NewVersion, Option<DraftRow>),
) -> Result<Put<VersionRow>> {
    let most = app.config.hooks.versions_per_project;
    let (project, place) = (project.clone(), Place::Project(project.clone()));
    let inserted = audited::change(app, place, by, move |tx, now_ms| {
        tx.lock_versions(&project)?;
        if let Some(known) = tx.version_by_digest(&project, &new.name, &new.digest)? {
            goes_on(tx, &project, &new.name, (draft.as_ref(), &known))?;
            return Ok(Audited::Unchanged(Ok(Put::Replaced(known))));
        }
        let VersionQuota::FreeAfter(old) = tx.version_quota(&project, most)? else {
            return Ok(Audited::Unchanged(Err(no_room(most))));
        };
        tx.delete_versions(&project, &old, now_ms)?;
        let row = tx.insert_version(&project, &new)?;
        goes_on(tx, &project, &new.name, (draft.as_ref(), &row))?;
        let entry = AuditEntry::new(Action::VersionUploaded, new.name.as_str());
        let mut about = json!({ "number": row.number, "digest": row.digest });
        if let Some(draft) = &draft {
            about["draft"] = draft.revision.into();
        }
        if !old.is_empty() {
            let line = |row: &VersionRow| json!({ "name": row.name, "number": row.number });
            about["deleted"] = old.iter().map(line).collect();
        }
        Ok(Audited::Changed(Ok(Put::New(row)), entry.with(about)))
    });
    Ok(inserted.await??)
}

/// The draft that a version was made of begins from it now.
fn goes_on(
    tx: &mut Tx<'_>,
    project: &Slug,
    hook: &HookName,
    (draft, version): (Option<&DraftRow>, &VersionRow),
) -> std::result::Result<(), StoreError> {
    let base = DraftBase {
        number: version.number,
        digest: version.digest.clone(),
    };
    draft.map_or(Ok(()), |draft| tx.rebase_draft(project, hook, draft, &base))
}

/// What is said of a version or a deployment.
pub(in crate::flows::admin) fn message(value: Value) -> Parsed<String> {
    match value {
        Value::String(text) if text.trim().is_empty() => Err("must not be empty".to_owned()),
        Value::String(text) if text.chars().count() > MAX_MESSAGE as usize => {
            Err(format!("must have at most {MAX_MESSAGE} characters"))
        }
        Value::String(text) if text.contains('\0') => Err("must not contain the control character NUL".to_owned()),
        Value::String(text) => Ok(text),
        _ => Err("must be a string".to_owned()),
    }
}

fn no_room(most: i64) -> Refusal {
    Refusal::limit_reached(format!(
        "The project has {most} versions of hooks, and each is in one of the last {RECENT_DEPLOYMENTS} deployments of an environment: deploy fewer hooks, or raise hooks.versions_per_project"
    ))
}

/// For the log; the uploader is answered the same.
fn log_refusal(project: &Slug, hook: &HookName, error: &Error) {
    if let Error::Refused(refusal) = error {
        let (code, reason) = (&*refusal.code, &*refusal.message);
        tracing::warn!(target: "aerocall::hook", project = project.as_str(), hook = hook.as_str(), code, ?reason, "a bundle was refused");
    }
}
