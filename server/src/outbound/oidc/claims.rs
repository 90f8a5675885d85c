//! What a provider says of somebody, in an ID token or from its userinfo endpoint: the checks (OpenID Connect Core, 3.1.3.7),
//! and what is taken from it. A claim that decides nothing may be anything.

use serde_json::{Map, Value};

use super::{
    client::{Identity, Verified},
    issuer::Issuer,
};

/// By how much a provider's clock may be ahead of this one.
const AHEAD_S: f64 = 300.0;
/// OpenID Connect Core, 2.
const MAX_SUBJECT_CHARS: usize = 255;

/// What an ID token has to fit.
pub(super) struct Expected<'a> {
    pub(super) issuer: &'a Issuer,
    pub(super) client_id: &'a str,
    pub(super) nonce: &'a str,
    pub(super) returns_nonce: bool,
    /// Since 1970.
    pub(super) now_s: f64,
}

/// The claims of a token, or of a response of the userinfo endpoint.
#[derive(Debug)]
pub(super) struct Claims(Map<String, Value>);

impl Claims {
    pub(super) fn new(said: Map<String, Value>) -> Self {
        Self(said)
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name).and_then(Value::as_str)
    }

    /// Whether the claim is there at all; `null` is as good as nothing.
    fn has(&self, name: &str) -> bool {
        self.0.get(name).is_some_and(|value| !value.is_null())
    }

    /// Who it is for, from whom, how long, and that it is the one of this login.
    pub(super) fn check(&self, expected: &Expected<'_>) -> Result<(), &'static str> {
        if !expected.issuer.signs(self.text("iss"), self.tenant()) {
            return Err("iss is another issuer");
        }
        self.check_audience(expected.client_id)?;
        self.check_time(expected.now_s)?;
        match self.text("nonce") {
            Some(nonce) if nonce == expected.nonce => Ok(()),
            None if !self.has("nonce") && !expected.returns_nonce => Ok(()),
            _ => Err("nonce is not the one of this login"),
        }
    }

    /// Whoever else is in `aud` could have got this token to pass it on; `azp` says to whom it was issued.
    fn check_audience(&self, client_id: &str) -> Result<(), &'static str> {
        let is_client = |value: &Value| value.as_str() == Some(client_id);
        let (is_for_client, is_for_others) = match self.0.get("aud") {
            Some(Value::Array(all)) => (all.iter().any(is_client), !all.iter().all(is_client)),
            one => (one.is_some_and(is_client), false),
        };
        if !is_for_client {
            return Err("aud does not contain the client");
        }
        match self.text("azp") {
            Some(party) if party == client_id => Ok(()),
            None if !self.has("azp") && !is_for_others => Ok(()),
            None if !self.has("azp") => Err("aud contains others, and azp is missing"),
            _ => Err("azp is another client"),
        }
    }

    fn check_time(&self, now_s: f64) -> Result<(), &'static str> {
        let time = |name: &str| self.0.get(name).and_then(Value::as_f64);
        match (time("exp"), time("iat")) {
            (None, _) => Err("exp is missing or not a number"),
            (_, None) => Err("iat is missing or not a number"),
            (Some(end), _) if end <= now_s => Err("it has expired"),
            (_, Some(begin)) if begin > now_s + AHEAD_S => Err("iat is in the future"),
            _ if time("nbf").is_some_and(|begin| begin > now_s + AHEAD_S) => Err("nbf is in the future"),
            _ => Ok(()),
        }
    }

    /// That the access token is the one it came with, where it says so.
    pub(super) fn check_access_token(&self, hash: Option<&str>) -> Result<(), &'static str> {
        match self.has("at_hash") && (hash.is_none() || self.text("at_hash") != hash) {
            true => Err("at_hash belongs to another access token"),
            false => Ok(()),
        }
    }

    /// Who it is. Tenants of one provider give their subjects independently of each other.
    pub(super) fn subject(&self, issuer: &Issuer) -> Result<String, &'static str> {
        let subject = self.own_subject().ok_or("sub is missing")?;
        match (issuer, self.tenant()) {
            (Issuer::PerTenant(_), Some(tenant)) => Ok(format!("{tenant}/{subject}")),
            _ => Ok(subject),
        }
    }

    pub(super) fn own_subject(&self) -> Option<String> {
        let subject = match self.0.get("sub")? {
            Value::String(text) => text.clone(),
            // Not as it should be, and not ambiguous.
            Value::Number(number) if !number.is_f64() => number.to_string(),
            _ => return None,
        };
        (1..=MAX_SUBJECT_CHARS)
            .contains(&subject.chars().count())
            .then_some(subject)
    }

    /// Microsoft's name for whose account it is.
    fn tenant(&self) -> Option<&str> {
        let is_id = |text: &&str| {
            (1..=64).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        };
        self.text("tid").filter(is_id)
    }

    pub(super) fn email(&self) -> Option<&str> {
        self.text("email").filter(|email| !email.is_empty())
    }

    pub(super) fn name(&self) -> Option<&str> {
        self.text("name").filter(|name| !name.is_empty())
    }

    /// Some providers write the boolean as text. Who runs a tenant decides what is verified there, and anybody can have one.
    pub(super) fn verified(&self, issuer: &Issuer) -> Verified {
        match (self.0.get("email_verified"), issuer) {
            (_, Issuer::PerTenant(_)) => Verified::No,
            (Some(Value::Bool(true)), _) => Verified::Yes,
            (Some(Value::String(text)), _) if text == "true" => Verified::Yes,
            _ => Verified::No,
        }
    }

    /// Whether it says of the email that it is verified or that it is not.
    pub(super) fn has_verified(&self) -> bool {
        self.has("email_verified")
    }

    pub(super) fn identity(&self, issuer: &Issuer) -> Result<Identity, &'static str> {
        Ok(Identity {
            subject: self.subject(issuer)?,
            email: self.email().map(str::to_owned),
            verified: self.verified(issuer),
            name: self.name().map(str::to_owned),
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// Whether these claims are taken by a client of the provider with this issuer.
    fn checked(issuer: &str, returns_nonce: bool, said: Value) -> Result<(), &'static str> {
        let mut claims = json!({
            "iss": issuer, "aud": "client", "sub": "s", "exp": 2_000, "iat": 1_000, "nonce": "n",
        });
        for (name, value) in said.as_object().unwrap() {
            claims[name] = value.clone();
        }
        let expected = Expected {
            issuer: &Issuer::agreed(issuer, issuer).unwrap(),
            client_id: "client",
            nonce: "n",
            returns_nonce,
            now_s: 1_000.0,
        };
        Claims::new(claims.as_object().unwrap().clone()).check(&expected)
    }

    #[test]
    fn names_and_nonces_that_providers_leave_out_are_theirs_alone() {
        let (google, linked_in) = ("https://accounts.google.com", "https://www.linkedin.com/oauth");
        assert_eq!(checked(google, true, json!({ "iss": "accounts.google.com" })), Ok(()));
        assert_eq!(
            checked(linked_in, false, json!({ "iss": "https://www.linkedin.com" })),
            Ok(())
        );
        assert!(checked("https://a.example", true, json!({ "iss": "a.example" })).is_err());
        let nothing = json!({ "nonce": null });
        assert_eq!(checked(linked_in, false, nothing.clone()), Ok(()));
        assert!(checked(google, true, nothing).is_err());
        // A nonce that is there has to be the right one, whoever sends it.
        for wrong in [json!("x"), json!(""), json!(7), json!(["n"])] {
            assert!(checked(linked_in, false, json!({ "nonce": wrong })).is_err(), "{wrong}");
        }
    }

    #[test]
    fn times_are_numbers_with_or_without_a_fraction() {
        let at = |exp: Value, iat: Value| checked("https://a.example", true, json!({ "exp": exp, "iat": iat }));
        assert_eq!(at(json!(1_000.5), json!(999.5)), Ok(()));
        assert_eq!(at(json!(1e15), json!(0)), Ok(()));
        // Clocks differ by a few minutes: that makes no token valid for longer.
        assert_eq!(at(json!(2_000), json!(1_300)), Ok(()));
        assert_eq!(at(json!(2_000), json!(1_301)), Err("iat is in the future"));
        assert_eq!(at(json!(1_000), json!(900)), Err("it has expired"));
        assert_eq!(at(json!(-1), json!(900)), Err("it has expired"));
        for wrong in [json!("2000"), json!(null), json!([2_000]), json!(true)] {
            assert!(at(wrong.clone(), json!(900)).is_err(), "{wrong}");
            assert!(at(json!(2_000), wrong.clone()).is_err(), "{wrong}");
        }
    }

    #[test]
    fn an_email_is_verified_if_the_provider_says_so_in_so_many_words() {
        let plain = Issuer::agreed("https://a.example", "https://a.example").unwrap();
        for (said, verified) in [
            (json!(true), Verified::Yes),
            (json!("true"), Verified::Yes),
            (json!(false), Verified::No),
            (json!("false"), Verified::No),
            (json!("True "), Verified::No),
            (json!("yes"), Verified::No),
            (json!(1), Verified::No),
            (json!([true]), Verified::No),
            (json!(null), Verified::No),
        ] {
            let claims = json!({ "sub": "s", "email": "ada@example.com", "email_verified": said });
            let claims = Claims::new(claims.as_object().unwrap().clone());
            assert_eq!(claims.verified(&plain), verified, "{said}");
            assert_eq!(
                claims.verified(&Issuer::PerTenant(String::new())),
                Verified::No,
                "{said}"
            );
        }
    }
}
