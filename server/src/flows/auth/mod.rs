//! The requests of the auth API, one file each.

pub(crate) mod email;
pub(crate) mod identities;
pub(crate) mod login;
pub(crate) mod logout;
pub(crate) mod magic_link;
pub(crate) mod me;
pub(crate) mod mfa;
pub(crate) mod oauth;
pub(crate) mod otp;
pub(crate) mod password;
pub(crate) mod refresh;
pub(crate) mod register;
pub(crate) mod sessions;

use super::steps::endpoint::{Endpoint, Flow as _};

/// Every endpoint of the auth API, in the order of the reference.
pub(crate) const ENDPOINTS: &[&Endpoint] = &[
    &register::Register::ENDPOINT,
    &login::Login::ENDPOINT,
    &refresh::Refresh::ENDPOINT,
    &logout::Logout::ENDPOINT,
    &me::GetMe::ENDPOINT,
    &me::PatchMe::ENDPOINT,
    &me::DeleteMe::ENDPOINT,
    &sessions::ListSessions::ENDPOINT,
    &sessions::RevokeSession::ENDPOINT,
    &email::SendVerification::ENDPOINT,
    &email::VerifyEmail::ENDPOINT,
    &email::ChangeEmail::ENDPOINT,
    &email::ConfirmEmailChange::ENDPOINT,
    &password::ForgotPassword::ENDPOINT,
    &password::ResetPassword::ENDPOINT,
    &password::ChangePassword::ENDPOINT,
    &otp::SendOtp::ENDPOINT,
    &otp::VerifyOtp::ENDPOINT,
    &otp::SendPhoneCode::ENDPOINT,
    &otp::VerifyPhone::ENDPOINT,
    &magic_link::SendMagicLink::ENDPOINT,
    &magic_link::VerifyMagicLink::ENDPOINT,
    &mfa::EnrollFactor::ENDPOINT,
    &mfa::ConfirmFactor::ENDPOINT,
    &mfa::ListFactors::ENDPOINT,
    &mfa::RemoveFactor::ENDPOINT,
    &mfa::RenewRecoveryCodes::ENDPOINT,
    &mfa::VerifyMfa::ENDPOINT,
    &identities::ListIdentities::ENDPOINT,
    &identities::DeleteIdentity::ENDPOINT,
    &oauth::Authorize::ENDPOINT,
    &oauth::Callback::ENDPOINT,
    &oauth::CALLBACK_FORM,
    &oauth::BeginLink::ENDPOINT,
    &oauth::Link::ENDPOINT,
    &oauth::Exchange::ENDPOINT,
];
