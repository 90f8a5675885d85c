//! What a hook is called with, at a hook point, for an event, a message or a schedule: a JSON Schema that stands alone, samples
//! that fit it, what a hook may reply, and what is wrong with a document that somebody wrote. Made from [`crate::points`],
//! [`crate::payloads`] and [`crate::events`]; says nothing of its own about a field.

use serde_json::{Map, Value, json};

use crate::{
    EventKind, HookPoint, OwnField, Phase, ScriptEvent, events,
    names::{queue_event, schedule_event},
    shape::{self, Field, Presence, Shape},
};

/// What a hook is called for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Input {
    /// A hook point.
    Point(HookPoint),
    /// An event with a fixed name.
    Event(EventKind),
    /// A message of a queue.
    Message,
    /// A schedule that is due.
    Schedule,
}

/// A document that a hook can be called with.
#[derive(Clone, Debug, PartialEq)]
pub struct Sample {
    /// What is special about it.
    pub name: String,
    /// The payload, or the event.
    pub input: Value,
}

/// Stands where an author's own name of a queue or a schedule does.
const SAMPLE_NAME: &str = "example";
const SAMPLE_TIME: &str = "2026-01-31T12:00:00.000Z";
const SCHEDULED: &[Field] = &[shape::always(
    "scheduledAt",
    Shape::Text(SAMPLE_TIME),
    "The time that was due.",
)];

impl Input {
    /// Hook points, events that reach hooks, messages and schedules, in the order of the documentation.
    pub fn all() -> impl Iterator<Item = Self> {
        let events = EventKind::ALL.iter().copied().filter(|kind| kind.reaches_hooks());
        HookPoint::all()
            .map(Self::Point)
            .chain(events.map(Self::Event))
            .chain([Self::Message, Self::Schedule])
    }

