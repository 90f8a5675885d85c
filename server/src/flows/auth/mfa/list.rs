//! `GET /auth/mfa/factors`

use aerocall_api_types::{Factor, FactorList, FactorStatus, FactorType};

use crate::{
    app::App,
    base::{clock, error::Result},
    flows::steps::{
        endpoint::{Answer, Caller, Endpoint, Flow, Method, Rate},
        session::SignedIn,
    },
    storage::store::FactorRow,
};

/// The second factors of who is signed in.
pub(crate) struct ListFactors;

impl Flow for ListFactors {
    type Who = SignedIn;
    type Input = ();
    type Output = FactorList;

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
            example: r#"{"factors": [{"id": "mfa_0198f2c6b1d87c3d9f1e5a7b6c4d3e2f", "type": "totp", "name": "My phone", "status": "verified", "created_at": "2026-01-31T12:00:00.000Z", "verified_at": "2026-01-31T12:01:00.000Z"}], "recovery_codes_left": 10}"#,
        },
        steps: &[],
        events: &[],
        errors: &[],
        rate: Rate::Plain,
    };

    async fn run(app: &App, caller: &Caller<SignedIn>, (): ()) -> Result<FactorList> {
        let (scope, id) = (caller.scope.clone(), caller.who.user.id.clone());
        let read = app
            .store
            .read(move |tx| Ok((tx.factors(&scope, &id)?, tx.recovery_codes_left(&id)?)));
        let (rows, recovery_codes_left) = read.await?;
        Ok(FactorList {
            factors: rows.into_iter().map(factor).collect(),
            recovery_codes_left: u64::try_from(recovery_codes_left).unwrap_or(u64::MAX),
        })
    }
}

/// Every factor is an authenticator app; recovery codes are no factors of their own.
fn factor(row: FactorRow) -> Factor {
    Factor {
        status: match row.is_verified() {
            true => FactorStatus::Verified,
            false => FactorStatus::Pending,
        },
        id: row.id,
        r#type: FactorType::Totp,
        name: row.name,
        created_at: clock::iso(row.created_ms).into(),
        verified_at: row.verified_ms.map(|at_ms| clock::iso(at_ms).into()),
    }
}
