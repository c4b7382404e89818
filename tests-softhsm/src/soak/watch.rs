//! Looks whether every thread goes on.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// What a thread is at.
#[derive(Clone, Copy, Debug)]
struct Beat {
    doing: &'static str,
    since: Instant,
    done: bool,
    works: u64,
}

/// What all threads are at.
#[derive(Debug)]
pub(super) struct Watch {
    beats: Vec<Mutex<Beat>>,
    limit: Duration,
}

impl Watch {
    pub(super) fn new(threads: usize, limit: Duration) -> Self {
        let beat = Beat { doing: "starting", since: Instant::now(), done: false, works: 0 };
        Self { beats: (0..threads).map(|_| Mutex::new(beat)).collect(), limit }
    }

    fn beat(&self, number: usize) -> Option<MutexGuard<'_, Beat>> {
        let beat = self.beats.get(number)?;
        Some(beat.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The thread has ended its last work and begins another.
    pub(super) fn begins(&self, number: usize, doing: &'static str) {
        if let Some(mut beat) = self.beat(number) {
            let works = beat.works + 1;
            *beat = Beat { doing, since: Instant::now(), done: false, works };
        }
    }

    pub(super) fn done(&self, number: usize) {
        if let Some(mut beat) = self.beat(number) {
            beat.done = true;
        }
    }

    /// The work that the thread began last.
    pub(super) fn doing(&self, number: usize) -> &'static str {
        self.beat(number).map_or("", |beat| beat.doing)
    }

    /// Returns when all threads are done.
    ///
    /// # Errors
    ///
    /// What each thread is at, if one is at the same work for too long.
    pub(super) fn look_after(&self, started: Instant) -> Result<(), String> {
        let mut said = 0;
        loop {
            sleep(Duration::from_millis(20));
            let beats = (0..self.beats.len()).filter_map(|number| self.beat(number).map(|it| *it));
            let beats: Vec<Beat> = beats.collect();
            if beats.iter().all(|beat| beat.done) {
                return Ok(());
            }
            let stuck = beats.iter().any(|beat| !beat.done && beat.since.elapsed() > self.limit);
            if stuck {
                return Err(self.said(&beats));
            }
            let second = started.elapsed().as_secs();
            if second > said {
                said = second;
                let works: u64 = beats.iter().map(|beat| beat.works).sum();
                eprintln!("after {second} s: {works} pieces of work");
            }
        }
    }

    fn said(&self, beats: &[Beat]) -> String {
        let mut said = format!("a thread made no progress for {:?}:", self.limit);
        for (number, beat) in beats.iter().enumerate().filter(|(_, beat)| !beat.done) {
            let seconds = beat.since.elapsed().as_secs_f32();
            said.push_str(&format!("\nthread {number}: {} for {seconds:.1} s", beat.doing));
        }
        said
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::thread;

    #[test]
    fn who_goes_on_is_not_stuck() {
        let watch = Watch::new(2, Duration::from_millis(500));
        watch.done(1);
        let answer = thread::scope(|scope| {
            scope.spawn(|| {
                for _ in 0..20 {
                    watch.begins(0, "work");
                    sleep(Duration::from_millis(50));
                }
                watch.done(0);
            });
            watch.look_after(Instant::now())
        });
        assert_eq!(answer, Ok(()));
    }

    #[test]
    fn who_does_not_go_on_is_named() {
        let watch = Watch::new(3, Duration::from_millis(100));
        watch.begins(0, "digests");
        watch.begins(1, "searches");
        watch.done(1);
        let said = watch.look_after(Instant::now()).unwrap_err();
        assert!(said.contains("thread 0: digests for 0."), "{said}");
        assert!(said.contains("thread 2: starting") && !said.contains("searches"), "{said}");
    }
}
