//! Reads a JSON object field by field, strictly, and collects every problem instead of the first. Knows no field.

use serde_json::{Map, Value};

use crate::base::error::{Problem, Refusal};

/// A parsed value or what is wrong with it.
pub(crate) type Parsed<T> = Result<T, String>;

/// A name chosen by the client is cut, so that the answer stays small.
const MAX_NAME_CHARS: usize = 100;

/// The fields of an object that nobody has read yet, and the problems so far.
pub(crate) struct Fields {
    rest: Map<String, Value>,
    /// A body that is no object.
    bytes: Option<Vec<u8>>,
    path: String,
    problems: Vec<Problem>,
}

impl Fields {
    pub(crate) fn new(object: Map<String, Value>) -> Self {
        Self {
            rest: object,
            bytes: None,
            path: String::new(),
            problems: Vec::new(),
        }
    }

    /// Of a request that has none.
    pub(crate) fn none() -> Self {
        Self::new(Map::new())
    }

    /// The parameters of a query. One that is sent twice is a problem.
    pub(crate) fn of_query(pairs: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut fields = Self::none();
        for (name, value) in pairs {
            if fields.rest.insert(name.clone(), value.into()).is_some() {
                let name: String = name.chars().take(MAX_NAME_CHARS).collect();
                fields.problem(&name, "is sent more than once");
            }
        }
        fields
    }

    /// With a body that is no object.
    pub(crate) fn with_bytes(self, bytes: Vec<u8>) -> Self {
        Self {
            bytes: Some(bytes),
            ..self
        }
    }

    /// The body that is no object.
    pub(crate) fn bytes(&mut self) -> Option<Vec<u8>> {
        self.bytes.take()
    }

    /// Whether somebody sent the field, and nobody has read it yet.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.rest.get(name).is_some_and(|value| !value.is_null())
    }

    /// A field that must be there.
    pub(crate) fn required<T>(&mut self, name: &str, parse: impl FnOnce(Value) -> Parsed<T>) -> Option<T> {
        match self.rest.remove(name) {
            Some(value) => self.keep(name, parse(value)),
            None => {
                self.problem(name, "is missing");
                None
            }
        }
    }

    /// A field that may be missing or null.
    pub(crate) fn optional<T>(&mut self, name: &str, parse: impl FnOnce(Value) -> Parsed<T>) -> Option<T> {
        match self.rest.remove(name) {
            None | Some(Value::Null) => None,
            Some(value) => self.keep(name, parse(value)),
        }
    }

    /// A field that may be missing, or null to take away what is there.
    pub(crate) fn nullable<T>(&mut self, name: &str, parse: impl FnOnce(Value) -> Parsed<T>) -> Option<Option<T>> {
        match self.rest.remove(name) {
            None => None,
            Some(Value::Null) => Some(None),
            Some(value) => self.keep(name, parse(value)).map(Some),
        }
    }

    /// Copies of these fields as they were sent, for whoever gets to know what was asked for.
    pub(crate) fn shown(&self, names: &[&str]) -> Map<String, Value> {
        let sent = |name: &&str| Some(((*name).to_owned(), self.rest.get(*name)?.clone()));
        names.iter().filter_map(sent).collect()
    }

    /// An object inside this one; missing counts as empty.
    pub(crate) fn object<T>(&mut self, name: &str, read: impl FnOnce(&mut Self) -> T) -> T {
        let inner = self.optional(name, |value| match value {
            Value::Object(object) => Ok(object),
            other => Err(format!("must be an object, is {}", kind(&other))),
        });
        let is_problem = self.has_problem(name);
        let mut fields = Self {
            path: self.at(name),
            ..Self::new(inner.unwrap_or_default())
        };
        let read = read(&mut fields);
        fields.refuse_rest();
        // Of something that is no object nothing more is said.
        if !is_problem {
            self.problems.append(&mut fields.problems);
        }
        read
    }

    /// A list of objects, each read by `read`, at most `most`. `None` if it is missing or any of them is a problem.
    pub(crate) fn list<T>(&mut self, name: &str, most: usize, read: impl Fn(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let items = self.required(name, |value| match value {
            Value::Array(items) if items.len() > most => Err(format!("must have at most {most} entries")),
            Value::Array(items) => Ok(items),
            other => Err(format!("must be an array, is {}", kind(&other))),
        })?;
        let read_item = |(index, item)| {
            let path = format!("{}[{index}]", self.at(name));
            let Value::Object(rest) = item else {
                let problem = format!("must be an object, is {}", kind(&item));
                self.problems.push(Problem { field: path, problem });
                return None;
            };
            let mut fields = Self {
                path,
                ..Self::new(rest)
            };
            let read = read(&mut fields);
            fields.refuse_rest();
            self.problems.append(&mut fields.problems);
            read
        };
        // Every item is read before the first bad one counts, so that all problems are reported.
        let read: Vec<Option<T>> = items.into_iter().enumerate().map(read_item).collect();
        read.into_iter().collect()
    }

    /// As [`Fields::list`]; missing counts as empty.
    pub(crate) fn optional_list<T>(
        &mut self,
        name: &str,
        most: usize,
        read: impl Fn(&mut Self) -> Option<T>,
    ) -> Option<Vec<T>> {
        match self.rest.contains_key(name) {
            true => self.list(name, most, read),
            false => Some(Vec::new()),
        }
    }

    pub(crate) fn problem(&mut self, name: &str, problem: impl Into<String>) {
        self.problems.push(Problem {
            field: self.at(name),
            problem: problem.into(),
        });
    }

    /// At least one of these fields has to be there, and none was read. Where one was sent and is a problem, that is said already.
    pub(crate) fn missing(&mut self, names: &[&str], problem: &str) {
        if let Some(first) = names
            .first()
            .filter(|_| !names.iter().any(|name| self.has_problem(name)))
        {
            self.problem(first, format!("is missing: {problem}"));
        }
    }

    /// Whether something is wrong with the field, or with one inside it.
    fn has_problem(&self, name: &str) -> bool {
        let path = self.at(name);
        let is_of = |field: &str| {
            let inside = field.strip_prefix(&path);
            inside.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
        };
        self.problems.iter().any(|known| is_of(&known.field))
    }

    /// Refuses what nobody has read and answers all problems at once; otherwise what the fields came to, which is
    /// `None` only when a required one was a problem.
    pub(crate) fn finish<T>(mut self, read: Option<T>) -> Result<T, Refusal> {
        self.refuse_rest();
        match read {
            Some(read) if self.problems.is_empty() => Ok(read),
            _ => Err(Refusal::invalid_input(self.problems)),
        }
    }

    fn refuse_rest(&mut self) {
        for name in std::mem::take(&mut self.rest).keys() {
            // A name chosen by the client is cut, so that the answer stays small.
            let name: String = name.chars().take(MAX_NAME_CHARS).collect();
            self.problem(&name, "is not a field of this request");
        }
    }

    fn keep<T>(&mut self, name: &str, parsed: Parsed<T>) -> Option<T> {
        parsed.map_err(|problem| self.problem(name, problem)).ok()
    }

    fn at(&self, name: &str) -> String {
        if self.path.is_empty() {
            name.to_owned()
        } else {
            format!("{}.{name}", self.path)
        }
    }
}

