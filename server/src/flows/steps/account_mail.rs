//! The server's own mails: made before the transaction that keeps them. A project replaces one by a template of its name;
//! links lead only where its settings say. Knows no flow.

use serde_json::json;

use crate::{
    app::App,
    base::{
        error::Result,
        ids::Scope,
        input::{Email, Fields},
    },
    domain::project::{AuthSettings, RedirectUrl},
    outbound::mail::Parts,
    storage::store::NewMail,
};

/// Which mail. The names are those of templates that take their place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AccountMail {
    ConfirmEmail,
    ResetPassword,
    PasswordChanged,
    MagicLink,
    Otp,
    /// To the new address.
    ChangeEmail,
    /// To the one before.
    EmailChanging,
    /// To the owner of an address that somebody tried to sign up or change to.
    AccountExists,
}

/// What a mail carries.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct MailData<'a> {
    /// Goes into a link, or stands in the mail where the project has nowhere to lead to.
    pub(crate) token: Option<&'a str>,
    pub(crate) redirect: Option<&'a RedirectUrl>,
    /// To be typed.
    pub(crate) code: Option<&'a str>,
    /// How long both work.
    pub(crate) life_s: i64,
}

impl AccountMail {
    pub(crate) const ALL: [Self; 8] = [
        Self::ConfirmEmail,
        Self::ResetPassword,
        Self::PasswordChanged,
        Self::MagicLink,
        Self::Otp,
        Self::ChangeEmail,
        Self::EmailChanging,
        Self::AccountExists,
    ];

    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mail| mail.name() == name)
    }

    /// When it is sent.
    pub(crate) fn about(self) -> &'static str {
        match self {
            Self::ConfirmEmail => "To an address that is to be confirmed.",
            Self::ResetPassword => "A password reset was requested.",
            Self::PasswordChanged => "The password was changed or reset.",
            Self::MagicLink => "A login link was requested.",
            Self::Otp => "A one-time code was requested.",
            Self::ChangeEmail => "To the new address of a user who changes it.",
            Self::EmailChanging => "To the old address of a user who changes it.",
            Self::AccountExists => "Somebody tried to sign up with, or change to, an address that has an account.",
        }
    }

    /// Data as it gets them, for previews.
    pub(crate) fn sample(self) -> serde_json::Value {
        let (link, code) = match self {
            Self::ConfirmEmail | Self::ResetPassword | Self::MagicLink | Self::ChangeEmail => (true, false),
            Self::Otp => (false, true),
            Self::PasswordChanged | Self::EmailChanging | Self::AccountExists => (false, false),
        };
        json!({
            "app": "Example",
            "email": "ada@example.com",
            "link": link.then_some("https://app.example.com/done?token=ot_sample"),
            "token": link.then_some("ot_sample"),
            "code": code.then_some("123456"),
            "minutes": if link || code { 60 } else { 0 },
            "validity": if link || code { validity(3_600) } else { String::new() },
        })
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::ConfirmEmail => "confirm-email",
            Self::ResetPassword => "reset-password",
            Self::PasswordChanged => "password-changed",
            Self::MagicLink => "magic-link",
            Self::Otp => "otp",
            Self::ChangeEmail => "change-email",
            Self::EmailChanging => "email-changing",
            Self::AccountExists => "account-exists",
        }
    }

    /// The mail where a project has no template of its own.
    pub(crate) fn own(self) -> Parts {
        let (subject, lead, carries, end) = match self {
            Self::ConfirmEmail => (
                "Confirm your email address",
                "Please confirm that {{ email }} is your email address at {{ app }}.",
                LINK,
                "If you did not sign up, ignore this mail: the address will not be confirmed.",
            ),
            Self::ResetPassword => (
                "Reset your password",
                "Somebody requested a password reset for your account at {{ app }}.",
                LINK,
                "If it was not you, ignore this mail: your password stays unchanged.",
            ),
            Self::PasswordChanged => (
                "Your password was changed",
                "The password of your account at {{ app }} was changed just now.",
                "",
                "If it was not you, reset your password immediately.",
            ),
            Self::MagicLink => (
                "Your login link",
                "Use this to log in to {{ app }}.",
                LINK,
                "If you did not request it, ignore this mail. Do not share it with anybody.",
            ),
            Self::Otp => (
                "Your code: {{ code }}",
                "Your code for {{ app }} is {{ code }}. It is valid for {{ validity }}.",
                "",
                "If you did not request it, ignore this mail. Do not share it with anybody.",
            ),
            Self::ChangeEmail => (
                "Confirm your new email address",
                "Somebody wants to change the email address of their account at {{ app }} to {{ email }}.",
                LINK,
                "If it was not you, ignore this mail.",
            ),
            Self::EmailChanging => (
                "Your email address is about to change",
                "Somebody who is logged in to your account at {{ app }} requested a change of its email address.",
                "",
                "If it was not you, change your password immediately.",
            ),
            Self::AccountExists => (
                "You already have an account",
                "Somebody entered {{ email }} at {{ app }}, where you already have an account.",
                "",
                "If it was you, log in or reset your password. If it was not you, ignore this mail.",
            ),
        };
        Parts {
            subject: format!("{subject} \u{2013} {{{{ app }}}}"),
            text: Some(format!("{lead}\n{carries}\n{end}\n")),
            html: None,
        }
    }
}

