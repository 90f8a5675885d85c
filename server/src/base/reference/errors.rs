//! Every error code with its status, its meaning and what to do about it: the one list from which `docs/errors.md`, a page
//! for each code and the answers of the OpenAPI document are made. A code that the source uses and that is not here fails a
//! test. To add one, add its line here and run `UPDATE_DOCS=1 cargo test --workspace --lib documents_are`.

/// A code of an error.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Code {
    pub(crate) code: &'static str,
    pub(crate) area: Area,
    /// Of HTTP; 0 for the SDK, which has none.
    pub(crate) status: u16,
    pub(crate) meaning: &'static str,
    pub(crate) remedy: &'static str,
}

/// Where a code is met.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Area {
    /// Answers to requests.
    Api,
    /// Answers to requests whose hooks came to no decision.
    Hooks,
    /// Answers to uploads and deployments.
    Bundles,
    /// `AerocallError.code` inside of hooks.
    Sdk,
}

const fn code(area: Area, code: &'static str, status: u16, meaning: &'static str, remedy: &'static str) -> Code {
    Code {
        code,
        area,
        status,
        meaning,
        remedy,
    }
}

const fn api(name: &'static str, status: u16, meaning: &'static str, remedy: &'static str) -> Code {
    code(Area::Api, name, status, meaning, remedy)
}

const fn hooks(name: &'static str, status: u16, meaning: &'static str, remedy: &'static str) -> Code {
    code(Area::Hooks, name, status, meaning, remedy)
}

const fn bundles(name: &'static str, status: u16, meaning: &'static str, remedy: &'static str) -> Code {
    code(Area::Bundles, name, status, meaning, remedy)
}

const fn sdk(name: &'static str, meaning: &'static str, remedy: &'static str) -> Code {
    code(Area::Sdk, name, 0, meaning, remedy)
}

