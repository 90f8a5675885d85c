//! The endpoints of the admin API: what each is for, and the handler that serves it. One entry here is a route, a path of
//! the OpenAPI document and a section of the reference.

use actix_web::web;

use super::{
    describe::{environment, served},
    event_api, examples, mails, operations, secrets, settings_api,
};
use crate::{
    flows::steps::endpoint::{Endpoint, Field, FieldKind, Method},
    http::{
        admin::handlers as admin,
        wire::served::{Body, Served},
    },
};

/// Everything the admin API serves.
pub(crate) fn endpoints() -> Vec<Served> {
    [
        projects(),
        hooks(),
        secrets_of(),
        settings_api::endpoints(),
        all_mails(),
        templates(),
        left_behind(),
        event_api::endpoints(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

pub(crate) fn projects() -> Vec<Served> {
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
    vec![
        served(const { &LIST }, || web::get().to(admin::projects)),
        served(const { &CREATE }, || web::post().to(admin::create_project)),
    ]
}

pub(crate) const SLUG: FieldKind = FieldKind::Json(r#"{"type":"string","pattern":"^[a-z0-9][a-z0-9-]{0,62}$"}"#);

fn hooks() -> Vec<Served> {
    const VERSIONS: &str = "/admin/api/v1/projects/{project}/hooks/{hook}/versions";
    const LIST: Endpoint =
        Endpoint::get(VERSIONS, "List the versions of a hook").answers(200, "Newest first.", examples::VERSIONS);
    const UPLOAD: Endpoint = Endpoint::plain(Method::Post, VERSIONS, "Upload a version of a hook")
        .about("The same bytes again are the version they were.")
        .fields(&[Field::required(
            "body",
            FieldKind::Component,
            "What `aerocall build` wrote.",
        )])
        .answers(201, "The version.", examples::VERSION)
        .errors(UPLOAD_ERRORS);
    const DEPLOYMENTS: Endpoint = Endpoint::get(environment!("/deployments"), "List deployments").answers(
        200,
        "Newest first, at most 100.",
        examples::DEPLOYMENTS,
    );
    const DEPLOY: Endpoint = Endpoint::plain(Method::Post, environment!("/deployments"), "Make versions live")
        .about("All at once, after the migrations. Each hook names either `digest` or `number`.")
        .fields(&[
            Field::required(
                "hooks",
                FieldKind::Json(examples::HOOK_LINES),
                "In the order in which they run.",
            ),
            Field::optional(
                "migrations",
                FieldKind::Json(examples::MIGRATION_LINES),
                "Of the project's own database.",
            ),
        ])
        .example(r#"{"hooks":[{"name":"signup","number":1,"failurePolicy":"closed"}]}"#)
        .answers(201, "What is live now.", examples::LIVE)
        .errors(&["migration_failed", "migration_rewritten"]);
    const MIGRATIONS: Endpoint = Endpoint::get(environment!("/migrations"), "List applied migrations").answers(
        200,
        "In their order.",
        examples::MIGRATIONS,
    );
    const LIVE: Endpoint = Endpoint::get(environment!("/hooks"), "What is live").answers(
        200,
        "Actor hook point, and hook by hook.",
        examples::LIVE,
    );
    const SWITCH: Endpoint = Endpoint::plain(
        Method::Patch,
        environment!("/hooks/{hook}"),
        "Enable or disable a live hook",
    )
    .about("A new deployment that equals the live one but for this. One that is so already stays.")
    .fields(&[Field::required("enabled", FieldKind::Flag, "Whether it is called.")])
    .example(r#"{"enabled":false}"#)
    .answers(200, "What is live now.", examples::LIVE);
    const ENDPOINTS: Endpoint = Endpoint::get(environment!("/endpoints"), "Endpoints with their hooks")
        .about("Every endpoint of the auth API: where hooks stand in it, which of them this environment runs, and its events.")
        .answers(200, "The endpoints.", examples::ENDPOINTS);
    let list = [
        served(const { &LIST }, || web::get().to(admin::versions)),
        served(const { &DEPLOYMENTS }, || web::get().to(admin::deployments)),
        served(const { &DEPLOY }, || web::post().to(admin::deploy)),
        served(const { &MIGRATIONS }, || web::get().to(admin::migrations)),
        served(const { &LIVE }, || web::get().to(admin::live)),
        served(const { &SWITCH }, || web::patch().to(admin::switch_hook)),
        served(const { &ENDPOINTS }, || {
            web::get().to(crate::http::site::docs::endpoints)
        }),
        Served {
            body: Body::JsonMaybeNew,
            ..served(const { &UPLOAD }, || web::post().to(admin::upload))
        },
    ];
    list.into()
}

const UPLOAD_ERRORS: &[&str] = &[
    "not_a_component",
    "core_module",
    "precompiled_artifact",
    "truncated",
    "wrong_world",
    "forbidden_import",
    "unknown_engine",
    "bad_manifest",
    "too_large",
    "invalid_wasm",
    "compile_failed",
    "compile_limit",
];

fn secrets_of() -> Vec<Served> {
    const LIST: Endpoint = Endpoint::get(environment!("/secrets"), "List secrets")
        .about("Their names and hosts; a value goes in and never comes out.")
        .answers(200, "The secrets.", examples::SECRETS);
    const PUT: Endpoint = Endpoint::plain(Method::Put, environment!("/secrets/{name}"), "Keep a secret")
        .fields(&[
            Field::required("value", FieldKind::Text(16_384), "At most 16 KiB."),
            Field::optional(
                "hosts",
                FieldKind::Json(examples::HOSTS),
                "Where requests of hooks may take it.",
            ),
        ])
        .example(r#"{"value":"s3cret","hosts":["api.example.com"]}"#)
        .answers(201, "The secret without its value.", examples::SECRET)
        .errors(&["limit_reached"]);
    const DELETE: Endpoint = Endpoint::plain(Method::Delete, environment!("/secrets/{name}"), "Delete a secret")
        .answers(200, "It is gone.", examples::DELETED);
    vec![
        served(const { &LIST }, || web::get().to(secrets::list)),
        served(const { &PUT }, || web::put().to(secrets::put)),
        served(const { &DELETE }, || web::delete().to(secrets::delete)),
    ]
}

fn all_mails() -> Vec<Served> {
    const LIST: Endpoint = Endpoint::get(environment!("/mails"), "List mails")
        .about("Sent, waiting, captured or failed; newest first.")
        .fields(&[
            Field::optional("limit", FieldKind::Number(1, 100), "How many; 50 if left out."),
            Field::optional(
                "before",
                FieldKind::Text(100),
                "The id of the last mail of the page before.",
            ),
        ])
        .answers(200, "The mails without their bodies.", examples::MAILS);
    const ONE: Endpoint = Endpoint::get(environment!("/mails/{id}"), "A mail").answers(
        200,
        "With its bodies, as long as it waits; and later, if it was captured. What was sent is kept without them.",
        examples::MAIL,
    );
    vec![
        served(const { &LIST }, || web::get().to(mails::list)),
        served(const { &ONE }, || web::get().to(mails::one)),
    ]
}

fn templates() -> Vec<Served> {
    const LIST: Endpoint = Endpoint::get(environment!("/mail-templates"), "List mail templates").answers(
        200,
        "The templates.",
        examples::TEMPLATES,
    );
    const ONE: Endpoint = Endpoint::get(environment!("/mail-templates/{name}"), "A mail template").answers(
        200,
        "The template.",
        examples::TEMPLATE,
    );
    const PUT: Endpoint = Endpoint::plain(
        Method::Put,
        environment!("/mail-templates/{name}"),
        "Keep a mail template",
    )
    .about("`text` or `html` must be there, and both may be.")
    .fields(&[
        Field::required("subject", FieldKind::Text(100_000), "A template."),
        Field::optional("text", FieldKind::Text(500_000), "A template."),
        Field::optional("html", FieldKind::Text(500_000), "A template; values are escaped."),
    ])
    .example(r#"{"subject":"Welcome, {{ name }}","text":"Hello {{ name }}"}"#)
    .answers(201, "The template.", examples::TEMPLATE)
    .errors(&["limit_reached"]);
    const DELETE: Endpoint = Endpoint::plain(
        Method::Delete,
        environment!("/mail-templates/{name}"),
        "Delete a mail template",
    )
    .answers(200, "It is gone.", examples::DELETED);
    vec![
        served(const { &LIST }, || web::get().to(mails::templates)),
        served(const { &ONE }, || web::get().to(mails::template)),
        served(const { &PUT }, || web::put().to(mails::put_template)),
        served(const { &DELETE }, || web::delete().to(mails::delete_template)),
    ]
}

/// What hooks leave behind.
fn left_behind() -> Vec<Served> {
    const JOBS: Endpoint = Endpoint::get(environment!("/jobs"), "List jobs")
        .fields(&[
            LIMIT,
            Field::optional("queue", FieldKind::Text(200), "Of this queue alone."),
            Field::optional(
                "state",
                FieldKind::OneOf(&["waiting", "running", "done", "dead"]),
                "In this state alone.",
            ),
            BEFORE,
        ])
        .answers(200, "Newest first.", examples::JOBS);
    const JOB: Endpoint =
        Endpoint::get(environment!("/jobs/{job}"), "A job").answers(200, "With its message.", examples::JOB);
    const REQUEUE: Endpoint = Endpoint::plain(Method::Post, environment!("/jobs/{job}/requeue"), "Put a dead job back")
        .answers(200, "The job, which waits again.", examples::JOB)
        .errors(&["job_not_dead"]);
    const QUEUES: Endpoint =
        Endpoint::get(environment!("/queues"), "Count jobs").answers(200, "Actor queue and state.", examples::QUEUES);
    const INVOCATIONS: Endpoint = Endpoint::get(environment!("/invocations"), "List calls of hooks")
        .fields(&[
            LIMIT,
            Field::optional("hook", FieldKind::Text(200), "Of this hook alone."),
            Field::optional(
                "outcome",
                FieldKind::Text(200),
                "`allow`, `deny`, `patch`, or the code of a failure.",
            ),
            Field::optional("requestId", FieldKind::Text(200), "Of this request alone."),
            BEFORE,
            Field::optional(
                "after",
                FieldKind::Text(200),
                "The id of the newest that is known; cannot stand beside `before`.",
            ),
        ])
        .answers(200, "Newest first.", examples::INVOCATIONS);
    const INVOCATION: Endpoint = Endpoint::get(environment!("/invocations/{invocation}"), "A call of a hook").answers(
        200,
        "With its payload, reply, log and host calls.",
        examples::INVOCATION,
    );
    vec![
        served(const { &JOBS }, || web::get().to(operations::jobs)),
        served(const { &JOB }, || web::get().to(operations::job)),
        served(const { &REQUEUE }, || web::post().to(operations::requeue)),
        served(const { &QUEUES }, || web::get().to(operations::queues)),
        served(const { &INVOCATIONS }, || web::get().to(operations::invocations)),
        served(const { &INVOCATION }, || web::get().to(operations::invocation)),
    ]
}

pub(crate) const LIMIT: Field = Field::optional("limit", FieldKind::Number(1, 200), "How many; 50 if left out.");
pub(crate) const BEFORE: Field = Field::optional(
    "before",
    FieldKind::Text(200),
    "The id of the last one of the page before.",
);