/// What a value is, for messages.
pub(crate) fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

/// The text of a value that must be one.
pub(crate) fn text(value: Value) -> Parsed<String> {
    match value {
        Value::String(text) => Ok(text),
        other => Err(format!("must be a string, is {}", kind(&other))),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// What is wrong with `a` and `b`, of which one has to be there, and with the object `in`.
    fn problems(body: Value) -> Vec<(String, String)> {
        let Value::Object(body) = body else { unreachable!() };
        let mut fields = Fields::new(body);
        let one = fields.optional("a", text).or(fields.optional("b", text));
        if one.is_none() {
            fields.missing(&["a", "b"], "set a or b");
        }
        fields.object("in", |inner| {
            if inner.has("x") || inner.rest.is_empty() {
                inner.required("x", text);
            }
        });
        let refusal = fields.finish(one).err();
        let all = refusal.into_iter().flat_map(|refusal| refusal.details);
        all.map(|problem| (problem.field, problem.problem)).collect()
    }

    #[test]
    fn a_field_has_one_problem() {
        let inner = json!({ "x": "" });
        for (body, expected) in [
            (json!({ "a": "1", "in": inner }), vec![]),
            (json!({ "in": inner }), vec![("a", "is missing: set a or b")]),
            (
                json!({ "a": 1, "in": inner }),
                vec![("a", "must be a string, is a number")],
            ),
            (
                json!({ "b": 1, "in": inner }),
                vec![("b", "must be a string, is a number")],
            ),
            (
                json!({ "a": "1", "in": 7 }),
                vec![("in", "must be an object, is a number")],
            ),
            (json!({ "a": "1", "in": {} }), vec![("in.x", "is missing")]),
        ] {
            let said = problems(body.clone());
            let said: Vec<(&str, &str)> = said.iter().map(|(field, problem)| (&**field, &**problem)).collect();
            assert_eq!(said, expected, "{body}");
        }
    }
}
