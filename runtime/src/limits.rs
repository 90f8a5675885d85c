//! Every limit of a call in one list, units in the names. Knows nothing of how a limit is enforced: the machine's are
//! armed by this crate, those of capabilities by whoever implements [`crate::host`].

use serde::{Deserialize, Serialize};

/// Makes [`Limits`] and [`RequestedLimits`] from one list: name, type, default, ceiling.
macro_rules! limits {
    ($($(#[$doc:meta])* $name:ident: $type:ty = $default:expr, at most $ceiling:expr;)*) => {
        /// What one call may use. The embedder narrows it per project and per hook; nothing widens it past
        /// [`Limits::CEILING`].
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(default, deny_unknown_fields, rename_all = "camelCase")]
        pub struct Limits {
            $($(#[$doc])* pub $name: $type,)*
        }

        impl Limits {
            /// What a hook gets when nobody says otherwise.
            pub const DEFAULT: Self = Self { $($name: $default,)* };
            /// The most that any setting can ask for.
            pub const CEILING: Self = Self { $($name: $ceiling,)* };

            /// Each limit from elsewhere, by its name with underscores and its ceiling.
            ///
            /// # Errors
            /// Those of `read`.
            pub fn read<E>(mut read: impl FnMut(&'static str, u64) -> Result<u64, E>) -> Result<Self, E> {
                Ok(Self {
                    $($name: {
                        let number = read(stringify!($name), u64::from(Self::CEILING.$name))?;
                        <$type>::try_from(number).unwrap_or(Self::CEILING.$name)
                    },)*
                })
            }

            /// The tighter of the two in every field.
            #[must_use]
            pub fn narrowed_to(&self, other: &Self) -> Self {
                Self { $($name: self.$name.min(other.$name),)* }
            }
        }

        /// The limits a bundle or a deployment asks for; what it leaves out is the host's default.
        #[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(rename_all = "camelCase", deny_unknown_fields)]
        pub struct RequestedLimits {
            $(
                #[doc = concat!("See [`Limits::", stringify!($name), "`].")]
                #[serde(default, skip_serializing_if = "Option::is_none")]
                pub $name: Option<$type>,
            )*
        }

        impl RequestedLimits {
            /// The name of every limit, with underscores.
            pub const NAMES: &'static [&'static str] = &[$(stringify!($name)),*];

            /// What was asked for, and the rest from elsewhere.
            #[must_use]
            pub fn or(&self, otherwise: &Limits) -> Limits {
                Limits { $($name: self.$name.unwrap_or(otherwise.$name),)* }
            }

            /// The smaller of two requests where both ask.
            #[must_use]
            pub fn tighter(&self, other: &Self) -> Self {
                Self { $($name: self.$name.into_iter().chain(other.$name).min(),)* }
            }
        }
    };
}

limits! {
    /// Fuel: a repeatable count of work, about one unit per wasm instruction and per byte that is copied. 1e7 is
    /// roughly one millisecond.
    fuel: u64 = 2_000_000_000, at most 20_000_000_000;
    /// Linear memory of the instance, engine included.
    memory_bytes: u64 = 32 << 20, at most 64 << 20;
    /// Wall-clock time for the whole call, waiting for the host included.
    deadline_ms: u64 = 2_000, at most 30_000;
    /// UTF-8 bytes of the payload document.
    payload_bytes: u64 = 1 << 20, at most 4 << 20;
    /// UTF-8 bytes of the reply document.
    reply_bytes: u64 = 1 << 20, at most 4 << 20;
    /// Lines written to the log; later lines are dropped and counted.
    log_lines: u32 = 200, at most 10_000;
    /// UTF-8 bytes written to the log; the line that crosses it is cut, later ones are dropped and counted.
    log_bytes: u64 = 64 << 10, at most 1 << 20;
    /// Calls from the guest to any capability (the log, the clock and randomness included).
    host_calls: u32 = 2_000, at most 100_000;
    /// Bytes that cross between guest and host in capability calls, both directions together, counted as the host holds them
    /// ([`crate::host::Cost`]). One answer has [`crate::host::MAX_ANSWER_BYTES`] at most.
    host_bytes: u64 = 8 << 20, at most 64 << 20;
    /// Bytes of arguments and answers that are kept with the invocation; past it they are cut and marked.
    record_bytes: u64 = 256 << 10, at most 4 << 20;
    /// Rows that all queries of a call may answer together.
    db_rows: u32 = 10_000, at most 100_000;
    /// Time of one SQL statement.
    db_statement_ms: u64 = 1_000, at most 10_000;
    /// Requests to other hosts.
    http_requests: u32 = 20, at most 200;
    /// Bytes of one answer from another host, after decompression.
    http_response_bytes: u64 = 1 << 20, at most 8 << 20;
    /// Mails.
    emails: u32 = 5, at most 100;
    /// Messages put into queues.
    queue_messages: u32 = 50, at most 1_000;
}

impl Default for Limits {
    fn default() -> Self {
        Self::DEFAULT
    }
}

impl RequestedLimits {
    /// Whether nothing is asked for.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
