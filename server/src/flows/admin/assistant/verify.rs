//! What came of the answer of a round: its files are built as drafts are, and run against the hook's test cases and those that are
//! proposed. Nothing is kept of the build.

use std::time::Duration;

use aerocall_api_types::{
    CapabilityChange, CaseResults, FailedCase, ProposalRound, ProposedCase, TypeCheck, TypeStatus,
};
use aerocall_runtime::{BuildOutput, Manifest, ProjectFile};
use serde_json::Value;

use crate::{
    app::App,
    assistant::{Answer, May, Proposed, WrittenCase, capability_change},
    base::{
        error::{Error, Result},
        ids::{HookName, Scope},
        stored,
    },
    flows::{
        admin::{
            cases::{self, CheckedCase},
            drafts::{self, Content},
        },
        steps::hook_target::Loaded,
    },
    hooks,
    storage::{store::DraftRow, tenant::Migration},
};

/// Failed cases and diagnostics that are named.
const MAX_NAMED: usize = 20;
/// Characters of what is said of a failed case.
const MAX_MESSAGE_CHARS: usize = 600;
/// How long a run waits for its turn among those of others.
const PATIENCE: Duration = Duration::from_secs(20);

/// What the question began from.
pub(super) struct Base {
    pub(super) content: Content,
    /// npm packages that came with the draft.
    pub(super) packages: Vec<ProjectFile>,
    /// Of the draft; of files that nobody saved there is none.
    pub(super) revision: Option<i64>,
    /// What it may do, if it can be built.
    pub(super) may: Option<May>,
}

/// What is verified, and against what.
pub(super) struct Verification<'v> {
    pub(super) app: &'v App,
    pub(super) scope: &'v Scope,
    pub(super) hook: &'v HookName,
    pub(super) base: &'v Base,
    pub(super) point: Option<&'v str>,
    pub(super) migrations: &'v [Migration],
}

/// What came of it.
pub(super) struct Verified {
    pub(super) round: ProposalRound,
    pub(super) capabilities: CapabilityChange,
    pub(super) cases: Vec<ProposedCase>,
}

impl Base {
    pub(super) fn of_draft(row: &DraftRow) -> Result<Self> {
        Ok(Self {
            content: Content::of(row)?,
            packages: stored::json(&row.packages)?,
            revision: Some(row.revision),
            may: None,
        })
    }

    /// Builds it as it is.
    pub(super) async fn build(&self, app: &App, scope: &Scope, hook: &HookName) -> Result<BuildOutput> {
        drafts::build(app, &scope.project, hook, self.content.clone(), self.packages.clone()).await
    }
}

