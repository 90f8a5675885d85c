//! Passwords that were found in breaches, as Have I Been Pwned knows them. Asked by the first five characters of a hash
//! (k-anonymity), so nobody learns the password; when it cannot be asked, nobody is kept from signing up.

use std::time::Duration;

use sha1::{Digest as _, Sha1};
use url::Url;
use zeroize::Zeroizing;

use crate::{
    app::App,
    base::{
        crypto::secret,
        error::{Problem, Refusal, Result},
        input::Plaintext,
    },
    domain::project::AuthSettings,
    outbound::egress::{EgressError, Following, Outgoing, Request, Rules},
};

/// Somebody waits for the answer.
const WAIT: Duration = Duration::from_secs(2);
/// Padded answers have up to a thousand lines of some forty bytes.
const MAX_BYTES: u64 = 256 << 10;
/// How much of the hash leaves.
const PREFIX: usize = 5;

/// Refuses a password that is in a breach, if the project wants that.
pub(crate) async fn refuse(app: &App, settings: &AuthSettings, password: &Plaintext) -> Result<()> {
    if !settings.password.refuse_breached.is_on() {
        return Ok(());
    }
    let hash = Zeroizing::new(secret::hex(&Sha1::digest(password.bytes())).to_uppercase());
    let (prefix, rest) = hash.split_at(PREFIX);
    let request = Request {
        method: "GET".to_owned(),
        url: format!("{}/range/{prefix}", app.config.password.breach_url),
        headers: vec![("Add-Padding".to_owned(), "true".to_owned())],
        body: None,
        timeout: Some(WAIT),
        following: Following::Error,
    };
    let answer = match app.hooks.platform.egress.send(request, &Plain).await {
        Ok(answer) if answer.status == 200 => answer.body,
        Ok(answer) => {
            tracing::warn!(status = answer.status, "the list of breached passwords did not answer");
            return Ok(());
        }
        Err(error) => {
            tracing::warn!(?error, "the list of breached passwords did not answer");
            return Ok(());
        }
    };
    match lists(&String::from_utf8_lossy(&answer), rest) {
        false => Ok(()),
        true => Err(Refusal::invalid_input(vec![Problem {
            field: "password".to_owned(),
            problem: "was found in a data breach; choose another one".to_owned(),
        }])
        .into()),
    }
}

/// Whether a line `<rest of the hash>:<how often>` is there; lines of padding say 0.
fn lists(answer: &str, rest: &str) -> bool {
    answer.lines().any(|line| {
        line.trim()
            .split_once(':')
            .is_some_and(|(hash, count)| hash.eq_ignore_ascii_case(rest) && count != "0")
    })
}

/// What leaves is no secret, and what comes back is bounded.
struct Plain;

impl Rules for Plain {
    fn admit(&self, _: &Url) -> std::result::Result<(), EgressError> {
        Ok(())
    }

    fn fill(&self, _: &Url, outgoing: Outgoing) -> std::result::Result<Outgoing, EgressError> {
        Ok(outgoing)
    }

    fn most_bytes(&self) -> u64 {
        MAX_BYTES
    }

    fn received(&self, _: usize) -> std::result::Result<(), EgressError> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_padding_is_no_hit() {
        let answer = "0018A45C4D1DEF81644B54AB7F969B88D65:1\r\n00D4F6E8FA6EECAD2A3AA415EEC418D38EC:0\r\n";
        assert!(lists(answer, "0018a45c4d1def81644b54ab7f969b88d65"));
        assert!(!lists(answer, "00D4F6E8FA6EECAD2A3AA415EEC418D38EC"));
        assert!(!lists(answer, "0018A45C4D1DEF81644B54AB7F969B88D6"));
    }
}
