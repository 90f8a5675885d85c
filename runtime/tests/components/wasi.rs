//! What a component with WASI finds: the log behind its outputs, and nothing behind everything else.

use aerocall_runtime::{Limits, LogLevel, Outcome};

use crate::guest::{self, WASI, run, said};

#[tokio::test]
async fn there_are_no_variables_arguments_files_or_input() {
    let hook = guest::load(WASI).await;
    for (what, says) in [
        (
            "environment",
            "0 variables, 0 arguments, (0, 0), directory None, home None, terminal false",
        ),
        ("files", "0 directories, [] of 11"),
        ("input", "Ok(0) \"\" closed true"),
        ("start a thread", "no thread"),
        ("resolution", "1000 Datetime { seconds: 0, nanoseconds: 1000 }"),
    ] {
        let invocation = run(&hook, what, &Limits::DEFAULT).await;
        assert_eq!(said(&invocation), says, "{what}");
        assert_eq!(invocation.records.calls, [], "{what}: no host call");
    }
}

#[tokio::test]
async fn what_is_printed_is_the_log_in_its_order() {
    let hook = guest::load(WASI).await;
    let invocation = run(&hook, "print", &Limits::DEFAULT).await;
    assert_eq!(invocation.outcome, Outcome::Allow);
    let lines: Vec<_> = invocation
        .logs
        .iter()
        .map(|line| (line.level, line.message.as_str()))
        .collect();
    let (info, error) = (LogLevel::Info, LogLevel::Error);
    assert_eq!(lines, [(info, "one"), (error, "two"), (info, "three"), (info, "end")]);
}

#[tokio::test]
async fn a_flood_of_output_is_dropped_past_the_budget_and_counted() {
    let hook = guest::load(WASI).await;
    let invocation = run(&hook, "print a flood", &Limits::DEFAULT).await;
    assert_eq!(invocation.outcome, Outcome::Allow);
    let kept = invocation.logs.len();
    assert!((100..=200).contains(&kept), "{kept} lines");
    assert_eq!(kept as u32 + invocation.logs_dropped, 20_000);
    let invocation = run(&hook, "print a flood without lines", &Limits::DEFAULT).await;
    let bytes: usize = invocation.logs.iter().map(|line| line.message.len()).sum();
    assert!(
        bytes <= 65 << 10 && invocation.logs_dropped > 900,
        "{bytes} bytes, {} dropped",
        invocation.logs_dropped
    );
}

#[tokio::test]
async fn timers_end_in_their_order_and_streams_are_always_ready() {
    let hook = guest::load(WASI).await;
    let invocation = run(&hook, "timers", &Limits::DEFAULT).await;
    assert_eq!(said(&invocation), "[2] (false, true) [0, 2] [1, 2]");
}

#[tokio::test]
async fn the_clocks_go_on_and_agree() {
    let hook = guest::load(WASI).await;
    let before = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap()
        .as_micros();
    let invocation = run(&hook, "readings", &Limits::DEFAULT).await;
    let said = said(&invocation);
    let wall = said
        .strip_prefix("Ok(")
        .and_then(|rest| rest.split(')').next()?.parse::<u128>().ok());
    let wall = wall.unwrap_or_else(|| panic!("{said}"));
    assert!((before..before + 60_000_000).contains(&wall), "{said}");
    let readings = &invocation.records.clock_ms;
    assert!(readings.len() >= 6, "each is recorded: {readings:?}");
    assert!(
        readings.iter().all(|ms| (ms - readings[0]).abs() < 60_000.0),
        "{readings:?}"
    );
}
