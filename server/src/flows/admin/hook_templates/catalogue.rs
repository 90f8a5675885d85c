//! Which templates there are. Those that do something are examples of the repository, whose types and tests are checked there.

use super::Template;
use crate::{
    base::{event::EventKind, input::Parsed},
    hooks::Step,
};

/// A folder of `examples/` as a template.
macro_rules! example {
    (
        $folder:literal, $hook:literal, $name:literal, $title:literal, $description:literal,
        migrations: [$($migration:literal),*]
    ) => {
        Template {
            name: $name,
            title: $title,
            description: $description,
            blank: None,
            source: include_str!(concat!("../../../../../examples/", $folder, "/hooks/", $hook, ".ts")),
            project: include_str!(concat!("../../../../../examples/", $folder, "/aerocall.toml")),
            cases: include_str!(concat!("../../../../../examples/", $folder, "/tests/", $hook, ".json")),
            migrations: &[$((
                $migration,
                include_str!(concat!("../../../../../examples/", $folder, "/migrations/", $migration, ".sql")),
            )),*],
        }
    };
}

/// The names of all.
pub(in crate::flows::admin) const NAMES: &[&str] = &[
    "before-signup",
    "after-signup",
    "script",
    "block-free-mail",
    "allow-domains",
    "normalise-email",
    "rate-limit",
    "risk-score",
    "custom-claims",
    "welcome-mail",
    "greeting",
    "audit-table",
    "crm-sync",
    "login-mail",
    "nightly-cleanup",
];

/// The one that is meant if none is named.
pub(in crate::flows::admin) const FIRST: &Template = &ALL[0];

/// The template with this name.
pub(in crate::flows::admin) fn named(name: &str) -> Parsed<&'static Template> {
    let found = ALL.iter().find(|template| template.name == name);
    found.ok_or_else(|| format!("must be one of {}", NAMES.join(", ")))
}

/// In the order in which they are offered.
pub(super) const ALL: &[Template] = &[
    Template {
        name: "before-signup",
        title: "Before a sign-up",
        description: "The smallest hook that decides something: it refuses one domain.",
        blank: Some(|| Step::Signup.before().name()),
        source: r#"import type { BeforeSignup } from "@aerocall/hooks";

/** Runs before an account is created. Return nothing to allow it, `{ deny }` to refuse it, `{ patch }` to change it. */
export const beforeSignup: BeforeSignup = async (context, { user }) => {
  if (user.email.endsWith("@mailinator.com")) {
    return { deny: { code: "disposable_email", message: "Please use a permanent email address" } };
  }
};
"#,
        project: "",
        cases: "[]",
        migrations: &[],
    },
    Template {
        name: "after-signup",
        title: "After a sign-up",
        description: "Runs once an account was created, and writes a line to its log.",
        blank: Some(|| Step::Signup.after().name()),
        source: r#"import type { AfterSignup } from "@aerocall/hooks";

/** Runs after an account was created; it cannot refuse the request any more. */
export const afterSignup: AfterSignup = async (context, { user }, Aerocall) => {
  Aerocall.log.info("signed up", { user: user.id });
};
"#,
        project: "",
        cases: "[]",
        migrations: &[],
    },
    Template {
        name: "script",
        title: "Script hook on an event",
        description: "Handles an event in the background, after the request. A failure is tried again.",
        blank: Some(|| EventKind::Signup.as_str()),
        source: r#"import type { EventHandlers } from "@aerocall/hooks";

/** Handles events after the request, in the background. A failure is tried again. */
export const on: EventHandlers = {
  "auth.signup": async (context, event, Aerocall) => {
    Aerocall.log.info("signed up", { event: event.id });
  },
};
"#,
        project: "",
        cases: "[]",
        migrations: &[],
    },
    example!(
        "block-free-email-providers", "signup", "block-free-mail", "Block free mail providers",
        "Refuses sign-ups with addresses of free and throw-away mail providers, and keeps the others in lower case.",
        migrations: []
    ),
    example!(
        "allow-email-domains", "signup", "allow-domains", "Allow listed domains only",
        "Lets only addresses of the domains on a list sign up, such as those of a company and its partners.",
        migrations: []
    ),
    example!(
        "normalise-email", "signup", "normalise-email", "Normalise email addresses",
        "Gives every mailbox one spelling, without tags and without dots where they mean nothing, so that nobody has two accounts.",
        migrations: []
    ),
    example!(
        "rate-limit-by-ip", "rate-limit", "rate-limit", "Limit requests by network",
        "Counts sign-ups and logins of each network in the cache, and refuses them with status 429 beyond a limit.",
        migrations: []
    ),
    example!(
        "risk-score", "signup", "risk-score", "Score the risk of a sign-up",
        "Asks two services for a score with little patience, and refuses sign-ups whose risk is too high.",
        migrations: []
    ),
    example!(
        "custom-claims", "token", "custom-claims", "Add claims to access tokens",
        "Puts plan and roles from the user's metadata into access tokens, and refuses suspended accounts.",
        migrations: []
    ),
    example!(
        "send-welcome-job", "welcome", "welcome-mail", "Send a welcome mail later",
        "Puts a job into a queue when somebody signs up, which sends a mail an hour later.",
        migrations: []
    ),
    example!(
        "welcome-metadata", "welcome", "greeting", "Greet new users in their language",
        "Writes a greeting into the public metadata of new users, and numbers them by day.",
        migrations: []
    ),
    example!(
        "audit-table", "audit", "audit-table", "Keep an audit table",
        "Writes sign-ups, logins and changed passwords to a table of the project, once each. The table is made by its migration.",
        migrations: ["001-audit"]
    ),
    example!(
        "crm-sync", "crm", "crm-sync", "Sync users to a CRM",
        "Sends new and deleted users to the API of a CRM in the background, with a secret as token. A failure is tried again.",
        migrations: []
    ),
    example!(
        "mail-after-absence", "login", "login-mail", "Send a mail after a long absence",
        "A script hook on logins: tells users by mail that somebody logged in after 90 days without a login.",
        migrations: []
    ),
    example!(
        "nightly-cleanup", "invitations", "nightly-cleanup", "Clean up every night",
        "Deletes old rows at three o'clock every night. The table is made by its migration.",
        migrations: ["001-invitations"]
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_the_templates_and_what_they_carry_can_be_read() {
        let names: Vec<&str> = ALL.iter().map(|template| template.name).collect();
        assert_eq!(names, NAMES);
        for template in ALL {
            template.settings().unwrap();
            let mut cases: Vec<String> = template.cases().unwrap().into_iter().map(|case| case.name).collect();
            let count = cases.len();
            cases.sort();
            cases.dedup();
            assert_eq!(cases.len(), count, "{}: names of cases are unique", template.name);
        }
    }
}
