//! `GET /auth/mfa/factors`

use serde::Serialize;

use crate::{
    app::App,
    base::{clock, error::Result, input::Fields},
    domain::project::AuthSettings,
    flows::steps::{
        endpoint::{Answer, Caller, Endpoint, Flow, Method, Rate},
        session::SignedIn,
    },
    storage::store::FactorRow,
};

/// The second factors of who is signed in.
pub(crate) struct ListFactors;

/// The reply.
#[derive(Debug, Serialize)]
pub(crate) struct Factors {
    factors: Vec<Factor>,
    recovery_codes_left: usize,
}

#[derive(Debug, Serialize)]
struct Factor {
    id: String,
    r#type: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    status: String,
    created_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    verified_at: Option<String>,
}

impl Flow for ListFactors {
    type Who = SignedIn;
    type Input = ();
    type Output = Factors;

    const ENDPOINT: Endpoint = Endpoint {
        method: Method::Get,
        path: "/auth/mfa/factors",
        summary: "List MFA factors",
        about: "The second factors of the current user, without their secrets. A factor with status `pending` is not confirmed and not yet used.",
        fields: &[],
        example: "",
        answer: Answer {
            status: 200,
            about: "The factors, and the number of unused recovery codes.",
            example: r#"{"factors": [{"id": "mfa_0198f2c6b1d87c3d9f1e5a7b6c4d3e2f", "type": "totp", "name": "My phone", "status": "verified", "created_at": "2026-01-31T12:00:00Z", "verified_at": "2026-01-31T12:01:00Z"}], "recovery_codes_left": 10}"#,
        },
        moments: &[],
        events: &[],
        errors: &[],
        rate: Rate::Plain,
    };

    fn read(_: &mut Fields, _: &AuthSettings) -> Option<()> {
        Some(())
    }

    async fn run(app: &App, caller: &Caller<SignedIn>, (): ()) -> Result<Factors> {
        let (scope, id) = (caller.scope.clone(), caller.who.user.id.clone());
        let read = app
            .store
            .read(move |tx| Ok((tx.factors(&scope, &id)?, tx.recovery_codes_left(&id)?)));
        let (rows, recovery_codes_left) = read.await?;
        Ok(Factors {
            factors: rows.into_iter().map(Factor::of).collect(),
            recovery_codes_left,
        })
    }
}

impl Factor {
    fn of(row: FactorRow) -> Self {
        Self {
            id: row.id,
            r#type: row.kind,
            name: row.name,
            status: row.state,
            created_at: clock::iso(row.created_ms),
            verified_at: row.verified_ms.map(clock::iso),
        }
    }
}
