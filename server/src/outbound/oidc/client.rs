//! The library, for one provider: discovery, the address to send people to, the exchange, and every check of the ID token.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use openidconnect::{
    AccessTokenHash, AuthType, AuthenticationFlow, AuthorizationCode, ClaimsVerificationError, ClientId, ClientSecret,
    CsrfToken, EndpointMaybeSet, EndpointNotSet, EndpointSet, HttpRequest, IssuerUrl, Nonce, NonceVerifier as _,
    OAuth2TokenResponse as _, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope, TokenResponse as _,
    core::{
        CoreClient, CoreClientAuthMethod, CoreIdTokenClaims, CoreJwsSigningAlgorithm, CoreProviderMetadata,
        CoreResponseType, CoreTokenResponse, CoreUserInfoClaims,
    },
};

use super::{
    outward,
    provider::{Dialect, Provider, Providers},
};
use crate::{
    base::error::{Problem, chain},
    outbound::egress::Egress,
};

/// What a provider says about itself is asked for again after so long, or when its keys do not fit.
const KEPT: Duration = Duration::from_secs(600);
const MAX_KEPT: usize = 1_000;

/// Signatures that need no shared secret; what is not listed here, `none` first, is refused.
const ALGORITHMS: [CoreJwsSigningAlgorithm; 9] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha384,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha512,
    CoreJwsSigningAlgorithm::RsaSsaPssSha256,
    CoreJwsSigningAlgorithm::RsaSsaPssSha384,
    CoreJwsSigningAlgorithm::RsaSsaPssSha512,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EcdsaP384Sha384,
    CoreJwsSigningAlgorithm::EdDsa,
];

type Client =
    CoreClient<EndpointSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointMaybeSet, EndpointMaybeSet>;

/// The providers of all projects, asked through the one way out.
pub(crate) struct Oidc {
    egress: Arc<Egress>,
    kept: Mutex<HashMap<String, (Instant, Arc<CoreProviderMetadata>)>>,
}

/// One trip to a provider.
#[derive(Clone, Copy)]
pub(crate) struct Ask<'a> {
    pub(crate) provider: &'a Provider,
    /// Where the provider sends people back to.
    pub(crate) callback: &'a str,
    pub(crate) state: &'a str,
    pub(crate) nonce: &'a str,
    /// Of PKCE (RFC 7636): 43 characters.
    pub(crate) verifier: &'a str,
}

/// Who a provider says it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Identity {
    /// Never given to another account of the provider.
    pub(crate) subject: String,
    pub(crate) email: Option<String>,
    pub(crate) verified: Verified,
    pub(crate) name: Option<String>,
}

/// Whether the provider vouches for the email.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Verified {
    Yes,
    /// It says no, or nothing.
    No,
}

/// Why there is no identity. The texts are for the log; they hold no token.
#[derive(Debug, thiserror::Error)]
pub(crate) enum OidcError {
    #[error("the provider cannot be reached: {0}")]
    Unavailable(String),
    #[error("the provider's response is refused: {0}")]
    Refused(String),
}

impl Oidc {
    pub(crate) fn new(egress: Arc<Egress>) -> Self {
        Self {
            egress,
            kept: Mutex::default(),
        }
    }

    /// What is wrong with addresses of these providers, by field: a request to them would be refused.
    pub(crate) fn problems(&self, providers: &Providers) -> Vec<Problem> {
        let problem = |(index, issuer): (usize, &str)| {
            let refused = outward::check(&self.egress, issuer).err()?;
            Some(Problem {
                field: format!("providers[{index}].issuer"),
                problem: refused.to_string(),
            })
        };
        providers.issuers().enumerate().filter_map(problem).collect()
    }

    /// Where to send somebody.
    pub(crate) async fn authorize_url(&self, ask: Ask<'_>) -> Result<String, OidcError> {
        let about = self.about(ask.provider).await?;
        address(&about, ask)
    }

    /// Who came back with this code.
    pub(crate) async fn identity(&self, ask: Ask<'_>, code: &str) -> Result<Identity, OidcError> {
        let mut about = self.about(ask.provider).await?;
        let tokens = self.exchange(&client(&about, ask)?, ask, code).await?;
        let mut checked = check(&client(&about, ask)?, &tokens, ask);
        if let Err(ClaimsVerificationError::SignatureVerification(_)) = &checked {
            // Signed with a key that is newer than what is kept, or by somebody else.
            self.forget(ask.provider);
            about = self.about(ask.provider).await?;
            checked = check(&client(&about, ask)?, &tokens, ask);
        }
        let claims = checked.map_err(|error| OidcError::Refused(chain(&error)))?;
        let mut identity = Identity {
            subject: claims.subject().to_string(),
            email: claims.email().map(|email| email.to_string()),
            verified: verified(claims.email_verified()),
            name: claims
                .name()
                .and_then(|name| name.get(None))
                .map(|name| name.to_string()),
        };
        if identity.email.is_none() {
            self.ask_more(&client(&about, ask)?, &tokens, &claims, &mut identity)
                .await?;
        }
        Ok(identity)
    }

