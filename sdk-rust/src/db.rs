//! The project's own tables. Mirrors `wit/db.wit`.
//!
//! Parameters are `$1`, `$2`, … in SQLite and PostgreSQL; [`params!`](crate::params) makes them of the values of Rust.
//!
//! ```
//! use aerocall_hooks::{Result, db, params};
//! use serde::Deserialize;
//!
//! #[derive(Deserialize)]
//! struct Team {
//!     id: i64,
//! }
//!
//! fn join(domain: &str, user: &str) -> Result<()> {
//!     db::transaction(|tx| {
//!         if let Some(team) = tx.query_as::<Team>("SELECT id FROM teams WHERE domain = $1", params![domain])?.pop() {
//!             tx.execute("INSERT INTO members (team_id, user_id) VALUES ($1, $2)", params![team.id, user])?;
//!         }
//!         Ok(())
//!     })
//! }
//! ```

use serde::de::DeserializeOwned;
use serde_json::Value as Json;

use crate::{AerocallError, Error, JsonObject, Timestamp, platform};

/// A parameter, or a value of a column.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Value {
    /// `NULL`
    Null,
    /// A truth value.
    Boolean(bool),
    /// A whole number of 64 bits.
    Integer(i64),
    /// A floating-point number.
    Real(f64),
    /// A text.
    Text(String),
    /// Bytes.
    Blob(Vec<u8>),
    /// RFC 3339, UTC.
    Timestamp(String),
    /// A JSON document, as text.
    Json(String),
}

/// The rows of a query.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rows {
    /// The names of the columns.
    pub columns: Vec<String>,
    /// The values, in the order of the columns.
    pub rows: Vec<Vec<Value>>,
}

/// The parameters of a statement: `params![user.id, 7, event.time, json!({})]`. Each is anything that a [`Value`] can be made of.
///
/// ```
/// use aerocall_hooks::{db::Value, params};
///
/// let parameters: &[Value] = params!["usr_1", 7, None::<i64>];
/// assert_eq!(parameters, [Value::Text("usr_1".to_owned()), Value::Integer(7), Value::Null]);
/// ```
#[macro_export]
macro_rules! params {
    ($($value:expr),* $(,)?) => {
        &[$($crate::db::Value::from($value)),*]
    };
}

macro_rules! from {
    ($($type:ty: $value:ident => $made:expr;)*) => {
        $(impl From<$type> for Value {
            fn from($value: $type) -> Self {
                $made
            }
        })*
    };
}

from! {
    bool: value => Self::Boolean(value);
    i8: value => Self::Integer(value.into());
    i16: value => Self::Integer(value.into());
    i32: value => Self::Integer(value.into());
    i64: value => Self::Integer(value);
    u8: value => Self::Integer(value.into());
    u16: value => Self::Integer(value.into());
    u32: value => Self::Integer(value.into());
    f32: value => Self::Real(value.into());
    f64: value => Self::Real(value);
    &str: value => Self::Text(value.to_owned());
    &String: value => Self::Text(value.clone());
    String: value => Self::Text(value);
    &[u8]: value => Self::Blob(value.to_vec());
    Vec<u8>: value => Self::Blob(value);
    Timestamp: value => Self::Timestamp(value.to_string());
    Json: value => Self::Json(value.to_string());
    &Json: value => Self::Json(value.to_string());
    JsonObject: value => Self::Json(Json::Object(value).to_string());
}

impl<T: Into<Self>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

impl Value {
    fn into_json(self) -> Result<Json, serde_json::Error> {
        Ok(match self {
            Self::Null => Json::Null,
            Self::Boolean(value) => value.into(),
            Self::Integer(value) => value.into(),
            Self::Real(value) => value.into(),
            Self::Text(value) | Self::Timestamp(value) => value.into(),
            Self::Blob(value) => value.into(),
            Self::Json(value) => serde_json::from_str(&value)?,
        })
    }
}

