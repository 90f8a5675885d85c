//! What an access token says.

use serde::{Deserialize, Serialize};

use crate::{
    error::{Refusal, Result},
    ids::Scope,
};

/// The claims of an access token (RFC 7519, 4.1, and `sid` of OpenID Connect).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Claims {
    /// The server that issued it.
    pub(crate) iss: String,
    /// `<project>/<environment>`
    pub(crate) aud: String,
    /// The user.
    pub(crate) sub: String,
    /// The session.
    pub(crate) sid: String,
    /// Issued at, seconds since 1970.
    pub(crate) iat: i64,
    /// Expires at, seconds since 1970.
    pub(crate) exp: i64,
}

impl Claims {
    /// Checks everything but the signature and the session.
    pub(super) fn check(&self, issuer: &str, scope: &Scope, now_s: i64) -> Result<()> {
        // The clock of another node may be a little behind the one that issued the token.
        const SKEW_S: i64 = 30;
        let timely = self.iat <= now_s + SKEW_S && now_s < self.exp;
        if timely && self.iss == issuer && self.aud == scope.to_string() {
            Ok(())
        } else {
            Err(Refusal::invalid_token().into())
        }
    }
}
