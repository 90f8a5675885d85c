//! `GET /auth/oauth/callback`, and `POST` for providers that send a form.

use aerocall_contract::errors;
use serde_json::json;

use super::{BrowserCookie, Grant, Leads, Trip};
use crate::{
    app::App,
    base::{
        crypto::secret,
        error::{Error, Refusal, Result},
        input::{Email, Fields},
    },
    domain::project::{AuthSettings, RedirectUrl},
    flows::steps::{
        endpoint::{Answer, Anybody, Caller, Endpoint, Field, FieldKind, Flow, Method, Rate},
        one_time::{self, TokenPurpose},
    },
    outbound::oidc::{Ask, Identity, Providers, Returned},
};

/// The way back from an identity provider.
pub(crate) struct Callback;

/// What the provider sends through the browser, and what the browser has kept.
#[derive(Debug)]
pub(crate) struct Input {
    state: String,
    browser: Option<String>,
    code: Option<String>,
    error: Option<String>,
    issuer: Option<String>,
}

/// The error that the app gets when the provider has vouched for nobody; in the manner of RFC 6749, 4.1.2.1.
type RedirectError = &'static str;

const FIELDS: &[Field] = &[
    Field::required(
        "state",
        FieldKind::Token,
        "The state sent to the provider; works once, within ten minutes, in the same browser.",
    ),
    Field::optional("code", FieldKind::Token, "Authorization code from the provider."),
    Field::optional(
        "error",
        FieldKind::Text(100),
        "Error code from the provider (RFC 6749, 4.1.2.1).",
    ),
    Field::optional(
        "iss",
        FieldKind::Text(500),
        "Issuer identifier of the provider (RFC 9207).",
    ),
];

/// The same from providers that answer with a form. It leads to [`Callback`], which does the rest.
pub(crate) const CALLBACK_FORM: Endpoint = Endpoint {
    method: Method::Post,
    path: "/auth/oauth/callback",
    summary: "Identity provider callback (form post)",
    about: "For providers that use `response_mode=form_post`, such as Apple. Redirects the browser to `GET /auth/oauth/callback` with the known form fields in the query; changes nothing by itself.",
    fields: &[Field::required(
        "body",
        FieldKind::Form(FIELDS),
        "The form as the provider sends it.",
    )],
    example: "",
    answer: Answer {
        status: 303,
        about: "Redirect to `GET /auth/oauth/callback`.",
        example: "",
    },
    steps: &[],
    events: &[],
    errors: &[errors::INVALID_CODE],
    rate: Rate::Plain,
};

impl Flow for Callback {
    type Who = Anybody;
    type Input = Input;
    type Output = Leads;

    const ENDPOINT: Endpoint = Endpoint {
        method: Method::Get,
        path: "/auth/oauth/callback",
        summary: "Identity provider callback",
        about: "The redirect URL to register with every provider. Verifies the provider's response and redirects the browser to `redirect_to`, with `code` for `POST /auth/oauth/token` or with `error`.",
        fields: FIELDS,
        example: "",
        answer: Answer {
            status: 302,
            about: "Redirect to the app.",
            example: "",
        },
        steps: &[],
        events: &[],
        errors: &[errors::INVALID_CODE],
        rate: Rate::Secret,
    };

    fn read(fields: &mut Fields, _: &AuthSettings) -> Option<Input> {
        let state = fields.required("state", super::opaque);
        let browser = fields.optional("browser", super::opaque);
        let code = fields.optional("code", super::opaque);
        let error = fields.optional("error", super::opaque);
        let issuer = fields.optional("iss", super::opaque);
        Some(Input {
            state: state?,
            browser,
            code,
            error,
            issuer,
        })
    }

