//! Somebody who is signed in, as their browser: it sends the cookie by itself, and pages of the server know the CSRF token.

use serde_json::{Value, json};

use crate::site::{Answer, Site};

/// A good password of an account.
pub(crate) const PASSWORD: &str = "correct horse battery";

/// A browser with a session.
pub(crate) struct Browser<'s> {
    pub(crate) site: &'s Site,
    pub(crate) account: String,
    pub(crate) email: String,
    /// `name=value`.
    pub(crate) cookie: String,
    pub(crate) csrf: String,
}

/// Sends a request as a program without a token.
pub(crate) fn ask(site: &Site, method: &str, path: &str, headers: &[(&str, &str)], body: Option<Value>) -> Answer {
    let path = format!("/admin/api/v1{path}");
    match body {
        Some(body) => {
            let headers: Vec<_> = headers
                .iter()
                .copied()
                .chain([("content-type", "application/json")])
                .collect();
            site.send(method, &path, &headers, body.to_string().as_bytes())
        }
        None => site.send(method, &path, headers, b""),
    }
}

pub(crate) fn sign_in(site: &Site, email: &str, password: &str) -> Answer {
    let body = json!({ "email": email, "password": password });
    ask(site, "POST", "/session", &[], Some(body))
}

/// The cookie that an answer sets.
pub(crate) fn cookie_of(answer: &Answer) -> String {
    let line = answer.header("set-cookie");
    line.split(';').next().unwrap_or_default().to_owned()
}

impl<'s> Browser<'s> {
    /// Of an account without a second factor.
    pub(crate) fn signed_in(site: &'s Site, account: &str, email: &str) -> Self {
        let answer = sign_in(site, email, PASSWORD);
        assert_eq!(answer.status, 200, "{answer:?}");
        Self::of(site, account, email, &answer)
    }

    /// With the session that an answer begins.
    pub(crate) fn of(site: &'s Site, account: &str, email: &str, answer: &Answer) -> Self {
        Self {
            site,
            account: account.to_owned(),
            email: email.to_owned(),
            cookie: cookie_of(answer),
            csrf: answer.json["csrfToken"].as_str().unwrap().to_owned(),
        }
    }

    /// As a page of the server sends it.
    pub(crate) fn send(&self, method: &str, path: &str, body: Option<Value>) -> Answer {
        let headers = [
            ("cookie", self.cookie.as_str()),
            ("origin", self.site.base.as_str()),
            ("sec-fetch-site", "same-origin"),
            ("x-csrf-token", self.csrf.as_str()),
        ];
        ask(self.site, method, path, &headers, body)
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        self.send("GET", path, None)
    }

    pub(crate) fn post(&self, path: &str, body: Value) -> Answer {
        self.send("POST", path, Some(body))
    }

    pub(crate) fn delete(&self, path: &str) -> Answer {
        self.send("DELETE", path, None)
    }

    /// With the cookie and these headers alone.
    pub(crate) fn send_with(&self, method: &str, path: &str, headers: &[(&str, &str)], body: Option<Value>) -> Answer {
        let headers: Vec<_> = [("cookie", self.cookie.as_str())]
            .into_iter()
            .chain(headers.iter().copied())
            .collect();
        ask(self.site, method, path, &headers, body)
    }

    /// Another browser of the same person.
    pub(crate) fn another(&self) -> Self {
        Self::signed_in(self.site, &self.account, &self.email)
    }
}

fn account(site: &Site, name: &str, is_administrator: bool) -> (String, String) {
    let email = format!("{name}@example.com");
    let body = json!({ "email": email, "password": PASSWORD, "isAdministrator": is_administrator });
    let made = site.admin("POST", "/accounts", Some(body));
    assert_eq!(made.status, 201, "{made:?}");
    (made.json["id"].as_str().unwrap().to_owned(), email)
}

/// An administrator of the server, signed in.
pub(crate) fn administrator<'s>(site: &'s Site, name: &str) -> Browser<'s> {
    let (id, email) = account(site, name, true);
    Browser::signed_in(site, &id, &email)
}

/// Somebody with a role in a project, signed in; without a project, somebody with no role.
pub(crate) fn person<'s>(site: &'s Site, name: &str, role: Option<(&str, &str)>) -> Browser<'s> {
    let (id, email) = account(site, name, false);
    if let Some((project, role)) = role {
        let body = json!({ "email": email, "role": role });
        let added = site.admin("POST", &format!("/projects/{project}/members"), Some(body));
        assert_eq!(added.status, 201, "{added:?}");
    }
    Browser::signed_in(site, &id, &email)
}
