//! The tables as diesel sees them. The migrations are the truth; every test starts from them.

diesel::table! {
    projects (id) { id -> Text, name -> Text, created_ms -> BigInt, removed_ms -> Nullable<BigInt>, }
}

diesel::table! {
    environments (project_id, name) {
        project_id -> Text, name -> Text, created_ms -> BigInt, display_name -> Nullable<Text>,
        removed_ms -> Nullable<BigInt>,
    }
}

diesel::table! {
    api_keys (id) {
        id -> Text, project_id -> Text, environment -> Text, kind -> Text, lookup -> Text,
        created_ms -> BigInt, revoked_ms -> Nullable<BigInt>, name -> Text, last_used_ms -> Nullable<BigInt>,
        expires_ms -> Nullable<BigInt>,
    }
}

diesel::table! {
    admin_tokens (id) {
        id -> Text, name -> Text, hash -> Text, created_ms -> BigInt, revoked_ms -> Nullable<BigInt>,
        project_id -> Nullable<Text>, last_used_ms -> Nullable<BigInt>, expires_ms -> Nullable<BigInt>,
        scopes -> Nullable<Text>, environment -> Nullable<Text>,
    }
}

diesel::table! { setup_codes (hash) { hash -> Text, created_ms -> BigInt, expires_ms -> BigInt, } }

diesel::table! {
    signing_keys (kid) {
        kid -> Text, project_id -> Text, environment -> Text, public_key -> Binary, sealed_private -> Binary,
        created_ms -> BigInt, active_ms -> BigInt, retired_ms -> Nullable<BigInt>,
    }
}

diesel::table! {
    users (id) {
        id -> Text, project_id -> Text, environment -> Text, email -> Text, email_normal -> Text,
        phone -> Nullable<Text>, name -> Nullable<Text>, password_hash -> Nullable<Text>,
        password_changed_ms -> Nullable<BigInt>, email_verified_ms -> Nullable<BigInt>,
        phone_verified_ms -> Nullable<BigInt>, banned_until_ms -> Nullable<BigInt>, ban_reason -> Nullable<Text>,
        last_login_ms -> Nullable<BigInt>, provider -> Text, metadata -> Text, public_metadata -> Text,
        created_ms -> BigInt, updated_ms -> BigInt,
    }
}

diesel::table! {
    sessions (id) {
        id -> Text, project_id -> Text, environment -> Text, user_id -> Text, client -> Text, ip -> Text,
        user_agent -> Text, provider -> Text, amr -> Text, authenticated_ms -> BigInt, created_ms -> BigInt,
        last_used_ms -> BigInt, idle_until_ms -> BigInt, expires_ms -> BigInt, revoked_ms -> Nullable<BigInt>,
    }
}

diesel::table! {
    hook_versions (id) {
        id -> Text, project_id -> Text, name -> Text, number -> Integer, digest -> Text, manifest -> Text,
        component_bytes -> BigInt, component -> Binary, created_ms -> BigInt, created_by -> Nullable<Text>,
        message -> Nullable<Text>, base_number -> Nullable<Integer>,
    }
}

diesel::table! {
    hook_drafts (project_id, hook) {
        project_id -> Text, hook -> Text, revision -> BigInt, files -> Text, packages -> Text, settings -> Text,
        base_number -> Nullable<Integer>, base_digest -> Nullable<Text>, created_ms -> BigInt, updated_ms -> BigInt,
        updated_by -> Text,
    }
}

diesel::table! { deleted_drafts (project_id) { project_id -> Text, revision -> BigInt, } }

diesel::table! {
    deleted_versions (project_id, hook) { project_id -> Text, hook -> Text, number -> Integer, deleted_ms -> BigInt, }
}

diesel::table! {
    deployments (id) {
        id -> Text, project_id -> Text, environment -> Text, number -> Integer, created_by -> Text,
        created_ms -> BigInt, message -> Nullable<Text>, forced_reason -> Nullable<Text>, hook_count -> Nullable<Integer>,
    }
}

diesel::table! {
    deployment_hooks (deployment_id, position) {
        deployment_id -> Text, position -> Integer, version_id -> Text, failure_policy -> Nullable<Text>,
        state -> Text, limits -> Text, breaker -> Text,
    }
}

diesel::table! {
    outbox_events (id) {
        id -> Text, kind -> Text, version -> Integer, project_id -> Text, environment -> Text, time_ms -> BigInt,
        actor -> Text, data -> Text, dispatched_ms -> Nullable<BigInt>, subject -> Nullable<Text>, hops -> Integer,
        seq -> Nullable<BigInt>, request_id -> Nullable<Text>,
    }
}

diesel::table! {
    outbox_sequence (id) { id -> Integer, last -> BigInt, }
}

