//! Files and test cases out of the answer of a model: fenced blocks of Markdown whose first line, or the line before, says where they
//! belong. Everything else is text for the person. What cannot be used is a problem, which goes back to the model.

use aerocall_api_types::Object;
use serde_json::Value;

use super::{
    blocks::{Block, Piece, Place, pieces, place},
    paths::writable,
};

/// Files of one answer.
const MAX_FILES: usize = 20;
/// Test cases of one answer.
const MAX_CASES: usize = 20;
/// Bytes of all files of one answer.
const MAX_BYTES: usize = 512 << 10;
/// Bytes of the text for the person.
const MAX_TEXT_BYTES: usize = 64 << 10;
/// Problems that are named.
const MAX_PROBLEMS: usize = 20;

/// What a model answered.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Answer {
    /// For the person.
    pub(crate) text: String,
    /// Each path once; without a text the file goes.
    pub(crate) files: Vec<(String, Option<String>)>,
    pub(crate) cases: Vec<WrittenCase>,
    /// What of it cannot be used.
    pub(crate) problems: Vec<String>,
}

/// A test case as a model wrote it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct WrittenCase {
    /// For people.
    pub(crate) name: String,
    pub(crate) document: Object,
}

impl Answer {
    /// Reads an answer. `entry`: the file that a single block is which says nothing of where it belongs.
    pub(crate) fn read(answer: &str, entry: &str) -> Self {
        let mut read = Self::default();
        let mut unnamed = Vec::new();
        for piece in pieces(answer) {
            match piece {
                Piece::Line(line) => read.say(line),
                Piece::Block(block) => {
                    if let Some(code) = read.take(block) {
                        unnamed.push(code);
                    }
                }
            }
        }
        match (unnamed.as_slice(), read.files.is_empty()) {
            ([code], true) if code.contains("export ") => read.write(entry.to_owned(), Some(code.clone())),
            _ => unnamed.iter().for_each(|code| read.say(&format!("```\n{code}```"))),
        }
        read.text = read.text.trim().to_owned();
        let bytes: usize = read
            .files
            .iter()
            .filter_map(|(_, text)| text.as_ref())
            .map(String::len)
            .sum();
        if bytes > MAX_BYTES {
            read.files.clear();
            read.problem(format!(
                "the files have {bytes} bytes, more than the {MAX_BYTES} of one answer"
            ));
        }
        read
    }

    /// Whether there is something to be tried, or something that was meant to be.
    pub(crate) fn is_proposal(&self) -> bool {
        !self.files.is_empty() || !self.cases.is_empty() || !self.problems.is_empty()
    }

    /// Files a block where it belongs; answers code that says nothing of that.
    fn take(&mut self, block: Block<'_>) -> Option<String> {
        let place = place(&block);
        if !block.is_closed {
            match place {
                Place::Text => {}
                Place::File(path) | Place::Deleted(path) => {
                    self.problem(format!("{path}: the answer ends inside of it"))
                }
                Place::Case(_) | Place::Unnamed => self.problem("the answer ends inside of a block".to_owned()),
            }
            return None;
        }
        match place {
            Place::File(path) => match writable(&path) {
                Ok(path) => self.write(path, Some(block.body)),
                Err(problem) => self.problem(format!("{path:?} is not taken: {problem}")),
            },
            Place::Deleted(path) => match writable(&path) {
                Ok(path) => self.write(path, None),
                Err(problem) => self.problem(format!("{path:?} is not deleted: {problem}")),
            },
            Place::Case(name) => self.read_cases(name.as_deref(), &block.body),
            Place::Text => self.say(&format!("```{}\n{}```", block.info, block.body)),
            Place::Unnamed => return Some(block.body),
        }
        None
    }

    fn write(&mut self, path: String, text: Option<String>) {
        // The last word counts.
        if let Some(known) = self.files.iter_mut().find(|(known, _)| *known == path) {
            known.1 = text;
        } else if self.files.len() >= MAX_FILES {
            self.problem(format!("{path} is one file too many: at most {MAX_FILES}"));
        } else {
            self.files.push((path, text));
        }
    }

    fn read_cases(&mut self, name: Option<&str>, body: &str) {
        let documents = match serde_json::from_str(body) {
            Ok(Value::Array(documents)) => documents,
            Ok(document) => vec![document],
            Err(error) => {
                let name = name.unwrap_or("a test case");
                self.problem(format!("{name} is no JSON: {error}"));
                return;
            }
        };
        for document in documents {
            let Value::Object(document) = document else {
                self.problem("a test case must be a JSON object".to_owned());
                continue;
            };
            if self.cases.len() >= MAX_CASES {
                self.problem(format!("at most {MAX_CASES} test cases are taken"));
                return;
            }
            let own = document.get("name").and_then(Value::as_str);
            let name = own.or(name).unwrap_or("case").chars().take(200).collect();
            self.cases.push(WrittenCase { name, document });
        }
    }

