//! Where code of the bundle stands in the files of the hook. The patched QuickJS (`patches/`) asks while it compiles the
//! bundle, so that every position it keeps, and with it every stack, is one of the author's file. Knows the table that
//! the compiler makes of its source map; knows nothing of source maps.

use std::{
    cell::{Cell, RefCell},
    ffi::{CStr, CString, c_char, c_int},
};

use crate::binding::{Value, qjs};

/// QuickJS keeps a line as one number. From here on it is a line of one of the hook's files, which follow each other; lower
/// numbers are lines of the prelude and of code that is made at run time.
const FIRST_LINE: u32 = 1 << 28;
/// The line of all code that no author wrote: the bundler's own.
const GLUE_LINE: u32 = FIRST_LINE - 1;
/// Frames of files with this beginning are left out of stacks.
const GLUE: &CStr = c"aerocall:bundle";
/// The number of no file.
const NO_FILE: u32 = u32::MAX;

/// A file of the hook and the number of its first line.
struct File {
    first_line: u32,
    name: CString,
}

/// From a place in the bundle on, the code stands at this place in the source.
struct Token {
    line: u32,
    column: u32,
    source_line: u32,
    source_column: u32,
}

thread_local! {
    /// Kept in the snapshot: a stack names these files.
    static FILES: RefCell<Vec<File>> = const { RefCell::new(Vec::new()) };
    /// Only until the bundle is compiled.
    static TOKENS: RefCell<Vec<Token>> = const { RefCell::new(Vec::new()) };
    static COMPILING: Cell<bool> = const { Cell::new(false) };
}

/// Takes the table of the bundle that [`crate::prepare`] gets next: little-endian words. The number of files, and for
/// each its lines, the bytes of its name and these; then for each token, in the order of the bundle, line and column in the
/// bundle, the file's number, line and column in the file. Lines and columns count from 1, the bundle's columns in bytes.
///
/// # Safety
/// `table` is what [`crate::prepare::aerocall_alloc`] answered for `bytes`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn aerocall_positions(table: *mut u8, bytes: usize) {
    // SAFETY: the caller promises that this is the leaked box from `aerocall_alloc`, and gives it up.
    let table = unsafe { Vec::from_raw_parts(table, bytes, bytes) };
    let mut rest = table.as_slice();
    let files = files(&mut rest).unwrap_or_default();
    TOKENS.set(tokens(&mut rest, &files));
    FILES.set(files);
}

fn files(rest: &mut &[u8]) -> Option<Vec<File>> {
    let mut first_line = FIRST_LINE;
    (0..word(rest)?)
        .map(|_| {
            let (lines, length) = (word(rest)?, word(rest)?);
            let (name, others) = rest.split_at_checked(length as usize)?;
            *rest = others;
            let file = File {
                first_line,
                name: CString::new(name).ok()?,
            };
            first_line = first_line.checked_add(lines)?;
            Some(file)
        })
        .collect()
}

fn tokens(rest: &mut &[u8], files: &[File]) -> Vec<Token> {
    let mut tokens = Vec::with_capacity(rest.len() / (5 * size_of::<u32>()));
    let mut next = || Some([word(rest)?, word(rest)?, word(rest)?, word(rest)?, word(rest)?]);
    while let Some([line, column, file, source_line, source_column]) = next() {
        let file = (file != NO_FILE).then(|| files.get(file as usize)).flatten();
        tokens.push(Token {
            line,
            column,
            source_line: file.map_or(GLUE_LINE, |file| file.first_line + source_line - 1),
            source_column,
        });
    }
    tokens
}

fn word(rest: &mut &[u8]) -> Option<u32> {
    let (word, others) = rest.split_first_chunk()?;
    *rest = others;
    Some(u32::from_le_bytes(*word))
}

/// Compiles the bundle. What QuickJS compiles before and after has no place in the hook's files.
pub(crate) fn compiling<T>(compile: impl FnOnce() -> T) -> T {
    COMPILING.set(true);
    let compiled = compile();
    COMPILING.set(false);
    TOKENS.take();
    compiled
}

/// QuickJS, compiling: replaces a place in the bundle by one in the hook's files.
///
/// # Safety
/// Both pointers can be read and written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn aerocall_position(line: *mut c_int, column: *mut c_int) {
    if !COMPILING.get() {
        return;
    }
    // SAFETY: as promised by the caller.
    let (line, column) = unsafe { (&mut *line, &mut *column) };
    TOKENS.with_borrow(|tokens| {
        if !tokens.is_empty() {
            (*line, *column) = source(tokens, *line as u32, *column as u32);
        }
    });
}

fn source(tokens: &[Token], line: u32, column: u32) -> (c_int, c_int) {
    let after = tokens.partition_point(|token| (token.line, token.column) <= (line, column));
    let before = after.checked_sub(1).map(|at| &tokens[at]);
    let nearest = match (before, tokens.get(after)) {
        (Some(before), _) if before.line == line => before,
        (_, Some(next)) if next.line == line => next,
        (Some(before), _) => before,
        (None, _) => return (GLUE_LINE as c_int, 1),
    };
    (nearest.source_line as c_int, nearest.source_column as c_int)
}

/// QuickJS, writing a stack: the file of a line, and its number there. Null for code that is not of the bundle.
///
/// # Safety
/// The pointer can be read and written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn aerocall_source(line: *mut c_int) -> *const c_char {
    // SAFETY: as promised by the caller.
    let line = unsafe { &mut *line };
    let number = u32::try_from(*line).unwrap_or(0);
    match number {
        0..GLUE_LINE => std::ptr::null(),
        GLUE_LINE => GLUE.as_ptr(),
        _ => FILES.with_borrow(|files| {
            let after = files.partition_point(|file| file.first_line <= number);
            let Some(file) = after.checked_sub(1).and_then(|at| files.get(at)) else {
                return std::ptr::null();
            };
            *line = (number - file.first_line + 1) as c_int;
            // Nothing changes the files once the bundle is compiled.
            file.name.as_ptr()
        }),
    }
}

unsafe extern "C" {
    fn aerocall_thrown_trace(ctx: *mut qjs::JSContext, value: qjs::JSValue) -> qjs::JSValue;
    fn aerocall_note_rejected(ctx: *mut qjs::JSContext, value: qjs::JSValue);
}

/// A promise is rejected here and now, with a value that may be no error and then has no stack of its own.
pub(crate) fn note_rejected(reason: &Value<'_>) {
    // SAFETY: `reason` is a live value of this context.
    unsafe { aerocall_note_rejected(reason.ctx().as_raw().as_ptr(), reason.as_raw()) }
}

/// The frames where a value that is no error was thrown; empty if that is not known.
pub(crate) fn of_thrown(thrown: &Value<'_>) -> String {
    let ctx = thrown.ctx();
    // SAFETY: `thrown` is a live value of this context; the trace comes back with its own reference.
    let trace = unsafe {
        Value::from_raw(
            ctx.clone(),
            aerocall_thrown_trace(ctx.as_raw().as_ptr(), thrown.as_raw()),
        )
    };
    trace
        .as_string()
        .and_then(|trace| trace.to_string().ok())
        .unwrap_or_default()
}
