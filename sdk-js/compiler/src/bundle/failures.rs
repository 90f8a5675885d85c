//! The bundler's own errors and warnings, as ours: stable codes, the author's places, no absolute paths.

use std::collections::BTreeSet;
use std::path::PathBuf;

use oxc::allocator::Allocator;
use oxc::ast::ast::{Declaration, Statement};
use oxc::diagnostics::{OxcDiagnostic, Severity as OxcSeverity};
use oxc::parser::Parser;
use oxc::semantic::SemanticBuilder;
use rolldown_error::{BatchedBuildDiagnostic, BuildDiagnostic, DiagnosticOptions, EventKind};

use super::project::Notes;
use super::specifiers::source_type;
use super::tsconfig;
use crate::diagnostics::{Diagnostic, LineIndex, Place, codes, word_length};
use crate::source::{Source, is_package};

/// What stopped the bundler. With `known` problems already reported, those that merely follow from them are left out.
pub(super) fn errors(source: &Source, notes: &Notes, failure: &BatchedBuildDiagnostic, known: bool) -> Vec<Diagnostic> {
    let reader = Reader { source, notes };
    let mut parsed = BTreeSet::new();
    let mut problems = Vec::new();
    for event in failure.iter() {
        match (code(event.kind()), event.id()) {
            (codes::SYNTAX, Some(id)) if notes.texts.contains_key(&id) => {
                if parsed.insert(id.clone()) {
                    problems.extend(reader.syntax_errors(&id, event));
                }
            }
            (codes::BUNDLER, _) if known => {}
            (code, _) => problems.push(reader.translate(event, code)),
        }
    }
    problems
}

/// Whether all that failed are imports of types, written like imports of values.
pub(super) fn are_types(notes: &Notes, failure: &BatchedBuildDiagnostic) -> bool {
    !failure.is_empty() && failure.iter().all(|event| is_type(notes, event).unwrap_or(false))
}

fn is_type(notes: &Notes, event: &BuildDiagnostic) -> Option<bool> {
    if !matches!(event.kind(), EventKind::MissingExportError) {
        return Some(false);
    }
    let exporter = event.exporter()?;
    let text = notes.texts.get(&exporter)?;
    let message = event.to_string();
    // `"T" is not exported by …`: the event gives the name in its message alone.
    let name = message.strip_prefix('"')?.split('"').next()?;
    Some(declares_type(&exporter, text, name))
}

fn declares_type(file: &str, text: &str, name: &str) -> bool {
    let allocator = Allocator::default();
    let parsed = Parser::new(&allocator, text, source_type(file)).parse();
    let is_named = |declaration: &Declaration<'_>| match declaration {
        Declaration::TSInterfaceDeclaration(interface) => interface.id.name == name,
        Declaration::TSTypeAliasDeclaration(alias) => alias.id.name == name,
        _ => false,
    };
    parsed.program.body.iter().any(|statement| match statement {
        Statement::ExportDeclaration(export) => is_named(&export.declaration),
        statement => statement.as_declaration().is_some_and(is_named),
    })
}

/// What the bundler remarks on, as far as it concerns the author's own files.
pub(super) fn warnings<'e>(
    source: &Source,
    notes: &Notes,
    events: impl Iterator<Item = &'e BuildDiagnostic>,
) -> Vec<Diagnostic> {
    let reader = Reader { source, notes };
    let relevant = events.filter(|event| {
        matches!(
            event.kind(),
            EventKind::ImportIsUndefined | EventKind::CannotCallNamespace | EventKind::UnsupportedTsconfigOption
        )
    });
    let translated = relevant.map(|event| Diagnostic {
        severity: crate::diagnostics::Severity::Warning,
        ..reader.translate(event, code(event.kind()))
    });
    translated.filter(|warning| !is_package(&warning.file)).collect()
}