diesel::table! {
    jobs (id) {
        id -> Text, project_id -> Text, environment -> Text, queue -> Text, message -> Text,
        idempotency_key -> Nullable<Text>, state -> Text, attempts -> Integer, hops -> Integer, run_at_ms -> BigInt,
        announced_until_ms -> BigInt, lease_owner -> Nullable<Text>, lease_until_ms -> Nullable<BigInt>,
        error -> Nullable<Text>, created_ms -> BigInt, finished_ms -> Nullable<BigInt>,
        order_key -> Nullable<Text>, priority -> Integer, request_id -> Nullable<Text>,
    }
}

diesel::table! {
    schedules (project_id, environment, hook, name) {
        project_id -> Text, environment -> Text, hook -> Text, name -> Text, pattern -> Text, next_ms -> BigInt,
    }
}

diesel::table! {
    mails (id) {
        id -> Text, project_id -> Text, environment -> Text, recipient -> Text, template -> Nullable<Text>,
        subject -> Text, body_text -> Nullable<Text>, body_html -> Nullable<Text>, state -> Text, attempts -> Integer,
        run_at_ms -> BigInt, error -> Nullable<Text>, created_ms -> BigInt, finished_ms -> Nullable<BigInt>,
        request_id -> Nullable<Text>,
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
        updated_ms -> BigInt, updated_by -> Nullable<Text>,
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
        duration_us -> BigInt, fuel -> BigInt, memory_peak_bytes -> BigInt, created_ms -> BigInt, mode -> Text,
        user_id -> Nullable<Text>,
    }
}

diesel::table! {
    hook_rollouts (id) {
        id -> Text, project_id -> Text, environment -> Text, hook -> Text, kind -> Text, version_id -> Text,
        version_number -> Integer, digest -> Text, live_version_id -> Text, live_number -> Integer, share -> Integer,
        sticky_by -> Text, until_ms -> BigInt, stop_if -> Text, state -> Text, reason -> Nullable<Text>,
        figures -> Text, created_by -> Text, created_ms -> BigInt, updated_ms -> BigInt, ended_by -> Nullable<Text>,
        ended_ms -> Nullable<BigInt>,
    }
}

diesel::table! {
    backtests (id) {
        id -> Text, project_id -> Text, environment -> Text, hook -> Text, version_number -> Integer, digest -> Text,
        request -> Text, state -> Text, reason -> Nullable<Text>, total -> Integer, done -> Integer, figures -> Text,
        created_by -> Text, created_ms -> BigInt, seen_ms -> BigInt, finished_ms -> Nullable<BigInt>,
    }
}

diesel::table! {
    backtest_rows (id) {
        id -> Text, project_id -> Text, environment -> Text, backtest_id -> Text, invocation_id -> Text, kind -> Text,
        from_decision -> Text, to_decision -> Text, document -> Text,
    }
}

diesel::table! {
    hook_cases (project_id, hook, name) {
        project_id -> Text, hook -> Text, name -> Text, document -> Text, created_by -> Text, created_ms -> BigInt,
        updated_ms -> BigInt,
    }
}

diesel::table! {
    engines (digest) { digest -> Text, name -> Text, module -> Binary, created_ms -> BigInt, }
}

diesel::table! {
    hook_summaries (project_id, digest, model) {
        project_id -> Text, digest -> Text, model -> Text, text -> Text, facts -> Text, created_ms -> BigInt,
    }
}

diesel::table! {
    assistant_settings (project_id) {
        project_id -> Text, document -> Text, sealed_key -> Nullable<Binary>, updated_ms -> BigInt,
    }
}

diesel::table! {
    assistant_usage (project_id, day, origin) {
        project_id -> Text, day -> Text, origin -> Text, requests -> BigInt, input_tokens -> BigInt,
        output_tokens -> BigInt, cost_micros -> BigInt,
    }
}

diesel::table! {
    hook_proposals (id) {
        id -> Text, project_id -> Text, hook -> Text, document -> Text, created_ms -> BigInt,
        applied_ms -> Nullable<BigInt>, applied_revision -> Nullable<BigInt>,
    }
}

diesel::table! {
    refresh_tokens (hash) {
        hash -> Text, project_id -> Text, environment -> Text, session_id -> Text, parent_hash -> Nullable<Text>,
        created_ms -> BigInt, used_ms -> Nullable<BigInt>,
    }
}

diesel::table! {
    one_time_tokens (project_id, environment, purpose, lookup) {
        project_id -> Text, environment -> Text, purpose -> Text, lookup -> Text, proof -> Text,
        user_id -> Nullable<Text>, data -> Text, attempts_left -> Integer, created_ms -> BigInt, expires_ms -> BigInt,
    }
}

diesel::table! {
    identities (project_id, environment, provider, subject) {
        project_id -> Text, environment -> Text, provider -> Text, subject -> Text, user_id -> Text,
        email -> Nullable<Text>, created_ms -> BigInt, last_used_ms -> BigInt,
    }
}

