//! Times forms of one job in turn, so that whatever else the machine does meets all of them: the
//! ratios are what is wanted, and one after the other would not give them on a machine in use.

use std::time::{Duration, Instant};

/// How long the forms of one job are run, in all.
const LIMIT: Duration = Duration::from_secs(4);
/// How often at least.
const ROUNDS: usize = 5;

/// One form of a job.
pub(crate) struct Form<'f> {
    pub(crate) name: &'static str,
    pub(crate) run: Box<dyn FnMut() + 'f>,
}

impl<'f> Form<'f> {
    pub(crate) fn new(name: &'static str, run: impl FnMut() + 'f) -> Self {
        Self { name, run: Box::new(run) }
    }
}

/// The shortest time of each form, with its name: a disturbance only makes it longer.
pub(crate) fn shortest(forms: &mut [Form<'_>]) -> Vec<(&'static str, Duration)> {
    let mut times: Vec<_> = forms.iter().map(|form| (form.name, Duration::MAX)).collect();
    let started = Instant::now();
    let mut rounds = 0;
    while rounds < ROUNDS || started.elapsed() < LIMIT {
        for (form, (_, time)) in forms.iter_mut().zip(&mut times) {
            let started = Instant::now();
            (form.run)();
            *time = started.elapsed().min(*time);
        }
        rounds += 1;
    }
    times
}
