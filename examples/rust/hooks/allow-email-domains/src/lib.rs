//! Lets only addresses of some domains sign up.

use aerocall_hooks::{RequestContext, before_signup};

/// Domains whose addresses may sign up. A name with a dot in front stands for everything below it.
const ALLOWED: &[&str] = &["acme.example", ".partners.example"];

fn is_allowed(domain: &str) -> bool {
    ALLOWED.iter().any(|name| match name.starts_with('.') {
        true => domain.ends_with(name),
        false => domain == *name,
    })
}

#[before_signup]
fn check(_context: &RequestContext, payload: before_signup::Payload) -> before_signup::Reply {
    let email = payload.user.email.to_lowercase();
    let domain = email.rsplit('@').next().unwrap_or_default();
    match is_allowed(domain) {
        true => before_signup::Reply::allow(),
        false => before_signup::Reply::deny("domain_not_allowed", "Please use the address of your company"),
    }
}

#[cfg(test)]
mod tests {
    use aerocall_hooks::testing::{Call, Host, Outcome};
    use serde_json::json;

    fn sign_up(email: &str) -> Outcome {
        let payload = json!({ "user": { "email": email }, "provider": "password", "client": {} });
        Host::new().run(&Call::new("beforeSignup", payload))
    }

    #[test]
    fn only_named_domains_pass() {
        assert_eq!(sign_up("Ada@ACME.example"), Outcome::Allow);
        assert!(matches!(sign_up("eve@notacme.example"), Outcome::Deny(denial) if denial.status == 403));
    }
}
