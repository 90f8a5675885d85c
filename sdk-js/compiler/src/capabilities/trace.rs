//! Follows the SDK object, and what comes out of it, through a bundle's syntax tree: where it goes from `start`, and what
//! its functions are called with (`literal`).

pub(crate) mod literal;
mod start;

use std::borrow::Cow;
use std::collections::{BTreeSet, HashSet};

use oxc::ast::AstKind;
use oxc::ast::ast::{Argument, BindingPattern, CallExpression, Expression, FormalParameters, Program, PropertyKey};
use oxc::semantic::{NodeId, Semantic, SymbolId};
use oxc::span::{GetSpan, Span};

use super::{Capability, Grant};

/// Where the SDK goes in a bundle.
pub(crate) struct Trace {
    /// What is used and where.
    pub(crate) places: Vec<(Grant, Span)>,
    /// The first place where the SDK goes out of sight.
    pub(crate) escape: Option<Span>,
    /// Every call of a function of the SDK that was seen.
    pub(crate) calls: Vec<SdkCall>,
    /// The functions that are hooks: with the hook point or event if that is known, and their extent.
    pub(crate) handlers: Vec<(Option<String>, Span)>,
}

/// A call of a function of the SDK.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SdkCall {
    /// As authors write it: `db.query`, `fetch`.
    pub(crate) name: String,
    pub(crate) span: Span,
    /// Every text that the first argument can be; `None` if that is not known.
    pub(crate) texts: Option<BTreeSet<String>>,
}

/// Follows the SDK from where it comes into the bundle.
pub(crate) fn run<'a>(program: &'a Program<'a>, semantic: &Semantic<'a>) -> Trace {
    let mut tracer = Tracer {
        semantic,
        trace: Trace {
            places: Vec::new(),
            escape: None,
            calls: Vec::new(),
            handlers: Vec::new(),
        },
        handler: None,
        seen: HashSet::new(),
    };
    tracer.follow_globals();
    tracer.follow_exports(program);
    tracer.trace
}

/// What a followed value is.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Thing<'a> {
    /// The SDK.
    Sdk,
    /// `Aerocall.http`
    Http,
    /// `Aerocall.secrets`
    Secrets,
    /// A function whose first argument says which part of a capability is used.
    Function(Entry),
    /// A capability without parts: that it is used is known already, and what follows says which of its functions are called.
    Whole(Capability),
    /// One of those functions.
    Method(Capability, &'a str),
}

/// Functions that name a host or a secret.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Entry {
    /// `fetch`, `http.get`, `http.post`: an address or a request. With its name.
    Fetch(&'static str),
    /// `http.sendAll`: a list of them.
    SendAll,
    /// `secrets.get`: a name.
    Secret,
}

struct Tracer<'s, 'a> {
    semantic: &'s Semantic<'a>,
    trace: Trace,
    /// The hook point or event whose function is looked for.
    handler: Option<String>,
    /// Variables that are followed already, and functions by which of their parameters is, with what they hold.
    seen: HashSet<(SymbolId, usize, Thing<'a>)>,
}

impl<'a> Thing<'a> {
    /// What a member of it is; `None` for one of which nothing is known.
    fn member(self, name: &'a str) -> Option<Self> {
        Some(Self::Function(match (self, name) {
            (Self::Sdk, "http") => return Some(Self::Http),
            (Self::Sdk, "secrets") => return Some(Self::Secrets),
            (Self::Whole(capability), name) => return Some(Self::Method(capability, name)),
            (Self::Http, "fetch") => Entry::Fetch("http.fetch"),
            (Self::Http, "get") => Entry::Fetch("http.get"),
            (Self::Http, "post") => Entry::Fetch("http.post"),
            (Self::Http, "sendAll") => Entry::SendAll,
            (Self::Secrets, "get") => Entry::Secret,
            _ => return None,
        }))
    }
}

impl<'a> Tracer<'_, 'a> {
    fn escapes(&mut self, span: Span) {
        self.trace.escape = Some(
            self.trace
                .escape
                .map_or(span, |first| if span.start < first.start { span } else { first }),
        );
    }

    fn uses(&mut self, grant: Grant, span: Span) {
        self.trace.places.push((grant, span));
    }

    /// Something goes out of sight: whatever can be done with it counts as done.
    fn lost(&mut self, thing: Thing<'a>, span: Span) {
        let capability = match thing {
            Thing::Sdk => return self.escapes(span),
            Thing::Whole(_) | Thing::Method(..) => return,
            Thing::Http | Thing::Function(Entry::Fetch(_) | Entry::SendAll) => Capability::Http,
            Thing::Secrets | Thing::Function(Entry::Secret) => Capability::Secrets,
        };
        self.uses(Grant::whole(capability), span);
    }