impl Verification<'_> {
    /// Builds and runs what a model proposes.
    pub(super) async fn verify(&self, number: u32, proposed: &Proposed, answer: &Answer) -> Result<Verified> {
        let mut verified = Verified {
            round: ProposalRound {
                number,
                compiles: false,
                types: TypeCheck {
                    status: TypeStatus::NotChecked,
                    reason: Some("it cannot be built".to_owned()),
                },
                diagnostics: Vec::new(),
                cases: CaseResults::default(),
                problems: answer.problems.clone(),
            },
            capabilities: CapabilityChange::default(),
            cases: Vec::new(),
        };
        let files = proposed.tried_on(&self.base.content.files);
        let content = match Content::of_files(files.clone(), self.base.content.settings.clone()) {
            Ok(content) => content,
            Err(problem) => {
                verified
                    .round
                    .problems
                    .push(format!("the files cannot be a draft: the project {problem}"));
                return Ok(verified);
            }
        };
        let built = drafts::build(
            self.app,
            &self.scope.project,
            self.hook,
            content,
            self.base.packages.clone(),
        );
        let built = built.await?;
        let after = May::of(&built);
        let BuildOutput {
            diagnostics, bundle, ..
        } = built;
        let errors = drafts::errors_in(&diagnostics);
        verified.round.diagnostics = diagnostics
            .into_iter()
            .take(MAX_NAMED)
            .map(drafts::diagnostic)
            .collect();
        let Some(((component, manifest), after)) = bundle.zip(after) else {
            verified.round.problems.push(format!("it cannot be built: {errors}"));
            return Ok(verified);
        };
        verified.round.compiles = true;
        self.check_types(&files, &mut verified).await?;
        verified.capabilities = capability_change(self.base.may.as_ref(), &after, self.point);
        if let Some(point) = self.point.filter(|point| !has(&manifest, point)) {
            verified.round.problems.push(format!("it does nothing at {point}"));
        }
        match self.load(&component).await? {
            Ok(loaded) => self.run(&loaded, answer, &mut verified).await?,
            Err(problem) => verified.round.problems.push(problem),
        }
        Ok(verified)
    }

    /// Looks at types, where the server can. What is wrong with them does not stop a build, and goes back to the model.
    async fn check_types(&self, files: &[ProjectFile], verified: &mut Verified) -> Result<()> {
        let types = drafts::check_types(self.app, &self.scope.project, files, &self.base.packages).await?;
        let round = &mut verified.round;
        round.types = types.check;
        if !types.problems.is_empty() {
            round
                .problems
                .push(format!("its types are wrong in {} places", types.problems.len()));
        }
        let room = MAX_NAMED.saturating_sub(round.diagnostics.len());
        round
            .diagnostics
            .extend(types.problems.into_iter().take(room).map(drafts::diagnostic));
        Ok(())
    }

    /// What the sandbox says of the bundle; what is wrong with it is for the model.
    async fn load(&self, component: &[u8]) -> Result<std::result::Result<Loaded, String>> {
        let hook = match self.app.hooks.registry.load(&self.scope.project, component).await {
            Ok(hook) => hook,
            Err(error) => match hooks::refused(error, Some(self.hook.as_str())) {
                Error::Refused(refusal) if refusal.status < 500 => return Ok(Err(refusal.message.into_owned())),
                error => return Err(error),
            },
        };
        let project = self.app.hooks.registry.project_limits(self.scope).await?;
        Ok(Ok(Loaded {
            limits: hooks::limits(&hook.manifest().limits, &project, &self.app.config.hooks),
            hook,
            number: 0,
        }))
    }

    async fn run(&self, loaded: &Loaded, answer: &Answer, verified: &mut Verified) -> Result<()> {
        let _trial = self
            .app
            .hooks
            .trials
            .begin_within(&self.scope.project, PATIENCE)
            .await?;
        let ran = cases::run_all(self.app, &self.scope.project, self.hook, loaded, self.migrations).await?;
        for case in ran.cases {
            verified.count(&case.name, case.ok, &case.problems);
        }
        for written in &answer.cases {
            let taken: Vec<String> = verified.cases.iter().map(|case| case.name.clone()).collect();
            let case = self.run_written(loaded, written, &taken).await?;
            let problems: Vec<String> = case.message.iter().cloned().collect();
            verified.count(&format!("proposed: {}", case.name), case.passed, &problems);
            verified.cases.push(case);
        }
        let (total, failed) = (
            verified.round.cases.total,
            verified.round.cases.total - verified.round.cases.passed,
        );
        if failed > 0 {
            verified
                .round
                .problems
                .push(format!("{failed} of {total} test cases fail"));
        }
        Ok(())
    }

    /// Runs a case that a model wrote, if it is one.
    async fn run_written(&self, loaded: &Loaded, written: &WrittenCase, taken: &[String]) -> Result<ProposedCase> {
        let mut document = written.document.clone();
        document.remove("file");
        let name = cases::name_of(&written.name, taken);
        let problems = match cases::checked(&name, Value::Object(document.clone())) {
            Ok(case) => self.run_checked(loaded, &case).await?,
            Err(problem) => vec![format!("the test case {problem}")],
        };
        Ok(ProposedCase {
            name,
            case: document,
            passed: problems.is_empty(),
            message: (!problems.is_empty()).then(|| shortened(&problems.join("; "))),
        })
    }

    async fn run_checked(&self, loaded: &Loaded, case: &CheckedCase) -> Result<Vec<String>> {
        let migrations: Vec<(String, String)> = self
            .migrations
            .iter()
            .map(|migration| (migration.name.clone(), migration.sql.clone()))
            .collect();
        cases::run_checked(loaded, case, &migrations).await
    }
}

impl Verified {
    fn count(&mut self, name: &str, passed: bool, problems: &[String]) {
        let cases = &mut self.round.cases;
        cases.total += 1;
        cases.passed += u32::from(passed);
        if !passed && cases.failed.len() < MAX_NAMED {
            cases.failed.push(FailedCase {
                name: name.to_owned(),
                message: shortened(&problems.join("; ")),
            });
        }
    }
}

fn has(manifest: &Manifest, point: &str) -> bool {
    manifest
        .hooks
        .iter()
        .chain(&manifest.events)
        .any(|known| known == point)
}

fn shortened(text: &str) -> String {
    text.chars().take(MAX_MESSAGE_CHARS).collect()
}
