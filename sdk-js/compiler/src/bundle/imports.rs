//! Imports that do not work, as messages: where, why, and what to write instead.

use std::path::Path;

use super::depth;
use super::project::{BadFile, BadImport, Notes, Reason, stand_in_id};
use super::specifiers::{self, Need};
use super::{builtins, suggest};
use crate::diagnostics::{Diagnostic, Place, codes};
use crate::source::{Source, is_package};

/// Every problem that the bundler's look-ups left behind. `rendered` tells whether a module is part of the bundle.
pub(super) fn problems(source: &Source, notes: &Notes, rendered: &dyn Fn(&str) -> bool) -> Vec<Diagnostic> {
    let imports = notes
        .bad_imports
        .iter()
        .flat_map(|import| import_problems(source, notes, import, rendered));
    let files = notes
        .bad_files
        .iter()
        .map(|(id, problem)| file_problem(&source.relative(id), problem));
    imports.chain(files).collect()
}

fn import_problems(
    source: &Source,
    notes: &Notes,
    import: &BadImport,
    rendered: &dyn Fn(&str) -> bool,
) -> Vec<Diagnostic> {
    let file = source.relative(&import.importer);
    // Packages ask for Node.js in branches that are dropped for other platforms.
    let unused =
        is_package(&file) && matches!(import.reason, Reason::Builtin(_)) && !rendered(&stand_in_id(&import.specifier));
    if unused {
        return Vec::new();
    }
    let text = notes.texts.get(&import.importer).map(AsRef::as_ref).unwrap_or_default();
    let places = specifiers::find(&file, text, &import.specifier);
    if places.is_empty() {
        return vec![without_place(source, import, &file, text)];
    }
    let required = places.into_iter().filter(|(_, need)| *need == Need::Required);
    required
        .map(|(span, _)| problem(source, import, &Place::new(&file, text, span.start, span.end)))
        .collect()
}

/// The import does not stand in the text: the compiler itself put it there, for JSX.
fn without_place(source: &Source, import: &BadImport, file: &str, text: &str) -> Diagnostic {
    match specifiers::first_jsx(file, text) {
        Some(span) if import.specifier.contains("jsx") => {
            let place = Place::new(file, text, span.start, span.start + 1);
            let message = format!("JSX needs a runtime, and `{}` is not installed", import.specifier);
            Diagnostic::error(codes::JSX_RUNTIME, message, &place).hint(
                "write plain strings, or `npm install preact preact-render-to-string` and set \
                 `\"jsx\": \"react-jsx\", \"jsxImportSource\": \"preact\"` in tsconfig.json",
            )
        }
        _ => problem(source, import, &Place::start_of(file, text)),
    }
}

fn problem(source: &Source, import: &BadImport, place: &Place<'_>) -> Diagnostic {
    let specifier = &import.specifier;
    match &import.reason {
        Reason::Missing(Some(explanation)) => Diagnostic::error(
            codes::MISSING_IMPORT,
            format!("cannot import '{specifier}': {explanation}"),
            place,
        ),
        Reason::Missing(None) => {
            let problem = Diagnostic::error(codes::MISSING_IMPORT, format!("cannot find '{specifier}'"), place);
            match suggest::for_missing(source, &import.importer, specifier) {
                Some(hint) => problem.hint(hint),
                None => problem,
            }
        }
        Reason::Builtin(name) => {
            let by = package_of(place.file).map_or_else(String::new, |package| format!(", which `{package}` imports,"));
            let message = format!("'{specifier}'{by} is a Node.js module, and hooks do not run in Node.js");
            Diagnostic::error(codes::NODE_BUILTIN, message, place).hint(builtins::substitute(name))
        }
        Reason::Url => Diagnostic::error(codes::URL_IMPORT, format!("'{specifier}' is imported by URL"), place).hint(
            "install the package with npm, or copy the file into the project: a build must not depend on the network",
        ),
        Reason::Outside => Diagnostic::error(
            codes::OUTSIDE_PROJECT,
            format!("'{specifier}' is outside of the project"),
            place,
        )
        .hint("a build on the server reads nothing but the files of the project: copy the file into it"),
        Reason::Query(query) => Diagnostic::error(
            codes::UNSUPPORTED_FILE,
            format!("`{query}` after the name of a file means nothing here"),
            place,
        )
        .hint("import code and JSON by their names alone; put other text into a string: a .ts file with export default `…`"),
        Reason::NoCode(extension) => Diagnostic::error(
            codes::UNSUPPORTED_FILE,
            format!("cannot import a .{extension} file"),
            place,
        )
        .hint(no_code_hint(extension)),
    }
}

fn no_code_hint(extension: &str) -> &'static str {
    match extension {
        "wasm" => "a hook is a WebAssembly module itself and cannot load another one; write the hook in Rust instead",
        "node" => "a native add-on runs in Node.js only; look for a package written in plain JavaScript",
        "txt" | "md" | "html" | "htm" | "css" | "svg" | "csv" | "sql" | "hbs" | "mustache" | "ejs" => {
            "put the text into a string: a .ts file with export default `…`"
        }
        "yaml" | "yml" | "toml" | "xml" => "convert it to JSON, which can be imported",
        _ => "hooks import .ts, .tsx, .js, .mjs, .cjs and .json files",
    }
}

fn file_problem(file: &str, problem: &BadFile) -> Diagnostic {
    match problem {
        BadFile::Unreadable(why) => {
            Diagnostic::about_file(codes::MISSING_IMPORT, format!("cannot read {file}: {why}"), file)
        }
        BadFile::NotText => Diagnostic::about_file(codes::UNSUPPORTED_FILE, format!("{file} is not UTF-8 text"), file),
        BadFile::TooLarge(bytes) => {
            let message = format!("{file} has {}, more than the limit for one file", suggest::size(*bytes));
            Diagnostic::about_file(codes::FILE_TOO_LARGE, message, file)
                .hint("store data in `Aerocall.db` and read what an invocation needs")
        }
        BadFile::TooDeep(problem) => depth::diagnostic(file, problem),
    }
}

/// The package that a file belongs to: `lodash`, `@scope/name`.
pub(super) fn package_of(file: &str) -> Option<String> {
    let (_, inside) = file.rsplit_once("node_modules/")?;
    let mut parts = inside.split('/');
    let first = parts.next()?;
    Some(if first.starts_with('@') {
        format!("{first}/{}", parts.next()?)
    } else {
        first.to_owned()
    })
}

/// The directory that a file lies in.
pub(super) fn directory_of(file: &str) -> &Path {
    Path::new(file).parent().unwrap_or_else(|| Path::new(""))
}
