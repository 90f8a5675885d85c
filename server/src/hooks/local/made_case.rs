//! A test case made of a recorded invocation: its input and the answers that it got, without the people in it, and what the
//! version that ran replies to that.

use aerocall_runtime::{Hook, Limits, RecordedCall};
use serde_json::{Map, Value, json};

use super::{
    Case, RecordedInvocation,
    answers::{Answered, Answers},
    redaction::{Redact, Replacements},
};
use crate::base::crypto::secret;

/// Stand for the ids of the invocation.
const INVOCATION_ID: &str = "inv_case";
const REQUEST_ID: &str = "req_case";

impl RecordedInvocation {
    /// The document of a case. `context`: as it was stored. `hook`: the version that ran.
    ///
    /// # Errors
    /// Without what was taken out, the hook asks for something else than was answered.
    pub(crate) async fn case(
        &self,
        context: &str,
        redact: &[Redact],
        hook: &Hook,
        limits: &Limits,
    ) -> Result<Map<String, Value>, String> {
        let document = self.redacted(context, redact)?;
        // What the hook draws at random is nobody's business, unless its questions depend on it.
        let seeds = [None, Some(secret::hex(&self.recording.seed))];
        let mut problem = String::new();
        for seed in seeds {
            let mut document = document.clone();
            if let Some(seed) = seed
                && let Some(answers) = document.get_mut("answers")
            {
                answers["seed"] = seed.into();
            }
            match expected(&document, hook, limits).await {
                Ok(expect) => {
                    document.insert("expect".to_owned(), expect);
                    return Ok(document);
                }
                Err(why) => problem = why,
            }
        }
        Err(problem)
    }

    /// Input and answers.
    fn redacted(&self, context: &str, redact: &[Redact]) -> Result<Map<String, Value>, String> {
        let read = |text: &str| serde_json::from_str::<Value>(text).map_err(|error| error.to_string());
        let answered = |call: &RecordedCall| {
            Ok(Answered {
                name: call.name.clone(),
                arguments: read(&call.arguments)?,
                answer: read(&call.answer)?,
            })
        };
        let answers = Answers {
            calls: self
                .recording
                .calls
                .iter()
                .map(answered)
                .collect::<Result<_, String>>()?,
            clock_ms: self.recording.clock_ms.clone(),
            seed: None,
        };
        let answers = serde_json::to_value(answers).map_err(|error| error.to_string())?;
        let mut context = read(context)?;
        if let Value::Object(members) = &mut context {
            // Of the run, not of the case.
            members.retain(|name, _| !["projectId", "hook", "version"].contains(&name.as_str()));
        }
        let mut document = json!({ "context": context, "payload": read(&self.payload)?, "answers": answers });
        let mut replacements = Replacements::default();
        replacements.add(&self.context.invocation_id, INVOCATION_ID);
        replacements.add(&self.context.request_id, REQUEST_ID);
        replacements.find(&document, redact);
        replacements.apply(&mut document);
        let mut case = Map::from_iter([("hook".to_owned(), Value::from(self.point.as_str()))]);
        if let Value::Object(members) = document {
            case.extend(members);
        }
        Ok(case)
    }
}

/// What the hook replies, as a case expects it. Of a failure its code: stacks are no contract.
async fn expected(document: &Map<String, Value>, hook: &Hook, limits: &Limits) -> Result<Value, String> {
    let mut document = document.clone();
    document.insert("expect".to_owned(), json!({}));
    let case: Case = serde_json::from_value(document.into()).map_err(|error| error.to_string())?;
    let called = case.called(hook, limits).await?;
    let outcome = called.invocation.outcome.document();
    Ok(match outcome["kind"].as_str() {
        Some("failure") => json!({ "replyIncludes": { "kind": "failure", "code": outcome["code"] } }),
        _ => json!({ "reply": outcome }),
    })
}
