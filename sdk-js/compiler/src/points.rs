//! The table of hook points and events: the one place of the compiler that knows their names.
//!
//! The names are a contract with authors, the server and the documentation (`docs`, "Names that others rely on"):
//! adding a line is a feature, changing one breaks deployed hooks. Knows nothing of syntax trees or bundles.

/// When a lifecycle hook runs, seen from the request it belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timing {
    /// Before the state changes: may deny or patch.
    Before,
    /// After the state has changed: bounded, cannot undo.
    After,
}

/// One point in a request at which a hook may run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HookPoint {
    /// The name under which a hook is exported: `beforeSignup`.
    pub name: &'static str,
    /// Before or after the change.
    pub timing: Timing,
}

/// Two points, before and after, for each step of a request.
macro_rules! points {
    ($($before:literal / $after:literal),* $(,)?) => {
        &[$(
            HookPoint { name: $before, timing: Timing::Before },
            HookPoint { name: $after, timing: Timing::After },
        )*]
    };
}

/// Every lifecycle hook, in the order in which the documentation lists them.
pub const HOOK_POINTS: &[HookPoint] = points![
    "beforeSignup" / "afterSignup",
    "beforeLogin" / "afterLogin",
    "beforeTokenIssue" / "afterTokenIssue",
    "beforeTokenRefresh" / "afterTokenRefresh",
    "beforeLogout" / "afterLogout",
    "beforePasswordResetRequest" / "afterPasswordResetRequest",
    "beforePasswordReset" / "afterPasswordReset",
    "beforePasswordChange" / "afterPasswordChange",
    "beforeOtpSend" / "afterOtpSend",
    "beforeOtpVerify" / "afterOtpVerify",
    "beforeEmailVerify" / "afterEmailVerify",
    "beforeUserUpdate" / "afterUserUpdate",
    "beforeUserDelete" / "afterUserDelete",
    "beforeMfaVerify" / "afterMfaVerify",
];

/// Every event with a fixed name; see [`EVENT_FAMILIES`] for the open ones.
pub const EVENTS: &[&str] = &[
    "auth.signup",
    "auth.login",
    "auth.login.failed",
    "auth.logout",
    "auth.token.refreshed",
    "auth.password.reset.requested",
    "auth.password.reset.completed",
    "auth.password.changed",
    "auth.otp.send",
    "auth.otp.verified",
    "auth.email.verification.requested",
    "auth.email.verified",
    "auth.user.updated",
    "auth.user.deleted",
    "auth.session.revoked",
];

/// Prefixes of events whose last part is open: `auth.mfa.enrolled`, `cron.cleanup`, `queue.mails`.
pub const EVENT_FAMILIES: &[&str] = &["auth.mfa.", SCHEDULE_FAMILY, "queue."];

/// What the handler of a schedule is called, before the schedule's name.
pub const SCHEDULE_FAMILY: &str = "cron.";

/// The export that holds a script hook's handlers by event.
pub const EVENTS_EXPORT: &str = "on";

/// The export that holds a hook's own capabilities and limits.
pub const CONFIG_EXPORT: &str = "config";

/// The point with this name.
#[must_use]
pub fn hook_point(name: &str) -> Option<&'static HookPoint> {
    HOOK_POINTS.iter().find(|point| point.name == name)
}

/// Whether this is the name of an event that can happen.
#[must_use]
pub fn is_event(name: &str) -> bool {
    EVENTS.contains(&name)
        || EVENT_FAMILIES
            .iter()
            .any(|family| name.strip_prefix(family).is_some_and(|rest| !rest.is_empty()))
}

/// The hook point that a mistyped name most likely means, if one is near.
#[must_use]
pub fn nearest_hook_point(name: &str) -> Option<&'static str> {
    let names = HOOK_POINTS.iter().map(|point| point.name);
    // In other places hooks are called `onSignup`; what reacts to something done is `after` here.
    let name = &name
        .strip_prefix("on")
        .map_or_else(|| name.to_owned(), |rest| format!("after{rest}"));
    nearest(name, names, |name| name.len().div_ceil(3))
}

/// The event that a mistyped name most likely means, if one is near.
#[must_use]
pub fn nearest_event(name: &str) -> Option<&'static str> {
    nearest(name, EVENTS.iter().copied(), |name| name.len().div_ceil(2))
}

/// Whether an export can only be meant as a hook: it is spelled like one, or nearly.
#[must_use]
pub fn looks_like_hook(name: &str) -> bool {
    let spelled = ["before", "after", "on"].iter().any(|prefix| {
        name.strip_prefix(prefix)
            .and_then(|rest| rest.chars().next())
            .is_some_and(|first| first.is_ascii_uppercase())
    });
    spelled || nearest(name, HOOK_POINTS.iter().map(|point| point.name), |_| 2).is_some()
}

/// The candidate with the smallest edit distance, letters' case aside, if it is within reach of `name`.
fn nearest(
    name: &str,
    candidates: impl Iterator<Item = &'static str>,
    reach: impl Fn(&str) -> usize,
) -> Option<&'static str> {
    let wanted = name.to_lowercase();
    candidates
        .map(|candidate| {
            (
                strsim::damerau_levenshtein(&wanted, &candidate.to_lowercase()),
                candidate,
            )
        })
        .filter(|(distance, _)| *distance <= reach(name))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_hook_points_that_are_near() {
        assert_eq!(nearest_hook_point("beforeSingup"), Some("beforeSignup"));
        assert_eq!(nearest_hook_point("BeforeSignup"), Some("beforeSignup"));
        assert_eq!(nearest_hook_point("onSignup"), Some("afterSignup"));
        assert_eq!(nearest_hook_point("zzz"), None);
    }

    #[test]
    fn tells_hooks_from_helpers() {
        for name in ["beforeAnything", "afterX", "onLogin", "beforesignup", "efterLogin"] {
            assert!(looks_like_hook(name), "{name}");
        }
        for name in ["on", "config", "helper", "once", "beforehand", "domainOf"] {
            assert!(!looks_like_hook(name), "{name}");
        }
    }

    #[test]
    fn knows_events_and_their_families() {
        for name in [
            "auth.signup",
            "queue.mails",
            "auth.mfa.enrolled",
            "auth.mfa.*",
            "cron.cleanup",
        ] {
            assert!(is_event(name), "{name}");
        }
        for name in ["auth.sign", "queue.", "cron.", "auth.mfa.", "signup"] {
            assert!(!is_event(name), "{name}");
        }
        assert_eq!(nearest_event("auth.singup"), Some("auth.signup"));
    }
}
