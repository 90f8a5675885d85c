//! Every way through the auth flows × every hook point on it × every way a hook can end: run exactly once, in the order that
//! the documentation gives, answered with the right code, and with the right state afterwards.

mod paths;
mod providers;
mod rows;
mod tries;
mod world;

use serde_json::Value;
use world::World;
pub(crate) use world::claims;

/// Few enough to be used up before the deadline, whatever else the machine does.
const LIMITS: &str = "export const config = { limits: { fuel: 20000000, deadlineMs: 1500 } };";

/// What waits for longer than any deadline need not be waited for as long as that.
const SHORT: &str = "export const config = { limits: { fuel: 20000000, deadlineMs: 250 } };";

fn hook(point: &str, body: &str) -> String {
    limited(LIMITS, point, body)
}

fn limited(limits: &str, point: &str, body: &str) -> String {
    format!(
        "{limits} export const {point} = async (context: any, payload: any, Aerocall: any): Promise<any> => {{ {body} }};"
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
