//! What was found, by which rule, and how bad it is.

use serde::Serialize;

/// What is looked at. Names are stable: reports and settings of other tools have them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Rule {
    Structure,
    Capabilities,
    Limits,
    Engine,
    Sources,
    Secrets,
    SmokeRun,
    TestCases,
    Fuel,
}

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Level {
    /// Worth knowing; changes no exit code.
    Note,
    /// May be meant; fails with `--strict`.
    Warning,
    /// Fails.
    Error,
}

/// Where in the author's files.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Place {
    /// Relative to the project.
    pub(crate) file: String,
    /// From 1.
    pub(crate) line: u32,
    /// From 1.
    pub(crate) column: u32,
}

/// One thing that was found.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Finding {
    pub(crate) rule: Rule,
    pub(crate) level: Level,
    /// The file of the bundle.
    pub(crate) bundle: String,
    pub(crate) message: String,
    pub(crate) place: Option<Place>,
}

/// Everything that was found in all bundles.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    pub(crate) all: Vec<Finding>,
    /// The bundles that were looked at.
    pub(crate) bundles: Vec<String>,
}

impl Rule {
    /// Every rule, in the order in which they are looked at.
    pub(crate) const ALL: [Self; 9] = [
        Self::Structure,
        Self::Capabilities,
        Self::Limits,
        Self::Engine,
        Self::Sources,
        Self::Secrets,
        Self::SmokeRun,
        Self::TestCases,
        Self::Fuel,
    ];

    /// Its name in reports.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Structure => "structure",
            Self::Capabilities => "capabilities",
            Self::Limits => "limits",
            Self::Engine => "engine",
            Self::Sources => "sources",
            Self::Secrets => "secrets",
            Self::SmokeRun => "smoke-run",
            Self::TestCases => "test-cases",
            Self::Fuel => "fuel",
        }
    }

    /// What it demands.
    pub(crate) fn about(self) -> &'static str {
        match self {
            Self::Structure => {
                "The bundle is a component of the hooks world that a server accepts: size, manifest, names, schedules."
            }
            Self::Capabilities => "The manifest declares every capability whose interface the component imports.",
            Self::Limits => "The bundle asks for no more than a server with default settings gives.",
            Self::Engine => "The bundle was built for the JavaScript engine of this release.",
            Self::Sources => "The sources that the bundle carries build the same bytes again.",
            Self::Secrets => "Nothing that the bundle carries looks like a credential.",
            Self::SmokeRun => {
                "Each hook point, event, queue and schedule runs on a sample within the limits of production."
            }
            Self::TestCases => "The test cases of the project pass with these bundles.",
            Self::Fuel => "No test case uses more fuel than the baseline allows.",
        }
    }
}

impl Level {
    /// Its name in reports.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

impl Findings {
    /// What is found from now on belongs to this bundle.
    pub(crate) fn begin(&mut self, bundle: &str) {
        self.bundles.push(bundle.to_owned());
    }

    /// Adds what was found in the bundle that was begun last.
    pub(crate) fn add(&mut self, rule: Rule, level: Level, message: String, place: Option<Place>) {
        let bundle = self.bundles.last().cloned().unwrap_or_default();
        self.add_to(&bundle, rule, level, message, place);
    }

    /// Adds what was found in a bundle.
    pub(crate) fn add_to(&mut self, bundle: &str, rule: Rule, level: Level, message: String, place: Option<Place>) {
        self.all.push(Finding {
            rule,
            level,
            bundle: bundle.to_owned(),
            message,
            place,
        });
    }

    /// How many of a level.
    pub(crate) fn count(&self, level: Level) -> usize {
        self.all.iter().filter(|finding| finding.level == level).count()
    }
}
