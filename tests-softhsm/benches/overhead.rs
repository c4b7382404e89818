//! What the library adds to a call: the time on a module that does nothing, ours and by hand.

mod operations;

use std::time::{Duration, Instant};

use criterion::{Bencher, Criterion};
use operations::Run;
use pkcs11_mock::Mock;

fn main() -> pkcs11::Result<()> {
    let mock = Mock::start();
    let mut criterion = Criterion::default()
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(2))
        .configure_from_args();
    for mut operation in operations::operations(&mock)? {
        let mut group = criterion.benchmark_group(operation.name);
        group.bench_function("by hand", |bencher| time(bencher, &mut operation.by_hand));
        group.bench_function("ours", |bencher| time(bencher, &mut operation.ours));
        group.finish();
    }
    criterion.final_summary();
    Ok(())
}

fn time(bencher: &mut Bencher<'_>, run: &mut Run) {
    bencher.iter_custom(|times| {
        let started = Instant::now();
        run(times);
        started.elapsed()
    });
}