    async fn run(app: &App, caller: &Caller<Anybody>, input: Input) -> Result<Leads> {
        let trip = taken(app, caller, &input).await?;
        let redirect = RedirectUrl::parse(trip.redirect.as_str().into())
            .map_err(|problem| Error::unexpected("reading a one-time token", problem))?;
        // The list may have changed since.
        let redirect = caller.settings.redirect(Some(redirect)).ok().flatten();
        let redirect = redirect.ok_or_else(Refusal::invalid_code)?;
        let location = match proved(app, caller, &trip, &input).await? {
            Ok(identity) => redirect.with("code", &granted(app, caller, trip, identity).await?),
            Err(error) => redirect.with("error", error),
        };
        Ok(Leads {
            location,
            cookie: BrowserCookie {
                name: super::cookie_name(&input.state),
                value: String::new(),
                life_s: 0,
            },
        })
    }
}

/// The trip that the state belongs to. It is over now, whatever comes of it.
async fn taken(app: &App, caller: &Caller<Anybody>, input: &Input) -> Result<Trip> {
    let text = input.state.splitn(3, '.').nth(2).unwrap_or_default().to_owned();
    let (scope, now_ms) = (caller.scope.clone(), app.clock.now_ms());
    let row = app
        .store
        .write(move |tx| one_time::take_link(tx, &scope, TokenPurpose::OidcState, &text, now_ms));
    let trip: Trip = super::stored(&row.await?.ok_or_else(Refusal::invalid_code)?.data)?;
    let browser = input.browser.as_deref().map(secret::fingerprint);
    match browser.is_some_and(|browser| browser == trip.browser) {
        true => Ok(trip),
        false => Err(Refusal::invalid_code().into()),
    }
}

/// Who it was, as the provider says; otherwise the error that the app gets.
async fn proved(
    app: &App,
    caller: &Caller<Anybody>,
    trip: &Trip,
    input: &Input,
) -> Result<std::result::Result<Identity, RedirectError>> {
    let code = match (&input.error, &input.code) {
        (None, Some(code)) => code,
        (Some(error), _) => {
            let refusal = refusal_of(error);
            tracing::warn!(scope = %caller.scope, provider = trip.provider, error = refusal, "an identity provider refused a login");
            return Ok(Err(refusal));
        }
        (None, None) => return Ok(Err("provider_error")),
    };
    let providers = Providers::load(&app.store, &app.master, &caller.scope).await?;
    let Some(provider) = providers.named(&trip.provider) else {
        return Ok(Err("provider_error"));
    };
    let ask = Ask {
        provider,
        callback: &super::callback_url(app),
        state: &input.state,
        nonce: &super::nonce(app, &input.state),
        verifier: &super::verifier(app, &input.state),
    };
    let returned = Returned {
        code,
        issuer: input.issuer.as_deref(),
    };
    Ok(app.oidc.identity(ask, returned).await.map_err(|error| {
        super::failed(&caller.scope, &provider.name, &error);
        "provider_error"
    }))
}

/// Errors that apps do something about; the others are one.
fn refusal_of(error: &str) -> RedirectError {
    match error {
        "access_denied" => "access_denied",
        "login_required" => "login_required",
        "interaction_required" => "interaction_required",
        "consent_required" => "consent_required",
        "temporarily_unavailable" => "temporarily_unavailable",
        _ => "provider_error",
    }
}

/// An address that can be read is kept as every other.
fn one_spelling(email: String) -> String {
    Email::parse(email.as_str().into()).map_or(email, |parsed| parsed.as_str().to_owned())
}

/// The code for the third request.
async fn granted(app: &App, caller: &Caller<Anybody>, trip: Trip, identity: Identity) -> Result<String> {
    let grant = Grant {
        provider: trip.provider,
        subject: identity.subject,
        email: identity.email.map(one_spelling),
        verified: identity.verified,
        name: identity.name,
        challenge: trip.challenge,
        link: trip.link,
    };
    let made = one_time::link(app, TokenPurpose::OidcGrant, None, &json!(grant))?;
    let scope = caller.scope.clone();
    app.store
        .write(move |tx| tx.put_one_time_token(&scope, &made.row))
        .await?;
    Ok(made.text)
}
