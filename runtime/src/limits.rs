//! What one call may use: the limits of the contract as types. Knows nothing of how a limit is enforced: the machine's are
//! armed by this crate, those of capabilities by whoever implements [`crate::host`].

use serde::{Deserialize, Serialize};

/// Makes [`Limits`] and [`RequestedLimits`] from the list of the contract.
macro_rules! define {
    ($($(#[$detail:meta])* $name:ident $json:literal: $type:ty = $default:expr, at most $ceiling:expr, $about:literal;)*) => {
        /// What one call may use. The embedder narrows it per project and per hook; nothing widens it past
        /// [`Limits::CEILING`].
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(default, deny_unknown_fields)]
        pub struct Limits {
            $(
                #[doc = $about]
                ///
                $(#[$detail])*
                #[serde(rename = $json)]
                pub $name: $type,
            )*
        }

        impl Limits {
            /// What a hook gets when nobody says otherwise.
            pub const DEFAULT: Self = Self { $($name: $default,)* };
            /// The most that any setting can ask for.
            pub const CEILING: Self = Self { $($name: $ceiling,)* };
            const NOTHING: Self = Self { $($name: 0,)* };

            /// Each limit from elsewhere, by its name with underscores, what every call needs, and its ceiling.
            ///
            /// # Errors
            /// Those of `read`.
            pub fn read<E>(mut read: impl FnMut(&'static str, u64, u64) -> Result<u64, E>) -> Result<Self, E> {
                Ok(Self {
                    $($name: {
                        let number = read(stringify!($name), u64::from(Self::LEAST.$name), u64::from(Self::CEILING.$name))?;
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
        #[serde(deny_unknown_fields)]
        pub struct RequestedLimits {
            $(
                #[doc = $about]
                #[serde(rename = $json, default, skip_serializing_if = "Option::is_none")]
                pub $name: Option<$type>,
            )*
        }

        impl RequestedLimits {
            /// The name of every limit, with underscores.
            pub const NAMES: &'static [&'static str] = &[$(stringify!($name)),*];

            /// As bundles and documents have a limit, `deadlineMs`, by its name with underscores.
            #[must_use]
            pub fn json_name(name: &str) -> Option<&'static str> {
                match name {
                    $(stringify!($name) => Some($json),)*
                    _ => None,
                }
            }

            /// What was asked for, and the rest from elsewhere.
            #[must_use]
            pub fn or(&self, otherwise: &Limits) -> Limits {
                Limits { $($name: self.$name.unwrap_or(otherwise.$name),)* }
            }

            /// What is asked for and breaks a bound.
            fn beyond(&self, bounds: &Limits, is_beyond: fn(u64, u64) -> bool) -> Vec<BeyondBound> {
                let limits = [$(($json, stringify!($name), self.$name.map(u64::from), u64::from(bounds.$name))),*];
                let asked = limits.into_iter().filter_map(|(json_name, name, asked, bound)| {
                    Some(BeyondBound { name, json_name, asked: asked?, bound })
                });
                asked.filter(|limit| is_beyond(limit.asked, limit.bound)).collect()
            }

            /// The smaller of two requests where both ask.
            #[must_use]
            pub fn tighter(&self, other: &Self) -> Self {
                Self { $($name: self.$name.into_iter().chain(other.$name).min(),)* }
            }
        }
    };
}

aerocall_contract::limits!(define);

impl Default for Limits {
    fn default() -> Self {
        Self::DEFAULT
    }
}

impl Limits {
    /// What every call needs. Of what a hook may leave alone, such as mails, nothing: 0 is the way to forbid it.
    pub const LEAST: Self = Self {
        fuel: 1,
        memory_bytes: 64 << 10,
        deadline_ms: 1,
        payload_bytes: 1,
        reply_bytes: 1,
        ..Self::NOTHING
    };
}

/// A limit that is asked for, and the bound that it breaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BeyondBound {
    /// Its name, with underscores.
    pub name: &'static str,
    /// As bundles and documents have it: `deadlineMs`.
    pub json_name: &'static str,
    /// What was asked for.
    pub asked: u64,
    /// The bound.
    pub bound: u64,
}

/// A limit that cannot be held to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnusableLimit {
    /// Its name, with underscores.
    pub name: &'static str,
    /// As bundles and documents have it: `deadlineMs`.
    pub json_name: &'static str,
    /// What is wrong with it, as the end of a sentence.
    pub why: String,
    /// What to do.
    pub hint: String,
}

impl RequestedLimits {
    /// What is asked for and more than there is.
    #[must_use]
    pub fn above(&self, most: &Limits) -> Vec<BeyondBound> {
        self.beyond(most, |asked, most| asked > most)
    }

    /// Limits with which no call could run.
    #[must_use]
    pub fn too_small(&self) -> Vec<UnusableLimit> {
        let below = self.beyond(&Limits::LEAST, |asked, least| asked < least).into_iter();
        let problems = below.map(
            |BeyondBound {
                 name,
                 json_name,
                 asked,
                 bound,
             }| UnusableLimit {
                name,
                json_name,
                why: match bound {
                    1 => format!("is {asked}: no call of the hook could run"),
                    _ => format!("is {asked}: no call of the hook could run with less than {bound}"),
                },
                hint: "leave it out for the limit of the server".to_owned(),
            },
        );
        problems.collect()
    }

    /// Limits that are higher than any server gives.
    #[must_use]
    pub fn too_large(&self) -> Vec<UnusableLimit> {
        let above = self.above(&Limits::CEILING).into_iter();
        let problems = above.map(
            |BeyondBound {
                 name,
                 json_name,
                 asked,
                 bound,
             }| UnusableLimit {
                name,
                json_name,
                why: format!("is {asked}: no server gives more than {bound}"),
                hint: format!("use {bound}, or leave it out for the limit of the server"),
            },
        );
        problems.collect()
    }

    /// Whether nothing is asked for.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
