//! A request that is to be tried, as the client describes it.

use std::collections::BTreeMap;

use aerocall_api_types::TryMode;
use serde_json::Value;

use super::table::{self, Entry};
use crate::{
    base::{
        ids::HookName,
        input::{Fields, Parsed, short_text, text},
    },
    flows::steps::{
        endpoint::{Endpoint, Field, FieldKind},
        hook_target::Target,
    },
    hooks::local::GivenHosts,
};

const MAX_PATH_CHARS: usize = 4_000;
const MAX_HEADERS: usize = 50;
const MAX_HEADER_BYTES: usize = 8_000;
const MAX_USES: usize = 20;
/// How alike a path has to be to be what was meant.
const ALIKE: f64 = 0.75;

pub(super) const FIELDS: &[Field] = &[
    Field::optional(
        "method",
        FieldKind::OneOf(&["GET", "POST", "PATCH", "DELETE"]),
        "HTTP method. The one that the endpoint has, or POST if it has several, if omitted.",
    ),
    Field::required(
        "path",
        FieldKind::Text(4_000),
        "Path of an endpoint of the auth API, such as `/auth/register`, with its query.",
    ),
    Field::optional(
        "headers",
        FieldKind::Object,
        "Headers by name, such as `authorization`, `user-agent`, `accept-language`, and those that hooks can see. At most 50. The project comes from the path of this request, so no key is needed.",
    ),
    Field::optional("body", FieldKind::Json("{}"), "The body: a JSON object."),
    Field::optional(
        "mode",
        FieldKind::OneOf(&["dry-run", "live"]),
        "`dry-run`, the default: on copies, nothing changes and nothing is sent. `live`: in the environment itself; see above.",
    ),
    Field::optional(
        "use",
        FieldKind::Json(
            r#"{"type":"object","maxProperties":20,"additionalProperties":{"oneOf":[{"type":"string","enum":["draft"]},{"type":"integer","format":"int32","minimum":1}]}}"#,
        ),
        "Hooks that run in another version than the live one, by name: `\"draft\"` or the number of a version. A hook that is not live runs after the others. In a dry-run only.",
    ),
    Field::optional(
        "http",
        FieldKind::Json(r#"{"type":"array","maxItems":50,"items":{"type":"object"}}"#),
        "Responses of other hosts to requests of hooks, each for one request, as `given.http` in the test cases of `aerocall test`. Other requests of hooks are refused. In a dry-run only.",
    ),
];

/// What is to be tried.
pub(crate) struct Input {
    pub(super) entry: Entry,
    pub(super) asked: Described,
    pub(super) mode: TryMode,
    pub(super) uses: BTreeMap<HookName, Target>,
    pub(super) http: Option<GivenHosts>,
}

/// The request itself.
#[derive(Clone)]
pub(super) struct Described {
    pub(super) method: &'static str,
    /// Without the query.
    pub(super) path: String,
    /// The variable parts of the path, by name.
    pub(super) parts: BTreeMap<String, String>,
    pub(super) query: Vec<(String, String)>,
    /// Names in lower case.
    pub(super) headers: BTreeMap<String, String>,
    pub(super) body: Option<Value>,
}

impl Described {
    pub(super) fn bearer(&self) -> Option<&str> {
        let (scheme, token) = self.headers.get("authorization")?.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
    }

    /// With the query.
    pub(super) fn full_path(&self) -> String {
        if self.query.is_empty() {
            return self.path.clone();
        }
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(&self.query);
        format!("{}?{}", self.path, query.finish())
    }
}

impl Input {
    pub(super) fn read(fields: &mut Fields) -> Option<Self> {
        let method = fields.optional("method", method);
        let path = fields.required("path", short_text(MAX_PATH_CHARS));
        let headers = fields.optional("headers", headers).unwrap_or_default();
        let body = fields.optional("body", Ok);
        let mode = fields.optional("mode", mode).unwrap_or(TryMode::DryRun);
        let uses = fields.optional("use", uses).unwrap_or_default();
        let http = fields.optional("http", GivenHosts::read);
        if mode == TryMode::Live {
            for (name, is_there) in [("use", !uses.is_empty()), ("http", http.is_some())] {
                if is_there {
                    fields.problem(name, "is for a dry-run: live, the environment runs as it is");
                }
            }
        }
        let path = path?;
        let (path, query) = path.split_once('?').unwrap_or((path.as_str(), ""));
        let found = find(method.as_deref(), path);
        let (entry, parts) = found.map_err(|(field, problem)| fields.problem(field, problem)).ok()?;
        let query = url::form_urlencoded::parse(query.as_bytes()).into_owned();
        Some(Self {
            asked: Described {
                method: entry.endpoint.method.as_str(),
                path: path.to_owned(),
                parts,
                query: query.collect(),
                headers,
                body,
            },
            entry,
            mode,
            uses,
            http,
        })
    }
}

/// The variable parts of a path, by name.
type Parts = BTreeMap<String, String>;
/// A field and what is wrong with it.
type Wrong = (&'static str, String);

/// The endpoint of a path, and the variable parts.
fn find(method: Option<&str>, path: &str) -> Result<(Entry, Parts), Wrong> {
    let of_path = table::all().into_iter().filter_map(|entry| {
        let parts = parts(entry.endpoint.path, path)?;
        Some((entry, parts))
    });
    // A path in words goes before one with a variable part.
    let mut of_path: Vec<_> = of_path.collect();
    let fewest = of_path.iter().map(|(_, parts)| parts.len()).min();
    of_path.retain(|(_, parts)| Some(parts.len()) == fewest);
    let methods: Vec<&str> = of_path
        .iter()
        .map(|(entry, _)| entry.endpoint.method.as_str())
        .collect();
    let wanted = match method {
        Some(method) => method,
        None if methods.contains(&"POST") => "POST",
        None => methods.first().copied().unwrap_or_default(),
    };
    if methods.is_empty() {
        return Err(("path", unknown(path)));
    }
    let problem = format!("this path takes {}", methods.join(", "));
    let mut of_path = of_path.into_iter();
    of_path
        .find(|(entry, _)| entry.endpoint.method.as_str() == wanted)
        .ok_or(("method", problem))
}

/// The variable parts, if the path is one of these.
fn parts(template: &str, path: &str) -> Option<BTreeMap<String, String>> {
    let (template, path): (Vec<&str>, Vec<&str>) = (template.split('/').collect(), path.split('/').collect());
    if template.len() != path.len() {
        return None;
    }
    let mut parts = BTreeMap::new();
    for (wanted, given) in template.iter().zip(path) {
        match wanted.strip_prefix('{').and_then(|name| name.strip_suffix('}')) {
            Some(name) if !given.is_empty() => drop(parts.insert(name.to_owned(), given.to_owned())),
            None if *wanted == given => {}
            _ => return None,
        }
    }
    Some(parts)
}

fn unknown(path: &str) -> String {
    if path.starts_with("/admin") {
        return "is of the admin API, and only requests of the auth API are tried; hooks are run with POST …/hooks/{hook}/run"
            .to_owned();
    }
    let alike = |endpoint: &Endpoint| strsim::jaro_winkler(path, endpoint.path);
    let mut known: Vec<(f64, &'static Endpoint)> = table::all()
        .iter()
        .map(|entry| (alike(entry.endpoint), entry.endpoint))
        .collect();
    known.sort_by(|one, other| other.0.total_cmp(&one.0));
    match known.first() {
        Some((score, endpoint)) if *score >= ALIKE => {
            format!(
                "is no endpoint of the auth API; did you mean {} {}?",
                endpoint.method.as_str(),
                endpoint.path
            )
        }
        _ => "is no endpoint of the auth API; they are listed in the API reference, such as POST /auth/register"
            .to_owned(),
    }
}

fn method(value: Value) -> Parsed<String> {
    let method = text(value)?.to_ascii_uppercase();
    match ["GET", "POST", "PATCH", "DELETE"].contains(&method.as_str()) {
        true => Ok(method),
        false => Err("must be GET, POST, PATCH or DELETE".to_owned()),
    }
}

fn mode(value: Value) -> Parsed<TryMode> {
    match value.as_str() {
        Some("dry-run") => Ok(TryMode::DryRun),
        Some("live") => Ok(TryMode::Live),
        _ => Err("must be \"dry-run\" or \"live\"".to_owned()),
    }
}

fn headers(value: Value) -> Parsed<BTreeMap<String, String>> {
    let Value::Object(members) = value else {
        return Err("must be an object of texts by name".to_owned());
    };
    let mut headers = BTreeMap::new();
    for (name, value) in members {
        let Value::String(value) = value else {
            return Err(format!("{:?} must be a text", short(&name)));
        };
        let is_plain = |text: &str| text.bytes().all(|byte| byte == b'\t' || (0x20..0x7f).contains(&byte));
        if name.is_empty() || !is_plain(&name) || !is_plain(&value) || name.len() + value.len() > MAX_HEADER_BYTES {
            return Err(format!(
                "{:?} must be a header of printable ASCII with at most {MAX_HEADER_BYTES} bytes",
                short(&name)
            ));
        }
        headers.insert(name.to_ascii_lowercase(), value);
    }
    match headers.len() <= MAX_HEADERS {
        true => Ok(headers),
        false => Err(format!("must have at most {MAX_HEADERS} entries")),
    }
}

fn uses(value: Value) -> Parsed<BTreeMap<HookName, Target>> {
    let Value::Object(members) = value else {
        return Err("must be an object of versions by hook, such as {\"signup\": \"draft\"}".to_owned());
    };
    if members.len() > MAX_USES {
        return Err(format!("must name at most {MAX_USES} hooks"));
    }
    let one = |(name, target): (String, Value)| {
        let hook = HookName::parse(&name).map_err(|problem| format!("{:?} {problem}", short(&name)))?;
        match Target::parse(target) {
            Ok(Target::Live) | Err(_) => Err(format!("{name}: must be \"draft\" or the number of a version")),
            Ok(target) => Ok((hook, target)),
        }
    };
    members.into_iter().map(one).collect()
}

fn short(text: &str) -> String {
    text.chars().take(100).collect()
}
