//! `make bench B=overload`: four times as many logins as the server can check. What it can do is measured first, with twice as
//! many clients as it has places for, who come back after `Retry-After`; then four times that rate comes, whoever is refused
//! comes no second time, and what counts is how many got in of those that could have.
//!
//! Client and server share the machine, so what refusals cost the client counts against the server.

use std::{
    sync::Mutex,
    time::{Duration, Instant},
};

use aerocall_benches::{
    Report, Samples,
    site::{Answered, Site, UNLIMITED, agent},
};
use serde_json::{Value, json};

const PASSWORD: &str = "correct horse battery";
const EMAIL: &str = "ada@example.com";
/// Until the queue is as full as it gets. What is answered then does not count, and neither does what is answered at the end,
/// when nobody comes any more.
const WARMS: Duration = Duration::from_secs(4);
const LASTS: Duration = Duration::from_secs(15);
const OVERLOAD: f64 = 4.0;
/// Requests that may wait, as by default.
const QUEUE: usize = 64;

/// Every answer that counts with the time it took.
type Answers = Vec<(Answered, Duration)>;

pub(crate) fn bench() -> anyhow::Result<()> {
    let tokio = tokio::runtime::Runtime::new()?;
    let data = tempfile::tempdir()?;
    let threads = std::thread::available_parallelism()?.get();
    let (threads_text, queue) = (threads.to_string(), QUEUE.to_string());
    let env = [
        UNLIMITED,
        ("AEROCALL_PASSWORD_THREADS", threads_text.as_str()),
        ("AEROCALL_PASSWORD_QUEUE", queue.as_str()),
    ];
    let site = tokio.block_on(Site::start(data.path(), &env))?;
    let key = site.project("a")?;
    let body = json!({ "email": EMAIL, "password": PASSWORD });
    site.post(&agent(), &key, "/auth/register", &body)?;
    let crowd = Crowd {
        site: &site,
        key: &key,
        body: &body,
        // In the flood, as many are inside as there are places; the others are enough that arrivals do not wait for answers.
        clients: 2 * (threads + QUEUE) + 8,
    };
    let alone = crowd.drive(None)?;
    let capacity = per_second(&good(&alone));
    let flood = crowd.drive(Some(capacity * OVERLOAD))?;
    let (entered, refused) = (good(&flood), refused(&flood));
    let turned_away = flood.len() - entered.len();
    let honest = refused.len() as f64 / turned_away.max(1) as f64 * 100.0;

    let mut report = Report::new("overload")?;
    report.figure("logins at capacity", "1/s", capacity)?;
    report.figure("logins offered", "1/s", per_second(&flood))?;
    report.figure("logins answered", "1/s", per_second(&entered))?;
    report.figure("goodput", "%", per_second(&entered) / capacity * 100.0)?;
    report.figure("refused", "1/s", turned_away as f64 / LASTS.as_secs_f64())?;
    report.figure("of them with 503 and Retry-After", "%", honest)?;
    report.times("a login at capacity", &samples(&good(&alone)))?;
    report.times("a login that got in", &samples(&entered))?;
    report.times("one that was refused", &samples(&refused))?;
    tokio.block_on(site.running.stop())?;
    Ok(())
}

/// Clients that log in.
struct Crowd<'a> {
    site: &'a Site,
    key: &'a str,
    body: &'a Value,
    clients: usize,
}

impl Crowd<'_> {
    /// At a rate of all together whatever the answers take; without one as fast as each can, and who is refused waits for as
    /// long as the answer says.
    fn drive(&self, rate: Option<f64>) -> anyhow::Result<Answers> {
        let (began, next, answers) = (Instant::now(), Mutex::new(0_u32), Mutex::new(Answers::new()));
        let due = || -> Option<Instant> {
            let mut number = next.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            let at = rate.map_or_else(Instant::now, |rate| {
                began + Duration::from_secs_f64(f64::from(*number) / rate)
            });
            *number += 1;
            (at < began + WARMS + LASTS).then_some(at)
        };
        let client = || -> anyhow::Result<()> {
            let agent = agent();
            while let Some(at) = due() {
                std::thread::sleep(at.saturating_duration_since(Instant::now()));
                let sent = Instant::now();
                let answer = self.site.post(&agent, self.key, "/auth/login", self.body)?;
                let came = began.elapsed();
                if came >= WARMS && came < WARMS + LASTS {
                    let mut answers = answers.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
                    answers.push((answer, sent.elapsed()));
                }
                if rate.is_none() {
                    std::thread::sleep(answer.retry_after.unwrap_or_default());
                }
            }
            Ok(())
        };
        std::thread::scope(|scope| {
            let started: Vec<_> = (0..self.clients).map(|_| scope.spawn(client)).collect();
            let ended = started.into_iter().map(|client| client.join());
            ended
                .map(|ended| ended.map_err(|_| anyhow::anyhow!("a client failed"))?)
                .collect::<anyhow::Result<Vec<()>>>()
        })?;
        Ok(answers.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner))
    }
}

fn good(answers: &Answers) -> Answers {
    of(answers, |answer| answer.status == 200)
}

fn refused(answers: &Answers) -> Answers {
    of(answers, |answer| answer.status == 503 && answer.retry_after.is_some())
}

fn of(answers: &Answers, wanted: impl Fn(&Answered) -> bool) -> Answers {
    answers.iter().filter(|(answer, _)| wanted(answer)).copied().collect()
}

fn per_second(answers: &Answers) -> f64 {
    answers.len() as f64 / LASTS.as_secs_f64()
}

fn samples(answers: &Answers) -> Samples {
    let mut samples = Samples::default();
    for (_, took) in answers {
        samples.push(*took);
    }
    samples
}
