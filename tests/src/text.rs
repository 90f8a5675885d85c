//! Reading source text: Rust without its comments and literals, documents' code spans.

/// Rust code with every comment, string and character blanked; lines stay where they are.
pub(crate) fn rust_code(source: &str) -> String {
    let bytes = source.as_bytes();
    let mut code = bytes.to_vec();
    let mut at = 0;
    while at < bytes.len() {
        let end = literal_end(bytes, at);
        if end > at {
            code[at..end]
                .iter_mut()
                .filter(|byte| **byte != b'\n')
                .for_each(|byte| *byte = b' ');
        }
        at = end.max(at + 1);
    }
    String::from_utf8_lossy(&code).into_owned()
}

/// Where the comment or literal that starts at `at` ends; `at` itself where none starts.
fn literal_end(bytes: &[u8], at: usize) -> usize {
    let rest = &bytes[at..];
    let found = |from: usize, end: &[u8]| {
        let tail = bytes.get(from..).unwrap_or_default();
        let place = tail.windows(end.len()).position(|window| window == end);
        place.map_or(bytes.len(), |place| from + place + end.len())
    };
    match rest {
        [b'/', b'/', ..] => found(at, b"\n") - usize::from(bytes.ends_with(b"\n") || found(at, b"\n") < bytes.len()),
        [b'/', b'*', ..] => found(at + 2, b"*/"),
        [b'"', ..] => quoted_end(bytes, at),
        [b'r', b'"' | b'#', ..] if at == 0 || !is_word(bytes[at - 1]) || bytes[at - 1] == b'b' => {
            let hashes = rest[1..].iter().take_while(|byte| **byte == b'#').count();
            if rest.get(1 + hashes) != Some(&b'"') {
                return at;
            }
            found(at + 2 + hashes, &[b"\"".as_slice(), &vec![b'#'; hashes]].concat())
        }
        // A character, not a lifetime: `'"'`, `'\''`, `'é'`.
        [b'\'', b'\\', ..] => found(at + 3, b"'"),
        [b'\'', ..] => {
            let text = String::from_utf8_lossy(&rest[1..rest.len().min(6)]).into_owned();
            let width = text.chars().next().map_or(0, char::len_utf8);
            if rest.get(1 + width) == Some(&b'\'') {
                at + width + 2
            } else {
                at
            }
        }
        _ => at,
    }
}

/// Line number and text of every string literal in Rust code, comments left out; escapes stay as they are written.
pub(crate) fn rust_strings(source: &str) -> Vec<(usize, &str)> {
    let bytes = source.as_bytes();
    let (mut strings, mut at) = (Vec::new(), 0);
    while at < bytes.len() {
        let end = literal_end(bytes, at).max(at + 1);
        if let Some(text) = source.get(at..end).filter(|text| text.starts_with(['"', 'r'])) {
            let text = text.trim_start_matches('r').trim_matches('#');
            let inner = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
            strings.extend(inner.map(|inner| (source[..at].matches('\n').count() + 1, inner)));
        }
        at = end;
    }
    strings
}

fn quoted_end(bytes: &[u8], at: usize) -> usize {
    let mut end = at + 1;
    while end < bytes.len() {
        match bytes[end] {
            b'\\' => end += 2,
            b'"' => return end + 1,
            _ => end += 1,
        }
    }
    bytes.len()
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// The words (identifiers) of a code line, each with what follows it.
pub(crate) fn words(line: &str) -> impl Iterator<Item = (&str, &str)> {
    let bytes = line.as_bytes();
    let starts = (0..bytes.len()).filter(|at| is_word(bytes[*at]) && (*at == 0 || !is_word(bytes[at - 1])));
    starts.map(move |start| {
        let end = (start..bytes.len())
            .find(|at| !is_word(bytes[*at]))
            .unwrap_or(bytes.len());
        (&line[start..end], &line[end..])
    })
}

/// Line number and text of all code in a Markdown document: spans, fenced and indented blocks.
pub(crate) fn markdown_code(text: &str) -> Vec<(usize, &str)> {
    let mut code = Vec::new();
    let mut fenced = false;
    for (number, line) in (1..).zip(text.lines()) {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
        } else if fenced || line.starts_with("    ") {
            code.push((number, line.trim()));
        } else {
            code.extend(spans(line).map(|span| (number, span)));
        }
    }
    code
}

/// What stands between backticks on a line.
pub(crate) fn spans(line: &str) -> impl Iterator<Item = &str> {
    line.split('`').skip(1).step_by(2)
}

#[cfg(test)]
mod tests {
    use super::{markdown_code, rust_code, rust_strings, words};

    #[test]
    fn comments_and_literals_are_blanked() {
        let source = "a(\"x \\\" y\"); // no\nlet c = '\"'; b::<'a>(r#\"in \" it\"#) /* z */; d('\\'', 'é')\n//! e";
        let code: String = rust_code(source).split_whitespace().collect();
        assert_eq!(code, "a();letc=;b::<'a>();d(,)");
        assert_eq!(rust_code(source).lines().count(), source.lines().count());
    }

    #[test]
    fn strings_are_found_with_their_lines() {
        let source = "// \"no\"\nlet a = \"x.y\"; /* \"no\" */\nlet b = r#\"in \"it\"\"#; let c = '\"'; rest(r, \"\")";
        assert_eq!(rust_strings(source), [(2, "x.y"), (3, "in \"it\""), (3, "")]);
    }

    #[test]
    fn words_come_with_what_follows() {
        let found: Vec<_> = words("use a_b::c;").collect();
        assert_eq!(found, [("use", " a_b::c;"), ("a_b", "::c;"), ("c", ";")]);
    }

    #[test]
    fn code_of_a_document_is_found() {
        let text = "see `a` and `b c`\n```sh\nmake x\n```\n    make y\nmake z\n";
        assert_eq!(
            markdown_code(text),
            [(1, "a"), (1, "b c"), (3, "make x"), (5, "make y")]
        );
    }
}
