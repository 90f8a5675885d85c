//! The HTTP library and what is switched off in it: proxies of the environment, cookies, its own redirects and retries.

use std::time::Duration;

use reqwest::{Client, ClientBuilder, redirect, retry};

use super::resolve::Checked;
use crate::base::{
    config::EgressConfig,
    error::{Error, Result},
};

/// The most header lines of an answer.
const MAX_HEADERS: usize = 100;
/// A connection is kept so long for the next request to the same host. Connections carry no identity of ours (no client
/// certificates, no cookies), so it does not matter whose request opened one.
const KEEP_CONNECTION: Duration = Duration::from_secs(10);
const KEPT_CONNECTIONS_PER_HOST: usize = 4;

/// A client that connects to checked addresses only. HTTP/1.1: one request per connection at a time, no state between.
pub(super) fn client(config: &EgressConfig, checked: &Checked) -> Result<Client> {
    choose_tls();
    builder(config, checked)
        .build()
        .or_else(|error| {
            tracing::warn!(error = %error, "no root certificates: install ca-certificates, or https answers nobody");
            without_roots(config, checked)
        })
        .map_err(|error| Error::unexpected("setting up requests to other hosts", error))
}

/// Sets the cryptography that TLS uses in this process; the first to choose decides. Every client that is built without one
/// of its own needs it, an embedder's included.
pub fn choose_tls() {
    // An error says that somebody has chosen already.
    rustls::crypto::ring::default_provider().install_default().ok();
}

/// On a machine without root certificates the server starts all the same; it trusts nobody.
fn without_roots(config: &EgressConfig, checked: &Checked) -> reqwest::Result<Client> {
    builder(config, checked).tls_certs_only([]).build()
}

fn builder(config: &EgressConfig, checked: &Checked) -> ClientBuilder {
    Client::builder()
        .no_proxy()
        .redirect(redirect::Policy::none())
        .retry(retry::never())
        .referer(false)
        .http1_only()
        .http1_max_headers(MAX_HEADERS)
        .user_agent(concat!("Aerocall-Hooks/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(config.connect)
        .pool_idle_timeout(KEEP_CONNECTION)
        .pool_max_idle_per_host(KEPT_CONNECTIONS_PER_HOST)
        .dns_resolver(checked.clone())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::outbound::egress::testing::{Names, Weakened, config};

    #[test]
    fn a_machine_without_root_certificates_has_a_client_too() {
        let config = config(&[]);
        let checked = Checked {
            resolver: Names::of(&[]),
            excepted: Arc::new([]),
            weakened: Weakened::No,
        };
        client(&config, &checked).unwrap();
        without_roots(&config, &checked).unwrap();
    }
}
