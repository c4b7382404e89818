//! The ways out of a stream that is not finished.

use std::io::{self, BufRead, Read, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};

use pkcs11::OperationKind::{self, Decrypt, Digest, Encrypt, Sign, Verify};
use pkcs11::mechanism::AesCbcPad;
use pkcs11::prelude::*;
use tests_softhsm::{Outcome, TestToken};

use super::Bench;
use crate::common::known_key;

type Way<'w> = (&'static str, OperationKind, Box<dyn Fn() -> Result<()> + 'w>);

#[derive(Default)]
struct Ways<'w>(Vec<Way<'w>>);

impl<'w> Ways<'w> {
    fn add(
        &mut self,
        name: &'static str,
        kind: OperationKind,
        action: impl Fn() -> Result<()> + 'w,
    ) {
        self.0.push((name, kind, Box::new(action)));
    }
}

const IV: [u8; 16] = [2; 16];

fn chunks() -> impl Iterator<Item = Result<[u8; 64], io::Error>> {
    let end = std::iter::once_with(|| Err(io::Error::other("disk")));
    (0..3).map(|_| Ok([1; 64])).chain(end)
}

/// Gives some data, then an error.
struct Broken(usize);

impl Read for Broken {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.0.min(buffer.len());
        self.0 -= length;
        if length == 0 { Err(io::Error::other("disk")) } else { Ok(length) }
    }
}

