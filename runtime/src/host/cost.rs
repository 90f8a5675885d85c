//! What values take in the memory of this process: the one way in which whatever crosses between hooks and their host is
//! counted, by this crate and by those who implement [`crate::host`]. A number in a row of a table takes 32 bytes here, not 8.

use super::{HttpRequest, HttpResponse, Rows, SdkError, Session, Value};

/// What an allocator adds to a piece of memory.
const BLOCK_BYTES: u64 = 16;

/// The most that one answer of the host may cost, whatever the limits of the call: it is here and in the memory of the guest
/// for a moment, so that a call takes its own memory and little more.
pub const MAX_ANSWER_BYTES: u64 = 8 << 20;

/// A value whose memory can be counted.
pub trait Cost {
    /// Bytes that it holds outside of itself.
    fn held(&self) -> u64;

    /// All of its bytes.
    fn cost(&self) -> u64
    where
        Self: Sized,
    {
        bytes_of::<Self>() + self.held()
    }
}

/// Of a piece of memory with so many bytes.
fn block(bytes: u64) -> u64 {
    match bytes {
        0 => 0,
        bytes => bytes + BLOCK_BYTES,
    }
}

const fn bytes_of<T>() -> u64 {
    size_of::<T>() as u64
}

impl Value {
    /// What a value costs whose text or blob has so many bytes; 0 for all others. Known before the value is made.
    #[must_use]
    pub fn cost_of(bytes: usize) -> u64 {
        bytes_of::<Self>() + block(bytes as u64)
    }
}

impl Rows {
    /// What each row costs besides its values. The list of rows has twice the room it needs at most.
    pub const ROW_COST: u64 = 2 * bytes_of::<Vec<Value>>() + BLOCK_BYTES;
}

macro_rules! flat {
    ($($type:ty),*) => {
        $(impl Cost for $type {
            fn held(&self) -> u64 {
                0
            }
        })*
    };
}

flat!((), bool, u8, u16, u32, u64, i64, f64);

impl Cost for str {
    fn held(&self) -> u64 {
        0
    }
}

impl Cost for String {
    fn held(&self) -> u64 {
        block(self.len() as u64)
    }
}

impl<T: Cost> Cost for Vec<T> {
    fn held(&self) -> u64 {
        let items: u64 = self.iter().map(Cost::held).sum();
        block(self.len() as u64 * bytes_of::<T>()) + items
    }
}

impl<T: Cost> Cost for Option<T> {
    fn held(&self) -> u64 {
        self.as_ref().map_or(0, Cost::held)
    }
}

impl<T: Cost> Cost for Result<T, SdkError> {
    fn held(&self) -> u64 {
        match self {
            Ok(value) => value.held(),
            Err(error) => error.message.held(),
        }
    }
}

impl<T: Cost + ?Sized> Cost for &T {
    fn held(&self) -> u64 {
        size_of_val::<T>(*self) as u64 + (**self).held()
    }
}

impl<A: Cost, B: Cost> Cost for (A, B) {
    fn held(&self) -> u64 {
        self.0.held() + self.1.held()
    }
}

impl<A: Cost, B: Cost, C: Cost> Cost for (A, B, C) {
    fn held(&self) -> u64 {
        self.0.held() + self.1.held() + self.2.held()
    }
}

impl Cost for Value {
    fn held(&self) -> u64 {
        match self {
            Self::Null | Self::Boolean(_) | Self::Integer(_) | Self::Real(_) => 0,
            Self::Text(text) | Self::Timestamp(text) | Self::Json(text) => text.held(),
            Self::Blob(bytes) => bytes.held(),
        }
    }
}

impl Cost for Rows {
    fn held(&self) -> u64 {
        let row = |row: &Vec<Value>| Self::ROW_COST + row.iter().map(Cost::cost).sum::<u64>();
        self.columns.held() + self.rows.iter().map(row).sum::<u64>()
    }
}

impl Cost for Session {
    fn held(&self) -> u64 {
        [&self.id, &self.user_id, &self.ip, &self.user_agent]
            .into_iter()
            .map(Cost::held)
            .sum()
    }
}

impl Cost for HttpRequest {
    fn held(&self) -> u64 {
        self.method.held() + self.url.held() + self.headers.held() + self.body.held()
    }
}

impl Cost for HttpResponse {
    fn held(&self) -> u64 {
        self.url.held() + self.headers.held() + self.body.held()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_costs_what_it_takes() {
        assert_eq!(Value::Integer(1).cost(), 32);
        assert_eq!(Value::Text("ab".to_owned()).cost(), 32 + 16 + 2);
        for (value, bytes) in [
            (Value::Null, 0),
            (Value::Blob(vec![0; 9]), 9),
            (Value::Json("{}".to_owned()), 2),
        ] {
            assert_eq!(value.cost(), Value::cost_of(bytes), "{value:?}");
        }
        let rows = Rows {
            columns: Vec::new(),
            rows: vec![vec![Value::Null; 3]; 5],
        };
        assert_eq!(rows.held(), 5 * (Rows::ROW_COST + 3 * 32));
        let (sql, data) = ("select".to_owned(), vec![7_u8; 100]);
        assert_eq!((&sql, &data).cost(), 16 + (24 + 22) + (24 + 116));
    }
}
