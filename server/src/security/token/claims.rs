//! What an access token says.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::base::{
    error::{Problem, Refusal, Result},
    ids::Scope,
};

/// Claims that mean something to whoever checks a token: the registered ones (RFC 7519, 4.1) and those of OpenID Connect
/// and OAuth that say who, how and for whom. Hooks cannot set them.
const RESERVED: [&str; 22] = [
    "iss",
    "sub",
    "aud",
    "exp",
    "nbf",
    "iat",
    "jti",
    "sid",
    "amr",
    "acr",
    "auth_time",
    "azp",
    "nonce",
    "at_hash",
    "c_hash",
    "cnf",
    "act",
    "may_act",
    "scope",
    "client_id",
    "events",
    "typ",
];

/// The project's own claims may have so many bytes as JSON: a token travels in a header of every request.
const MAX_OWN_BYTES: usize = 2 << 10;

/// The project's own claims with a hook's patch in them (RFC 7396: null takes one away).
pub(crate) fn merged_claims(current: &Value, patch: Value) -> std::result::Result<Map<String, Value>, Problem> {
    let problem_of = |field: String, problem: &str| Problem {
        field,
        problem: problem.to_owned(),
    };
    let Value::Object(patch) = patch else {
        return Err(problem_of("claims".to_owned(), "must be an object"));
    };
    let mut claims = current.as_object().cloned().unwrap_or_default();
    for (name, value) in patch {
        if RESERVED.contains(&name.as_str()) {
            return Err(problem_of(format!("claims.{name}"), "is reserved: the server sets it"));
        }
        if value.is_null() {
            claims.remove(&name);
        } else {
            claims.insert(name, value);
        }
    }
    let bytes = serde_json::to_string(&claims).map_or(usize::MAX, |text| text.len());
    if bytes > MAX_OWN_BYTES {
        let problem = format!("must have at most {MAX_OWN_BYTES} bytes as JSON, have {bytes}");
        return Err(problem_of("claims".to_owned(), &problem));
    }
    Ok(claims)
}

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
    /// How the user proved who they are (RFC 8176).
    #[serde(default)]
    pub(crate) amr: Vec<String>,
    /// When they last did, seconds since 1970.
    #[serde(default)]
    pub(crate) auth_time: i64,
    /// Issued at, seconds since 1970.
    pub(crate) iat: i64,
    /// Expires at, seconds since 1970.
    pub(crate) exp: i64,
    /// The project's own.
    #[serde(flatten)]
    pub(crate) own: Map<String, Value>,
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
