//! How the bundler is set up for hooks. Each setting that is not a default says why.

use rolldown::{
    BundlerOptions, BundlerTransformOptions, CodeSplittingMode, InputItem, OutputFormat, Platform, SourceMapType,
    TsConfig,
};
use rolldown_common::{InlineConstOption, OptimizationOption, RawMinifyOptions, bundler_options::Either};

use crate::source::{Files, Source};

/// The newest edition of the language: QuickJS-ng runs it as it is. Only what is no edition yet is translated
/// (`using`, decorators), and TypeScript.
const TARGET: &str = "es2025";

/// What becomes of an import whose name the other file does not export.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MissingExports {
    /// An error.
    Refuse,
    /// `undefined`: all such names are known to be types.
    AreTypes,
}

/// Settings for one source, starting from `input`.
pub(super) fn options(source: &Source, input: String, missing: MissingExports) -> BundlerOptions {
    BundlerOptions {
        // A fixed name: the file's own would appear in generated identifiers.
        input: Some(vec![InputItem {
            name: Some("hook".into()),
            import: input,
        }]),
        cwd: Some(source.root().to_path_buf()),
        // The source map's paths are relative to where the output would lie.
        dir: Some(".".into()),
        entry_filenames: Some("hook.js".to_owned().into()),
        format: Some(OutputFormat::Esm),
        // Browser builds of packages need no Node.js: the `browser` condition and field go before `module` and `main`.
        platform: Some(Platform::Browser),
        // Dynamic imports of own modules become part of the one module.
        code_splitting: Some(CodeSplittingMode::Bool(false)),
        sourcemap: Some(SourceMapType::Hidden),
        // Stack traces and `fn.name` show the author's names.
        keep_names: Some(true),
        define: Some(define()),
        // What is computed in a call is computed by the engine. A constant of another file stays a variable, and reading
        // it too early stays an error.
        minify: Some(RawMinifyOptions::Bool(false)),
        optimization: Some(OptimizationOption {
            inline_const: Some(InlineConstOption::Bool(false)),
            ..Default::default()
        }),
        shim_missing_exports: Some(missing == MissingExports::AreTypes),
        transform: Some(BundlerTransformOptions {
            target: Some(Either::Left(TARGET.into())),
            ..Default::default()
        }),
        // A project in memory has no tsconfig.json on disk, and neither it nor a confined one without may find the server's.
        tsconfig: Some(TsConfig::Auto(match source.files() {
            Files::Disk => true,
            Files::Confined => source.absolute("tsconfig.json").exists(),
            Files::Memory(_) => false,
        })),
        ..Default::default()
    }
}

fn define<M: FromIterator<(String, String)>>() -> M {
    let pairs = [
        ("process.env.NODE_ENV", "\"production\""),
        // What packages for Node.js call `globalThis`.
        ("global", "globalThis"),
    ];
    pairs
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}
