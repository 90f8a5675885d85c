//! Every endpoint of the auth API.

use actix_web::{Route, web};
use aerocall_api_types::Document;

use super::{handler, oauth};
use crate::{
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
        steps::endpoint::{Access, AnswerType, Client, Flow, Proof, Revisions, Who},
    },
    http::wire::served::{self, Body, Served},
};

/// Every flow of the auth API. What is in this list is served, is in the OpenAPI document and in the reference.
pub(crate) fn flows() -> Vec<Served> {
    vec![
        Served {
            body: Body::JsonMaybeLater,
            ..served::<Register>()
        },
        served::<Login>(),
        served::<Refresh>(),
        served::<Logout>(),
        served::<GetMe>(),
        served::<PatchMe>(),
        served::<DeleteMe>(),
        served::<ListSessions>(),
        served::<RevokeSession>(),
        served::<SendVerification>(),
        served::<VerifyEmail>(),
        served::<ChangeEmail>(),
        served::<ConfirmEmailChange>(),
        served::<ForgotPassword>(),
        served::<ResetPassword>(),
        served::<ChangePassword>(),
        served::<SendOtp>(),
        served::<VerifyOtp>(),
        served::<SendPhoneCode>(),
        served::<VerifyPhone>(),
        served::<SendMagicLink>(),
        served::<VerifyMagicLink>(),
        served::<EnrollFactor>(),
        served::<ConfirmFactor>(),
        served::<ListFactors>(),
        served::<RemoveFactor>(),
        served::<RenewRecoveryCodes>(),
        served::<VerifyMfa>(),
        served::<ListIdentities>(),
        served::<DeleteIdentity>(),
        navigated::<Authorize>(|| web::get().to(oauth::authorize)),
        navigated::<Callback>(|| web::get().to(oauth::callback)),
        Served {
            endpoint: &CALLBACK_FORM,
            access: Access::Open,
            needs: None,
            proof: Proof::Any,
            revisions: Revisions::None,
            body: Body::Json,
            answer: None,
            route: || web::post().to(oauth::callback_form),
        },
        served::<BeginLink>(),
        served::<Link>(),
        served::<Exchange>(),
    ]
}

fn served<F>() -> Served
where
    F: Flow,
    F::Who: Client,
    F::Output: Document,
{
    Served {
        endpoint: &F::ENDPOINT,
        access: F::Who::ACCESS,
        needs: None,
        proof: Proof::Any,
        revisions: Revisions::None,
        body: Body::Json,
        answer: Some(AnswerType::of::<F::Output>()),
        route: || served::method(F::ENDPOINT.method).to(handler::answer::<F>),
    }
}

/// An endpoint that browsers go to, with a handler of its own; no key of the project is in a header.
fn navigated<F: Flow>(route: fn() -> Route) -> Served {
    Served {
        endpoint: &F::ENDPOINT,
        access: Access::Open,
        needs: None,
        proof: Proof::Any,
        revisions: Revisions::None,
        body: Body::Json,
        answer: None,
        route,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flows::{auth, steps::endpoint::Endpoint};

    #[test]
    fn the_list_of_the_flows_is_what_is_served() {
        let place = |endpoint: &Endpoint| format!("{} {}", endpoint.method.as_str(), endpoint.path);
        let served: Vec<String> = flows().iter().map(|served| place(served.endpoint)).collect();
        let listed: Vec<String> = auth::ENDPOINTS.iter().map(|endpoint| place(endpoint)).collect();
        assert_eq!(served, listed);
    }
}
