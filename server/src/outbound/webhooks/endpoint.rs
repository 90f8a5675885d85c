//! What an admin says about an endpoint, field by field. Its secrets are not part of it.

use serde_json::Value;

use super::Filter;
use crate::{
    base::{
        ids::{Kind, new_id},
        input::{Email, Fields, Parsed, short_text},
    },
    storage::store::{EndpointFields, EndpointRow, EventRow, NewDelivery},
};

const MAX_DESCRIPTION_CHARS: usize = 500;

/// Whether events wait for one another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ordering {
    /// Each as soon as it can.
    None,
    /// Those of one user one after another.
    Subject,
}

/// Whether one-time codes are sent to the endpoint, for it to deliver them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Codes {
    Withheld,
    Included,
}

/// Whether anything leaves for the endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wanted {
    Enabled,
    Disabled,
}

/// What was sent; what is absent stays as it was.
#[derive(Debug, Default)]
pub(crate) struct Draft {
    pub(crate) url: Option<String>,
    description: Option<String>,
    events: Option<Value>,
    filter: Option<Value>,
    order: Option<Ordering>,
    codes: Option<Codes>,
    owner_email: Option<Option<Email>>,
    pub(crate) state: Option<Wanted>,
}

/// Everything that can be said about an endpoint.
#[derive(Clone, Debug)]
pub(crate) struct Definition {
    pub(crate) url: String,
    description: String,
    /// A list of types.
    events: String,
    /// A list of conditions.
    filter: String,
    order: Ordering,
    codes: Codes,
    owner_email: Option<String>,
}

impl Ordering {
    /// As it is kept.
    pub(crate) fn of(row: &EndpointRow) -> Self {
        match row.ordering == Self::Subject.as_str() {
            true => Self::Subject,
            false => Self::None,
        }
    }

    const WORDS: &[(&str, Self)] = &[("none", Self::None), ("subject", Self::Subject)];

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Subject => "subject",
        }
    }
}

impl Codes {
    /// As it is kept.
    pub(crate) fn of(row: &EndpointRow) -> Self {
        match row.codes == Self::Included.as_str() {
            true => Self::Included,
            false => Self::Withheld,
        }
    }

    const WORDS: &[(&str, Self)] = &[("withheld", Self::Withheld), ("included", Self::Included)];

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Withheld => "withheld",
            Self::Included => "included",
        }
    }
}

impl Wanted {
    const WORDS: &[(&str, Self)] = &[("enabled", Self::Enabled), ("disabled", Self::Disabled)];
}

/// One of a few words.
fn word<T: Copy>(words: &'static [(&str, T)]) -> impl Fn(Value) -> Parsed<T> {
    move |value| {
        let found = words.iter().find(|(word, _)| value == *word).map(|(_, found)| *found);
        found.ok_or_else(|| {
            let words: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            format!("must be one of {}", words.join(", "))
        })
    }
}

fn description(value: Value) -> Parsed<String> {
    match value {
        Value::String(text) if text.is_empty() => Ok(text),
        value => short_text(MAX_DESCRIPTION_CHARS)(value),
    }
}

impl Draft {
    /// A new endpoint, which has at least an address and types of events.
    pub(crate) fn read_new(fields: &mut Fields, url: impl Fn(Value) -> Parsed<String>) -> Option<Definition> {
        let (url, events) = (
            fields.required("url", url),
            fields.required("events", Filter::read_types),
        );
        let rest = Self::rest(fields);
        url.zip(events).map(|(url, events)| Definition {
            url,
            description: rest.description.unwrap_or_default(),
            events: events.to_string(),
            filter: rest.filter.map_or_else(|| "[]".to_owned(), |filter| filter.to_string()),
            order: rest.order.unwrap_or(Ordering::None),
            codes: rest.codes.unwrap_or(Codes::Withheld),
            owner_email: rest.owner_email.flatten().map(|email| email.as_str().to_owned()),
        })
    }

    /// A change.
    pub(crate) fn read_change(fields: &mut Fields, url: impl Fn(Value) -> Parsed<String>) -> Self {
        let url = fields.optional("url", url);
        let events = fields.optional("events", Filter::read_types);
        let state = fields.optional("state", word(Wanted::WORDS));
        let rest = Self::rest(fields);
        Self {
            url,
            events,
            state,
            ..rest
        }
    }

    fn rest(fields: &mut Fields) -> Self {
        Self {
            description: fields.optional("description", description),
            filter: fields.optional("filter", Filter::read_conditions),
            order: fields.optional("order", word(Ordering::WORDS)),
            codes: fields.optional("codes", word(Codes::WORDS)),
            owner_email: fields.nullable("ownerEmail", Email::parse),
            ..Self::default()
        }
    }

    /// The endpoint as it is after the change.
    pub(crate) fn over(&self, row: &EndpointRow) -> Definition {
        let text = |new: &Option<String>, old: &String| new.as_ref().unwrap_or(old).clone();
        let list = |new: &Option<Value>, old: &String| new.as_ref().map_or_else(|| old.clone(), Value::to_string);
        Definition {
            url: text(&self.url, &row.url),
            description: text(&self.description, &row.description),
            events: list(&self.events, &row.event_types),
            filter: list(&self.filter, &row.conditions),
            order: self.order.unwrap_or(Ordering::of(row)),
            codes: self.codes.unwrap_or(Codes::of(row)),
            owner_email: match &self.owner_email {
                Some(email) => email.as_ref().map(|email| email.as_str().to_owned()),
                None => row.owner_email.clone(),
            },
        }
    }
}

impl Definition {
    /// As it is kept.
    pub(crate) fn fields(&self, now_ms: i64) -> EndpointFields {
        EndpointFields {
            url: self.url.clone(),
            description: self.description.clone(),
            event_types: self.events.clone(),
            conditions: self.filter.clone(),
            ordering: self.order.as_str(),
            codes: self.codes.as_str(),
            owner_email: self.owner_email.clone(),
            updated_ms: now_ms,
        }
    }
}

/// One event for one endpoint. One without a subject waits for nobody.
pub(crate) fn delivery(endpoint: &EndpointRow, event: &EventRow, now_ms: i64) -> NewDelivery {
    let is_ordered = Ordering::of(endpoint) == Ordering::Subject;
    NewDelivery {
        id: new_id(Kind::Delivery),
        endpoint: endpoint.id.clone(),
        event_id: event.id.clone(),
        event_type: event.kind.clone(),
        order_key: event.subject.clone().filter(|_| is_ordered),
        now_ms,
    }
}
