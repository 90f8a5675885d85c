//! The endpoints of an environment's settings: as `admin_api` has the others.

use actix_web::web;

use super::{examples, limit_fields, secrets};
use crate::{
    flows::steps::endpoint::{Endpoint, Field, FieldKind, Method},
    http::{
        admin::describe::{environment, served},
        wire::served::Served,
    },
};

pub(crate) fn endpoints() -> Vec<Served> {
    [accounts(), providers(), calls()].into_iter().flatten().collect()
}

/// What accounts and sessions are like.
fn accounts() -> Vec<Served> {
    const AUTH: Endpoint = Endpoint::get(environment!("/settings/auth"), "Get auth settings")
        .about("Login methods, password rules, session lifetimes, rate limits and redirect URLs of the environment.")
        .answers(
            200,
            "All settings, with the default for those that are not set.",
            examples::AUTH_SETTING,
        );
    const PUT_AUTH: Endpoint = Endpoint::plain(
        Method::Put,
        environment!("/settings/auth"),
        "Replace auth settings",
    )
    .about("Replaces all settings: an omitted setting gets its default.")
    .fields(&[
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
            "`accessSeconds` (lifetime of an access token, 10 to 86,400), `sessionSeconds` (lifetime of a session, 60 to 31,622,400), `idleSeconds` (lifetime of a session without a refresh, same range), `refreshGraceSeconds` (how long a used refresh token may be sent again, 0 to 300) and `recentSeconds` (how old a recent login may be, 60 to 86,400).",
        ),
        Field::optional(
            "limits",
            FieldKind::Object,
            "`perIpMinute` (requests per minute from one IP address to endpoints that check or create a secret), `failuresPerAccount` (wrong passwords or codes for one account before further attempts are delayed), `sendsPerRecipientHour` (mails and text messages per hour to one recipient) and `perProjectSecond` (requests per second of the environment).",
        ),
        Field::optional(
            "redirectUrls",
            FieldKind::Json(r#"{"type":"array","items":{"type":"string","format":"uri"},"maxItems":50}"#),
            "URLs that links in mails and identity providers may redirect to; the first is the default.",
        ),
    ])
    .example(r#"{"confirmEmail":true,"redirectUrls":["https://app.example.com/welcome"]}"#)
    .answers(200, "The stored settings.", examples::AUTH_SETTING);
    vec![
        served(const { &AUTH }, || web::get().to(secrets::auth)),
        served(const { &PUT_AUTH }, || web::put().to(secrets::put_auth)),
    ]
}

/// Who may vouch for people.
fn providers() -> Vec<Served> {
    const PROVIDERS: Endpoint = Endpoint::get(environment!("/settings/providers"), "Get identity providers").answers(
        200,
        "The identity providers, without their secrets.",
        examples::PROVIDERS_SETTING,
    );
    const PUT_PROVIDERS: Endpoint = Endpoint::plain(
        Method::Put,
        environment!("/settings/providers"),
        "Replace identity providers",
    )
    .about("Replaces the whole list; an omitted `clientSecret` stays unchanged.")
    .fields(&[Field::required(
        "providers",
        FieldKind::Json(r#"{"type":"array","items":{"type":"object"},"maxItems":20}"#),
        "At most 20, each `{ name, preset?, issuer?, clientId, clientSecret?, scopes? }`; `preset` (`google`, `gitlab`, `apple` or `linkedin`) replaces `issuer`. For Apple, `clientSecret` is a JWT that you sign and replace at least every six months.",
    )])
    .example(r#"{"providers":[]}"#)
    .answers(
        200,
        "The stored providers, without their secrets.",
        examples::PROVIDERS_SETTING,
    );
    vec![
        served(const { &PROVIDERS }, || web::get().to(secrets::providers)),
        served(const { &PUT_PROVIDERS }, || web::put().to(secrets::put_providers)),
    ]
}

/// Where calls of hooks may go, who sends mails, and the most a call may use.
fn calls() -> Vec<Served> {
    const HTTP: Endpoint = Endpoint::get(environment!("/settings/http"), "Get the HTTP allow-list").answers(
        200,
        "Hosts that hooks may send requests to. If empty, only what each hook declares counts.",
        examples::HTTP_SETTING,
    );
    const PUT_HTTP: Endpoint = Endpoint::plain(
        Method::Put,
        environment!("/settings/http"),
        "Replace the HTTP allow-list",
    )
    .fields(&[Field::required(
        "hosts",
        FieldKind::Json(examples::HOSTS),
        "Hosts that hooks may send requests to, at most 200; `*.example.org` stands for every subdomain. A hook must also declare the host. If empty, the hooks' declarations alone decide.",
    )])
    .example(r#"{"hosts":["api.example.com","*.example.org"]}"#)
    .answers(200, "The stored settings.", examples::HTTP_SETTING);
    const MAIL: Endpoint = Endpoint::get(environment!("/settings/mail"), "Get mail settings").answers(
        200,
        "The mail settings, without the password.",
        examples::MAIL_SETTING,
    );
    const PUT_MAIL: Endpoint = Endpoint::plain(Method::Put, environment!("/settings/mail"), "Replace mail settings")
        .fields(&[
            Field::optional(
                "smtpUrl",
                FieldKind::Text(2_000),
                "The SMTP server of the project: `smtp://user:password@host:587` or `smtps://…`. Without it, the server's own mail settings are used.",
            ),
            Field::optional(
                "from",
                FieldKind::Text(320),
                "Sender address; required with `smtpUrl`, and not allowed without it.",
            ),
            Field::optional("replyTo", FieldKind::Text(320), "Address for replies."),
        ])
        .example(r#"{"smtpUrl":"smtps://user:password@mail.example.com","from":"Shop <no-reply@example.com>"}"#)
        .answers(200, "The stored settings, without the password.", examples::MAIL_SETTING);
    const LIMITS: Endpoint = Endpoint::get(environment!("/settings/limits"), "Get invocation limits").answers(
        200,
        "The limits that are set; the others have the server's defaults.",
        examples::LIMITS_SETTING,
    );
    const PUT_LIMITS: Endpoint = Endpoint::plain(
        Method::Put,
        environment!("/settings/limits"),
        "Replace invocation limits",
    )
    .fields(limit_fields::FIELDS)
    .example(r#"{"deadlineMs":2000}"#)
    .answers(200, "The stored settings.", examples::LIMITS_SETTING);
    vec![
        served(const { &HTTP }, || web::get().to(secrets::http)),
        served(const { &PUT_HTTP }, || web::put().to(secrets::put_http)),
        served(const { &MAIL }, || web::get().to(secrets::mail)),
        served(const { &PUT_MAIL }, || web::put().to(secrets::put_mail)),
        served(const { &LIMITS }, || web::get().to(secrets::limits)),
        served(const { &PUT_LIMITS }, || web::put().to(secrets::put_limits)),
    ]
}
