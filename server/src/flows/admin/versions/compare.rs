//! `GET …/hooks/{hook}/compare`

use std::collections::{BTreeMap, BTreeSet};

use aerocall_api_types::{
    BundledPackage, ComparedSide, Difference, FileChange, HookComparison, LimitChange, Manifest, ManifestChanges,
    PackageChange, Permission, ScheduleChange, SourcesState,
};
use aerocall_runtime::ProjectFile;
use serde_json::Value;

use super::{files::bundled, numbered, version};
use crate::{
    app::App,
    base::{
        error::{Refusal, Result},
        ids::HookName,
        input::{Fields, Parsed, query},
        stored,
    },
    flows::{
        admin::{
            drafts::{self, Content, all_files, packages},
            hooks::hook_name,
        },
        steps::endpoint::{Caller, Endpoint, Field, FieldKind, Flow, ProjectAdmin},
    },
};

/// Compares two versions of a hook, or one and the draft.
pub(crate) struct CompareVersions;

/// One of the two.
#[derive(Clone, Copy)]
pub(crate) enum Side {
    Version(i32),
    Draft,
}

/// How a side is named in the query.
const SIDE: FieldKind = FieldKind::Json(r#"{"type":"string","pattern":"^([1-9][0-9]*|draft)$"}"#);

impl Flow for CompareVersions {
    type Who = ProjectAdmin;
    type Input = (Side, Side);
    type Output = HookComparison;

    const NEEDS: Option<Permission> = Some(Permission::HooksRead);
    const ENDPOINT: Endpoint = Endpoint::get(
        "/admin/api/v1/projects/{project}/hooks/{hook}/compare",
        "Compare two versions of a hook",
    )
    .about("What `b` has that `a` has not is `added` or `after`. Versions whose bundles carry no sources are compared by their manifests; the draft, which has no manifest before it is built, by its files.")
    .fields(&[
        Field::required("a", SIDE, "Number of a version, or `draft`."),
        Field::required("b", SIDE, "Number of a version, or `draft`."),
    ])
    .answers(
        200,
        "What differs.",
        r#"{"a": {"number": 1, "revision": null, "digest": "sha256:…", "sources": "bundled"}, "b": {"number": 2, "revision": null, "digest": "sha256:…", "sources": "bundled"}, "files": [{"path": "hooks/signup.ts", "before": "// 1\n", "after": "// 2\n"}], "packages": [{"name": "nanoid", "before": null, "after": "5.1.6"}], "manifest": {"capabilities": {"added": ["cache"], "removed": []}, "points": {"added": [], "removed": ["beforeLogin"]}, "limits": [{"name": "deadlineMs", "before": null, "after": 500}], "schedules": []}}"#,
    );

    fn read(fields: &mut Fields, (): &()) -> Option<(Side, Side)> {
        let a = fields.required("a", side);
        let b = fields.required("b", side);
        a.zip(b)
    }

    async fn run(app: &App, caller: &Caller<ProjectAdmin>, (a, b): (Side, Side)) -> Result<HookComparison> {
        let hook = hook_name(caller.part("hook")?)?;
        let (a, b) = (look(app, caller, &hook, a).await?, look(app, caller, &hook, b).await?);
        let sources = a.sources.as_ref().zip(b.sources.as_ref());
        let manifests = a.manifest.as_ref().zip(b.manifest.as_ref());
        Ok(HookComparison {
            files: sources.map(|(a, b)| file_changes(&a.files, &b.files)),
            packages: sources.map(|(a, b)| package_changes(&a.packages, &b.packages)),
            manifest: manifests.map(|(a, b)| manifest_changes(a, b)),
            a: a.side,
            b: b.side,
        })
    }
}

fn side(value: Value) -> Parsed<Side> {
    if value == "draft" {
        return Ok(Side::Draft);
    }
    let number = query::whole(1, i64::from(i32::MAX))(value);
    let number = number.ok().and_then(|number| i32::try_from(number).ok());
    number
        .map(Side::Version)
        .ok_or_else(|| "must be the number of a version, or draft".to_owned())
}

/// What is compared of a side.
struct Seen {
    side: ComparedSide,
    sources: Option<Sources>,
    manifest: Option<Manifest>,
}

struct Sources {
    files: Vec<ProjectFile>,
    packages: Vec<BundledPackage>,
}

async fn look(app: &App, caller: &Caller<ProjectAdmin>, hook: &HookName, side: Side) -> Result<Seen> {
    match side {
        Side::Draft => {
            let draft = drafts::find(app, &caller.scope, hook).await?;
            let draft = draft.ok_or_else(Refusal::not_found)?;
            let carried: Vec<ProjectFile> = stored::json(&draft.packages)?;
            Ok(Seen {
                side: ComparedSide {
                    number: None,
                    revision: Some(draft.revision),
                    digest: None,
                    sources: SourcesState::Bundled,
                },
                sources: Some(Sources {
                    files: Content::of(&draft)?.files,
                    packages: packages(&carried),
                }),
                manifest: None,
            })
        }
        Side::Version(number) => {
            let row = numbered(app, &caller.scope, hook, number).await?;
            let carried = bundled(app, caller, &row).await?;
            let version = version(row)?;
            Ok(Seen {
                side: ComparedSide {
                    number: Some(version.number),
                    revision: None,
                    digest: Some(version.digest),
                    sources: match carried {
                        Some(_) => SourcesState::Bundled,
                        None => SourcesState::None,
                    },
                },
                sources: carried.map(|project| Sources {
                    files: all_files(&project),
                    packages: packages(&project.inputs.packages),
                }),
                manifest: Some(version.manifest),
            })
        }
    }
}

fn file_changes(a: &[ProjectFile], b: &[ProjectFile]) -> Vec<FileChange> {
    let texts = |files: &[ProjectFile]| -> BTreeMap<String, String> {
        files.iter().map(|file| (file.0.clone(), file.1.clone())).collect()
    };
    let changes = changes(&texts(a), &texts(b));
    let change = |(path, before, after)| FileChange { path, before, after };
    changes.into_iter().map(change).collect()
}

fn package_changes(a: &[BundledPackage], b: &[BundledPackage]) -> Vec<PackageChange> {
    // Of a package without a version it is known how large it is.
    let versions = |packages: &[BundledPackage]| -> BTreeMap<String, (Option<String>, u64)> {
        let line = |one: &BundledPackage| (one.name.clone(), (one.version.clone(), one.size_bytes));
        packages.iter().map(line).collect()
    };
    let changes = changes(&versions(a), &versions(b));
    let change = |(name, before, after): (String, Option<(Option<String>, u64)>, Option<_>)| PackageChange {
        name,
        before: before.and_then(|(version, _)| version),
        after: after.and_then(|(version, _): (Option<String>, u64)| version),
    };
    changes.into_iter().map(change).collect()
}

/// Capabilities, points, limits and schedules.
pub(in crate::flows::admin) fn manifest_changes(a: &Manifest, b: &Manifest) -> ManifestChanges {
    let points =
        |manifest: &Manifest| -> Vec<String> { manifest.hooks.iter().chain(&manifest.events).cloned().collect() };
    let limit = |(name, before, after)| LimitChange { name, before, after };
    let schedule = |(name, before, after)| ScheduleChange { name, before, after };
    ManifestChanges {
        capabilities: difference(&a.capabilities, &b.capabilities),
        points: difference(&points(a), &points(b)),
        limits: changes(&a.limits, &b.limits).into_iter().map(limit).collect(),
        schedules: changes(&a.schedules, &b.schedules).into_iter().map(schedule).collect(),
    }
}

/// What the second has and the first has not, and the other way round.
pub(in crate::flows::admin) fn difference(a: &[String], b: &[String]) -> Difference {
    let (a, b): (BTreeSet<&String>, BTreeSet<&String>) = (a.iter().collect(), b.iter().collect());
    Difference {
        added: b.difference(&a).map(|one| (*one).clone()).collect(),
        removed: a.difference(&b).map(|one| (*one).clone()).collect(),
    }
}

/// Names whose values differ, in their order.
fn changes<V: Clone + PartialEq>(
    a: &BTreeMap<String, V>,
    b: &BTreeMap<String, V>,
) -> Vec<(String, Option<V>, Option<V>)> {
    let names: BTreeSet<&String> = a.keys().chain(b.keys()).collect();
    let changed = names.into_iter().filter(|name| a.get(*name) != b.get(*name));
    changed
        .map(|name| (name.clone(), a.get(name).cloned(), b.get(name).cloned()))
        .collect()
}
