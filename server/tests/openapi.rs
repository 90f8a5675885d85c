//! The OpenAPI document against the server that it describes: it is the committed one, and what is answered is what it says.

use std::sync::LazyLock;

use serde_json::{Value, json};

use crate::{
    proofs::{DONE, as_user, authenticator, code as code_of, settings, token},
    schema::problems,
    site::{Answer, PASSWORD, Project, Site, until},
};

/// The committed document.
static DOCUMENT: LazyLock<Value> = LazyLock::new(|| {
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/openapi.json")).unwrap();
    serde_json::from_str(&text).unwrap()
});

/// Holds an answer to any request of any test against the document. What the document does not know is nobody's: addresses
/// that are not served, and methods.
pub(crate) fn hold(method: &str, path: &str, answer: &Answer) {
    let path = path.split('?').next().unwrap_or_default();
    let paths = DOCUMENT["paths"].as_object().unwrap();
    let served = paths.iter().filter(|(template, _)| is_of(template, path));
    // A part that is written out goes before one that varies.
    let served = served.min_by_key(|(template, _)| template.matches('{').count());
    let Some((template, operations)) = served else { return };
    let operation = &operations[method.to_ascii_lowercase()];
    if operation.is_null() {
        return;
    }
    let responses = operation["responses"].as_object().unwrap();
    let class = format!("{}XX", answer.status / 100);
    let response = responses
        .get(&answer.status.to_string())
        .or_else(|| responses.get(&class));
    let response = response.unwrap_or_else(|| panic!("{method} {template} does not say that it answers {answer:?}"));
    let schema = &response["content"]["application/json"]["schema"];
    // Made from an example instead of a type.
    if schema.get("properties").is_some() {
        return;
    }
    let found = problems(&DOCUMENT, schema, &answer.json);
    assert!(found.is_empty(), "{method} {template}: {found:#?} in {answer:?}");
}

fn is_of(template: &str, path: &str) -> bool {
    let (mut wanted, mut parts) = (template.split('/'), path.split('/'));
    loop {
        match (wanted.next(), parts.next()) {
            (None, None) => return true,
            (Some(wanted), Some(part)) if wanted == part || (wanted.starts_with('{') && !part.is_empty()) => {}
            _ => return false,
        }
    }
}

#[test]
fn the_document_that_is_served_is_the_committed_one() {
    let site = Site::new();
    let served = site.get("/openapi.json");
    let kept = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/openapi.json")).unwrap();
    assert_eq!(served.json, serde_json::from_str::<Value>(&kept).unwrap());
    assert_eq!(served.json["openapi"], "3.1.0");
    assert!(served.header("content-type").starts_with("application/json"));
}

#[test]
fn everything_in_the_document_is_served() {
    let site = Site::new();
    let document = site.get("/openapi.json").json;
    for (path, operations) in document["paths"].as_object().unwrap() {
        let filled: String = path
            .split('/')
            .map(|part| if part.starts_with('{') { "x" } else { part })
            .collect::<Vec<_>>()
            .join("/");
        let other = site.send("PROPFIND", &filled, &[], b"");
        assert_eq!(other.status, 405, "{path}: {other:?}");
        let mut allowed: Vec<String> = other.header("allow").split(", ").map(str::to_ascii_lowercase).collect();
        allowed.sort();
        let mut described: Vec<&str> = operations.as_object().unwrap().keys().map(String::as_str).collect();
        described.sort_unstable();
        assert_eq!(allowed, described, "{path}");
    }
}

const GATE: &str = "
export const beforeSignup = async (_c: any, { user }: any, { Deny }: any) => {
  if (user.email.startsWith('refused')) throw new Deny('not you', { code: 'no', status: 418 });
};
";

/// What one client of a project sends; its answers are held against the document, as all are.
struct Client<'a> {
    site: &'a Site,
    project: &'a Project,
}

impl Client<'_> {
    fn post(&self, path: &str, status: u16, body: Value) -> Answer {
        let answer = self.site.post(path, &self.project.pk, body);
        assert_eq!(answer.status, status, "{path}: {answer:?}");
        answer
    }

    fn as_user(&self, token: &str, method: &str, path: &str, status: u16, body: Value) -> Answer {
        let body = (method != "GET").then_some(body);
        let answer = as_user(self.site, self.project, token, method, path, body);
        assert_eq!(answer.status, status, "{method} {path}: {answer:?}");
        answer
    }

    fn token(&self, template: &str) -> String {
        token(self.site, self.project, "ada@example.com", template)
    }

    fn code(&self, secret: &str) -> String {
        self.site.running().clock().advance_ms(60_000);
        authenticator(self.site, secret, 0)
    }
}

