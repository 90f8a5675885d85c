//! Fenced blocks of Markdown, and where each belongs: by its first line, by the first line of its code, or by the line before it.
//! Models write all of these, whatever they were told.

/// A block between two fences.
pub(super) struct Block<'t> {
    pub(super) info: &'t str,
    /// The line before it that is not empty.
    before: &'t str,
    pub(super) body: String,
    pub(super) is_closed: bool,
}

/// Where a block belongs.
pub(super) enum Place {
    File(String),
    Deleted(String),
    Case(Option<String>),
    /// It shows something.
    Text,
    /// It is code, and says nothing of where.
    Unnamed,
}

/// A part of an answer.
pub(super) enum Piece<'t> {
    Line(&'t str),
    Block(Block<'t>),
}

/// Lines and blocks, in order (CommonMark, "fenced code blocks").
pub(super) fn pieces(answer: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut open: Option<(&str, Block<'_>)> = None;
    let mut before = "";
    for line in answer.lines() {
        let marks = marks(line);
        match open.take() {
            Some((begun, block)) if marks.starts_with(begun) && line.trim() == marks => {
                pieces.push(Piece::Block(Block {
                    is_closed: true,
                    ..block
                }));
            }
            Some((begun, mut block)) => {
                block.body.push_str(line);
                block.body.push('\n');
                open = Some((begun, block));
            }
            None if marks.len() >= 3 => {
                let info = line.trim_start()[marks.len()..].trim();
                let block = Block {
                    info,
                    before: std::mem::take(&mut before),
                    body: String::new(),
                    is_closed: false,
                };
                open = Some((marks, block));
            }
            None => {
                if !line.trim().is_empty() {
                    before = line;
                }
                pieces.push(Piece::Line(line));
            }
        }
    }
    pieces.extend(open.map(|(_, block)| Piece::Block(block)));
    pieces
}

/// The marks that a line begins with, if it may begin or end a block.
fn marks(line: &str) -> &str {
    let line = line.trim_start();
    let sign = line.chars().next().filter(|sign| matches!(sign, '`' | '~'));
    let count = sign.map_or(0, |sign| line.chars().take_while(|c| *c == sign).count());
    &line[..count]
}

/// Where a block belongs.
pub(super) fn place(block: &Block<'_>) -> Place {
    let words = words(block.info);
    let language = words.first().map(String::as_str).unwrap_or_default();
    let attribute = |names: &[&str]| {
        words.iter().find_map(|word| {
            let (name, value) = word.split_once(['=', ':'])?;
            (names.contains(&name.to_ascii_lowercase().as_str()) && !value.is_empty()).then(|| value.to_owned())
        })
    };
    if words.iter().any(|word| word == "case" || word.starts_with("case=")) {
        return Place::Case(attribute(&["case"]));
    }
    let path = attribute(&PATH_ATTRIBUTES)
        .filter(|value| is_path(value))
        .or_else(|| words.iter().find(|word| is_path(word)).cloned())
        .or_else(|| in_first_line(&block.body))
        .or_else(|| named_before(block.before));
    let path = path.map(|path| path.trim_start_matches("./").to_owned());
    match path {
        Some(path) if language == "delete" => Place::Deleted(path),
        Some(path) if path.starts_with("tests/") && path.ends_with(".json") => Place::Case(None),
        Some(path) => Place::File(path),
        None => match language.to_ascii_lowercase().as_str() {
            "ts" | "typescript" | "js" | "javascript" => Place::Unnamed,
            _ => Place::Text,
        },
    }
}

/// Under which names models write paths; a language with a colon is one, too.
const PATH_ATTRIBUTES: [&str; 10] = [
    "path",
    "file",
    "filename",
    "title",
    "name",
    "ts",
    "js",
    "typescript",
    "javascript",
    "json",
];

/// The words of the first line of a block. What stands between quotes is one; quotes and braces are no part of it.
fn words(info: &str) -> Vec<String> {
    let (mut words, mut word, mut quote) = (Vec::new(), String::new(), None);
    for c in info.chars() {
        match quote {
            Some(open) if c == open => quote = None,
            None if matches!(c, '"' | '\'' | '`') => quote = Some(c),
            None if matches!(c, '{' | '}') => {}
            None if c.is_whitespace() => words.push(std::mem::take(&mut word)),
            _ => word.push(c),
        }
    }
    words.push(word);
    words.retain(|word| !word.is_empty());
    words
}

/// Whether a word is meant as the path of a source.
fn is_path(word: &str) -> bool {
    let endings = [".ts", ".mts", ".tsx", ".js", ".mjs", ".jsx", ".json", ".toml", ".sh"];
    word.contains('/') || endings.iter().any(|ending| word.to_ascii_lowercase().ends_with(ending))
}

/// A comment that is a path as the first line of code.
fn in_first_line(body: &str) -> Option<String> {
    let line = body.lines().next()?.trim();
    let comment = line.strip_prefix("//").or_else(|| line.strip_prefix("/*"))?;
    let comment = comment.trim_end_matches("*/").trim();
    let path = comment
        .strip_prefix("path:")
        .or_else(|| comment.strip_prefix("file:"))
        .unwrap_or(comment);
    let path = path.trim();
    (is_path(path) && !path.contains(char::is_whitespace) && !path.contains("://")).then(|| path.to_owned())
}

/// A line that is a path and decoration: `**hooks/signup.ts**`, `### \`hooks/signup.ts\`:`.
fn named_before(line: &str) -> Option<String> {
    let path = line.trim().trim_matches(['*', '`', '#', ':', '_', ' ', '"']);
    let path = path
        .trim_start_matches("File")
        .trim_start_matches("file")
        .trim_matches([':', ' ', '`', '*']);
    (is_path(path) && !path.contains(char::is_whitespace) && !path.contains("://")).then(|| path.to_owned())
}
