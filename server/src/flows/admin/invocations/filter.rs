//! Which invocations a request is about: the parameters that lists, streams and figures of them share.

use crate::{
    app::App,
    base::{
        error::Result,
        ids::{Kind, Scope, is_id},
        input::{Email, Fields, query},
    },
    flows::steps::endpoint::{Field, FieldKind},
    storage::store::{DECISIONS, InvocationFilter, Outcomes},
};

pub(in crate::flows::admin) const HOOK: Field =
    Field::optional("hook", FieldKind::Text(200), "Only invocations of this hook.");
pub(in crate::flows::admin) const POINT: Field = Field::optional(
    "point",
    FieldKind::Text(200),
    "Only invocations at this hook point, or for this event, queue (`queue.<name>`) or schedule (`cron.<name>`).",
);
pub(in crate::flows::admin) const VERSION: Field = Field::optional(
    "version",
    FieldKind::Number(1, i32::MAX as i64),
    "Only invocations of the version with this number.",
);
pub(in crate::flows::admin) const OUTCOME: Field = Field::optional(
    "outcome",
    FieldKind::Text(200),
    "Only invocations with this outcome: `allow`, `deny`, `patch`, the error code of a failure, or `failure` for all of these codes.",
);
pub(in crate::flows::admin) const MODE: Field = Field::optional(
    "mode",
    FieldKind::OneOf(&["live", "canary", "shadow"]),
    "Only invocations of the live version, of a canary, or of a shadow.",
);
pub(in crate::flows::admin) const REQUEST: Field =
    Field::optional("requestId", FieldKind::Text(200), "Only invocations of this request.");
pub(in crate::flows::admin) const USER: Field = Field::optional(
    "user",
    FieldKind::Text(200),
    "Only invocations about this user: id, or email address of an existing user. Before a sign-up there is no user.",
);
pub(in crate::flows::admin) const FROM: Field = Field::optional(
    "from",
    FieldKind::Text(40),
    "Only invocations that were recorded at this time (RFC 3339) or later.",
);
pub(in crate::flows::admin) const TO: Field = Field::optional(
    "to",
    FieldKind::Text(40),
    "Only invocations that were recorded before this time (RFC 3339).",
);
pub(in crate::flows::admin) const MIN_DURATION: Field = Field::optional(
    "minDurationUs",
    FieldKind::Number(0, i64::MAX),
    "Only invocations that took at least so many microseconds.",
);

const MODES: &[(&str, &str)] = &[("live", "live"), ("canary", "canary"), ("shadow", "shadow")];

/// What is asked for.
#[derive(Clone, Debug, Default)]
pub(in crate::flows::admin) struct Sought {
    pub(in crate::flows::admin) filter: InvocationFilter,
    /// The address of the user that they are to be about.
    email: Option<Email>,
}

impl Sought {
    pub(in crate::flows::admin) fn read(fields: &mut Fields) -> Self {
        let user = fields.optional("user", query::text);
        let (mut id, mut email) = (None, None);
        match user {
            Some(user) if is_id(Kind::User, &user) => id = Some(user),
            Some(user) => match Email::parse(user.into()) {
                Ok(address) => email = Some(address),
                Err(_) => fields.problem("user", "must be the id of a user or an email address"),
            },
            None => {}
        }
        let filter = InvocationFilter {
            hook: fields.optional("hook", query::text),
            point: fields.optional("point", query::text),
            version: fields
                .optional("version", query::whole(1, i64::from(i32::MAX)))
                .and_then(|number| i32::try_from(number).ok()),
            outcome: fields.optional("outcome", query::text).map(outcomes),
            mode: fields.optional("mode", query::one_of(MODES)).map(str::to_owned),
            counted_only: false,
            request_id: fields.optional("requestId", query::text),
            user: id,
            from_ms: fields.optional("from", query::time),
            to_ms: fields.optional("to", query::time),
            min_duration_us: fields.optional("minDurationUs", query::whole(0, i64::MAX)),
        };
        if let (Some(from), Some(to)) = (filter.from_ms, filter.to_ms)
            && from >= to
        {
            fields.problem("to", "must be later than from");
        }
        Self { filter, email }
    }

    /// With the user whose address was named. Nobody has it: nothing is found.
    pub(in crate::flows::admin) async fn resolved(self, app: &App, scope: &Scope) -> Result<InvocationFilter> {
        let Some(email) = self.email else {
            return Ok(self.filter);
        };
        let scope = scope.clone();
        let user = app.store.read(move |tx| tx.user_by_email(&scope, &email)).await?;
        Ok(InvocationFilter {
            user: Some(user.map_or_else(|| "nobody".to_owned(), |row| row.id)),
            ..self.filter
        })
    }
}

fn outcomes(word: String) -> Outcomes {
    match word.as_str() {
        "failure" => Outcomes::Failures,
        _ => Outcomes::Only(word),
    }
}

/// What an outcome is for figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::flows::admin) enum Class {
    Allow,
    Patch,
    Deny,
    Failure,
}

impl Class {
    pub(in crate::flows::admin) fn of(outcome: &str) -> Self {
        let [allow, patch, deny] = DECISIONS;
        match outcome {
            word if word == allow => Self::Allow,
            word if word == patch => Self::Patch,
            word if word == deny => Self::Deny,
            _ => Self::Failure,
        }
    }
}
