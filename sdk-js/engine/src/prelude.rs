//! The globals of a hook: JavaScript files in `js/`, run once at build, over native functions in `native/`.

use crate::{
    binding::{Ctx, Function, Object, Result, context::EvalOptions},
    native,
};

/// In order: later files use what earlier ones put on `internals`.
const FILES: &[(&str, &str)] = &[
    ("errors", include_str!("js/errors.js")),
    ("timers", include_str!("js/timers.js")),
    ("console", include_str!("js/console.js")),
    ("rejections", include_str!("js/rejections.js")),
    ("sdk", include_str!("js/sdk.js")),
];

/// Installs every global and answers the `internals` object that Rust calls into.
pub(crate) fn install<'js>(ctx: &Ctx<'js>) -> Result<Object<'js>> {
    let host = native::host(ctx)?;
    let internals = Object::new(ctx.clone())?;
    for (name, source) in FILES {
        let mut options = EvalOptions::default();
        options.strict = true;
        options.filename = Some(format!("aerocall:{name}"));
        let file: Function<'js> = ctx.eval_with_options(*source, options)?;
        file.call::<_, ()>((host.clone(), internals.clone()))?;
    }
    Ok(internals)
}
