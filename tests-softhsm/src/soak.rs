//! Many threads at random work with checked results, for a given time.

mod bench;
mod objects;
mod one_shot;
mod parts;
mod start;
mod streams;
mod watch;

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use pkcs11::{Session, Token};
use watch::Watch;

use self::bench::{Bench, Keys, Work};
pub use self::start::{soak_child, soak_process};
use crate::{Outcome, PIN};

/// So many threads share one session, and so many have one each.
pub const THREADS: usize = 8;

/// How long no thread may be without an operation that ends.
const STUCK: Duration = Duration::from_secs(20);
/// How long an operation waits for another thread's: longer than it takes to be called stuck.
const PATIENCE: Duration = Duration::from_secs(120);

/// One kind of work: its name in the report, and the work, which checks its own results.
type WorkKind = (&'static str, fn(&mut Bench) -> Work);

const KINDS: &[WorkKind] = &[
    ("AES-CBC at once", one_shot::cbc),
    ("AES-GCM at once", one_shot::gcm),
    ("HMAC at once", one_shot::hmac),
    ("RSA signature at once", one_shot::rsa_signature),
    ("RSA encryption at once", one_shot::rsa_encryption),
    ("EC signature at once", one_shot::ec_signature),
    ("digest at once", one_shot::digest),
    ("random numbers", one_shot::random),
    ("AES-CBC streams", streams::cbc),
    ("AES-GCM streams", streams::gcm),
    ("AES readers and writers", streams::readers_and_writers),
    ("HMAC streams", parts::hmac),
    ("RSA signature streams", parts::rsa_signature),
    ("EC signature streams", parts::ec_signature),
    ("digest streams", parts::digest),
    ("streams dropped half-way", parts::dropped),
    ("producers that fail", parts::failing_producers),
    ("operations beside a stream", streams::beside),
    ("streams that change threads", streams::moved),
    ("searches with keys used inside", objects::search),
    ("objects created and destroyed", objects::data),
    ("keys generated and copied", objects::keys),
    ("attributes read", objects::attributes),
    ("sessions opened and closed", objects::sessions),
];

/// What a soak did.
#[derive(Clone, Debug)]
pub struct Report {
    /// What the random choices came from.
    pub seed: u64,
    /// How long it ran.
    pub time: Duration,
    /// For each kind of work, how often it was done by the threads of the shared session, and how
    /// often by those with a session each.
    pub counts: Vec<(&'static str, u64, u64)>,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "seed {}, {:.1} s", self.seed, self.time.as_secs_f32())?;
        writeln!(f, "{:32} {:>9} {:>9}", "", "shared", "own")?;
        for (name, shared, own) in &self.counts {
            writeln!(f, "{name:32} {shared:>9} {own:>9}")?;
        }
        let (mut shared, mut own) = (0, 0);
        for (_, of_shared, of_own) in &self.counts {
            shared += of_shared;
            own += of_own;
        }
        writeln!(f, "{:32} {shared:>9} {own:>9}", "in all")
    }
}

/// How often a kind of work was done: on the shared session, and on others.
#[derive(Debug, Default)]
struct Counts {
    shared: AtomicU64,
    own: AtomicU64,
}

/// Works for so long with [`THREADS`] threads on one session and as many with a session each, all
/// at once. Each thread does every kind of work at least once. A thread that comes to no end for
/// 20 s ends the process.
///
/// # Errors
///
/// The first result that is wrong, with the seed and the thread.
pub fn soak(token: &Token, time: Duration, seed: u64) -> Outcome<Report> {
    let started = Instant::now();
    let session = open(token)?;
    Keys::make(&session)?;
    let watch = Watch::new(2 * THREADS, STUCK);
    let counts: Vec<Counts> = KINDS.iter().map(|_| Counts::default()).collect();
    let failed = AtomicBool::new(false);
    let deadline = started + time;
    let first = thread::scope(|scope| {
        let mut workers = Vec::new();
        for number in 0..2 * THREADS {
            let (watch, counts, failed) = (&watch, &counts, &failed);
            let shared = (number < THREADS).then(|| session.clone());
            workers.push(scope.spawn(move || {
                let work =
                    || worker(number, seed, shared, token, watch, counts, (deadline, failed));
                let outcome = catch_unwind(AssertUnwindSafe(work));
                let outcome = outcome.unwrap_or_else(|_| Err("it panicked".into()));
                failed.fetch_or(outcome.is_err(), Ordering::Relaxed);
                watch.done(number);
                outcome.map_err(|error| {
                    format!("seed {seed}, thread {number}, {}: {error}", watch.doing(number))
                })
            }));
        }
        if let Err(stuck) = watch.look_after(started) {
            // Nothing else gets a thread out of a call.
            eprintln!("seed {seed}: {stuck}");
            std::process::abort();
        }
        let outcomes = workers.into_iter().map(|worker| worker.join());
        outcomes.filter_map(|joined| joined.unwrap_or(Ok(())).err()).next()
    });
    if let Some(error) = first {
        return Err(crate::Stop::Failed(error.into()));
    }
    session.close()?;
    let load = |count: &AtomicU64| count.load(Ordering::Relaxed);
    let names = KINDS.iter().map(|&(name, _)| name);
    let counts = names.zip(&counts);
    Ok(Report {
        seed,
        time: started.elapsed(),
        counts: counts.map(|(name, it)| (name, load(&it.shared), load(&it.own))).collect(),
    })
}

fn open(token: &Token) -> pkcs11::Result<Session> {
    token.open().user_pin(PIN).operation_timeout(PATIENCE).start()
}

fn worker(
    number: usize,
    seed: u64,
    shared: Option<Session>,
    token: &Token,
    watch: &Watch,
    counts: &[Counts],
    (deadline, failed): (Instant, &AtomicBool),
) -> Work {
    let is_shared = shared.is_some();
    let session = match shared {
        Some(session) => session,
        None => open(token)?,
    };
    let mut bench = Bench::new(number, seed, session)?;
    // Once each, the threads at different ones; then what chance says.
    for round in 0.. {
        let all_done = round >= KINDS.len() && Instant::now() >= deadline;
        if all_done || failed.load(Ordering::Relaxed) {
            break;
        }
        let choice = match round < KINDS.len() {
            true => (number + round) % KINDS.len(),
            false => bench.random.usize(..KINDS.len()),
        };
        if let (Some((name, work)), Some(count)) = (KINDS.get(choice), counts.get(choice)) {
            watch.begins(number, name);
            work(&mut bench)?;
            let count = if is_shared { &count.shared } else { &count.own };
            count.fetch_add(1, Ordering::Relaxed);
        }
    }
    Ok(())
}
