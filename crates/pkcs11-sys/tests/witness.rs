//! Compares this crate with `cryptoki-sys`, whose bindings come from another header (the public
//! domain one that the latchset project wrote) and not from our tables: an error in either shows
//! here. Fields are compared by name, or by `ours = theirs` where the names differ.
//!
//! Every size, alignment, offset and value is compared in a `const` assertion. So a wrong one stops
//! the test from compiling, on every target for which somebody checks it:
//! `cargo check -p pkcs11-sys --tests --target i686-unknown-linux-gnu`.
//! The test that runs only makes sure that the lists name everything.
//!
//! cryptoki-sys' bindings for 32-bit Windows are its generic ones, whose structs are not packed, so
//! there is nothing to compare with there.

#![cfg(not(all(windows, target_pointer_width = "32")))]
#![allow(
    clippy::as_conversions,
    clippy::unnecessary_cast,
    reason = "in a constant `as` is the only way to widen, and the types differ by platform"
)]

use std::collections::BTreeSet;
use std::mem::{align_of, offset_of, size_of};

macro_rules! compare_structs {
    ($($name:ident { $($field:ident $(= $other:ident)?),* })*) => {
        $(
            const _: () = {
                use cryptoki_sys::$name as Theirs;
                use pkcs11_sys::$name as Ours;
                assert!(size_of::<Ours>() == size_of::<Theirs>(), stringify!($name));
                assert!(align_of::<Ours>() == align_of::<Theirs>(), stringify!($name));
                $(assert!(
                    offset_of!(Ours, $field) == their_offset!(Theirs, $field $(= $other)?),
                    concat!(stringify!($name), "::", stringify!($field))
                );)*
            };
        )*
        const FIELDS: &[(&str, &str)] = &[$($((stringify!($name), stringify!($field))),*),*];
    };
}

macro_rules! their_offset {
    ($theirs:ident, $field:ident) => {
        offset_of!($theirs, $field)
    };
    ($theirs:ident, $field:ident = $other:ident) => {
        offset_of!($theirs, $other)
    };
}

macro_rules! compare_constants {
    ($($name:ident)*) => {
        // Widened, because cryptoki-sys has the trust states as u32.
        $(const _: () = {
            assert!(pkcs11_sys::$name as u64 == cryptoki_sys::$name as u64, stringify!($name));
        };)*
        const CONSTANTS: &[&str] = &[$(stringify!($name)),*];
    };
}

include!("witness/structs.rs");
include!("witness/constants.rs");

/// The cells of two columns of a table, without the line of column names.
fn columns<'a>(table: &'a str, first: usize, second: usize) -> Vec<(&'a str, &'a str)> {
    let cell = |line: &'a str, column| line.split('\t').nth(column).unwrap_or_default();
    table.lines().skip(1).map(|line| (cell(line, first), cell(line, second))).collect()
}

#[test]
fn every_struct_field_is_compared() {
    let listed: BTreeSet<_> = FIELDS.iter().copied().collect();
    let table = columns(include_str!("../../../headers/spec/structs.tsv"), 0, 3);
    for (name, field) in table {
        // `type` is a word of Rust's, and bindgen writes `type_`.
        let field = if field == "type" { "type_" } else { field };
        assert!(listed.contains(&(name, field)), "{name}::{field} is not in witness/structs.rs");
    }
    let functions = columns(include_str!("../../../headers/spec/functions.tsv"), 1, 2);
    for (name, _) in functions {
        let entry = ("CK_FUNCTION_LIST_3_2", name);
        assert!(listed.contains(&entry), "{name} is not in witness/structs.rs");
    }
}

#[test]
fn every_constant_is_compared() {
    let listed: BTreeSet<_> = CONSTANTS.iter().copied().collect();
    let table = columns(include_str!("../../../headers/spec/constants.tsv"), 1, 2);
    for (name, _) in table {
        assert!(listed.contains(name), "{name} is not in witness/constants.rs");
    }
}
