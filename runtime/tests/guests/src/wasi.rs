//! What needs WASI: what the standard library offers, and the interfaces themselves.

use std::{
    collections::HashMap,
    fs, io,
    io::{Read as _, Write as _},
    time::{Duration, Instant, SystemTime},
};

use wasip2::{
    cli::{environment, stdin, stdout, terminal_stdout},
    clocks::{monotonic_clock, wall_clock},
    filesystem::preopens,
    io::{poll, streams::StreamError},
    random as generator,
};

use crate::{
    Answer,
    bindings::aerocall::hooks::{clock, random, types::Reply},
    deny, says,
};

pub(crate) fn run(what: &str) -> Option<Answer> {
    match what {
        "environment" => Some(says_environment()),
        "files" => Some(says_files()),
        "input" => Some(says_input()),
        _ => readings(what).or_else(|| output(what)).or_else(|| endless(what)),
    }
}

fn says_environment() -> Answer {
    let raw = (environment::get_environment().len(), environment::get_arguments().len());
    says(&format!(
        "{} variables, {} arguments, {raw:?}, directory {:?}, home {:?}, terminal {}",
        std::env::vars().count(),
        std::env::args().count(),
        environment::initial_cwd(),
        std::env::var("HOME").ok(),
        terminal_stdout::get_terminal_stdout().is_some(),
    ))
}

/// Every way to a file that the standard library has; the answer names those that led somewhere.
fn says_files() -> Answer {
    let tries: [(&str, io::Result<()>); 11] = [
        ("read", fs::read("/etc/passwd").map(drop)),
        ("read here", fs::read("aerocall.toml").map(drop)),
        ("read above", fs::read("../../../../etc/passwd").map(drop)),
        ("list", fs::read_dir("/").map(drop)),
        ("list here", fs::read_dir(".").map(drop)),
        ("create", fs::File::create("/tmp/hook").map(drop)),
        ("create here", fs::write("hook", "x")),
        ("directory", fs::create_dir("/tmp/hook")),
        ("remove", fs::remove_file("/etc/passwd")),
        ("rename", fs::rename("/etc/passwd", "/tmp/hook")),
        ("look", fs::metadata("/").map(drop)),
    ];
    let led: Vec<&str> = tries
        .iter()
        .filter(|(_, came)| came.is_ok())
        .map(|(name, _)| *name)
        .collect();
    let directories = preopens::get_directories().len();
    says(&format!("{directories} directories, {led:?} of {}", tries.len()))
}

fn says_input() -> Answer {
    let mut text = String::new();
    let read = io::stdin().read_to_string(&mut text).map_err(|error| error.kind());
    let raw = stdin::get_stdin().blocking_read(10);
    let raw = matches!(raw, Err(StreamError::Closed));
    says(&format!("{read:?} {text:?} closed {raw}"))
}

/// What the world says, which has to be the same when the call is run again.
fn readings(what: &str) -> Option<Answer> {
    Some(match what {
        "readings" => {
            let (wall, instant) = (SystemTime::now(), Instant::now());
            std::thread::sleep(Duration::from_millis(5));
            let since = wall
                .duration_since(SystemTime::UNIX_EPOCH)
                .map(|since| since.as_micros());
            // Hashed with keys that the standard library draws.
            let names: HashMap<u32, u32> = (0..8).map(|n| (n, n)).collect();
            let order: Vec<u32> = names.into_keys().collect();
            let slept = instant.elapsed();
            says(&format!(
                "{since:?} {slept:?} {order:?} {} {:?} {} {:?} {} {:?} {:?}",
                generator::random::get_random_u64(),
                generator::random::get_random_bytes(5),
                generator::insecure::get_insecure_random_u64(),
                generator::insecure_seed::insecure_seed(),
                monotonic_clock::now(),
                wall_clock::now(),
                (clock::now_ms(), random::seed()),
            ))
        }
        "timers" => {
            let long = monotonic_clock::subscribe_duration(60_000_000_000);
            let (slow, fast) = (
                monotonic_clock::subscribe_duration(500_000_000),
                monotonic_clock::subscribe_duration(3_000_000),
            );
            let first = poll::poll(&[&long, &slow, &fast]);
            let was_ready = (slow.ready(), fast.ready());
            slow.block();
            let both = poll::poll(&[&slow, &long, &fast]);
            let stream = stdout::get_stdout();
            let always = stream.subscribe();
            says(&format!(
                "{first:?} {was_ready:?} {both:?} {:?}",
                poll::poll(&[&long, &always, &fast])
            ))
        }
        "many readings" => {
            let sum: u64 = (0..3_000).map(|_| monotonic_clock::now() % 1_000_003).sum();
            says(&sum.to_string())
        }
        "resolution" => says(&format!(
            "{} {:?}",
            monotonic_clock::resolution(),
            wall_clock::resolution()
        )),
        _ => return None,
    })
}

fn output(what: &str) -> Option<Answer> {
    Some(match what {
        "print" => {
            println!("one");
            eprintln!("two");
            print!("thr");
            println!("ee");
            print!("end");
            match io::stdout().flush() {
                Ok(()) => Ok(Reply::Allow),
                Err(error) => deny("flush", &error.to_string()),
            }
        }
        "print a flood" => {
            for count in 0..20_000 {
                println!("{count} {}", "x".repeat(500));
            }
            Ok(Reply::Allow)
        }
        "print a flood without lines" => {
            let text = "x".repeat(4_096);
            for _ in 0..2_000 {
                print!("{text}");
            }
            Ok(Reply::Allow)
        }
        "print without end" => loop {
            eprintln!("x");
        },
        "write past the permit" => {
            let stream = stdout::get_stdout();
            match stream.write(&vec![b'x'; 1 << 20]) {
                Ok(()) => says("written"),
                Err(error) => deny("refused", &error.to_string()),
            }
        }
        "exit" => std::process::exit(3),
        "exit well" => std::process::exit(0),
        "abort" => std::process::abort(),
        _ => return None,
    })
}

fn endless(what: &str) -> Option<Answer> {
    Some(match what {
        "sleep for an hour" => {
            std::thread::sleep(Duration::from_secs(3_600));
            Ok(Reply::Allow)
        }
        "poll without end" => {
            let stream = stdout::get_stdout();
            let always = stream.subscribe();
            loop {
                poll::poll(&[&always]);
            }
        }
        "poll what has ended without end" => {
            let ended = monotonic_clock::subscribe_duration(0);
            loop {
                ended.block();
            }
        }
        "poll much" => {
            let stream = stdout::get_stdout();
            let always = stream.subscribe();
            says(&poll::poll(&vec![&always; 100_000]).len().to_string())
        }
        "poll nothing" => says(&poll::poll(&[]).len().to_string()),
        "read clocks without end" => loop {
            std::hint::black_box(Instant::now());
        },
        "draw without end" => loop {
            std::hint::black_box(generator::random::get_random_bytes(65_536));
        },
        "draw too much" => says(&generator::random::get_random_bytes(u64::MAX).len().to_string()),
        "hoard streams" => {
            let all: Vec<_> = (0..100_000).map(|_| stdout::get_stdout()).collect();
            says(&all.len().to_string())
        }
        "hoard timers" => {
            let all: Vec<_> = (0..100_000).map(monotonic_clock::subscribe_duration).collect();
            says(&all.len().to_string())
        }
        "start a thread" => says(match std::thread::Builder::new().spawn(|| ()) {
            Ok(_) => "started",
            Err(_) => "no thread",
        }),
        _ => return None,
    })
}
