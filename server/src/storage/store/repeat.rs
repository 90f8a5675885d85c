//! Transactions of background work: one that lost against another one is done again.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use super::{Store, StoreError, Tx, transactions};
use crate::base::erased::Erased;

/// How often a transaction that lost against another one is done again.
const REPEATS: u32 = 5;
/// The longest wait before the first time; each later one can be as much longer.
const REPEAT_PAUSE: Duration = Duration::from_millis(40);

/// What is done in a transaction, as often as it takes.
type Repeated = dyn FnMut(&mut Tx<'_>) -> Result<Erased, StoreError> + Send;

impl Store {
    /// [`Self::write`] for work that can be done twice, and that no client waits for: one that was undone in favour of another transaction
    /// is done again at once, a few times.
    pub(crate) async fn write_again<T: Send + 'static>(
        &self,
        mut work: impl FnMut(&mut Tx<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let work = move |tx: &mut Tx<'_>| work(tx).map(|done| Box::new(done) as Erased);
        transactions::result(self.repeating(Arc::new(Mutex::new(work))).await?)
    }

    async fn repeating(&self, work: Arc<Mutex<Repeated>>) -> Result<Erased, StoreError> {
        let mut lost = 0;
        loop {
            let work = Arc::clone(&work);
            let done = self.writing(Box::new(move |tx| {
                let mut work = work.lock().unwrap_or_else(PoisonError::into_inner);
                work(tx)
            }));
            match done.await {
                Err(StoreError::Conflict(error)) if lost < REPEATS => {
                    lost += 1;
                    tracing::debug!(%error, lost, "a transaction lost against another one and is done again");
                    // Not together with the one that it lost against, which has to be woken first.
                    let fraction = getrandom::u32().map_or(0.5, |bits| f64::from(bits) / f64::from(u32::MAX));
                    tokio::time::sleep(REPEAT_PAUSE.mul_f64(f64::from(lost) * fraction)).await;
                }
                done => return done,
            }
        }
    }
}