diesel::table! {
    mfa_factors (id) {
        id -> Text, project_id -> Text, environment -> Text, user_id -> Text, kind -> Text, name -> Nullable<Text>,
        sealed_secret -> Binary, state -> Text, last_step -> BigInt, created_ms -> BigInt,
        verified_ms -> Nullable<BigInt>,
    }
}

diesel::table! { recovery_codes (user_id, hash) { user_id -> Text, hash -> Text, created_ms -> BigInt, } }

diesel::table! {
    audit_log (id) {
        id -> Text, project_id -> Nullable<Text>, environment -> Nullable<Text>, time_ms -> BigInt, actor -> Text,
        action -> Text, target -> Text, ip -> Text, request_id -> Text, data -> Text,
        actor_email -> Nullable<Text>, via -> Nullable<Text>,
    }
}

diesel::table! {
    admin_accounts (id) {
        id -> Text, email -> Text, email_normal -> Text, password_hash -> Text, is_administrator -> Integer,
        totp_sealed -> Nullable<Binary>, totp_pending -> Nullable<Binary>, totp_last_step -> BigInt,
        created_ms -> BigInt,
    }
}

diesel::table! {
    admin_recovery_codes (account_id, hash) { account_id -> Text, hash -> Text, created_ms -> BigInt, }
}

diesel::table! {
    admin_sessions (id) {
        id -> Text, hash -> Text, account_id -> Text, ip -> Text, user_agent -> Text, created_ms -> BigInt,
        last_seen_ms -> BigInt, expires_ms -> BigInt, fresh_until_ms -> BigInt,
    }
}

diesel::table! {
    admin_tickets (hash) { hash -> Text, account_id -> Text, attempts_left -> Integer, expires_ms -> BigInt, }
}

diesel::table! {
    project_members (project_id, account_id) {
        project_id -> Text, account_id -> Text, role -> Text, created_ms -> BigInt,
    }
}

diesel::table! {
    admin_invitations (id) {
        id -> Text, hash -> Text, email -> Text, email_normal -> Text, project_id -> Nullable<Text>,
        role -> Nullable<Text>, created_by -> Text, created_ms -> BigInt, expires_ms -> BigInt,
    }
}

diesel::table! {
    admin_password_resets (hash) {
        hash -> Text, account_id -> Text, created_by -> Text, expires_ms -> BigInt,
    }
}

diesel::table! {
    personal_tokens (id) {
        id -> Text, hash -> Text, account_id -> Text, name -> Text, scopes -> Nullable<Text>,
        project_id -> Nullable<Text>, environment -> Nullable<Text>, created_ms -> BigInt,
        last_used_ms -> Nullable<BigInt>, expires_ms -> Nullable<BigInt>, revoked_ms -> Nullable<BigInt>,
    }
}

diesel::table! {
    webhook_endpoints (id) {
        id -> Text, project_id -> Text, environment -> Text, url -> Text, description -> Text, event_types -> Text,
        conditions -> Text, state -> Text, disabled_by -> Nullable<Text>, ordering -> Text, codes -> Text,
        owner_email -> Nullable<Text>, failing_since_ms -> Nullable<BigInt>, created_ms -> BigInt, updated_ms -> BigInt,
    }
}

diesel::table! {
    webhook_secrets (id) {
        id -> Text, endpoint_id -> Text, sealed -> Binary, created_ms -> BigInt, expires_ms -> Nullable<BigInt>,
    }
}

diesel::table! {
    webhook_deliveries (id) {
        id -> Text, endpoint_id -> Text, event_id -> Text, event_type -> Text, state -> Text, attempts -> Integer,
        run_at_ms -> BigInt, order_key -> Nullable<Text>, lease_owner -> Nullable<Text>,
        lease_until_ms -> Nullable<BigInt>, created_ms -> BigInt, finished_ms -> Nullable<BigInt>,
    }
}

diesel::table! {
    webhook_attempts (id) {
        id -> Text, delivery_id -> Text, time_ms -> BigInt, duration_ms -> BigInt, status -> Nullable<Integer>,
        error -> Nullable<Text>, response -> Nullable<Text>, headers -> Nullable<Text>,
    }
}
diesel::table! { installation (id) { id -> Integer, revision -> BigInt, key_check -> Nullable<Text>, } }

diesel::table! { changes (project_id, environment) { project_id -> Text, environment -> Text, revision -> BigInt, } }

diesel::joinable!(refresh_tokens -> sessions (session_id));
diesel::allow_tables_to_appear_in_same_query!(refresh_tokens, sessions);
diesel::joinable!(project_members -> admin_accounts (account_id));
diesel::allow_tables_to_appear_in_same_query!(project_members, admin_accounts);
diesel::joinable!(deployment_hooks -> hook_versions (version_id));
diesel::allow_tables_to_appear_in_same_query!(deployment_hooks, hook_versions);
diesel::allow_tables_to_appear_in_same_query!(outbox_events, webhook_deliveries);
