//! The codes of diagnostics. They are stable: documentation, editors and CI rules refer to them.

use std::fmt;

use serde::Serialize;

/// A code, one of those below or of another compiler.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct Code(Box<str>);

impl Code {
    /// Its text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<T: Into<Box<str>>> From<T> for Code {
    fn from(text: T) -> Self {
        Self(text.into())
    }
}

impl PartialEq<&str> for Code {
    fn eq(&self, other: &&str) -> bool {
        self.as_str() == *other
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The file is not valid JavaScript or TypeScript.
pub const SYNTAX: &str = "syntax";
/// An imported JSON file is not valid JSON.
pub const JSON_SYNTAX: &str = "json-syntax";
/// The entry file does not exist, is outside of the project, or is no JavaScript or TypeScript.
pub const BAD_ENTRY: &str = "bad-entry";
/// An imported file or package cannot be found.
pub const MISSING_IMPORT: &str = "missing-import";
/// An imported name is not exported by the file it is imported from.
pub const MISSING_EXPORT: &str = "missing-export";
/// A module of Node.js is imported; hooks do not run in Node.js.
pub const NODE_BUILTIN: &str = "node-builtin";
/// A module is imported by URL.
pub const URL_IMPORT: &str = "url-import";
/// An import leaves the project, where a build in the server may not follow.
pub const OUTSIDE_PROJECT: &str = "outside-project";
/// A file is imported that is neither code nor JSON.
pub const UNSUPPORTED_FILE: &str = "unsupported-file";
/// One file is larger than a hook's file may be.
pub const FILE_TOO_LARGE: &str = "file-too-large";
/// Brackets, or operators without brackets, are nested deeper than code that people or tools write.
pub const TOO_DEEP: &str = "too-deep";
/// The bundle is larger than a hook may be.
pub const BUNDLE_TOO_LARGE: &str = "bundle-too-large";
/// The finished bundle is much larger than its code: a server may refuse it.
pub const LARGE_BUNDLE: &str = "large-bundle";
/// JSX is used and no JSX runtime is installed.
pub const JSX_RUNTIME: &str = "jsx-runtime";
/// `Intl`, or a method that needs it, is used; the engine has none.
pub const NO_INTL: &str = "no-intl";
/// A global of Node.js or of browsers is used that the engine does not have.
pub const MISSING_GLOBAL: &str = "missing-global";
/// `import()` of something that is not a literal, which cannot be bundled.
pub const DYNAMIC_IMPORT: &str = "dynamic-import";
/// An imported binding or a constant is assigned to.
pub const BAD_ASSIGNMENT: &str = "bad-assignment";
/// Syntax that the compiler cannot translate.
pub const UNSUPPORTED_SYNTAX: &str = "unsupported-syntax";
/// `tsconfig.json` cannot be read or asks for something that is not supported.
pub const TSCONFIG: &str = "tsconfig";
/// An import that works, but most likely not as meant: a namespace that is called, a name that is always undefined.
pub const SUSPICIOUS_IMPORT: &str = "suspicious-import";
/// An export is spelled like a hook but is none.
pub const UNKNOWN_HOOK: &str = "unknown-hook";
/// A key of `on` is no event.
pub const UNKNOWN_EVENT: &str = "unknown-event";
/// What is exported as a hook or as a handler cannot be called, or calling it would run nothing of it.
pub const NOT_CALLABLE: &str = "not-callable";
/// The file exports no hook at all.
pub const NO_HOOKS: &str = "no-hooks";
/// The bundler failed in a way that no other code covers.
pub const BUNDLER: &str = "bundler";
/// `export const config` is not of the right shape.
pub const BAD_CONFIG: &str = "bad-config";
/// The code uses a capability that `config` or `aerocall.toml` leaves out.
pub const UNDECLARED: &str = "undeclared-capability";
/// Which host or secret is used is not known before the hook runs, and nothing is declared.
pub const UNSCOPED: &str = "unscoped-capability";
/// The module throws while it is loaded.
pub const LOAD_THREW: &str = "load-threw";
/// Top-level await never ends.
pub const LOAD_NEVER_ENDS: &str = "load-never-ends";
/// Loading the module takes too long or too much memory.
pub const LOAD_LIMIT: &str = "load-limit";
/// Time or randomness asked for at load is the same in every call.
pub const FROZEN: &str = "frozen-at-build";
/// The engine itself failed.
pub const ENGINE: &str = "engine";
