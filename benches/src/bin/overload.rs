//! `make bench B=overload`: four times as many logins as the server can check. What it can do is measured first, with as many
//! clients as keep it busy; then four times that rate comes, whoever is refused comes no second time, and what
//! counts is how many got in of those that could have.

use std::{
    sync::Mutex,
    time::{Duration, Instant},
};

use aerocall_benches::{
    Report, Samples, host,
    site::{Answered, Retry, Site, agent},
};
use serde_json::json;

const PASSWORD: &str = "correct horse battery";
const EMAIL: &str = "ada@example.com";
const LASTS: Duration = Duration::from_secs(10);
const OVERLOAD: f64 = 4.0;
/// Enough that arrivals do not wait for answers.
const CLIENTS: usize = 160;

/// Every answer with the time it took.
type Answers = Vec<(Answered, Duration)>;

fn main() -> anyhow::Result<()> {
    host::serve_compile_child();
    let tokio = tokio::runtime::Runtime::new()?;
    let data = tempfile::tempdir()?;
    let env = [("AEROCALL_LIMITS_ENABLED", "false")];
    let site = tokio.block_on(Site::start(data.path(), &env))?;
    let key = site.project("a")?;
    site.post(
        &agent(),
        &key,
        "/auth/register",
        &json!({ "email": EMAIL, "password": PASSWORD }),
    )?;
    let threads = std::thread::available_parallelism()?.get();
    let alone = drive(&site, &key, threads * 4, None)?;
    let capacity = per_second(&good(&alone));
    let rate = capacity * OVERLOAD;
    let crowd = drive(&site, &key, CLIENTS, Some(rate))?;
    let (entered, refused) = (good(&crowd), refused(&crowd));
    let mut report = Report::new("overload")?;
    report.figure("logins at capacity", "1/s", capacity)?;
    report.figure("logins offered", "1/s", per_second(&crowd))?;
    report.figure("logins answered", "1/s", per_second(&entered))?;
    report.figure("goodput", "%", per_second(&entered) / capacity * 100.0)?;
    report.figure("refused with 503 and Retry-After", "1/s", per_second(&refused))?;
    let others = crowd.len() - entered.len() - refused.len();
    report.figure("answered otherwise", "", f64::from(u32::try_from(others)?))?;
    report.times("a login that got in", &samples(&entered))?;
    report.times("one that was refused", &samples(&refused))?;
    tokio.block_on(site.running.stop())?;
    Ok(())
}

/// Logs in from so many clients: as fast as each can, or at a rate of all together whatever the answers take.
fn drive(site: &Site, key: &str, clients: usize, rate: Option<f64>) -> anyhow::Result<Answers> {
    let (began, next, answers) = (Instant::now(), Mutex::new(0_u32), Mutex::new(Answers::new()));
    let due = || -> Option<Instant> {
        let mut number = next.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let at = rate.map_or_else(Instant::now, |rate| {
            began + Duration::from_secs_f64(f64::from(*number) / rate)
        });
        *number += 1;
        (at < began + LASTS).then_some(at)
    };
    let client = || -> anyhow::Result<()> {
        let agent = agent();
        let body = json!({ "email": EMAIL, "password": PASSWORD });
        while let Some(at) = due() {
            std::thread::sleep(at.saturating_duration_since(Instant::now()));
            let sent = Instant::now();
            let answer = site.post(&agent, key, "/auth/login", &body)?;
            let mut answers = answers.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            answers.push((answer, sent.elapsed()));
        }
        Ok(())
    };
    std::thread::scope(|scope| {
        let started: Vec<_> = (0..clients).map(|_| scope.spawn(client)).collect();
        let ended = started.into_iter().map(|client| client.join());
        ended
            .map(|ended| ended.map_err(|_| anyhow::anyhow!("a client failed"))?)
            .collect::<anyhow::Result<Vec<()>>>()
    })?;
    Ok(answers.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner))
}

fn good(answers: &Answers) -> Answers {
    of(answers, |answer| answer.status == 200)
}

fn refused(answers: &Answers) -> Answers {
    of(answers, |answer| answer.status == 503 && answer.retry == Retry::Told)
}

fn of(answers: &Answers, wanted: impl Fn(&Answered) -> bool) -> Answers {
    answers.iter().filter(|(answer, _)| wanted(answer)).copied().collect()
}

fn per_second(answers: &Answers) -> f64 {
    f64::from(u32::try_from(answers.len()).unwrap_or(u32::MAX)) / LASTS.as_secs_f64()
}

fn samples(answers: &Answers) -> Samples {
    let mut samples = Samples::default();
    for (_, took) in answers {
        samples.push(*took);
    }
    samples
}
