//! When a rollout stops by itself. Nothing is said of few calls.

use aerocall_api_types::{RolloutState, RolloutStop, RolloutVerdict};

use super::figures::{Figures, SideFigures, percent};

/// Fewer denials than this say nothing about how often the version denies.
const LEAST_DENIALS: u64 = 5;

/// Why it has to stop, if it has to.
pub(crate) fn breach(stop: &RolloutStop, figures: &Figures) -> Option<String> {
    let (live, candidate) = (&figures.live, &figures.candidate);
    if candidate.calls < u64::from(stop.min_calls) {
        return None;
    }
    let failed = percent(candidate.failures, candidate.calls);
    if let Some(most) = stop.failures.filter(|most| failed > *most) {
        return Some(format!(
            "{} of its {} calls failed ({failed} %), which is more than {most} %",
            candidate.failures, candidate.calls
        ));
    }
    let most = stop.denials?;
    // A side with few calls is nothing to compare with.
    if candidate.denials < LEAST_DENIALS || live.calls < u64::from(stop.min_calls) {
        return None;
    }
    // Of a version that has denied nobody it is known that it denies less often than once in all its calls.
    let usual = rate(live).max(1.0 / live.calls as f64);
    (rate(candidate) > most * usual).then(|| {
        format!(
            "{} of its {} calls were denied ({} %), which is more than {most} times as often as by the live version ({} of {})",
            candidate.denials,
            candidate.calls,
            percent(candidate.denials, candidate.calls),
            live.denials,
            live.calls
        )
    })
}

fn rate(side: &SideFigures) -> f64 {
    side.denials as f64 / side.calls as f64
}

/// What there is to say of it.
pub(crate) fn verdict(state: RolloutState, stop: &RolloutStop, figures: &Figures) -> RolloutVerdict {
    match state {
        RolloutState::Stopped => RolloutVerdict::Stopped,
        _ if figures.candidate.calls < u64::from(stop.min_calls) => RolloutVerdict::TooEarly,
        _ => RolloutVerdict::Holding,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STOP: RolloutStop = RolloutStop {
        failures: Some(1.0),
        denials: Some(3.0),
        min_calls: 200,
    };

    /// Calls, failures and denials of both sides.
    fn figures(live: [u64; 3], candidate: [u64; 3]) -> Figures {
        let side = |[calls, failures, denials]: [u64; 3]| SideFigures {
            calls,
            failures,
            denials,
            ..SideFigures::default()
        };
        Figures {
            live: side(live),
            candidate: side(candidate),
            ..Figures::default()
        }
    }

    #[test]
    fn it_stops_for_failures_and_for_denials_and_not_before_there_are_enough_calls() {
        let usual = [1_000, 0, 20];
        for (live, candidate, stops) in [
            (usual, [199, 199, 0], false),
            (usual, [200, 2, 0], false),
            (usual, [200, 3, 0], true),
            (usual, [200, 0, 12], false),
            (usual, [200, 0, 13], true),
            // Four denials are none of a rate.
            ([1_000, 0, 0], [200, 0, 4], false),
            ([1_000, 0, 0], [200, 0, 5], true),
            // What it is compared with has had too few calls.
            ([199, 0, 0], [200, 0, 200], false),
            ([0, 0, 0], [200, 0, 200], false),
        ] {
            let figures = figures(live, candidate);
            let why = breach(&STOP, &figures);
            assert_eq!(why.is_some(), stops, "{live:?} {candidate:?}: {why:?}");
        }
        let never = RolloutStop {
            failures: None,
            denials: None,
            min_calls: 1,
        };
        assert_eq!(breach(&never, &figures(usual, [1_000, 1_000, 1_000])), None);
        let all = RolloutStop {
            failures: Some(0.0),
            ..never
        };
        let why = breach(&all, &figures(usual, [7, 1, 0])).unwrap();
        assert_eq!(why, "1 of its 7 calls failed (14.29 %), which is more than 0 %");
    }

    #[test]
    fn little_is_too_early_and_never_good() {
        let (few, enough) = (figures([9_999, 0, 0], [199, 0, 0]), figures([0, 0, 0], [200, 0, 0]));
        assert_eq!(verdict(RolloutState::Running, &STOP, &few), RolloutVerdict::TooEarly);
        assert_eq!(verdict(RolloutState::Running, &STOP, &enough), RolloutVerdict::Holding);
        assert_eq!(verdict(RolloutState::Ended, &STOP, &few), RolloutVerdict::TooEarly);
        assert_eq!(verdict(RolloutState::Stopped, &STOP, &few), RolloutVerdict::Stopped);
    }
}
