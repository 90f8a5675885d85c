//! `wit/db.wit` as a trait.

use async_trait::async_trait;
use serde::Serialize;

use super::SdkError;

/// A value as SQL knows it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Value {
    /// `NULL`
    Null,
    /// A truth value.
    Boolean(bool),
    /// A 64-bit integer; JS gets a bigint where a number would lose digits.
    Integer(i64),
    /// A double.
    Real(f64),
    /// UTF-8 text.
    Text(String),
    /// Bytes.
    Blob(Vec<u8>),
    /// RFC 3339, UTC.
    Timestamp(String),
    /// A JSON document.
    Json(String),
}

/// The answer to a query.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Rows {
    /// Column names in order.
    pub columns: Vec<String>,
    /// Each row has one value per column.
    pub rows: Vec<Vec<Value>>,
}

/// The database of one project.
#[async_trait]
pub trait Db: Send + Sync {
    /// Runs a statement that answers rows.
    async fn query(&self, sql: &str, params: Vec<Value>) -> Result<Rows, SdkError>;
    /// Runs a statement and answers the number of rows it touched.
    async fn execute(&self, sql: &str, params: Vec<Value>) -> Result<u64, SdkError>;
    /// Opens a transaction; dropping it rolls back.
    async fn begin(&self) -> Result<Box<dyn Transaction>, SdkError>;
}

/// An open transaction.
#[async_trait]
pub trait Transaction: Send + Sync {
    /// As [`Db::query`], inside the transaction.
    async fn query(&mut self, sql: &str, params: Vec<Value>) -> Result<Rows, SdkError>;
    /// As [`Db::execute`], inside the transaction.
    async fn execute(&mut self, sql: &str, params: Vec<Value>) -> Result<u64, SdkError>;
    /// Makes it last.
    async fn commit(self: Box<Self>) -> Result<(), SdkError>;
    /// Undoes it.
    async fn rollback(self: Box<Self>) -> Result<(), SdkError>;
}
