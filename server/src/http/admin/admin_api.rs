//! The endpoints of the admin API: what each is for, and the handler that serves it. One entry here is a route, a path of
//! the OpenAPI document and a section of the reference.

use actix_web::web;

use super::{
    api,
    describe::{environment, served},
    event_api, examples, mails, operations, settings_api,
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
        api::endpoints(),
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
        .about("An admin token sees all projects, a secret key only its own.")
        .answers(200, "The projects.", examples::PROJECTS);
    const CREATE: Endpoint = Endpoint::plain(Method::Post, "/admin/api/v1/projects", "Create a project")
        .about("Creates a project with its first environment and that environment's API keys. The secret key is returned only here. Requires an admin token.")
        .fields(&[
            Field::required("id", SLUG, "1 to 63 characters of `a-z`, `0-9` and `-`, not beginning with `-`."),
            Field::optional("name", FieldKind::Text(100), "Display name; the id if omitted."),
            Field::optional("environment", SLUG, "Name of the first environment; `production` if omitted."),
        ])
        .example(r#"{"id":"shop","name":"Shop"}"#)
        .answers(201, "The API keys of the environment.", examples::KEYS)
        .errors(&["project_exists"]);
    vec![
        served(const { &LIST }, || web::get().to(admin::projects)),
        served(const { &CREATE }, || web::post().to(admin::create_project)),
    ]
}

pub(crate) const SLUG: FieldKind = FieldKind::Json(r#"{"type":"string","pattern":"^[a-z0-9][a-z0-9-]{0,62}$"}"#);

fn hooks() -> Vec<Served> {
    const VERSIONS: &str = "/admin/api/v1/projects/{project}/hooks/{hook}/versions";
    const LIST: Endpoint = Endpoint::get(VERSIONS, "List versions of a hook").answers(
        200,
        "The versions, newest first.",
        examples::VERSIONS,
    );
    const UPLOAD: Endpoint = Endpoint::plain(Method::Post, VERSIONS, "Upload a version of a hook")
        .about("Uploads a bundle as a new version; it becomes live with a deployment. The bundle is checked and compiled first. Versions are immutable and identified by the digest of their bytes: uploading the same bytes again returns the existing version.")
        .fields(&[Field::required(
            "body",
            FieldKind::Component,
            "The bundle written by `aerocall build`.",
        )])
        .answers(201, "The version.", examples::VERSION)
        .errors(UPLOAD_ERRORS);
    const DEPLOYMENTS: Endpoint = Endpoint::get(environment!("/deployments"), "List deployments").answers(
        200,
        "The deployments, newest first, at most 100.",
        examples::DEPLOYMENTS,
    );
    const DEPLOY: Endpoint = Endpoint::plain(Method::Post, environment!("/deployments"), "Deploy versions")
        .about("Applies the migrations, then makes this set of versions live all at once in place of the previous deployment: a hook that is not listed is no longer live. Each hook names its version by either `digest` or `number`. Requests that start after the response use the new deployment; other nodes follow within a second.")
        .fields(&[
            Field::required(
                "hooks",
                FieldKind::Json(examples::HOOK_LINES),
                "The hooks, at most 32, in the order in which they run. `failurePolicy` says what happens when the hook fails: with `open` the request continues, with `closed` it is refused. `limits` can only lower the limits of the project.",
            ),
            Field::optional(
                "migrations",
                FieldKind::Json(examples::MIGRATION_LINES),
                "SQL migrations of the project's own database, at most 200, in order. An applied migration must not be changed.",
            ),
        ])
        .example(r#"{"hooks":[{"name":"signup","number":1,"failurePolicy":"closed"}]}"#)
        .answers(201, "The live deployment.", examples::LIVE)
        .errors(&["migration_failed", "migration_rewritten"]);
    const MIGRATIONS: Endpoint = Endpoint::get(environment!("/migrations"), "List applied migrations").answers(
        200,
        "The migrations, in the order in which they were applied.",
        examples::MIGRATIONS,
    );
    const LIVE: Endpoint = Endpoint::get(environment!("/hooks"), "Get the live hooks").answers(
        200,
        "The live deployment: `points` by hook point, in the order in which hooks run, and `hooks` one by one.",
        examples::LIVE,
    );
    const SWITCH: Endpoint = Endpoint::plain(
        Method::Patch,
        environment!("/hooks/{hook}"),
        "Enable or disable a hook",
    )
    .about("Creates a new deployment that differs from the live one only in this hook's state. Changes nothing if the hook has that state already.")
    .fields(&[Field::required("enabled", FieldKind::Flag, "Whether the hook is run.")])
    .example(r#"{"enabled":false}"#)
    .answers(200, "The live deployment.", examples::LIVE);
    const ENDPOINTS: Endpoint = Endpoint::get(environment!("/endpoints"), "List auth endpoints with their hooks")
        .about("Every endpoint of the auth API with its hook points and events, and the hooks of this environment that run at each of them.")
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

fn all_mails() -> Vec<Served> {
    const LIST: Endpoint = Endpoint::get(environment!("/mails"), "List mails")
        .about("Mails that are waiting, sent, captured or failed, newest first.")
        .fields(&[
            Field::optional(
                "limit",
                FieldKind::Number(1, 100),
                "Number of items per page; 50 if omitted.",
            ),
            Field::optional(
                "before",
                FieldKind::Text(100),
                "Cursor: the id of the last mail on the previous page.",
            ),
        ])
        .answers(200, "The mails without their bodies.", examples::MAILS);
    const ONE: Endpoint = Endpoint::get(environment!("/mails/{id}"), "Get a mail").answers(
        200,
        "The mail. Its bodies are included while it is waiting, and afterwards only if it was captured; the bodies of sent mails are deleted.",
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
        "The mail templates.",
        examples::TEMPLATES,
    );
    const ONE: Endpoint = Endpoint::get(environment!("/mail-templates/{name}"), "Get a mail template").answers(
        200,
        "The mail template.",
        examples::TEMPLATE,
    );
    const PUT: Endpoint = Endpoint::plain(
        Method::Put,
        environment!("/mail-templates/{name}"),
        "Create or replace a mail template",
    )
    .about("At least one of `text` and `html` is required. An environment has at most 100 templates.")
    .fields(&[
        Field::required("subject", FieldKind::Text(100_000), "Template of the subject."),
        Field::optional("text", FieldKind::Text(500_000), "Template of the plain-text body."),
        Field::optional(
            "html",
            FieldKind::Text(500_000),
            "Template of the HTML body; inserted values are escaped.",
        ),
    ])
    .example(r#"{"subject":"Welcome, {{ name }}","text":"Hello {{ name }}"}"#)
    .answers(201, "The mail template.", examples::TEMPLATE)
    .errors(&["limit_reached"]);
    const DELETE: Endpoint = Endpoint::plain(
        Method::Delete,
        environment!("/mail-templates/{name}"),
        "Delete a mail template",
    )
    .answers(200, "The name of what was deleted.", examples::DELETED);
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
            Field::optional("queue", FieldKind::Text(200), "Only jobs of this queue."),
            Field::optional(
                "state",
                FieldKind::OneOf(&["waiting", "running", "done", "dead"]),
                "Only jobs in this state.",
            ),
            BEFORE,
        ])
        .answers(200, "The jobs, newest first.", examples::JOBS);
    const JOB: Endpoint = Endpoint::get(environment!("/jobs/{job}"), "Get a job").answers(
        200,
        "The job, with its message.",
        examples::JOB,
    );
    const REQUEUE: Endpoint = Endpoint::plain(Method::Post, environment!("/jobs/{job}/requeue"), "Requeue a dead job")
        .answers(200, "The job, waiting to run again.", examples::JOB)
        .errors(&["job_not_dead"]);
    const QUEUES: Endpoint = Endpoint::get(environment!("/queues"), "Count jobs by queue").answers(
        200,
        "The number of jobs of each queue, by state.",
        examples::QUEUES,
    );
    const INVOCATIONS: Endpoint = Endpoint::get(environment!("/invocations"), "List invocations")
        .fields(&[
            LIMIT,
            Field::optional("hook", FieldKind::Text(200), "Only invocations of this hook."),
            Field::optional(
                "outcome",
                FieldKind::Text(200),
                "Only invocations with this outcome: `allow`, `deny`, `patch`, or the error code of a failure.",
            ),
            Field::optional("requestId", FieldKind::Text(200), "Only invocations of this request."),
            BEFORE,
            Field::optional(
                "after",
                FieldKind::Text(200),
                "Cursor for polling: only invocations newer than this id. Cannot be combined with `before`.",
            ),
        ])
        .answers(200, "The invocations, newest first.", examples::INVOCATIONS);
    const INVOCATION: Endpoint = Endpoint::get(environment!("/invocations/{invocation}"), "Get an invocation").answers(
        200,
        "The invocation, with its context, payload, reply, logs and host calls.",
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

pub(super) const LIMIT: Field = Field::optional(
    "limit",
    FieldKind::Number(1, 200),
    "Number of items per page; 50 if omitted.",
);
pub(super) const BEFORE: Field = Field::optional(
    "before",
    FieldKind::Text(200),
    "Cursor: the id of the last item on the previous page.",
);