impl Rows {
    /// The rows as values of a type, whose fields are the columns. Blobs are `Vec<u8>`, times [`Timestamp`], JSON what it is.
    ///
    /// ```
    /// use aerocall_hooks::db::{Rows, Value};
    ///
    /// let rows = Rows { columns: vec!["n".to_owned()], rows: vec![vec![Value::Integer(3)]] };
    /// # #[derive(serde::Deserialize)]
    /// # struct Count { n: u32 }
    /// assert_eq!(rows.into_typed::<Count>()?[0].n, 3);
    /// # Ok::<(), aerocall_hooks::AerocallError>(())
    /// ```
    ///
    /// # Errors
    /// A column is missing, or of another type.
    pub fn into_typed<T: DeserializeOwned>(self) -> Result<Vec<T>, AerocallError> {
        let Self { columns, rows } = self;
        let typed = |row: Vec<Value>| {
            let members = columns.iter().cloned().zip(row);
            let object: Result<JsonObject, _> = members
                .map(|(column, value)| Ok((column, value.into_json()?)))
                .collect();
            serde_json::from_value(Json::Object(object?))
        };
        let rows: Result<Vec<T>, serde_json::Error> = rows.into_iter().map(typed).collect();
        rows.map_err(|error| AerocallError::of_json("a row", &error))
    }

    #[cfg(not(target_arch = "wasm32"))]
    pub(crate) fn rows_affected(&self) -> u64 {
        match self.rows.first().and_then(|row| row.first()) {
            Some(Value::Integer(count)) => u64::try_from(*count).unwrap_or(0),
            _ => 0,
        }
    }
}

/// The rows of a query.
///
/// # Errors
/// What the SDK refuses; invalid SQL is `invalid_argument`, with its position.
pub fn query(sql: &str, parameters: &[Value]) -> Result<Rows, AerocallError> {
    platform::db_query(sql, parameters)
}

/// The rows of a query as values of a type, whose fields are the columns.
///
/// ```
/// use aerocall_hooks::{Result, db, params};
/// use serde::Deserialize;
///
/// #[derive(Deserialize)]
/// struct Invitation {
///     code: String,
///     used_by: Option<String>,
/// }
///
/// fn unused(team: i64) -> Result<Vec<String>> {
///     let all = db::query_as::<Invitation>("SELECT code, used_by FROM invitations WHERE team_id = $1", params![team])?;
///     Ok(all.into_iter().filter(|one| one.used_by.is_none()).map(|one| one.code).collect())
/// }
/// ```
///
/// # Errors
/// What the SDK refuses; `invalid_argument` if a row is of another type.
pub fn query_as<T: DeserializeOwned>(sql: &str, parameters: &[Value]) -> Result<Vec<T>, AerocallError> {
    query(sql, parameters)?.into_typed()
}

/// Runs a statement; returns how many rows it affected.
///
/// ```
/// use aerocall_hooks::{Result, Timestamp, db, params};
///
/// fn clean(before: Timestamp) -> Result<u64> {
///     Ok(db::execute("DELETE FROM carts WHERE touched_at < $1", params![before])?)
/// }
/// ```
///
/// # Errors
/// What the SDK refuses.
pub fn execute(sql: &str, parameters: &[Value]) -> Result<u64, AerocallError> {
    platform::db_execute(sql, parameters)
}

/// Commits when `work` is done, rolls back when it fails.
///
/// # Errors
/// What `work` fails with, or what the SDK refuses.
pub fn transaction<T>(work: impl FnOnce(&Transaction) -> Result<T, Error>) -> Result<T, Error> {
    let transaction = Transaction(platform::Transaction::begin()?);
    match work(&transaction) {
        Ok(done) => {
            transaction.0.commit()?;
            Ok(done)
        }
        Err(error) => {
            // What `work` failed with is what the author has to know.
            let _ = transaction.0.rollback();
            Err(error)
        }
    }
}

/// Statements inside of a transaction.
pub struct Transaction(platform::Transaction);

impl Transaction {
    /// The rows of a query.
    ///
    /// # Errors
    /// What the SDK refuses.
    pub fn query(&self, sql: &str, parameters: &[Value]) -> Result<Rows, AerocallError> {
        self.0.query(sql, parameters)
    }

    /// The rows of a query as values of a type, whose fields are the columns.
    ///
    /// # Errors
    /// What the SDK refuses; `invalid_argument` if a row is of another type.
    pub fn query_as<T: DeserializeOwned>(&self, sql: &str, parameters: &[Value]) -> Result<Vec<T>, AerocallError> {
        self.query(sql, parameters)?.into_typed()
    }

    /// Runs a statement; returns how many rows it affected.
    ///
    /// # Errors
    /// What the SDK refuses.
    pub fn execute(&self, sql: &str, parameters: &[Value]) -> Result<u64, AerocallError> {
        self.0.execute(sql, parameters)
    }
}