    /// What is called under this name: `beforeSignup`, `auth.signup`, `queue.mails`, `cron.cleanup`.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        if let Some(point) = HookPoint::named(name) {
            return Some(Self::Point(point));
        }
        ScriptEvent::parse(name).ok().map(|event| match event {
            ScriptEvent::Known(kind) => Self::Event(kind),
            ScriptEvent::Queue(_) => Self::Message,
            ScriptEvent::Schedule(_) => Self::Schedule,
        })
    }

    /// The name that hooks answer to; of messages and schedules with a sample of the part that an author chooses.
    #[must_use]
    pub fn name(self) -> String {
        match self {
            Self::Point(point) => point.name().to_owned(),
            Self::Event(kind) => kind.as_str().to_owned(),
            Self::Message => queue_event(SAMPLE_NAME),
            Self::Schedule => schedule_event(SAMPLE_NAME),
        }
    }

    /// When it happens.
    #[must_use]
    pub fn when(self) -> String {
        match self {
            Self::Point(point) => match point.phase {
                Phase::Before => format!("Before the commit: {}.", point.step.about()),
                Phase::After => format!("After the commit: {}.", point.step.about()),
            },
            Self::Event(kind) => kind.about().to_owned(),
            Self::Message => "A message of the queue with this name is to be handled.".to_owned(),
            Self::Schedule => "The schedule with this name is due.".to_owned(),
        }
    }

    /// JSON Schema 2020-12 of the document, with every definition that it refers to.
    #[must_use]
    pub fn schema(self) -> Value {
        let fields = self.fields();
        let mut schema = match self {
            Self::Point(point) => point.payload().schema(),
            _ => self.event_schema(&fields),
        };
        let definitions = shape::definitions_of(&fields);
        if definitions.as_object().is_some_and(|all| !all.is_empty()) {
            schema["$defs"] = definitions;
        }
        schema
    }

    /// JSON Schema 2020-12 of what a hook may return.
    #[must_use]
    pub fn reply_schema(self) -> Value {
        let Self::Point(point) = self else {
            return json!({
                "description": "What a handler returns means nothing; what it throws makes it run again later, except a denial.",
            });
        };
        let mut replies = vec![
            json!({ "type": "null", "description": "Nothing (undefined or null) allows." }),
            json!({ "type": "object", "required": ["allow"], "properties": { "allow": { "const": true } } }),
            denial_schema(),
        ];
        replies.extend(patch_schema(point));
        json!({ "oneOf": replies })
    }

    /// The members of the payload that a hook may change, as paths.
    #[must_use]
    pub fn may_change(self) -> Vec<String> {
        let Self::Point(point) = self else { return Vec::new() };
        let changes = point.changes();
        let own = changes.own.map(|own| own.name().to_owned());
        let user = changes.user.names().iter().map(|field| format!("user.{field}"));
        own.into_iter().chain(user).collect()
    }

    /// Documents that fit the schema: one with every member, one with those alone that are always there, and one for each
    /// other word that a member may be.
    #[must_use]
    pub fn samples(self) -> Vec<Sample> {
        let fields = self.fields();
        let whole = shape::sample(&fields);
        let mut samples = vec![self.sample("every member", whole.clone())];
        if fields.iter().any(|field| field.presence == Presence::Sometimes) {
            let always: Vec<Field> = fields
                .iter()
                .copied()
                .filter(|field| field.presence == Presence::Always)
                .collect();
            samples.push(self.sample("only what is always there", shape::sample(&always)));
        }
        for field in &fields {
            let Shape::OneOf(words) = field.shape else { continue };
            for word in words.iter().skip(1) {
                let mut document = whole.clone();
                document[field.name] = (*word).into();
                samples.push(self.sample(&format!("{}: {word}", field.name), document));
            }
        }
        samples
    }

    /// Everything in a document that is not as described: the path of the member, and what is wrong with it. `name`: what is
    /// called, since queues and schedules have names of their own.
    #[must_use]
    pub fn problems(self, name: &str, document: &Value) -> Vec<(String, String)> {
        if let Self::Point(point) = self {
            return shape::problems(&point.payload().fields(), document);
        }
        let Some(members) = document.as_object() else {
            return vec![(String::new(), "must be an object".to_owned())];
        };
        let missing = events::FRAME.iter().filter(|member| !members.contains_key(**member));
        let mut problems: Vec<(String, String)> = missing
            .map(|member| ((*member).to_owned(), "is missing".to_owned()))
            .collect();
        for (member, value) in members {
            let problem = match member.as_str() {
                "id" | "time" | "actor" | "project" | "environment" if !value.is_string() => {
                    "must be a string".to_owned()
                }
                "version" if !value.is_u64() => "must be a whole number".to_owned(),
                "subject" if !value.is_string() && !value.is_null() => "must be a string or null".to_owned(),
                "type" if value != name => format!("must be {name:?}, as what is called"),
                member if member != "timestamp" && !events::FRAME.contains(&member) => {
                    "is not a member of this input".to_owned()
                }
                _ => continue,
            };
            problems.push((member.clone(), problem));
        }
        if self != Self::Message
            && let Some(data) = members.get("data")
        {
            let inner = shape::problems(&self.fields(), data);
            problems.extend(inner.into_iter().map(|(path, problem)| match path.as_str() {
                "" => ("data".to_owned(), problem),
                path => (format!("data.{path}"), problem),
            }));
        }
        problems
    }

    /// The fields of the payload, or of the data of an event.
    fn fields(self) -> Vec<Field> {
        match self {
            Self::Point(point) => point.payload().fields(),
            Self::Event(kind) => kind.data().to_vec(),
            Self::Message => Vec::new(),
            Self::Schedule => SCHEDULED.to_vec(),
        }
    }

    fn event_schema(self, data: &[Field]) -> Value {
        let mut properties = events::frame();
        if let Value::Object(members) = &mut properties {
            members.shift_remove("timestamp");
        }
        properties["type"] = match self {
            Self::Message => json!({ "type": "string", "pattern": "^queue\\." }),
            Self::Schedule => json!({ "type": "string", "pattern": "^cron\\." }),
            _ => json!({ "const": self.name() }),
        };
        properties["data"] = match self {
            Self::Message => json!({ "description": "The message, as it was put into the queue: any JSON value." }),
            _ => shape::schema(data),
        };
        json!({ "type": "object", "description": self.when(), "required": events::FRAME, "properties": properties })
    }

    /// A document of a hook point as it is; an event gets its frame.
    fn sample(self, name: &str, document: Value) -> Sample {
        let actor = match self {
            Self::Message => "queue",
            Self::Schedule => "schedule",
            Self::Point(_) | Self::Event(_) => "anonymous",
        };
        let data = match self {
            Self::Message => json!({ "to": "ada@example.com" }),
            _ => document,
        };
        let input = match self {
            Self::Point(_) => data,
            _ => json!({
                "id": "evt_01kx4m5n6p7q8r9s0t1v2w3x4y", "type": self.name(), "version": 1, "time": SAMPLE_TIME,
                "project": "shop", "environment": "production", "actor": actor,
                "subject": data["user"]["id"].as_str(), "data": data,
            }),
        };
        Sample {
            name: name.to_owned(),
            input,
        }
    }
}

