//! `POST …/hooks/{hook}/check`

use aerocall_api_types::{Diagnostic, DiagnosticSeverity, HookCheck, Permission};
use aerocall_contract::errors;
use aerocall_runtime::{BuildDiagnostic, BuildOutput, BuildSeverity, ProjectFile};

use super::{
    ABOUT_FILES, ABOUT_SETTINGS, Content, FILES, SETTINGS, at_revision,
    build::build,
    find, revision,
    types::{CheckedTypes, check_types},
};
use crate::{
    app::App,
    base::{
        error::{Error, Result},
        ids::{HookName, Slug},
        input::Fields,
        stored,
    },
    flows::{
        admin::hooks::hook_name,
        steps::endpoint::{BodyLimit, Caller, Endpoint, Field, FieldKind, Flow, Method, ProjectAdmin},
    },
};

/// Builds a draft, or files, and says what is wrong with them.
pub(crate) struct CheckHook;

/// What is to be checked.
pub(crate) enum Checked {
    /// The draft, at this revision.
    Draft(i64),
    /// Files that nobody has saved.
    Files(Box<Content>),
}

impl Flow for CheckHook {
    type Who = ProjectAdmin;
    type Input = Checked;
    type Output = HookCheck;

    const NEEDS: Option<Permission> = Some(Permission::HooksDeploy);
    const ENDPOINT: Endpoint = Endpoint::plain(
        Method::Post,
        "/admin/api/v1/projects/{project}/hooks/{hook}/check",
        "Check the sources of a hook",
    )
    .about("Builds the draft of this revision, or the files that are sent, and changes nothing. The answer has every problem with its place, and the manifest of the bundle if it can be built. The build has 30 seconds and takes turns with other projects. It reads nothing but these files and, if the hook has a draft, the npm packages that the draft has: an import of another package is a problem that says how to add it. If the operator has given the server a TypeScript compiler, it checks the types, too: its problems have codes such as `TS2322`, are warnings, and end where they begin; else `types` says why it does not.")
    .fields(&[
        Field::optional("revision", FieldKind::Number(1, i64::MAX), "Revision of the draft. Exactly one of `revision` and `files` is required."),
        Field::optional("files", FieldKind::Json(FILES), ABOUT_FILES),
        Field::optional("settings", FieldKind::Json(SETTINGS), ABOUT_SETTINGS),
    ])
    .example(r#"{"revision":4}"#)
    .answers(
        200,
        "What the build came to.",
        r#"{"diagnostics": [{"file": "hooks/signup.ts", "line": 3, "column": 5, "endLine": 3, "endColumn": 9, "code": "missing-import", "severity": "error", "message": "cannot find './utl'", "hint": "did you mean './util'?"}], "manifest": null, "sizeBytes": null, "types": {"status": "not_checked", "reason": "the server has no TypeScript compiler: its operator can name one in hooks.tsc"}}"#,
    )
    .errors(&[errors::DRAFT_CONFLICT, errors::COMPILE_LIMIT, errors::TOO_LARGE]);

    const BODY: BodyLimit = BodyLimit::Bundle;

    fn read(fields: &mut Fields, (): &()) -> Option<Checked> {
        let of_draft = fields.optional("revision", |value| revision(&value));
        match (of_draft, fields.has("files")) {
            (Some(revision), false) => Some(Checked::Draft(revision)),
            (None, true) => Content::read(fields).map(|content| Checked::Files(Box::new(content))),
            (_, has_files) => {
                if has_files {
                    // Read, so that the one problem is that there are both.
                    drop(Content::read(fields));
                }
                fields.problem("revision", "exactly one of revision and files is required");
                None
            }
        }
    }

    async fn run(app: &App, caller: &Caller<ProjectAdmin>, checked: Checked) -> Result<HookCheck> {
        let (project, hook) = (&caller.scope, hook_name(caller.part("hook")?)?);
        let (content, packages): (Content, Vec<ProjectFile>) = match checked {
            Checked::Draft(revision) => {
                let draft = at_revision(app, project, &hook, revision).await?;
                (Content::of(&draft)?, stored::json(&draft.packages)?)
            }
            Checked::Files(content) => {
                let packages = match find(app, project, &hook).await? {
                    Some(draft) => stored::json(&draft.packages)?,
                    None => Vec::new(),
                };
                (*content, packages)
            }
        };
        check(app, project, &hook, content, packages).await
    }
}

/// Builds files, and checks their types.
async fn check(
    app: &App,
    project: &Slug,
    hook: &HookName,
    content: Content,
    packages: Vec<ProjectFile>,
) -> Result<HookCheck> {
    let types = check_types(app, project, &content.files, &packages).await?;
    document(build(app, project, hook, content, packages).await?, types)
}

fn document(output: BuildOutput, types: CheckedTypes) -> Result<HookCheck> {
    let BuildOutput {
        diagnostics, bundle, ..
    } = output;
    let (size_bytes, manifest) = bundle.map(|(bytes, manifest)| (bytes.len() as u64, manifest)).unzip();
    let manifest = manifest.map(|manifest| serde_json::from_value(serde_json::to_value(manifest)?));
    Ok(HookCheck {
        diagnostics: diagnostics.into_iter().chain(types.problems).map(diagnostic).collect(),
        manifest: manifest
            .transpose()
            .map_err(|error: serde_json::Error| Error::unexpected("reading the manifest of a build", error))?,
        size_bytes,
        types: types.check,
    })
}

/// A problem as the admin API shows it.
pub(in crate::flows::admin) fn diagnostic(one: BuildDiagnostic) -> Diagnostic {
    Diagnostic {
        file: one.file,
        line: one.line,
        column: one.column,
        end_line: one.end_line,
        end_column: one.end_column,
        code: one.code,
        severity: match one.severity {
            BuildSeverity::Error => DiagnosticSeverity::Error,
            BuildSeverity::Warning => DiagnosticSeverity::Warning,
        },
        message: one.message,
        hint: one.hint,
    }
}
