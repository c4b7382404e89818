//! Which process this is: a child knows that it has been forked.

#[cfg(unix)]
mod platform {
    use std::sync::Once;
    use std::sync::atomic::{AtomicUsize, Ordering};

    static GENERATION: AtomicUsize = AtomicUsize::new(0);

    extern "C" fn in_child() {
        // One atomic addition is async-signal-safe.
        GENERATION.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn generation() -> usize {
        GENERATION.load(Ordering::Relaxed)
    }

    pub(crate) fn watch() {
        static WATCH: Once = Once::new();
        WATCH.call_once(|| {
            // SAFETY: `in_child` is a function for the whole life of the process, and does
            // only what POSIX allows in a forked child.
            let code = unsafe { libc::pthread_atfork(None, None, Some(in_child)) };
            if code != 0 {
                // Out of memory: forks go unnoticed, as they do in every other program.
                tracing::error!(code, "pthread_atfork failed");
            }
        });
    }
}

#[cfg(not(unix))]
mod platform {
    pub(crate) fn generation() -> usize {
        0
    }

    pub(crate) fn watch() {}
}

/// How many forks lie between this process and the one that loaded its first module.
pub(crate) use platform::generation;
/// Counts forks from now on.
pub(crate) use platform::watch;
