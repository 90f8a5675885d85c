//! What a hook or a flow wants sent, to a mail that can be sent: one recipient, one line of subject, at least one body.
//! Nothing of a mail can become a header that nobody meant.

use aerocall_contract::json::{self, JsonProblem};
use aerocall_runtime::host::{EmailBody, ErrorCode, SdkError};
use serde_json::Value;

use super::template::{MAX_BYTES, Parts, ProblemKind, TemplateName, TemplateProblem};
use crate::{
    base::{
        clock::Clock,
        error::Error,
        ids::{Kind, Scope, new_id},
        input::{Email, short_text},
    },
    storage::store::{NewMail, Store},
};

const MAX_SUBJECT_CHARS: usize = 200;
const MAX_DATA_BYTES: usize = 32 << 10;

/// Makes mails of projects.
#[derive(Clone)]
pub(crate) struct Composer {
    store: Store,
    clock: Clock,
}

impl Composer {
    pub(crate) fn new(store: Store, clock: Clock) -> Self {
        Self { store, clock }
    }

    /// The mail, for [`crate::storage::store::Tx::insert_mail`] in the transaction of what it is about.
    pub(crate) async fn compose(&self, scope: &Scope, to: &str, body: EmailBody) -> Result<NewMail, SdkError> {
        let recipient = Email::parse(Value::from(to)).map_err(|problem| invalid(format!("`to` {problem}")))?;
        let (template, parts) = match body {
            EmailBody::Content { subject, text, html } => (None, Parts { subject, text, html }),
            EmailBody::Template { name, data } => {
                let (name, parts) = self.template(scope, &name).await?;
                let rendered = parts
                    .render(&data_of(&data)?)
                    .map_err(|problem| cannot(&name, problem))?;
                (Some(name.as_str().to_owned()), rendered)
            }
        };
        let parts = checked(parts)?;
        Ok(NewMail {
            id: new_id(Kind::Mail),
            recipient: recipient.as_str().to_owned(),
            template,
            subject: parts.subject,
            text: parts.text,
            html: parts.html,
            created_ms: self.clock.now_ms(),
        })
    }

    /// A mail of the server's own, by the project's template of that name if there is one. A template that does not
    /// render locks nobody out: then the server's own words are sent, and the log says so.
    pub(crate) async fn mail(
        &self,
        scope: &Scope,
        to: &Email,
        name: &'static str,
        own: Parts,
        data: &Value,
    ) -> crate::base::error::Result<NewMail> {
        let wanted = scope.clone();
        let kept = self.store.read(move |tx| tx.mail_template(&wanted, name)).await?;
        let of_project = kept.and_then(|kept| {
            let parts = Parts {
                subject: kept.subject,
                text: kept.body_text,
                html: kept.body_html,
            };
            let rendered = parts.render(data).map_err(|problem| problem.problem);
            rendered
                .and_then(|parts| checked(parts).map_err(|error| error.message))
                .inspect_err(|problem| tracing::warn!(%scope, template = name, problem, "a template cannot be used"))
                .ok()
        });
        let failed = |problem: String| Error::unexpected("making a mail", problem);
        let (template, parts) = match of_project {
            Some(parts) => (name.to_owned(), parts),
            None => {
                let parts = own.render(data).map_err(|problem| failed(problem.problem))?;
                (
                    format!("aerocall-{name}"),
                    checked(parts).map_err(|error| failed(error.message))?,
                )
            }
        };
        Ok(NewMail {
            id: new_id(Kind::Mail),
            recipient: to.as_str().to_owned(),
            template: Some(template),
            subject: parts.subject,
            text: parts.text,
            html: parts.html,
            created_ms: self.clock.now_ms(),
        })
    }

