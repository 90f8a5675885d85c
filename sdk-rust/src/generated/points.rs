//! The hook points. Made from runtime/contract/src; run UPDATE_DOCS=1 cargo nextest run --workspace documents_are

crate::points::points! {
    /// `beforeSignup`, before the commit: registration; first login of a new user with a one-time code, magic link or identity provider; a user created by an admin.
    before_signup Before "beforeSignup": SignupPayload, crate::points::ProfileChanges;
    /// `afterSignup`, after the commit: registration; first login of a new user with a one-time code, magic link or identity provider; a user created by an admin.
    after_signup After "afterSignup": SignedUpPayload, crate::points::MetadataChanges;
    /// `beforeLogin`, before the commit: login with a password, one-time code, magic link or identity provider; verification of a second factor.
    before_login Before "beforeLogin": LoginPayload, crate::points::ProfileChanges;
    /// `afterLogin`, after the commit: login with a password, one-time code, magic link or identity provider; verification of a second factor.
    after_login After "afterLogin": LoggedInPayload, crate::points::MetadataChanges;
    /// `beforeTokenIssue`, before the commit: every access token.
    before_token_issue Before "beforeTokenIssue": TokenIssuePayload, crate::ClaimsPatch;
    /// `afterTokenIssue`, after the commit: every access token.
    after_token_issue After "afterTokenIssue": TokenIssuePayload, crate::NoPatch;
    /// `beforeTokenRefresh`, before the commit: refresh of a session.
    before_token_refresh Before "beforeTokenRefresh": SessionPayload, crate::points::MetadataChanges;
    /// `afterTokenRefresh`, after the commit: refresh of a session.
    after_token_refresh After "afterTokenRefresh": SessionPayload, crate::points::MetadataChanges;
    /// `beforeLogout`, before the commit: logout.
    before_logout Before "beforeLogout": SessionPayload, crate::points::MetadataChanges;
    /// `afterLogout`, after the commit: logout.
    after_logout After "afterLogout": SessionPayload, crate::points::MetadataChanges;
    /// `beforePasswordResetRequest`, before the commit: request of a password reset.
    before_password_reset_request Before "beforePasswordResetRequest": PasswordResetRequestPayload, crate::NoPatch;
    /// `afterPasswordResetRequest`, after the commit: request of a password reset.
    after_password_reset_request After "afterPasswordResetRequest": PasswordResetRequestPayload, crate::NoPatch;
    /// `beforePasswordReset`, before the commit: password reset.
    before_password_reset Before "beforePasswordReset": PasswordPayload, crate::points::MetadataChanges;
    /// `afterPasswordReset`, after the commit: password reset.
    after_password_reset After "afterPasswordReset": UserPayload, crate::points::MetadataChanges;
    /// `beforePasswordChange`, before the commit: password change.
    before_password_change Before "beforePasswordChange": PasswordPayload, crate::points::MetadataChanges;
    /// `afterPasswordChange`, after the commit: password change.
    after_password_change After "afterPasswordChange": UserPayload, crate::points::MetadataChanges;
    /// `beforeOtpSend`, before the commit: sending a one-time code.
    before_otp_send Before "beforeOtpSend": OtpSendPayload, crate::DeliveryPatch;
    /// `afterOtpSend`, after the commit: sending a one-time code.
    after_otp_send After "afterOtpSend": OtpSentPayload, crate::points::MetadataChanges;
    /// `beforeOtpVerify`, before the commit: verifying a one-time code.
    before_otp_verify Before "beforeOtpVerify": OtpPayload, crate::points::MetadataChanges;
    /// `afterOtpVerify`, after the commit: verifying a one-time code.
    after_otp_verify After "afterOtpVerify": OtpPayload, crate::points::MetadataChanges;
    /// `beforeEmailVerify`, before the commit: verification of an email address.
    before_email_verify Before "beforeEmailVerify": EmailVerifyPayload, crate::points::MetadataChanges;
    /// `afterEmailVerify`, after the commit: verification of an email address.
    after_email_verify After "afterEmailVerify": EmailVerifyPayload, crate::points::MetadataChanges;
    /// `beforeUserUpdate`, before the commit: change of a user by themselves or an admin; change of the email address.
    before_user_update Before "beforeUserUpdate": UserUpdatePayload, crate::points::ProfileChanges;
    /// `afterUserUpdate`, after the commit: change of a user by themselves or an admin; change of the email address.
    after_user_update After "afterUserUpdate": UserUpdatePayload, crate::points::MetadataChanges;
    /// `beforeUserDelete`, before the commit: deletion of a user by themselves or an admin.
    before_user_delete Before "beforeUserDelete": UserPayload, crate::NoPatch;
    /// `afterUserDelete`, after the commit: deletion of a user by themselves or an admin.
    after_user_delete After "afterUserDelete": UserPayload, crate::NoPatch;
    /// `beforeMfaVerify`, before the commit: verification of a second factor.
    before_mfa_verify Before "beforeMfaVerify": MfaVerifyPayload, crate::points::MetadataChanges;
    /// `afterMfaVerify`, after the commit: verification of a second factor.
    after_mfa_verify After "afterMfaVerify": MfaVerifyPayload, crate::points::MetadataChanges;
}
