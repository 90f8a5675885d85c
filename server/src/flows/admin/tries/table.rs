//! The flows of the auth API, as they are tried. A test holds this list and that of the reference together.

use std::{future::Future, pin::Pin};

use serde::Serialize;

use super::{
    answered::{self, Answered, Asked},
    navigation,
};
use crate::{
    app::App,
    flows::{
        auth::{
            email::{ChangeEmail, ConfirmEmailChange, SendVerification, VerifyEmail},
            identities::{DeleteIdentity, ListIdentities},
            login::Login,
            logout::Logout,
            magic_link::{SendMagicLink, VerifyMagicLink},
            me::{DeleteMe, GetMe, PatchMe},
            mfa::{ConfirmFactor, EnrollFactor, ListFactors, RemoveFactor, RenewRecoveryCodes, VerifyMfa},
            oauth::{Authorize, BeginLink, CALLBACK_FORM, Callback, Exchange, Link},
            otp::{SendOtp, SendPhoneCode, VerifyOtp, VerifyPhone},
            password::{ChangePassword, ForgotPassword, ResetPassword},
            refresh::Refresh,
            register::Register,
            sessions::{ListSessions, RevokeSession},
        },
        steps::endpoint::{Client, Endpoint, Flow},
    },
};

/// The way of a request to its answer.
pub(super) type Answering<'a> = Pin<Box<dyn Future<Output = Answered> + Send + 'a>>;

/// An endpoint and what answers it.
#[derive(Clone, Copy)]
pub(super) struct Entry {
    pub(super) endpoint: &'static Endpoint,
    pub(super) answer: for<'a> fn(&'a App, Asked) -> Answering<'a>,
}

/// All there are.
pub(super) fn all() -> Vec<Entry> {
    vec![
        entry::<Register>(),
        entry::<Login>(),
        entry::<Refresh>(),
        entry::<Logout>(),
        entry::<GetMe>(),
        entry::<PatchMe>(),
        entry::<DeleteMe>(),
        entry::<ListSessions>(),
        entry::<RevokeSession>(),
        entry::<SendVerification>(),
        entry::<VerifyEmail>(),
        entry::<ChangeEmail>(),
        entry::<ConfirmEmailChange>(),
        entry::<ForgotPassword>(),
        entry::<ResetPassword>(),
        entry::<ChangePassword>(),
        entry::<SendOtp>(),
        entry::<VerifyOtp>(),
        entry::<SendPhoneCode>(),
        entry::<VerifyPhone>(),
        entry::<SendMagicLink>(),
        entry::<VerifyMagicLink>(),
        entry::<EnrollFactor>(),
        entry::<ConfirmFactor>(),
        entry::<ListFactors>(),
        entry::<RemoveFactor>(),
        entry::<RenewRecoveryCodes>(),
        entry::<VerifyMfa>(),
        entry::<ListIdentities>(),
        entry::<DeleteIdentity>(),
        navigation::<Authorize>(|app, asked| Box::pin(navigation::authorize(app, asked))),
        navigation::<Callback>(|app, asked| Box::pin(navigation::callback(app, asked))),
        Entry {
            endpoint: &CALLBACK_FORM,
            answer: |app, asked| Box::pin(navigation::callback_form(app, asked)),
        },
        entry::<BeginLink>(),
        entry::<Link>(),
        entry::<Exchange>(),
    ]
}

fn entry<F>() -> Entry
where
    F: Flow,
    F::Who: Client,
    F::Output: Serialize,
{
    Entry {
        endpoint: &F::ENDPOINT,
        answer: |app, asked| Box::pin(answered::answered::<F>(app, asked)),
    }
}

fn navigation<F: Flow>(answer: for<'a> fn(&'a App, Asked) -> Answering<'a>) -> Entry {
    Entry {
        endpoint: &F::ENDPOINT,
        answer,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flows::auth;

    #[test]
    fn every_flow_of_the_reference_can_be_tried() {
        let place = |endpoint: &Endpoint| format!("{} {}", endpoint.method.as_str(), endpoint.path);
        let tried: Vec<String> = all().iter().map(|entry| place(entry.endpoint)).collect();
        let listed: Vec<String> = auth::ENDPOINTS.iter().map(|endpoint| place(endpoint)).collect();
        assert_eq!(tried, listed);
    }
}
