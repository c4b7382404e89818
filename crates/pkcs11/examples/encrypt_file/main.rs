//! Encrypts files of any length for a key of the token, and decrypts them again:
//!
//! ```text
//! encrypt_file encrypt INPUT OUTPUT
//! encrypt_file decrypt INPUT OUTPUT
//! ```
//!
//! Without arguments it shows both, and what becomes of a file that was changed, in a temporary
//! folder.
#![allow(clippy::print_stdout, clippy::panic_in_result_fn, reason = "it shows and checks")]

mod sealed;

use clap::{Parser, Subcommand};
use pkcs11::prelude::*;
use sealed::Sessions;
use std::env::var;
use std::fs;
use std::path::{Path, PathBuf};

type Outcome<T = ()> = std::result::Result<T, Box<dyn std::error::Error>>;

/// The label of the key pair, on the token.
const LABEL: &str = "encrypt_file";

/// Encrypts files for an RSA key of the token, and decrypts them.
///
/// The token: PKCS11_MODULE (the module's file), PKCS11_TOKEN (the label), PKCS11_PIN.
#[derive(Debug, Parser)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Encrypts a file; the token gets a key pair if it has none yet
    Encrypt { input: PathBuf, output: PathBuf },
    /// Decrypts a file, if it is whole
    Decrypt { input: PathBuf, output: PathBuf },
}

/// Runs the example.
pub fn main() -> Outcome {
    let arguments = Arguments::parse();
    let module = pkcs11::load(var("PKCS11_MODULE")?)?;
    let token = module.token(label(var("PKCS11_TOKEN")?))?;
    let pin = var("PKCS11_PIN")?;
    // A session works on one thing at a time: one to encrypt, one for the MAC beside it.
    let open = || token.open().user_pin(&*pin).start();
    let sessions = Sessions { cipher: open()?, mac: open()? };
    match arguments.command {
        Some(Command::Encrypt { input, output }) => {
            sealed::encrypt(&sessions, &public_key(&sessions.cipher, true)?, &input, &output)
        }
        Some(Command::Decrypt { input, output }) => sealed::decrypt(&sessions, &input, &output),
        None => demonstrate(&sessions),
    }
}

fn private_key(session: &Session) -> Result<PrivateKey> {
    session.find::<PrivateKey>().label(LABEL).key_type(KeyType::RSA).one()
}

/// The public key; if there is none, of a new pair, which the token keeps or forgets.
fn public_key(session: &Session, store: bool) -> Result<PublicKey> {
    let found = session.find::<PublicKey>().label(LABEL).key_type(KeyType::RSA).one();
    match found {
        Err(error) if matches!(error.kind(), ErrorKind::NotFound) => {
            let pair = session.generate_key_pair(KeyType::RSA).bits(3072).label(LABEL);
            let (public, _) = pair.store(store).create()?;
            Ok(public)
        }
        found => found,
    }
}

fn demonstrate(sessions: &Sessions) -> Outcome {
    let folder = tempfile::tempdir()?;
    let [plain, encrypted, decrypted] =
        ["plain", "encrypted", "decrypted"].map(|name| folder.path().join(name));
    let text = b"a line of a file that is not small\n".repeat(100_000);
    fs::write(&plain, &text)?;

    let public = public_key(&sessions.cipher, false)?;
    sealed::encrypt(sessions, &public, &plain, &encrypted)?;
    let whole = fs::read(&encrypted)?;
    println!("encrypted: {} bytes to {}", text.len(), whole.len());
    sealed::decrypt(sessions, &encrypted, &decrypted)?;
    assert_eq!(fs::read(&decrypted)?, text);
    println!("decrypted: the same");

    fs::remove_file(&decrypted)?;
    let short = |length| whole.get(..length).unwrap_or_default().to_vec();
    let damaged = [
        ("its last byte is missing", short(whole.len() - 1)),
        ("its second half is missing", short(whole.len() / 2)),
        ("most of it is missing", short(100)),
        ("all is missing", Vec::new()),
        ("its kind is another", changed(&whole, 0)),
        ("a length in its header is another", changed(&whole, 8)),
        ("a wrapped key is another", changed(&whole, 20)),
        ("a byte in the middle is another", changed(&whole, whole.len() / 2)),
        ("the end of its ciphertext is another", changed(&whole, whole.len() - 33)),
        ("its MAC is another", changed(&whole, whole.len() - 1)),
    ];
    for (what, bytes) in damaged {
        fs::write(&encrypted, bytes)?;
        let refused = sealed::decrypt(sessions, &encrypted, &decrypted);
        println!("{what}: {}", refused.expect_err("it must be refused"));
        assert_eq!(names(folder.path())?, ["encrypted", "plain"], "nothing is left of it");
    }
    Ok(())
}

fn changed(bytes: &[u8], position: usize) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    if let Some(byte) = bytes.get_mut(position) {
        *byte ^= 1;
    }
    bytes
}

fn names(folder: &Path) -> Outcome<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        names.push(entry?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    Ok(names)
}
