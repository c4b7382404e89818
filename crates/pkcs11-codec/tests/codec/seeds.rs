//! Every example in these tests, as a seed for the fuzz targets: the bytes of each `hex!` in
//! the sources, and each DER or PEM file beside them.

use std::{
    collections::BTreeSet,
    fs, iter,
    path::{Path, PathBuf},
};

/// What the name of a file that is a seed itself ends with.
const FILES: [&str; 3] = ["der", "p8e", "pem"];

/// All of them, each once, for the folder of the tests.
pub(crate) fn all(tests: &Path) -> BTreeSet<Vec<u8>> {
    let mut seeds = BTreeSet::new();
    let mut folders = vec![tests.to_owned()];
    while let Some(folder) = folders.pop() {
        for path in children(&folder) {
            let ending = path.extension().unwrap_or_default();
            if path.is_dir() {
                folders.push(path);
            } else if ending == "rs" {
                let source = fs::read_to_string(&path).expect("a source is text");
                seeds.extend(source.split("hex!(").skip(1).map(bytes));
            } else if FILES.iter().any(|file| ending == *file) {
                seeds.insert(fs::read(&path).expect("a file that was listed"));
            }
        }
    }
    seeds
}

fn children(folder: &Path) -> impl Iterator<Item = PathBuf> {
    let entries = fs::read_dir(folder).expect("the tests are there");
    entries.map(|entry| entry.expect("an entry").path())
}

/// The bytes of a `hex!`, from behind its parenthesis.
fn bytes(source: &str) -> Vec<u8> {
    let hex = source.split(')').next().unwrap_or_default();
    let mut digits = hex.chars().filter_map(|digit| digit.to_digit(16));
    let octet = || Some(digits.next()? << 4 | digits.next()?);
    iter::from_fn(octet).filter_map(|octet| u8::try_from(octet).ok()).collect()
}
