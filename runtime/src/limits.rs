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

            /// A request for each limit.
            #[must_use]
            pub fn of(limits: &Limits) -> Self {
                Self { $($name: Some(limits.$name),)* }
            }

            /// What was asked for, and the rest from elsewhere.
            #[must_use]
            pub fn or(&self, otherwise: &Limits) -> Limits {
                Limits { $($name: self.$name.unwrap_or(otherwise.$name),)* }
            }

            /// What is asked for and more than there is, by its name with underscores: what was asked for, and what holds
            /// instead.
            #[must_use]
            pub fn above(&self, most: &Limits) -> Vec<(&'static str, u64, u64)> {
                let mut above = Vec::new();
                $(
                    if let Some(asked) = self.$name.filter(|asked| *asked > most.$name) {
                        above.push((stringify!($name), u64::from(asked), u64::from(most.$name)));
                    }
                )*
                above
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

impl RequestedLimits {
    /// Whether nothing is asked for.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
