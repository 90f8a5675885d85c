//! Hook points: for each a module with its payload, its reply and its patch, named like its attribute.

use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use crate::{JsonObject, MetadataPatch, UserPatch};

/// A hook point.
pub trait Point: 'static {
    /// As everywhere else: `beforeSignup`.
    const NAME: &'static str;
    /// What a hook gets.
    type Payload: DeserializeOwned;
    /// What a hook may change.
    type Patch: Serialize;
}

/// A hook point before the commit, where a request can be denied.
pub trait BeforePoint: Point {}

macro_rules! phase {
    (Before) => {
        impl $crate::points::BeforePoint for Point {}
    };
    (After) => {};
}

/// The module of each hook point.
macro_rules! points {
    ($($(#[doc = $about:literal])* $module:ident $phase:ident $name:literal: $payload:ident, $patch:path;)*) => {
        $(
            $(#[doc = $about])*
            pub mod $module {
                /// This hook point.
                #[derive(Clone, Copy, Debug)]
                pub enum Point {}

                impl $crate::points::Point for Point {
                    const NAME: &'static str = $name;
                    type Payload = Payload;
                    type Patch = Patch;
                }

                $crate::points::phase!($phase);

                /// What a hook gets.
                pub type Payload = $crate::payloads::$payload;
                /// What a hook can change.
                pub type Patch = $patch;
                /// What a hook can decide.
                pub type Reply = $crate::Reply<Point>;
            }
        )*
    };
}
pub(crate) use {phase, points};

/// Registers a function for a hook point with types of its own: where the payload has members that this release of the crate does not
/// know, or for a hook point that it has no attribute for. Its name, the [`Point`], and the function.
///
/// ```
/// use aerocall_hooks::{JsonObject, RequestContext, Reply, hook, points::Point};
/// use serde::Deserialize;
///
/// #[derive(Deserialize)]
/// struct Payload {
///     species: String,
/// }
///
/// enum Signup {}
///
/// impl Point for Signup {
///     const NAME: &'static str = "beforeSignup";
///     type Payload = Payload;
///     type Patch = JsonObject;
/// }
///
/// fn check(_context: &RequestContext, payload: Payload) -> Reply<Signup> {
///     let changes = JsonObject::from_iter([("species".to_owned(), payload.species.into())]);
///     Reply::patch(changes)
/// }
///
/// hook!("beforeSignup", Signup, check);
/// ```
#[macro_export]
macro_rules! hook {
    ($name:literal, $point:ty, $function:ident) => {
        const _: () = {
            fn run(call: $crate::__private::Call) -> $crate::__private::Outcome {
                $crate::__private::at_point::<$point, _>(call, $function)
            }
            $crate::__private::inventory::submit! {
                $crate::__private::Hook::new($name, ::core::stringify!($function), run)
            }
            #[cfg(target_arch = "wasm32")]
            const LINE: &str = ::core::concat!(
                r#"{"kind":"point","name":""#,
                $name,
                r#"","function":""#,
                ::core::stringify!($function),
                r#"","file":""#,
                ::core::file!(),
                r#"","line":"#,
                ::core::line!(),
                "}\n",
            );
            #[cfg(target_arch = "wasm32")]
            #[used]
            #[unsafe(link_section = "aerocall:hooks")]
            static SECTION: [u8; LINE.len()] = $crate::__private::bytes(LINE);
        };
    };
}

/// Changes of the user in the payload.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct UserChanges<U> {
    /// The user.
    pub user: U,
}

impl<U> From<U> for UserChanges<U> {
    fn from(user: U) -> Self {
        Self { user }
    }
}

/// What a hook changes where it can change a profile.
pub type ProfileChanges = UserChanges<UserPatch>;

/// What a hook changes where it can change metadata.
pub type MetadataChanges = UserChanges<MetadataPatch>;

/// Claims of an access token.
///
/// ```
/// use aerocall_hooks::{ClaimsPatch, RequestContext, before_token_issue};
///
/// #[before_token_issue]
/// fn add_plan(_context: &RequestContext, payload: before_token_issue::Payload) -> before_token_issue::Reply {
///     let plan = payload.user.public_metadata.get("plan").cloned().unwrap_or("free".into());
///     before_token_issue::Reply::patch(ClaimsPatch::new().claim("plan", plan))
/// }
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ClaimsPatch {
    /// The project's own claims.
    pub claims: JsonObject,
}

impl ClaimsPatch {
    /// No claim yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets a claim; `null` removes it.
    #[must_use]
    pub fn claim(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.claims.insert(name.to_owned(), value.into());
        self
    }
}

impl From<JsonObject> for ClaimsPatch {
    fn from(claims: JsonObject) -> Self {
        Self { claims }
    }
}

/// Who delivers a one-time code, and changes of metadata.
///
/// ```
/// use aerocall_hooks::{DeliveryPatch, RequestContext, Result, before_otp_send, http};
/// use serde_json::json;
///
/// #[before_otp_send]
/// fn by_text_message(_context: &RequestContext, payload: before_otp_send::Payload) -> Result<before_otp_send::Reply> {
///     let Some(code) = payload.code else { return Ok(before_otp_send::Reply::allow()) };
///     let message = json!({ "to": payload.to, "text": format!("Your code is {code}") });
///     http::post("https://sms.example/messages").json(&message)?.send()?.error_for_status()?;
///     Ok(before_otp_send::Reply::patch(DeliveryPatch::by_hook()))
/// }
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct DeliveryPatch {
    /// `hook` or `server`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delivery: Option<&'static str>,
    /// Changes of the user.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<MetadataPatch>,
}

impl DeliveryPatch {
    /// This hook has delivered the code; nobody else does.
    #[must_use]
    pub fn by_hook() -> Self {
        Self {
            delivery: Some("hook"),
            user: None,
        }
    }

    /// Changes of the user's metadata.
    #[must_use]
    pub fn user(mut self, patch: MetadataPatch) -> Self {
        self.user = Some(patch);
        self
    }
}

impl From<MetadataPatch> for DeliveryPatch {
    fn from(user: MetadataPatch) -> Self {
        Self::default().user(user)
    }
}
