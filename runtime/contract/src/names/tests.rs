//! Names that are right, nearly right and wrong.

use super::*;

fn hint(event: &str) -> String {
    ScriptEvent::parse(event).expect_err(event).hint
}

#[test]
fn hook_points_that_are_near_are_named() {
    let hint = |name: &str| hook_point(name).unwrap_err().hint;
    for (name, near) in [
        ("beforeSingup", "beforeSignup"),
        ("beforeSignUp", "beforeSignup"),
        ("BeforeSignup", "beforeSignup"),
        ("onSignup", "afterSignup"),
        ("beforeLogIn", "beforeLogin"),
        ("beforeTokenIsue", "beforeTokenIssue"),
        ("afterMFAVerify", "afterMfaVerify"),
    ] {
        assert_eq!(hint(name), format!("did you mean `{near}`?"), "{name}");
    }
    assert!(hint("beforeLunchIsServedToAll").contains("need not be exported"));
    assert!(HookPoint::all().all(|point| hook_point(point.name()) == Ok(point)));
}

#[test]
fn hooks_are_told_from_helpers() {
    for name in ["beforeAnything", "afterX", "onLogin", "beforesignup", "efterLogin"] {
        assert!(looks_like_hook(name), "{name}");
    }
    for name in [
        "on",
        "config",
        "helper",
        "once",
        "beforehand",
        "domainOf",
        "onlyDigits",
        "login",
        "signup",
    ] {
        assert!(!looks_like_hook(name), "{name}");
    }
}

#[test]
fn events_have_exact_names_and_two_families_are_open() {
    for kind in EventKind::ALL.iter().filter(|kind| kind.reaches_hooks()) {
        assert_eq!(ScriptEvent::parse(kind.as_str()), Ok(ScriptEvent::Known(*kind)));
    }
    assert_eq!(ScriptEvent::parse("queue.mails"), Ok(ScriptEvent::Queue("mails")));
    assert_eq!(ScriptEvent::parse("queue.a.b-c_1"), Ok(ScriptEvent::Queue("a.b-c_1")));
    assert_eq!(
        ScriptEvent::parse("cron.Clean-up"),
        Ok(ScriptEvent::Schedule("Clean-up"))
    );
    let long = format!("queue.{}", "a".repeat(65));
    for name in [
        "auth.sign",
        "auth.mfa.",
        "signup",
        "",
        "*",
        "on",
        "webhook.test",
        "queue.",
        "queue",
        "queue.*",
        "queue.a/b",
        "queue.-a",
        "queue.ä",
        "cron.",
        "cron.a.b",
        "cron.*",
        "cron.a b",
        &long,
    ] {
        assert!(ScriptEvent::parse(name).is_err(), "{name}");
    }
}

#[test]
fn events_that_are_near_are_named() {
    for (name, near) in [
        ("auth.mfa.enroled", "auth.mfa.enrolled"),
        ("auth.mfa.enroll", "auth.mfa.enrolled"),
        ("auth.singup", "auth.signup"),
        ("auth.Signup", "auth.signup"),
        ("signup", "auth.signup"),
        ("login.failed", "auth.login.failed"),
        ("auth.login_failed", "auth.login.failed"),
        ("auth.email.verify", "auth.email.verified"),
        ("auth.user.update", "auth.user.updated"),
        ("auth.password.reset.request", "auth.password.reset.requested"),
        ("queu.mails", "queue.mails"),
        ("queues.mails", "queue.mails"),
        ("crom.cleanup", "cron.cleanup"),
        ("queue.Mails", "queue.mails"),
    ] {
        assert_eq!(hint(name), format!("did you mean {near:?}?"), "{name}");
    }
    for name in [
        "auth.payment.received",
        "order.placed",
        "x",
        "",
        "core.x",
        "auth.nothing.at.all",
    ] {
        assert!(!hint(name).contains("did you mean"), "{name}: {}", hint(name));
    }
    assert_eq!(
        hint("auth.session.started.today.by.somebody"),
        "events are named like \"auth.signup\"; messages of a queue arrive as \"queue.<name>\", schedules as \"cron.<name>\""
    );
    assert_eq!(hint("auth.session.begun"), "there are: auth.session.revoked");
}

#[test]
fn a_group_is_refused_with_its_events() {
    assert_eq!(
        hint("auth.mfa.*"),
        "name each event: auth.mfa.enrolled, auth.mfa.verified, auth.mfa.recovery.used, auth.mfa.removed"
    );
    assert!(hint("*").starts_with("name each event: auth.signup, "));
    assert!(!hint("*").contains("webhook.test"));
    assert!(hint("auth.sign*").starts_with("did you mean \"auth.signup\""));
    assert!(hint("queue.*").contains("name each queue"));
}

#[test]
fn a_bundle_has_known_names_alone() {
    let check = |hooks: &[&'static str], events: &[&'static str], capabilities: &[&'static str]| {
        check_bundle(
            hooks.iter().copied(),
            events.iter().copied(),
            capabilities.iter().copied(),
        )
        .map_err(|problem| problem.to_string())
    };
    assert_eq!(
        check(&["beforeSignup"], &["queue.a", "auth.login"], &["db", "http:a.example"]),
        Ok(())
    );
    assert!(
        check(&["beforeSignUp"], &[], &[])
            .unwrap_err()
            .contains("`beforeSignup`")
    );
    assert!(
        check(&[], &["auth.mfa.*"], &[])
            .unwrap_err()
            .contains("auth.mfa.removed")
    );
    assert!(
        check(&[], &[], &["files:x"])
            .unwrap_err()
            .contains("no capability `files`")
    );
}
