//! `GET /admin/api/v1/session`

use aerocall_api_types::{CallerKind, CurrentAdmin, Permission, ProjectRole};

use super::document;
use crate::{
    app::App,
    base::{clock, error::Result},
    flows::steps::endpoint::{AnyAdmin, Caller, Endpoint, Flow},
    security::{
        access::Admin,
        person::{self, By, Person},
    },
};

/// Returns who sends the request, and what they may do.
pub(crate) struct GetCurrentAdmin;

impl Flow for GetCurrentAdmin {
    type Who = AnyAdmin;
    type Input = ();
    type Output = CurrentAdmin;

    const NEEDS: Option<Permission> = Some(Permission::ProjectRead);
    const ENDPOINT: Endpoint = Endpoint::get("/admin/api/v1/session", "Get who sends the request")
        .about("Of a session: the account, its roles, and the CSRF token that every request needs that changes something. Of a token or key: what it is and what it is limited to.")
        .answers(
            200,
            "Who it is.",
            r#"{"by": "session", "id": "ads_…", "account": {"id": "acc_…", "email": "ada@example.com", "isAdministrator": false, "hasTotp": true, "createdAt": "2026-01-31T12:00:00.000Z"}, "roles": [{"project": "shop", "role": "owner"}], "scopes": null, "project": null, "environment": null, "csrfToken": "5f0c…", "freshUntil": "2026-01-31T12:10:00.000Z", "expiresAt": "2026-02-07T12:00:00.000Z"}"#,
        );

    async fn run(app: &App, caller: &Caller<AnyAdmin>, (): ()) -> Result<CurrentAdmin> {
        Ok(match &caller.who.admin {
            Admin::Server { id, permissions } => CurrentAdmin {
                scopes: Some(permissions.list()),
                ..nobody(CallerKind::AdminToken, id)
            },
            Admin::Project {
                id,
                project,
                environment,
                permissions,
            } => CurrentAdmin {
                scopes: Some(permissions.list()),
                project: Some(project.to_string()),
                environment: environment.as_ref().map(ToString::to_string),
                ..nobody(CallerKind::AdminToken, id)
            },
            Admin::Key(scope) => CurrentAdmin {
                scopes: Some(caller.who.admin.permissions_in(Some(&scope.project)).list()),
                project: Some(scope.project.to_string()),
                environment: Some(scope.environment.to_string()),
                ..nobody(CallerKind::SecretKey, &scope.to_string())
            },
            Admin::Person(person) => somebody(app, person),
        })
    }
}

fn nobody(by: CallerKind, id: &str) -> CurrentAdmin {
    CurrentAdmin {
        by,
        id: id.to_owned(),
        account: None,
        roles: Vec::new(),
        scopes: None,
        project: None,
        environment: None,
        csrf_token: None,
        fresh_until: None,
        expires_at: None,
    }
}

fn somebody(app: &App, person: &Person) -> CurrentAdmin {
    let role = |(project, role): &(_, _)| ProjectRole {
        project: ToString::to_string(project),
        role: *role,
    };
    let of = |by| CurrentAdmin {
        account: Some(document(&person.account)),
        roles: person.roles.iter().map(role).collect(),
        ..nobody(by, person.via())
    };
    match &person.by {
        By::Session(session) => {
            let fresh_until_ms = Some(session.fresh_until_ms).filter(|until_ms| *until_ms > app.clock.now_ms());
            CurrentAdmin {
                csrf_token: Some(person::csrf_token(&app.master, &session.id)),
                fresh_until: fresh_until_ms.map(|ms| clock::iso(ms).into()),
                expires_at: Some(clock::iso(session.expires_ms).into()),
                ..of(CallerKind::Session)
            }
        }
        By::Token(limit) => CurrentAdmin {
            scopes: limit.permissions.map(|permissions| permissions.list()),
            project: limit.project.as_ref().map(ToString::to_string),
            environment: limit.environment.as_ref().map(ToString::to_string),
            expires_at: limit.expires_ms.map(|ms| clock::iso(ms).into()),
            ..of(CallerKind::PersonalToken)
        },
    }
}
