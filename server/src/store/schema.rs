//! The tables as diesel sees them. The migrations are the truth; every test starts from them.

diesel::table! { projects (id) { id -> Text, name -> Text, created_ms -> BigInt, } }

diesel::table! { environments (project_id, name) { project_id -> Text, name -> Text, created_ms -> BigInt, } }

diesel::table! {
    api_keys (id) {
        id -> Text, project_id -> Text, environment -> Text, kind -> Text, lookup -> Text,
        created_ms -> BigInt, revoked_ms -> Nullable<BigInt>,
    }
}

diesel::table! {
    admin_tokens (id) {
        id -> Text, name -> Text, hash -> Text, created_ms -> BigInt, revoked_ms -> Nullable<BigInt>,
    }
}

diesel::table! {
    signing_keys (kid) {
        kid -> Text, project_id -> Text, environment -> Text, public_key -> Binary, sealed_private -> Binary,
        created_ms -> BigInt,
    }
}

diesel::table! {
    users (id) {
        id -> Text, project_id -> Text, environment -> Text, email -> Text, email_normal -> Text,
        phone -> Nullable<Text>, name -> Nullable<Text>, password_hash -> Text, metadata -> Text,
        public_metadata -> Text, created_ms -> BigInt, updated_ms -> BigInt,
    }
}

diesel::table! {
    sessions (id) {
        id -> Text, project_id -> Text, environment -> Text, user_id -> Text, client -> Text, ip -> Text,
        user_agent -> Text, created_ms -> BigInt, last_used_ms -> BigInt, expires_ms -> BigInt,
        revoked_ms -> Nullable<BigInt>,
    }
}

diesel::table! {
    hook_versions (id) {
        id -> Text, project_id -> Text, name -> Text, number -> Integer, digest -> Text, manifest -> Text,
        component_bytes -> BigInt, component -> Binary, created_ms -> BigInt,
    }
}

diesel::table! {
    deployments (id) {
        id -> Text, project_id -> Text, environment -> Text, number -> Integer, created_by -> Text,
        created_ms -> BigInt,
    }
}

diesel::table! {
    deployment_hooks (deployment_id, position) {
        deployment_id -> Text, position -> Integer, version_id -> Text, failure_policy -> Nullable<Text>,
        state -> Text, limits -> Text,
    }
}

diesel::table! {
    outbox_events (id) {
        id -> Text, kind -> Text, version -> Integer, project_id -> Text, environment -> Text, time_ms -> BigInt,
        actor -> Text, data -> Text, dispatched_ms -> Nullable<BigInt>,
    }
}

diesel::table! {
    jobs (id) {
        id -> Text, project_id -> Text, environment -> Text, queue -> Text, message -> Text,
        idempotency_key -> Nullable<Text>, state -> Text, attempts -> Integer, hops -> Integer, run_at_ms -> BigInt,
        announced_until_ms -> BigInt, lease_owner -> Nullable<Text>, lease_until_ms -> Nullable<BigInt>,
        error -> Nullable<Text>, created_ms -> BigInt, finished_ms -> Nullable<BigInt>,
    }
}

diesel::table! {
    mails (id) {
        id -> Text, project_id -> Text, environment -> Text, recipient -> Text, template -> Nullable<Text>,
        subject -> Text, body_text -> Nullable<Text>, body_html -> Nullable<Text>, state -> Text, attempts -> Integer,
        run_at_ms -> BigInt, error -> Nullable<Text>, created_ms -> BigInt, finished_ms -> Nullable<BigInt>,
    }
}

diesel::table! {
    mail_templates (project_id, environment, name) {
        project_id -> Text, environment -> Text, name -> Text, subject -> Text, body_text -> Nullable<Text>,
        body_html -> Nullable<Text>, updated_ms -> BigInt,
    }
}

diesel::table! {
    secrets (project_id, environment, name) {
        project_id -> Text, environment -> Text, name -> Text, sealed -> Binary, hosts -> Text, created_ms -> BigInt,
        updated_ms -> BigInt,
    }
}

diesel::table! {
    project_settings (project_id, environment, name) {
        project_id -> Text, environment -> Text, name -> Text, document -> Nullable<Text>, sealed -> Nullable<Binary>,
        updated_ms -> BigInt,
    }
}

diesel::table! {
    invocations (id) {
        id -> Text, project_id -> Text, environment -> Text, request_id -> Text, hook -> Text, point -> Text,
        version_number -> Integer, digest -> Text, outcome -> Text, record -> Text, seed -> Binary,
        duration_us -> BigInt, fuel -> BigInt, memory_peak_bytes -> BigInt, created_ms -> BigInt,
    }
}

diesel::joinable!(deployment_hooks -> hook_versions (version_id));
diesel::allow_tables_to_appear_in_same_query!(deployment_hooks, hook_versions);
