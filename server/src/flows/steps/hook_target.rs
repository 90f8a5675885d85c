//! Which version of a hook is tried: the live one, one by its number, or its draft.

use std::sync::Arc;

use aerocall_runtime::{Hook, Limits};
use serde_json::Value;

use super::endpoint::{Field, FieldKind};
use crate::{
    app::App,
    base::{
        error::{Error, Refusal, Result},
        ids::{HookName, Scope},
        input::Parsed,
    },
    flows::admin::drafts,
    hooks,
    storage::store::VersionRow,
};

/// How a version is named.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Target {
    /// What the environment runs.
    #[default]
    Live,
    /// A version by its number.
    Number(i32),
    /// The draft as it is saved.
    Draft,
}

/// A version that is loaded.
pub(crate) struct Loaded {
    pub(crate) hook: Arc<Hook>,
    pub(crate) number: u32,
    /// Of an invocation in this environment.
    pub(crate) limits: Limits,
}

impl Target {
    /// How the field is described.
    pub(crate) const FIELD: Field = Field::optional(
        "target",
        FieldKind::Json(
            r#"{"oneOf":[{"type":"string","enum":["live","draft"]},{"type":"integer","format":"int32","minimum":1}]}"#,
        ),
        "The version to run: its number, `draft` for the draft as it is saved, or `live` for the one that the environment runs, which is the default. A draft has the number 0.",
    );

    pub(crate) fn parse(value: Value) -> Parsed<Self> {
        let number = value
            .as_i64()
            .and_then(|number| i32::try_from(number).ok())
            .filter(|number| *number > 0);
        match (value.as_str(), number) {
            (Some("live"), _) => Ok(Self::Live),
            (Some("draft"), _) => Ok(Self::Draft),
            (_, Some(number)) => Ok(Self::Number(number)),
            _ => Err("must be \"live\", \"draft\" or the number of a version".to_owned()),
        }
    }

    /// As it is written.
    pub(crate) fn to_json(self) -> Value {
        match self {
            Self::Live => "live".into(),
            Self::Draft => "draft".into(),
            Self::Number(number) => number.into(),
        }
    }

    /// Loads it.
    ///
    /// # Errors
    /// There is no such version, or it does not load.
    pub(crate) async fn load(self, app: &App, scope: &Scope, name: &HookName) -> Result<Loaded> {
        match self {
            Self::Live => live(app, scope, name).await,
            Self::Draft => Box::pin(draft(app, scope, name)).await,
            Self::Number(number) => {
                let (project, hook) = (scope.project.clone(), name.clone());
                let row = app
                    .store
                    .read(move |tx| tx.version_by_number(&project, &hook, number))
                    .await?;
                match row {
                    Some(row) => version(app, scope, row).await,
                    None => Err(missing(app, scope, name, format!("the hook has no version {number}")).await?),
                }
            }
        }
    }
}

/// Loads a version of the project.
pub(crate) async fn version(app: &App, scope: &Scope, row: VersionRow) -> Result<Loaded> {
    let project = app.hooks.registry.project_limits(scope).await?;
    let number = u32::try_from(row.number).unwrap_or(0);
    let mut loaded = app.hooks.registry.load_all(scope, &[row]).await?;
    let hook = loaded
        .pop()
        .ok_or_else(|| Error::unexpected("loading a version", "nothing was loaded"))?;
    Ok(Loaded {
        limits: hooks::limits(&hook.manifest().limits, &project, &app.config.hooks),
        hook,
        number,
    })
}

/// Builds the draft and loads its bundle.
async fn draft(app: &App, scope: &Scope, name: &HookName) -> Result<Loaded> {
    let Some(draft) = drafts::find(app, &scope.project, name).await? else {
        return Err(missing(app, scope, name, "the hook has no draft".to_owned()).await?);
    };
    let (component, _) = drafts::built(drafts::build_draft(app, &scope.project, name, &draft).await?)?;
    let hook = app.hooks.registry.load(&scope.project, &component).await;
    let hook = hook.map_err(|error| hooks::refused(error, Some(name.as_str())))?;
    let project = app.hooks.registry.project_limits(scope).await?;
    Ok(Loaded {
        limits: hooks::limits(&hook.manifest().limits, &project, &app.config.hooks),
        hook,
        number: 0,
    })
}

async fn live(app: &App, scope: &Scope, name: &HookName) -> Result<Loaded> {
    let live = app.hooks.registry.live(scope);
    let found = live
        .as_ref()
        .and_then(|live| live.hooks.iter().find(|hook| hook.name == name.as_str()));
    let Some(hook) = found else {
        let problem = "the hook is not live in this environment: name a version by its number".to_owned();
        return Err(missing(app, scope, name, problem).await?);
    };
    match &hook.loaded {
        Ok(loaded) => Ok(Loaded {
            hook: Arc::clone(loaded),
            number: hook.version_number,
            limits: hook.limits.clone(),
        }),
        Err(error) => Err(hooks::refused(error.clone(), Some(name.as_str()))),
    }
}

/// `not_found` for a hook that the project does not have.
async fn missing(app: &App, scope: &Scope, name: &HookName, problem: String) -> Result<Error> {
    let (project, hook) = (scope.project.clone(), name.clone());
    let versions = app.store.read(move |tx| tx.versions(&project, &hook)).await?;
    Ok(match versions.is_empty() {
        true => Refusal::not_found().into(),
        false => Refusal::invalid_field("target", problem).into(),
    })
}
