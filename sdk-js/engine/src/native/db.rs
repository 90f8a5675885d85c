//! `wit/db.wit` for the prelude. The prelude tags each value with its SQL type; here the tags meet the contract.

use std::cell::RefCell;

use crate::{
    binding::{Array, BigInt, Ctx, Exception, Function, IntoJs, Object, Result, TypedArray, Value},
    contract::db::{self, Rows, Transaction},
    native::{bytes, json::Json, only_in_call, or_throw},
};

thread_local! {
    /// Open transactions by the number the prelude knows them under.
    static OPEN: RefCell<Vec<Option<Transaction>>> = const { RefCell::new(Vec::new()) };
}

pub(super) fn install<'js>(ctx: &Ctx<'js>, host: &Object<'js>) -> Result<()> {
    host.set("dbQuery", Function::new(ctx.clone(), query)?)?;
    host.set("dbExecute", Function::new(ctx.clone(), execute)?)?;
    host.set("dbBegin", Function::new(ctx.clone(), begin)?)?;
    host.set("dbEnd", Function::new(ctx.clone(), end)?)
}

/// `transaction` is the number from `begin`, or `null` for a statement of its own.
fn query<'js>(ctx: Ctx<'js>, transaction: Option<usize>, sql: String, params: Array<'js>) -> Result<Object<'js>> {
    only_in_call(&ctx, "Aerocall.db")?;
    let params = parameters(&ctx, &params)?;
    let answer = match transaction {
        None => db::query(&sql, &params),
        Some(number) => within(&ctx, number, |open| open.query(&sql, &params))?,
    };
    rows(&ctx, or_throw(&ctx, answer)?)
}

fn execute<'js>(ctx: Ctx<'js>, transaction: Option<usize>, sql: String, params: Array<'js>) -> Result<f64> {
    only_in_call(&ctx, "Aerocall.db")?;
    let params = parameters(&ctx, &params)?;
    let answer = match transaction {
        None => db::execute(&sql, &params),
        Some(number) => within(&ctx, number, |open| open.execute(&sql, &params))?,
    };
    or_throw(&ctx, answer).map(|affected| affected as f64)
}

fn begin(ctx: Ctx<'_>) -> Result<usize> {
    only_in_call(&ctx, "Aerocall.db")?;
    let transaction = or_throw(&ctx, db::begin())?;
    Ok(OPEN.with_borrow_mut(|open| {
        open.push(Some(transaction));
        open.len() - 1
    }))
}

/// How a transaction ends: `commit` or anything else for a rollback.
fn end(ctx: Ctx<'_>, number: usize, how: String) -> Result<()> {
    let taken = OPEN.with_borrow_mut(|open| open.get_mut(number).and_then(Option::take));
    let transaction = taken.ok_or_else(|| ended(&ctx))?;
    or_throw(
        &ctx,
        if how == "commit" {
            transaction.commit()
        } else {
            transaction.rollback()
        },
    )
}

fn within<T>(ctx: &Ctx<'_>, number: usize, run: impl FnOnce(&Transaction) -> T) -> Result<T> {
    OPEN.with_borrow(|open| open.get(number).and_then(Option::as_ref).map(run))
        .ok_or_else(|| ended(ctx))
}

fn ended(ctx: &Ctx<'_>) -> crate::binding::Error {
    Exception::throw_type(ctx, "the transaction has already ended")
}

fn parameters<'js>(ctx: &Ctx<'js>, params: &Array<'js>) -> Result<Vec<db::Value>> {
    params
        .iter::<Value<'js>>()
        .enumerate()
        .map(|(index, value)| parameter(ctx, index, &value?))
        .collect()
}

fn parameter<'js>(ctx: &Ctx<'js>, index: usize, value: &Value<'js>) -> Result<db::Value> {
    if value.is_null() || value.is_undefined() {
        return Ok(db::Value::Null);
    }
    if let Some(boolean) = value.as_bool() {
        return Ok(db::Value::Boolean(boolean));
    }
    if let Some(number) = value.as_number() {
        let whole = number.fract() == 0.0 && number.abs() <= 9_007_199_254_740_991.0;
        return Ok(if whole {
            db::Value::Integer(number as i64)
        } else {
            db::Value::Real(number)
        });
    }
    if let Some(string) = value.as_string() {
        return string.to_string().map(db::Value::Text);
    }
    if let Some(integer) = value.as_big_int() {
        return integer.clone().to_i64().map(db::Value::Integer);
    }
    if let Ok(array) = value.get::<TypedArray<'js, u8>>() {
        return Ok(db::Value::Blob(bytes(&array)));
    }
    if let Some(tagged) = value.as_object() {
        if let Some(text) = tagged.get::<_, Option<String>>("timestamp")? {
            return Ok(db::Value::Timestamp(text));
        }
        if let Some(Json(text)) = tagged.get::<_, Option<Json>>("json")? {
            return Ok(db::Value::Json(text));
        }
    }
    let message = format!(
        "parameter {} is a {}, which SQL has no type for",
        index + 1,
        value.type_name()
    );
    Err(Exception::throw_type(ctx, &message))
}

/// `{ columns: […], rows: [[…]] }`; JSON columns arrive as `{ json: "…" }`.
fn rows<'js>(ctx: &Ctx<'js>, answer: Rows) -> Result<Object<'js>> {
    let object = Object::new(ctx.clone())?;
    object.set("columns", answer.columns)?;
    let list = Array::new(ctx.clone())?;
    for (index, row) in answer.rows.into_iter().enumerate() {
        let cells: Vec<Value<'js>> = row.into_iter().map(|cell| column(ctx, cell)).collect::<Result<_>>()?;
        list.set(index, cells)?;
    }
    object.set("rows", list)?;
    Ok(object)
}

fn column<'js>(ctx: &Ctx<'js>, value: db::Value) -> Result<Value<'js>> {
    match value {
        db::Value::Null => Ok(Value::new_null(ctx.clone())),
        db::Value::Boolean(boolean) => Ok(Value::new_bool(ctx.clone(), boolean)),
        db::Value::Integer(integer) if integer.unsigned_abs() <= 9_007_199_254_740_991 => {
            Ok(Value::new_number(ctx.clone(), integer as f64))
        }
        db::Value::Integer(integer) => Ok(BigInt::from_i64(ctx.clone(), integer)?.into_value()),
        db::Value::Real(real) => Ok(Value::new_number(ctx.clone(), real)),
        db::Value::Text(text) | db::Value::Timestamp(text) => text.into_js(ctx),
        db::Value::Blob(bytes) => Ok(TypedArray::new(ctx.clone(), bytes)?.into_value()),
        db::Value::Json(json) => {
            let tagged = Object::new(ctx.clone())?;
            tagged.set("json", json)?;
            Ok(tagged.into_value())
        }
    }
}
