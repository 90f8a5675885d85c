//! Every endpoint of the admin API. What is in this list is served, is in the OpenAPI document and in the reference.

use super::{
    assistant, handler, preview,
    serving::{served, served_as_text, served_to_strangers, served_with_cookie},
    stream,
};
use crate::{
    flows::{
        admin::{
            account::{
                BeginAdminTotp, ChangeAdminPassword, ConfirmAdminSession, ConfirmAdminTotp, EndAdminSession,
                EndOtherAdminSessions, GetCurrentAdmin, ListAdminSessions, RemoveAdminTotp, RenewAdminRecoveryCodes,
                SignIn, SignInTotp, SignOut,
            },
            accounts::{CreateAdminAccount, DeleteAdminAccount, ListAdminAccounts, RankAdminAccount},
            admin_tokens::{
                CreateAdminToken, Holder, ListAdminTokens, OfProject, OfServer, RevokeAdminToken, RotateAdminToken,
                Setup,
            },
            api_keys::{CreateApiKey, ListApiKeys, RevokeApiKey, RotateApiKey},
            audit::{ListAllAudit, ListAudit},
            background_failures::ListBackgroundFailures,
            backtests::{
                CreateBacktest, DeleteBacktest, GetBacktest, ListBacktestRows, ListBacktests, PlanBacktest,
                StopBacktest,
            },
            cases::{CreateCase, DeleteCase, GetCase, ListCases, MakeCase, PutCase, RunCases},
            database::{GetDatabaseTable, ListDatabaseTables, ListTableRows, QueryDatabase},
            deployments::{Deploy, GetDeployment, ListDeployments, PlanDeployment, RollBack},
            drafts::{CheckHook, CreateDraft, CreateHook, DeleteDraft, GetDraft, ListHooks, PutDraft},
            endpoints::ListEndpoints,
            event_types::ListEventTypes,
            events::{GetEvent, ListEvents, StreamEvents},
            figures::GetFigures,
            hook_points::ListHookPoints,
            hook_templates::ListHookTemplates,
            hook_tests::RunHook,
            hooks::{GetLiveHooks, SetHookState},
            invitations::{
                AcceptInvitation, CreateInvitation, InvitationHolder, InvitedToProject, InvitedToServer,
                ListInvitations, RevokeInvitation,
            },
            invocations::{
                GetInvocation, GetInvocationHistogram, GetRecording, ListInvocations, ReplayInvocation,
                StreamInvocations,
            },
            jobs::{CountJobsByQueue, DeleteJob, GetJob, ListJobs, RequeueDeadJobs, RequeueJob},
            mail_templates::{
                DeleteMailTemplate, GetMailTemplate, ListMailTemplates, ListOwnMailTemplates, PreviewMailTemplate,
                PutMailTemplate,
            },
            mails::{GetMail, GetMailHtml, ListMails, ResendMail},
            members::{AddMember, ChangeMember, ListMembers, RemoveMember},
            meta::GetMeta,
            migrations::ListMigrations,
            password_resets::{ConfirmPasswordReset, CreatePasswordReset, RequestPasswordReset},
            personal_tokens::{CreatePersonalToken, ListPersonalTokens, RevokePersonalToken},
            projects::{
                CreateEnvironment, CreateProject, DeleteEnvironment, DeleteProject, GetEnvironment, GetProject,
                ListProjects, RenameEnvironment, RenameProject,
            },
            requests::GetRequest,
            rollouts::{DeleteRollout, GetRollout, ListRollouts, PromoteRollout, PutRollout, StopRollout},
            schedules::{ListSchedules, RunSchedule},
            sdk_types::GetSdkTypes,
            search::Search,
            secrets::{DeleteSecret, ListSecrets, PutSecret},
            settings::{
                GetAuthSettings, GetGateSettings, GetHttpSettings, GetIdentityProviders, GetInvocationLimits,
                GetMailSettings, PutAuthSettings, PutGateSettings, PutHttpSettings, PutIdentityProviders,
                PutInvocationLimits, PutMailSettings, TestMailSettings,
            },
            signing_keys::{ListSigningKeys, RotateSigningKeys},
            summaries::{SummarizeDraft, SummarizeVersion},
            tries::TryRequest,
            users::{
                BanUser, CreateUser, DeleteUser, EndUserSession, ExportUser, GetUser, ListUserFactors,
                ListUserIdentities, ListUserSessions, ListUsers, LogOutUser, PatchUser, RemoveUserFactor,
                RemoveUserIdentity, SendPasswordReset, UnbanUser,
            },
            versions::{CompareVersions, GetVersion, GetVersionFiles, ListVersions, UploadVersion},
            webhooks::{
                ChangeWebhook, CreateWebhook, DeleteWebhook, GetDelivery, GetWebhook, ListAllDeliveries,
                ListDeliveries, ListWebhooks, PlanReplay, Redeliver, ReplayDeliveries, RotateWebhookSecret,
                TestWebhook,
            },
        },
        steps::endpoint::Flow,
    },
    http::wire::served::{self, Body, Served},
};