    fn unresolved(&self, name: &str) -> Vec<NodeId> {
        let scoping = self.semantic.scoping();
        let known = scoping
            .root_unresolved_references()
            .iter()
            .find(|(known, _)| known.as_str() == name);
        let ids = known.into_iter().flat_map(|(_, ids)| ids.iter());
        ids.map(|id| scoping.get_reference(*id).node_id()).collect()
    }

    /// The parameter of a function that receives the value. `with_arguments` is the function's extent if it has an
    /// `arguments` object.
    fn follow_parameter(
        &mut self,
        parameters: &'a FormalParameters<'a>,
        index: usize,
        with_arguments: Option<Span>,
        thing: Thing<'a>,
    ) {
        if let Some(parameter) = parameters.items.get(index) {
            self.follow_pattern(&parameter.pattern, thing);
        } else if let Some(rest) = &parameters.rest {
            self.lost(thing, rest.span);
        }
        if let Some(extent) = with_arguments {
            for node in self.unresolved("arguments") {
                let span = self.semantic.nodes().kind(node).span();
                if extent.start <= span.start && span.end <= extent.end {
                    self.lost(thing, span);
                }
            }
        }
    }

    fn follow_pattern(&mut self, pattern: &'a BindingPattern<'a>, thing: Thing<'a>) {
        match pattern {
            BindingPattern::BindingIdentifier(name) => self.follow_variable(name.symbol_id(), thing),
            BindingPattern::AssignmentPattern(pattern) => self.follow_pattern(&pattern.left, thing),
            BindingPattern::ObjectPattern(pattern) => {
                for property in &pattern.properties {
                    match key(&property.key) {
                        Some(name) => match thing.member(name) {
                            Some(member) => self.follow_pattern(&property.value, member),
                            None => {
                                if let Some(whole) = self.other_member(thing, name, property.span) {
                                    self.follow_pattern(&property.value, whole);
                                }
                            }
                        },
                        None => self.lost(thing, property.span),
                    }
                }
                if let Some(rest) = &pattern.rest {
                    self.lost(thing, rest.span);
                }
            }
            BindingPattern::ArrayPattern(pattern) => self.lost(thing, pattern.span),
        }
    }

    fn follow_variable(&mut self, symbol: SymbolId, thing: Thing<'a>) {
        if !self.seen.insert((symbol, usize::MAX, thing)) {
            return;
        }
        let references = self.semantic.scoping().get_resolved_references(symbol);
        let nodes: Vec<NodeId> = references.map(|reference| reference.node_id()).collect();
        for node in nodes {
            self.follow_use(node, thing);
        }
    }