fn code(kind: EventKind) -> &'static str {
    match kind {
        EventKind::ParseError => codes::SYNTAX,
        EventKind::JsonParseError => codes::JSON_SYNTAX,
        EventKind::MissingExportError | EventKind::AmbiguousExternalNamespaceError => codes::MISSING_EXPORT,
        EventKind::AssignToImportError | EventKind::IllegalReassignmentError => codes::BAD_ASSIGNMENT,
        EventKind::UnsupportedFeatureError | EventKind::TransformError | EventKind::RequireTlaError => {
            codes::UNSUPPORTED_SYNTAX
        }
        EventKind::TsConfigError | EventKind::UnsupportedTsconfigOption => codes::TSCONFIG,
        EventKind::ImportIsUndefined | EventKind::CannotCallNamespace => codes::SUSPICIOUS_IMPORT,
        EventKind::UnresolvedEntry => codes::BAD_ENTRY,
        EventKind::UnresolvedImport | EventKind::ResolveError | EventKind::UnloadableDependencyError => {
            codes::MISSING_IMPORT
        }
        _ => codes::BUNDLER,
    }
}

struct Reader<'s> {
    source: &'s Source,
    notes: &'s Notes,
}

impl Reader<'_> {
    /// All syntax errors of a file. The bundler names the first alone and keeps its hints to itself: parse again.
    fn syntax_errors(&self, id: &str, event: &BuildDiagnostic) -> Vec<Diagnostic> {
        let Some(text) = self.notes.texts.get(id) else {
            return Vec::new();
        };
        let file = self.source.relative(id);
        let allocator = Allocator::default();
        let parsed = Parser::new(&allocator, text, source_type(&file)).parse();
        let mut errors: Vec<OxcDiagnostic> = parsed.diagnostics.into_iter().collect();
        if errors.is_empty() {
            let checked = SemanticBuilder::new()
                .with_check_syntax_error(true)
                .build(&parsed.program);
            errors.extend(checked.diagnostics);
        }
        let errors = errors.iter().filter(|error| error.severity == OxcSeverity::Error);
        let problems: Vec<_> = errors.map(|error| syntax_error(&file, text, error)).collect();
        if problems.is_empty() {
            vec![self.translate(event, codes::SYNTAX)]
        } else {
            problems
        }
    }

    /// An event as the bundler words it.
    fn translate(&self, event: &BuildDiagnostic, code: &'static str) -> Diagnostic {
        let options = DiagnosticOptions {
            cwd: self.source.root().to_path_buf(),
        };
        let message = self.without_root(&event.to_message_with(&options));
        if matches!(event.kind(), EventKind::TsConfigError) {
            return tsconfig::problem(self.source, message);
        }
        let place = event.to_diagnostic_with(&options).get_primary_location();
        let Some((file, line, column, _)) = place else {
            return Diagnostic::about_file(code, message, &self.file_of(event));
        };
        let file = self.source.relative(&self.absolute(&file).to_string_lossy());
        let Some(text) = self.text_of(&file) else {
            return Diagnostic::about_file(code, message, &file);
        };
        // Lines count from 1 here, columns from 0; neither passes the size of a file.
        let (line, column) = (u32::try_from(line).unwrap_or(1), u32::try_from(column).unwrap_or(0));
        let start = LineIndex::new(text)
            .offset(text, line.saturating_sub(1), column)
            .unwrap_or(0);
        let end = start + word_length(&text[start..]);
        Diagnostic::error(
            code,
            message,
            &Place {
                file: &file,
                text,
                bytes: start..end,
            },
        )
    }

    fn file_of(&self, event: &BuildDiagnostic) -> String {
        event
            .id()
            .map_or_else(|| self.source.entry().to_owned(), |id| self.source.relative(&id))
    }

    fn absolute(&self, file: &str) -> PathBuf {
        let joined = self.source.root().join(file);
        joined.canonicalize().unwrap_or(joined)
    }

    fn text_of(&self, file: &str) -> Option<&str> {
        self.notes
            .texts
            .iter()
            .find(|(id, _)| self.source.relative(id) == file)
            .map(|(_, text)| text.as_ref())
    }

    fn without_root(&self, message: &str) -> String {
        message
            .replace(&format!("{}/", self.source.root().display()), "")
            .replace('\0', "")
    }
}

fn syntax_error(file: &str, text: &str, error: &OxcDiagnostic) -> Diagnostic {
    let (start, end) = error.labels.first().map_or((0, 0), |label| {
        let start = label.offset();
        (start, start.saturating_add(label.len()))
    });
    let problem = Diagnostic::error(
        codes::SYNTAX,
        error.message.to_string(),
        &Place::new(file, text, start, end),
    );
    match &error.help {
        Some(help) => problem.hint(help.to_string()),
        None => problem,
    }
}
