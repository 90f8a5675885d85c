//! `GET /auth/oauth/{provider}/authorize`

use aerocall_contract::errors;
use serde_json::json;

use super::{BrowserCookie, Leads, Trip, link};
use crate::{
    app::App,
    base::{
        crypto::secret,
        error::Result,
        input::{Fields, short_text},
    },
    domain::project::{AuthSettings, RedirectUrl},
    flows::steps::{
        endpoint::{Answer, Anybody, Caller, Endpoint, Field, FieldKind, Flow, Method, Rate},
        one_time::{self, TokenPurpose},
    },
    outbound::oidc::{Ask, Providers},
    storage::store::StoreError,
};

/// The way to an identity provider.
pub(crate) struct Authorize;

/// What the client sends.
#[derive(Debug)]
pub(crate) struct Input {
    redirect: RedirectUrl,
    challenge: Option<String>,
    link: Option<String>,
}

impl Flow for Authorize {
    type Who = Anybody;
    type Input = Input;
    type Output = Leads;

    const ENDPOINT: Endpoint = Endpoint {
        method: Method::Get,
        path: "/auth/oauth/{provider}/authorize",
        summary: "Start a login with an identity provider",
        about: "Open this URL in the browser. It redirects to the provider; afterwards the browser comes back to `redirect_to` with a `code` for `POST /auth/oauth/token`. The publishable key is sent in the query, because a browser cannot send the header.",
        fields: &[
            Field::required("key", FieldKind::Text(200), "The publishable key of the project."),
            Field::optional(
                "redirect_to",
                FieldKind::Redirect,
                "URL to return to; must be one of the project's redirect URLs. The first of them if omitted.",
            ),
            Field::optional(
                "code_challenge",
                FieldKind::Token,
                "PKCE code challenge (RFC 7636, S256): base64url of the SHA-256 of a secret that the app keeps and sends to `POST /auth/oauth/token` as `code_verifier`.",
            ),
            Field::optional(
                "link",
                FieldKind::Token,
                "Token from `POST /auth/oauth/{provider}/link`. The code is then for `POST /auth/oauth/link` instead of a login.",
            ),
        ],
        example: "",
        answer: Answer {
            status: 302,
            about: "Redirect to the provider.",
            example: "",
        },
        steps: &[],
        events: &[],
        errors: &[
            errors::INVALID_API_KEY,
            errors::INVALID_CODE,
            errors::NOT_FOUND,
            errors::PROVIDER_MISCONFIGURED,
            errors::PROVIDER_UNAVAILABLE,
        ],
        rate: Rate::Secret,
    };

    fn read(fields: &mut Fields, settings: &AuthSettings) -> Option<Input> {
        let wanted = fields.optional("redirect_to", RedirectUrl::parse);
        let challenge = fields.optional("code_challenge", super::pkce(43, 43));
        let link = fields.optional("link", short_text(200));
        let redirect = settings.redirect(wanted).and_then(|redirect| {
            redirect.ok_or_else(|| "is missing, and the project has no redirect URLs in its settings".to_owned())
        });
        match redirect {
            Ok(redirect) => Some(Input {
                redirect,
                challenge,
                link,
            }),
            Err(problem) => {
                fields.problem("redirect_to", problem);
                None
            }
        }
    }

    async fn run(app: &App, caller: &Caller<Anybody>, input: Input) -> Result<Leads> {
        let scope = &caller.scope;
        let providers = Providers::load(&app.store, &app.master, scope).await?;
        let provider = providers.named(caller.part("provider")?).ok_or_else(super::unknown)?;
        let link = match &input.link {
            Some(token) => link::account_of(app, scope, token, &provider.name).await?,
            None => None,
        };
        let browser = secret::new_key("br")?;
        let trip = Trip {
            provider: provider.name.clone(),
            redirect: input.redirect.as_str().to_owned(),
            browser: secret::fingerprint(&browser),
            challenge: input.challenge,
            link,
        };
        let made = one_time::link(app, TokenPurpose::OidcState, None, &json!(trip))?;
        let state = format!("{}.{}.{}", scope.project, scope.environment, made.text);
        let ask = Ask {
            provider,
            callback: &super::callback_url(app),
            state: &state,
            nonce: &super::nonce(app, &state),
            verifier: &super::verifier(app, &state),
        };
        let location = app.oidc.authorize_url(ask).await.map_err(|error| {
            super::failed(scope, &provider.name, &error);
            super::refusal(&error)
        })?;
        let kept = scope.clone();
        let (token, now_ms) = (input.link, app.clock.now_ms());
        let begun = app.store.write(move |tx| {
            if let Some(token) = &token {
                let taken = one_time::take_link(tx, &kept, TokenPurpose::OidcLink, token, now_ms)?;
                taken.ok_or(StoreError::CodeSpent)?;
            }
            tx.put_one_time_token(&kept, &made.row)
        });
        begun.await?;
        Ok(Leads {
            location,
            cookie: BrowserCookie {
                name: super::cookie_name(&state),
                value: browser,
                life_s: TokenPurpose::OidcState.life_s(),
            },
        })
    }
}