/// The whole list.
pub(crate) fn endpoints() -> Vec<Served> {
    [
        tokens(),
        account(),
        people(),
        projects(),
        keys(),
        hooks(),
        assistant::endpoints(),
        rollouts(),
        secrets(),
        database(),
        jobs(),
        invocations(),
        signing_keys(),
        audit(),
        users(),
        settings(),
        mails(),
        mail_templates(),
        events(),
        webhooks(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// What people do about themselves.
fn account() -> Vec<Served> {
    let sign_out = Served {
        route: || served::method(SignOut::ENDPOINT.method).to(handler::end_session::<SignOut, _>),
        ..served::<SignOut>()
    };
    vec![
        served_with_cookie::<SignIn, _>(),
        served_with_cookie::<SignInTotp, _>(),
        served::<ConfirmAdminSession>(),
        served::<GetCurrentAdmin>(),
        sign_out,
        served::<ListAdminSessions>(),
        served::<EndAdminSession>(),
        served::<EndOtherAdminSessions>(),
        served::<ChangeAdminPassword>(),
        served::<BeginAdminTotp>(),
        served::<ConfirmAdminTotp>(),
        served::<RemoveAdminTotp>(),
        served::<RenewAdminRecoveryCodes>(),
        served::<ListPersonalTokens>(),
        served::<CreatePersonalToken>(),
        served::<RevokePersonalToken>(),
    ]
}

/// Who is who, and who may do what.
fn people() -> Vec<Served> {
    let mut people = vec![
        served::<ListAdminAccounts>(),
        served::<CreateAdminAccount>(),
        served::<RankAdminAccount>(),
        served::<DeleteAdminAccount>(),
        served::<CreatePasswordReset>(),
        served_to_strangers::<RequestPasswordReset>(),
        served_to_strangers::<ConfirmPasswordReset>(),
        served::<ListMembers>(),
        served::<AddMember>(),
        served::<ChangeMember>(),
        served::<RemoveMember>(),
        served_to_strangers::<AcceptInvitation>(),
    ];
    people.extend(invitations_of::<InvitedToServer>());
    people.extend(invitations_of::<InvitedToProject>());
    people
}

fn invitations_of<H: InvitationHolder>() -> Vec<Served> {
    vec![
        served::<ListInvitations<H>>(),
        served::<CreateInvitation<H>>(),
        served::<RevokeInvitation<H>>(),
    ]
}

fn tokens() -> Vec<Served> {
    let mut tokens = vec![served_to_strangers::<Setup>()];
    tokens.extend(tokens_of::<OfServer>());
    tokens.extend(tokens_of::<OfProject>());
    tokens
}

fn tokens_of<H: Holder>() -> Vec<Served> {
    vec![
        served::<ListAdminTokens<H>>(),
        served::<CreateAdminToken<H>>(),
        served::<RotateAdminToken<H>>(),
        served::<RevokeAdminToken<H>>(),
    ]
}

fn keys() -> Vec<Served> {
    vec![
        served::<ListApiKeys>(),
        served::<CreateApiKey>(),
        served::<RotateApiKey>(),
        served::<RevokeApiKey>(),
    ]
}

fn projects() -> Vec<Served> {
    vec![
        served::<GetMeta>(),
        served::<ListProjects>(),
        served::<CreateProject>(),
        served::<GetProject>(),
        served::<RenameProject>(),
        served::<DeleteProject>(),
        served::<CreateEnvironment>(),
        served::<GetEnvironment>(),
        served::<RenameEnvironment>(),
        served::<DeleteEnvironment>(),
    ]
}

fn hooks() -> Vec<Served> {
    let upload = Served {
        body: Body::JsonMaybeNew,
        ..served::<UploadVersion>()
    };
    vec![
        served::<ListHooks>(),
        served::<CreateHook>(),
        served::<GetDraft>(),
        served::<CreateDraft>(),
        served::<PutDraft>(),
        served::<DeleteDraft>(),
        served::<CheckHook>(),
        served::<ListVersions>(),
        upload,
        served::<GetVersion>(),
        served::<GetVersionFiles>(),
        served::<SummarizeVersion>(),
        served::<SummarizeDraft>(),
        served::<CompareVersions>(),
        served::<ListDeployments>(),
        served::<Deploy>(),
        served::<PlanDeployment>(),
        served::<GetDeployment>(),
        served::<RollBack>(),
        served::<ListMigrations>(),
        served::<GetLiveHooks>(),
        served::<SetHookState>(),
        served::<ListEndpoints>(),
        served::<ListHookPoints>(),
        served::<ListHookTemplates>(),
        served::<GetSdkTypes>(),
        served::<RunHook>(),
        served::<TryRequest>(),
        served::<ListCases>(),
        served::<CreateCase>(),
        served::<GetCase>(),
        served::<PutCase>(),
        served::<DeleteCase>(),
        served::<RunCases>(),
    ]
}

fn rollouts() -> Vec<Served> {
    vec![
        served::<ListRollouts>(),
        served::<GetRollout>(),
        served::<PutRollout>(),
        served::<DeleteRollout>(),
        served::<StopRollout>(),
        served::<PromoteRollout>(),
    ]
}

fn secrets() -> Vec<Served> {
    vec![served::<ListSecrets>(), served::<PutSecret>(), served::<DeleteSecret>()]
}

fn database() -> Vec<Served> {
    vec![
        served::<ListDatabaseTables>(),
        served::<GetDatabaseTable>(),
        served::<ListTableRows>(),
        served::<QueryDatabase>(),
    ]
}

fn jobs() -> Vec<Served> {
    vec![
        served::<ListJobs>(),
        served::<GetJob>(),
        served::<RequeueJob>(),
        served::<DeleteJob>(),
        served::<CountJobsByQueue>(),
        served::<RequeueDeadJobs>(),
        served::<ListSchedules>(),
        served::<RunSchedule>(),
        served::<ListBackgroundFailures>(),
    ]
}

fn invocations() -> Vec<Served> {
    let stream = served_as_text::<StreamInvocations>("text/event-stream", || {
        served::method(StreamInvocations::ENDPOINT.method).to(stream::follow::<StreamInvocations>)
    });
    vec![
        served::<ListInvocations>(),
        stream,
        served::<GetInvocationHistogram>(),
        served::<GetFigures>(),
        served::<GetRequest>(),
        served::<Search>(),
        served::<GetInvocation>(),
        served::<ReplayInvocation>(),
        served::<GetRecording>(),
        served::<MakeCase>(),
        served::<ListBacktests>(),
        served::<PlanBacktest>(),
        served::<CreateBacktest>(),
        served::<GetBacktest>(),
        served::<ListBacktestRows>(),
        served::<StopBacktest>(),
        served::<DeleteBacktest>(),
    ]
}

fn signing_keys() -> Vec<Served> {
    vec![served::<ListSigningKeys>(), served::<RotateSigningKeys>()]
}

fn audit() -> Vec<Served> {
    vec![served::<ListAudit>(), served::<ListAllAudit>()]
}

fn settings() -> Vec<Served> {
    vec![
        served::<GetAuthSettings>(),
        served::<PutAuthSettings>(),
        served::<GetIdentityProviders>(),
        served::<PutIdentityProviders>(),
        served::<GetHttpSettings>(),
        served::<PutHttpSettings>(),
        served::<GetMailSettings>(),
        served::<PutMailSettings>(),
        served::<TestMailSettings>(),
        served::<GetInvocationLimits>(),
        served::<PutInvocationLimits>(),
        served::<GetGateSettings>(),
        served::<PutGateSettings>(),
    ]
}

fn mails() -> Vec<Served> {
    let html = served_as_text::<GetMailHtml>("text/html; charset=utf-8", || {
        served::method(GetMailHtml::ENDPOINT.method).to(preview::mail)
    });
    vec![served::<ListMails>(), served::<GetMail>(), html, served::<ResendMail>()]
}

fn mail_templates() -> Vec<Served> {
    vec![
        served::<ListMailTemplates>(),
        served::<GetMailTemplate>(),
        served::<PutMailTemplate>(),
        served::<DeleteMailTemplate>(),
        served::<PreviewMailTemplate>(),
        served::<ListOwnMailTemplates>(),
    ]
}

fn events() -> Vec<Served> {
    let stream = served_as_text::<StreamEvents>("text/event-stream", || {
        served::method(StreamEvents::ENDPOINT.method).to(stream::follow::<StreamEvents>)
    });
    vec![
        served::<ListEventTypes>(),
        served::<ListEvents>(),
        served::<GetEvent>(),
        stream,
    ]
}

fn webhooks() -> Vec<Served> {
    vec![
        served::<ListWebhooks>(),
        served::<CreateWebhook>(),
        served::<GetWebhook>(),
        served::<ChangeWebhook>(),
        served::<DeleteWebhook>(),
        served::<RotateWebhookSecret>(),
        served::<TestWebhook>(),
        served::<ReplayDeliveries>(),
        served::<PlanReplay>(),
        served::<ListAllDeliveries>(),
        served::<ListDeliveries>(),
        served::<GetDelivery>(),
        served::<Redeliver>(),
    ]
}

fn users() -> Vec<Served> {
    vec![
        served::<ListUsers>(),
        served::<CreateUser>(),
        served::<GetUser>(),
        served::<PatchUser>(),
        served::<DeleteUser>(),
        served::<BanUser>(),
        served::<UnbanUser>(),
        served::<LogOutUser>(),
        served::<ExportUser>(),
        served::<ListUserSessions>(),
        served::<EndUserSession>(),
        served::<ListUserFactors>(),
        served::<RemoveUserFactor>(),
        served::<ListUserIdentities>(),
        served::<RemoveUserIdentity>(),
        served::<SendPasswordReset>(),
    ]
}
