//! Questions to whoever sits at the terminal. Without one the answers are lines of standard input.

use std::io::{self, BufRead as _, IsTerminal as _, Write as _};

use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};

use crate::Failed;

/// A line.
pub(crate) fn line(question: &str) -> Result<String, Failed> {
    ask(question)?;
    read()
}

/// A line that is not shown while it is typed.
pub(crate) fn secret(question: &str) -> Result<String, Failed> {
    ask(question)?;
    let hidden = Hidden::begin()?;
    let typed = read();
    if hidden.is_some() {
        // The line break that was typed was not shown either.
        drop(writeln!(io::stderr()));
    }
    typed
}

fn ask(question: &str) -> Result<(), Failed> {
    let mut stderr = io::stderr();
    write!(stderr, "{question}: ")?;
    Ok(stderr.flush()?)
}

fn read() -> Result<String, Failed> {
    let mut typed = String::new();
    if io::stdin().lock().read_line(&mut typed)? == 0 {
        return Err(Failed::Usage("standard input ended before the answer".to_owned()));
    }
    Ok(typed.trim_end_matches(['\r', '\n']).to_owned())
}

/// The terminal shows nothing that is typed as long as this lives.
struct Hidden(Termios);

impl Hidden {
    /// `None`: standard input is no terminal.
    fn begin() -> Result<Option<Self>, Failed> {
        if !io::stdin().is_terminal() {
            return Ok(None);
        }
        let before = tcgetattr(io::stdin())?;
        let mut silent = before.clone();
        silent.local_modes.remove(LocalModes::ECHO);
        tcsetattr(io::stdin(), OptionalActions::Flush, &silent)?;
        Ok(Some(Self(before)))
    }
}

impl Drop for Hidden {
    fn drop(&mut self) {
        // There is nothing else to do about it.
        let _ = tcsetattr(io::stdin(), OptionalActions::Now, &self.0);
    }
}
