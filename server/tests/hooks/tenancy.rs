//! Projects and calls do not see or slow each other.

use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};

use crate::{
    bundles::hook,
    site::{PASSWORD, Site, until},
};

fn metadata(site: &Site, pk: &str, email: &str) -> Value {
    site.registered(pk, email).json["user"]["metadata"].clone()
}

#[test]
fn the_cache_of_a_project_is_its_own() {
    let site = Site::new();
    let (a, b) = (site.project("a"), site.project("b"));
    let body = "const n = await Aerocall.cache.increment('../a/production/n'); \
                const before = (await Aerocall.cache.get('who')) ?? 'nobody'; await Aerocall.cache.set('who', context.projectId); \
                return { patch: { user: { metadata: { n, before } } } };";
    for project in ["a", "b"] {
        site.live(project, &[("count", &hook("beforeSignup", body))]);
    }
    assert_eq!(
        metadata(&site, &a.pk, "1@example.com"),
        json!({ "n": 1, "before": "nobody" })
    );
    assert_eq!(
        metadata(&site, &a.pk, "2@example.com"),
        json!({ "n": 2, "before": "a" })
    );
    assert_eq!(
        metadata(&site, &b.pk, "1@example.com"),
        json!({ "n": 1, "before": "nobody" })
    );
    assert_eq!(
        metadata(&site, &a.pk, "3@example.com"),
        json!({ "n": 3, "before": "a" })
    );
}

#[test]
fn nothing_of_a_call_is_seen_by_the_next() {
    let site = Site::new();
    let pk = site.project("a").pk;
    let source = "let calls = 0; const kept: string[] = []; (globalThis as any).shared = [];
        export const beforeSignup = async (context: any, payload: any) => {
            const bump = () => { calls++; kept.push(payload.user.email); (globalThis as any).shared.push(1); \
                                 (Array.prototype as any).mark = ((Array.prototype as any).mark ?? 0) + 1; };
            bump(); bump();
            const metadata = { calls, kept, shared: (globalThis as any).shared.length, mark: ([] as any).mark, \
                               random: Math.random(), uuid: crypto.randomUUID(), now: Date.now(), id: context.invocationId };
            return { patch: { user: { metadata } } };
        };";
    site.live("a", &[("state", source)]);
    let seen: Vec<Value> = (0..4)
        .map(|n| metadata(&site, &pk, &format!("{n}@example.com")))
        .collect();
    for (n, metadata) in seen.iter().enumerate() {
        let email = format!("{n}@example.com");
        assert_eq!(metadata["calls"], 2, "state does live inside one call, and no longer");
        assert_eq!(metadata["kept"], json!([email, email]));
        assert_eq!((&metadata["shared"], &metadata["mark"]), (&json!(2), &json!(2)));
    }
    for field in ["random", "uuid", "id"] {
        let mut values: Vec<String> = seen.iter().map(|metadata| metadata[field].to_string()).collect();
        values.sort();
        values.dedup();
        assert_eq!(values.len(), seen.len(), "{field} repeats");
    }
}

#[test]
fn the_same_bundle_serves_two_projects_and_environments() {
    let site = Site::new();
    let a = site.project("a").pk;
    let made = site.admin(
        "POST",
        "/projects",
        Some(json!({ "id": "b", "environment": "staging" })),
    );
    let b = made.json["publishable_key"].as_str().unwrap().to_owned();
    let source = hook(
        "beforeSignup",
        "return { patch: { user: { metadata: { at: `${context.projectId}/${context.environment}`, v: context.version } } } };",
    );
    site.live("a", &[("other", &hook("beforeSignup", "")), ("where", &source)]);
    let number = site.version("b", "where", &source);
    let path = "/projects/b/environments/staging/deployments";
    let deployed = site.admin(
        "POST",
        path,
        Some(json!({ "hooks": [{ "name": "where", "number": number }] })),
    );
    assert_eq!(deployed.status, 201, "{deployed:?}");
    let (first, second) = (
        metadata(&site, &a, "x@example.com"),
        metadata(&site, &b, "x@example.com"),
    );
    assert_eq!(
        (&first["at"], &second["at"]),
        (&json!("a/production"), &json!("b/staging"))
    );
    assert_eq!(first["v"], second["v"], "the same bytes, the same number");
}

