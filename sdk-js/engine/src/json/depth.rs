//! How deeply a text is nested. QuickJS's own parser counts a stack that it hardly uses, so it would not notice before the
//! machine does, and that ends the call instead of throwing.

use crate::binding::{Ctx, Exception, Result};

/// Levels that QuickJS's parser may be given.
const MOST: usize = 8_000;

/// # Errors
/// A RangeError with the engine's own words when the text is nested too deeply.
pub(crate) fn check(ctx: &Ctx<'_>, text: &str) -> Result<()> {
    // Every level has at least one byte.
    if text.len() <= MOST || of(text.as_bytes()) <= MOST {
        return Ok(());
    }
    Err(Exception::throw_range(ctx, "Maximum call stack size exceeded"))
}

/// The most brackets that are open at the same time, those in strings aside.
fn of(text: &[u8]) -> usize {
    let (mut open, mut most) = (0_usize, 0);
    let mut bytes = text.iter();
    while let Some(byte) = bytes.next() {
        match byte {
            b'[' | b'{' => {
                open += 1;
                most = most.max(open);
            }
            b']' | b'}' => open = open.saturating_sub(1),
            b'"' => skip_string(&mut bytes),
            _ => {}
        }
    }
    most
}

fn skip_string(bytes: &mut std::slice::Iter<'_, u8>) {
    while let Some(byte) = bytes.next() {
        match byte {
            b'"' => return,
            b'\\' => drop(bytes.next()),
            _ => {}
        }
    }
}
