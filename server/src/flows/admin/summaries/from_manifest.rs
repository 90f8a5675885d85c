//! What a hook may do, where its sources are not at hand or in another language than JavaScript: from its manifest alone.

use aerocall_api_types::{CodeFacts, CodeSummary, SummarySource};
use aerocall_runtime::Manifest;

/// Names of a list in a sentence; further ones are counted.
const MAX_NAMES: usize = 6;

/// What the manifest says.
pub(super) fn summary(manifest: &Manifest) -> CodeSummary {
    let points: Vec<String> = manifest.hooks.iter().chain(&manifest.events).cloned().collect();
    let may = match manifest.capabilities.as_slice() {
        [] => "uses nothing of the SDK".to_owned(),
        names => format!("may use {}", list(names)),
    };
    let why = match &manifest.language {
        Some(language) => format!("It is written in {language}, which is not read here"),
        None => "Its sources are not at hand".to_owned(),
    };
    let text = format!("At {}: {may}. {why}, so what it decides is not said.", list(&points));
    let parts = |capability: &str| {
        let of_it = manifest
            .capabilities
            .iter()
            .filter_map(|name| match name.split_once(':') {
                Some((of, part)) => (of == capability).then(|| part.to_owned()),
                None => (name == capability).then(|| "*".to_owned()),
            });
        of_it.collect()
    };
    CodeSummary {
        text,
        origin: SummarySource::Code,
        model: None,
        facts: CodeFacts {
            points,
            hosts: parts("http"),
            secrets: parts("secrets"),
            ..CodeFacts::default()
        },
    }
}

fn list(names: &[String]) -> String {
    let shown: Vec<String> = names.iter().take(MAX_NAMES).map(|name| format!("`{name}`")).collect();
    match names.len().checked_sub(MAX_NAMES).filter(|more| *more > 0) {
        Some(more) => format!("{} and {more} more", shown.join(", ")),
        None => shown.join(", "),
    }
}

#[cfg(test)]
mod tests {
    use aerocall_runtime::RequestedLimits;

    use super::*;

    #[test]
    fn hosts_and_secrets_are_those_that_it_may_use() {
        let manifest = Manifest {
            format: 1,
            name: "a".to_owned(),
            contract: "1".to_owned(),
            engine: None,
            language: None,
            toolchain: None,
            hooks: vec![crate::hooks::Step::Signup.before().name().to_owned()],
            events: Vec::new(),
            schedules: Default::default(),
            order: Default::default(),
            priority: Default::default(),
            capabilities: ["cache", "http:api.example.com", "secrets"].map(String::from).into(),
            limits: RequestedLimits::default(),
            source_digest: String::new(),
        };
        let said = summary(&manifest);
        assert!(
            said.text.contains("may use `cache`, `http:api.example.com`, `secrets`"),
            "{}",
            said.text
        );
        assert_eq!(
            (said.facts.hosts, said.facts.secrets),
            (vec!["api.example.com".to_owned()], vec!["*".to_owned()])
        );
    }
}