#[test]
fn what_the_auth_api_answers_about_accounts_is_what_the_document_says() {
    let site = Site::new();
    let project = site.project("a");
    site.live("a", &[("gate", GATE)]);
    let client = Client {
        site: &site,
        project: &project,
    };
    let ada = json!({ "email": "ada@example.com", "password": PASSWORD });
    let all = json!({ "email": "b@example.com", "password": PASSWORD, "name": "B", "phone": "+4930123456", "metadata": { "a": [1, 2.5] } });
    client.post("/auth/register", 201, all);
    let user = client.post("/auth/register", 201, ada.clone());
    client.post("/auth/register", 409, ada.clone());
    client.post("/auth/register", 422, json!({ "email": 1, "extra": 2 }));
    let refused = json!({ "email": "refused@example.com", "password": PASSWORD });
    client.post("/auth/register", 418, refused);
    client.post(
        "/auth/login",
        401,
        json!({ "email": "ada@example.com", "password": "wrong" }),
    );
    let token = user.token();
    site.me("pk_none", token);
    site.me(&project.pk, "none");
    let refreshed = client.post(
        "/auth/refresh",
        200,
        json!({ "refresh_token": user.json["refresh_token"] }),
    );
    let other = client.post("/auth/login", 200, ada);
    let user = |method: &str, path: &str, status: u16, body: Value| {
        client.as_user(refreshed.token(), method, path, status, body)
    };
    user("GET", "/auth/me", 200, json!({}));
    user(
        "PATCH",
        "/auth/me",
        200,
        json!({ "name": "Ada", "metadata": { "theme": null } }),
    );
    user("GET", "/auth/identities", 200, json!({}));
    user("DELETE", "/auth/identities/peer", 404, json!({}));
    user("GET", "/auth/sessions", 200, json!({}));
    let session = other.json["session"]["id"].as_str().unwrap();
    user("DELETE", &format!("/auth/sessions/{session}"), 200, json!({}));
    user(
        "POST",
        "/auth/password/change",
        200,
        json!({ "current_password": PASSWORD, "password": "another horse battery" }),
    );
    user("POST", "/auth/email/change", 202, json!({ "email": "ada@example.org" }));
    user("POST", "/auth/phone/verify/send", 422, json!({}));
    user("POST", "/auth/phone/verify", 401, json!({ "code": "123456" }));
    user("POST", "/auth/logout", 200, json!({ "scope": "this" }));
    site.get("/auth/me");
    site.get("/healthz");
    site.get("/readyz");
    let keys = site.get(&format!("/.well-known/jwks.json?key={}", project.pk));
    assert!(keys.json["keys"][0].is_object());
}

