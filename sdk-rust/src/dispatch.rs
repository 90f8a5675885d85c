//! One call of one hook: finds the hook, reads what it gets, and makes a decision of what it returns. The same for a component
//! and for a test.

use serde::de::DeserializeOwned;

use crate::{
    Context, Event, RequestContext,
    context::RequestInfo,
    error::Exception,
    points::Point,
    reply::{Decision, IntoHandled, IntoReply, failed},
};

/// A hook of this crate, as its attribute registers it.
#[derive(Debug)]
pub struct Hook {
    name: &'static str,
    function: &'static str,
    run: fn(Call) -> Outcome,
}

inventory::collect!(Hook);

impl Hook {
    /// A hook point or event, the function, and how to run it.
    #[must_use]
    pub const fn new(name: &'static str, function: &'static str, run: fn(Call) -> Outcome) -> Self {
        Self { name, function, run }
    }
}

/// What a hook is called with.
#[derive(Debug)]
pub struct Call {
    pub(crate) context: Context,
    pub(crate) request: Option<RequestInfo>,
    pub(crate) payload: String,
}

/// What a call came to.
#[derive(Debug)]
pub struct Outcome(pub(crate) Decision);

/// Runs the hook that a call names.
pub(crate) fn invoke(call: Call) -> Decision {
    let mut hooks = inventory::iter::<Hook>().filter(|hook| hook.name == call.context.hook);
    let Some(hook) = hooks.next() else {
        return Decision::UnknownHook;
    };
    if let Some(other) = hooks.next() {
        let message = format!(
            "`{}` and `{}` are both hooks of `{}`: remove one of them",
            other.function, hook.function, hook.name
        );
        return Decision::Failed(Exception::new("Error", message, None));
    }
    (hook.run)(call).0
}

fn read<T: DeserializeOwned>(call: &Call) -> Result<T, Exception> {
    serde_json::from_str(&call.payload).map_err(|error| {
        let message = format!(
            "what `{}` gets is not what its parameter takes: {error}",
            call.context.hook
        );
        Exception::new("PayloadError", message, None)
    })
}

/// Runs a hook at a hook point. An error that came without a place has that of the call.
#[track_caller]
pub fn at_point<P: Point, R: IntoReply<P>>(call: Call, hook: impl FnOnce(&RequestContext, P::Payload) -> R) -> Outcome {
    let payload = match read(&call) {
        Ok(payload) => payload,
        Err(exception) => return Outcome(Decision::Failed(exception)),
    };
    let context = RequestContext {
        context: call.context,
        request: call.request.unwrap_or_default(),
    };
    Outcome(match hook(&context, payload).into_reply() {
        Ok(reply) => reply.into(),
        Err(error) => failed(error),
    })
}

/// Runs a handler. An error that came without a place has that of the call.
#[track_caller]
pub fn on_event<T: DeserializeOwned, R: IntoHandled>(
    call: Call,
    handler: impl FnOnce(&Context, Event<T>) -> R,
) -> Outcome {
    let event = match read(&call) {
        Ok(event) => event,
        Err(exception) => return Outcome(Decision::Failed(exception)),
    };
    Outcome(match handler(&call.context, event).into_handled() {
        Ok(()) => Decision::Allow,
        Err(error) => failed(error),
    })
}
