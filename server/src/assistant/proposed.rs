//! What a model wrote: no draft, and nothing that could become one by itself. There is one way from here to files of a draft:
//! [`Proposed::accept`], for which a person has to have said what is needed. Builds get a copy that nothing is made of.

use std::collections::BTreeMap;

use aerocall_api_types::{FileChange, Proposal};
use aerocall_contract::errors;
use aerocall_runtime::ProjectFile;

use crate::base::error::{Problem, Refusal};

/// Files as a model proposes them, by path; without a text a file goes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Proposed(BTreeMap<String, Option<String>>);

/// What a person says who applies a proposal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Acceptance {
    pub(crate) unverified: Unverified,
    /// What is new, named one by one.
    pub(crate) capabilities: Vec<String>,
}

/// Whether a proposal that is not verified is wanted all the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unverified {
    Accepted,
    Refused,
}

/// Files that a person has accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Accepted(Proposed);

impl Proposed {
    pub(crate) fn of(files: &[(String, Option<String>)]) -> Self {
        Self(files.iter().cloned().collect())
    }

    /// These, and what was proposed before of other files.
    pub(crate) fn and(self, earlier: &Self) -> Self {
        let mut files = earlier.0.clone();
        files.extend(self.0);
        Self(files)
    }

    /// What would be there, for a build that nothing is made of.
    pub(crate) fn tried_on(&self, base: &[ProjectFile]) -> Vec<ProjectFile> {
        let kept = base.iter().filter(|file| !self.0.contains_key(&file.0)).cloned();
        let written = self
            .0
            .iter()
            .filter_map(|(path, text)| Some(ProjectFile(path.clone(), text.clone()?)));
        let mut files: Vec<ProjectFile> = kept.chain(written).collect();
        files.sort();
        files
    }

    /// The files that would differ, by path.
    pub(crate) fn changes_to(&self, base: &[ProjectFile]) -> Vec<FileChange> {
        let change = |(path, after): (&String, &Option<String>)| {
            let before = base.iter().find(|file| file.0 == *path).map(|file| file.1.clone());
            (before != *after).then(|| FileChange {
                path: path.clone(),
                before,
                after: after.clone(),
            })
        };
        self.0.iter().filter_map(change).collect()
    }

    /// The files of a proposal that was kept, once a person has said what has to be said.
    ///
    /// # Errors
    /// `proposal_unverified`, `proposal_widens_capabilities`: something is left to be said; `details` has what.
    pub(crate) fn accept(proposal: &Proposal, said: &Acceptance) -> Result<Accepted, Refusal> {
        if !proposal.verified && said.unverified == Unverified::Refused {
            let problem = |problem: &String| Problem {
                field: "problems".to_owned(),
                problem: problem.clone(),
            };
            return Err(Refusal {
                details: proposal.problems.iter().map(problem).collect(),
                ..Refusal::new(
                    errors::PROPOSAL_UNVERIFIED,
                    "The proposal is not verified; see details. Send `acceptUnverified` to apply it all the same",
                )
            });
        }
        let new = proposal.capabilities.added.iter().zip(&proposal.capabilities.words);
        let unsaid: Vec<Problem> = new
            .filter(|(capability, _)| !said.capabilities.contains(capability))
            .map(|(capability, words)| Problem {
                field: capability.clone(),
                problem: words.clone(),
            })
            .collect();
        if !unsaid.is_empty() {
            return Err(Refusal {
                details: unsaid,
                ..Refusal::new(
                    errors::PROPOSAL_WIDENS_CAPABILITIES,
                    "The proposal may do what the draft may not; see details. Name all of it in `acceptCapabilities` to apply it",
                )
            });
        }
        let file = |change: &FileChange| (change.path.clone(), change.after.clone());
        Ok(Accepted(Self(proposal.files.iter().map(file).collect())))
    }
}

impl Accepted {
    /// The files of a draft with these.
    pub(crate) fn onto(&self, draft: &[ProjectFile]) -> Vec<ProjectFile> {
        self.0.tried_on(draft)
    }
}

#[cfg(test)]
mod tests {
    use aerocall_api_types::{AssistantProvider, CapabilityChange, Timestamp};

    use super::*;

    fn file(path: &str, text: &str) -> ProjectFile {
        ProjectFile(path.to_owned(), text.to_owned())
    }

    fn proposal() -> Proposal {
        let base = [file("a.ts", "1"), file("b.ts", "2"), file("c.ts", "3")];
        let written = [
            ("a.ts", Some("new")),
            ("b.ts", None),
            ("c.ts", Some("3")),
            ("d.ts", Some("4")),
        ];
        let written = written.map(|(path, text)| (path.to_owned(), text.map(str::to_owned)));
        Proposal {
            id: "prp_1".to_owned(),
            hook: "a".to_owned(),
            point: None,
            revision: Some(1),
            created_at: Timestamp(String::new()),
            created_by: String::new(),
            model: String::new(),
            provider: AssistantProvider::Openai,
            text: String::new(),
            files: Proposed::of(&written).changes_to(&base),
            diff: String::new(),
            verified: false,
            problems: vec!["it cannot be built".to_owned()],
            rounds: Vec::new(),
            capabilities: CapabilityChange {
                added: vec!["db".to_owned(), "http:x.example".to_owned()],
                removed: Vec::new(),
                words: vec![
                    "may read tables".to_owned(),
                    "may send requests to x.example".to_owned(),
                ],
            },
            cases: Vec::new(),
            hidden: Vec::new(),
            applied_at: None,
            applied_revision: None,
        }
    }

    #[test]
    fn nothing_is_accepted_that_was_not_said() {
        let proposal = proposal();
        let paths: Vec<&str> = proposal.files.iter().map(|file| file.path.as_str()).collect();
        assert_eq!(paths, ["a.ts", "b.ts", "d.ts"], "c.ts is as it was");
        let code = |unverified, capabilities: &[&str]| {
            let said = Acceptance {
                unverified,
                capabilities: capabilities.iter().map(|one| (*one).to_owned()).collect(),
            };
            Proposed::accept(&proposal, &said).map_err(|refusal| (refusal.code.into_owned(), refusal.details.len()))
        };
        let all = ["http:x.example", "db"];
        assert_eq!(
            code(Unverified::Refused, &all),
            Err(("proposal_unverified".to_owned(), 1))
        );
        let widens = |count| Err(("proposal_widens_capabilities".to_owned(), count));
        assert_eq!(code(Unverified::Accepted, &[]), widens(2));
        assert_eq!(code(Unverified::Accepted, &["db", "http"]), widens(1));
        let accepted = code(Unverified::Accepted, &all).unwrap();
        let draft = [file("a.ts", "1"), file("b.ts", "2"), file("z.ts", "9")];
        assert_eq!(
            accepted.onto(&draft),
            [file("a.ts", "new"), file("d.ts", "4"), file("z.ts", "9")]
        );
    }
}
