//! Compiles the prelude's scripts without keeping their text. QuickJS stores the source of every function for
//! `toString`, a nested one inside each outer one too; in a snapshot that is memory which every hook carries.

use std::ffi::CString;

use crate::binding::{Ctx, Error, Result, Value, qjs};

/// The value of a script, as strict code. Its functions print as `[native code]`; names and line numbers stay.
pub(crate) fn eval<'js>(ctx: &Ctx<'js>, name: &str, source: &str) -> Result<Value<'js>> {
    let text = CString::new(source).map_err(|_| Error::Unknown)?;
    let name = CString::new(name).map_err(|_| Error::Unknown)?;
    let flags = qjs::JS_EVAL_TYPE_GLOBAL | qjs::JS_EVAL_FLAG_STRICT | qjs::JS_EVAL_FLAG_COMPILE_ONLY;
    let raw = ctx.as_raw().as_ptr();
    // SAFETY: the strings end in a zero past the given length and outlive the call; `from_raw` takes the value over.
    let compiled = unsafe {
        let value = qjs::JS_Eval(raw, text.as_ptr(), source.len() as _, name.as_ptr(), flags as _);
        owned(ctx, value)?
    };
    let flags = qjs::JS_WRITE_OBJ_BYTECODE | qjs::JS_WRITE_OBJ_STRIP_SOURCE;
    let mut length = 0;
    // SAFETY: `compiled` is alive; the engine allocates the bytes and says how many there are.
    let bytes = unsafe { qjs::JS_WriteObject(raw, &mut length, compiled.as_raw(), flags as _) };
    if bytes.is_null() {
        return Err(Error::Exception);
    }
    // SAFETY: the bytes are the engine's own, read once and freed; JS_EvalFunction takes over what was read.
    unsafe {
        let read = qjs::JS_ReadObject(raw, bytes, length, qjs::JS_READ_OBJ_BYTECODE as _);
        qjs::js_free(raw, bytes.cast());
        if qjs::JS_IsException(read) {
            return Err(Error::Exception);
        }
        owned(ctx, qjs::JS_EvalFunction(raw, read))
    }
}

/// # Safety
/// `value` is a reference that belongs to the caller.
unsafe fn owned<'js>(ctx: &Ctx<'js>, value: qjs::JSValue) -> Result<Value<'js>> {
    // SAFETY: as promised by the caller.
    unsafe {
        if qjs::JS_IsException(value) {
            Err(Error::Exception)
        } else {
            Ok(Value::from_raw(ctx.clone(), value))
        }
    }
}
