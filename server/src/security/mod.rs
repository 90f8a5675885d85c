//! Who may do what, and how often: API keys and tokens, rate limits and lockout, password hashing, signed access tokens.

pub(crate) mod access;
pub(crate) mod limits;
pub(crate) mod password;
pub(crate) mod person;
pub(crate) mod token;
