//! Every error code with its status, its meaning and what to do about it: the one list from which the server refuses, and from
//! which `docs/errors.md`, a page for each code and the answers of the OpenAPI document are made. An error takes its code from
//! here, so there is no other; a code that no error takes fails a test. To add one, add its line here and run
//! `UPDATE_DOCS=1 cargo nextest run --workspace documents_are`.

use std::collections::BTreeMap;

/// A code of an error. Only this list makes one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Code {
    /// As answers have it.
    pub name: &'static str,
    /// Where it is met.
    pub area: Area,
    /// Of HTTP; 0 for the SDK, which has none.
    pub status: u16,
    /// What has happened.
    pub meaning: &'static str,
    /// What to do about it.
    pub remedy: &'static str,
}

/// Where a code is met.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Area {
    /// Answers to requests.
    Api,
    /// Answers to requests whose hooks came to no decision.
    Hooks,
    /// Answers to uploads and deployments.
    Bundles,
    /// `AerocallError.code` inside of hooks.
    Sdk,
}

/// A constant for each code, and the list of all.
macro_rules! codes {
    ($($area:ident { $($constant:ident = $name:literal $status:literal: $meaning:literal, $remedy:literal;)* })*) => {
        $($(
            #[doc = $meaning]
            pub const $constant: Code = Code {
                name: $name,
                area: Area::$area,
                status: $status,
                meaning: $meaning,
                remedy: $remedy,
            };
        )*)*

        /// Every code, in the order of the documentation.
        pub const ALL: &[Code] = &[$($($constant,)*)*];
    };
}

