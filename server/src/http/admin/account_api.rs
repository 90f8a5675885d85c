//! The endpoints of the admin API about accounts: users, the keys of their tokens, the audit log, environments. As
//! `admin_api`, which is about everything else.

use actix_web::web;

use super::{
    account_examples as examples,
    admin_api::{BEFORE, LIMIT, SLUG},
    keys, users,
};
use crate::{
    base::event::EventKind,
    flows::steps::endpoint::{Endpoint, Field, FieldKind, Method},
    hooks::Moment,
    http::{
        admin::{
            describe::{environment, served},
            handlers as admin,
        },
        wire::served::Served,
    },
};

pub(crate) fn endpoints() -> Vec<Served> {
    [environments(), all_users(), access(), keys_and_log()]
        .into_iter()
        .flatten()
        .collect()
}

const PHONE: Field = Field::optional("phone", FieldKind::Phone, "With its country code.");
const NAME: Field = Field::optional("name", FieldKind::Text(200), "What the person is called.");
const METADATA: Field = Field::optional("metadata", FieldKind::Object, "What the user may read and write.");
const PUBLIC_METADATA: Field = Field::optional(
    "publicMetadata",
    FieldKind::Object,
    "What the user may read and not write.",
);
const EMAIL_VERIFIED: Field = Field::optional("emailVerified", FieldKind::Flag, "Whether it counts as confirmed.");

fn environments() -> Vec<Served> {
    const CREATE: Endpoint = Endpoint::plain(
        Method::Post,
        "/admin/api/v1/projects/{project}/environments",
        "Make an environment",
    )
    .about(
        "With keys of its own and nothing in it. The secret key is shown here and never again. Takes an admin token.",
    )
    .fields(&[Field::required("name", SLUG, "1 to 63 of a-z, 0-9 and -.")])
    .example(r#"{"name":"staging"}"#)
    .answers(201, "The keys.", examples::KEYS)
    .errors(&["environment_exists"]);
    vec![served(const { &CREATE }, || web::post().to(admin::create_environment))]
}

fn all_users() -> Vec<Served> {
    const LIST: Endpoint = Endpoint::get(environment!("/users"), "List users")
        .fields(&[
            Field::optional(
                "q",
                FieldKind::Text(200),
                "How the email or the name begins, in any case of the letters.",
            ),
            LIMIT,
            BEFORE,
        ])
        .answers(200, "Newest first.", examples::USERS);
    const CREATE: Endpoint = Endpoint {
        moments: &[Moment::Signup],
        events: &[EventKind::Signup],
        ..Endpoint::plain(Method::Post, environment!("/users"), "Make a user")
            .about("Nobody is signed in by it. Hooks see the provider `admin`.")
            .fields(&[
                Field::required("email", FieldKind::Email, "Tells accounts apart."),
                Field::optional(
                    "password",
                    FieldKind::Password,
                    "As the project's rules want it; without one, the user comes in by other ways.",
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
        Endpoint::get(environment!("/users/{user}"), "A user").answers(200, "The user.", examples::USER);
    const PATCH: Endpoint = Endpoint {
        moments: &[Moment::UserUpdate],
        events: &[EventKind::UserUpdated],
        ..Endpoint::plain(Method::Patch, environment!("/users/{user}"), "Change a user")
            .about("What is left out stays, null takes away, metadata is merged.")
            .fields(&[
                Field::optional(
                    "email",
                    FieldKind::Email,
                    "Another address is not confirmed unless that is said.",
                ),
                EMAIL_VERIFIED,
                NAME,
                PHONE,
                Field::optional("phoneVerified", FieldKind::Flag, "Whether it counts as confirmed."),
                METADATA,
                PUBLIC_METADATA,
            ])
            .example(r#"{"name":"Ada","publicMetadata":{"plan":"gold"}}"#)
            .answers(200, "The user as it is now.", examples::USER)
            .errors(&["email_taken", "phone_taken", "user_changed"])
    };
    const DELETE: Endpoint = Endpoint {
        moments: &[Moment::UserDelete],
        events: &[EventKind::UserDeleted],
        ..Endpoint::plain(Method::Delete, environment!("/users/{user}"), "Delete a user")
            .about("With sessions, factors and identities.")
            .answers(200, "The user is gone.", examples::DELETED)
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
            .about("Ends the user's sessions; there is no new one until the ban is over.")
            .fields(&[
                Field::optional(
                    "until",
                    FieldKind::Text(40),
                    "A time as of RFC 3339; for good if it is left out.",
                ),
                Field::optional("reason", FieldKind::Text(500), "For other admins."),
            ])
            .example(r#"{"until":"2999-01-31T12:00:00Z","reason":"spam"}"#)
            .answers(200, "The user.", examples::USER)
    };
    const UNBAN: Endpoint = Endpoint {
        events: &[EventKind::UserUpdated],
        ..Endpoint::plain(Method::Post, environment!("/users/{user}/unban"), "Lift a ban").answers(
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
            "End all sessions of a user",
        )
        .answers(200, "How many there were.", examples::REVOKED)
    };
    const EXPORT: Endpoint = Endpoint::get(environment!("/users/{user}/export"), "Export a user")
        .about("Everything that is kept about the user; no hash, secret or token.")
        .answers(200, "The data.", examples::EXPORT);
    vec![
        served(const { &BAN }, || web::post().to(users::ban)),
        served(const { &UNBAN }, || web::post().to(users::unban)),
        served(const { &LOGOUT }, || web::post().to(users::log_out)),
        served(const { &EXPORT }, || web::get().to(users::export)),
    ]
}

fn keys_and_log() -> Vec<Served> {
    const KEYS: Endpoint = Endpoint::get(environment!("/signing-keys"), "List signing keys")
        .about("`next` is shown and does not sign yet, `verifying` does not sign any more, `retired` is worth nothing.")
        .answers(200, "Newest first.", examples::SIGNING_KEYS);
    const ROTATE: Endpoint = Endpoint::plain(
        Method::Post,
        environment!("/signing-keys/rotate"),
        "Make the next signing key",
    )
    .about("It is shown at once and signs when everybody can know it; the old ones stay until their last token has expired.")
    .fields(&[Field::optional(
        "immediately",
        FieldKind::Flag,
        "An old key is in wrong hands: the new one signs now, and every token until now is worth nothing.",
    )])
    .example(r#"{"immediately":false}"#)
    .answers(201, "The new key and all others.", examples::ROTATED);
    const FILTERS: &[Field] = &[
        Field::optional("action", FieldKind::Text(200), "This alone, such as `user.banned`."),
        Field::optional(
            "actor",
            FieldKind::Text(200),
            "Actor this one alone, such as `admin:adm_…`.",
        ),
        Field::optional("target", FieldKind::Text(200), "To this alone: an id or a name."),
        LIMIT,
        BEFORE,
    ];
    const AUDIT: Endpoint = Endpoint::get(environment!("/audit"), "The audit log of an environment")
        .fields(FILTERS)
        .answers(200, "Newest first.", examples::AUDIT);
    const WHOLE: Endpoint = Endpoint::get("/admin/api/v1/audit", "The audit log of the server")
        .about("Of all projects. Takes an admin token.")
        .fields(FILTERS)
        .answers(200, "Newest first.", examples::AUDIT);
    vec![
        served(const { &KEYS }, || web::get().to(keys::list)),
        served(const { &ROTATE }, || web::post().to(keys::rotate)),
        served(const { &AUDIT }, || web::get().to(keys::audit)),
        served(const { &WHOLE }, || web::get().to(keys::whole_audit)),
    ]
}
