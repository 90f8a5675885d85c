//! What the flows share.
//!
//! - `endpoint`: the trait of a request, and its description
//! - `sign_up`: what every account is made by; `sign_in`: what every log-in ends with; `session`: the one way to a session;
//!   `one_time`: links and codes
//! - `mailbox`: sign-in with a code or link from a mailbox; `ownership`: what a proof of the mailbox takes away;
//!   `account_mail`: the server's own mails; `one_time_mail`: mails with a one-time token; `verification`: the mail that
//!   confirms an address; `password_reset`: the one that leads to a new password; `timing`: timing equalisation; `lockout`:
//!   the audit entry about a locked account
//! - `totp`: codes of authenticator apps; `recovery_codes`: codes on paper; `session_cookie`: answers that set or clear a cookie
//! - `audited`: changes by admins with their line of the audit log; `page`: pages of lists; `lifespan`: how long keys and tokens
//!   are valid
//! - `stream`: answers without end
//! - `hook_target`: which version of a hook is tried
//! - `commit`: what hooks staged, kept with the flow's own rows

pub(crate) mod account_mail;
pub(crate) mod accounts;
pub(crate) mod audited;
pub(crate) mod breaches;
pub(crate) mod commit;
pub(crate) mod endpoint;
pub(crate) mod examples;
pub(crate) mod hook_target;
pub(crate) mod invocation_limits;
pub(crate) mod lifespan;
pub(crate) mod lockout;
pub(crate) mod mailable;
pub(crate) mod mailbox;
pub(crate) mod one_time;
pub(crate) mod one_time_mail;
pub(crate) mod ownership;
pub(crate) mod page;
pub(crate) mod password_reset;
pub(crate) mod reauthentication;
pub(crate) mod recovery_codes;
pub(crate) mod session;
pub(crate) mod session_cookie;
pub(crate) mod sign_in;
pub(crate) mod sign_up;
pub(crate) mod stream;
pub(crate) mod timing;
pub(crate) mod totp;
pub(crate) mod verification;