// One line for each: constant, name, status, meaning, what to do. Backticks mark code.
codes! {
    Api {
        MALFORMED_BODY = "malformed_body" 400: "The body is not valid UTF-8 or not a JSON object; `details` says where.", "Send a JSON object.";
        MISSING_API_KEY = "missing_api_key" 401: "The header `X-Aerocall-Key` is missing.", "Send the project's publishable key, `pk_…`.";
        INVALID_API_KEY = "invalid_api_key" 401: "The API key does not exist, was revoked, or is of the wrong kind for this endpoint.", "Check the key in the project's settings.";
        INVALID_CREDENTIALS = "invalid_credentials" 401: "The email or the password is wrong, or the account cannot log in. The response never says which.", "Let the user try again.";
        INVALID_TOKEN = "invalid_token" 401: "The access token is missing, expired, revoked, or belongs to another project.", "Refresh the session or log in again.";
        UNAUTHORIZED = "unauthorized" 401: "The admin API requires an admin token or a secret key.", "Send `Authorization: Bearer …`.";
        INVALID_CODE = "invalid_code" 401: "The code or link is wrong, was already used, or has expired. The response never says which.", "Request a new one.";
        INVALID_REFRESH_TOKEN = "invalid_refresh_token" 401: "The refresh token is wrong or was already used, or its session has ended.", "Log in again.";
        FORBIDDEN = "forbidden" 403: "The token or key that was sent lacks a permission, which the message names.", "Use a token that has the permission, or ask whoever manages the project for one.";
        FRESH_PROOF_REQUIRED = "fresh_proof_required" 403: "The last proof of who uses the session is too old for this operation.", "Confirm with `POST /admin/api/v1/session/confirm`, then send the request again.";
        CSRF_REFUSED = "csrf_refused" 403: "A request that changes something with the cookie of a session lacks the CSRF token, or was sent by a page of another site.", "Send `X-CSRF-Token` from a page of this server; programs use a personal token.";
        ACCOUNT_BANNED = "account_banned" 403: "The account is banned. Returned only after the user has proved who they are.", "Contact the administrators of the project.";
        EMAIL_UNVERIFIED = "email_unverified" 403: "The project requires a verified email address before login.", "Open the link in the verification mail, or request a new one.";
        MFA_REQUIRED = "mfa_required" 403: "A second factor is required and was not verified; or it is the last one and the project requires a second factor.", "Log in again with the second factor; enroll another one before removing the last.";
        NOT_ENABLED = "not_enabled" 403: "The project has disabled this feature; the message names it.", "Enable it in the project's settings.";
        RECENT_LOGIN_REQUIRED = "recent_login_required" 403: "The last login is too long ago for this operation.", "Log in again.";
        NOT_FOUND = "not_found" 404: "The resource does not exist, or the caller has no access to it.", "Check the path and which project the key belongs to.";
        METHOD_NOT_ALLOWED = "method_not_allowed" 405: "The path does not support this method.", "Use a method from the header `Allow`.";
        BODY_TIMEOUT = "body_timeout" 408: "The body did not arrive in time.", "Send it without pauses, or raise `http.body_seconds` or `http.component_body_seconds`.";
        DEPLOYMENT_CONFLICT = "deployment_conflict" 409: "Another deployment is live than the request expected; `conflict` has both sides.", "Look at what is live now, and send its number in `expect` if it is still what you want.";
        DEPLOYMENT_REFUSED = "deployment_refused" 409: "A gate of the deployment failed; `details` says which, and `conflict` has both sides.", "Begin a draft from the live version and make the changes there; or send `force` with a reason.";
        ROLLOUT_CONFLICT = "rollout_conflict" 409: "The hook cannot have this rollout now: it is not live, is disabled, runs this version already, or has another rollout that goes on; the message says which.", "Deploy or enable the hook, choose another version, or stop the other rollout first.";
        ROLLOUT_OVER = "rollout_over" 409: "The rollout does not go on any more, so there is nothing to promote.", "Look at why it ended; deploy the version, or start another rollout.";
        VERSION_GONE = "version_gone" 409: "Versions of the deployment were deleted, so that it cannot be rolled back to as a whole.", "Roll back to a later deployment, or name the hooks to roll back.";
        DRAFT_EXISTS = "draft_exists" 409: "The hook has a draft already.", "Go on with it, or delete it first.";
        HOOK_EXISTS = "hook_exists" 409: "The project has a hook of this name already.", "Choose another name, or begin a draft of that hook.";
        NO_SOURCES = "no_sources" 409: "The version carries no sources that could be edited; `details` says why.", "Upload it again, built by this version of `aerocall`.";
        DRAFT_CONFLICT = "draft_conflict" 412: "The draft was changed or deleted since it was read; `conflict` has both sides.", "Read it again, and decide which of the changes to keep.";
        PRECONDITION_REQUIRED = "precondition_required" 428: "The request does not say which revision it goes on from.", "Send `If-Match` with the `ETag` of what you have read.";
        EMAIL_TAKEN = "email_taken" 409: "An account with this email address already exists.", "Log in, or use another address.";
        JOB_RUNNING = "job_running" 409: "The job is running, so it cannot be deleted.", "Try again when the attempt has ended.";
        JOB_NOT_DEAD = "job_not_dead" 409: "Only a dead job can be requeued; the message says what state this one is in.", "Nothing: a job that is not dead runs by itself.";
        NO_MAIL_SERVER = "no_mail_server" 409: "The installation has no mail server of its own, so that it cannot mail admins.", "Ask an administrator for a link; or set `smtp.url` in the settings of the server.";
        MAIL_NOT_KEPT = "mail_not_kept" 409: "The mail cannot be sent again: its bodies are kept only of captured mails.", "Repeat what sent it, such as the password reset.";
        HOOK_DISABLED = "hook_disabled" 409: "The hook is disabled, so its schedule cannot be run.", "Enable the hook.";
        WEBHOOK_DISABLED = "webhook_disabled" 409: "The webhook endpoint is disabled, so nothing is sent to it.", "Enable it: PATCH with `{\"state\":\"enabled\"}`.";
        DELIVERY_NOT_ENDED = "delivery_not_ended" 409: "Only a delivery that has ended can be resent; the message says what state this one is in.", "Wait: it is retried automatically.";
        CASE_EXISTS = "case_exists" 409: "The hook already has a test case with this name.", "Choose another name, or replace it with PUT.";
        ASSISTANT_OFF = "assistant_off" 409: "The assistant is off: neither the installation nor the project names a model.", "Set one, as `docs/assistant.md` says: `PUT …/settings/assistant`, or `[assistant]` in the configuration of the server.";
        PROPOSAL_UNVERIFIED = "proposal_unverified" 409: "The proposal cannot be built or fails test cases; `details` says why.", "Ask the assistant again, or apply it all the same with `acceptUnverified`.";
        PROPOSAL_WIDENS_CAPABILITIES = "proposal_widens_capabilities" 409: "The proposal may do more than the draft; `details` names what is new.", "Read what is new, and name all of it in `acceptCapabilities` if the hook is to have it.";
        PROPOSAL_APPLIED = "proposal_applied" 409: "The proposal was applied before.", "Nothing: the draft has it.";
        NOT_REPLAYABLE = "not_replayable" 409: "The record of the invocation lacks something that a replay needs; the message says what.", "Choose another invocation.";
        ENVIRONMENT_EXISTS = "environment_exists" 409: "The project already has an environment with this name.", "Choose another name.";
        PROJECT_EXISTS = "project_exists" 409: "A project with this id already exists.", "Choose another id.";
        LAST_ENVIRONMENT = "last_environment" 409: "A project has at least one environment, and this is the last one.", "Delete the project, or create another environment first.";
        LAST_ADMIN_TOKEN = "last_admin_token" 409: "The server has at least one admin token, and this is the last one.", "Create another one first, or rotate this one.";
        LAST_ADMINISTRATOR = "last_administrator" 409: "This is the last administrator of the server.", "Make somebody else an administrator first.";
        LAST_OWNER = "last_owner" 409: "This is the last owner of a project, which the message names.", "Make somebody else an owner of the project first.";
        MEMBER_EXISTS = "member_exists" 409: "The account is a member of the project already.", "Change the role of the member.";
        SETUP_DONE = "setup_done" 409: "The server has an admin, so its set-up is over.", "Use that admin's token; whoever runs the server can create another one with `aerocall admin create`.";
        USER_CHANGED = "user_changed" 409: "The user was changed by another request at the same time.", "Read the user and try again.";
        LIMIT_REACHED = "limit_reached" 409: "The maximum number of resources of this kind exists; the message says how many.", "Delete one.";
        MIGRATION_REWRITTEN = "migration_rewritten" 409: "An applied migration was changed, or a new migration sorts before an applied one; `details` names it.", "Restore it, and add a new migration whose name sorts last.";
        PHONE_TAKEN = "phone_taken" 409: "An account with this phone number already exists in the project.", "Use another number.";
        ACCOUNT_EXISTS = "account_exists" 409: "An account has the email address given by the identity provider, and the provider or this project has not verified the address.", "Log in with the existing method and verify the address.";
        IDENTITY_TAKEN = "identity_taken" 409: "The account at the identity provider is linked to another account.", "Unlink it there first.";
        LAST_WAY_IN = "last_way_in" 409: "This is the only login method of the account.", "Set a password first.";
        BODY_TOO_LARGE = "body_too_large" 413: "The body is larger than allowed.", "Send less, or raise `http.json_body_bytes` or `http.component_body_bytes`.";
        UNSUPPORTED_MEDIA_TYPE = "unsupported_media_type" 415: "The endpoint does not accept this content type.", "Set `Content-Type` as the message says.";
        INVALID_INPUT = "invalid_input" 422: "Fields are missing, unknown or invalid; `details` names each of them.", "Correct the fields.";
        SECRET_IN_PROMPT = "secret_in_prompt" 422: "What would be sent to the model contains a secret or a key; the message says in which part. Nothing was sent.", "Take the value out of the sources, the message, the case or the invocation.";
        QUERY_REFUSED = "query_refused" 422: "The project's database refused or stopped the statement; the message says why.", "Correct the statement: one that only reads, within its limits.";
        MIGRATION_FAILED = "migration_failed" 422: "A migration failed, so neither it nor the deployment was applied; `details` names the migration, the statement and the problem.", "Correct the migration.";
        EMAIL_MISSING = "email_missing" 422: "The identity provider returned no usable email address, and there is no linked account yet.", "Request the scope `email` from the provider.";
        TOO_MANY_STREAMS = "too_many_streams" 429: "The project has the maximum number of event streams open.", "Close one.";
        RATE_LIMITED = "rate_limited" 429: "Too many requests of this kind from this client or for this account.", "Wait as long as `Retry-After` says.";
        ASSISTANT_LIMIT = "assistant_limit" 429: "The project, or the installation, has used the tokens of the day.", "Wait for the next day (UTC), or raise `limits.tokensPerDay` of the assistant or `assistant.tokens_per_day` of the server.";
        MODEL_RATE_LIMITED = "model_rate_limited" 429: "The model's server gets too many requests; the message has what it says.", "Wait as long as `Retry-After` says.";
        INTERNAL_ERROR = "internal_error" 500: "An unexpected error occurred.", "Report it with the `request_id`.";
        MODEL_UNREACHABLE = "model_unreachable" 502: "The model's server did not answer, or fails; the message says how.", "Check `baseUrl`, and whether the server of the model runs. A private address needs `assistant.allow_private`.";
        MODEL_REFUSED = "model_refused" 502: "The model's server does not take the request, or the model declines to answer; the message has what it says.", "Check the key and the name of the model, or ask for something else.";
        MODEL_ANSWER_INVALID = "model_answer_invalid" 502: "What the model's server answered cannot be read, or ends too early.", "Check `provider` and `baseUrl`; try again.";
        MODEL_TIMEOUT = "model_timeout" 504: "The model did not answer completely in time.", "Raise `limits.requestSeconds`, or use a faster model.";
        BUSY = "busy" 503: "The server is overloaded, or its database is not available or takes no changes, for example because its disk is full; `/readyz` says which.", "Try again after `Retry-After`.";
        SMS_NOT_DELIVERABLE = "sms_not_deliverable" 503: "No hook or webhook endpoint of the project delivers text messages.", "Deploy a hook at `beforeOtpSend` or a script hook on `auth.otp.send`, or add a webhook endpoint with `codes` set to `included`.";
        PROVIDER_MISCONFIGURED = "provider_misconfigured" 502: "The project's settings of the identity provider do not fit the provider, for example because it calls itself something else; the server's log says what.", "Correct the issuer; `PUT …/settings/providers` says what the provider calls itself.";
        PROVIDER_UNAVAILABLE = "provider_unavailable" 503: "The identity provider does not respond, returns an invalid response, or its address is not on the public internet.", "Try again; check the issuer in the settings.";
    }
    Hooks {
        HOOK_DENIED = "hook_denied" 403: "The hook denied the request without an error code of its own.", "See the message of the hook.";
        HOOK_FAILED = "hook_failed" 502: "The hook threw an exception, waits for something that never happens, or broke a rule of the sandbox.", "See the log; catch exceptions that are expected.";
        HOOK_OUT_OF_FUEL = "hook_out_of_fuel" 502: "The hook used up its fuel, for example in an endless loop or a catastrophic regular expression.", "Do less work, or request more with `limits.fuel`.";
        HOOK_OUT_OF_MEMORY = "hook_out_of_memory" 502: "The hook used up its memory.", "Keep less data at a time, or request more with `limits.memoryBytes`.";
        HOOK_BAD_REPLY = "hook_bad_reply" 502: "The hook returned an invalid reply, or its patch cannot be applied; `details` names the field.", "Return nothing, `{ deny }`, or `{ patch }` with fields that this hook point can change.";
        HOOK_UNAVAILABLE = "hook_unavailable" 503: "The hook could not be run: its version does not load, it does not export this hook point, or the project runs its maximum number of hooks at the same time.", "Try again; see `problem` in the live deployment.";
        HOOK_TIMEOUT = "hook_timeout" 504: "The hook, or all hooks of the hook point together, exceeded the deadline.", "Wait for less, or request more with `limits.deadlineMs`.";
    }
    Bundles {
        NOT_A_COMPONENT = "not_a_component" 422: "The file is not WebAssembly, or is damaged.", "Upload a bundle written by `aerocall build`.";
        CORE_MODULE = "core_module" 422: "The file is a core module, not a component.", "Build a component with `aerocall build`.";
        PRECOMPILED_ARTIFACT = "precompiled_artifact" 422: "The file is precompiled machine code. The server runs only what it compiled itself.", "Upload the `.wasm` component.";
        TRUNCATED = "truncated" 422: "The file ends too early.", "Upload it again.";
        WRONG_WORLD = "wrong_world" 422: "The component does not export the hook interface, or an incompatible version of it.", "Build it against `wit/` of this version.";
        FORBIDDEN_IMPORT = "forbidden_import" 422: "The component imports something that hooks cannot use, such as sockets.", "The message names it and what to use in its place: `aerocall:hooks/…` and parts of WASI 0.2 can be imported.";
        UNKNOWN_ENGINE = "unknown_engine" 422: "The bundle needs a JavaScript engine that this server does not have.", "Build it again with this server's version of `aerocall`.";
        BAD_MANIFEST = "bad_manifest" 422: "The manifest is missing, duplicated, unreadable, too large, of a newer format, names a hook point, event or capability that does not exist, lacks one that the component imports, or has an invalid schedule.", "Follow the message; build it with `aerocall build`, or update the server.";
        TOO_LARGE = "too_large" 422: "The bundle is larger than allowed.", "Bundle less code.";
        INVALID_WASM = "invalid_wasm" 422: "The component is not valid WebAssembly; the message says where.", "Build it again.";
        BUILD_FAILED = "build_failed" 422: "The sources cannot be built; `details` says where and why.", "Correct them; `POST …/check` says the same without making a version.";
        COMPILE_FAILED = "compile_failed" 422: "The compiler failed.", "Report it with the bundle.";
        COMPILE_LIMIT = "compile_limit" 422: "The component takes too long or too much memory to compile.", "Make it smaller: fewer and shorter functions.";
    }
    Sdk {
        SDK_UNAVAILABLE = "unavailable" 0: "This host, project or hook point does not offer the capability.", "Check for it first, or catch the error.";
        SDK_CAPABILITY_NOT_DECLARED = "capability_not_declared" 0: "The bundle does not declare the capability.", "Add it to `config.capabilities`.";
        SDK_DENIED = "denied" 0: "A rule, such as an allow-list, does not permit the call.", "Ask the owner of the project.";
        SDK_INVALID_ARGUMENT = "invalid_argument" 0: "An argument has the wrong type or is out of range; the message names it.", "Correct the call.";
        SDK_NOT_FOUND = "not_found" 0: "There is nothing with this name.", "Check the name.";
        SDK_CONFLICT = "conflict" 0: "The value was changed by somebody else, or is of another type.", "Read it again.";
        SDK_TOO_LARGE = "too_large" 0: "A value exceeds its size limit; the message names it.", "Send less.";
        SDK_LIMIT_EXCEEDED = "limit_exceeded" 0: "A limit of the invocation or the project is exceeded; the message names it.", "Do less per invocation.";
        SDK_TIMEOUT = "timeout" 0: "The backend took too long.", "Try again if `retryable`.";
        SDK_BACKEND_UNAVAILABLE = "backend_unavailable" 0: "The backend is not available.", "Try again if `retryable`.";
        SDK_INTERNAL = "internal" 0: "An unexpected error; the server's log has the details.", "Report it.";
    }
}

impl Area {
    /// In the order of the documentation.
    pub const ALL: [Self; 4] = [Self::Api, Self::Hooks, Self::Bundles, Self::Sdk];

    /// Its heading.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Api => "Requests",
            Self::Hooks => "Hooks",
            Self::Bundles => "Bundles",
            Self::Sdk => "The SDK",
        }
    }

    /// What its codes have in common.
    #[must_use]
    pub fn about(self) -> &'static str {
        match self {
            Self::Api => "Error codes of requests.",
            Self::Hooks => {
                "Error codes of requests whose hook failed and has the failure policy `closed`. The reason (message, stack, position in\n\
                 the source) is in the log under the request's id and never in the response."
            }
            Self::Bundles => "Error codes of uploads and deployments.",
            Self::Sdk => {
                "`AerocallError.code` in hooks. A hook that does not catch the error fails with `hook_failed`."
            }
        }
    }
}

/// Codes by name. One may be met in two places.
#[must_use]
pub fn by_name() -> BTreeMap<&'static str, Vec<&'static Code>> {
    let mut found: BTreeMap<&str, Vec<&Code>> = BTreeMap::new();
    for code in ALL {
        found.entry(code.name).or_default().push(code);
    }
    found
}

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}
