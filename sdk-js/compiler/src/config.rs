//! `export const config` of a hook, as the engine gave it: read, or refused with what to write instead.

use std::collections::BTreeMap;

use aerocall_contract::names;
use aerocall_runtime::{Priority, RequestedLimits};
use serde_json::Value;

use crate::capabilities::{Capability, Grant, Grants};

/// Of a path in the data of an event.
const MAX_PATH_BYTES: usize = 200;
/// What `config` can say.
const MEMBERS: &[&str] = &["capabilities", "limits", "schedules", "order", "priority"];

/// What a hook says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Config {
    /// `None` when nothing is declared.
    pub(crate) capabilities: Option<Grants>,
    pub(crate) limits: RequestedLimits,
    /// Cron patterns by the names of schedules.
    pub(crate) schedules: BTreeMap<String, String>,
    /// Paths in the data of events, by the events that come in order.
    pub(crate) order: BTreeMap<String, String>,
    /// How urgent events are.
    pub(crate) priority: BTreeMap<String, Priority>,
}

/// What is wrong with it.
#[derive(Debug)]
pub struct Problem {
    /// What is wrong, in one sentence.
    pub message: String,
    /// What to write instead.
    pub hint: Option<String>,
}

/// Reads the members of `config`.
pub(crate) fn read(config: &Value) -> Result<Config, Problem> {
    known_members(config)?;
    Ok(Config {
        capabilities: config.get("capabilities").map(capabilities).transpose()?,
        limits: config.get("limits").map(limits).transpose()?.unwrap_or_default(),
        schedules: config.get("schedules").map(schedules).transpose()?.unwrap_or_default(),
        order: config.get("order").map(order).transpose()?.unwrap_or_default(),
        priority: config.get("priority").map(priority).transpose()?.unwrap_or_default(),
    })
}

/// A misspelt member must not be passed over: `capabilites` would leave the hook with more rights than its author meant.
fn known_members(config: &Value) -> Result<(), Problem> {
    let members = config.as_object().ok_or_else(|| Problem {
        message: "`config` must be an object".to_owned(),
        hint: Some("export const config = { limits: { deadlineMs: 500 } }".to_owned()),
    })?;
    match members.keys().find(|name| !MEMBERS.contains(&name.as_str())) {
        None => Ok(()),
        Some(name) => Err(Problem {
            message: format!("`config` has no member `{name}`"),
            hint: Some(names::meant(name, MEMBERS.iter().copied()).map_or_else(
                || format!("it can have {}", MEMBERS.join(", ")),
                |near| format!("did you mean `{near}`?"),
            )),
        }),
    }
}

fn capabilities(declared: &Value) -> Result<Grants, Problem> {
    let problem = |message: &str| Problem {
        message: message.to_owned(),
        hint: Some("capabilities: { cache: true, http: [\"api.example.com\"], secrets: [\"my_secret\"] }".to_owned()),
    };
    let members = declared
        .as_object()
        .ok_or_else(|| problem("`config.capabilities` must be an object"))?;
    let mut grants = Grants::default();
    for (name, value) in members {
        let capability = Capability::of_member(name)
            .map_or_else(|| Capability::named(name), Ok)
            .map_err(|why| problem(&format!("`config.capabilities`: {why}")))?;
        for grant in of_member(capability, value) {
            grants.add(grant.map_err(|why| problem(&format!("`config.capabilities.{name}`: {why}")))?);
        }
    }
    Ok(grants)
}

fn schedules(declared: &Value) -> Result<BTreeMap<String, String>, Problem> {
    let problem = |message: String| Problem {
        message,
        hint: Some("schedules: { cleanup: \"0 3 * * *\" }, and a handler `\"cron.cleanup\"` in `on`".to_owned()),
    };
    let members = declared
        .as_object()
        .ok_or_else(|| problem("`config.schedules` must be an object".to_owned()))?;
    let pattern = |(name, pattern): (&String, &Value)| match pattern.as_str() {
        Some(pattern) => Ok((name.clone(), pattern.to_owned())),
        None => Err(problem(format!(
            "`config.schedules.{name}` must be a string with a cron pattern"
        ))),
    };
    members.iter().map(pattern).collect()
}

fn order(declared: &Value) -> Result<BTreeMap<String, String>, Problem> {
    let problem = |message: String| Problem {
        message,
        hint: Some("order: { \"auth.user.updated\": \"user.id\" }: a path of names in `event.data`".to_owned()),
    };
    let members = declared
        .as_object()
        .ok_or_else(|| problem("`config.order` must be an object".to_owned()))?;
    let path = |(event, path): (&String, &Value)| match path.as_str() {
        Some(path) if is_path(path) => Ok((event.clone(), path.to_owned())),
        _ => Err(problem(format!("`config.order` must have a path for {event:?}"))),
    };
    members.iter().map(path).collect()
}

/// Whether a text is a path of names in the data of an event.
#[must_use]
pub fn is_path(text: &str) -> bool {
    text.len() <= MAX_PATH_BYTES && text.split('.').all(|name| !name.is_empty())
}

fn priority(declared: &Value) -> Result<BTreeMap<String, Priority>, Problem> {
    let problem = |message: String| Problem {
        message,
        hint: Some("priority: { \"queue.reports\": \"low\" }: high, normal or low".to_owned()),
    };
    let members = declared
        .as_object()
        .ok_or_else(|| problem("`config.priority` must be an object".to_owned()))?;
    let read = |(event, word): (&String, &Value)| {
        let priority = serde_json::from_value(word.clone());
        priority
            .map(|priority| (event.clone(), priority))
            .map_err(|_| problem(format!("`config.priority` must be high, normal or low for {event:?}")))
    };
    members.iter().map(read).collect()
}

fn of_member(capability: Capability, value: &Value) -> Vec<Result<Grant, String>> {
    let part = |part: &Value| match part.as_str() {
        Some(part) => Grant::part(capability, part),
        None => Err(format!("{part} is not a string")),
    };
    match (value, capability) {
        (Value::Bool(true), _) => vec![Ok(Grant::whole(capability))],
        (Value::Bool(false), _) => Vec::new(),
        (Value::Array(parts), _) => parts.iter().map(part).collect(),
        (_, Capability::Http) => vec![Err("must be true, false or a list of hosts".to_owned())],
        (_, Capability::Secrets) => vec![Err("must be true, false or a list of names".to_owned())],
        _ => vec![Err("must be true or false".to_owned())],
    }
}

fn limits(limits: &Value) -> Result<RequestedLimits, Problem> {
    let read: RequestedLimits = serde_json::from_value(limits.clone()).map_err(|error| Problem {
        message: format!("`config.limits` is invalid: {error}"),
        hint: None,
    })?;
    match read.too_small().into_iter().chain(read.too_large()).next() {
        None => Ok(read),
        Some(limit) => Err(Problem {
            message: format!("`{}` of `config.limits` {}", limit.json_name, limit.why),
            hint: Some(limit.hint),
        }),
    }
}
