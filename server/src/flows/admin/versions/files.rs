//! `GET …/versions/{number}/files`

use aerocall_api_types::{Permission, SourcesState, VersionFiles};
use aerocall_runtime::{BuildSettings, BundledProject};

use super::named;
use crate::{
    app::App,
    base::error::Result,
    flows::{
        admin::drafts::{all_files, packages, settings_document, source_files},
        steps::endpoint::{Caller, Endpoint, Flow, ProjectAdmin},
    },
    storage::store::VersionRow,
};

/// Shows the sources that a version was built from.
pub(crate) struct GetVersionFiles;

impl Flow for GetVersionFiles {
    type Who = ProjectAdmin;
    type Input = ();
    type Output = VersionFiles;

    const NEEDS: Option<Permission> = Some(Permission::HooksRead);
    const ENDPOINT: Endpoint = Endpoint::get(
        "/admin/api/v1/projects/{project}/hooks/{hook}/versions/{number}/files",
        "Get the sources of a version",
    )
    .about("The sources are those that the bundle carries, as whoever built it put them there.")
    .answers(
        200,
        "The sources, or that there are none.",
        r#"{"sources": "bundled", "files": [{"path": "hooks/signup.ts", "text": "export const beforeSignup = async () => {};\n"}], "packages": [{"name": "nanoid", "version": "5.1.6", "files": 3, "sizeBytes": 4096}], "packagesOmitted": null, "settings": {"entry": null, "capabilities": ["cache"], "limits": {}, "schedules": {}}}"#,
    );

    async fn run(app: &App, caller: &Caller<ProjectAdmin>, (): ()) -> Result<VersionFiles> {
        let row = named(app, caller).await?;
        match bundled(app, caller, &row).await? {
            Some(project) => Ok(VersionFiles {
                sources: SourcesState::Bundled,
                files: source_files(all_files(&project)),
                packages: packages(&project.inputs.packages),
                settings: settings_document(&project.inputs.settings)?,
                packages_omitted: project.inputs.packages_omitted,
            }),
            None => Ok(VersionFiles {
                sources: SourcesState::None,
                files: Vec::new(),
                packages: Vec::new(),
                packages_omitted: None,
                settings: settings_document(&BuildSettings::default())?,
            }),
        }
    }
}

/// The project that a version's bundle carries.
pub(in crate::flows::admin) async fn bundled(
    app: &App,
    caller: &Caller<ProjectAdmin>,
    row: &VersionRow,
) -> Result<Option<BundledProject>> {
    let (project, id) = (caller.scope.clone(), row.id.clone());
    let component = app.store.read(move |tx| tx.component(&project, &id)).await?;
    Ok(component.as_deref().and_then(BundledProject::of))
}
