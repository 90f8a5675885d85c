//! Identity providers (OpenID Connect): which a project has, where to send people, and who came back. The only place that
//! names openidconnect. Knows no flow, no user, no session.
//!
//! - `provider`: a project's providers, as its setting keeps them
//! - `client`: the library, for one provider; `outward`: its requests, through the one way out

mod client;
mod outward;
mod provider;

pub(crate) use client::{Ask, Identity, Oidc, OidcError, Verified};
pub(crate) use provider::{Provider, Providers, SentProviders};
