//! What a hook that has no decision means for the flow.

/// The failure policy of a hook.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Policy {
    /// The flow goes on as if the hook had allowed it.
    Open,
    /// The flow stops with the hook's error.
    Closed,
}

impl Policy {
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        match text {
            "open" => Ok(Self::Open),
            "closed" => Ok(Self::Closed),
            _ => Err("must be \"open\" or \"closed\"".to_owned()),
        }
    }

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Closed => "closed",
        }
    }
}
