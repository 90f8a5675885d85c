//! Timing equalisation: a request about an address that has an account is answered after the same time as one about an address
//! that has none, so that the time does not reveal accounts.

use std::{
    future::Future,
    time::{Duration, Instant},
};

use crate::base::error::Result;

/// Longer than what differs takes: a look-up, a mail that is made, rows that are written.
const STEP: Duration = Duration::from_millis(250);

/// Answers at the next whole step since the work began, refusals too.
pub(crate) fn equalized<T: Send>(
    work: impl Future<Output = Result<T>> + Send,
) -> impl Future<Output = Result<T>> + Send {
    // The futures of whole flows are large; this one is not.
    let work = Box::pin(work);
    async move {
        let began = Instant::now();
        let worked = work.await;
        let steps = began.elapsed().as_millis() / STEP.as_millis() + 1;
        let ends = began + STEP.saturating_mul(u32::try_from(steps).unwrap_or(u32::MAX));
        tokio::time::sleep_until(ends.into()).await;
        worked
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::error::Refusal;

    #[tokio::test]
    async fn quick_and_slow_work_and_refusals_end_at_the_same_time() {
        let time = async |ms: u64, result: Result<()>| {
            let began = Instant::now();
            let work = async {
                tokio::time::sleep(Duration::from_millis(ms)).await;
                result
            };
            equalized(work).await.ok();
            began.elapsed()
        };
        for took in [
            time(0, Ok(())).await,
            time(60, Ok(())).await,
            time(5, Err(Refusal::invalid_code().into())).await,
        ] {
            assert!(took >= STEP && took < STEP + Duration::from_millis(150), "{took:?}");
        }
    }
}
