//! The endpoints of the admin API about accounts. As `admin_api`, which is about everything else.

use actix_web::web;

use super::{
    account_examples as examples,
    admin_api::{BEFORE, LIMIT},
    users,
};
use crate::{
    base::event::EventKind,
    flows::steps::endpoint::{Endpoint, Field, FieldKind, Method},
    hooks::Moment,
    http::{
        admin::describe::{environment, served},
        wire::served::Served,
    },
};

pub(crate) fn endpoints() -> Vec<Served> {
    [all_users(), access()].into_iter().flatten().collect()
}

const PHONE: Field = Field::optional("phone", FieldKind::Phone, "Phone number with country code.");
const NAME: Field = Field::optional("name", FieldKind::Text(200), "Display name.");
const METADATA: Field = Field::optional(
    "metadata",
    FieldKind::Object,
    "Data that the user can read and change; at most 16 KiB.",
);
const PUBLIC_METADATA: Field = Field::optional(
    "publicMetadata",
    FieldKind::Object,
    "Data that the user can read but not change; at most 16 KiB.",
);
const EMAIL_VERIFIED: Field = Field::optional(
    "emailVerified",
    FieldKind::Flag,
    "Whether the email address is verified.",
);

fn all_users() -> Vec<Served> {
    const LIST: Endpoint = Endpoint::get(environment!("/users"), "List users")
        .fields(&[
            Field::optional(
                "q",
                FieldKind::Text(200),
                "Beginning of the email address or the name, without regard to upper and lower case.",
            ),
            LIMIT,
            BEFORE,
        ])
        .answers(200, "The users, newest first.", examples::USERS);
    const CREATE: Endpoint = Endpoint {
        moments: &[Moment::Signup],
        events: &[EventKind::Signup],
        ..Endpoint::plain(Method::Post, environment!("/users"), "Create a user")
            .about("Creates no session. Runs the signup hooks with `provider` set to `admin`.")
            .fields(&[
                Field::required("email", FieldKind::Email, "Identifies the account."),
                Field::optional(
                    "password",
                    FieldKind::Password,
                    "Must follow the project's password rules. Without a password the user logs in by another method.",
                ),
                EMAIL_VERIFIED,
                NAME,
                PHONE,
                METADATA,
                PUBLIC_METADATA,
            ])
            .example(r#"{"email":"ada@example.com","emailVerified":true}"#)
            .answers(201, "The user.", examples::USER)
            .errors(&["email_taken"])
    };
    const GET: Endpoint =
        Endpoint::get(environment!("/users/{user}"), "Get a user").answers(200, "The user.", examples::USER);
    const PATCH: Endpoint = Endpoint {
        moments: &[Moment::UserUpdate],
        events: &[EventKind::UserUpdated],
        ..Endpoint::plain(Method::Patch, environment!("/users/{user}"), "Update a user")
            .about("Omitted fields stay unchanged, `null` removes a value, and metadata is merged (JSON Merge Patch, RFC 7396).")
            .fields(&[
                Field::optional(
                    "email",
                    FieldKind::Email,
                    "A new address is unverified unless `emailVerified` is sent.",
                ),
                EMAIL_VERIFIED,
                NAME,
                PHONE,
                Field::optional("phoneVerified", FieldKind::Flag, "Whether the phone number is verified."),
                METADATA,
                PUBLIC_METADATA,
            ])
            .example(r#"{"name":"Ada","publicMetadata":{"plan":"gold"}}"#)
            .answers(200, "The updated user.", examples::USER)
            .errors(&["email_taken", "phone_taken", "user_changed"])
    };
    const DELETE: Endpoint = Endpoint {
        moments: &[Moment::UserDelete],
        events: &[EventKind::UserDeleted],
        ..Endpoint::plain(Method::Delete, environment!("/users/{user}"), "Delete a user")
            .about("Deletes the user with all sessions, factors and linked identities.")
            .answers(200, "The id of the deleted user.", examples::DELETED)
    };
    vec![
        served(const { &LIST }, || web::get().to(users::list)),
        served(const { &CREATE }, || web::post().to(users::create)),
        served(const { &GET }, || web::get().to(users::get)),
        served(const { &PATCH }, || web::patch().to(users::patch)),
        served(const { &DELETE }, || web::delete().to(users::delete)),
    ]
}

fn access() -> Vec<Served> {
    const BAN: Endpoint = Endpoint {
        events: &[EventKind::UserUpdated, EventKind::SessionRevoked],
        ..Endpoint::plain(Method::Post, environment!("/users/{user}/ban"), "Ban a user")
            .about("Revokes the user's sessions and prevents new ones until the ban ends.")
            .fields(&[
                Field::optional(
                    "until",
                    FieldKind::Text(40),
                    "When the ban ends (RFC 3339); never if omitted.",
                ),
                Field::optional("reason", FieldKind::Text(500), "A note for other admins."),
            ])
            .example(r#"{"until":"2999-01-31T12:00:00Z","reason":"spam"}"#)
            .answers(200, "The user.", examples::USER)
    };
    const UNBAN: Endpoint = Endpoint {
        events: &[EventKind::UserUpdated],
        ..Endpoint::plain(Method::Post, environment!("/users/{user}/unban"), "Unban a user").answers(
            200,
            "The user.",
            examples::USER,
        )
    };
    const LOGOUT: Endpoint = Endpoint {
        events: &[EventKind::SessionRevoked],
        ..Endpoint::plain(
            Method::Post,
            environment!("/users/{user}/logout"),
            "Revoke all sessions of a user",
        )
        .answers(200, "The number of sessions revoked.", examples::REVOKED)
    };
    const EXPORT: Endpoint = Endpoint::get(environment!("/users/{user}/export"), "Export a user's data")
        .about("Everything stored about the user, except password hashes, secrets and tokens.")
        .answers(200, "The data.", examples::EXPORT);
    vec![
        served(const { &BAN }, || web::post().to(users::ban)),
        served(const { &UNBAN }, || web::post().to(users::unban)),
        served(const { &LOGOUT }, || web::post().to(users::log_out)),
        served(const { &EXPORT }, || web::get().to(users::export)),
    ]
}
