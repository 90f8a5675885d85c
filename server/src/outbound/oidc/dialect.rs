//! Where a provider is unlike what the standards say, by its issuer. Knows no request and no response.

/// How a provider deviates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dialect {
    Standard,
    /// Sends the response as a form, or it leaves out the email; has scopes of its own. For two days in 2025 its discovery
    /// document had the name of another host of Apple, while its tokens kept this one.
    Apple,
    /// Knows the scopes `identify` and `email`.
    Discord,
    /// May leave `https://` out of `iss` ("Validating an ID token" in its documentation).
    Google,
    /// Sends no nonce back, takes no PKCE from clients with a secret, and wants the secret in the body without saying so.
    /// What is left is the state, bound to the browser, and the code, bound to the client.
    LinkedIn,
    /// Takes no PKCE from clients with a secret.
    Slack,
    /// Gives the email to those who ask for it with the parameter `claims` (OpenID Connect Core, 5.5).
    Twitch,
    /// Takes no PKCE from clients with a secret.
    Yahoo,
}

pub(super) const APPLE: &str = "https://appleid.apple.com";
pub(super) const DISCORD: &str = "https://discord.com";
pub(super) const GOOGLE: &str = "https://accounts.google.com";
pub(super) const LINKED_IN: &str = "https://www.linkedin.com/oauth";
pub(super) const SLACK: &str = "https://slack.com";
pub(super) const TWITCH: &str = "https://id.twitch.tv/oauth2";
pub(super) const YAHOO: &str = "https://api.login.yahoo.com";

impl Dialect {
    pub(super) fn of(issuer: &str) -> Self {
        match issuer {
            APPLE => Self::Apple,
            DISCORD => Self::Discord,
            GOOGLE => Self::Google,
            LINKED_IN => Self::LinkedIn,
            SLACK => Self::Slack,
            TWITCH => Self::Twitch,
            YAHOO => Self::Yahoo,
            _ => Self::Standard,
        }
    }

    /// What is asked for besides `openid`, where the project's settings do not say.
    pub(super) fn default_scopes(self) -> Vec<String> {
        let scopes: &[&str] = match self {
            Self::Apple => &["email", "name"],
            Self::Discord => &["email", "identify"],
            Self::Twitch => &["user:read:email"],
            Self::Standard | Self::Google | Self::LinkedIn | Self::Slack | Self::Yahoo => &["email", "profile"],
        };
        scopes.iter().map(|scope| (*scope).to_owned()).collect()
    }

    /// Other names that this provider, and nobody else, has for itself.
    pub(super) fn other_names(self) -> &'static [&'static str] {
        match self {
            Self::Apple => &["https://account.apple.com"],
            Self::Google => &["accounts.google.com"],
            Self::LinkedIn => &["https://www.linkedin.com"],
            _ => &[],
        }
    }

    /// Parameters of the authorization request that are this provider's alone.
    pub(super) fn parameters(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Apple => &[("response_mode", "form_post")],
            Self::Twitch => &[(
                "claims",
                r#"{"id_token":{"email":null,"email_verified":null,"preferred_username":null}}"#,
            )],
            _ => &[],
        }
    }

    pub(super) fn takes_pkce(self) -> bool {
        !matches!(self, Self::LinkedIn | Self::Slack | Self::Yahoo)
    }

    /// Whether the ID token has the nonce of the authorization request.
    pub(super) fn returns_nonce(self) -> bool {
        self != Self::LinkedIn
    }

    /// Whether the client's secret goes into the body, whatever the discovery document says.
    pub(super) fn wants_secret_in_body(self) -> bool {
        self == Self::LinkedIn
    }
}
