//! Refuses sign-ups that two services, and what the request looks like, call risky.

use std::time::Duration;

use aerocall_hooks::{AerocallError, RequestContext, UserPatch, before_signup, http, log};
use serde::Deserialize;

const TOO_HIGH: f64 = 80.0;
const PATIENCE: Duration = Duration::from_millis(300);

#[derive(Deserialize)]
struct Answer {
    score: f64,
}

/// The score of the request itself, 0 to 100.
fn own_signals(email: &str, user_agent: &str) -> f64 {
    let local = email.split('@').next().unwrap_or_default();
    let digits = local.bytes().filter(u8::is_ascii_digit).count();
    f64::from(u8::from(digits >= 6) * 50 + u8::from(user_agent.is_empty()) * 40)
}

/// The score of a service; 0 when it is late, away or out of its mind.
fn score(host: &str, answer: Result<http::Response, AerocallError>) -> f64 {
    let answer = match answer {
        Ok(answer) => answer,
        Err(error) => {
            log::warn!("{host} does not answer: {}", error.code);
            return 0.0;
        }
    };
    let read = answer.is_success().then(|| answer.json::<Answer>().ok()).flatten();
    match read {
        Some(Answer { score }) if (0.0..=100.0).contains(&score) => score,
        _ => {
            log::warn!("{host} answers {} without a score", answer.status());
            0.0
        }
    }
}

fn ask(ip: &str, email: &str) -> f64 {
    let services = [("ip.risk.example", ip), ("mail.risk.example", email)];
    let request = |(host, about): (&str, &str)| {
        http::get(&format!("https://{host}/v1/{}", http::encode(about))).timeout(PATIENCE)
    };
    let answers = http::send_all(services.map(request));
    let scores = services
        .iter()
        .zip(answers)
        .map(|((host, _), answer)| score(host, answer));
    scores.fold(0.0, f64::max)
}

/// Numbers without a fraction are written without one.
fn as_json(risk: f64) -> serde_json::Value {
    match risk.fract() == 0.0 {
        true => (risk as u64).into(),
        false => risk.into(),
    }
}

#[before_signup]
fn check(context: &RequestContext, payload: before_signup::Payload) -> before_signup::Reply {
    let (request, email) = (&context.request, &payload.user.email);
    let mut risk = own_signals(email, &request.user_agent);
    if risk <= TOO_HIGH {
        risk += ask(&request.ip, email);
    }
    if risk <= TOO_HIGH {
        let metadata = serde_json::json!({ "risk": as_json(risk) });
        return before_signup::Reply::patch(UserPatch::new().metadata(metadata));
    }
    log::info!("risk {risk}");
    before_signup::Reply::deny("risk_too_high", "We cannot create this account")
}
