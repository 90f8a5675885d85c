//! The names that attributes are for. Made from runtime/contract/src; run UPDATE_DOCS=1 cargo nextest run --workspace documents_are

/// Gives the hook points to another macro.
macro_rules! points {
    ($then:ident) => {
        $then! {
            /// `beforeSignup`, before the commit: registration; first login of a new user with a one-time code, magic link or identity provider; a user created by an admin.
            ///
            /// ```
            /// use aerocall_hooks::{RequestContext, Result, before_signup, log};
            ///
            /// #[before_signup]
            /// fn note(context: &RequestContext, payload: before_signup::Payload) -> Result<before_signup::Reply> {
            ///     log::info!("{} for {:?}", context.hook, payload.client.id);
            ///     Ok(before_signup::Reply::allow())
            /// }
            /// ```
            before_signup "beforeSignup";
            /// `afterSignup`, after the commit: registration; first login of a new user with a one-time code, magic link or identity provider; a user created by an admin.
            ///
            /// ```
            /// use aerocall_hooks::{RequestContext, Result, after_signup, log};
            ///
            /// #[after_signup]
            /// fn note(context: &RequestContext, payload: after_signup::Payload) -> Result<after_signup::Reply> {
            ///     log::info!("{} for {:?}", context.hook, payload.client.id);
            ///     Ok(after_signup::Reply::allow())
            /// }
            /// ```
            after_signup "afterSignup";
            /// `beforeLogin`, before the commit: login with a password, one-time code, magic link or identity provider; verification of a second factor.
            ///
            /// ```
            /// use aerocall_hooks::{RequestContext, Result, before_login, log};
            ///
            /// #[before_login]
            /// fn note(context: &RequestContext, payload: before_login::Payload) -> Result<before_login::Reply> {
            ///     log::info!("{} for {:?}", context.hook, payload.client.id);
            ///     Ok(before_login::Reply::allow())
            /// }
            /// ```
            before_login "beforeLogin";
            /// `afterLogin`, after the commit: login with a password, one-time code, magic link or identity provider; verification of a second factor.
            ///
            /// ```
            /// use aerocall_hooks::{RequestContext, Result, after_login, log};
            ///
            /// #[after_login]
            /// fn note(context: &RequestContext, payload: after_login::Payload) -> Result<after_login::Reply> {
            ///     log::info!("{} for {:?}", context.hook, payload.client.id);
            ///     Ok(after_login::Reply::allow())
            /// }
            /// ```
            after_login "afterLogin";
            /// `beforeTokenIssue`, before the commit: every access token.
            ///
            /// ```
            /// use aerocall_hooks::{RequestContext, Result, before_token_issue, log};
            ///
            /// #[before_token_issue]
            /// fn note(context: &RequestContext, payload: before_token_issue::Payload) -> Result<before_token_issue::Reply> {
            ///     log::info!("{} for {:?}", context.hook, payload.client.id);
            ///     Ok(before_token_issue::Reply::allow())
            /// }
            /// ```
            before_token_issue "beforeTokenIssue";
            /// `afterTokenIssue`, after the commit: every access token.
            ///
            /// ```
            /// use aerocall_hooks::{RequestContext, Result, after_token_issue, log};
            ///
            /// #[after_token_issue]
            /// fn note(context: &RequestContext, payload: after_token_issue::Payload) -> Result<after_token_issue::Reply> {
            ///     log::info!("{} for {:?}", context.hook, payload.client.id);
            ///     Ok(after_token_issue::Reply::allow())
            /// }
            /// ```
            after_token_issue "afterTokenIssue";
            /// `beforeTokenRefresh`, before the commit: refresh of a session.
            ///
            /// ```
            /// use aerocall_hooks::{RequestContext, Result, before_token_refresh, log};
            ///
            /// #[before_token_refresh]
            /// fn note(context: &RequestContext, payload: before_token_refresh::Payload) -> Result<before_token_refresh::Reply> {
            ///     log::info!("{} for {:?}", context.hook, payload.client.id);
            ///     Ok(before_token_refresh::Reply::allow())
            /// }
            /// ```
            before_token_refresh "beforeTokenRefresh";
            /// `afterTokenRefresh`, after the commit: refresh of a session.
            ///
            /// ```
            /// use aerocall_hooks::{RequestContext, Result, after_token_refresh, log};
            ///
            /// #[after_token_refresh]
            /// fn note(context: &RequestContext, payload: after_token_refresh::Payload) -> Result<after_token_refresh::Reply> {
            ///     log::info!("{} for {:?}", context.hook, payload.client.id);
            ///     Ok(after_token_refresh::Reply::allow())
            /// }
            /// ```
            after_token_refresh "afterTokenRefresh";
            /// `beforeLogout`, before the commit: logout.
            ///
            /// ```
            /// use aerocall_hooks::{RequestContext, Result, before_logout, log};
            ///
            /// #[before_logout]
            /// fn note(context: &RequestContext, payload: before_logout::Payload) -> Result<before_logout::Reply> {
            ///     log::info!("{} for {:?}", context.hook, payload.client.id);
            ///     Ok(before_logout::Reply::allow())
            /// }
            /// ```
            before_logout "beforeLogout";
            /// `afterLogout`, after the commit: logout.
            ///
            /// ```
            /// use aerocall_hooks::{RequestContext, Result, after_logout, log};
            ///
            /// #[after_logout]
            /// fn note(context: &RequestContext, payload: after_logout::Payload) -> Result<after_logout::Reply> {
            ///     log::info!("{} for {:?}", context.hook, payload.client.id);
            ///     Ok(after_logout::Reply::allow())
            /// }
            /// ```
            after_logout "afterLogout";
            /// `beforePasswordResetRequest`, before the commit: request of a password reset.
            ///
            /// ```
            /// use aerocall_hooks::{RequestContext, Result, before_password_reset_request, log};
            ///
            /// #[before_password_reset_request]
            /// fn note(context: &RequestContext, payload: before_password_reset_request::Payload) -> Result<before_password_reset_request::Reply> {
            ///     log::info!("{} for {:?}", context.hook, payload.client.id);
            ///     Ok(before_password_reset_request::Reply::allow())
            /// }
            /// ```
            before_password_reset_request "beforePasswordResetRequest";
            /// `afterPasswordResetRequest`, after the commit: request of a password reset.
            ///
            /// ```
            /// use aerocall_hooks::{RequestContext, Result, after_password_reset_request, log};
            ///
            /// #[after_password_reset_request]
            /// fn note(context: &RequestContext, payload: after_password_reset_request::Payload) -> Result<after_password_reset_request::Reply> {
            ///     log::info!("{} for {:?}", context.hook, payload.client.id);
            ///     Ok(after_password_reset_request::Reply::allow())
            /// }
            /// ```
            after_password_reset_request "afterPasswordResetRequest";
            /// `beforePasswordReset`, before the commit: password reset.
            ///
            /// ```
            /// use aerocall_hooks::{RequestContext, Result, before_password_reset, log};
            ///
            /// #[before_password_reset]
            /// fn note(context: &RequestContext, payload: before_password_reset::Payload) -> Result<before_password_reset::Reply> {
            ///     log::info!("{} for {:?}", context.hook, payload.client.id);
            ///     Ok(before_password_reset::Reply::allow())
            /// }
            /// ```
            before_password_reset "beforePasswordReset";
            /// `afterPasswordReset`, after the commit: password reset.
            ///
            /// ```
            /// use aerocall_hooks::{RequestContext, Result, after_password_reset, log};
            ///
            /// #[after_password_reset]
            /// fn note(context: &RequestContext, payload: after_password_reset::Payload) -> Result<after_password_reset::Reply> {
            ///     log::info!("{} for {:?}", context.hook, payload.client.id);
            ///     Ok(after_password_reset::Reply::allow())
            /// }
            /// ```
            after_password_reset "afterPasswordReset";
            /// `beforePasswordChange`, before the commit: password change.
            ///
            /// ```
            /// use aerocall_hooks::{RequestContext, Result, before_password_change, log};
            ///
            /// #[before_password_change]
            /// fn note(context: &RequestContext, payload: before_password_change::Payload) -> Result<before_password_change::Reply> {
            ///     log::info!("{} for {:?}", context.hook, payload.client.id);
            ///     Ok(before_password_change::Reply::allow())
            /// }
            /// ```
            before_password_change "beforePasswordChange";
            /// `afterPasswordChange`, after the commit: password change.
            ///
            /// ```
            /// use aerocall_hooks::{RequestContext, Result, after_password_change, log};
            ///
            /// #[after_password_change]
            /// fn note(context: &RequestContext, payload: after_password_change::Payload) -> Result<after_password_change::Reply> {
            ///     log::info!("{} for {:?}", context.hook, payload.client.id);
            ///     Ok(after_password_change::Reply::allow())
            /// }
            /// ```
            after_password_change "afterPasswordChange";
            /// `beforeOtpSend`, before the commit: sending a one-time code.
            ///
            /// ```
            /// use aerocall_hooks::{RequestContext, Result, before_otp_send, log};
            ///
            /// #[before_otp_send]
            /// fn note(context: &RequestContext, payload: before_otp_send::Payload) -> Result<before_otp_send::Reply> {
            ///     log::info!("{} for {:?}", context.hook, payload.client.id);
            ///     Ok(before_otp_send::Reply::allow())
            /// }
            /// ```
            before_otp_send "beforeOtpSend";
            /// `afterOtpSend`, after the commit: sending a one-time code.
            ///
            /// ```
            /// use aerocall_hooks::{RequestContext, Result, after_otp_send, log};
            ///
            /// #[after_otp_send]
            /// fn note(context: &RequestContext, payload: after_otp_send::Payload) -> Result<after_otp_send::Reply> {
            ///     log::info!("{} for {:?}", context.hook, payload.client.id);
            ///     Ok(after_otp_send::Reply::allow())
            /// }
            /// ```
            after_otp_send "afterOtpSend";
            /// `beforeOtpVerify`, before the commit: verifying a one-time code.
            ///
            /// ```
            /// use aerocall_hooks::{RequestContext, Result, before_otp_verify, log};
            ///
            /// #[before_otp_verify]
            /// fn note(context: &RequestContext, payload: before_otp_verify::Payload) -> Result<before_otp_verify::Reply> {
            ///     log::info!("{} for {:?}", context.hook, payload.client.id);
            ///     Ok(before_otp_verify::Reply::allow())
            /// }
            /// ```
            before_otp_verify "beforeOtpVerify";
            /// `afterOtpVerify`, after the commit: verifying a one-time code.
            ///
            /// ```
            /// use aerocall_hooks::{RequestContext, Result, after_otp_verify, log};
            ///
            /// #[after_otp_verify]
            /// fn note(context: &RequestContext, payload: after_otp_verify::Payload) -> Result<after_otp_verify::Reply> {
            ///     log::info!("{} for {:?}", context.hook, payload.client.id);
            ///     Ok(after_otp_verify::Reply::allow())
            /// }
            /// ```
            after_otp_verify "afterOtpVerify";
            /// `beforeEmailVerify`, before the commit: verification of an email address.
            ///
            /// ```
            /// use aerocall_hooks::{RequestContext, Result, before_email_verify, log};
            ///
            /// #[before_email_verify]
            /// fn note(context: &RequestContext, payload: before_email_verify::Payload) -> Result<before_email_verify::Reply> {
            ///     log::info!("{} for {:?}", context.hook, payload.client.id);
            ///     Ok(before_email_verify::Reply::allow())
            /// }
            /// ```
            before_email_verify "beforeEmailVerify";
            /// `afterEmailVerify`, after the commit: verification of an email address.
            ///
            /// ```
            /// use aerocall_hooks::{RequestContext, Result, after_email_verify, log};
            ///
            /// #[after_email_verify]
            /// fn note(context: &RequestContext, payload: after_email_verify::Payload) -> Result<after_email_verify::Reply> {
            ///     log::info!("{} for {:?}", context.hook, payload.client.id);
            ///     Ok(after_email_verify::Reply::allow())
            /// }
            /// ```
            after_email_verify "afterEmailVerify";
            /// `beforeUserUpdate`, before the commit: change of a user by themselves or an admin; change of the email address.
            ///
            /// ```
            /// use aerocall_hooks::{RequestContext, Result, before_user_update, log};
            ///
            /// #[before_user_update]
            /// fn note(context: &RequestContext, payload: before_user_update::Payload) -> Result<before_user_update::Reply> {
            ///     log::info!("{} for {:?}", context.hook, payload.client.id);
            ///     Ok(before_user_update::Reply::allow())
            /// }
            /// ```
            before_user_update "beforeUserUpdate";
            /// `afterUserUpdate`, after the commit: change of a user by themselves or an admin; change of the email address.
            ///
            /// ```
            /// use aerocall_hooks::{RequestContext, Result, after_user_update, log};
            ///
            /// #[after_user_update]
            /// fn note(context: &RequestContext, payload: after_user_update::Payload) -> Result<after_user_update::Reply> {
            ///     log::info!("{} for {:?}", context.hook, payload.client.id);
            ///     Ok(after_user_update::Reply::allow())
            /// }
            /// ```
            after_user_update "afterUserUpdate";
            /// `beforeUserDelete`, before the commit: deletion of a user by themselves or an admin.
            ///
            /// ```
            /// use aerocall_hooks::{RequestContext, Result, before_user_delete, log};
            ///
            /// #[before_user_delete]
            /// fn note(context: &RequestContext, payload: before_user_delete::Payload) -> Result<before_user_delete::Reply> {
            ///     log::info!("{} for {:?}", context.hook, payload.client.id);
            ///     Ok(before_user_delete::Reply::allow())
            /// }
            /// ```
            before_user_delete "beforeUserDelete";
            /// `afterUserDelete`, after the commit: deletion of a user by themselves or an admin.
            ///
            /// ```
            /// use aerocall_hooks::{RequestContext, Result, after_user_delete, log};
            ///
            /// #[after_user_delete]
            /// fn note(context: &RequestContext, payload: after_user_delete::Payload) -> Result<after_user_delete::Reply> {
            ///     log::info!("{} for {:?}", context.hook, payload.client.id);
            ///     Ok(after_user_delete::Reply::allow())
            /// }
            /// ```
            after_user_delete "afterUserDelete";
            /// `beforeMfaVerify`, before the commit: verification of a second factor.
            ///
            /// ```
            /// use aerocall_hooks::{RequestContext, Result, before_mfa_verify, log};
            ///
            /// #[before_mfa_verify]
            /// fn note(context: &RequestContext, payload: before_mfa_verify::Payload) -> Result<before_mfa_verify::Reply> {
            ///     log::info!("{} for {:?}", context.hook, payload.client.id);
            ///     Ok(before_mfa_verify::Reply::allow())
            /// }
            /// ```
            before_mfa_verify "beforeMfaVerify";
            /// `afterMfaVerify`, after the commit: verification of a second factor.
            ///
            /// ```
            /// use aerocall_hooks::{RequestContext, Result, after_mfa_verify, log};
            ///
            /// #[after_mfa_verify]
            /// fn note(context: &RequestContext, payload: after_mfa_verify::Payload) -> Result<after_mfa_verify::Reply> {
            ///     log::info!("{} for {:?}", context.hook, payload.client.id);
            ///     Ok(after_mfa_verify::Reply::allow())
            /// }
            /// ```
            after_mfa_verify "afterMfaVerify";
        }
    };
}
pub(crate) use points;

/// The events that handlers get, and the types of their data.
pub(crate) const EVENTS: &[(&str, &str)] = &[
    ("auth.signup", "Signup"),
    ("auth.login", "Login"),
    ("auth.login.failed", "LoginFailed"),
    ("auth.logout", "Logout"),
    ("auth.token.refreshed", "TokenRefreshed"),
    ("auth.password.reset.requested", "PasswordResetRequested"),
    ("auth.password.reset.completed", "PasswordResetCompleted"),
    ("auth.password.changed", "PasswordChanged"),
    ("auth.otp.send", "OtpSend"),
    ("auth.otp.verified", "OtpVerified"),
    ("auth.email.verification.requested", "EmailVerificationRequested"),
    ("auth.email.verified", "EmailVerified"),
    ("auth.user.updated", "UserUpdated"),
    ("auth.user.deleted", "UserDeleted"),
    ("auth.session.revoked", "SessionRevoked"),
    ("auth.mfa.enrolled", "MfaEnrolled"),
    ("auth.mfa.verified", "MfaVerified"),
    ("auth.mfa.recovery.used", "MfaRecoveryUsed"),
    ("auth.mfa.removed", "MfaRemoved"),
];
