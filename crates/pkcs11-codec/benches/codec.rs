//! The jobs that PKCS#11 has for a codec, done by this crate and by those that users would reach
//! for, in one run; what comes out is the table in docs/performance.md.
#![allow(clippy::indexing_slicing, clippy::print_stdout, reason = "a measurement, and its report")]

#[path = "rivals/rivals.rs"]
mod rivals;
#[path = "../../../tests-softhsm/benches/rounds.rs"]
mod rounds;

use std::hint::black_box;

use rivals::{
    CERTIFICATE, EC_SPKI, ECDSA, ED25519_SPKI, Fixed, RSA_PKCS1, RSA_PKCS8, RSA_SPKI, asn1, ours,
    rasn, rustcrypto, x509_parser,
};
use rounds::{Form, shortest};

/// How many calls are timed at once.
const CALLS: u32 = 1_000;

/// The columns, ours first.
const CRATES: [&str; 6] = ["pkcs11-codec", "asn1", "RustCrypto", "`der`", "rasn", "x509-parser"];

/// A function that reads `der`, as a form with the name of its crate.
fn read<T>(
    name: &'static str,
    function: fn(&'static [u8]) -> T,
    der: &'static [u8],
) -> Form<'static> {
    Form::new(name, move || {
        for _ in 0..CALLS {
            black_box(function(black_box(der)));
        }
    })
}

fn main() {
    println!("| | {} |", CRATES.join(" | "));
    println!("|---|{}", "---|".repeat(CRATES.len()));
    let [codec, asn1, rustcrypto, der, rasn, x509_parser] = CRATES;

    report(
        "certificate",
        vec![
            read(codec, ours::certificate, CERTIFICATE),
            read(asn1, asn1::certificate, CERTIFICATE),
            read(rustcrypto, rustcrypto::certificate, CERTIFICATE),
            read(rasn, rasn::certificate, CERTIFICATE),
            read(x509_parser, x509_parser::certificate, CERTIFICATE),
        ],
    );
}
