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

    /// Returns when all threads are done; one that is at the same work for too long ends the
    /// process, since nothing else gets it out of a call.
    pub(super) fn look_after(&self, started: Instant) {
        let mut said = 0;
        loop {
            sleep(Duration::from_millis(20));
            let beats = (0..self.beats.len()).filter_map(|number| self.beat(number).map(|it| *it));
            let beats: Vec<Beat> = beats.collect();
            if beats.iter().all(|beat| beat.done) {
                return;
            }
            let stuck = beats.iter().any(|beat| !beat.done && beat.since.elapsed() > self.limit);
            if stuck {
                for (number, beat) in beats.iter().enumerate().filter(|(_, beat)| !beat.done) {
                    let seconds = beat.since.elapsed().as_secs_f32();
                    eprintln!("thread {number}: {} for {seconds:.1} s", beat.doing);
                }
                eprintln!("stuck: a thread made no progress for {} s", self.limit.as_secs());
                std::process::abort();
            }
            let second = started.elapsed().as_secs();
            if second > said {
                said = second;
                let works: u64 = beats.iter().map(|beat| beat.works).sum();
                eprintln!("after {second} s: {works} pieces of work");
            }
        }
    }
}
