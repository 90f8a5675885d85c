//! What a model is asked, and what is known of its answer besides its text.

use std::time::Duration;

/// A question.
#[derive(Clone, Debug)]
pub(crate) struct Question {
    /// What the model is to keep to.
    pub(crate) instructions: String,
    /// What was said so far, oldest first; the last one is a person's.
    pub(crate) turns: Vec<Turn>,
    /// The most tokens of the answer.
    pub(crate) output_tokens: u32,
    /// For everything, from the connection to the last byte.
    pub(crate) time: Duration,
}

/// Something that was said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Turn {
    pub(crate) speaker: Speaker,
    pub(crate) text: String,
}

/// Who said it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Speaker {
    Person,
    Model,
}

impl Speaker {
    /// As both protocols call them.
    pub(super) fn role(self) -> &'static str {
        match self {
            Self::Person => "user",
            Self::Model => "assistant",
        }
    }
}

impl Question {
    /// The turns, with neighbours by the same speaker as one: chat templates of many models refuse others.
    pub(super) fn alternating(&self) -> Vec<Turn> {
        let mut turns: Vec<Turn> = Vec::new();
        for turn in &self.turns {
            match turns.last_mut() {
                Some(last) if last.speaker == turn.speaker => {
                    last.text.push_str("\n\n");
                    last.text.push_str(&turn.text);
                }
                _ => turns.push(turn.clone()),
            }
        }
        turns
    }

    /// Characters of everything that is sent.
    pub(crate) fn characters(&self) -> usize {
        let turns = self.turns.iter().map(|turn| turn.text.chars().count());
        self.instructions.chars().count() + turns.sum::<usize>()
    }
}

/// Tokens as the model's server counts them; what it does not say is `None`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tokens {
    pub(crate) input: Option<u64>,
    pub(crate) output: Option<u64>,
}

/// How an answer ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    /// The model had said everything.
    Complete,
    /// It had as many tokens as it may have.
    TokensUsedUp,
}
