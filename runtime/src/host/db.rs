//! `wit/db.wit` as a trait.

use std::sync::Arc;

use async_trait::async_trait;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::json;

use tokio::sync::Mutex;
use wasmtime::component::Resource;

use super::{Answer, Cost as _, SdkError};
use crate::{
    bindings::aerocall::hooks::db as wire,
    record::{self, Base64},
    state::CallState,
};

/// A value as SQL knows it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
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
    /// Bytes; base64 in records.
    #[serde(serialize_with = "base64_text", deserialize_with = "from_base64")]
    Blob(Vec<u8>),
    /// RFC 3339, UTC.
    Timestamp(String),
    /// A JSON document.
    Json(String),
}

fn base64_text<S: serde::Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    Base64(bytes).serialize(serializer)
}

fn from_base64<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
    let text = String::deserialize(deserializer)?;
    record::from_base64(&text).map_err(serde::de::Error::custom)
}

/// The answer to a query.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
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

/// A transaction as the guest holds it; dropped with the call at the latest, which rolls it back.
pub struct OpenTransaction {
    inner: Arc<Mutex<Option<Box<dyn Transaction>>>>,
}

impl wire::Host for CallState {
    async fn query(&mut self, sql: String, params: Vec<wire::Value>) -> Answer<wire::Rows> {
        let db = self.host.db.clone();
        let params = values(params);
        let asked = self.asked((&sql, &params).cost(), &(&sql, &params));
        let rows = self
            .capability("db.query", asked, db, |db| async move { db.query(&sql, params).await })
            .await?;
        Ok(rows.map(Into::into))
    }

    async fn execute(&mut self, sql: String, params: Vec<wire::Value>) -> Answer<u64> {
        let db = self.host.db.clone();
        let params = values(params);
        let asked = self.asked((&sql, &params).cost(), &(&sql, &params));
        self.capability(
            "db.execute",
            asked,
            db,
            |db| async move { db.execute(&sql, params).await },
        )
        .await
    }

    async fn begin(&mut self) -> Answer<Resource<OpenTransaction>> {
        let db = self.host.db.clone();
        let slot = Arc::new(Mutex::new(None));
        let opened = slot.clone();
        let asked = self.asked(0, &json!([]));
        let answer = self
            .capability("db.begin", asked, db, |db| async move {
                *opened.lock().await = Some(db.begin().await?);
                Ok(())
            })
            .await?;
        match answer {
            Ok(()) => Ok(Ok(self.table.push(OpenTransaction { inner: slot })?)),
            Err(error) => Ok(Err(error)),
        }
    }
}

impl wire::HostTransaction for CallState {
    async fn query(
        &mut self,
        handle: Resource<OpenTransaction>,
        sql: String,
        params: Vec<wire::Value>,
    ) -> Answer<wire::Rows> {
        let open = Some(self.table.get(&handle)?.inner.clone());
        let params = values(params);
        let asked = self.asked((&sql, &params).cost(), &(&sql, &params));
        let rows = self
            .capability("db.transaction.query", asked, open, |open| async move {
                open.lock().await.as_mut().ok_or_else(ended)?.query(&sql, params).await
            })
            .await?;
        Ok(rows.map(Into::into))
    }

    async fn execute(
        &mut self,
        handle: Resource<OpenTransaction>,
        sql: String,
        params: Vec<wire::Value>,
    ) -> Answer<u64> {
        let open = Some(self.table.get(&handle)?.inner.clone());
        let params = values(params);
        let asked = self.asked((&sql, &params).cost(), &(&sql, &params));
        self.capability("db.transaction.execute", asked, open, |open| async move {
            open.lock()
                .await
                .as_mut()
                .ok_or_else(ended)?
                .execute(&sql, params)
                .await
        })
        .await
    }

    async fn commit(&mut self, handle: Resource<OpenTransaction>) -> Answer<()> {
        let open = Some(self.table.get(&handle)?.inner.clone());
        let asked = self.asked(0, &json!([]));
        self.capability("db.transaction.commit", asked, open, |open| async move {
            open.lock().await.take().ok_or_else(ended)?.commit().await
        })
        .await
    }

    async fn rollback(&mut self, handle: Resource<OpenTransaction>) -> Answer<()> {
        let open = Some(self.table.get(&handle)?.inner.clone());
        let asked = self.asked(0, &json!([]));
        self.capability("db.transaction.rollback", asked, open, |open| async move {
            open.lock().await.take().ok_or_else(ended)?.rollback().await
        })
        .await
    }

    async fn drop(&mut self, handle: Resource<OpenTransaction>) -> wasmtime::Result<()> {
        self.table.delete(handle)?;
        Ok(())
    }
}

fn ended() -> SdkError {
    SdkError::new(super::ErrorCode::InvalidArgument, "the transaction has already ended")
}

fn values(params: Vec<wire::Value>) -> Vec<Value> {
    params.into_iter().map(Into::into).collect()
}

impl From<wire::Value> for Value {
    fn from(value: wire::Value) -> Self {
        match value {
            wire::Value::Null => Self::Null,
            wire::Value::Boolean(boolean) => Self::Boolean(boolean),
            wire::Value::Integer(integer) => Self::Integer(integer),
            wire::Value::Real(real) => Self::Real(real),
            wire::Value::Text(text) => Self::Text(text),
            wire::Value::Blob(bytes) => Self::Blob(bytes),
            wire::Value::Timestamp(text) => Self::Timestamp(text),
            wire::Value::Json(json) => Self::Json(json),
        }
    }
}

impl From<Value> for wire::Value {
    fn from(value: Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Boolean(boolean) => Self::Boolean(boolean),
            Value::Integer(integer) => Self::Integer(integer),
            Value::Real(real) => Self::Real(real),
            Value::Text(text) => Self::Text(text),
            Value::Blob(bytes) => Self::Blob(bytes),
            Value::Timestamp(text) => Self::Timestamp(text),
            Value::Json(json) => Self::Json(json),
        }
    }
}

impl From<Rows> for wire::Rows {
    fn from(rows: Rows) -> Self {
        let wire = |row: Vec<Value>| row.into_iter().map(Into::into).collect();
        Self {
            columns: rows.columns,
            rows: rows.rows.into_iter().map(wire).collect(),
        }
    }
}