#[test]
fn a_project_runs_so_many_hooks_at_a_time_and_others_do_not_notice() {
    let site = Site::with(&[("AEROCALL_HOOKS_CONCURRENT_CALLS_PER_PROJECT", "2")]);
    let (a, b) = (site.project("a"), site.project("b"));
    site.live(
        "a",
        &[(
            "wait",
            &hook("beforeSignup", "await new Promise((done) => setTimeout(done, 600));"),
        )],
    );
    site.live(
        "b",
        &[(
            "gate",
            &hook("beforeSignup", "return { patch: { user: { name: 'B' } } };"),
        )],
    );
    let statuses: Vec<(u16, String)> = std::thread::scope(|scope| {
        let sign_up = |n: usize| {
            let answer = site.register(
                &a.pk,
                json!({ "email": format!("{n}@example.com"), "password": PASSWORD }),
            );
            (
                answer.status,
                answer.json["error"]["code"].as_str().unwrap_or_default().to_owned(),
            )
        };
        let threads: Vec<_> = (0..5).map(|n| scope.spawn(move || sign_up(n))).collect();
        // Two of them run by then, and the others have been refused.
        until(|| (threads.iter().filter(|thread| thread.is_finished()).count() == 3).then_some(()));
        assert_eq!(site.registered(&b.pk, "b@example.com").json["user"]["name"], "B");
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(
        statuses.iter().filter(|(status, _)| *status == 201).count(),
        2,
        "{statuses:?}"
    );
    let refused = (503, "hook_unavailable".to_owned());
    assert_eq!(
        statuses.iter().filter(|status| **status == refused).count(),
        3,
        "{statuses:?}"
    );
    assert_eq!(
        site.registered(&a.pk, "later@example.com").status,
        201,
        "the permits are free again"
    );
}

/// Calls that spin at the same time, where two threads run all of them.
const SPINNING: usize = 8;

#[test]
fn a_project_that_spins_does_not_hold_up_another() {
    // So much that none of them ends before the test has seen what it looks for.
    let site = Site::with(&[("AEROCALL_HOOKS_MAX_FUEL", "20000000000")]);
    let (a, b) = (site.project("a"), site.project("b"));
    let spin = "
        export const config = { limits: { fuel: 20000000000, deadlineMs: 5000 } };
        export const beforeSignup = async (_c: any, _p: any, Aerocall: any) => {
          await Aerocall.cache.increment('spinning');
          for (;;) {}
        };
        export const beforeLogin = async (_c: any, _p: any, Aerocall: any) => {
          throw new Aerocall.Deny(String(await Aerocall.cache.get('spinning')));
        };";
    // Whoever asks how many spin: hooks of a login run for an account alone.
    assert_eq!(site.registered(&a.pk, "x@example.com").status, 201);
    site.live("a", &[("spin", spin)]);
    let gate = hook("beforeSignup", "return { patch: { user: { name: 'B' } } };");
    site.live("b", &[("gate", &gate)]);
    let ended = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for n in 0..SPINNING {
            let (site, a, ended) = (&site, &a, &ended);
            scope.spawn(move || {
                let body = json!({ "email": format!("{n}@example.com"), "password": PASSWORD });
                let answer = site.register(&a.pk, body);
                ended.fetch_add(1, Ordering::SeqCst);
                assert!(
                    ["hook_timeout", "hook_out_of_fuel"].contains(&answer.code()),
                    "{answer:?}"
                );
            });
        }
        let spinning = || site.login(&a.pk, "x@example.com", PASSWORD).json["error"]["message"].clone();
        let all = json!(SPINNING.to_string());
        until(|| (spinning() == all).then_some(()));
        for n in 0..3 {
            assert_eq!(
                site.registered(&b.pk, &format!("{n}@example.com")).json["user"]["name"],
                "B"
            );
        }
        assert_eq!(ended.load(Ordering::SeqCst), 0, "b had to wait for calls of a to end");
    });
}
