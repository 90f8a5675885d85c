//! Every way through the auth flows × every hook point on it × every way a hook can end: run exactly once, in the order that
//! the documentation gives, answered with the right code, and with the right state afterwards.

mod paths;
mod providers;
mod world;

use serde_json::{Value, json};
pub(crate) use world::claims;
use world::{Path, World};

/// A name, what a hook does as the body of a function, and how that is refused before the commit; `None`: not at all.
type Ending = (&'static str, &'static str, Option<(u16, &'static str)>);

const ENDINGS: &[Ending] = &[
    ("allow", "", None),
    (
        "deny",
        "throw new Aerocall.Deny('not today', { code: 'not_today', status: 418 });",
        Some((418, "not_today")),
    ),
    ("failure", "throw new Error('broken');", Some((502, "hook_failed"))),
    (
        "time-out",
        "await new Promise((done) => setTimeout(done, 60000));",
        Some((504, "hook_timeout")),
    ),
    ("out of fuel", "for (;;) {}", Some((502, "hook_out_of_fuel"))),
];

/// Few enough to be used up before the deadline, whatever else the machine does.
const LIMITS: &str = "export const config = { limits: { fuel: 20000000, deadlineMs: 1500 } };";

fn hook(point: &str, body: &str) -> String {
    format!(
        "{LIMITS} export const {point} = async (context: any, payload: any, Aerocall: any): Promise<any> => {{ {body} }};"
    )
}

/// One hook at all points.
fn everywhere() -> String {
    let names: Vec<String> = world::POINTS.iter().map(|point| format!("seen as {point}")).collect();
    format!("const seen = () => {{}}; export {{ {} }};", names.join(", "))
}

#[test]
fn every_hook_of_a_path_runs_once_and_in_order() {
    let world = World::new();
    for path in world.paths() {
        let ready = (path.prepare)(&world);
        world.live(&[("all", &everywhere())]);
        let answer = (path.run)(&world, &ready);
        assert_eq!(answer.status, path.status, "{}: {answer:?}", path.name);
        assert_eq!(
            world.points_of(&answer, path.points.len()),
            path.points,
            "{}",
            path.name
        );
        assert!((path.happened)(&world, &ready), "{}", path.name);
        world.live(&[]);
    }
}

#[test]
fn a_hook_that_ends_badly_before_the_commit_leaves_nothing_and_after_it_undoes_nothing() {
    let world = World::new();
    for path in world.paths() {
        for point in path.points {
            for (name, body, refused) in ENDINGS {
                let case = format!("{}, {point}: {name}", path.name);
                let ready = (path.prepare)(&world);
                world.live(&[("probe", &hook(point, body))]);
                let answer = (path.run)(&world, &ready);
                let refused = refused.filter(|_| point.starts_with("before"));
                match refused {
                    Some((status, code)) => {
                        assert_eq!((answer.status, answer.code()), (status, code), "{case}");
                        assert_eq!(answer.json["error"]["hook"], "probe", "{case}");
                    }
                    None => assert_eq!(answer.status, path.status, "{case}: {answer:?}"),
                }
                assert_eq!(world.points_of(&answer, 1), [*point], "{case}");
                assert_eq!((path.happened)(&world, &ready), refused.is_none(), "{case}");
                world.live(&[]);
            }
        }
    }
}

#[test]
fn a_patch_changes_what_its_point_may_change_and_nothing_else() {
    let world = World::new();
    for path in world.paths() {
        for point in path.points {
            let case = format!("{}, {point}", path.name);
            let ready = (path.prepare)(&world);
            let body = "return { patch: { user: { metadata: { seen: context.hook } } } };";
            world.live(&[("probe", &hook(point, body))]);
            let answer = (path.run)(&world, &ready);
            if takes_metadata(path, point) {
                assert_eq!(answer.status, path.status, "{case}: {answer:?}");
                assert_eq!(world.metadata(&ready)["seen"], *point, "{case}");
            } else if point.starts_with("before") {
                assert_eq!(
                    (answer.status, answer.code()),
                    (502, "hook_bad_reply"),
                    "{case}: {answer:?}"
                );
                assert!(answer.fields()[0].starts_with("user"), "{case}: {answer:?}");
                assert!(!(path.happened)(&world, &ready), "{case}");
            } else {
                assert_eq!(answer.status, path.status, "{case}: {answer:?}");
            }
            world.live(&[]);
        }
    }
}

/// The points whose hooks may change what projects keep with a user.
fn takes_metadata(path: &Path, point: &str) -> bool {
    let without = ["TokenIssue", "PasswordResetRequest", "UserDelete"];
    // There is a user once the code was right.
    let nobody_yet = path.name.ends_with("somebody new") && point == "beforeOtpVerify";
    path.names_a_user && !nobody_yet && !without.iter().any(|moment| point.ends_with(moment))
}

#[test]
fn claims_of_hooks_are_in_every_token_and_reserved_ones_are_refused_by_name() {
    let world = World::new();
    for path in world.paths().filter(|path| path.points.contains(&"beforeTokenIssue")) {
        let ready = (path.prepare)(&world);
        let body = "return { patch: { claims: { plan: 'gold', provider: payload.provider } } };";
        world.live(&[("claims", &hook("beforeTokenIssue", body))]);
        let answer = (path.run)(&world, &ready);
        assert_eq!(answer.status, path.status, "{}: {answer:?}", path.name);
        let claims = world::claims(&answer);
        assert_eq!(
            (&claims["plan"], &claims["provider"]),
            (&json!("gold"), &json!(path.provider)),
            "{}",
            path.name
        );
        for reserved in [
            "iss",
            "sub",
            "aud",
            "exp",
            "iat",
            "sid",
            "amr",
            "auth_time",
            "jti",
            "nbf",
        ] {
            world.live(&[]);
            let ready = (path.prepare)(&world);
            let body = format!("return {{ patch: {{ claims: {{ {reserved}: 'forged' }} }} }};");
            world.live(&[("claims", &hook("beforeTokenIssue", &body))]);
            let answer = (path.run)(&world, &ready);
            assert_eq!((answer.status, answer.code()), (502, "hook_bad_reply"), "{}", path.name);
            assert_eq!(answer.fields(), [format!("claims.{reserved}")], "{}", path.name);
            assert!(!(path.happened)(&world, &ready), "{}", path.name);
        }
        world.live(&[]);
    }
}

#[test]
fn several_hooks_of_a_point_run_in_order_and_the_first_denial_stops() {
    let world = World::new();
    for path in world.paths() {
        let point = path.points[0];
        let ready = (path.prepare)(&world);
        let allow = hook(point, "");
        let deny = hook(point, "throw new Aerocall.Deny('no', { code: 'second', status: 409 });");
        world.live(&[("first", &allow), ("second", &deny), ("third", &allow)]);
        let answer = (path.run)(&world, &ready);
        assert_eq!((answer.status, answer.code()), (409, "second"), "{}", path.name);
        assert_eq!(world.hooks_of(&answer, 2), ["first", "second"], "{}", path.name);
        assert!(!(path.happened)(&world, &ready), "{}", path.name);
        world.live(&[]);
    }
}

#[test]
fn no_payload_carries_a_password_a_token_or_a_hash() {
    let world = World::new();
    for path in world.paths() {
        let ready = (path.prepare)(&world);
        world.live(&[("all", &everywhere())]);
        let answer = (path.run)(&world, &ready);
        let records = world.records_of(&answer, path.points.len());
        let text = Value::from(records).to_string();
        for secret in [world::PASSWORDS[0], world::PASSWORDS[1], "argon2", "rt_", "ot_", "eyJ"] {
            assert!(!text.contains(secret), "{}: {secret}: {text}", path.name);
        }
        world.live(&[]);
    }
}
