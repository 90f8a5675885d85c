//! `POST /admin/api/v1/account/tokens`

use aerocall_api_types::{NewPersonalToken, Permission};
use aerocall_contract::errors;
use serde_json::{Value, json};

use crate::{
    app::App,
    base::{
        clock,
        crypto::secret,
        error::{Refusal, Result},
        ids::Slug,
        input::{Fields, Parsed, short_text, text},
        permissions::Permissions,
    },
    domain::audit::{Action, AuditEntry},
    flows::{
        admin::admin_tokens::limits::{SCOPES, permissions},
        steps::{
            audited::Audited,
            endpoint::{AccountSession, Caller, Endpoint, Field, FieldKind, Flow, Method, Proof},
            lifespan::Expiry,
        },
    },
    security::{access, person::PERSONAL_TOKEN},
    storage::store,
};

/// Of an account.
const MAX_TOKENS: usize = 50;

/// Creates a personal token.
pub(crate) struct CreatePersonalToken;

/// What the client sends.
pub(crate) struct Input {
    name: String,
    permissions: Option<Permissions>,
    project: Option<Slug>,
    environment: Option<Slug>,
    expiry: Expiry,
}

impl Flow for CreatePersonalToken {
    type Who = AccountSession;
    type Input = Input;
    type Output = NewPersonalToken;

    const NEEDS: Option<Permission> = Some(Permission::ProjectRead);
    const PROOF: Proof = Proof::Fresh;
    const ENDPOINT: Endpoint = Endpoint::plain(Method::Post, "/admin/api/v1/account/tokens", "Create a personal token")
        .about("A token (`pat_…`) may do what your account may do at the time it is used, and no more than its limits. It is returned only here, and ends with your account. It cannot change the account itself. An account has at most 50.")
        .fields(&[
            Field::required("name", FieldKind::Text(100), "What the token is for."),
            Field {
                about: "What the token may do at most: whatever the account may do if omitted. `hooks:deploy` and `…:write` include the same `…:read`, `project:manage` everything of the project, `server:manage` everything.",
                ..SCOPES
            },
            Field::optional("project", FieldKind::Text(63), "The only project that the token opens; all that the account may see if omitted."),
            Field::optional("environment", FieldKind::Text(63), "The only environment that the token opens, together with `project`; all if omitted. Without `project:manage`."),
            Expiry::FIELD,
        ])
        .example(r#"{"name":"laptop","scopes":["hooks:deploy"],"project":"shop"}"#)
        .answers(
            201,
            "The token.",
            r#"{"id": "ptk_…", "name": "laptop", "token": "pat_…", "scopes": ["project:read", "hooks:read", "hooks:deploy"], "project": "shop", "environment": null, "createdAt": "2026-01-31T12:00:00.000Z", "expiresAt": null}"#,
        )
        .errors(&[errors::LIMIT_REACHED]);

    fn read(fields: &mut Fields, (): &()) -> Option<Input> {
        let name = fields.required("name", short_text(100));
        let permissions = fields.optional("scopes", permissions);
        let project = fields.optional("project", slug);
        let environment = fields.optional("environment", slug);
        let expiry = Expiry::read(fields);
        name.map(|name| Input {
            name,
            permissions,
            project,
            environment,
            expiry,
        })
    }

    async fn run(app: &App, caller: &Caller<AccountSession>, input: Input) -> Result<NewPersonalToken> {
        let person = caller.who.person()?;
        require_place(app, caller, &input).await?;
        let token = secret::new_key(PERSONAL_TOKEN)?;
        let new = store::NewPersonalToken {
            account_id: person.account.id.clone(),
            fingerprint: secret::fingerprint(&token),
            expires_ms: input.expiry.at(app.clock.now_ms())?,
            name: input.name,
            permissions: input.permissions,
            project: input.project,
            environment: input.environment,
        };
        let made = caller.change(app, move |tx, now_ms| {
            tx.advisory_lock(&new.account_id)?;
            if tx.personal_tokens(&new.account_id, now_ms)?.len() >= MAX_TOKENS {
                let message = format!("An account has at most {MAX_TOKENS} personal tokens");
                return Ok(Audited::Unchanged(Err(Refusal::limit_reached(message))));
            }
            let made = NewPersonalToken {
                id: tx.insert_personal_token(&new, now_ms)?,
                name: new.name,
                token,
                scopes: new.permissions.map(Permissions::list),
                project: new.project.map(|project| project.to_string()),
                environment: new.environment.map(|environment| environment.to_string()),
                created_at: clock::iso(now_ms).into(),
                expires_at: new.expires_ms.map(|ms| clock::iso(ms).into()),
            };
            let entry = AuditEntry::new(Action::PersonalTokenCreated, &made.id);
            let entry = entry.with(json!({
                "name": made.name, "scopes": made.scopes, "project": made.project, "environment": made.environment,
                "expiresAt": made.expires_at,
            }));
            Ok(Audited::Changed(Ok(made), entry))
        });
        Ok(made.await??)
    }
}

fn slug(value: Value) -> Parsed<Slug> {
    Slug::parse(&text(value)?)
}

/// Refuses a token of a place that the account does not see.
async fn require_place(app: &App, caller: &Caller<AccountSession>, input: &Input) -> Result<()> {
    let Some(project) = &input.project else {
        return match input.environment {
            Some(_) => Err(Refusal::invalid_field("environment", "must be sent together with project").into()),
            None => Ok(()),
        };
    };
    let environments = match caller.who.person()?.sees(project) {
        true => access::environments(&app.store, project).await?,
        false => Vec::new(),
    };
    if environments.is_empty() {
        return Err(Refusal::invalid_field("project", "is not a project that the account sees").into());
    }
    let manages = |permissions: Permissions| permissions.has(Permission::ProjectManage);
    if input.environment.is_some() && input.permissions.is_some_and(manages) {
        let problem = "must not contain project:manage together with environment: it is about the whole project";
        return Err(Refusal::invalid_field("scopes", problem).into());
    }
    match &input.environment {
        Some(wanted) if !environments.iter().any(|name| name == wanted.as_str()) => {
            let problem = format!(
                "is not an environment of the project, which has {}",
                environments.join(", ")
            );
            Err(Refusal::invalid_field("environment", problem).into())
        }
        Some(_) | None => Ok(()),
    }
}
