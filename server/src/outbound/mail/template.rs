//! Templates of mails: Jinja without the parts that can grow without end or reach elsewhere. What is left is values,
//! filters, conditions and loops. The only place that names minijinja.
//!
//! The engine counts steps but not memory, and `{% set x = x ~ x %}` doubles a text with each step. So nothing here can
//! make a value that is larger than the data: no `set`, no macros, no operators that join texts, and of the filters those
//! whose result is as large as their argument. Loops are bounded by steps, the output by its size.

use std::{collections::HashSet, io};

use minijinja::{AutoEscape, Environment, Error, ErrorKind, UndefinedBehavior, Value, filters, tests};
use serde_json::Value as Json;

mod scan;

/// Steps of one part.
const FUEL: u64 = 20_000;
/// UTF-8 bytes of the source of one part.
const MAX_SOURCE_BYTES: usize = 64 << 10;
/// Bytes of one rendered part.
pub(super) const MAX_BYTES: usize = 256 << 10;
/// Names that begin so are the product's own.
const RESERVED: &str = "aerocall";

/// The name of a template: `[a-z][a-z0-9_-]{0,63}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TemplateName(String);

/// The parts of a mail: as templates, or rendered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Parts {
    pub(crate) subject: String,
    pub(crate) text: Option<String>,
    pub(crate) html: Option<String>,
}

/// A template that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TemplateProblem {
    /// `subject`, `text` or `html`.
    pub(crate) part: &'static str,
    pub(crate) problem: String,
    pub(crate) kind: ProblemKind,
}

/// What kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ProblemKind {
    /// The template or its data.
    Invalid,
    /// Too many steps.
    OutOfSteps,
    /// Too much output.
    TooLarge,
}