    fn say(&mut self, line: &str) {
        if self.text.len() + line.len() < MAX_TEXT_BYTES {
            self.text.push_str(line);
            self.text.push('\n');
        }
    }

    fn problem(&mut self, problem: String) {
        if self.problems.len() < MAX_PROBLEMS {
            self.problems.push(problem);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(answer: &str) -> Answer {
        Answer::read(answer, "hooks/signup.ts")
    }

    fn paths(answer: &str) -> Vec<String> {
        let answer = read(answer);
        answer.files.into_iter().map(|(path, _)| path).collect()
    }

    #[test]
    fn a_block_belongs_where_it_says() {
        let code = "export const a = 1;";
        for (begin, path) in [
            ("```ts path=hooks/a.ts", "hooks/a.ts"),
            ("```ts path=\"hooks/a.ts\"", "hooks/a.ts"),
            ("```typescript hooks/a.ts", "hooks/a.ts"),
            ("```hooks/a.ts", "hooks/a.ts"),
            ("```ts:hooks/a.ts", "hooks/a.ts"),
            ("```ts title='./hooks/a.ts'", "hooks/a.ts"),
            ("````ts {file=lib/b.mts}", "lib/b.mts"),
            ("**hooks/a.ts**\n\n```ts", "hooks/a.ts"),
            ("### File: `hooks/a.ts`\n```ts", "hooks/a.ts"),
            ("```ts\n// hooks/a.ts", "hooks/a.ts"),
            ("```ts", "hooks/signup.ts"),
        ] {
            let end = &begin[begin.find("```").unwrap()..];
            let end: String = end.chars().take_while(|c| *c == '`').collect();
            assert_eq!(
                paths(&format!("Here:\n{begin}\n{code}\n{end}\nDone.")),
                [path],
                "{begin}"
            );
        }
    }

    #[test]
    fn text_files_and_cases_are_told_apart() {
        let answer = read(
            "It denies.\n\n```ts path=hooks/a.ts\nconst s = `\n  ``` `;\n```\nRun `x`:\n```sh\nls\n```\n```json case=\"free\"\n{\"hook\":\"beforeSignup\"}\n```\n```json path=tests/b.json\n[{\"name\":\"b\"},7]\n```\n```delete path=lib/c.ts\n```\n",
        );
        assert_eq!(
            answer.files[0],
            ("hooks/a.ts".to_owned(), Some("const s = `\n  ``` `;\n".to_owned()))
        );
        assert_eq!(answer.files[1], ("lib/c.ts".to_owned(), None));
        let cases: Vec<&str> = answer.cases.iter().map(|case| case.name.as_str()).collect();
        assert_eq!(cases, ["free", "b"]);
        assert_eq!(answer.problems, ["a test case must be a JSON object"]);
        assert!(
            answer.text.starts_with("It denies.") && answer.text.contains("```sh\nls\n```"),
            "{}",
            answer.text
        );
        assert!(!read("Only text, with `code`.").is_proposal());
    }

    #[test]
    fn what_a_model_may_not_write_is_a_problem_and_no_file() {
        for path in [
            "../x.ts",
            "/etc/passwd.ts",
            "package.json",
            "node_modules/a/b.js",
            "aerocall.toml",
            "deploy.sh",
        ] {
            let answer = read(&format!("```ts path={path}\nexport const a = 1;\n```"));
            assert_eq!((answer.files.len(), answer.problems.len()), (0, 1), "{path}");
            assert!(answer.is_proposal());
        }
        let cut = read("```ts path=hooks/a.ts\nexport const a = 1;");
        assert_eq!(
            (cut.files.len(), cut.problems[0].as_str()),
            (0, "hooks/a.ts: the answer ends inside of it")
        );
        let many: String = (0..30).map(|i| format!("```ts path=a{i}.ts\n```\n")).collect();
        let many = read(&many);
        assert_eq!((many.files.len(), many.problems.len()), (MAX_FILES, 10));
        let large = read(&format!("```ts path=a.ts\n{}\n```", "x".repeat(MAX_BYTES)));
        assert_eq!((large.files.len(), large.problems.len()), (0, 1));
        let twice = read("```ts path=a.ts\n1\n```\n```ts path=a.ts\n2\n```");
        assert_eq!(twice.files, [("a.ts".to_owned(), Some("2\n".to_owned()))]);
    }

    #[test]
    fn no_answer_makes_it_panic() {
        let mut seed = 11_u64;
        let mut below = |bound: usize| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            usize::try_from(seed >> 33).unwrap() % bound
        };
        let parts = [
            "```", "````", "~~~", "\n", " ", "ts", "path=", "a.ts", "{", "}", "[", "\"", "ü", "🦀", "//", "case=",
            "delete", "\u{200b}",
        ];
        for _ in 0..3_000 {
            let text: String = (0..below(40)).map(|_| parts[below(parts.len())]).collect();
            drop(read(&text));
        }
    }
}
