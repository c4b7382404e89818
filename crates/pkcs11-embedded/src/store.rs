//! Where the token keeps its objects, and how kryoptic is told.

use std::ffi::{CStr, CString};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// What an SQLite database starts with.
const SQLITE_MAGIC: &[u8] = b"SQLite format 3\0";

/// SQLite's name of a database in memory. kryoptic takes a store by name when
/// it ends in `.sql`; SQLite passes over the parameter that sees to it.
const MEMORY: &CStr = c"file:pkcs11-embedded?mode=memory&as=.sql";

/// Where the token keeps its objects: in memory, or in a file.
///
/// Holds no resource; the database is open while the module is initialised.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Store {
    path: Option<PathBuf>,
    reserved: CString,
}

impl Store {
    /// A token in memory: blank when the module is initialised, gone when it
    /// is finalized.
    pub fn memory() -> Self {
        Self { path: None, reserved: MEMORY.to_owned() }
    }

    /// A token in the file at `path`, an SQLite database.
    ///
    /// A missing file is made, readable by its owner alone; a file that a
    /// token lives in already is used as it is.
    ///
    /// One process at a time: kryoptic reports `CKR_DEVICE_MEMORY` to one of
    /// two that write at once.
    ///
    /// # Errors
    /// The file can be neither opened for writing nor made, or holds
    /// something else than an SQLite database ([`io::ErrorKind::InvalidData`]).
    pub fn file(path: impl AsRef<Path>) -> io::Result<Self> {
        let path = path.as_ref();
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        if !is_database(options.open(path)?)? {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "not an SQLite database"));
        }
        // One name for one file, however it was called.
        let path = fs::canonicalize(path)?;
        let reserved = file_uri(&path);
        Ok(Self { path: Some(path), reserved })
    }

    /// The file, if the token lives in one: absolute, symbolic links resolved.
    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// What `C_Initialize` takes as `pReserved` (PKCS#11 §5.4) to open this
    /// store.
    ///
    /// The same store gives the same string. With it, kryoptic reads neither
    /// `KRYOPTIC_CONF` nor any other configuration file.
    pub fn reserved(&self) -> &CStr {
        &self.reserved
    }
}

/// Whether SQLite would take the file; an empty one is an empty database.
fn is_database(file: File) -> io::Result<bool> {
    let mut start = Vec::with_capacity(SQLITE_MAGIC.len());
    let room = u64::try_from(SQLITE_MAGIC.len()).map_err(io::Error::other)?;
    file.take(room).read_to_end(&mut start)?;
    Ok(start.is_empty() || start == SQLITE_MAGIC)
}

/// The file as an SQLite URI, each byte with a meaning of its own escaped, so
/// that no name of a file is taken for anything else.
fn file_uri(path: &Path) -> CString {
    let mut uri = b"file:".to_vec();
    for &byte in path.as_os_str().as_encoded_bytes() {
        if byte.is_ascii_alphanumeric() || b"/-._~".contains(&byte) {
            uri.push(byte);
        } else {
            uri.extend_from_slice(format!("%{byte:02X}").as_bytes());
        }
    }
    uri.extend_from_slice(b"?as=.sql");
    // No zero byte is left: each was escaped.
    CString::new(uri).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_of_a_path_is_kept() {
        let uri = file_uri(Path::new("/tmp/a b?c#d%e&f=é.sql"));
        assert_eq!(uri.as_c_str(), c"file:/tmp/a%20b%3Fc%23d%25e%26f%3D%C3%A9.sql?as=.sql");
    }

    #[test]
    fn one_file_is_one_store() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("token");
        let store = Store::file(&path).unwrap();
        assert_eq!(store, Store::file(dir.path().join("./token")).unwrap());
        assert_ne!(store, Store::memory());
        assert_eq!(store.path().and_then(Path::file_name), path.file_name());
    }

    #[cfg(unix)]
    #[test]
    fn a_new_file_is_its_owners_alone() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("token");
        Store::file(&path).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn what_is_no_database_is_refused_and_left_alone() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("notes.txt");
        fs::write(&path, "my notes").unwrap();
        assert_eq!(Store::file(&path).unwrap_err().kind(), io::ErrorKind::InvalidData);
        assert_eq!(fs::read(&path).unwrap(), b"my notes");
        assert!(Store::file(dir.path()).is_err());
        assert_eq!(
            Store::file(dir.path().join("none/token")).unwrap_err().kind(),
            io::ErrorKind::NotFound
        );
    }
}
