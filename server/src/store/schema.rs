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

diesel::joinable!(deployment_hooks -> hook_versions (version_id));
diesel::allow_tables_to_appear_in_same_query!(deployment_hooks, hook_versions);
