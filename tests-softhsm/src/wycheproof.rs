//! The test vectors of Project Wycheproof, on tokens and through the public API:
//! `cargo xtask wycheproof`.
//!
//! A vector is a key, an input and what must come of it: a right answer must be accepted, a forged,
//! malformed or truncated one refused. Every vector runs that the token's own list of mechanisms,
//! sizes of keys and curves admits; what does not run is counted under a [`Reason`]. A wrong answer
//! is either a row of [`defects`], with its proof, or a failure.

mod aead;
mod bench;
mod ciphers;
mod curves;
mod defects;
mod dsa;
mod ecdh;
mod ecdsa;
mod eddsa;
mod hkdf;
mod key_wrap;
mod macs;
mod ml_dsa;
mod ml_kem;
mod pbkdf2;
mod rsa_encryption;
mod rsa_signatures;
mod sheet;
mod xdh;

use std::env;
use std::io;
use std::process::{Command, Stdio};

use bench::Bench;
pub use sheet::Reason;
use sheet::Sheet;

use crate::{Kind, Outcome, Stop, TestToken};

/// Names the folder of the process of one token.
const DIR: &str = "WYCHEPROOF_DIR";

/// A family of sets: runs all of them, or says why not.
type Family = fn(&Bench, &mut Sheet) -> Outcome;

const FAMILIES: &[(&str, Family)] = &[
    ("aead", aead::run),
    ("cipher", ciphers::run),
    ("mac", macs::run),
    ("gmac", macs::run_gmac),
    ("key wrap", key_wrap::run),
    ("hkdf", hkdf::run),
    ("pbkdf2", pbkdf2::run),
    ("ecdsa", ecdsa::run),
    ("ecdh", ecdh::run),
    ("eddsa", eddsa::run),
    ("xdh", xdh::run),
    ("rsa pkcs1 signature", rsa_signatures::run_pkcs1),
    ("rsa pss", rsa_signatures::run_pss),
    ("rsa oaep", rsa_encryption::run_oaep),
    ("rsa pkcs1 decryption", rsa_encryption::run_pkcs1),
    ("dsa", dsa::run),
    ("ml-dsa verification", ml_dsa::run_verify),
    ("ml-dsa signature", ml_dsa::run_sign),
    ("ml-kem", ml_kem::run),
];

/// What a token of this kind answers: a line of the table for each set. For a process that
/// [`table`] started; `only` is the beginning of the sets' names.
///
/// # Errors
///
/// If the token cannot be made, or any answer is wrong; all wrong ones are named.
pub fn answers(kind: Kind, only: &str) -> Outcome<String> {
    let dir = env::var_os(DIR).ok_or_else(|| io::Error::other(DIR))?;
    let token = TestToken::blank(kind, dir.as_ref())?;
    token.initialize()?;
    let bench = Bench::new(&token)?;
    let mut sheet = Sheet::new(kind, only);
    for (name, family) in FAMILIES {
        sheet.family(name);
        if sheet.wants_family() {
            family(&bench, &mut sheet)?;
        }
    }
    sheet.finish().map_err(|wrong| Stop::Failed(wrong.into()))
}

/// The table. Each kind of token runs in a process of its own; NSS only where it is installed.
///
/// # Errors
///
/// If a token cannot be made, or answers wrongly: what it said has been printed.
pub fn table(kinds: &[Kind], only: &str) -> Outcome<String> {
    let mut processes = Vec::new();
    for &kind in kinds {
        if kind == Kind::Nss && kind.module().is_none() {
            eprintln!("{kind} is not installed: its sets are missing");
            continue;
        }
        let dir = tempfile::Builder::new().prefix("wycheproof-").tempdir()?;
        let mut command = Command::new(env::current_exe()?);
        command.arg(kind.to_string()).arg(only).env(DIR, dir.path());
        command.stdout(Stdio::piped());
        for &kind in Kind::ALL {
            if let Some((name, value)) = kind.prepare(dir.path())? {
                command.env(name, value);
            }
        }
        processes.push((kind, command.spawn()?, dir));
    }
    let mut table = sheet::head();
    let mut failed = Vec::new();
    for (kind, process, _dir) in processes {
        let output = process.wait_with_output()?;
        if !output.status.success() {
            failed.push(format!("{kind}: {}", output.status));
        }
        table.push_str(&String::from_utf8(output.stdout)?);
    }
    match failed.is_empty() {
        true => Ok(table),
        false => Err(Stop::Failed(failed.join(", ").into())),
    }
}
