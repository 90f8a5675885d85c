//! What a token is limited to: the fields of its creation.

use aerocall_api_types::Permission;
use serde_json::Value;

use crate::{
    base::{
        error::{Refusal, Result},
        ids::Slug,
        input::{Fields, Parsed, text},
        permissions::{Permissions, permission},
    },
    flows::steps::endpoint::{Field, FieldKind},
    storage::store::{TokenLimits, TokenPlace},
};

/// What a token may do.
pub(in crate::flows::admin) const SCOPES: Field = Field::optional(
    "scopes",
    FieldKind::Json(
        r#"{"type":"array","minItems":1,"maxItems":9,"items":{"type":"string","enum":["project:read","hooks:read","hooks:deploy","data:read","data:write","settings:read","settings:write","project:manage","server:manage"]}}"#,
    ),
    "What the token may do: everything that the caller may do if omitted. Nobody creates a token that may do more than they may. `hooks:deploy` and `…:write` include the same `…:read`, `project:manage` everything of the project, `server:manage` everything.",
);

/// Which environment it opens.
pub(super) const ENVIRONMENT: Field = Field::optional(
    "environment",
    FieldKind::Text(63),
    "The only environment that the token opens; all of the project if omitted. Not together with `project:manage`.",
);

/// What was sent.
#[derive(Clone, Debug)]
pub(super) struct Sent {
    permissions: Option<Permissions>,
    environment: Option<Slug>,
}

impl Sent {
    pub(super) fn read(fields: &mut Fields) -> Self {
        Self {
            permissions: fields.optional("scopes", permissions),
            environment: fields.optional("environment", slug),
        }
    }

    pub(super) fn environment(&self) -> Option<&Slug> {
        self.environment.as_ref()
    }

    /// What a token of the place is limited to, if whoever creates it may do `own`.
    ///
    /// # Errors
    /// It would do more, or nothing there.
    pub(super) fn limits(self, place: &TokenPlace, own: Permissions) -> Result<TokenLimits> {
        let most = place.permissions().and(own);
        let wanted = self.permissions;
        if let Some(wanted) = wanted
            && !wanted.is_within(most)
        {
            let missing = wanted.list().into_iter().find(|one| !most.has(*one));
            let name = missing.map_or("", Permission::as_str);
            return Err(Refusal::invalid_field(
                "scopes",
                format!("must not contain {name}: a token may do what its creator may do there, at most"),
            )
            .into());
        }
        let permissions = match &self.environment {
            Some(_) if wanted.is_some_and(|wanted| wanted.has(Permission::ProjectManage)) => {
                let problem =
                    "must not contain project:manage together with environment: it is about the whole project";
                return Err(Refusal::invalid_field("scopes", problem).into());
            }
            Some(_) => Some(wanted.unwrap_or(most.and(Permissions::OF_SECRET_KEY))),
            // A token without limits follows what later versions allow.
            None => wanted.or((most != place.permissions()).then_some(most)),
        };
        Ok(TokenLimits {
            permissions,
            environment: self.environment,
        })
    }
}

pub(in crate::flows::admin) fn permissions(value: Value) -> Parsed<Permissions> {
    let names = || {
        Permission::ALL
            .iter()
            .map(|one| one.as_str())
            .collect::<Vec<_>>()
            .join(", ")
    };
    let must = || format!("must be a list of at least one of {}", names());
    let Value::Array(items) = value else {
        return Err(must());
    };
    if items.is_empty() {
        return Err(must());
    }
    let known = items.into_iter().map(|item| {
        let name = text(item).map_err(|_| must())?;
        permission(&name).ok_or_else(must)
    });
    Ok(Permissions::of(known.collect::<Parsed<Vec<_>>>()?))
}

fn slug(value: Value) -> Parsed<Slug> {
    Slug::parse(&text(value)?).map_err(|_| "must be the name of an environment".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_description_lists_every_permission() {
        let FieldKind::Json(schema) = SCOPES.kind else {
            panic!("not a schema");
        };
        let schema: Value = serde_json::from_str(schema).unwrap();
        let names: Vec<&str> = Permission::ALL.iter().map(|one| one.as_str()).collect();
        assert_eq!(schema["items"]["enum"], serde_json::json!(names));
        assert_eq!(schema["maxItems"], names.len());
    }

    #[test]
    fn no_token_may_do_more_than_its_creator() {
        let place = TokenPlace::Project(Slug::parse("demo").unwrap());
        let sent = |scopes: Option<&[Permission]>| Sent {
            permissions: scopes.map(|scopes| Permissions::of(scopes.iter().copied())),
            environment: None,
        };
        for own in Permission::ALL {
            let own = Permissions::of([*own]);
            for wanted in Permission::ALL {
                let limits = sent(Some(&[*wanted])).limits(&place, own);
                let is_within = Permissions::of([*wanted]).is_within(own.and(Permissions::OF_PROJECT));
                assert_eq!(limits.is_ok(), is_within, "{own:?} {wanted:?}");
            }
            let unlimited = sent(None).limits(&place, own).unwrap();
            assert!(unlimited.permissions.unwrap_or(Permissions::OF_PROJECT).is_within(own));
        }
        let unlimited = sent(None).limits(&place, Permissions::OF_PROJECT).unwrap();
        assert_eq!(unlimited.permissions, None);
    }
}