    async fn exchange(&self, client: &Client, ask: Ask<'_>, code: &str) -> Result<CoreTokenResponse, OidcError> {
        let mut request = client
            .exchange_code(AuthorizationCode::new(code.to_owned()))
            .map_err(|error| OidcError::Unavailable(error.to_string()))?;
        if ask.provider.dialect() != Dialect::LinkedIn {
            request = request.set_pkce_verifier(PkceCodeVerifier::new(ask.verifier.to_owned()));
        }
        let egress = Arc::clone(&self.egress);
        let http = move |request: HttpRequest| {
            let egress = Arc::clone(&egress);
            async move { outward::send(&egress, request).await }
        };
        let answer = request.request_async(&http).await;
        // What the library says of an answer that it cannot read may quote it, tokens and all.
        answer.map_err(|error| match error {
            openidconnect::RequestTokenError::Request(error) => OidcError::Unavailable(error.to_string()),
            openidconnect::RequestTokenError::ServerResponse(answer) => {
                OidcError::Refused(format!("the token endpoint returned {}", answer.error()))
            }
            _ => OidcError::Refused("the token endpoint's response cannot be read".to_owned()),
        })
    }

    /// Many providers keep the email out of the ID token (OpenID Connect Core, 5.4).
    async fn ask_more(
        &self,
        client: &Client,
        tokens: &CoreTokenResponse,
        claims: &CoreIdTokenClaims,
        identity: &mut Identity,
    ) -> Result<(), OidcError> {
        let Ok(request) = client.user_info(tokens.access_token().clone(), Some(claims.subject().clone())) else {
            return Ok(());
        };
        let egress = Arc::clone(&self.egress);
        let http = move |request: HttpRequest| {
            let egress = Arc::clone(&egress);
            async move { outward::send(&egress, request).await }
        };
        let answer: Result<CoreUserInfoClaims, _> = request.request_async(&http).await;
        let more = answer.map_err(|_| OidcError::Refused("the userinfo endpoint's response is refused".to_owned()))?;
        identity.email = more.email().map(|email| email.to_string());
        identity.verified = verified(more.email_verified());
        if identity.name.is_none() {
            identity.name = more.name().and_then(|name| name.get(None)).map(|name| name.to_string());
        }
        Ok(())
    }

    /// What the provider says about itself, and its keys.
    async fn about(&self, provider: &Provider) -> Result<Arc<CoreProviderMetadata>, OidcError> {
        if let Some((at, about)) = self.all().get(&provider.issuer)
            && at.elapsed() < KEPT
        {
            return Ok(Arc::clone(about));
        }
        let issuer =
            IssuerUrl::new(provider.issuer.clone()).map_err(|error| OidcError::Unavailable(error.to_string()))?;
        let egress = Arc::clone(&self.egress);
        let http = move |request: HttpRequest| {
            let egress = Arc::clone(&egress);
            async move { outward::send(&egress, request).await }
        };
        let about = CoreProviderMetadata::discover_async(issuer, &http)
            .await
            .map_err(|error| OidcError::Unavailable(chain(&error)))?;
        let about = Arc::new(about);
        let mut all = self.all();
        if all.len() >= MAX_KEPT {
            all.retain(|_, (at, _)| at.elapsed() < KEPT);
        }
        if all.len() < MAX_KEPT {
            all.insert(provider.issuer.clone(), (Instant::now(), Arc::clone(&about)));
        }
        Ok(about)
    }

    fn forget(&self, provider: &Provider) {
        self.all().remove(&provider.issuer);
    }

    fn all(&self) -> std::sync::MutexGuard<'_, HashMap<String, (Instant, Arc<CoreProviderMetadata>)>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Where to send somebody.
fn address(about: &CoreProviderMetadata, ask: Ask<'_>) -> Result<String, OidcError> {
    let client = client(about, ask)?;
    let (state, nonce) = (ask.state.to_owned(), ask.nonce.to_owned());
    let mut request = client.authorize_url(
        AuthenticationFlow::<CoreResponseType>::AuthorizationCode,
        move || CsrfToken::new(state),
        move || Nonce::new(nonce),
    );
    request = request.add_scopes(ask.provider.scopes.iter().cloned().map(Scope::new));
    if ask.provider.dialect() != Dialect::LinkedIn {
        let verifier = PkceCodeVerifier::new(ask.verifier.to_owned());
        request = request.set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier));
    }
    if ask.provider.dialect() == Dialect::Apple {
        request = request.add_extra_param("response_mode", "form_post");
    }
    let (url, ..) = request.url();
    Ok(url.into())
}

