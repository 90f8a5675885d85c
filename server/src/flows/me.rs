//! `GET /auth/me`

use serde::Serialize;
use serde_json::Value;

use super::{
    endpoint::{Answer, Caller, Endpoint, Flow, Method, Rate},
    session::SignedIn,
};
use crate::{app::App, error::Result, input::Fields, project::AuthSettings, user};

/// Who is signed in.
pub(crate) struct GetMe;

/// The reply.
#[derive(Debug, Serialize)]
pub(crate) struct Me {
    user: Value,
}

impl Me {
    pub(super) fn of(user: Value) -> Self {
        Self { user }
    }
}

impl Flow for GetMe {
    type Who = SignedIn;
    type Input = ();
    type Output = Me;

    const ENDPOINT: Endpoint = Endpoint {
        method: Method::Get,
        path: "/auth/me",
        summary: "Who is signed in",
        about: "The user of an access token, as long as its session lives.",
        fields: &[],
        example: "",
        answer: Answer {
            status: 200,
            about: "The user.",
            example: super::examples::USER,
        },
        moments: &[],
        events: &[],
        errors: &[],
        rate: Rate::Plain,
    };

    fn read(_: &mut Fields, _: &AuthSettings) -> Option<()> {
        Some(())
    }

    async fn run(_: &App, caller: &Caller<SignedIn>, (): ()) -> Result<Me> {
        Ok(Me {
            user: user::document(&caller.who.user)?,
        })
    }
}