/// One line for each: code, status, meaning, what to do. Backticks mark code.
#[rustfmt::skip]
pub(crate) const ALL: &[Code] = &[
    // Requests
    api("malformed_body", 400, "The body is not UTF-8, not JSON, or no object; `details` says where.", "Send a JSON object."),
    api("missing_api_key", 401, "There is no `X-Aerocall-Key`.", "Send the project's publishable key, `pk_…`."),
    api("invalid_api_key", 401, "The key does not exist, was revoked, or is of the wrong kind for this place.", "Check the key in the project's settings."),
    api("invalid_credentials", 401, "The email or the password is wrong, or the account may not log in. Which of them is never said.", "Ask again."),
    api("invalid_token", 401, "The access token is missing, expired, revoked, or of another project.", "Log in again."),
    api("unauthorized", 401, "The admin API needs an admin token or a secret key.", "Send `Authorization: Bearer …`."),
    api("invalid_code", 401, "The code or link is wrong, was used already, or has expired. Which of them is never said.", "Ask for a new one."),
    api("invalid_refresh_token", 401, "The refresh token is wrong, was used already, or its session is over.", "Log in again."),
    api("account_banned", 403, "The account was banned. Only its owner, who proved who they are, is told.", "Ask the people of the project."),
    api("email_unverified", 403, "The project lets nobody in before the email address is confirmed.", "Follow the link in the mail, or ask for a new one."),
    api("mfa_required", 403, "The account has a second factor, or the project wants one, and none was shown; or it is the last one where the project wants one.", "Log in again and show it; before the last one goes, enrol another."),
    api("not_enabled", 403, "The project has switched this off; the message says what.", "Switch it on in the settings of the project."),
    api("recent_login_required", 403, "The last proof of who this is lies too long ago for this change.", "Log in again."),
    api("not_found", 404, "There is nothing here, or nothing that this caller may know of.", "Check the path and whose key it is."),
    api("method_not_allowed", 405, "The path has other methods.", "See the header `Allow`."),
    api("email_taken", 409, "There is an account with this email in the project.", "Offer to log in."),
    api("job_not_dead", 409, "Only a dead job can be put back; the message says what this one is.", "Wait, or leave it: it runs by itself."),
    api("webhook_disabled", 409, "The webhook endpoint is disabled, so nothing is sent to it.", "Enable it: PATCH with `{\"state\":\"enabled\"}`."),
    api("delivery_not_ended", 409, "Only a delivery that has ended can be sent again; the message says where this one stands.", "Wait: it is tried again by itself."),
    api("environment_exists", 409, "The project has an environment with this name.", "Choose another name."),
    api("project_exists", 409, "There is a project with this id.", "Choose another id."),
    api("user_changed", 409, "Somebody else changed the user at the same time.", "Read the user and try again."),
    api("limit_reached", 409, "There are as many of this kind as there may be; the message says how many.", "Delete one."),
    api("migration_rewritten", 409, "A migration that was applied has changed since, or a new one comes before it; `details` names it.", "Put it back, and add a migration whose name comes last."),
    api("phone_taken", 409, "There is an account with this phone number in the project.", "Use another number."),
    api("account_exists", 409, "An identity provider vouches for an email that an account has, and one of the two has not proved the address.", "Log in as before and confirm the address."),
    api("identity_taken", 409, "The account of the identity provider leads into somebody else's account here.", "Part with it there first."),
    api("last_way_in", 409, "Nothing else leads into the account.", "Set a password first."),
    api("body_too_large", 413, "The body is longer than the setting allows.", "Send less, or raise `http.json_body_bytes` or `http.component_body_bytes`."),
    api("unsupported_media_type", 415, "The body is of another type than this path takes.", "Set `Content-Type` as the message says."),
    api("invalid_input", 422, "Fields are missing, unknown, or not as they must be; `details` names every one of them.", "Mend the fields."),
    api("migration_failed", 422, "A migration cannot be applied, so neither it nor the deployment was; `details` names it, its statement and what is wrong.", "Mend the migration."),
    api("email_missing", 422, "The identity provider gave no email address that can be used, and the account there is not known yet.", "Ask the provider for the scope `email`."),
    api("too_many_streams", 429, "The project has as many streams of events as it may have at the same time.", "Close one."),
    api("rate_limited", 429, "Too many requests of a kind from here, or about this account.", "Wait for `Retry-After`."),
    api("internal_error", 500, "Something unexpected happened.", "Quote the `request_id` when you report it."),
    api("busy", 503, "The server has as much work as it takes, or its database is away.", "Try again after `Retry-After`."),
    api("sms_not_deliverable", 503, "Nobody delivers text messages in this project.", "Deploy a hook at `beforeOtpSend` or on `auth.otp.send`."),
    api("provider_unavailable", 503, "The identity provider cannot be asked: it does not answer, answers something else, or its address is not on the public internet.", "Try again; check the issuer in the settings."),
    // Hooks
    hooks("hook_denied", 403, "The hook denied the request and named no code of its own.", "The hook's message says."),
    hooks("hook_failed", 502, "The hook threw, waits for something that never comes, or broke a rule of the sandbox.", "See the log; catch what may be thrown."),
    hooks("hook_out_of_fuel", 502, "The hook used up its computing budget: an endless loop, a catastrophic regular expression.", "Do less, or ask for more with `limits.fuel`."),
    hooks("hook_out_of_memory", 502, "The hook used up its memory.", "Keep less at a time, or ask for more with `limits.memoryBytes`."),
    hooks("hook_bad_reply", 502, "What the hook returned is no decision, or its patch cannot be applied; `details` names the field.", "Return nothing, `{ deny }` or `{ patch }` with fields this hook point may change."),
    hooks("hook_unavailable", 503, "The hook could not be run: its version does not load, it does not export this hook point, or the project runs as many hooks at a time as it may.", "Try again; look at the deployment's `problem`."),
    hooks("hook_timeout", 504, "The hook, or all hooks of the point together, took too long.", "Wait for less, or ask for more with `limits.deadlineMs`."),
    // Bundles
    bundles("not_a_component", 422, "The file is not WebAssembly, or damaged.", "Upload what `aerocall build` wrote."),
    bundles("core_module", 422, "It is a core module.", "Build a component: `aerocall build`."),
    bundles("precompiled_artifact", 422, "It is machine code. Only what this server compiled itself is ever run.", "Upload the `.wasm` component."),
    bundles("truncated", 422, "The file ends too early.", "Upload it again."),
    bundles("wrong_world", 422, "The component does not export hooks, or not of this contract.", "Build it against `wit/` of this version."),
    bundles("forbidden_import", 422, "It imports something hooks may not have, such as WASI.", "Use the SDK; only `aerocall:hooks/…` exists here."),
    bundles("unknown_engine", 422, "It needs a JS engine that this server does not have.", "Build it again with this server's `aerocall`."),
    bundles("bad_manifest", 422, "The manifest is missing, twice there, unreadable, too large, of a newer format, or has a schedule that makes no sense.", "Build it with `aerocall build`, or update the server."),
    bundles("too_large", 422, "The bundle is larger than any may be.", "Bundle less."),
    bundles("invalid_wasm", 422, "The component is not valid; the message says where.", "Build it again."),
    bundles("compile_failed", 422, "The compiler gave up.", "Report it with the bundle."),
    bundles("compile_limit", 422, "The component takes too long or too much memory to compile.", "Make it smaller: fewer and shorter functions."),
    // The SDK
    sdk("unavailable", "This host, project or hook point does not offer the capability.", "Check for it, or catch this."),
    sdk("capability_not_declared", "The bundle did not declare it.", "Add it to `config.capabilities`."),
    sdk("denied", "Refused by a rule, such as an allow-list.", "Ask the project's owner."),
    sdk("invalid_argument", "An argument is not of the right kind or range; the message names it.", "Mend the call."),
    sdk("not_found", "There is nothing by that name.", "Check the name."),
    sdk("conflict", "Something else got there first, or the value is of another kind.", "Read it again."),
    sdk("too_large", "A value is over its size limit; the message names it.", "Send less."),
    sdk("limit_exceeded", "A budget of the call or the project is used up; the message names it.", "Do less per call."),
    sdk("timeout", "The back end took too long.", "Try again if `retryable`."),
    sdk("backend_unavailable", "The back end cannot be reached.", "Try again if `retryable`."),
    sdk("internal", "Unexpected; the host's log knows more.", "Report it."),
];

#[cfg(test)]
/// The code of a request's error.
pub(crate) fn of_request(code: &str) -> Option<&'static Code> {
    ALL.iter().find(|known| known.area != Area::Sdk && known.code == code)
}
