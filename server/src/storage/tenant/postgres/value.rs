//! Values between hooks and PostgreSQL. Parameters go as text, so that the database reads them as whatever type their
//! place has; answers come in binary and are read by their type.

use std::error::Error;

use aerocall_runtime::host::{SdkError, Value};
use time::{Date, Duration, OffsetDateTime};
use tokio_postgres::types::{Format, FromSql, IsNull, ToSql, Type, private::BytesMut};

use super::super::{fault, time as times};

type Failure = Box<dyn Error + Sync + Send>;

/// A parameter of any type.
#[derive(Debug)]
pub(super) struct Parameter(pub(super) Value);

impl ToSql for Parameter {
    fn to_sql(&self, _: &Type, out: &mut BytesMut) -> Result<IsNull, Failure> {
        match &self.0 {
            Value::Null => return Ok(IsNull::Yes),
            Value::Boolean(boolean) => out.extend_from_slice(if *boolean { b"true" } else { b"false" }),
            Value::Integer(integer) => out.extend_from_slice(integer.to_string().as_bytes()),
            Value::Real(real) => out.extend_from_slice(real_text(*real).as_bytes()),
            Value::Text(text) | Value::Timestamp(text) | Value::Json(text) => out.extend_from_slice(text.as_bytes()),
            Value::Blob(bytes) => {
                out.extend_from_slice(b"\\x");
                for byte in bytes {
                    out.extend_from_slice(&[hex(byte >> 4), hex(byte & 15)]);
                }
            }
        }
        Ok(IsNull::No)
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    fn to_sql_checked(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Failure> {
        self.to_sql(ty, out)
    }

    fn encode_format(&self, _: &Type) -> Format {
        Format::Text
    }
}

fn hex(digit: u8) -> u8 {
    b"0123456789abcdef"[usize::from(digit)]
}

fn real_text(real: f64) -> String {
    match real {
        real if real.is_nan() => "NaN".to_owned(),
        real if real.is_infinite() => if real > 0.0 { "Infinity" } else { "-Infinity" }.to_owned(),
        real => real.to_string(),
    }
}

/// A value as it came.
pub(super) struct Raw<'a>(pub(super) Option<&'a [u8]>);

impl<'a> FromSql<'a> for Raw<'a> {
    fn from_sql(_: &Type, raw: &'a [u8]) -> Result<Self, Failure> {
        Ok(Self(Some(raw)))
    }

    fn from_sql_null(_: &Type) -> Result<Self, Failure> {
        Ok(Self(None))
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

/// How a column's values are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Boolean,
    Int2,
    Int4,
    Int8,
    Oid,
    Float4,
    Float8,
    Numeric,
    Text,
    Blob,
    Timestamp,
    Date,
    Time,
    Uuid,
    Json,
    Jsonb,
}

impl Kind {
    /// Types that hooks have no value for are cast by whoever writes the statement.
    pub(super) fn of(ty: &Type, column: &str) -> Result<Self, SdkError> {
        Ok(match *ty {
            Type::BOOL => Self::Boolean,
            Type::INT2 => Self::Int2,
            Type::INT4 => Self::Int4,
            Type::INT8 => Self::Int8,
            Type::OID => Self::Oid,
            Type::FLOAT4 => Self::Float4,
            Type::FLOAT8 => Self::Float8,
            Type::NUMERIC => Self::Numeric,
            Type::TEXT | Type::VARCHAR | Type::BPCHAR | Type::NAME | Type::UNKNOWN | Type::XML => Self::Text,
            Type::BYTEA => Self::Blob,
            Type::TIMESTAMP | Type::TIMESTAMPTZ => Self::Timestamp,
            Type::DATE => Self::Date,
            Type::TIME => Self::Time,
            Type::UUID => Self::Uuid,
            Type::JSON => Self::Json,
            Type::JSONB => Self::Jsonb,
            _ => {
                let message = format!(
                    "the column `{column}` has the type {}, which hooks have no value for; cast it: {column}::text",
                    ty.name()
                );
                return Err(fault::invalid(message));
            }
        })
    }

    /// Whether values of the type with this name can be read as they are.
    pub(super) fn is_known(name: &str) -> bool {
        const KNOWN: [&str; 21] = [
            "bool",
            "int2",
            "int4",
            "int8",
            "oid",
            "float4",
            "float8",
            "numeric",
            "text",
            "varchar",
            "bpchar",
            "name",
            "xml",
            "bytea",
            "timestamp",
            "timestamptz",
            "date",
            "time",
            "uuid",
            "json",
            "jsonb",
        ];
        KNOWN.contains(&name)
    }

    /// A value that is not NULL.
    pub(super) fn read(self, raw: &[u8], column: &str) -> Result<Value, SdkError> {
        self.decode(raw)
            .ok_or_else(|| fault::internal("reading a value", &format!("{self:?} in {column}")))
    }

