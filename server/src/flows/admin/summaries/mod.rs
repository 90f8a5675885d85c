//! What hooks do, in words: read from their sources by the process that builds them, kept by digest, and, if the project wants
//! that, said again by a model.

mod by_model;
mod draft;
mod from_manifest;
mod version;

pub(crate) use draft::SummarizeDraft;
pub(crate) use version::SummarizeVersion;

use std::collections::HashMap;

use aerocall_api_types::{CodeFacts, CodeSummary, DenialFact, SummarySource};
use aerocall_runtime::{Manifest, Summary};

use crate::{
    app::App,
    base::{
        error::{Error, Result},
        ids::Slug,
        stored,
    },
    storage::store::SummaryRow,
};

/// Which sentences the server makes: another number where they get other ones, so that those that are kept are made again.
const EDITION: u32 = 1;

/// For the reference.
macro_rules! example {
    () => {
        r#"{"text": "Before sign-up: can deny with `free_provider` (403, “Please use your work address”).", "origin": "code", "model": null, "facts": {"points": ["beforeSignup"], "denies": [{"code": "free_provider", "status": 403, "message": "Please use your work address", "file": "hooks/signup.ts", "line": 12}], "patches": ["user.metadata.source"], "calls": ["db.query"], "hosts": [], "secrets": [], "queues": []}}"#
    };
}

use example;

/// What is said of both endpoints.
const ABOUT: &str = "One or two sentences and the facts that they are made of, read from the sources without running them; what only a call knows is `null` or `*`. Names of the code stand between backticks. `origin` is `model` if the project has its summaries written by a model and it has written this one; until then the answer is the one from the code.";

/// Under which digest a summary is kept.
fn key(digest: &str) -> String {
    format!("{EDITION}:{digest}")
}

/// What the server has said of a digest.
async fn kept(app: &App, project: &Slug, digest: &str) -> Result<Option<CodeSummary>> {
    let (of, key) = (project.clone(), key(digest));
    let row = app.store.read(move |tx| tx.summary(&of, &key, "")).await?;
    row.map(|row| document(&row)).transpose()
}

/// What is said of hooks with this digest and manifest, by digest, without building anything or asking a model; those where one of both
/// is to be done are left out.
pub(in crate::flows::admin) async fn known<'h>(
    app: &App,
    project: &Slug,
    hooks: impl Iterator<Item = (&'h str, &'h Manifest)>,
) -> Result<HashMap<String, CodeSummary>> {
    // What is written in another language is not read.
    let (others, read): (Vec<_>, Vec<_>) = hooks.partition(|(_, manifest)| manifest.language.is_some());
    let mut known: HashMap<String, CodeSummary> = others
        .into_iter()
        .map(|(digest, manifest)| (digest.to_owned(), from_manifest::summary(manifest)))
        .collect();
    if read.is_empty() {
        return Ok(known);
    }
    let model = by_model::model(app, project).await?;
    let (of, wanted) = (project.clone(), model.clone());
    let digests: Vec<String> = read.into_iter().map(|(digest, _)| digest.to_owned()).collect();
    let rows = app.store.read(move |tx| {
        let rows = digests.into_iter().map(|digest| {
            let by_code = tx.summary(&of, &key(&digest), "")?;
            let by_model = wanted
                .as_deref()
                .map(|model| tx.summary(&of, &key(&digest), model))
                .transpose()?;
            Ok((digest, by_code, by_model.flatten()))
        });
        rows.collect::<std::result::Result<Vec<_>, _>>()
    });
    for (digest, by_code, by_model) in rows.await? {
        let Some(code) = by_code.map(|row| document(&row)).transpose()? else {
            continue;
        };
        let answer = match &model {
            None => Some(code),
            Some(_) => by_model::Kept::of(by_model, app.clock.now_ms())?.answer(&code),
        };
        known.extend(answer.map(|answer| (digest, answer)));
    }
    Ok(known)
}

/// Keeps what the build of a digest has found.
pub(in crate::flows::admin) async fn keep(
    app: &App,
    project: &Slug,
    digest: &str,
    summary: Summary,
) -> Result<CodeSummary> {
    let summary = of_build(summary);
    let facts = serde_json::to_string(&summary.facts);
    let row = SummaryRow {
        digest: key(digest),
        model: String::new(),
        text: summary.text.clone(),
        facts: facts.map_err(|error| Error::unexpected("writing the facts of a summary", error))?,
        created_ms: app.clock.now_ms(),
    };
    let of = project.clone();
    app.store.write(move |tx| tx.put_summary(&of, &row)).await?;
    Ok(summary)
}

fn document(row: &SummaryRow) -> Result<CodeSummary> {
    let model = Some(row.model.clone()).filter(|model| !model.is_empty());
    Ok(CodeSummary {
        text: row.text.clone(),
        origin: match model {
            Some(_) => SummarySource::Model,
            None => SummarySource::Code,
        },
        model,
        facts: stored::json(&row.facts)?,
    })
}

fn of_build(summary: Summary) -> CodeSummary {
    let facts = summary.facts;
    let denies = facts.denies.into_iter().map(|one| DenialFact {
        code: one.code,
        status: one.status,
        message: one.message,
        file: one.file,
        line: one.line,
    });
    CodeSummary {
        text: summary.text,
        origin: SummarySource::Code,
        model: None,
        facts: CodeFacts {
            points: facts.points,
            denies: denies.collect(),
            patches: facts.patches,
            calls: facts.calls,
            hosts: facts.hosts,
            secrets: facts.secrets,
            queues: facts.queues,
        },
    }
}
