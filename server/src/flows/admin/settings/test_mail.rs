//! `POST …/settings/mail/test`

use std::{sync::Arc, time::Instant};

use aerocall_api_types::{MailTest, MailTestResult, Permission};
use aerocall_contract::errors;
use serde_json::json;

use crate::{
    app::App,
    base::{
        error::Result,
        ids::{Kind, new_id},
        input::{Email, Fields},
    },
    domain::{
        audit::{Action, AuditEntry},
        project::AuthSettings,
    },
    flows::steps::{
        audited::Audited,
        endpoint::{Caller, Endpoint, EnvironmentAdmin, Field, FieldKind, Flow, Method, environment},
    },
    outbound::mail::{Handover, OutgoingMail, Postman, Undelivered},
};

/// Sends a mail with the saved settings, and answers what the mail server said.
pub(crate) struct TestMailSettings;

impl Flow for TestMailSettings {
    type Who = EnvironmentAdmin;
    type Input = Email;
    type Output = MailTest;

    const NEEDS: Option<Permission> = Some(Permission::SettingsWrite);
    const ENDPOINT: Endpoint = Endpoint::plain(Method::Post, environment!("/settings/mail/test"), "Send a test mail")
        .about("Sends a mail at once with the stored settings, without trying again, and waits for what the mail server says. It is not in the list of mails. The limit of mails to one recipient applies.")
        .fields(&[Field::required("to", FieldKind::Email, "Recipient.")])
        .example(r#"{"to":"ada@example.com"}"#)
        .answers(
            200,
            "What became of it.",
            r#"{"result": "failed", "problem": "the mail server refused the sender: 550 not allowed", "durationMs": 120}"#,
        )
        .errors(&[errors::RATE_LIMITED]);

    fn read(fields: &mut Fields, _: &AuthSettings) -> Option<Email> {
        fields.required("to", Email::parse)
    }

    async fn run(app: &App, caller: &Caller<EnvironmentAdmin>, to: Email) -> Result<MailTest> {
        app.limits.sends(caller.claim(to.normal())).await?;
        let entry = AuditEntry::new(Action::MailTested, "mail").with(json!({ "to": to.as_str() }));
        caller.change(app, |_, _| Ok(Audited::Changed((), entry))).await?;
        let platform = &app.hooks.platform;
        let postman = Postman::new(
            app.store.clone(),
            app.clock.clone(),
            Arc::clone(&app.master),
            app.config.mail.clone(),
            Arc::clone(&platform.egress),
            Arc::clone(&app.metrics),
        );
        let text = format!(
            "This is a test of the mail settings of {}.\n\nAn admin of the project asked for it; there is nothing to do.\n",
            caller.scope
        );
        let mail = OutgoingMail {
            id: &new_id(Kind::Mail),
            recipient: to.as_str(),
            subject: "Test of the mail settings",
            text: Some(&text),
            html: None,
        };
        let begun = Instant::now();
        let (result, problem) = match postman.try_out(&caller.scope, &mail).await {
            Ok(Handover::Sent) => (MailTestResult::Sent, None),
            Ok(Handover::Captured) => (MailTestResult::Captured, None),
            Err(Undelivered { problem, .. }) => (MailTestResult::Failed, Some(problem)),
        };
        Ok(MailTest {
            result,
            problem,
            duration_ms: u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX),
        })
    }
}