#[test]
fn what_the_auth_api_answers_on_the_way_in_is_what_the_document_says() {
    let site = Site::new();
    let project = site.project("a");
    let client = Client {
        site: &site,
        project: &project,
    };
    settings(
        &site,
        &project,
        json!({ "redirectUrls": [DONE], "confirmEmail": true, "mfa": "required" }),
    );
    let ada = json!({ "email": "ada@example.com", "password": PASSWORD });
    client.post("/auth/register", 202, ada.clone());
    client.post("/auth/login", 403, ada.clone());
    client.post(
        "/auth/email/verify",
        200,
        json!({ "token": client.token("confirm-email") }),
    );
    let address = json!({ "email": "ada@example.com" });
    client.post("/auth/email/verify/send", 202, address.clone());
    client.post("/auth/password/forgot", 202, address.clone());
    let reset = json!({ "token": client.token("reset-password"), "password": PASSWORD });
    client.post("/auth/password/reset", 200, reset);

    let begun = client.post("/auth/login", 200, ada.clone());
    let enroller = begun.json["mfa_enrollment"]["token"].clone();
    let factor = client.post("/auth/mfa/enroll", 201, json!({ "token": enroller }));
    let secret = factor.json["secret"].as_str().unwrap();
    let code = client.code(secret);
    let confirm = json!({ "token": enroller, "factor_id": factor.json["factor_id"], "code": code });
    let entered = client.post("/auth/mfa/enroll/confirm", 200, confirm);
    assert!(entered.json["access_token"].is_string() && entered.json["recovery_codes"].is_array());
    let verify = |half: &Answer| {
        let body = json!({ "token": half.json["mfa"]["token"], "code": client.code(secret) });
        client.post("/auth/mfa/verify", 200, body)
    };
    verify(&client.post("/auth/login", 200, ada));
    client.post("/auth/magic-link/send", 202, address);
    verify(&client.post(
        "/auth/magic-link/verify",
        200,
        json!({ "token": client.token("magic-link") }),
    ));
    let channel = json!({ "channel": "email", "email": "ada@example.com" });
    client.post("/auth/otp/send", 202, channel.clone());
    let mut typed = channel;
    typed["code"] = code_of(&site, &project, "ada@example.com").into();
    let entered = verify(&client.post("/auth/otp/verify", 200, typed));

    let user = |method: &str, path: &str, status: u16, body: Value| {
        client.as_user(entered.token(), method, path, status, body)
    };
    user("GET", "/auth/mfa/factors", 200, json!({}));
    user(
        "POST",
        "/auth/mfa/recovery-codes",
        200,
        json!({ "code": client.code(secret) }),
    );
    let second = user("POST", "/auth/mfa/enroll", 201, json!({ "name": "Phone" }));
    let code = client.code(second.json["secret"].as_str().unwrap());
    let confirm = json!({ "factor_id": second.json["factor_id"], "code": code });
    user("POST", "/auth/mfa/enroll/confirm", 200, confirm);
    let path = format!("/auth/mfa/factors/{}", factor.json["factor_id"].as_str().unwrap());
    user("DELETE", &path, 200, json!({ "password": PASSWORD }));
    user("DELETE", "/auth/me", 200, json!({ "password": PASSWORD }));
}

/// Below an environment.
const LISTS: [&str; 12] = [
    "hooks",
    "deployments",
    "migrations",
    "endpoints",
    "secrets",
    "mails",
    "mail-templates",
    "jobs",
    "queues",
    "invocations",
    "users",
    "audit",
];

/// With nothing there, and with something: whatever is sent is held against the document.
#[test]
fn what_the_admin_api_answers_is_what_the_document_says() {
    let site = Site::new();
    let project = site.project("a");
    const OF: &str = "/projects/a/environments/production";
    let of = |method: &str, rest: &str, body: Option<Value>| site.admin(method, &format!("{OF}{rest}"), body);
    // With nothing there, and with something.
    for _ in 0..2 {
        site.admin("GET", "/projects", None);
        for list in LISTS {
            let answer = of("GET", &format!("/{list}"), None);
            assert_eq!(answer.status, 200, "{list}");
        }
        for setting in ["http", "mail", "limits", "gates", "auth", "providers"] {
            of("GET", &format!("/settings/{setting}"), None);
        }
        site.admin("GET", "/projects/a/hooks/gate/versions", None);
        site.live("a", &[("gate", GATE)]);
        drop(site.register(&project.pk, json!({ "email": "a@example.com", "password": PASSWORD })));
        let secret = json!({ "value": "v", "hosts": ["api.example.com"] });
        of("PUT", "/secrets/token", Some(secret));
        of("PUT", "/settings/http", Some(json!({ "hosts": ["*.example.com"] })));
        of("PUT", "/settings/limits", Some(json!({ "deadlineMs": 900 })));
        of("PUT", "/settings/gates", Some(json!({ "backtest": { "calls": 5 } })));
        let template = json!({ "subject": "Hello", "text": "Hello {{ name }}" });
        of("PUT", "/mail-templates/hello", Some(template));
        of("GET", "/mail-templates/hello", None);
        until(|| {
            of("GET", "/invocations", None).json["invocations"][0]
                .is_object()
                .then_some(())
        });
    }
    for (method, path) in [("GET", "/jobs/x"), ("GET", "/mails/x"), ("DELETE", "/secrets/x")] {
        assert_eq!(of(method, path, None).status, 404, "{path}");
    }
    assert_eq!(of("PUT", "/settings/limits", Some(json!({ "cpu": 1 }))).status, 422);
    assert_eq!(of("GET", "/jobs?limit=x", None).status, 422);
}
