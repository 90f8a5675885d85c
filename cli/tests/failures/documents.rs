//! Commands of the documents, so that tests run what people read.

use crate::support::repository;

/// The fenced blocks of commands below a heading of a document, up to the next heading of its level.
fn fenced(path: &str, heading: &str) -> Vec<String> {
    let text = std::fs::read_to_string(repository().join(path)).unwrap();
    let (_, part) = text
        .split_once(&format!("\n{heading}\n"))
        .unwrap_or_else(|| panic!("{path} has no {heading}"));
    let part = part.split("\n## ").next().unwrap();
    let blocks = part.split("```sh\n").skip(1);
    blocks
        .map(|rest| rest.split("```").next().unwrap().to_owned())
        .collect()
}

/// The only one of these blocks that begins with these words.
pub(crate) fn block(path: &str, heading: &str, begins: &str) -> String {
    let found: Vec<String> = fenced(path, heading)
        .into_iter()
        .filter(|block| block.starts_with(begins))
        .collect();
    assert_eq!(found.len(), 1, "{path}, {heading}: blocks that begin with {begins}");
    found[0].clone()
}

/// All of these blocks, in their order.
pub(crate) fn blocks(path: &str, heading: &str) -> Vec<String> {
    let found = fenced(path, heading);
    assert!(!found.is_empty(), "{path}, {heading}: no commands");
    found
}

/// The block of indented lines of a document in which a line begins with these words.
pub(crate) fn indented(path: &str, begins: &str) -> String {
    let text = std::fs::read_to_string(repository().join(path)).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let is_command = |line: &&str| line.starts_with("    ");
    let mut groups = lines.chunk_by(|one, other| is_command(one) == is_command(other));
    let found = groups.find(|group| {
        group
            .iter()
            .any(|line| is_command(line) && line.trim_start().starts_with(begins))
    });
    let found = found.unwrap_or_else(|| panic!("{path} has no line that begins with {begins}"));
    found.iter().map(|line| format!("{}\n", line.trim_start())).collect()
}
