//! `make bench B=login_timing`: whether the time of an answer reveals what the body does not. Classes of requests that have the
//! same body take turns, and the medians of each group are compared. A class more is a line more in [`GROUPS`].
//!
//! Everything is as by default, the password hash too: a leak that a cheap hash shows nobody could see.

use std::collections::BTreeMap;

use aerocall_benches::{
    Report, Samples, argument,
    site::{Answered, Site, agent},
};
use serde_json::{Value, json};

/// Of each class that costs a hash; the first argument says otherwise.
const ROUNDS: usize = 2_000;
/// Of each class that is answered at whole steps of a quarter of a second, where the hash is no matter.
const EVEN_ROUNDS: usize = 60;
const PASSWORD: &str = "correct horse battery";
const WRONG: &str = "wrong horse battery";

/// Requests that have one answer.
struct Group {
    name: &'static str,
    path: &'static str,
    status: u16,
    rounds: Rounds,
    classes: &'static [Class],
}

enum Rounds {
    Many,
    Even,
}

/// A name, a project and an address. `*` stands for the number of the round: nobody has such an address.
type Class = (&'static str, &'static str, &'static str);

/// In `patient` nobody waits, in `strict` everybody does after one failure, in `confirmed` addresses are confirmed first.
const PROJECTS: [&str; 3] = ["patient", "strict", "confirmed"];
const KNOWN: &[Class] = &[
    ("known", "patient", "ada@example.com"),
    ("unknown", "patient", "nobody@example.com"),
];
const GROUPS: [Group; 5] = [
    Group {
        name: "login",
        path: "/auth/login",
        status: 401,
        rounds: Rounds::Many,
        classes: &[
            ("wrong password", "patient", "ada@example.com"),
            ("unknown user", "patient", "nobody@example.com"),
            ("account without a password", "patient", "bare@example.com"),
            ("account that waits", "strict", "ada@example.com"),
        ],
    },
    Group {
        name: "register, confirmed first",
        path: "/auth/register",
        status: 202,
        rounds: Rounds::Even,
        classes: &[
            ("new", "confirmed", "new*@example.com"),
            ("known", "confirmed", "bare@example.com"),
            ("known, unconfirmed", "confirmed", "ada@example.com"),
        ],
    },
    Group {
        name: "forgot",
        path: "/auth/password/forgot",
        status: 202,
        rounds: Rounds::Even,
        classes: KNOWN,
    },
    Group {
        name: "otp",
        path: "/auth/otp/send",
        status: 202,
        rounds: Rounds::Even,
        classes: KNOWN,
    },
    Group {
        name: "magic link",
        path: "/auth/magic-link/send",
        status: 202,
        rounds: Rounds::Even,
        classes: KNOWN,
    },
];

pub(crate) fn bench() -> anyhow::Result<()> {
    let rounds = argument().map_or(Ok(ROUNDS), |rounds| rounds.parse())?;
    let tokio = tokio::runtime::Runtime::new()?;
    let data = tempfile::tempdir()?;
    let site = tokio.block_on(Site::start(data.path(), &[]))?;
    let mut keys = BTreeMap::new();
    for project in PROJECTS {
        keys.insert(project, set_up(&site, project)?);
    }
    let mut report = Report::new("login_timing")?;
    for group in &GROUPS {
        let rounds = match group.rounds {
            Rounds::Many => rounds,
            Rounds::Even => rounds.min(EVEN_ROUNDS),
        };
        measure(&site, &keys, group, rounds, &mut report)?;
    }
    tokio.block_on(site.running.stop())?;
    Ok(())
}

/// A project with somebody who has a password and somebody who has none.
fn set_up(site: &Site, project: &str) -> anyhow::Result<String> {
    let key = site.project(project)?;
    let environment = format!("/projects/{project}/environments/production");
    let failures = if project == "strict" { 1 } else { 1_000_000 };
    let settings = json!({
        "confirmEmail": project == "confirmed",
        "otpEmail": true,
        "magicLink": true,
        "limits": {
            "perIpMinute": 1_000_000,
            "perProjectSecond": 1_000_000,
            "sendsPerRecipientHour": 1_000_000,
            "failuresPerAccount": failures,
        },
    });
    site.admin("PUT", &format!("{environment}/settings/auth"), &settings)?;
    let account = json!({ "email": "ada@example.com", "password": PASSWORD });
    site.ask(&ureq::Agent::new_with_defaults(), &key, "/auth/register", &account)?;
    let bare = json!({ "email": "bare@example.com", "emailVerified": true });
    site.admin("POST", &format!("{environment}/users"), &bare)?;
    Ok(key)
}

fn measure(
    site: &Site,
    keys: &BTreeMap<&str, String>,
    group: &Group,
    rounds: usize,
    report: &mut Report,
) -> anyhow::Result<()> {
    let (agent, count) = (agent(), group.classes.len());
    let mut samples = vec![Samples::default(); count];
    for round in 0..rounds {
        // Each goes first as often as the others: what one leaves behind meets all.
        for turn in 0..count {
            let class = (round + turn) % count;
            let (name, project, email) = group.classes[class];
            let body = body(group.path, &email.replace('*', &round.to_string()));
            let answer: Answered = samples[class].time(|| site.post(&agent, &keys[project], group.path, &body))?;
            anyhow::ensure!(answer.status == group.status, "{}, {name}: {answer:?}", group.name);
        }
    }
    for ((name, ..), samples) in group.classes.iter().zip(&samples) {
        report.times(&format!("{}, {name}", group.name), samples)?;
    }
    let medians = samples.iter().map(|samples| samples.percentile_us(50.0));
    let (least, most) = medians.fold((f64::MAX, f64::MIN), |(least, most), median| {
        (least.min(median), most.max(median))
    });
    report.figure(&format!("{}, between the medians", group.name), "µs", most - least)
}

fn body(path: &str, email: &str) -> Value {
    match path {
        "/auth/login" => json!({ "email": email, "password": WRONG }),
        "/auth/register" => json!({ "email": email, "password": PASSWORD }),
        "/auth/otp/send" => json!({ "channel": "email", "email": email }),
        _ => json!({ "email": email }),
    }
}
