//! A call that is run again reads the same clocks, draws the same randomness and sees the same timers end, in every language.

use aerocall_runtime::{Completeness, Limits};

use crate::guest::{self, PLAIN, WASI, again, run};

#[tokio::test]
async fn a_call_that_is_run_again_gets_what_it_got() {
    for (guest, what) in [
        (PLAIN, "use the clock and the generator"),
        (WASI, "use the clock and the generator"),
        (WASI, "readings"),
        (WASI, "timers"),
    ] {
        let hook = guest::load(guest).await;
        let first = run(&hook, what, &Limits::DEFAULT).await;
        let other = run(&hook, what, &Limits::DEFAULT).await;
        assert!(
            what == "timers" || first.outcome != other.outcome,
            "{what}: each call has its own"
        );
        let replayed = again(&hook, what, &first).await;
        assert_eq!(replayed.invocation.outcome, first.outcome, "{guest} {what}");
        assert_eq!(replayed.invocation.fuel, first.fuel, "{guest} {what}");
        assert_eq!((&replayed.divergence, replayed.not_made), (&None, 0));
        assert_eq!(
            replayed.invocation.records.clock_ms, first.records.clock_ms,
            "{guest} {what}"
        );
        assert_eq!(first.records.completeness, Completeness::Whole);
    }
}

#[tokio::test]
async fn a_wait_is_over_at_once_when_the_call_is_run_again() {
    let hook = guest::load(WASI).await;
    let first = run(&hook, "timers", &Limits::DEFAULT).await;
    let replayed = again(&hook, "timers", &first).await;
    assert!(first.duration.as_millis() >= 500, "{:?}", first.duration);
    assert!(replayed.invocation.duration < first.duration);
}

#[tokio::test]
async fn readings_past_what_is_kept_are_told_apart() {
    let hook = guest::load(WASI).await;
    let first = run(&hook, "many readings", &Limits::DEFAULT).await;
    assert_eq!(first.records.completeness, Completeness::Cut);
    assert_eq!(first.records.clock_ms.len(), 2_000);
    let replayed = again(&hook, "many readings", &first).await;
    assert_eq!(replayed.divergence, None, "it goes on all the same");
}