    fn decode(self, raw: &[u8]) -> Option<Value> {
        let text = |raw: &[u8]| Some(std::str::from_utf8(raw).ok()?.to_owned());
        Some(match self {
            Self::Boolean => Value::Boolean(*raw.first()? != 0),
            Self::Int2 => Value::Integer(i16::from_be_bytes(raw.try_into().ok()?).into()),
            Self::Int4 => Value::Integer(i32::from_be_bytes(raw.try_into().ok()?).into()),
            Self::Int8 => Value::Integer(i64::from_be_bytes(raw.try_into().ok()?)),
            Self::Oid => Value::Integer(u32::from_be_bytes(raw.try_into().ok()?).into()),
            Self::Float4 => Value::Real(f32::from_be_bytes(raw.try_into().ok()?).into()),
            Self::Float8 => Value::Real(f64::from_be_bytes(raw.try_into().ok()?)),
            Self::Numeric => numeric(raw)?,
            Self::Text => Value::Text(text(raw)?),
            Self::Blob => Value::Blob(raw.to_vec()),
            Self::Timestamp => timestamp(i64::from_be_bytes(raw.try_into().ok()?)),
            Self::Date => Value::Text(date(i32::from_be_bytes(raw.try_into().ok()?))?),
            Self::Time => Value::Text(time_of_day(i64::from_be_bytes(raw.try_into().ok()?))),
            Self::Uuid => Value::Text(uuid::Uuid::from_slice(raw).ok()?.to_string()),
            Self::Json => Value::Json(text(raw)?),
            // The first byte is the format's version.
            Self::Jsonb => Value::Json(text(raw.get(1..)?)?),
        })
    }
}

/// 2000-01-01T00:00:00Z, from which PostgreSQL counts.
fn epoch() -> OffsetDateTime {
    OffsetDateTime::UNIX_EPOCH + Duration::seconds(946_684_800)
}

/// Times that RFC 3339 cannot write (`infinity`, years past 9999) are text.
fn timestamp(micros: i64) -> Value {
    let at = epoch().checked_add(Duration::microseconds(micros));
    match (micros, at) {
        (i64::MAX, _) => Value::Text("infinity".to_owned()),
        (i64::MIN, _) => Value::Text("-infinity".to_owned()),
        (_, Some(at)) if (0..=9999).contains(&at.year()) => Value::Timestamp(times::rfc3339(at)),
        (_, _) => Value::Text(format!("{micros} microseconds from 2000-01-01")),
    }
}

fn date(days: i32) -> Option<String> {
    match days {
        i32::MAX => Some("infinity".to_owned()),
        i32::MIN => Some("-infinity".to_owned()),
        days => {
            let day: Date = epoch().date().checked_add(Duration::days(days.into()))?;
            Some(format!(
                "{:04}-{:02}-{:02}",
                day.year(),
                u8::from(day.month()),
                day.day()
            ))
        }
    }
}

fn time_of_day(micros: i64) -> String {
    let (seconds, micros) = (micros / 1_000_000, micros % 1_000_000);
    let whole = format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
    match micros {
        0 => whole,
        micros => format!("{whole}.{micros:06}").trim_end_matches('0').to_owned(),
    }
}

/// Digits of 10,000 each. Whole numbers of 64 bits are integers, everything else is a double.
fn numeric(raw: &[u8]) -> Option<Value> {
    let word = |index: usize| Some(u16::from_be_bytes(raw.get(index * 2..index * 2 + 2)?.try_into().ok()?));
    let (count, weight, sign) = (word(0)?, word(1)?.cast_signed(), word(2)?);
    match sign {
        0xC000 => return Some(Value::Real(f64::NAN)),
        0xD000 => return Some(Value::Real(f64::INFINITY)),
        0xF000 => return Some(Value::Real(f64::NEG_INFINITY)),
        _ => {}
    }
    let mut text = String::from(if sign == 0x4000 { "-" } else { "" });
    let digit = |place: i32| usize::try_from(place).ok().filter(|place| *place < usize::from(count));
    for place in 0..=i32::from(weight).max(0) {
        let place = place + i32::from(weight).min(0);
        let digit = digit(place).map_or(Some(0), |place| word(4 + place))?;
        text.push_str(&format!("{digit:04}"));
    }
    let first_fraction = i32::from(weight) + 1;
    let fraction: Option<Vec<u16>> = (first_fraction.max(0)..i32::from(count))
        .map(|place| digit(place).map_or(Some(0), |place| word(4 + place)))
        .collect();
    let fraction = fraction?;
    if fraction.iter().all(|digit| *digit == 0)
        && let Ok(whole) = text.parse()
    {
        return Some(Value::Integer(whole));
    }
    text.push('.');
    // Below 0.0001 the first digits are not sent.
    let unsent = usize::try_from(-(i32::from(weight) + 1)).unwrap_or(0);
    text.push_str(&"0000".repeat(unsent));
    for digit in fraction {
        text.push_str(&format!("{digit:04}"));
    }
    text.parse().ok().map(Value::Real)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numerics_are_whole_or_doubles() {
        let raw = |weight: i16, sign: u16, digits: &[u16]| {
            let head = [digits.len() as u16, weight as u16, sign, 0];
            head.iter()
                .chain(digits)
                .flat_map(|word| word.to_be_bytes())
                .collect::<Vec<u8>>()
        };
        assert_eq!(numeric(&raw(0, 0, &[])), Some(Value::Integer(0)));
        assert_eq!(numeric(&raw(1, 0x4000, &[1, 2345])), Some(Value::Integer(-12_345)));
        assert_eq!(numeric(&raw(1, 0, &[1])), Some(Value::Integer(10_000)));
        assert_eq!(numeric(&raw(0, 0, &[1, 5000])), Some(Value::Real(1.5)));
        assert_eq!(numeric(&raw(-1, 0, &[2500])), Some(Value::Real(0.25)));
        assert_eq!(numeric(&raw(-2, 0, &[1])), Some(Value::Real(0.000_000_01)));
        assert_eq!(numeric(&raw(5, 0, &[1])), Some(Value::Real(1e20)));
    }

    #[test]
    fn days_and_times_are_as_written() {
        assert_eq!(date(0).unwrap(), "2000-01-01");
        assert_eq!(time_of_day(45_296_500_000), "12:34:56.5");
        assert_eq!(timestamp(1), Value::Timestamp("2000-01-01T00:00:00.000001Z".to_owned()));
        assert_eq!(timestamp(i64::MAX), Value::Text("infinity".to_owned()));
    }
}
