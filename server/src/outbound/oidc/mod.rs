//! Identity providers (OpenID Connect): which a project has, where to send people, and who came back. The only place that
//! names openidconnect. Knows no flow, no user, no session.
//!
//! What of a provider's documents and tokens is used is read as strictly as security needs, and nothing else is read at all:
//! real providers differ from the standards in everything that their own clients do not use. So the types are our own, and
//! the library verifies signatures.
//!
//! - `provider`: a project's providers, as its setting keeps them; `dialect`: where one is unlike the standards
//! - `metadata`: what a provider says about itself; `issuer`: who it is
//! - `jws`: its keys and its signatures; `claims`: the checks of an ID token, and what is taken from it
//! - `client`: a login; `outward`: its requests, through the one way out

mod claims;
mod client;
mod dialect;
mod issuer;
mod jws;
mod metadata;
mod outward;
mod provider;

pub(crate) use client::{Ask, Identity, Oidc, OidcError, Returned, Verified};
#[cfg(test)]
pub(crate) use provider::Provider;
pub(crate) use provider::{Providers, SentProviders};
