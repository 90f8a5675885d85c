//! Types of a hook's sources, checked by the TypeScript compiler that the operator has given the server, if any.

use aerocall_api_types::{Object, TypeCheck, TypeStatus};
use aerocall_contract::sdk_types::{FILES, PACKAGE};
use aerocall_runtime::{BuildDiagnostic, ProjectFile, TypesRequest};
use serde_json::json;

use super::packages;
use crate::{
    app::App,
    base::{error::Result, ids::Slug},
    hooks::refused,
};

/// Why types are not checked where the operator has named no compiler.
pub(in crate::flows::admin) const NO_COMPILER: &str =
    "the server has no TypeScript compiler: its operator can name one in hooks.tsc";

/// What is known of the types of some sources, and what is wrong with them.
pub(in crate::flows::admin) struct CheckedTypes {
    pub(in crate::flows::admin) check: TypeCheck,
    pub(in crate::flows::admin) problems: Vec<BuildDiagnostic>,
}

/// Checks the types of files. `beside`: files of npm packages, which are declared without types of their own.
///
/// # Errors
/// The compiler is busy, or the check takes more than it may.
pub(in crate::flows::admin) async fn check_types(
    app: &App,
    project: &Slug,
    files: &[ProjectFile],
    beside: &[ProjectFile],
) -> Result<CheckedTypes> {
    let Some(tsc) = app.hooks.registry.type_checker() else {
        return Ok(not_checked(NO_COMPILER));
    };
    let sources: Vec<&ProjectFile> = files.iter().filter(|file| is_typescript(&file.0)).collect();
    if sources.is_empty() {
        return Ok(not_checked("none of the files is TypeScript"));
    }
    let request = request(&sources, files, beside);
    let problems = app.hooks.registry.check_types(project, tsc, &request).await;
    Ok(CheckedTypes {
        check: TypeCheck {
            status: TypeStatus::Checked,
            reason: None,
        },
        problems: problems.map_err(|error| refused(error, None))?,
    })
}

/// How TypeScript reads hooks: those of a new project's `tsconfig.json`, with the newest language that every TypeScript has a word for.
pub(in crate::flows::admin) fn compiler_options() -> Object {
    let options = json!({
        "target": "ESNext",
        "lib": ["ESNext"],
        "module": "ESNext",
        "moduleResolution": "bundler",
        "resolveJsonModule": true,
        "isolatedModules": true,
        "types": [],
        "strict": true,
        "noUncheckedIndexedAccess": true,
        "skipLibCheck": true,
        "noEmit": true,
    });
    match options {
        serde_json::Value::Object(options) => options,
        _ => Object::new(),
    }
}

/// The declarations of the SDK and of npm packages without types, as files of a project.
pub(in crate::flows::admin) fn declarations(packages: &str) -> Vec<ProjectFile> {
    let manifest =
        json!({ "name": PACKAGE, "version": env!("CARGO_PKG_VERSION"), "type": "module", "types": "./index.d.ts" });
    let own = [
        ("package.json", manifest.to_string()),
        ("packages.d.ts", packages.to_owned()),
    ];
    let given = FILES.iter().map(|(name, text)| (*name, (*text).to_owned()));
    let file = |(name, text): (&str, String)| ProjectFile(format!("node_modules/{PACKAGE}/{name}"), text);
    given.chain(own).map(file).collect()
}

/// A file that declares npm packages without types of their own; it must be no module.
pub(in crate::flows::admin) fn untyped_packages(names: &[String]) -> String {
    let mut text = "// npm packages that came with the hook's draft. Made by the server.\n".to_owned();
    for package in names {
        // Both, because a package is also imported by parts: `lodash/get`.
        let (whole, parts) = (json!(package), json!(format!("{package}/*")));
        text.push_str(&format!("declare module {whole};\ndeclare module {parts};\n"));
    }
    text
}

fn not_checked(reason: &str) -> CheckedTypes {
    CheckedTypes {
        check: TypeCheck {
            status: TypeStatus::NotChecked,
            reason: Some(reason.to_owned()),
        },
        problems: Vec::new(),
    }
}

fn is_typescript(path: &str) -> bool {
    [".ts", ".mts", ".cts"].iter().any(|end| path.ends_with(end))
}

/// The sources and JSON files that they may import; what else a project has, such as its own `tsconfig.json`, does not count.
fn request(sources: &[&ProjectFile], files: &[ProjectFile], beside: &[ProjectFile]) -> TypesRequest {
    let names: Vec<String> = packages(beside).into_iter().map(|package| package.name).collect();
    let declared = declarations(&untyped_packages(&names));
    let read = sources.iter().map(|file| &file.0);
    let known = declared
        .iter()
        .map(|file| &file.0)
        .filter(|path| path.ends_with(".d.ts"));
    let settings = json!({
        "compilerOptions": compiler_options(),
        "files": read.chain(known).collect::<Vec<_>>(),
    });
    let is_data =
        |file: &&ProjectFile| file.0.ends_with(".json") && !matches!(file.0.as_str(), "tsconfig.json" | "package.json");
    let data = files.iter().filter(is_data).cloned();
    TypesRequest {
        settings: settings.to_string(),
        files: sources
            .iter()
            .map(|file| (*file).clone())
            .chain(data)
            .chain(declared)
            .collect(),
    }
}
