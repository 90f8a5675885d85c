//! What a new hook begins as.

use crate::base::input::Parsed;

/// The first file of a hook.
#[derive(Debug)]
pub(super) struct Template {
    pub(super) name: &'static str,
    pub(super) text: &'static str,
}

/// The names of all.
pub(super) const NAMES: &[&str] = &["before-signup", "after-signup", "script"];

/// The one that is meant if none is named comes first.
pub(super) const ALL: &[Template] = &[
    Template {
        name: NAMES[0],
        text: r#"import type { BeforeSignup } from "@aerocall/hooks";

/** Runs before an account is created. Return nothing to allow it, `{ deny }` to refuse it, `{ patch }` to change it. */
export const beforeSignup: BeforeSignup = async (context, { user }) => {
  if (user.email.endsWith("@mailinator.com")) {
    return { deny: { code: "disposable_email", message: "Please use a permanent email address" } };
  }
};
"#,
    },
    Template {
        name: NAMES[1],
        text: r#"import type { AfterSignup } from "@aerocall/hooks";

/** Runs after an account was created; it cannot refuse the request any more. */
export const afterSignup: AfterSignup = async (context, { user }, Aerocall) => {
  Aerocall.log.info("signed up", { user: user.id });
};
"#,
    },
    Template {
        name: NAMES[2],
        text: r#"import type { EventHandlers } from "@aerocall/hooks";

/** Handles events after the request, in the background. A failure is tried again. */
export const on: EventHandlers = {
  "auth.signup": async (context, event, Aerocall) => {
    Aerocall.log.info("signed up", { event: event.id });
  },
};
"#,
    },
];

/// The template with this name.
pub(super) fn named(name: &str) -> Parsed<&'static Template> {
    let found = ALL.iter().find(|template| template.name == name);
    found.ok_or_else(|| format!("must be one of {}", NAMES.join(", ")))
}
