//! `wit/cache.wit` for the prelude: values are JSON text on both sides.

use crate::{
    binding::{Ctx, Function, Object, Result},
    contract::cache,
    native::{json::Json, only_in_call, or_throw},
};

pub(super) fn install<'js>(ctx: &Ctx<'js>, host: &Object<'js>) -> Result<()> {
    host.set("cacheGet", Function::new(ctx.clone(), get)?)?;
    host.set("cacheSet", Function::new(ctx.clone(), set)?)?;
    host.set("cacheDelete", Function::new(ctx.clone(), delete)?)?;
    host.set("cacheIncrement", Function::new(ctx.clone(), increment)?)?;
    host.set("cacheSetIfAbsent", Function::new(ctx.clone(), set_if_absent)?)
}

fn get(ctx: Ctx<'_>, key: String) -> Result<Option<String>> {
    only_in_call(&ctx, "Aerocall.cache")?;
    or_throw(&ctx, cache::get(&key))
}

fn set(ctx: Ctx<'_>, key: String, Json(value): Json, ttl_seconds: Option<u32>) -> Result<()> {
    only_in_call(&ctx, "Aerocall.cache")?;
    or_throw(&ctx, cache::set(&key, &value, ttl_seconds))
}

fn delete(ctx: Ctx<'_>, key: String) -> Result<bool> {
    only_in_call(&ctx, "Aerocall.cache")?;
    or_throw(&ctx, cache::delete(&key))
}

fn increment(ctx: Ctx<'_>, key: String, by: f64, ttl_seconds: Option<u32>) -> Result<f64> {
    only_in_call(&ctx, "Aerocall.cache")?;
    or_throw(&ctx, cache::increment(&key, by as i64, ttl_seconds)).map(|value| value as f64)
}

fn set_if_absent(ctx: Ctx<'_>, key: String, Json(value): Json, ttl_seconds: Option<u32>) -> Result<bool> {
    only_in_call(&ctx, "Aerocall.cache")?;
    or_throw(&ctx, cache::set_if_absent(&key, &value, ttl_seconds))
}
