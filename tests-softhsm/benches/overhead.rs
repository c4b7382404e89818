//! What the library adds to a call: the time on a module that does nothing, ours and by hand.
#![allow(clippy::indexing_slicing, clippy::print_stdout, reason = "a measurement, and its report")]

mod operations;
mod rounds;

use pkcs11_mock::Mock;
use rounds::{Form, shortest};

/// How many calls are timed at once.
const CALLS: u32 = 10_000;

fn main() -> pkcs11::Result<()> {
    let mock = Mock::start();
    println!("{:36} {:>8} {:>8} {:>8}", "nanoseconds for each call", "by hand", "ours", "added");
    for operation in operations::operations(&mock)? {
        let operations::Operation { name, mut by_hand, mut ours } = operation;
        let mut forms =
            [Form::new(name, || by_hand(CALLS.into())), Form::new(name, || ours(CALLS.into()))];
        let times = shortest(&mut forms);
        let each = |index: usize| times[index].1.as_secs_f64() * 1e9 / f64::from(CALLS);
        let [by_hand, ours] = [each(0), each(1)];
        println!("{name:36} {by_hand:8.1} {ours:8.1} {:8.1}", ours - by_hand);
    }
    Ok(())
}
