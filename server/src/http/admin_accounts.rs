//! The endpoints of the admin API that are about who and what there is: projects, environments, users, signing keys, the
//! audit log.

use actix_web::web;

use super::{
    admin,
    admin_api::{BEFORE, LIMIT, served},
    examples, keys,
    table::Served,
    users,
};
use crate::{
    events::EventKind,
    flows::endpoint::{Endpoint, Field, FieldKind, Method},
    hooks::Moment,
};

/// A path below an environment.
macro_rules! environment {
    ($path:literal) => {
        concat!("/admin/api/v1/projects/{project}/environments/{environment}", $path)
    };
}

pub(super) fn endpoints() -> Vec<Served> {
    [projects(), all_users(), access(), signing_keys(), audit()]
        .into_iter()
        .flatten()
        .collect()
}

fn projects() -> Vec<Served> {
    const LIST: Endpoint = Endpoint::get("/admin/api/v1/projects", "List projects")
        .about("With an admin token all of them, with a secret key its own.")
        .answers(200, "The projects.", examples::PROJECTS);
    const CREATE: Endpoint = Endpoint::plain(Method::Post, "/admin/api/v1/projects", "Make a project")
        .about("With its first environment and the keys of it. The secret key is shown here and never again.")
        .fields(&[
            Field::required("id", SLUG, "1 to 63 of a-z, 0-9 and -."),
            Field::optional("name", FieldKind::Text(100), "For people; the id if left out."),
            Field::optional("environment", SLUG, "`production` if left out."),
        ])
        .example(r#"{"id":"shop","name":"Shop"}"#)
        .answers(201, "The keys.", examples::KEYS)
        .errors(&["project_exists"]);
    const ENVIRONMENT: Endpoint = Endpoint::plain(
        Method::Post,
        "/admin/api/v1/projects/{project}/environments",
        "Make another environment",
    )
    .about("It begins empty, with keys of its own. The secret key is shown here and never again. Takes an admin token.")
    .fields(&[Field::required("name", SLUG, "1 to 63 of a-z, 0-9 and -.")])
    .example(r#"{"name":"staging"}"#)
    .answers(201, "The keys.", examples::KEYS)
    .errors(&["environment_exists", "limit_reached"]);
    vec![
        served(const { &LIST }, || web::get().to(admin::projects)),
        served(const { &CREATE }, || web::post().to(admin::create_project)),
        served(const { &ENVIRONMENT }, || web::post().to(admin::create_environment)),
    ]
}

const SLUG: FieldKind = FieldKind::Json(r#"{"type":"string","pattern":"^[a-z0-9][a-z0-9-]{0,62}$"}"#);
const NULLABLE_TEXT: FieldKind = FieldKind::Json(r#"{"type":["string","null"]}"#);

fn all_users() -> Vec<Served> {
    const LIST: Endpoint = Endpoint::get(environment!("/users"), "List and search users")
        .fields(&[
            LIMIT,
            Field::optional(
                "q",
                FieldKind::Text(200),
                "How the address or the name begins, in any case of its letters.",
            ),
            BEFORE,
        ])
        .answers(200, "Newest first.", USERS);
    const ONE: Endpoint = Endpoint::get(environment!("/users/{user}"), "A user").answers(200, "The user.", USER);
    const CREATE: Endpoint = Endpoint::plain(Method::Post, environment!("/users"), "Make a user")
        .about("The hooks of a sign-up run, with the provider `admin`. No session begins. Without a password, they come in by other ways.")
        .fields(&[
            Field::required("email", FieldKind::Email, "Nobody else in the environment may have it."),
            Field::optional("password", FieldKind::Password, "By the rules of the project."),
            Field::optional("emailVerified", FieldKind::Flag, "Whether the address is theirs; false if left out."),
            Field::optional("name", FieldKind::Text(200), "What they are called."),
            Field::optional("phone", FieldKind::Phone, "With its country code."),
            Field::optional("metadata", FieldKind::Object, "At most 16 KiB."),
            Field::optional("publicMetadata", FieldKind::Object, "At most 16 KiB."),
        ])
        .example(r#"{"email":"ada@example.com","emailVerified":true,"name":"Ada"}"#)
        .moments(&[Moment::Signup])
        .events(&[EventKind::Signup])
        .answers(201, "The user.", USER)
        .errors(&["email_taken"]);
    const PATCH: Endpoint = Endpoint::plain(Method::Patch, environment!("/users/{user}"), "Change a user")
        .about("What is left out stays. Metadata is merged, null takes a member away. Another address or number is not verified unless this says so.")
        .fields(&[
            Field::optional("email", FieldKind::Email, "Nobody else in the environment may have it."),
            Field::optional("emailVerified", FieldKind::Flag, "Whether the address is theirs."),
            Field::optional("name", NULLABLE_TEXT, "What they are called."),
            Field::optional("phone", NULLABLE_TEXT, "With its country code."),
            Field::optional("phoneVerified", FieldKind::Flag, "Whether the number is theirs."),
            Field::optional("metadata", FieldKind::Object, "At most 16 KiB once merged."),
            Field::optional("publicMetadata", FieldKind::Object, "At most 16 KiB once merged."),
        ])
        .example(r#"{"name":"Ada","metadata":{"plan":"gold"}}"#)
        .moments(&[Moment::UserUpdate])
        .events(&[EventKind::UserUpdated])
        .answers(200, "The user.", USER)
        .errors(&["email_taken", "phone_taken", "conflict"]);
    const DELETE: Endpoint = Endpoint::plain(Method::Delete, environment!("/users/{user}"), "Delete a user")
        .about("With their sessions, factors and identities.")
        .moments(&[Moment::UserDelete])
        .events(&[EventKind::UserDeleted])
        .answers(200, "They are gone.", r#"{"deleted": true}"#);
    vec![
        served(const { &LIST }, || web::get().to(users::list)),
        served(const { &ONE }, || web::get().to(users::one)),
        served(const { &CREATE }, || web::post().to(users::create)),
        served(const { &PATCH }, || web::patch().to(users::patch)),
        served(const { &DELETE }, || web::delete().to(users::delete)),
    ]
}

/// Who may come in, and what is kept of them.
fn access() -> Vec<Served> {
    const BAN: Endpoint = Endpoint::plain(Method::Post, environment!("/users/{user}/ban"), "Ban a user")
        .about("Ends all of their sessions and gives them none. Only who shows the right password learns of it.")
        .fields(&[
            Field::optional(
                "until",
                FieldKind::Text(40),
                "A time like `2026-12-31T12:00:00Z`; without it the ban has no end.",
            ),
            Field::optional("reason", FieldKind::Text(200), "For admins."),
        ])
        .example(r#"{"reason":"spam"}"#)
        .events(&[EventKind::UserUpdated, EventKind::SessionRevoked])
        .answers(200, "The user.", USER);
    const UNBAN: Endpoint = Endpoint::plain(Method::Post, environment!("/users/{user}/unban"), "End a ban")
        .about("Sessions that were ended stay so.")
        .events(&[EventKind::UserUpdated])
        .answers(200, "The user.", USER);
    const LOGOUT: Endpoint = Endpoint::plain(
        Method::Post,
        environment!("/users/{user}/logout"),
        "End all sessions of a user",
    )
    .events(&[EventKind::SessionRevoked])
    .answers(200, "How many sessions were ended.", r#"{"revoked": 2}"#);
    const EXPORT: Endpoint = Endpoint::get(environment!("/users/{user}/export"), "Everything that is kept of a user")
        .about("At most 1,000 of each kind, newest first. Secrets, hashes and tokens are not among it. The audit log tells who asked.")
        .answers(200, "The document.", EXPORTED);
    vec![
        served(const { &BAN }, || web::post().to(users::ban)),
        served(const { &UNBAN }, || web::post().to(users::unban)),
        served(const { &LOGOUT }, || web::post().to(users::logout)),
        served(const { &EXPORT }, || web::get().to(users::export)),
    ]
}

fn signing_keys() -> Vec<Served> {
    const LIST: Endpoint = Endpoint::get(environment!("/signing-keys"), "The keys that sign access tokens").answers(
        200,
        "Newest first, without anything private. `state` is `next`, `signing`, `verifying` or `retired`.",
        KEYS,
    );
    const ROTATE: Endpoint = Endpoint::plain(Method::Post, environment!("/signing-keys/rotate"), "Rotate the signing key")
        .about(
            "The new key is published at once and signs after `token.key_overlap_seconds`; the one before is published until \
             the last token that it signed has expired.",
        )
        .fields(&[Field::optional(
            "immediately",
            FieldKind::Flag,
            "For a key in wrong hands: the new one signs now, and every token before it is worth nothing.",
        )])
        .example(r#"{"immediately":false}"#)
        .answers(201, "The new key, and all of them.", ROTATED);
    vec![
        served(const { &LIST }, || web::get().to(keys::list)),
        served(const { &ROTATE }, || web::post().to(keys::rotate)),
    ]
}

const FILTER: &[Field] = &[
    LIMIT,
    Field::optional(
        "action",
        FieldKind::Text(100),
        "Of this action alone, as `user.updated`.",
    ),
    Field::optional(
        "actor",
        FieldKind::Text(200),
        "By this actor alone, as `admin:adm_…` or `user:usr_…`.",
    ),
    Field::optional("target", FieldKind::Text(200), "Done to this one alone."),
    BEFORE,
];

fn audit() -> Vec<Served> {
    const OF_ENVIRONMENT: Endpoint = Endpoint::get(environment!("/audit"), "The audit log of an environment")
        .about("What admins did, and what happened to accounts; with what was done to the project as a whole.")
        .fields(FILTER)
        .answers(200, "Newest first.", AUDIT);
    const OF_SERVER: Endpoint = Endpoint::get("/admin/api/v1/audit", "The audit log of the server")
        .about("Of all projects. Takes an admin token.")
        .fields(FILTER)
        .answers(200, "Newest first.", AUDIT);
    vec![
        served(const { &OF_ENVIRONMENT }, || web::get().to(keys::audit)),
        served(const { &OF_SERVER }, || web::get().to(keys::whole_audit)),
    ]
}

const USER: &str = r#"{"user": {"id": "usr_…", "email": "ada@example.com", "name": "Ada", "metadata": {}, "publicMetadata": {}, "emailVerified": true, "createdAt": "2026-01-31T12:00:00.000Z", "updatedAt": "2026-01-31T12:00:00.000Z", "provider": "password", "hasPassword": true, "lastLoginAt": null, "banned": false, "bannedUntil": null, "banReason": null}}"#;

const USERS: &str = r#"{"users": [{"id": "usr_…", "email": "ada@example.com", "name": "Ada", "metadata": {}, "publicMetadata": {}, "emailVerified": true, "createdAt": "2026-01-31T12:00:00.000Z", "updatedAt": "2026-01-31T12:00:00.000Z", "provider": "password", "hasPassword": true, "lastLoginAt": null, "banned": false, "bannedUntil": null, "banReason": null}]}"#;

const EXPORTED: &str = r#"{"user": {"id": "usr_…", "email": "ada@example.com", "name": "Ada", "metadata": {}, "publicMetadata": {}, "emailVerified": true, "createdAt": "2026-01-31T12:00:00.000Z", "updatedAt": "2026-01-31T12:00:00.000Z", "provider": "password", "hasPassword": true, "lastLoginAt": null, "banned": false, "bannedUntil": null, "banReason": null}, "sessions": [{"id": "ses_…", "client": {}, "ip": "203.0.113.9", "userAgent": "Mozilla/5.0", "provider": "password", "amr": ["pwd"], "authenticatedAt": "2026-01-31T12:00:00.000Z", "createdAt": "2026-01-31T12:00:00.000Z", "lastUsedAt": "2026-01-31T12:00:00.000Z", "expiresAt": "2026-01-31T12:00:00.000Z", "revokedAt": null}], "identities": [], "factors": [], "recoveryCodes": 0, "events": [{"id": "evt_…", "type": "auth.signup", "version": 1, "time": "2026-01-31T12:00:00.000Z", "actor": "user:usr_…", "data": {}}], "audit": [{"id": "aud_…", "time": "2026-01-31T12:00:00.000Z", "project": null, "environment": null, "actor": "admin:adm_…", "action": "user.updated", "target": "usr_…", "ip": "203.0.113.9", "requestId": "req_…", "data": {}}]}"#;

const KEYS: &str = r#"{"keys": [{"kid": "key_…", "state": "signing", "createdAt": "2026-01-31T12:00:00.000Z", "activeAt": "2026-01-31T12:00:00.000Z", "retiredAt": null}]}"#;

const ROTATED: &str = r#"{"kid": "key_…", "keys": [{"kid": "key_…", "state": "signing", "createdAt": "2026-01-31T12:00:00.000Z", "activeAt": "2026-01-31T12:00:00.000Z", "retiredAt": null}]}"#;

const AUDIT: &str = r#"{"audit": [{"id": "aud_…", "time": "2026-01-31T12:00:00.000Z", "project": null, "environment": null, "actor": "admin:adm_…", "action": "user.updated", "target": "usr_…", "ip": "203.0.113.9", "requestId": "req_…", "data": {}}]}"#;
