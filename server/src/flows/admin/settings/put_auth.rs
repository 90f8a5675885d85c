//! `PUT …/settings/auth`

use aerocall_api_types as api;
use aerocall_api_types::Permission;

use super::{AUTH, BODY, keep};
use crate::{
    app::App,
    base::{
        error::{Error, Result},
        input::Fields,
    },
    domain::project::AuthSettings,
    flows::steps::endpoint::{
        BodyLimit, Caller, Endpoint, EnvironmentAdmin, Field, FieldKind, Flow, Method, environment,
    },
    storage::store::{Setting, SettingName},
};

/// Replaces what accounts and sessions are like.
pub(crate) struct PutAuthSettings;

const FIELDS: &[Field] = &[
    Field::optional("appName", FieldKind::Text(100), "Name of the project in mails."),
    Field::optional("signUp", FieldKind::Flag, "Whether users can sign up themselves."),
    Field::optional(
        "confirmEmail",
        FieldKind::Flag,
        "Whether users must verify their email address before they get a session.",
    ),
    Field::optional("otpEmail", FieldKind::Flag, "Login with one-time codes sent by mail."),
    Field::optional(
        "otpSms",
        FieldKind::Flag,
        "Login with one-time codes sent by text message; a hook delivers the messages.",
    ),
    Field::optional("magicLink", FieldKind::Flag, "Login with magic links."),
    Field::optional(
        "mfa",
        FieldKind::OneOf(&["off", "optional", "required"]),
        "`off`: users cannot enroll a second factor. `optional`: users who have one must use it. `required`: there is no session without one; existing sessions stay active.",
    ),
    Field::optional(
        "password",
        FieldKind::Object,
        "`minChars` (8 to 128), `refuseCommon` (refuse common passwords) and `refuseBreached` (refuse passwords that Have I Been Pwned knows; only the first five characters of a hash are sent).",
    ),
    Field::optional(
        "sessions",
        FieldKind::Object,
        "`accessSeconds` (lifetime of an access token, 10 to 86,400), `sessionSeconds` (lifetime of a session, 60 to 31,622,400), `idleSeconds` (lifetime of a session without a refresh, same range), `refreshGraceSeconds` (how long a used refresh token that is sent again gets the same new one, 0 to 300) and `recentSeconds` (how old a recent login may be, 60 to 86,400).",
    ),
    Field::optional(
        "limits",
        FieldKind::Object,
        "`perIpMinute` (requests per minute from one IP address to endpoints that check or create a secret), `failuresPerAccount` (wrong passwords or codes for one account before further attempts are delayed), `sendsPerRecipientHour` (mails and text messages per hour to one recipient at the request of one IP address; all addresses together cause at most three times as many, and those that the account has had a session from as many again) and `perProjectSecond` (requests per second of the environment).",
    ),
    Field::optional(
        "redirectUrls",
        FieldKind::Json(r#"{"type":"array","items":{"type":"string","format":"uri"},"maxItems":50}"#),
        "URLs that links in mails and identity providers may redirect to; the first is the default.",
    ),
];

impl Flow for PutAuthSettings {
    type Who = EnvironmentAdmin;
    type Input = AuthSettings;
    type Output = api::AuthSettings;

    const NEEDS: Option<Permission> = Some(Permission::SettingsWrite);
    const ENDPOINT: Endpoint = Endpoint::plain(Method::Put, environment!("/settings/auth"), "Replace auth settings")
        .about("Replaces all settings: an omitted setting gets its default.")
        .fields(FIELDS)
        .example(r#"{"confirmEmail":true,"redirectUrls":["https://app.example.com/welcome"]}"#)
        .answers(200, "The stored settings.", AUTH);

    const BODY: BodyLimit = BODY;

    fn read(fields: &mut Fields, settings: &AuthSettings) -> Option<AuthSettings> {
        Some(settings.defaults().over(fields))
    }

    async fn run(app: &App, caller: &Caller<EnvironmentAdmin>, settings: AuthSettings) -> Result<api::AuthSettings> {
        let document = settings.document();
        let text = serde_json::to_string(&document)
            .map_err(|error| Error::unexpected("writing a project's settings", error))?;
        keep(app, caller, "auth", SettingName::Auth, Setting::Open(text)).await?;
        app.settings.changed(&caller.scope, settings);
        Ok(document)
    }
}
