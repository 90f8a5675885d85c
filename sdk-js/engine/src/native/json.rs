//! For `js/json.js`: how deeply a text is nested.

use crate::{
    binding::{Ctx, Function, Object, Result},
    json,
};

pub(super) fn install<'js>(ctx: &Ctx<'js>, host: &Object<'js>) -> Result<()> {
    host.set("jsonCheckDepth", Function::new(ctx.clone(), check_depth)?)
}

fn check_depth(ctx: Ctx<'_>, text: String) -> Result<()> {
    json::check_depth(&ctx, &text)
}