fn client(about: &CoreProviderMetadata, ask: Ask<'_>) -> Result<Client, OidcError> {
    let callback =
        RedirectUrl::new(ask.callback.to_owned()).map_err(|error| OidcError::Unavailable(error.to_string()))?;
    let secret = ClientSecret::new(ask.provider.client_secret.to_string());
    let id = ClientId::new(ask.provider.client_id.clone());
    let client = CoreClient::from_provider_metadata(about.clone(), id, Some(secret)).set_redirect_uri(callback);
    // Basic is what holds where a provider does not say (Discovery 1.0, 3).
    let methods = about.token_endpoint_auth_methods_supported();
    let wants_post = methods.is_some_and(|methods| {
        methods.contains(&CoreClientAuthMethod::ClientSecretPost)
            && !methods.contains(&CoreClientAuthMethod::ClientSecretBasic)
    });
    Ok(match wants_post || ask.provider.dialect() == Dialect::LinkedIn {
        true => client.set_auth_type(AuthType::RequestBody),
        false => client,
    })
}

/// Signature, issuer, audience, expiry, nonce, and that the access token is the one it came with.
fn check(
    client: &Client,
    tokens: &CoreTokenResponse,
    ask: Ask<'_>,
) -> Result<CoreIdTokenClaims, ClaimsVerificationError> {
    let other = |problem: &str| ClaimsVerificationError::Other(problem.to_owned());
    let token = tokens.id_token().ok_or_else(|| other("there is no ID token"))?;
    let verifier = client.id_token_verifier().set_allowed_algs(ALGORITHMS);
    let claims = token.claims(&verifier, |said: Option<&Nonce>| match (said, ask.provider.dialect()) {
        (None, Dialect::LinkedIn) => Ok(()),
        (said, _) => (&Nonce::new(ask.nonce.to_owned())).verify(said),
    })?;
    if let Some(expected) = claims.access_token_hash() {
        let algorithm = token
            .signing_alg()
            .map_err(ClaimsVerificationError::SignatureVerification)?;
        let key = token
            .signing_key(&verifier)
            .map_err(ClaimsVerificationError::SignatureVerification)?;
        let actual = AccessTokenHash::from_token(tokens.access_token(), algorithm, key)
            .map_err(|_| other("at_hash cannot be computed"))?;
        if actual != *expected {
            return Err(other("at_hash belongs to another access token"));
        }
    }
    Ok(claims.clone())
}

fn verified(claim: Option<bool>) -> Verified {
    match claim {
        Some(true) => Verified::Yes,
        _ => Verified::No,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::outbound::oidc::Providers;

    /// The address that somebody is sent to, by the provider of a preset.
    fn sent_to(preset: &str) -> HashMap<String, String> {
        let body = json!({ "providers": [{ "name": "p", "preset": preset, "clientId": "c", "clientSecret": "s" }] });
        let body = body.as_object().unwrap().clone();
        let providers = Providers::read(body).unwrap();
        let provider = providers.named("p").unwrap();
        let about = json!({
            "issuer": provider.issuer,
            "authorization_endpoint": "https://example.com/authorize",
            "token_endpoint": "https://example.com/token",
            "jwks_uri": "https://example.com/keys",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
        });
        let about: CoreProviderMetadata = serde_json::from_value(about).unwrap();
        let ask = Ask {
            provider,
            callback: "https://auth.example.com/auth/oauth/callback",
            state: "state",
            nonce: "nonce",
            verifier: "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
        };
        let address = url::Url::parse(&address(&about, ask).unwrap()).unwrap();
        address.query_pairs().into_owned().collect()
    }

    #[test]
    fn every_provider_is_asked_as_it_wants_to_be() {
        let challenge = Some("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
        for (preset, scope, mode, pkce) in [
            ("google", "openid email profile", None, challenge),
            ("gitlab", "openid email profile", None, challenge),
            ("apple", "openid email name", Some("form_post"), challenge),
            ("linkedin", "openid email profile", None, None),
        ] {
            let asked = sent_to(preset);
            let of = |name: &str| asked.get(name).map(String::as_str);
            assert_eq!(of("scope"), Some(scope), "{preset}");
            assert_eq!(of("response_mode"), mode, "{preset}");
            assert_eq!(of("code_challenge"), pkce, "{preset}");
            assert_eq!((of("state"), of("nonce")), (Some("state"), Some("nonce")), "{preset}");
        }
    }
}
