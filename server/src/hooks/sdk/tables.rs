//! The session with the project's own database that all hooks of a request share: what one wrote, the next one reads, and
//! all of it is committed or none. Points in the transaction are numbered; a call, and each `db.transaction` inside it,
//! has one.

use std::sync::{
    Arc, PoisonError,
    atomic::{AtomicU32, Ordering},
};

use aerocall_runtime::host::{ErrorCode, Rows, SdkError};
use tokio::sync::{Mutex, MutexGuard};

use crate::{
    base::ids::Scope,
    storage::tenant::{Session, SessionState, Statement, TenantDatabases},
};

/// The shared session. It is opened by the first statement.
pub(crate) struct Tables {
    tenants: Arc<dyn TenantDatabases>,
    scope: Scope,
    state: Mutex<State>,
    next: AtomicU32,
    /// Points of transactions that were dropped by those who held them.
    dropped: std::sync::Mutex<Vec<u32>>,
}

#[derive(Default)]
struct State {
    session: Option<Box<dyn Session>>,
    /// Points in the transaction, outermost first.
    open: Vec<u32>,
}

impl Tables {
    pub(super) fn new(tenants: Arc<dyn TenantDatabases>, scope: Scope) -> Self {
        Self {
            tenants,
            scope,
            state: Mutex::default(),
            next: AtomicU32::new(1),
            dropped: std::sync::Mutex::default(),
        }
    }

    pub(super) async fn query(&self, statement: Statement) -> Result<Rows, SdkError> {
        self.opened().await?.session()?.query(statement).await
    }

    pub(super) async fn execute(&self, statement: Statement) -> Result<u64, SdkError> {
        self.opened().await?.session()?.execute(statement).await
    }

    /// Begins a transaction of the guest.
    pub(super) async fn begin(&self) -> Result<u32, SdkError> {
        let mark = self.next.fetch_add(1, Ordering::Relaxed);
        let mut state = self.opened().await?;
        state.session()?.savepoint(mark).await?;
        state.open.push(mark);
        Ok(mark)
    }

    /// Ends a transaction of the guest: it becomes part of what is around it.
    pub(super) async fn release(&self, mark: u32) -> Result<(), SdkError> {
        let mut state = self.opened().await?;
        innermost(&state.open, mark)?;
        state.session()?.release(mark).await?;
        state.open.pop();
        Ok(())
    }

    /// Ends a transaction of the guest, and whatever was begun inside it, as if it had not been.
    pub(super) async fn abandon(&self, mark: u32) -> Result<(), SdkError> {
        self.opened().await?.undo(mark).await
    }

    /// A point before a call, if there is a transaction to have one in.
    pub(super) async fn mark(&self) -> Result<Option<u32>, SdkError> {
        let mut state = self.state.lock().await;
        match &mut state.session {
            Some(session) if session.state() == SessionState::InTransaction => {
                let mark = self.next.fetch_add(1, Ordering::Relaxed);
                session.savepoint(mark).await?;
                state.open.push(mark);
                Ok(Some(mark))
            }
            _ => Ok(None),
        }
    }

    /// After a call that succeeded: whether what all calls so far have written could be committed. A transaction that the guest
    /// began and did not end is undone first.
    pub(super) async fn check(&self, mark: Option<u32>) -> Result<(), SdkError> {
        let mut state = self.state.lock().await;
        state.end_unfinished(mark).await?;
        match &mut state.session {
            Some(session) => session.check().await,
            None => Ok(()),
        }
    }

    /// After a call that succeeded. A transaction that the guest began and did not end is undone first.
    pub(super) async fn keep(&self, mark: Option<u32>) -> Result<(), SdkError> {
        let mut state = self.state.lock().await;
        let at = state.end_unfinished(mark).await?;
        if let (Some(mark), Some(_)) = (mark, at) {
            state.session()?.release(mark).await?;
            state.open.pop();
        }
        Ok(())
    }

    /// After a call that failed.
    pub(super) async fn undo(&self, mark: Option<u32>) -> Result<(), SdkError> {
        match mark {
            Some(mark) => self.abandon(mark).await,
            None => {
                let mut state = self.state.lock().await;
                state.open.clear();
                match &mut state.session {
                    Some(session) => session.rollback().await,
                    None => Ok(()),
                }
            }
        }
    }

    /// Whether what was written is gone: it was undone because its connection was given up.
    pub(super) async fn is_lost(&self) -> bool {
        let state = self.state.lock().await;
        state.session.as_ref().is_some_and(|session| session.is_lost())
    }

    pub(super) async fn commit(&self) -> Result<(), SdkError> {
        let mut state = self.state.lock().await;
        state.open.clear();
        match state.session.take() {
            Some(mut session) => session.commit().await,
            None => Ok(()),
        }
    }

    /// A transaction that its owner dropped. It is undone before anything else happens.
    pub(super) fn dropped(&self, mark: u32) {
        self.dropped.lock().unwrap_or_else(PoisonError::into_inner).push(mark);
    }

    /// The session, opened, with what was dropped undone.
    async fn opened(&self) -> Result<MutexGuard<'_, State>, SdkError> {
        let mut state = self.state.lock().await;
        if state.session.is_none() {
            state.session = Some(self.tenants.session(&self.scope).await?);
        }
        let dropped = std::mem::take(&mut *self.dropped.lock().unwrap_or_else(PoisonError::into_inner));
        for mark in dropped {
            state.undo(mark).await?;
        }
        Ok(state)
    }
}

impl State {
    fn session(&mut self) -> Result<&mut Box<dyn Session>, SdkError> {
        let closed = || SdkError::new(ErrorCode::Internal, "db: the connection is closed");
        self.session.as_mut().ok_or_else(closed)
    }

    /// Undoes what the guest began after the mark and did not end. Where the mark is.
    async fn end_unfinished(&mut self, mark: Option<u32>) -> Result<Option<usize>, SdkError> {
        let at = mark.and_then(|mark| self.open.iter().position(|open| *open == mark));
        let inner = at.map_or(0, |at| at + 1);
        if let Some(unfinished) = self.open.get(inner).copied() {
            self.undo(unfinished).await?;
        }
        Ok(at)
    }

    /// Undoes a point and everything inside it; one that is gone already is undone already.
    async fn undo(&mut self, mark: u32) -> Result<(), SdkError> {
        let Some(at) = self.open.iter().position(|open| *open == mark) else {
            return Ok(());
        };
        self.session()?.undo(mark).await?;
        self.open.truncate(at);
        Ok(())
    }
}

fn innermost(open: &[u32], mark: u32) -> Result<(), SdkError> {
    match open.last() {
        Some(last) if *last == mark => Ok(()),
        _ => Err(SdkError::new(
            ErrorCode::Conflict,
            "db: a transaction inside this one has not ended yet; end the inner one first",
        )),
    }
}
