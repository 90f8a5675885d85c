//! What a template may be made of, seen before it is compiled: a few tags, a few filters, and no operator that joins.

const TAGS: [&str; 6] = ["if", "elif", "else", "endif", "for", "endfor"];
const FILTERS: [&str; 8] = ["upper", "lower", "trim", "default", "length", "first", "last", "round"];

/// The first thing that may not be there, with its line.
pub(super) fn check(source: &str) -> Result<(), (usize, String)> {
    let mut rest = source;
    while let Some(start) = rest.find('{') {
        let line = 1 + source[..source.len() - rest.len() + start].matches('\n').count();
        let tag = &rest[start..];
        let length = match tag.as_bytes().get(1) {
            Some(b'#') => tag.find("#}").map(|end| end + 2),
            Some(b'{') => Some(inside(&tag[2..], "}}").map_err(|problem| (line, problem))? + 2),
            Some(b'%') => {
                check_tag(&tag[2..]).map_err(|problem| (line, problem))?;
                Some(inside(&tag[2..], "%}").map_err(|problem| (line, problem))? + 2)
            }
            _ => Some(1),
        };
        // What is not closed is reported by the compiler.
        let Some(length) = length else { break };
        rest = &tag[length.min(tag.len())..];
    }
    Ok(())
}

fn check_tag(tag: &str) -> Result<(), String> {
    let word = first_word(tag.trim_start_matches(['-', '+']));
    match TAGS.contains(&word) {
        true => Ok(()),
        false => Err(format!(
            "the tag {word:?} is not available; there are {}",
            TAGS.join(", ")
        )),
    }
}

/// Looks at the code up to the end of the tag and answers where that is.
fn inside(code: &str, end: &str) -> Result<usize, String> {
    let mut quote = None;
    let mut characters = code.char_indices();
    while let Some((at, character)) = characters.next() {
        match (quote, character) {
            (Some(_), '\\') => {
                characters.next();
            }
            (Some(open), _) if character == open => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(character),
            (None, _) if code[at..].starts_with(end) => return Ok(at + end.len()),
            (None, '~' | '+' | '*') if !(at == 0 && character == '+') => {
                return Err(format!("the operator {character} is not available"));
            }
            (None, '|') => check_filter(&code[at + 1..])?,
            (None, _) => {}
        }
    }
    Ok(code.len())
}

fn check_filter(code: &str) -> Result<(), String> {
    let word = first_word(code);
    match FILTERS.contains(&word) {
        true => Ok(()),
        false => Err(format!(
            "the filter {word:?} is not available; there are {}",
            FILTERS.join(", ")
        )),
    }
}

fn first_word(code: &str) -> &str {
    let code = code.trim_start();
    let end = code
        .find(|c: char| !c.is_alphanumeric() && c != '_')
        .unwrap_or(code.len());
    &code[..end]
}
