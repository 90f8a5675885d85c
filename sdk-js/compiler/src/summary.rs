//! What a hook does, read from its bundle without running it: where it denies and patches, what it calls, and sentences that
//! say so.
//!
//! Each hook and each handler of an event is looked at by itself: its function, and everything of the bundle that it may call
//! (`reach`). There, replies and thrown denials are found (`replies`, `patches`), with values as far as the code writes them out
//! (`values`); calls of the SDK are those that [`crate::capabilities`] traces. What is not written out is said to be unknown,
//! never guessed. `words` makes the sentences.

mod patches;
mod reach;
mod replies;
mod syntax;
mod tables;
mod values;
mod words;

use std::collections::{BTreeMap, BTreeSet};

use aerocall_contract::{Capability, HookPoint};
use aerocall_runtime::{Denies, Facts, Manifest, Summary};
use oxc::{
    allocator::Allocator,
    parser::Parser,
    semantic::SemanticBuilder,
    span::{SourceType, Span},
};

use self::{reach::Reach, replies::Denial, syntax::Syntax};
use crate::{
    bundle::{Bundle, Origins},
    capabilities::{
        Grants,
        trace::{self, SdkCall, Trace},
    },
    threads,
};

/// Handlers that are looked at by themselves; further ones are named only.
const MAX_HANDLERS: usize = 40;
/// Entries of each list of facts.
const MAX_FACTS: usize = 100;
/// Stands for what only a call knows.
const ANY: &str = "*";

/// What one hook or handler does.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Behaviour {
    denies: Vec<Denies>,
    patches: Vec<String>,
    /// Functions of the SDK, each once, with the texts that they are called with.
    calls: BTreeMap<String, Vec<Option<BTreeSet<String>>>>,
    hosts: BTreeSet<String>,
    secrets: BTreeSet<String>,
    queues: BTreeSet<String>,
}

/// Reads a bundle. `granted` is what it may use.
pub(crate) fn of(bundle: &Bundle, manifest: &Manifest, granted: &Grants) -> Summary {
    threads::deep(|| read(bundle, manifest, granted))
}

fn read(bundle: &Bundle, manifest: &Manifest, granted: &Grants) -> Summary {
    let allocator = Allocator::default();
    let parsed = Parser::new(&allocator, &bundle.code, SourceType::mjs()).parse();
    let semantic = SemanticBuilder::new()
        .with_build_nodes(true)
        .build(&parsed.program)
        .semantic;
    let trace = trace::run(&parsed.program, &semantic);
    let syntax = Syntax::of(&semantic);
    let origins = Origins::of(bundle);
    let places = Places { bundle, origins };
    let mut handlers: BTreeMap<String, Behaviour> = BTreeMap::new();
    for (name, span) in trace.handlers.iter().take(MAX_HANDLERS) {
        let reach = Reach::of(&syntax, *span);
        let mut found = behaviour(&syntax, &reach, &trace, granted, &places);
        if name.as_deref().and_then(HookPoint::named).is_none() {
            // A status is for clients, and a job has none.
            found.denies.iter_mut().for_each(|denies| denies.status = None);
        }
        handlers
            .entry(name.clone().unwrap_or_default())
            .or_default()
            .join(found);
    }
    let points = manifest.hooks.iter().chain(&manifest.events).cloned().collect();
    let escape = trace.escape.map(|span| places.position(span));
    Summary {
        text: words::text(manifest, &handlers, escape.as_ref()),
        facts: facts(points, handlers.into_values()),
    }
}

/// Where stretches of the bundle stand in the author's files.
struct Places<'b> {
    bundle: &'b Bundle,
    origins: Origins<'b>,
}

impl Places<'_> {
    /// File and line.
    fn position(&self, span: Span) -> (String, u32) {
        match self.origins.place(span) {
            Some(place) => {
                let position = place.position();
                (position.file, position.line)
            }
            None => (self.bundle.entry.clone(), 1),
        }
    }
}

fn behaviour(
    syntax: &Syntax<'_, '_>,
    reach: &Reach,
    trace: &Trace,
    granted: &Grants,
    places: &Places<'_>,
) -> Behaviour {
    let mut found = Behaviour::default();
    for denial in replies::denials(syntax, reach) {
        let denies = denies(denial, places);
        if !found.denies.contains(&denies) {
            found.denies.push(denies);
        }
    }
    found.denies.sort_by(|a, b| (&a.file, a.line).cmp(&(&b.file, b.line)));
    found.patches = patches::patches(syntax, reach);
    for call in trace.calls.iter().filter(|call| reach.has(call.span)) {
        found.add(call);
    }
    for (grant, _) in trace.places.iter().filter(|(_, span)| reach.has(*span)) {
        let parts = match grant.capability() {
            Capability::Http => &mut found.hosts,
            Capability::Secrets => &mut found.secrets,
            _ => continue,
        };
        match grant.part_name() {
            Some(part) if granted.allow(grant) => drop(parts.insert(part.to_owned())),
            Some(_) => {}
            // Only the call knows which; but it can be none but those that are granted.
            None => parts.extend(granted_parts(granted, grant.capability())),
        }
    }
    found
}

fn granted_parts(granted: &Grants, capability: Capability) -> BTreeSet<String> {
    let of_it = granted.iter().filter(|grant| grant.capability() == capability);
    of_it.map(|grant| grant.part_name().unwrap_or(ANY).to_owned()).collect()
}

fn denies(denial: Denial, places: &Places<'_>) -> Denies {
    let (file, line) = places.position(denial.at);
    Denies {
        code: denial.code.map(|code| words::shown(&code, 64)),
        status: denial.status,
        message: denial.message.map(|message| words::shown(&message, 500)),
        file,
        line,
    }
}

impl Behaviour {
    fn add(&mut self, call: &SdkCall) {
        if call.name.starts_with("log.") {
            return;
        }
        self.calls
            .entry(call.name.clone())
            .or_default()
            .push(call.texts.clone());
        if call.name == "queue.enqueue" {
            match &call.texts {
                Some(names) => self.queues.extend(names.iter().map(|name| words::shown(name, 64))),
                None => drop(self.queues.insert(ANY.to_owned())),
            }
        }
    }

    fn join(&mut self, other: Self) {
        self.denies.extend(other.denies);
        self.patches.extend(other.patches);
        for (name, texts) in other.calls {
            self.calls.entry(name).or_default().extend(texts);
        }
        self.hosts.extend(other.hosts);
        self.secrets.extend(other.secrets);
        self.queues.extend(other.queues);
    }
}

fn facts(points: Vec<String>, handlers: impl Iterator<Item = Behaviour>) -> Facts {
    let mut all = Behaviour::default();
    handlers.for_each(|one| all.join(one));
    let mut denies: Vec<Denies> = Vec::new();
    for denial in all.denies {
        if !denies.contains(&denial) {
            denies.push(denial);
        }
    }
    denies.sort_by(|a, b| (&a.file, a.line).cmp(&(&b.file, b.line)));
    denies.truncate(MAX_FACTS);
    let patches: BTreeSet<String> = all.patches.into_iter().collect();
    let first = |names: BTreeSet<String>| names.into_iter().take(MAX_FACTS).collect();
    Facts {
        points,
        denies,
        patches: first(patches),
        calls: first(all.calls.into_keys().collect()),
        hosts: first(all.hosts),
        secrets: first(all.secrets),
        queues: first(all.queues),
    }
}
