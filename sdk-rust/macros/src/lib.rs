//! The attributes of `aerocall-hooks`: one for each hook point, and `on` for events, messages and schedules. Each registers its
//! function, checks what can be checked of it, and leaves a line for `aerocall build` in a section of the component.

mod event;
mod hook;
#[rustfmt::skip]
mod names;

use proc_macro::TokenStream;

use hook::Target;

macro_rules! attributes {
    ($($(#[doc = $about:literal])* $module:ident $point:literal;)*) => {
        $(
            $(#[doc = $about])*
            #[proc_macro_attribute]
            pub fn $module(arguments: TokenStream, item: TokenStream) -> TokenStream {
                let target = Target::point(stringify!($module), $point, arguments.into());
                hook::expand(target, item.into()).into()
            }
        )*
    };
}

names::points!(attributes);

/// Handles an event by its exact name, the messages of a queue (`queue.<name>`) or a schedule (`cron.<name>`).
///
/// The function takes the context and the event, and returns nothing or a `Result<()>`. What it fails with makes it run again
/// later, except a `Denial`, which gives it up.
///
/// - `schedule = "0 3 * * *"`: when a `cron.<name>` is due, as five fields in UTC; `aerocall.toml` can say it instead
/// - `order = "customer"`: messages with the same value at this path of their data are handled one after the other
/// - `priority = "low"`: `high`, `normal` or `low`, when the project has more than it can handle at the same time
///
/// ```
/// use aerocall_hooks::{Context, Event, JsonObject, Result, events, log, on};
///
/// #[on("auth.login")]
/// fn logged_in(_context: &Context, event: Event<events::Login>) {
///     log::info!("{} logged in", event.data.user.id);
/// }
///
/// #[on("queue.sync", order = "customer", priority = "low")]
/// fn sync(context: &Context, job: Event<JsonObject>) -> Result<()> {
///     log::info!("attempt {} of {}", context.attempt, job.id);
///     Ok(())
/// }
/// ```
#[proc_macro_attribute]
pub fn on(arguments: TokenStream, item: TokenStream) -> TokenStream {
    hook::expand(Target::event(arguments.into()), item.into()).into()
}
