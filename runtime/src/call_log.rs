//! The log of one call: lines within a budget, from the log interface and from what is printed, in the order they were written.
//! Also what a guest said last of why it gives up, whether or not the budget had room for it.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Instant,
};

use crate::{Limits, LogLevel, LogLine, crash::Panic, state::DeadlinePassed};

/// A printed line that is longer goes on in the next.
const PRINTED_LINE_BYTES: usize = 8 << 10;
/// What is kept of the words of a panic.
const PANIC_BYTES: usize = 8 << 10;
/// How the words of a panic begin, in Rust's form.
const PANICKED: &str = "panicked at ";

/// Shared by a call and the streams it has opened.
#[derive(Clone)]
pub(crate) struct CallLog(Arc<Mutex<Log>>);

struct Log {
    lines: Vec<LogLine>,
    dropped: u32,
    bytes_left: u64,
    max_lines: u32,
    deadline: Instant,
    /// What was printed since the last end of a line.
    output: Vec<u8>,
    errors: Vec<u8>,
    panic: String,
}

/// What is left of a log when its call is over.
pub(crate) struct Logged {
    pub(crate) lines: Vec<LogLine>,
    pub(crate) dropped: u32,
    /// The last panic that the guest reported.
    pub(crate) panic: Option<Panic>,
}

impl CallLog {
    pub(crate) fn new(limits: &Limits, deadline: Instant) -> Self {
        Self(Arc::new(Mutex::new(Log {
            lines: Vec::new(),
            dropped: 0,
            bytes_left: limits.log_bytes,
            max_lines: limits.log_lines,
            deadline,
            output: Vec::new(),
            errors: Vec::new(),
            panic: String::new(),
        })))
    }

    /// Takes a line within the budget of lines and bytes; the line that crosses it is cut, later ones are dropped.
    pub(crate) fn write(&self, level: LogLevel, message: String) {
        self.log().write(level, message);
    }

    /// Takes bytes that are printed. They become a line at the end of it.
    ///
    /// # Errors
    /// The deadline has passed.
    pub(crate) fn print(&self, level: LogLevel, bytes: &[u8]) -> wasmtime::Result<()> {
        let mut log = self.log();
        if Instant::now() >= log.deadline {
            return Err(DeadlinePassed.into());
        }
        for part in bytes.split_inclusive(|byte| *byte == b'\n') {
            let line = log.printed(level);
            line.extend_from_slice(part);
            if part.ends_with(b"\n") || line.len() >= PRINTED_LINE_BYTES {
                log.end_line(level);
            }
        }
        Ok(())
    }

    /// What came of it. Lines without an end are lines as well.
    pub(crate) fn end(&self) -> Logged {
        let mut log = self.log();
        for level in [LogLevel::Info, LogLevel::Error] {
            if !log.printed(level).is_empty() {
                log.end_line(level);
            }
        }
        Logged {
            lines: std::mem::take(&mut log.lines),
            dropped: log.dropped,
            panic: Panic::read(&log.panic),
        }
    }

    fn log(&self) -> MutexGuard<'_, Log> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Log {
    fn printed(&mut self, level: LogLevel) -> &mut Vec<u8> {
        match level {
            LogLevel::Error => &mut self.errors,
            LogLevel::Debug | LogLevel::Info | LogLevel::Warn => &mut self.output,
        }
    }

    fn end_line(&mut self, level: LogLevel) {
        let line = std::mem::take(self.printed(level));
        let line = line.strip_suffix(b"\n").unwrap_or(&line);
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let line = String::from_utf8_lossy(line).into_owned();
        self.write(level, line);
    }

    fn write(&mut self, level: LogLevel, mut message: String) {
        if level == LogLevel::Error {
            self.note_panic(&message);
        }
        if self.bytes_left == 0 || self.lines.len() as u64 >= u64::from(self.max_lines) {
            self.dropped += 1;
            return;
        }
        if message.len() as u64 > self.bytes_left {
            message.truncate(message.floor_char_boundary(self.bytes_left as usize));
            message.push('…');
            self.bytes_left = 0;
        } else {
            self.bytes_left -= message.len() as u64;
        }
        self.lines.push(LogLine { level, message });
    }

    /// Keeps the words of a panic, which come as one text or line by line.
    fn note_panic(&mut self, message: &str) {
        match message.find(PANICKED) {
            Some(at) => self.panic = message[at..].to_owned(),
            None if self.panic.is_empty() => return,
            None => {
                self.panic.push('\n');
                self.panic.push_str(message);
            }
        }
        self.panic.truncate(self.panic.floor_char_boundary(PANIC_BYTES));
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn log(limits: &Limits) -> CallLog {
        CallLog::new(limits, Instant::now() + Duration::from_secs(60))
    }

    fn texts(logged: &Logged) -> Vec<(LogLevel, &str)> {
        let lines = logged.lines.iter();
        lines.map(|line| (line.level, line.message.as_str())).collect()
    }

    #[test]
    fn what_is_printed_becomes_lines_among_those_of_the_log() {
        let log = log(&Limits::DEFAULT);
        log.print(LogLevel::Info, b"one\ntw").unwrap();
        log.write(LogLevel::Debug, "between".to_owned());
        log.print(LogLevel::Error, b"bad \xff\n").unwrap();
        log.print(LogLevel::Info, b"o\r\n\nrest").unwrap();
        let logged = log.end();
        let (info, error) = (LogLevel::Info, LogLevel::Error);
        assert_eq!(
            texts(&logged),
            [
                (info, "one"),
                (LogLevel::Debug, "between"),
                (error, "bad \u{fffd}"),
                (info, "two"),
                (info, ""),
                (info, "rest"),
            ]
        );
        assert!(logged.panic.is_none());
    }

    #[test]
    fn the_budget_holds_for_what_is_printed_and_lines_have_an_end() {
        let limits = Limits {
            log_lines: 3,
            ..Limits::DEFAULT
        };
        let log = log(&limits);
        for _ in 0..100 {
            log.print(LogLevel::Info, &[b'x'; 4096]).unwrap();
        }
        let logged = log.end();
        assert_eq!((logged.lines.len(), logged.dropped), (3, 47));
        assert!(logged.lines.iter().all(|line| line.message.len() == PRINTED_LINE_BYTES));
    }

    #[test]
    fn a_panic_is_known_past_the_budget_whether_it_comes_at_once_or_line_by_line() {
        let limits = Limits {
            log_lines: 1,
            ..Limits::DEFAULT
        };
        let at_once = log(&limits);
        at_once.write(LogLevel::Info, "first".to_owned());
        at_once.write(LogLevel::Error, "panicked at src/lib.rs:3:5:\nno\nmore".to_owned());
        let by_line = log(&limits);
        by_line.print(LogLevel::Info, b"first\n").unwrap();
        let words = b"\nthread 'main' (1) panicked at src/lib.rs:3:5:\nno\nmore\nnote: run with `RUST_BACKTRACE=1` environment\n";
        by_line.print(LogLevel::Error, words).unwrap();
        for log in [at_once, by_line] {
            let logged = log.end();
            assert_eq!(texts(&logged), [(LogLevel::Info, "first")]);
            let panic = logged.panic.unwrap();
            assert_eq!(
                (panic.place.as_str(), panic.message.as_str()),
                ("src/lib.rs:3:5", "no\nmore")
            );
        }
    }

    #[test]
    fn printing_ends_with_the_deadline() {
        let log = CallLog::new(&Limits::DEFAULT, Instant::now());
        assert!(log.print(LogLevel::Info, b"late").unwrap_err().is::<DeadlinePassed>());
    }
}
