//! The types that an editor of hooks needs.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Object, SourceFile};

/// What an editor needs to know the types of a project's hooks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SdkTypes {
    /// Changes when a file or an option does.
    pub etag: String,
    /// `compilerOptions` of a `tsconfig.json`, in words that TypeScript 5.9 and later know.
    pub compiler_options: Object,
    /// Declarations, by path. `node_modules/@aerocall/hooks/project.d.ts` has the names that the project uses.
    pub files: Vec<SourceFile>,
}
