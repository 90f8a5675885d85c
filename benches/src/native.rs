//! The yardstick: the same hooks in QuickJS built for this machine, bytecode loaded into a fresh runtime for every call.
//! No sandbox, no limits, no typed boundary: text in, text out.

use std::{cell::RefCell, collections::HashMap, rc::Rc};

use rquickjs::{Context, Ctx, Function, Module, Runtime, WriteOptions};

use crate::hooks::Case;

/// A hook as QuickJS bytecode.
pub struct NativeHook {
    bytecode: Vec<u8>,
    cache: Rc<RefCell<HashMap<String, String>>>,
}

impl NativeHook {
    /// Compiles the common source to bytecode.
    ///
    /// # Errors
    /// What QuickJS says.
    pub fn compile(case: &Case) -> anyhow::Result<Self> {
        let runtime = Runtime::new()?;
        let context = Context::full(&runtime)?;
        let source = format!("{}\nexport {{ handle }};", case.common);
        let bytecode = context.with(|ctx| Module::declare(ctx, "hook.js", source)?.write(WriteOptions::default()))?;
        Ok(Self {
            bytecode,
            cache: Rc::default(),
        })
    }

    /// One call in a fresh runtime and context.
    ///
    /// # Errors
    /// What QuickJS says.
    pub fn call_fresh(&self, input: &str) -> anyhow::Result<String> {
        let runtime = Runtime::new()?;
        let context = Context::full(&runtime)?;
        context.with(|ctx| {
            self.globals(&ctx)?;
            // SAFETY: the bytes are what QuickJS of this build wrote in `compile`.
            let module = unsafe { Module::load(ctx, &self.bytecode) }?;
            let (module, evaluated) = module.eval()?;
            evaluated.finish::<()>()?;
            let handle: Function<'_> = module.get("handle")?;
            Ok(handle.call((input,))?)
        })
    }

    fn globals(&self, ctx: &Ctx<'_>) -> rquickjs::Result<()> {
        let (get, set) = (Rc::clone(&self.cache), Rc::clone(&self.cache));
        let get = move |key: String| get.borrow().get(&key).cloned();
        let set = move |key: String, value: String| {
            set.borrow_mut().insert(key, value);
        };
        ctx.globals().set("__cache_get", Function::new(ctx.clone(), get)?)?;
        ctx.globals().set("__cache_set", Function::new(ctx.clone(), set)?)
    }
}