    async fn template(&self, scope: &Scope, name: &str) -> Result<(TemplateName, Parts), SdkError> {
        let name = TemplateName::parse(name).map_err(|problem| invalid(format!("`template` {problem}")))?;
        let (own, wanted) = (scope.clone(), name.as_str().to_owned());
        let kept = self.store.read(move |tx| tx.mail_template(&own, &wanted)).await;
        let kept = kept.map_err(|error| {
            tracing::error!(scope = %scope, error = %error, "reading a template");
            SdkError {
                retryable: true,
                ..SdkError::new(
                    ErrorCode::BackendUnavailable,
                    "auth.sendEmail: templates cannot be read right now",
                )
            }
        })?;
        let Some(kept) = kept else {
            let message = format!(
                "auth.sendEmail: there is no template {}; an admin makes it with PUT \
                 /admin/api/v1/projects/{}/environments/{}/mail-templates/{}",
                name.as_str(),
                scope.project,
                scope.environment,
                name.as_str()
            );
            return Err(SdkError::new(ErrorCode::NotFound, message));
        };
        let parts = Parts {
            subject: kept.subject,
            text: kept.body_text,
            html: kept.body_html,
        };
        Ok((name, parts))
    }
}

fn data_of(text: &str) -> Result<Value, SdkError> {
    if text.len() > MAX_DATA_BYTES {
        let message = format!(
            "auth.sendEmail: `data` has {} bytes as JSON, the limit is {MAX_DATA_BYTES}",
            text.len()
        );
        return Err(SdkError::new(ErrorCode::TooLarge, message));
    }
    match json::read(text) {
        Ok(data @ Value::Object(_)) => Ok(data),
        Err(problem @ (JsonProblem::Number(_) | JsonProblem::Levels | JsonProblem::Values)) => {
            Err(invalid(format!("`data` {problem}")))
        }
        Ok(_) | Err(JsonProblem::Syntax(_)) => Err(invalid("`data` must be an object".to_owned())),
    }
}

fn checked(parts: Parts) -> Result<Parts, SdkError> {
    let subject = short_text(MAX_SUBJECT_CHARS)(Value::from(parts.subject.trim()));
    let subject = subject.map_err(|problem| invalid(format!("`subject` {problem}")))?;
    if parts.text.is_none() && parts.html.is_none() {
        return Err(invalid("`text` or `html` is required".to_owned()));
    }
    for (name, body) in [("text", &parts.text), ("html", &parts.html)] {
        let body = body.as_deref().unwrap_or_default();
        if body.len() > MAX_BYTES {
            let message = format!(
                "auth.sendEmail: `{name}` has {} bytes, the limit is {MAX_BYTES}",
                body.len()
            );
            return Err(SdkError::new(ErrorCode::TooLarge, message));
        }
        if body.contains('\0') {
            return Err(invalid(format!("`{name}` must not contain the control character NUL")));
        }
    }
    Ok(Parts { subject, ..parts })
}

fn cannot(name: &TemplateName, problem: TemplateProblem) -> SdkError {
    let code = match problem.kind {
        ProblemKind::Invalid => ErrorCode::InvalidArgument,
        ProblemKind::OutOfSteps => ErrorCode::LimitExceeded,
        ProblemKind::TooLarge => ErrorCode::TooLarge,
    };
    let message = format!(
        "auth.sendEmail: the {} of the template {} cannot be rendered: {}",
        problem.part,
        name.as_str(),
        problem.problem
    );
    SdkError::new(code, message)
}

