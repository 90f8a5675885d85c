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
    const AUTH: Endpoint = Endpoint::get(environment!("/settings/auth"), "What accounts and sessions are like")
        .about("Which ways in there are, what passwords must be, how long sessions live, how often things may be asked for.")
        .answers(200, "Every setting, those that were not made as by default.", examples::AUTH_SETTING);
    const PUT_AUTH: Endpoint = Endpoint::plain(
        Method::Put,
        environment!("/settings/auth"),
        "Set what accounts and sessions are like",
    )
    .about("Replaces all of them: what is left out is as by default.")
    .fields(&[
        Field::optional("appName", FieldKind::Text(100), "What mails call the project."),
        Field::optional("signUp", FieldKind::Flag, "Whether people may sign up by themselves."),
        Field::optional(
            "confirmEmail",
            FieldKind::Flag,
            "Whether an account gets sessions only once its address is confirmed.",
        ),
        Field::optional("otpEmail", FieldKind::Flag, "Codes by mail."),
        Field::optional(
            "otpSms",
            FieldKind::Flag,
            "Codes by text message; a hook delivers them.",
        ),
        Field::optional("magicLink", FieldKind::Flag, "Links by mail."),
        Field::optional(
            "mfa",
            FieldKind::OneOf(&["off", "optional", "required"]),
            "Second factors: nobody may enrol one, who has one shows it, or there is no session without one. Sessions that are there already go on.",
        ),
        Field::optional(
            "password",
            FieldKind::Object,
            "`minChars`, `refuseCommon`, `refuseBreached`.",
        ),
        Field::optional(
            "sessions",
            FieldKind::Object,
            "`accessSeconds`, `sessionSeconds`, `idleSeconds`, `refreshGraceSeconds`, `recentSeconds`.",
        ),
        Field::optional(
            "limits",
            FieldKind::Object,
            "`perIpMinute`, `failuresPerAccount`, `sendsPerRecipientHour`, `perProjectSecond`.",
        ),
        Field::optional(
            "redirectUrls",
            FieldKind::Json(r#"{"type":"array","items":{"type":"string","format":"uri"},"maxItems":50}"#),
            "Where links and providers may lead back to.",
        ),
    ])
    .example(r#"{"confirmEmail":true,"redirectUrls":["https://app.example.com/welcome"]}"#)
    .answers(200, "As they are kept.", examples::AUTH_SETTING);
    vec![
        served(const { &AUTH }, || web::get().to(secrets::auth)),
        served(const { &PUT_AUTH }, || web::put().to(secrets::put_auth)),
    ]
}

/// Who may vouch for people.
fn providers() -> Vec<Served> {
    const PROVIDERS: Endpoint = Endpoint::get(environment!("/settings/providers"), "Identity providers").answers(
        200,
        "Without their secrets.",
        examples::PROVIDERS_SETTING,
    );
    const PUT_PROVIDERS: Endpoint = Endpoint::plain(
        Method::Put,
        environment!("/settings/providers"),
        "Set the identity providers",
    )
    .about("Replaces all of them; a secret that is left out stays as it was.")
    .fields(&[Field::required(
        "providers",
        FieldKind::Json(r#"{"type":"array","items":{"type":"object"},"maxItems":20}"#),
        "Each `{ name, preset?, issuer?, clientId, clientSecret?, scopes? }`; `preset` is `google`, `gitlab`, `apple` or `linkedin` and stands for an issuer. Apple's `clientSecret` is a JWT that its owner signs and renews at least every six months.",
    )])
    .example(r#"{"providers":[]}"#)
    .answers(
        200,
        "As they are kept, without their secrets.",
        examples::PROVIDERS_SETTING,
    );
    vec![
        served(const { &PROVIDERS }, || web::get().to(secrets::providers)),
        served(const { &PUT_PROVIDERS }, || web::put().to(secrets::put_providers)),
    ]
}

/// Where calls of hooks may go, who sends mails, and the most a call may use.
fn calls() -> Vec<Served> {
    const HTTP: Endpoint = Endpoint::get(environment!("/settings/http"), "Hosts that hooks may reach").answers(
        200,
        "An empty list leaves it to the hooks.",
        examples::HTTP_SETTING,
    );
    const PUT_HTTP: Endpoint = Endpoint::plain(
        Method::Put,
        environment!("/settings/http"),
        "Set the hosts that hooks may reach",
    )
    .fields(&[Field::required(
        "hosts",
        FieldKind::Json(examples::HOSTS),
        "At most 200.",
    )])
    .example(r#"{"hosts":["api.example.com","*.example.org"]}"#)
    .answers(200, "As they are kept.", examples::HTTP_SETTING);
    const MAIL: Endpoint = Endpoint::get(environment!("/settings/mail"), "Who sends the mails").answers(
        200,
        "Without the password.",
        examples::MAIL_SETTING,
    );
    const PUT_MAIL: Endpoint = Endpoint::plain(Method::Put, environment!("/settings/mail"), "Set who sends the mails")
        .fields(&[
            Field::optional(
                "smtpUrl",
                FieldKind::Text(2_000),
                "`smtp://user:password@host:587` or `smtps://…`.",
            ),
            Field::optional(
                "from",
                FieldKind::Text(320),
                "The sender; needed with `smtpUrl`, and only then.",
            ),
            Field::optional("replyTo", FieldKind::Text(320), "Where answers go."),
        ])
        .example(r#"{"smtpUrl":"smtps://user:password@mail.example.com","from":"Shop <no-reply@example.com>"}"#)
        .answers(200, "As it is kept, without the password.", examples::MAIL_SETTING);
    const LIMITS: Endpoint = Endpoint::get(environment!("/settings/limits"), "The most a call of a hook may use")
        .answers(200, "Those that are set.", examples::LIMITS_SETTING);
    const PUT_LIMITS: Endpoint = Endpoint::plain(
        Method::Put,
        environment!("/settings/limits"),
        "Set the most a call of a hook may use",
    )
    .fields(limit_fields::FIELDS)
    .example(r#"{"deadlineMs":2000}"#)
    .answers(200, "As they are kept.", examples::LIMITS_SETTING);
    vec![
        served(const { &HTTP }, || web::get().to(secrets::http)),
        served(const { &PUT_HTTP }, || web::put().to(secrets::put_http)),
        served(const { &MAIL }, || web::get().to(secrets::mail)),
        served(const { &PUT_MAIL }, || web::put().to(secrets::put_mail)),
        served(const { &LIMITS }, || web::get().to(secrets::limits)),
        served(const { &PUT_LIMITS }, || web::put().to(secrets::put_limits)),
    ]
}
