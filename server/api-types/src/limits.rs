//! The limits of an invocation, as the contract lists them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

macro_rules! documents {
    ($($(#[$detail:meta])* $name:ident $json:literal: $type:ty = $default:expr, at most $ceiling:expr, $about:literal;)*) => {
        /// What one invocation can use.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
        pub struct EffectiveLimits {
            $(
                #[doc = $about]
                #[serde(rename = $json)]
                pub $name: $type,
            )*
        }

        /// Limits of an invocation that are set. The others are omitted and have the server's defaults.
        #[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
        pub struct LimitSettings {
            $(
                #[doc = $about]
                #[serde(rename = $json, default, skip_serializing_if = "Option::is_none")]
                pub $name: Option<$type>,
            )*
        }
    };
}

aerocall_contract::limits!(documents);
