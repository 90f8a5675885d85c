//! Puts what the project's own services decide on into the access token, so that they need not ask.

use aerocall_hooks::{ClaimsPatch, JsonObject, RequestContext, Result, before_token_issue, deny};
use serde_json::Value;

const PLANS: &[&str] = &["free", "team", "enterprise"];

fn plan_of(metadata: &JsonObject) -> &str {
    let plan = metadata.get("plan").and_then(Value::as_str);
    plan.filter(|plan| PLANS.contains(plan)).unwrap_or("free")
}

fn roles_of(metadata: &JsonObject) -> Vec<&str> {
    let roles = metadata.get("roles").and_then(Value::as_array);
    roles.into_iter().flatten().filter_map(Value::as_str).collect()
}

#[before_token_issue]
fn add_claims(_context: &RequestContext, payload: before_token_issue::Payload) -> Result<before_token_issue::Reply> {
    let metadata = &payload.user.metadata;
    if metadata.get("suspended") == Some(&Value::Bool(true)) {
        deny!("account_suspended", "This account is suspended");
    }
    let claims = ClaimsPatch::from(payload.claims)
        .claim("plan", plan_of(metadata))
        .claim("roles", roles_of(metadata));
    Ok(before_token_issue::Reply::patch(claims))
}
