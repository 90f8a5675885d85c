//! What holds for a row of the matrix by itself: each row is a test of its own, so that they run side by side.

use serde_json::json;

use super::{
    LIMITS, SHORT, hook, limited,
    world::{self, Path, World},
};

/// A name, what a hook does as the body of a function, and how that is refused before the commit; `None`: not at all.
type Ending = (&'static str, &'static str, Option<(u16, &'static str)>);

const TIME_OUT: &str = "time-out";

const ENDINGS: &[Ending] = &[
    ("allow", "", None),
    (
        "deny",
        "throw new Aerocall.Deny('not today', { code: 'not_today', status: 418 });",
        Some((418, "not_today")),
    ),
    ("failure", "throw new Error('broken');", Some((502, "hook_failed"))),
    (
        TIME_OUT,
        "await new Promise((done) => setTimeout(done, 60000));",
        Some((504, "hook_timeout")),
    ),
    ("out of fuel", "for (;;) {}", Some((502, "hook_out_of_fuel"))),
];

/// A test of the function for each of these rows.
macro_rules! each {
    ($property:ident: $($test:ident = $row:literal,)*) => {
        mod $property {
            pub(super) const ROWS: &[&str] = &[$($row),*];
            $(
                #[test]
                fn $test() {
                    let Some((world, path)) = super::World::of($row) else { return };
                    super::$property(&world, path);
                }
            )*
        }
    };
}

/// The same rows, for more than one property.
macro_rules! every_row {
    ($($property:ident,)*) => {
        $(each! {
            $property:
            register = "register",
            login = "login",
            refresh = "refresh",
            logout = "logout",
            own_change = "change of one's own profile",
            own_deletion = "deletion of one's own account",
            password_change = "change of the password",
            password_forgotten = "forgotten password",
            password_reset = "reset of the password",
            code_sent = "code by mail, sent",
            code_of_a_user = "code by mail, of a user",
            code_of_somebody_new = "code by mail, of somebody new",
            link_of_a_user = "magic link of a user",
            link_of_somebody_new = "magic link of somebody new",
            second_factor = "second factor",
            second_factor_enrolled = "enrolment of a second factor during login",
            address_confirmed = "confirmation of an address",
            made_by_an_admin = "user made by an admin",
            changed_by_an_admin = "user changed by an admin",
            deleted_by_an_admin = "user deleted by an admin",
            provider_of_somebody_new = "identity provider, of somebody new",
            provider_of_a_user = "identity provider, of a user",
        })*
    };
}

every_row! {
    a_hook_that_ends_badly_before_the_commit_leaves_nothing_and_after_it_undoes_nothing,
    a_patch_changes_what_its_point_may_change_and_nothing_else,
}

each! {
    claims_of_hooks_are_in_every_token_and_reserved_ones_are_refused_by_name:
    register = "register",
    login = "login",
    refresh = "refresh",
    code_of_a_user = "code by mail, of a user",
    code_of_somebody_new = "code by mail, of somebody new",
    link_of_a_user = "magic link of a user",
    link_of_somebody_new = "magic link of somebody new",
    second_factor = "second factor",
    second_factor_enrolled = "enrolment of a second factor during login",
    provider_of_somebody_new = "identity provider, of somebody new",
    provider_of_a_user = "identity provider, of a user",
}

/// The lists above are all rows, and all rows that issue a token.
#[test]
fn no_row_is_left_out() {
    let names = |wanted: fn(&&Path) -> bool| -> Vec<&str> {
        let all = world::rows().filter(wanted);
        all.map(|path| path.name).collect()
    };
    let all = names(|_| true);
    assert_eq!(
        all,
        a_hook_that_ends_badly_before_the_commit_leaves_nothing_and_after_it_undoes_nothing::ROWS
    );
    assert_eq!(all, a_patch_changes_what_its_point_may_change_and_nothing_else::ROWS);
    assert_eq!(
        names(|path| path.points.contains(&"beforeTokenIssue")),
        claims_of_hooks_are_in_every_token_and_reserved_ones_are_refused_by_name::ROWS
    );
}

fn a_hook_that_ends_badly_before_the_commit_leaves_nothing_and_after_it_undoes_nothing(world: &World, path: &Path) {
    for point in path.points {
        for (name, body, refused) in ENDINGS {
            let case = format!("{}, {point}: {name}", path.name);
            let ready = (path.prepare)(world);
            let limits = if *name == TIME_OUT { SHORT } else { LIMITS };
            world.live(&[("probe", &limited(limits, point, body))]);
            let answer = (path.run)(world, &ready);
            let refused = refused.filter(|_| point.starts_with("before"));
            match refused {
                Some((status, code)) => {
                    assert_eq!((answer.status, answer.code()), (status, code), "{case}");
                    assert_eq!(answer.json["error"]["hook"], "probe", "{case}");
                }
                None => assert_eq!(answer.status, path.status, "{case}: {answer:?}"),
            }
            assert_eq!(world.points_of(&answer, 1), [*point], "{case}");
            assert_eq!((path.happened)(world, &ready), refused.is_none(), "{case}");
            world.live(&[]);
        }
    }
}

fn a_patch_changes_what_its_point_may_change_and_nothing_else(world: &World, path: &Path) {
    for point in path.points {
        let case = format!("{}, {point}", path.name);
        let ready = (path.prepare)(world);
        let body = "return { patch: { user: { metadata: { seen: context.hook } } } };";
        world.live(&[("probe", &hook(point, body))]);
        let answer = (path.run)(world, &ready);
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
            assert!(!(path.happened)(world, &ready), "{case}");
        } else {
            assert_eq!(answer.status, path.status, "{case}: {answer:?}");
        }
        world.live(&[]);
    }
}

/// The points whose hooks may change what projects keep with a user.
fn takes_metadata(path: &Path, point: &str) -> bool {
    let without = ["TokenIssue", "PasswordResetRequest", "UserDelete"];
    // There is a user once the code was right.
    let nobody_yet = path.name.ends_with("somebody new") && point == "beforeOtpVerify";
    path.names_a_user && !nobody_yet && !without.iter().any(|moment| point.ends_with(moment))
}

fn claims_of_hooks_are_in_every_token_and_reserved_ones_are_refused_by_name(world: &World, path: &Path) {
    let ready = (path.prepare)(world);
    let body = "return { patch: { claims: { plan: 'gold', provider: payload.provider } } };";
    world.live(&[("claims", &hook("beforeTokenIssue", body))]);
    let answer = (path.run)(world, &ready);
    assert_eq!(answer.status, path.status, "{answer:?}");
    let claims = world::claims(&answer);
    assert_eq!(
        (&claims["plan"], &claims["provider"]),
        (&json!("gold"), &json!(path.provider))
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
        let ready = (path.prepare)(world);
        let body = format!("return {{ patch: {{ claims: {{ {reserved}: 'forged' }} }} }};");
        world.live(&[("claims", &hook("beforeTokenIssue", &body))]);
        let answer = (path.run)(world, &ready);
        assert_eq!((answer.status, answer.code()), (502, "hook_bad_reply"), "{reserved}");
        assert_eq!(answer.fields(), [format!("claims.{reserved}")]);
        assert!(!(path.happened)(world, &ready), "{reserved}");
    }
}
