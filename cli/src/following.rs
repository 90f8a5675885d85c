//! New invocations as they happen: the server is asked again and again, also after it was unavailable.

use std::{thread::sleep, time::Duration};

use aerocall_api_types::{Invocation, InvocationList};

use crate::{
    admin::{Admin, NoAnswer, Query},
    seen::Seen,
    terminal,
};

/// How often a server is asked for what is new.
const POLL: Duration = Duration::from_millis(500);
/// What one answer of the server is asked for: the most that it gives.
const PAGE: usize = 200;

/// Which invocations are followed, and what is done with each; an error of that ends it.
pub(crate) struct Following<'a, Show> {
    pub(crate) admin: &'a Admin,
    /// Parts of the query that do not change.
    pub(crate) filters: Query<'a>,
    pub(crate) show: Show,
}

/// Why one look at what is new was not completed.
enum Stopped {
    NoAnswer(NoAnswer),
    /// Whoever read the output has seen enough.
    Unread,
}

impl From<NoAnswer> for Stopped {
    fn from(why: NoAnswer) -> Self {
        Self::NoAnswer(why)
    }
}

impl<Show: Fn(&Invocation) -> std::io::Result<()>> Following<'_, Show> {
    /// Shows the past, then what is new, until the server refuses or nobody reads any more.
    pub(crate) fn run(&self, past: InvocationList) -> Result<(), NoAnswer> {
        let mut past = past.invocations;
        past.reverse();
        let mut seen = Seen::since(past.first().map(id));
        let shown = self.show_new(&past, &mut seen);
        self.go_on(seen, shown)
    }

    /// Shows what is newer than this one.
    pub(crate) fn run_after(&self, newest: Option<Invocation>) -> Result<(), NoAnswer> {
        let mut seen = Seen::since(newest.as_ref().map(id));
        if let Some(newest) = &newest {
            seen.is_new(id(newest));
        }
        self.go_on(seen, Ok(()))
    }

    fn go_on(&self, mut seen: Seen, mut looked: Result<(), Stopped>) -> Result<(), NoAnswer> {
        let mut server = Server::Answers;
        loop {
            match looked {
                Ok(()) => server.answers(),
                Err(Stopped::NoAnswer(NoAnswer::Network(why))) => server.is_silent(&why),
                Err(Stopped::NoAnswer(refused)) => return Err(refused),
                Err(Stopped::Unread) => return Ok(()),
            }
            sleep(POLL);
            looked = self.look(&mut seen);
        }
    }

    /// Everything that may be new, page by page.
    fn look(&self, seen: &mut Seen) -> Result<(), Stopped> {
        let mut after = seen.forget_old();
        loop {
            let place = [("limit", Some(PAGE.to_string())), ("after", Some(after))];
            let query: Vec<_> = place.into_iter().chain(self.filters.iter().cloned()).collect();
            let page = self.admin.invocations(&query)?.invocations;
            self.show_new(&page, seen)?;
            match page.last().map(id) {
                Some(last) if page.len() == PAGE => after = last.to_owned(),
                _ => return Ok(()),
            }
        }
    }

    fn show_new(&self, calls: &[Invocation], seen: &mut Seen) -> Result<(), Stopped> {
        let mut new = calls.iter().filter(|call| seen.is_new(id(call)));
        new.try_for_each(&self.show).map_err(|_| Stopped::Unread)
    }
}

/// Whether the server answered the last time; said when it changes.
enum Server {
    Answers,
    Silent,
}

impl Server {
    fn answers(&mut self) {
        if let Self::Silent = self {
            terminal::say("note: the server responds again");
            *self = Self::Answers;
        }
    }

    fn is_silent(&mut self, why: &str) {
        if let Self::Answers = self {
            terminal::say(format!("note: {}; retrying", terminal::plain(why)));
            *self = Self::Silent;
        }
    }
}

fn id(call: &Invocation) -> &str {
    &call.run.id
}
