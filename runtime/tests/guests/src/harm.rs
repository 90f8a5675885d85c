//! What needs no WASI.

use std::hint::black_box;

use crate::{
    Answer,
    bindings::aerocall::hooks::{
        auth, cache, clock,
        log::{self, Level},
        random,
        types::{Denial, Exception, Failure, Reply, ShapeError},
    },
    deny, says,
};

pub(crate) fn run(what: &str) -> Option<Answer> {
    Some(match what {
        "allow" => Ok(Reply::Allow),
        "deny" => deny("no", "not you"),
        "say" => says("hello"),
        _ => {
            return reply(what)
                .or_else(|| endless(what))
                .or_else(|| host(what))
                .or_else(|| crash(what));
        }
    })
}

/// Replies that are none.
fn reply(what: &str) -> Option<Answer> {
    let deny = |code: &str, message: &str, status| {
        Ok(Reply::Deny(Denial {
            code: code.to_owned(),
            message: message.to_owned(),
            status,
        }))
    };
    Some(match what {
        "patch that is no JSON" => Ok(Reply::Patch("{\"a\":".to_owned())),
        "patch that is a list" => Ok(Reply::Patch("[1]".to_owned())),
        "patch past the limit" => Ok(Reply::Patch(format!("{{\"a\":\"{}\"}}", "x".repeat(2 << 20)))),
        "patch of five megabytes" => Ok(Reply::Patch(format!("{{\"a\":\"{}\"}}", "x".repeat(5 << 20)))),
        "deny with a code that is none" => deny("No!", "", 400),
        "deny with status 200" => deny("no", "", 200),
        "deny at length" => deny("no", &"x".repeat(501), 400),
        "throw" => Err(threw("not today", "    at src/harm.rs:1:1\n    at elsewhere.rs:1:1")),
        "throw at length" => Err(threw(&"x".repeat(1 << 20), &"    at a.rs:1:1\n".repeat(1 << 16))),
        "bad reply at length" => Err(Failure::BadReply(ShapeError {
            path: "x".repeat(1 << 20),
            expected: "y".repeat(1 << 20),
            got: "z".repeat(1 << 20),
        })),
        "never settles" => Err(Failure::NeverSettles),
        "unknown hook" => Err(Failure::UnknownHook),
        _ => return None,
    })
}

fn threw(message: &str, stack: &str) -> Failure {
    Failure::Threw(Exception {
        name: "MyError".to_owned(),
        message: message.to_owned(),
        stack: stack.to_owned(),
        code: Some("denied".to_owned()),
    })
}

/// Work and memory without end.
fn endless(what: &str) -> Option<Answer> {
    Some(match what {
        "spin" => spin_for_ever(),
        "copy" => {
            let (from, mut to) = (vec![1_u8; 4 << 20], vec![0_u8; 4 << 20]);
            loop {
                to.copy_from_slice(black_box(&from));
                black_box(&mut to);
            }
        }
        "recurse" => says(&recurse_for_ever(1).to_string()),
        "recurse without memory" => says(&count_for_ever(1).to_string()),
        "grow" => grow_for_ever(),
        #[cfg(target_arch = "wasm32")]
        "grow at once" => says(&core::arch::wasm32::memory_grow::<0>(60_000).to_string()),
        "sleep" => {
            clock::sleep_ms(u32::MAX);
            Ok(Reply::Allow)
        }
        "sleep again and again" => loop {
            clock::sleep_ms(1);
        },
        "sleep for no time" => loop {
            clock::sleep_ms(0);
        },
        _ => return None,
    })
}

#[inline(never)]
fn spin_for_ever() -> Answer {
    let mut count = 0_u64;
    loop {
        count = black_box(count.wrapping_add(1));
    }
}

#[inline(never)]
#[expect(unconditional_recursion, reason = "its end is that of the stack")]
fn recurse_for_ever(depth: u64) -> u64 {
    let room = black_box([depth; 16]);
    recurse_for_ever(room[3] + 1) + black_box(room)[5]
}

/// Each level takes room on the stack of the machine alone.
#[inline(never)]
fn count_for_ever(depth: u64) -> u64 {
    match depth {
        u64::MAX => 0,
        depth => count_for_ever(depth + 1).rotate_left(7).wrapping_sub(depth),
    }
}

#[inline(never)]
fn grow_for_ever() -> Answer {
    let mut all = Vec::new();
    loop {
        all.push(black_box(vec![1_u8; 64 << 10]));
    }
}

/// Host calls without end, or too large.
fn host(what: &str) -> Option<Answer> {
    Some(match what {
        "flood the log" => {
            for count in 0..20_000 {
                log::write(Level::Info, &format!("{count} {}", "x".repeat(500)));
            }
            Ok(Reply::Allow)
        }
        "flood the log without end" => loop {
            log::write(Level::Info, "x");
        },
        "log a book" => {
            log::write(Level::Info, &"x".repeat(12 << 20));
            Ok(Reply::Allow)
        }
        "flood the clock" => loop {
            black_box(clock::now_ms());
        },
        "flood the generator" => loop {
            black_box(random::bytes(65_536));
        },
        "ask for too much randomness" => says(&random::bytes(65_537).len().to_string()),
        "flood the cache" => loop {
            if let Err(error) = cache::get("k") {
                return Some(deny("refused", &error.message));
            }
        },
        "cache a book" => match cache::set("k", &"x".repeat(12 << 20), None) {
            Ok(()) => Ok(Reply::Allow),
            Err(error) => deny("refused", &error.message),
        },
        "hoard handles" => {
            let mut all = Vec::new();
            for handle in 0..100_000 {
                all.push(auth::password_handle(handle));
            }
            says(&all.len().to_string())
        }
        "use the clock and the generator" => {
            let (first, bytes) = (clock::now_ms(), random::bytes(8));
            clock::sleep_ms(3);
            says(&format!("{first} {bytes:?} {} {}", clock::now_ms(), random::seed()))
        }
        _ => return None,
    })
}

/// Nothing unwinds in WebAssembly: what a panic says is written to the log before it stops the guest.
#[cfg(not(target_os = "wasi"))]
pub(crate) fn report_panics() {
    std::panic::set_hook(Box::new(|panic| log::write(Level::Error, &panic.to_string())));
}

/// What stops the guest at once.
fn crash(what: &str) -> Option<Answer> {
    Some(match what {
        "panic" => panic!("no {}", black_box("luck")),
        "index" => says(&black_box(vec![1, 2, 3])[black_box(7)].to_string()),
        "panic after a flood" => {
            for _ in 0..1_000 {
                log::write(Level::Info, &"x".repeat(500));
            }
            panic!("at the end");
        }
        "panic at length" => panic!("{}", "x".repeat(1 << 20)),
        #[cfg(target_arch = "wasm32")]
        "unreachable" => stop_here(),
        "read where nothing is" => {
            let far = black_box(0xffff_fff0_usize) as *const u8;
            // SAFETY: none: the address is outside of the memory, which is what the test is about.
            says(&unsafe { far.read_volatile() }.to_string())
        }
        _ => return None,
    })
}

#[cfg(target_arch = "wasm32")]
#[inline(never)]
fn stop_here() -> ! {
    core::arch::wasm32::unreachable()
}