const LINK: &str = "
{% if link %}Open this link within {{ validity }}:

{{ link }}
{% else %}Enter this token within {{ validity }}:

{{ token }}
{% endif %}";

/// Makes the mail, for [`crate::storage::store::Tx::insert_mail`] in the flow's transaction. Template data: `app`, `email`, `link`,
/// `token`, `code`, `minutes`, `validity`.
pub(crate) async fn write(
    app: &App,
    scope: &Scope,
    settings: &AuthSettings,
    kind: AccountMail,
    to: &Email,
    data: MailData<'_>,
) -> Result<NewMail> {
    let link = data.token.and_then(|token| Some(data.redirect?.with("token", token)));
    let data = json!({
        "app": settings.app_name.as_deref().unwrap_or(scope.project.as_str()),
        "email": to.readable(),
        "link": link,
        "token": data.token,
        "code": data.code,
        "minutes": data.life_s / 60,
        "validity": validity(data.life_s),
    });
    app.hooks
        .platform
        .composer()
        .mail(scope, to, kind.name(), kind.own(), &data)
        .await
}

/// How long something lasts, as people say it.
fn validity(seconds: i64) -> String {
    match seconds / 60 {
        minutes if minutes >= 120 && minutes % 60 == 0 => format!("{} hours", minutes / 60),
        minutes => format!("{minutes} minutes"),
    }
}

/// `redirect_to`: where the link leads, if it is on the project's list; the first of the list without it.
pub(crate) fn read_redirect(fields: &mut Fields, settings: &AuthSettings) -> Option<RedirectUrl> {
    let wanted = fields.optional("redirect_to", |value| {
        let wanted = RedirectUrl::parse(value)?;
        settings.redirect(Some(wanted))
    });
    match wanted {
        Some(wanted) => wanted,
        None => settings.redirect(None).ok().flatten(),
    }
}

/// The most of a token that a client sends: ours are shorter.
pub(crate) const MAX_TOKEN_CHARS: usize = 200;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_not_said_in_minutes() {
        for (seconds, words) in [
            (600, "10 minutes"),
            (3_600, "60 minutes"),
            (5_400, "90 minutes"),
            (86_400, "24 hours"),
        ] {
            assert_eq!(validity(seconds), words);
        }
    }

    #[test]
    fn every_mail_can_be_made_with_and_without_a_link() {
        for kind in AccountMail::ALL {
            let parts = kind.own();
            assert_eq!(parts.check(), [], "{}", kind.name());
            for link in [json!(null), json!("https://a.example/x?token=t")] {
                let data = json!({ "app": "A", "email": "a@b.c", "link": link, "token": "ot_t", "code": "123456", "minutes": 10, "validity": "10 minutes" });
                let made = parts.render(&data).unwrap();
                assert!(!made.text.unwrap().contains("{{"));
            }
        }
    }
}
