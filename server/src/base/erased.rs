//! Values whose type only their maker and their user know: what lies between them is compiled once, and not for each type.

use std::any::Any;

/// A value of a type that is not named.
pub(crate) type Erased = Box<dyn Any + Send>;

/// The value, if it has this type.
pub(crate) fn restored<T: 'static>(value: Erased) -> Option<T> {
    value.downcast().ok().map(|value| *value)
}
