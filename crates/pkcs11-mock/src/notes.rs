//! Which functions have answered `CKR_OK`, noted in a file: a test may end its process in any way,
//! and several may write to one file.

use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::path::Path;
use std::sync::OnceLock;

/// Names the file; nothing is noted unless it is set.
const VARIABLE: &str = "PKCS11_MOCK_NOTES";

static FILE: OnceLock<Option<File>> = OnceLock::new();

/// Adds a function's name to the file.
pub(crate) fn add(name: &str) {
    let file = FILE.get_or_init(|| std::env::var_os(VARIABLE).map(|path| open(path.as_ref())));
    if let Some(mut file) = file.as_ref() {
        // In one piece: other processes add theirs.
        let line = format!("{name}\n");
        file.write_all(line.as_bytes()).expect("the notes can be written");
    }
}

/// Takes this file, whatever the environment says.
#[cfg(all(unix, feature = "module"))]
pub(crate) fn into(path: &Path) {
    FILE.get_or_init(|| Some(open(path)));
}

fn open(path: &Path) -> File {
    let file = OpenOptions::new().create(true).append(true).open(path);
    file.unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