    /// A member of which no parts are told apart: a capability as a whole, a class, or something unknown. Answers what is to be
    /// followed from there.
    fn other_member(&mut self, thing: Thing<'a>, name: &str, span: Span) -> Option<Thing<'a>> {
        match (thing, Capability::of_member(name)) {
            (Thing::Sdk, Some(capability)) => {
                self.uses(Grant::whole(capability), span);
                return Some(Thing::Whole(capability));
            }
            (Thing::Sdk, None) => {}
            (thing, _) => self.lost(thing, span),
        }
        None
    }

    /// One expression whose value is known: what is done with it?
    fn follow_use(&mut self, node: NodeId, thing: Thing<'a>) {
        let nodes = self.semantic.nodes();
        let span = nodes.kind(node).span();
        let parent = nodes.parent_id(node);
        if let Some(name) = self.member_name(node, parent) {
            return match thing.member(name) {
                Some(member) => self.follow_use(parent, member),
                None => {
                    if let Some(whole) = self.other_member(thing, name, nodes.kind(parent).span()) {
                        self.follow_use(parent, whole);
                    }
                }
            };
        }
        match (nodes.kind(parent), thing) {
            (AstKind::ParenthesizedExpression(_) | AstKind::LogicalExpression(_) | AstKind::ChainExpression(_), _) => {
                self.follow_use(parent, thing);
            }
            (AstKind::VariableDeclarator(variable), _) => self.follow_pattern(&variable.id, thing),
            (AstKind::CallExpression(call), Thing::Function(entry)) if call.callee.span() == span => {
                self.called(entry, call.arguments.first(), call.span);
            }
            (AstKind::CallExpression(call), Thing::Method(capability, name)) if call.callee.span() == span => {
                self.called_method(capability, name, call);
            }
            (AstKind::CallExpression(call), _) if call.callee.span() != span => {
                match call.arguments.iter().position(|argument| argument.span() == span) {
                    Some(index) => self.follow_argument(&call.callee, index, span, thing),
                    None => self.lost(thing, span),
                }
            }
            (
                AstKind::UnaryExpression(_)
                | AstKind::BinaryExpression(_)
                | AstKind::ExpressionStatement(_)
                | AstKind::IfStatement(_),
                _,
            ) => {}
            (AstKind::ConditionalExpression(choice), _) if choice.test.span() == span => {}
            _ => self.lost(thing, span),
        }
    }

    /// A function of a capability without parts is called. A transaction hands on what `db` has.
    fn called_method(&mut self, capability: Capability, name: &str, call: &'a CallExpression<'a>) {
        let argument = call.arguments.first().and_then(Argument::as_expression);
        self.trace.calls.push(SdkCall {
            name: format!("{capability}.{name}"),
            span: call.span,
            texts: argument.and_then(|one| literal::texts(self.semantic, one)),
        });
        if capability == Capability::Db && name == "transaction" {
            match argument.map(Expression::get_inner_expression) {
                Some(Expression::ArrowFunctionExpression(arrow)) => {
                    self.follow_parameter(&arrow.params, 0, None, Thing::Whole(capability));
                }
                Some(Expression::FunctionExpression(function)) => {
                    self.follow_parameter(&function.params, 0, None, Thing::Whole(capability));
                }
                _ => {}
            }
        }
    }

    /// A function that names a host or a secret is called.
    fn called(&mut self, entry: Entry, argument: Option<&'a Argument<'a>>, span: Span) {
        let argument = argument.and_then(Argument::as_expression);
        let name = match entry {
            Entry::Fetch(name) => name,
            Entry::SendAll => "http.sendAll",
            Entry::Secret => "secrets.get",
        };
        self.trace.calls.push(SdkCall {
            name: name.to_owned(),
            span,
            texts: None,
        });
        let (capability, parts) = match entry {
            Entry::Fetch(_) => (
                Capability::Http,
                argument.and_then(|one| literal::hosts(self.semantic, one)),
            ),
            Entry::SendAll => (
                Capability::Http,
                argument.and_then(|one| literal::hosts_of_all(self.semantic, one)),
            ),
            Entry::Secret => (
                Capability::Secrets,
                argument.and_then(|one| literal::texts(self.semantic, one)),
            ),
        };
        let grants = parts.map(|parts| {
            parts
                .iter()
                .map(|part| Grant::part(capability, part))
                .collect::<Result<Vec<_>, _>>()
        });
        match grants {
            Some(Ok(grants)) => grants.into_iter().for_each(|grant| self.uses(grant, span)),
            // Not known, or none that there can be: then the host answers what is wrong with it.
            Some(Err(_)) | None => self.uses(Grant::whole(capability), span),
        }
    }

    /// The value is handed to a function: if that is one of the bundle, it goes on there.
    fn follow_argument(&mut self, callee: &'a Expression<'a>, index: usize, span: Span, thing: Thing<'a>) {
        let scoping = self.semantic.scoping();
        let symbol = callee
            .get_identifier_reference()
            .and_then(|callee| scoping.get_reference(callee.reference_id()).symbol_id())
            .filter(|symbol| !scoping.symbol_is_mutated(*symbol));
        let Some(symbol) = symbol else {
            return self.lost(thing, span);
        };
        if !self.seen.insert((symbol, index, thing)) {
            return;
        }
        let declaration = self.semantic.scoping().symbol_declaration(symbol);
        match self.semantic.nodes().kind(declaration) {
            AstKind::Function(function) => self.follow_parameter(&function.params, index, Some(function.span), thing),
            AstKind::VariableDeclarator(variable) => {
                match variable.init.as_ref().map(Expression::get_inner_expression) {
                    Some(Expression::ArrowFunctionExpression(arrow)) => {
                        self.follow_parameter(&arrow.params, index, None, thing);
                    }
                    Some(Expression::FunctionExpression(function)) => {
                        self.follow_parameter(&function.params, index, Some(function.span), thing);
                    }
                    _ => self.lost(thing, span),
                }
            }
            _ => self.lost(thing, span),
        }
    }

    /// The name, if `parent` is a member of `node` that is known.
    fn member_name(&self, node: NodeId, parent: NodeId) -> Option<&'a str> {
        let span = self.semantic.nodes().kind(node).span();
        match self.semantic.nodes().kind(parent) {
            AstKind::StaticMemberExpression(member) if member.object.span() == span => {
                Some(member.property.name.as_str())
            }
            AstKind::ComputedMemberExpression(member) if member.object.span() == span => {
                member.static_property_name().map(|name| name.as_str())
            }
            _ => None,
        }
    }
}

/// The name of a member, if it is known.
fn key<'a>(key: &PropertyKey<'a>) -> Option<&'a str> {
    key.static_name().map(|name| match name {
        Cow::Borrowed(name) => name,
        // A number: no part of the SDK is called so.
        Cow::Owned(_) => "",
    })
}