fn invalid(problem: String) -> SdkError {
    SdkError::new(ErrorCode::InvalidArgument, format!("auth.sendEmail: {problem}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{storage::store::MailTemplateRow, testing::World};

    fn content(subject: &str, text: Option<&str>, html: Option<&str>) -> EmailBody {
        EmailBody::Content {
            subject: subject.to_owned(),
            text: text.map(str::to_owned),
            html: html.map(str::to_owned),
        }
    }

    #[tokio::test]
    async fn nothing_of_a_mail_becomes_a_header() {
        let world = World::new().await;
        let composer = Composer::new(world.store.clone(), world.clock.clone());
        let code = async |to: &str, body| {
            composer
                .compose(&world.scope, to, body)
                .await
                .map_err(|error| error.code)
        };
        let fine = || content("Hello", Some("text"), None);
        for to in [
            "",
            "ada",
            "a@b.c, d@e.f",
            "a@b.c;d@e.f",
            "a@b.c\r\nBcc: d@e.f",
            "a@b.c\nd@e.f",
            "Ada <a@b.c>",
            "a@b.c\0",
            "<a@b.c>",
            "\"a b\"@c.d",
        ] {
            assert_eq!(code(to, fine()).await, Err(ErrorCode::InvalidArgument), "{to:?}");
        }
        let long = "x".repeat(201);
        for subject in ["", " ", "a\r\nBcc: b@c.d", "a\nb", "a\0", "a\u{202e}b", long.as_str()] {
            let body = content(subject, Some("text"), None);
            assert_eq!(
                code("a@b.c", body).await,
                Err(ErrorCode::InvalidArgument),
                "{subject:?}"
            );
        }
        assert_eq!(
            code("a@b.c", content("s", None, None)).await,
            Err(ErrorCode::InvalidArgument)
        );
        let large = "x".repeat((256 << 10) + 1);
        assert_eq!(
            code("a@b.c", content("s", Some(&large), None)).await,
            Err(ErrorCode::TooLarge)
        );
        assert_eq!(
            code("a@b.c", content("s", None, Some(&large))).await,
            Err(ErrorCode::TooLarge)
        );
        let mail = code("Ada@Example.com", fine()).await.unwrap();
        assert_eq!(
            (mail.recipient.as_str(), mail.subject.as_str()),
            ("Ada@example.com", "Hello")
        );
        assert!(mail.id.starts_with("mail_"));
    }

    #[tokio::test]
    async fn templates_are_those_of_the_project() {
        let world = World::new().await;
        let scope = world.scope.clone();
        let row = MailTemplateRow {
            name: "welcome".to_owned(),
            subject: "Hi {{ name }}".to_owned(),
            body_text: None,
            body_html: Some("<b>{{ name }}</b>".to_owned()),
            updated_ms: 1,
        };
        world
            .store
            .write(move |tx| tx.insert_mail_template(&scope, &row))
            .await
            .unwrap();
        let composer = Composer::new(world.store.clone(), world.clock.clone());
        let of = |name: &str, data: &str| EmailBody::Template {
            name: name.to_owned(),
            data: data.to_owned(),
        };
        let mail = composer
            .compose(&world.scope, "a@b.c", of("welcome", r#"{"name":"<Ada>"}"#))
            .await
            .unwrap();
        assert_eq!(
            (mail.subject.as_str(), mail.html.as_deref()),
            ("Hi <Ada>", Some("<b>&lt;Ada&gt;</b>"))
        );
        let error = async |scope, name: &str, data: &str| {
            let error = composer.compose(scope, "a@b.c", of(name, data)).await.unwrap_err();
            (error.code, error.message)
        };
        let missing = error(&world.scope, "welcome", "{}").await;
        assert!(
            missing.0 == ErrorCode::InvalidArgument && missing.1.contains("not in the data: name"),
            "{missing:?}"
        );
        // A name with a line break cannot make a header out of a subject.
        let broken = error(&world.scope, "welcome", r#"{"name":"x\r\nBcc: a@b.c"}"#).await;
        assert_eq!(broken.0, ErrorCode::InvalidArgument);
        assert_eq!(error(&world.other, "welcome", "{}").await.0, ErrorCode::NotFound);
        assert_eq!(
            error(&world.scope, "aerocall-otp", "{}").await.0,
            ErrorCode::InvalidArgument
        );
        assert_eq!(error(&world.scope, "welcome", "[]").await.0, ErrorCode::InvalidArgument);
        let large = format!(r#"{{"name":"{}"}}"#, "x".repeat(33 << 10));
        assert_eq!(error(&world.scope, "welcome", &large).await.0, ErrorCode::TooLarge);
    }
}
