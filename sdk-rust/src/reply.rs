//! What a hook decides. Mirrors `reply` in `wit/types.wit`.

use std::{fmt, marker::PhantomData};

use serde::Serialize;

use crate::{
    Denial, Error,
    error::Exception,
    points::{BeforePoint, Point},
};

/// The reply of a hook at a hook point: `before_signup::Reply`, and so on.
///
/// ```
/// use aerocall_hooks::{UserPatch, before_signup};
///
/// let reply = before_signup::Reply::patch(UserPatch::new().email("ada@example.com"));
/// assert_ne!(reply, before_signup::Reply::allow());
/// ```
///
/// After the commit nothing can be denied:
///
/// ```compile_fail
/// use aerocall_hooks::after_signup;
///
/// let reply = after_signup::Reply::deny("too_late", "The account exists");
/// ```
///
/// Where a hook may change nothing, there is no patch:
///
/// ```compile_fail
/// use aerocall_hooks::{MetadataPatch, before_user_delete};
///
/// let reply = before_user_delete::Reply::patch(MetadataPatch::new());
/// ```
#[must_use]
pub struct Reply<P: Point> {
    decision: Decision,
    point: PhantomData<fn() -> P>,
}

/// What comes out of a call.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Decision {
    Allow,
    Deny(Denial),
    /// JSON.
    Patch(String),
    Failed(Exception),
    UnknownHook,
}

impl<P: Point> Reply<P> {
    fn of(decision: Decision) -> Self {
        Self {
            decision,
            point: PhantomData,
        }
    }

    /// The request continues unchanged.
    pub fn allow() -> Self {
        Self::of(Decision::Allow)
    }

    /// Changes the payload; every changed field is checked again.
    #[track_caller]
    pub fn patch(patch: impl Into<P::Patch>) -> Self {
        let patch: P::Patch = patch.into();
        Self::of(match serde_json::to_string(&patch) {
            Ok(patch) => Decision::Patch(patch),
            Err(error) => failed(Error::from(error)),
        })
    }
}

impl<P: BeforePoint> Reply<P> {
    /// The request is denied with the status 403; for another one, make the reply of a [`Denial`].
    ///
    /// ```
    /// use aerocall_hooks::{Denial, before_login};
    ///
    /// let reply: before_login::Reply = Denial::new("too_many", "Please try again later").status(429).into();
    /// assert_ne!(reply, before_login::Reply::deny("too_many", "Please try again later"));
    /// ```
    pub fn deny(code: impl Into<String>, message: impl Into<String>) -> Self {
        Denial::new(code, message).into()
    }
}

impl<P: BeforePoint> From<Denial> for Reply<P> {
    fn from(denial: Denial) -> Self {
        Self::of(Decision::Deny(denial))
    }
}

impl<P: Point> Clone for Reply<P> {
    fn clone(&self) -> Self {
        Self::of(self.decision.clone())
    }
}

impl<P: Point> PartialEq for Reply<P> {
    fn eq(&self, other: &Self) -> bool {
        self.decision == other.decision
    }
}

impl<P: Point> fmt::Debug for Reply<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.decision.fmt(f)
    }
}

pub(crate) fn failed(error: Error) -> Decision {
    match error.into_parts() {
        Ok(denial) => Decision::Deny(denial),
        Err(exception) => Decision::Failed(exception),
    }
}

/// What a hook at a hook point can return: its `Reply`, nothing (which allows), or a `Result` of either.
#[diagnostic::on_unimplemented(
    message = "a hook at this hook point cannot return `{Self}`",
    label = "return the `Reply` of this hook point, `()`, or a `Result` of one of them",
    note = "the reply is `Reply` of the module that is named like the attribute: `before_signup::Reply` for `#[before_signup]`"
)]
pub trait IntoReply<P: Point> {
    /// The reply, or the error.
    ///
    /// # Errors
    /// What the hook ended with instead of a reply.
    fn into_reply(self) -> Result<Reply<P>, Error>;
}

impl<P: Point> IntoReply<P> for Reply<P> {
    fn into_reply(self) -> Result<Self, Error> {
        Ok(self)
    }
}

impl<P: Point> IntoReply<P> for () {
    fn into_reply(self) -> Result<Reply<P>, Error> {
        Ok(Reply::allow())
    }
}

impl<P: Point, T: IntoReply<P>, E: Into<Error>> IntoReply<P> for Result<T, E> {
    #[track_caller]
    fn into_reply(self) -> Result<Reply<P>, Error> {
        match self {
            Ok(reply) => reply.into_reply(),
            Err(error) => Err(error.into()),
        }
    }
}

/// What a handler of events, messages or schedules can return: nothing, or a `Result` of it.
#[diagnostic::on_unimplemented(
    message = "a handler cannot return `{Self}`",
    label = "return nothing, or a `Result<(), …>`",
    note = "what a handler returns means nothing; an error makes it run again later, and a `Denial` gives it up"
)]
pub trait IntoHandled {
    /// Whether it was handled.
    ///
    /// # Errors
    /// What the handler ended with.
    fn into_handled(self) -> Result<(), Error>;
}

impl IntoHandled for () {
    fn into_handled(self) -> Result<(), Error> {
        Ok(())
    }
}

impl<E: Into<Error>> IntoHandled for Result<(), E> {
    #[track_caller]
    fn into_handled(self) -> Result<(), Error> {
        match self {
            Ok(()) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}

impl<P: Point> From<Reply<P>> for Decision {
    fn from(reply: Reply<P>) -> Self {
        reply.decision
    }
}

/// A patch where nothing can be changed: there is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum NoPatch {}
