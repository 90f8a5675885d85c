//! What the lexer makes of a text, for a comparison with what PostgreSQL makes of it.

use aerocall_runtime::host::SdkError;

use super::lexer::{Token, tokens};

/// A token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::storage::tenant) struct Piece {
    /// The byte at which it starts.
    pub(in crate::storage::tenant) at: usize,
    pub(in crate::storage::tenant) kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::storage::tenant) enum Kind {
    /// `?`, which may be a sign as well.
    Question,
    /// One character of an operator, or one that stands alone.
    Sign,
    /// A name, a number, a string.
    Whole,
}

pub(in crate::storage::tenant) fn pieces(sql: &str) -> Result<Vec<Piece>, SdkError> {
    let kind = |token: &Token| match token {
        Token::Question => Kind::Question,
        Token::Symbol(_) | Token::Semicolon => Kind::Sign,
        Token::Word(_) | Token::Quoted(_) | Token::Text | Token::Number | Token::Parameter(_) => Kind::Whole,
    };
    let read = tokens(sql)?.into_iter().map(|placed| Piece {
        at: placed.at,
        kind: kind(&placed.token),
    });
    Ok(read.collect())
}
