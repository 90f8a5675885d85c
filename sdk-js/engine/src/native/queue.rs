//! `wit/queue.wit` for the prelude.

use crate::{
    binding::{Ctx, Function, Object, Result},
    contract::queue::{self, EnqueueOptions},
    native::{json::Json, only_in_call, or_throw},
};

pub(super) fn install<'js>(ctx: &Ctx<'js>, host: &Object<'js>) -> Result<()> {
    host.set("queueEnqueue", Function::new(ctx.clone(), enqueue)?)
}

fn enqueue(
    ctx: Ctx<'_>,
    queue: String,
    Json(message): Json,
    delay_seconds: u32,
    idempotency_key: Option<String>,
) -> Result<String> {
    only_in_call(&ctx, "Aerocall.Queue")?;
    or_throw(
        &ctx,
        queue::enqueue(
            &queue,
            &message,
            &EnqueueOptions {
                delay_seconds,
                idempotency_key,
            },
        ),
    )
}
