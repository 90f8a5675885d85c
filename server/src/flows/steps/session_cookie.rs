//! Answers that give a browser the cookie of a session, or take it away. What a cookie looks like is the edge's to know.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A document, and what happens to the cookie.
#[derive(Clone, Debug)]
pub(crate) struct WithCookie<T> {
    pub(crate) document: T,
    pub(crate) cookie: CookieChange,
}

/// What happens to the cookie.
#[derive(Clone, Debug)]
pub(crate) enum CookieChange {
    /// It stays as it is.
    Kept,
    Set {
        secret: String,
        life_s: i64,
    },
    Cleared,
}

impl<T: Serialize> Serialize for WithCookie<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.document.serialize(serializer)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for WithCookie<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let document = T::deserialize(deserializer)?;
        Ok(Self {
            document,
            cookie: CookieChange::Kept,
        })
    }
}

impl<T: JsonSchema> JsonSchema for WithCookie<T> {
    fn schema_name() -> Cow<'static, str> {
        T::schema_name()
    }

    fn schema_id() -> Cow<'static, str> {
        T::schema_id()
    }

    fn inline_schema() -> bool {
        T::inline_schema()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        T::json_schema(generator)
    }
}
