//! One template.

use std::collections::BTreeSet;

use aerocall_runtime::{BuildSettings, ProjectFile, RequestedLimits};
use serde_json::{Map, Value};

use crate::base::{
    error::{Error, Result},
    ids::HookName,
};

/// What a hook can begin as.
#[derive(Debug)]
pub(in crate::flows::admin) struct Template {
    /// Of the template, and of the hook where a list shows it.
    pub(in crate::flows::admin) name: &'static str,
    pub(super) title: &'static str,
    pub(super) description: &'static str,
    /// What one without test cases is called for; the others have a case for each.
    pub(super) blank: Option<fn() -> &'static str>,
    /// The file that the hook is.
    pub(super) source: &'static str,
    /// The `aerocall.toml` of its project, with one hook; empty: nothing is said.
    pub(super) project: &'static str,
    /// A JSON list of test cases, as `aerocall test` reads them.
    pub(super) cases: &'static str,
    /// Name and SQL of what its tables need.
    pub(super) migrations: &'static [(&'static str, &'static str)],
}

/// A test case of a template.
pub(in crate::flows::admin) struct TemplateCase {
    pub(in crate::flows::admin) name: String,
    pub(in crate::flows::admin) document: Map<String, Value>,
}

impl Template {
    /// The files of a hook of this name.
    pub(in crate::flows::admin) fn files(&self, hook: &str) -> Vec<ProjectFile> {
        let own = ProjectFile(format!("hooks/{hook}.ts"), self.source.to_owned());
        let migrations = self.migrations.iter();
        let migrations = migrations.map(|(name, sql)| ProjectFile(format!("migrations/{name}.sql"), (*sql).to_owned()));
        std::iter::once(own).chain(migrations).collect()
    }

    /// What a build of it needs besides.
    pub(in crate::flows::admin) fn settings(&self) -> Result<BuildSettings> {
        let damaged = |error: &dyn std::fmt::Display| Error::unexpected("reading a template", error.to_string());
        let project: toml::Table = self.project.parse().map_err(|error| damaged(&error))?;
        let hooks = project.get("hooks").and_then(toml::Value::as_table);
        let Some(hook) = hooks.and_then(|hooks| hooks.values().next()) else {
            return Ok(BuildSettings::default());
        };
        let capabilities = hook.get("capabilities").cloned().map(toml::Value::try_into);
        let limits = hook.get("limits").and_then(toml::Value::as_table);
        let limits: toml::Table = limits
            .into_iter()
            .flatten()
            .map(|(name, limit)| (camel_case(name), limit.clone()))
            .collect();
        Ok(BuildSettings {
            capabilities: capabilities.transpose().map_err(|error| damaged(&error))?,
            limits: toml::Value::Table(limits)
                .try_into::<RequestedLimits>()
                .map_err(|error| damaged(&error))?,
            ..BuildSettings::default()
        })
    }

    /// The hook points, events, queues and schedules that it handles, by name.
    pub(super) fn points(&self) -> Result<Vec<String>> {
        let cases = self.cases()?.into_iter();
        let of_cases = cases.filter_map(|case| Some(case.document.get("hook")?.as_str()?.to_owned()));
        let blank = self.blank.map(|point| point().to_owned());
        let points: BTreeSet<String> = of_cases.chain(blank).collect();
        Ok(points.into_iter().collect())
    }

    /// Its test cases, with names as a server has them.
    pub(in crate::flows::admin) fn cases(&self) -> Result<Vec<TemplateCase>> {
        let cases: Vec<Map<String, Value>> =
            serde_json::from_str(self.cases).map_err(|error| Error::unexpected("reading a template", error))?;
        let named = cases.into_iter().map(|mut document| {
            // The file is called after the hook.
            document.remove("file");
            let said = document.get("name").and_then(Value::as_str).unwrap_or(self.name);
            TemplateCase {
                name: case_name(said),
                document,
            }
        });
        Ok(named.collect())
    }
}

/// `deadline_ms` as `deadlineMs`.
fn camel_case(name: &str) -> String {
    let mut words = name.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |text, word| {
        let (head, tail) = word.split_at(word.len().min(1));
        text + &head.to_ascii_uppercase() + tail
    })
}

/// A sentence as the name of a case.
fn case_name(said: &str) -> String {
    let words: Vec<&str> = said
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    let mut name = String::new();
    for word in words {
        if name.len() + word.len() + 1 > 60 {
            break;
        }
        if !name.is_empty() {
            name.push('-');
        }
        name.push_str(word);
    }
    match HookName::parse(&name) {
        Ok(name) => name.to_string(),
        Err(_) => "case".to_owned(),
    }
}
