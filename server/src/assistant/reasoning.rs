//! Takes reasoning out of an answer while it arrives: some models write what they think before they answer, between tags.

/// Tags on a line of their own beginning.
const TAGS: [(&str, &str); 4] = [
    ("<think>", "</think>"),
    ("<thinking>", "</thinking>"),
    ("<reasoning>", "</reasoning>"),
    ("<thought>", "</thought>"),
];
/// The longest of them.
const MAX_TAG_BYTES: usize = 12;

/// What is left of a piece of an answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Said {
    /// Everything before was reasoning, whose beginning was in the template of the chat.
    pub(super) forget: bool,
    pub(super) text: String,
}

/// Reads an answer piece by piece.
#[derive(Default)]
pub(super) struct WithoutReasoning {
    /// The tag that ends the reasoning that goes on.
    until: Option<&'static str>,
    /// The last bytes of that reasoning.
    tail: String,
    /// The beginning of this line, without blanks before it.
    line: String,
    /// What may become a tag.
    held: String,
    /// The marks that end the block of code that goes on.
    block: Option<String>,
}

impl WithoutReasoning {
    /// The next piece.
    pub(super) fn read(&mut self, piece: &str) -> Said {
        let mut said = Said::default();
        for c in piece.chars() {
            match self.until {
                Some(end) => self.skip(c, end),
                None => self.say(c, &mut said),
            }
        }
        said
    }

    /// What was held back at the end.
    pub(super) fn end(&mut self) -> String {
        std::mem::take(&mut self.held)
    }

    fn skip(&mut self, c: char, end: &str) {
        self.tail.push(c.to_ascii_lowercase());
        if self.tail.ends_with(end) {
            (self.until, self.tail, self.line) = (None, String::new(), String::new());
        } else if self.tail.len() > 8 * MAX_TAG_BYTES {
            let from = self.tail.ceil_char_boundary(self.tail.len() - MAX_TAG_BYTES);
            self.tail.drain(..from);
        }
    }

    fn say(&mut self, c: char, said: &mut Said) {
        if c == '\n' {
            self.end_of_line();
            said.text.push_str(&std::mem::take(&mut self.held));
            said.text.push(c);
            return;
        }
        let is_blank_before = self.line.is_empty() && c.is_whitespace();
        if self.line.len() <= 4 * MAX_TAG_BYTES && !is_blank_before {
            self.line.push(c.to_ascii_lowercase());
        }
        self.held.push(c);
        if self.block.is_some() || is_blank_before {
            said.text.push_str(&std::mem::take(&mut self.held));
            return;
        }
        if let Some((_, end)) = TAGS.iter().find(|(begin, _)| self.line == *begin) {
            self.until = Some(end);
            self.held.clear();
        } else if TAGS.iter().any(|(_, end)| self.line == *end) {
            (said.forget, said.text) = (true, String::new());
            self.held.clear();
            self.line.clear();
        } else if !TAGS
            .iter()
            .any(|(begin, end)| begin.starts_with(&self.line) || end.starts_with(&self.line))
        {
            said.text.push_str(&std::mem::take(&mut self.held));
        }
    }

    /// Blocks of code begin and end with their line.
    fn end_of_line(&mut self) {
        let line = std::mem::take(&mut self.line);
        let marks: String = line
            .chars()
            .take_while(|c| line.starts_with(*c) && matches!(c, '`' | '~'))
            .collect();
        self.block = match self.block.take() {
            Some(block) if marks.starts_with(&block) && line.trim_end() == marks => None,
            Some(block) => Some(block),
            None => Some(marks).filter(|marks| marks.len() >= 3),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, size: usize) -> String {
        let (mut reading, mut answer) = (WithoutReasoning::default(), String::new());
        let chars: Vec<char> = text.chars().collect();
        for piece in chars.chunks(size) {
            let said = reading.read(&piece.iter().collect::<String>());
            if said.forget {
                answer.clear();
            }
            answer.push_str(&said.text);
        }
        answer + &reading.end()
    }

    #[test]
    fn reasoning_is_taken_out_and_code_is_left_alone() {
        let code = "```ts\n<think>\nx\n</think>\n```\n<thin";
        for (text, expected) in [
            ("<think>\nI could deploy…\n</think>\nHello", "\nHello".to_owned()),
            ("  <Thinking>a</thinking>Hello", "  Hello".to_owned()),
            (
                "it is `<think>` that\n<thinner>",
                "it is `<think>` that\n<thinner>".to_owned(),
            ),
            ("no beginning\n</think>\nHello", "\nHello".to_owned()),
            ("<think>without end", String::new()),
            (code, code.to_owned()),
            ("a\n<think>b</think>\nc <", "a\n\nc <".to_owned()),
        ] {
            for size in [1, 2, 3, 5, 100] {
                assert_eq!(read(text, size), expected, "{text:?} {size}");
            }
        }
    }
}