impl TemplateName {
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let legal = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'_';
        let starts_well = text.bytes().next().is_some_and(|b| b.is_ascii_lowercase());
        if !starts_well || text.len() > 64 || !text.bytes().all(legal) {
            return Err("must be 1 to 64 of a-z, 0-9, _ and -, starting with a mail".to_owned());
        }
        if text.starts_with(RESERVED) {
            return Err(format!(
                "must not begin with {RESERVED}: that prefix is reserved for the server's own templates"
            ));
        }
        Ok(Self(text.to_owned()))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl Parts {
    /// Every part that cannot be a template, with the line.
    pub(crate) fn check(&self) -> Vec<TemplateProblem> {
        let environment = environment();
        let check = |(part, source): (&'static str, &str)| check_part(&environment, part, source).err();
        self.list().into_iter().filter_map(check).collect()
    }

    /// The parts with the data in their places.
    pub(crate) fn render(&self, data: &Json) -> Result<Self, TemplateProblem> {
        let environment = environment();
        let context = value(data);
        let render = |part, source: &String| render_part(&environment, part, source, data, context.clone());
        Ok(Self {
            subject: render("subject", &self.subject)?,
            text: self.text.as_ref().map(|source| render("text", source)).transpose()?,
            html: self.html.as_ref().map(|source| render("html", source)).transpose()?,
        })
    }

    fn list(&self) -> Vec<(&'static str, &str)> {
        let bodies = [("text", &self.text), ("html", &self.html)];
        let bodies = bodies
            .into_iter()
            .filter_map(|(part, body)| Some((part, body.as_deref()?)));
        [("subject", self.subject.as_str())].into_iter().chain(bodies).collect()
    }
}

fn environment() -> Environment<'static> {
    let mut environment = Environment::empty();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_fuel(Some(FUEL));
    environment.set_auto_escape_callback(|part| match part {
        "html" => AutoEscape::Html,
        _ => AutoEscape::None,
    });
    // Each takes a text and no other value: a list would become a text that is larger than all data.
    environment.add_filter("upper", |text: &str| text.to_uppercase());
    environment.add_filter("lower", |text: &str| text.to_lowercase());
    environment.add_filter("trim", |text: &str| text.trim().to_owned());
    environment.add_filter("default", filters::default);
    environment.add_filter("length", filters::length);
    environment.add_filter("first", filters::first);
    environment.add_filter("last", filters::last);
    environment.add_filter("round", filters::round);
    environment.add_test("defined", tests::is_defined);
    environment.add_test("undefined", tests::is_undefined);
    environment.add_test("none", tests::is_none);
    environment
}

fn check_part(environment: &Environment<'_>, part: &'static str, source: &str) -> Result<(), TemplateProblem> {
    let invalid = |problem| TemplateProblem {
        part,
        problem,
        kind: ProblemKind::Invalid,
    };
    if source.len() > MAX_SOURCE_BYTES {
        return Err(invalid(format!("must have at most {MAX_SOURCE_BYTES} bytes")));
    }
    scan::check(source).map_err(|(line, problem)| invalid(format!("line {line}: {problem}")))?;
    let compiled = environment.template_from_named_str(part, source);
    compiled.map(drop).map_err(|error| problem(part, &error, &[]))
}

fn render_part(
    environment: &Environment<'_>,
    part: &'static str,
    source: &str,
    data: &Json,
    context: Value,
) -> Result<String, TemplateProblem> {
    check_part(environment, part, source)?;
    let compiled = environment
        .template_from_named_str(part, source)
        .map_err(|error| problem(part, &error, &[]))?;
    let mut output = Bounded(Vec::new());
    if let Err(error) = compiled.render_captured_to(context, &mut output) {
        return Err(problem(
            part,
            &error,
            &missing(compiled.undeclared_variables(true), data),
        ));
    }
    Ok(String::from_utf8_lossy(&output.0).into_owned())
}

/// The variables of a template that the data does not have.
fn missing(variables: HashSet<String>, data: &Json) -> Vec<String> {
    let there = |path: &String| path.split('.').try_fold(data, |value, name| value.get(name)).is_some();
    let mut missing: Vec<String> = variables.into_iter().filter(|path| !there(path)).collect();
    missing.sort();
    missing
}

fn problem(part: &'static str, error: &Error, missing: &[String]) -> TemplateProblem {
    let line = error.line().unwrap_or(1);
    let (kind, text) = match error.kind() {
        ErrorKind::OutOfFuel => (ProblemKind::OutOfSteps, format!("it takes more than {FUEL} steps")),
        ErrorKind::WriteFailure => (
            ProblemKind::TooLarge,
            format!("the result has more than {MAX_BYTES} bytes"),
        ),
        ErrorKind::UndefinedError if missing.is_empty() => {
            (ProblemKind::Invalid, "a variable is not in the data".to_owned())
        }
        ErrorKind::UndefinedError => (ProblemKind::Invalid, format!("not in the data: {}", missing.join(", "))),
        kind => (
            ProblemKind::Invalid,
            error.detail().map_or(kind.to_string(), str::to_owned),
        ),
    };
    let text: String = text.chars().filter(|c| !c.is_control()).take(300).collect();
    TemplateProblem {
        part,
        problem: format!("line {line}: {text}"),
        kind,
    }
}

fn value(json: &Json) -> Value {
    match json {
        Json::Null => Value::from(()),
        Json::Bool(truth) => Value::from(*truth),
        Json::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(whole), _) => Value::from(whole),
            (None, Some(real)) => Value::from(real),
            (None, None) => Value::from(number.to_string()),
        },
        Json::String(text) => Value::from(text.as_str()),
        Json::Array(items) => items.iter().map(value).collect(),
        Json::Object(members) => Value::from_pairs(members.iter().map(|(name, member)| (name.as_str(), value(member)))),
    }
}

/// Takes so many bytes and no more.
struct Bounded(Vec<u8>);

impl io::Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.0.len() + bytes.len() > MAX_BYTES {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod cases;
