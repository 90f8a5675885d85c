//! What is said when the first command on a machine takes long: the JavaScript engine is compiled, once, and kept.

use std::{
    sync::{
        atomic::{AtomicBool, Ordering},
        mpsc::{RecvTimeoutError, Sender, channel},
    },
    thread,
    time::Duration,
};

use crate::{host, terminal};

/// What takes longer is not the work on a hook.
const PATIENCE: Duration = Duration::from_secs(2);

/// Whether it was said in this process.
static SAID: AtomicBool = AtomicBool::new(false);

/// As long as it is held, an engine may be compiled.
pub(crate) struct Preparing {
    /// Dropped, it ends the wait of the thread.
    _ends: Sender<()>,
}

impl Preparing {
    pub(crate) fn begin() -> Self {
        let (ends, ended) = channel();
        // Not on the runtime: what is waited for may block its thread.
        thread::spawn(move || {
            let takes_long = ended.recv_timeout(PATIENCE) == Err(RecvTimeoutError::Timeout);
            if takes_long && !SAID.swap(true, Ordering::Relaxed) {
                terminal::say(format!(
                    "preparing the JavaScript engine: once on this machine, then it is kept in {}",
                    host::cache_dir().display()
                ));
            }
        });
        Self { _ends: ends }
    }
}
