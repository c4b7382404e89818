//! The jobs that PKCS#11 has for a codec, done by this crate and by those that users would reach
//! for, in one run; what it prints is the table in docs/performance.md.
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

/// The columns; each time but the first is a multiple of the first.
const CRATES: [&str; 6] = [OURS, ASN1, RUSTCRYPTO, DER, RASN, X509_PARSER];
const OURS: &str = "pkcs11-codec";
const ASN1: &str = "asn1";
const RUSTCRYPTO: &str = "RustCrypto";
const DER: &str = "RustCrypto's `der` alone";
const RASN: &str = "rasn";
const X509_PARSER: &str = "x509-parser";

fn main() {
    println!("| | {} |", CRATES.join(" | "));
    println!("|---|{}", "---|".repeat(CRATES.len()));
    report(
        "certificate",
        vec![
            decode(OURS, CERTIFICATE, |der| drop(black_box(ours::certificate(der)))),
            decode(ASN1, CERTIFICATE, |der| drop(black_box(asn1::certificate(der)))),
            decode(RUSTCRYPTO, CERTIFICATE, |der| drop(black_box(rustcrypto::certificate(der)))),
            decode(RASN, CERTIFICATE, |der| drop(black_box(rasn::certificate(der)))),
            decode(X509_PARSER, CERTIFICATE, |der| drop(black_box(x509_parser::certificate(der)))),
        ],
    );
    report(
        "RSA-2048 private key, PKCS#8",
        vec![
            decode(OURS, RSA_PKCS8, |der| drop(black_box(ours::rsa_pkcs8(der)))),
            decode(ASN1, RSA_PKCS8, |der| drop(black_box(asn1::rsa_pkcs8(der)))),
            decode(RUSTCRYPTO, RSA_PKCS8, |der| drop(black_box(rustcrypto::rsa_pkcs8(der)))),
            decode(RASN, RSA_PKCS8, |der| drop(black_box(rasn::rsa_pkcs8(der)))),
        ],
    );
    report(
        "RSA-2048 private key, PKCS#1",
        vec![
            decode(OURS, RSA_PKCS1, |der| drop(black_box(ours::rsa_pkcs1(der)))),
            decode(ASN1, RSA_PKCS1, |der| drop(black_box(asn1::rsa_pkcs1(der)))),
            decode(RUSTCRYPTO, RSA_PKCS1, |der| drop(black_box(rustcrypto::rsa_pkcs1(der)))),
            decode(RASN, RSA_PKCS1, |der| drop(black_box(rasn::rsa_pkcs1(der)))),
        ],
    );
    for (name, der) in [("RSA-2048", RSA_SPKI), ("P-256", EC_SPKI), ("Ed25519", ED25519_SPKI)] {
        report(
            &format!("SubjectPublicKeyInfo, {name}"),
            vec![
                decode(OURS, der, |der| drop(black_box(ours::spki(der)))),
                decode(ASN1, der, |der| drop(black_box(asn1::spki(der)))),
                decode(RUSTCRYPTO, der, |der| drop(black_box(rustcrypto::spki(der)))),
                decode(RASN, der, |der| drop(black_box(rasn::spki(der)))),
                decode(X509_PARSER, der, |der| drop(black_box(x509_parser::spki(der)))),
            ],
        );
    }
    let mut raw: Fixed = [0; 64];
    ours::ecdsa_to_fixed(ECDSA, &mut raw);
    report(
        "ECDSA signature, DER to r‖s",
        vec![
            to_fixed(OURS, ours::ecdsa_to_fixed),
            to_fixed(ASN1, asn1::ecdsa_to_fixed),
            to_fixed(RUSTCRYPTO, rustcrypto::ecdsa_to_fixed),
            to_fixed(DER, rustcrypto::der_to_fixed),
            to_fixed(RASN, rasn::ecdsa_to_fixed),
        ],
    );
    report(
        "ECDSA signature, r‖s to DER",
        vec![
            to_der(OURS, raw, ours::ecdsa_to_der),
            to_der(ASN1, raw, asn1::ecdsa_to_der),
            to_der(RUSTCRYPTO, raw, rustcrypto::ecdsa_to_der),
            to_der(DER, raw, rustcrypto::der_to_der),
            to_der(RASN, raw, rasn::ecdsa_to_der),
        ],
    );
}

fn decode(
    name: &'static str,
    der: &'static [u8],
    function: impl Fn(&'static [u8]) + 'static,
) -> Form<'static> {
    Form::new(name, move || {
        for _ in 0..CALLS {
            function(black_box(der));
        }
    })
}

fn to_fixed(name: &'static str, function: fn(&[u8], &mut Fixed)) -> Form<'static> {
    Form::new(name, move || {
        let mut fixed = [0; 64];
        for _ in 0..CALLS {
            function(black_box(ECDSA), black_box(&mut fixed));
        }
    })
}

fn to_der(name: &'static str, raw: Fixed, function: fn(&Fixed) -> Vec<u8>) -> Form<'static> {
    Form::new(name, move || {
        for _ in 0..CALLS {
            drop(black_box(function(black_box(&raw))));
        }
    })
}

/// Prints a row: nanoseconds for one call, and the others as multiples of ours.
fn report(job: &str, mut forms: Vec<Form<'_>>) {
    let times = shortest(&mut forms);
    let seconds =
        |name| times.iter().find(|(of, _)| *of == name).map(|(_, time)| time.as_secs_f64());
    let ours = seconds(OURS).expect("ours is always there");
    let [_, others @ ..] = CRATES;
    let ratios: Vec<String> = others
        .iter()
        .map(|name| seconds(name).map_or("–".into(), |time| format!("{:.2}", time / ours)))
        .collect();
    let each = ours * 1e9 / f64::from(CALLS);
    println!("| {job} | {each:.0} ns | {} |", ratios.join(" | "));
}