fn denial_schema() -> Value {
    json!({
        "type": "object",
        "required": ["deny"],
        "properties": { "deny": {
            "type": "object",
            "properties": {
                "code": { "type": "string", "pattern": "^[a-z0-9_.-]{1,64}$" },
                "message": { "type": "string", "maxLength": 500 },
                "status": { "type": "integer", "minimum": 400, "maximum": 499 },
            },
        } },
    })
}

/// What may be changed; `None`: nothing.
fn patch_schema(point: HookPoint) -> Option<Value> {
    let changes = point.changes();
    let mut members = Map::new();
    let fields = changes.user.names();
    if !fields.is_empty() {
        let mut user = shape::definitions(&["userPatch"])["userPatch"].take();
        if let Some(properties) = user["properties"].as_object_mut() {
            properties.retain(|name, _| fields.contains(&name.as_str()));
        }
        members.insert("user".to_owned(), user);
    }
    let own = changes.own.map(|own| {
        let schema = match own {
            OwnField::Claims => json!({ "type": "object" }),
            OwnField::Delivery => json!({ "enum": ["server", "hook"] }),
        };
        (own.name().to_owned(), schema)
    });
    members.extend(own);
    (!members.is_empty()).then(|| {
        json!({
            "type": "object",
            "required": ["patch"],
            "properties": { "patch": { "type": "object", "properties": members } },
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_have_no_problem_and_every_damage_is_named() {
        for input in Input::all() {
            let name = input.name();
            assert_eq!(Input::named(&name), Some(input));
            for sample in input.samples() {
                assert_eq!(input.problems(&name, &sample.input), [], "{name}: {}", sample.name);
            }
            let sample = input.samples().remove(0).input;
            let members = sample.as_object().unwrap();
            let required = input.schema()["required"].as_array().unwrap().clone();
            for member in members.keys() {
                let mut damaged = sample.clone();
                damaged.as_object_mut().unwrap().shift_remove(member);
                let paths: Vec<String> = input
                    .problems(&name, &damaged)
                    .into_iter()
                    .map(|(path, _)| path)
                    .collect();
                assert_eq!(
                    paths.contains(member),
                    required.contains(&member.as_str().into()),
                    "{name} {member}"
                );
                let mut damaged = sample.clone();
                damaged[member.as_str()] = json!([7]);
                let problems = input.problems(&name, &damaged);
                let is_any = input == Input::Message && member == "data";
                assert_eq!(
                    problems.iter().any(|(path, _)| path.starts_with(member.as_str())),
                    !is_any,
                    "{name} {member}"
                );
            }
            let mut more = sample.clone();
            more["nothing"] = json!(1);
            assert_eq!(input.problems(&name, &more)[0].0, "nothing", "{name}");
        }
        assert_eq!(Input::named("beforeNothing"), None);
    }

    #[test]
    fn a_member_inside_another_is_named_by_its_path() {
        let signup = Input::named("beforeSignup").unwrap();
        let mut payload = signup.samples().remove(0).input;
        payload["user"]["email"] = json!(7);
        assert_eq!(
            signup.problems("beforeSignup", &payload),
            [("user.email".to_owned(), "must be a string".to_owned())]
        );
        let event = Input::named("auth.login.failed").unwrap();
        let mut document = event.samples().remove(0).input;
        document["data"]["reason"] = json!(null);
        document["type"] = json!("auth.login");
        let paths: Vec<String> = event
            .problems("auth.login.failed", &document)
            .into_iter()
            .map(|(path, _)| path)
            .collect();
        assert_eq!(paths, ["type", "data.reason"]);
    }

    #[test]
    fn a_schema_refers_to_nothing_that_it_does_not_have_and_a_reply_to_what_may_be_changed() {
        for input in Input::all() {
            let schema = input.schema();
            let text = schema.to_string();
            for reference in text.split("\"#/$defs/").skip(1) {
                let name = reference.split('"').next().unwrap();
                assert!(schema["$defs"].get(name).is_some(), "{}: {name}", input.name());
            }
            let replies = input.reply_schema().to_string();
            assert_eq!(
                replies.contains("\"patch\""),
                !input.may_change().is_empty(),
                "{}",
                input.name()
            );
        }
    }
}