impl Write for Broken {
    fn write(&mut self, data: &[u8]) -> io::Result<usize> {
        let length = self.0.min(data.len());
        self.0 -= length;
        if length == 0 { Err(io::Error::other("disk")) } else { Ok(length) }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Leaves by `?` while the stream is alive.
fn out_by_question_mark<S>(stream: S) -> Result<()> {
    let _stream = stream;
    Err(ErrorKind::NotFound)?;
    Ok(())
}

fn out_by_panic<S>(stream: S) {
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    let caught = catch_unwind(AssertUnwindSafe(|| {
        let _stream = stream;
        panic!("out");
    }));
    std::panic::set_hook(hook);
    assert!(caught.is_err());
}

/// The ways out of a cipher of one direction.
macro_rules! ways {
    ($ways:ident, $key:ident, $kind:ident: $stream:ident, $reader:ident, $writer:ident, $hand:ident) => {
        let cbc = || AesCbcPad::new(&IV);
        $ways.add("an iterator, not begun", $kind, move || $key.$stream(cbc(), chunks()).map(drop));
        $ways.add("an iterator, left by break", $kind, move || {
            for (index, chunk) in $key.$stream(cbc(), chunks())?.enumerate() {
                chunk?;
                if index == 1 {
                    break;
                }
            }
            Ok(())
        });
        $ways.add("an iterator, ended by its producer", $kind, move || {
            assert!($key.$stream(cbc(), chunks())?.last().unwrap().is_err());
            Ok(())
        });
        $ways.add("an iterator, by `?`", $kind, move || {
            let mut stream = $key.$stream(cbc(), chunks())?;
            stream.next().unwrap()?;
            assert!(out_by_question_mark(stream).is_err());
            Ok(())
        });
        $ways.add("an iterator, by a panic", $kind, move || {
            let mut stream = $key.$stream(cbc(), chunks())?;
            stream.next().unwrap()?;
            out_by_panic(stream);
            Ok(())
        });
        $ways.add("a reader, not begun", $kind, move || $key.$reader(cbc(), Broken(64)).map(drop));
        $ways.add("a reader, after a few bytes", $kind, move || {
            let mut reader = $key.$reader(cbc(), Broken(64))?;
            assert!(reader.read(&mut [0; 10]).is_ok_and(|length| length == 10));
            Ok(())
        });
        $ways.add("a reader whose source fails", $kind, move || {
            let mut reader = $key.$reader(cbc(), Broken(64))?;
            assert!(reader.read_to_end(&mut Vec::new()).is_err());
            Ok(())
        });
        $ways.add("a reader, by a panic", $kind, move || {
            let mut reader = $key.$reader(cbc(), Broken(64))?;
            assert!(reader.fill_buf().is_ok());
            out_by_panic(reader);
            Ok(())
        });
        $ways.add("a writer, not begun", $kind, move || $key.$writer(cbc(), Broken(64)).map(drop));
        $ways.add("a writer, after some data", $kind, move || {
            let mut writer = $key.$writer(cbc(), Broken(1000))?;
            assert!(writer.write_all(&[1; 64]).is_ok());
            Ok(())
        });
        $ways.add("a writer whose sink fails", $kind, move || {
            let mut writer = $key.$writer(cbc(), Broken(16))?;
            assert!(writer.write_all(&[1; 64]).and_then(|()| writer.flush()).is_err());
            Ok(())
        });
        $ways.add("a writer whose sink fails at the end", $kind, move || {
            let mut writer = $key.$writer(cbc(), Broken(16))?;
            let written = writer.write_all(&[1; 64]);
            assert!(written.and_then(|()| writer.finish().map(drop)).is_err());
            Ok(())
        });
        $ways.add("a writer, by a panic", $kind, move || {
            let mut writer = $key.$writer(cbc(), Broken(1000))?;
            assert!(writer.write_all(&[1; 64]).is_ok());
            out_by_panic(writer);
            Ok(())
        });
        $ways.add("by hand, not begun", $kind, move || $key.$hand(cbc()).map(drop));
        $ways.add("by hand, after some data", $kind, move || {
            $key.$hand(cbc())?.update(&[1; 64])?;
            Ok(())
        });
        $ways.add("by hand, after half a block", $kind, move || {
            $key.$hand(cbc())?.update(&[1; 8])?;
            Ok(())
        });
        $ways.add("by hand, by a panic", $kind, move || {
            let mut cipher = $key.$hand(cbc())?;
            cipher.update(&[1; 64])?;
            out_by_panic(cipher);
            Ok(())
        });
    };
}

/// The ways out of what takes data alone; the stream that it makes by hand is `$hand`.
macro_rules! ways_in {
    ($ways:ident, $kind:ident, $hand:expr, $stream:expr, $reader:expr) => {
        $ways.add("by hand, not begun", $kind, move || $hand.map(drop));
        $ways.add("by hand, after some data", $kind, move || $hand?.update(&[1; 64]));
        $ways.add("by hand, as a writer", $kind, move || {
            let mut writer = $hand?;
            assert!(io::copy(&mut Broken(64), &mut writer).is_err());
            Ok(())
        });
        $ways.add("by hand, by `?`", $kind, move || {
            let mut stream = $hand?;
            stream.update(&[1; 64])?;
            assert!(out_by_question_mark(stream).is_err());
            Ok(())
        });
        $ways.add("by hand, by a panic", $kind, move || {
            let mut stream = $hand?;
            stream.update(&[1; 64])?;
            out_by_panic(stream);
            Ok(())
        });
        $ways.add("an iterator that fails", $kind, move || {
            assert!($stream.is_err());
            Ok(())
        });
        $ways.add("a reader that fails", $kind, move || {
            assert!($reader.is_err());
            Ok(())
        });
    };
}

pub(super) fn every_way_out_of_a_stream_cancels(token: &TestToken) -> Outcome {
    let bench = Bench::new(token, &[])?;
    let session = &bench.session;
    let aes = &known_key(session, KeyType::AES, &[7; 32])?;
    let mac = &known_key(session, KeyType::GENERIC_SECRET, &[7; 32])?;
    let hmac = MechanismType::SHA256_HMAC;
    let mut ways = Ways::default();
    ways!(ways, aes, Encrypt: encrypt_stream, encrypt_reader, encrypt_writer, encryptor);
    ways!(ways, aes, Decrypt: decrypt_stream, decrypt_reader, decrypt_writer, decryptor);
    ways_in!(
        ways,
        Sign,
        mac.signer(hmac),
        mac.sign_stream(hmac, chunks()),
        mac.sign_reader(hmac, Broken(64))
    );
    ways_in!(
        ways,
        Verify,
        mac.verifier(hmac),
        mac.verify_stream(hmac, chunks(), &[0; 32]),
        mac.verify_reader(hmac, Broken(64), &[0; 32])
    );
    ways_in!(
        ways,
        Digest,
        session.digester(DEFAULT),
        session.digest_stream(DEFAULT, chunks()),
        session.digest_reader(DEFAULT, Broken(64))
    );
    assert_eq!(ways.0.len(), 2 * 18 + 3 * 7);
    for (name, kind, action) in &ways.0 {
        let cell = format!("{kind}: {name}");
        for same_first in [true, false] {
            action().unwrap_or_else(|error| panic!("{cell}: {error:?}"));
            let same = bench.usual.iter().find(|work| work.kind == *kind).unwrap();
            if same_first {
                bench.same(&cell, same, true);
                bench.others(&cell, *kind);
            } else {
                bench.others(&cell, *kind);
                bench.same(&cell, same, true);
            }
        }
    }
    Ok(())
}
