//! Real tokens: encrypting in parts, files beside `openssl enc`, and small signatures; the library's
//! forms beside the same C calls made by hand.
#![allow(
    clippy::indexing_slicing,
    clippy::panic_in_result_fn,
    clippy::print_stdout,
    reason = "a measurement, and its report"
)]

mod rounds;

use std::fs::{self, File};
use std::hint::black_box;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::process::Command;

use pkcs11::prelude::*;
use pkcs11::stream::Cipher;
use pkcs11_sys::{CKM_AES_CBC_PAD, CKM_SHA256_HMAC};
use rounds::{Form, shortest};
use tests_softhsm::{Outcome, TestToken, measure, native::ByHand};

/// What is encrypted in each round, in bytes, and in which parts.
const TOTAL: usize = 1 << 20;
const CHUNKS: [usize; 4] = [1 << 10, 16 << 10, 64 << 10, 256 << 10];
/// The length of the files, in bytes, and in which parts they are read by hand.
const FILE: usize = 64 << 20;
const PIECE: usize = 64 << 10;

/// Where the result goes: the disk would be most of what is measured.
const SINK: &str = if cfg!(windows) { "NUL" } else { "/dev/null" };

/// How many signatures are timed at once.
const SIGNATURES: u32 = 1_000;

const IV: [u8; 16] = [7; 16];

struct Subject {
    key: SecretKey,
    by_hand: ByHand,
}

fn main() -> std::process::ExitCode {
    measure(run)
}

fn run(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let key = session.generate_key(KeyType::AES).bits(256).create()?;
    let subject = Subject { key, by_hand: ByHand::new(token.path(), &session)? };
    for size in CHUNKS {
        println!("\n{}, parts of {} KiB", token.kind(), size >> 10);
        subject.parts(size);
    }
    println!("\n{}, a file of {} MiB", token.kind(), FILE >> 20);
    subject.files(token)?;
    println!("\n{}, HMAC-SHA-256 of 32 bytes", token.kind());
    signatures(&session, &subject.by_hand)
}

fn signatures(session: &Session, by_hand: &ByHand) -> Outcome {
    let key = session.generate_key(KeyType::GENERIC_SECRET).bits(256).create()?;
    let (mut first, mut second) = ([0; 32], [0; 32]);
    let mut forms = [
        Form::new("by hand", || {
            for _ in 0..SIGNATURES {
                by_hand.sign_init(CKM_SHA256_HMAC, key.handle());
                black_box(by_hand.sign(black_box(&[5; 32]), &mut first));
            }
        }),
        Form::new("sign_into", || {
            for _ in 0..SIGNATURES {
                let data = black_box(&[5; 32]);
                let answer = key.sign_into(MechanismType::SHA256_HMAC, data, &mut second);
                black_box(answer.expect("it signs"));
            }
        }),
    ];
    let times = shortest(&mut forms);
    for (name, time) in &times {
        let ratio = time.as_secs_f64() / times[0].1.as_secs_f64();
        let each = time.as_secs_f64() * 1e9 / f64::from(SIGNATURES);
        println!("  {name:28} {each:8.0} ns   {ratio:8.3}");
    }
    Ok(())
}

/// Times the forms of a job on so many bytes, and prints what came, the first form being 1.
fn report(bytes: usize, mut forms: Vec<Form<'_>>) {
    let bytes = u32::try_from(bytes).map_or(f64::INFINITY, f64::from);
    let times = shortest(&mut forms);
    for (name, time) in &times {
        let rate = bytes / 1e6 / time.as_secs_f64();
        let ratio = time.as_secs_f64() / times[0].1.as_secs_f64();
        println!("  {:28} {rate:8.0} MB/s {ratio:8.3}", name);
    }
}

impl Subject {
    fn parts(&self, size: usize) {
        let data = vec![5; TOTAL];
        let room = || vec![0; size + Cipher::MARGIN];
        let [mut by_hand, mut ours, mut read] = [room(), room(), room()];
        let mechanism = || AesCbcPad::new(&IV);
        let forms = vec![
            Form::new("by hand", || {
                self.by_hand.encrypt_init(CKM_AES_CBC_PAD, &mut IV.clone(), self.key.handle());
                for part in data.chunks(size) {
                    black_box(self.by_hand.encrypt_update(part, &mut by_hand));
                }
                black_box(self.by_hand.encrypt_final(&mut by_hand));
            }),
            Form::new("update_into", || {
                let mut cipher = self.key.encryptor(mechanism()).expect("it starts");
                for part in data.chunks(size) {
                    black_box(cipher.update_into(part, &mut ours).expect("it encrypts"));
                }
                black_box(cipher.finish_into(&mut ours).expect("it ends"));
            }),
            Form::new("encrypt_stream", || {
                let stream = self.key.encrypt_stream(mechanism(), data.chunks(size));
                for part in stream.expect("it starts") {
                    black_box(part.expect("it encrypts"));
                }
            }),
            Form::new("encrypt_reader", || {
                let reader = self.key.encrypt_reader(mechanism(), &data[..]);
                let mut reader = reader.expect("it starts");
                while reader.read(&mut read[..size]).expect("it encrypts") > 0 {
                    black_box(&read);
                }
            }),
        ];
        report(TOTAL, forms);
    }

    fn files(&self, token: &TestToken) -> Outcome {
        let plain = token.dir().join("plain");
        fs::write(&plain, vec![5; FILE])?;
        let open = || File::open(&plain).expect("it is there");
        let create = || File::create(SINK).expect("it can be written");
        let mechanism = || AesCbcPad::new(&IV);
        let (mut input, mut output) = (vec![0; PIECE], vec![0; PIECE + Cipher::MARGIN]);
        let mut forms = vec![
            Form::new("by hand", || {
                let (mut from, mut to) = (open(), create());
                self.by_hand.encrypt_init(CKM_AES_CBC_PAD, &mut IV.clone(), self.key.handle());
                loop {
                    let length = from.read(&mut input).expect("it reads");
                    if length == 0 {
                        break;
                    }
                    let made = self.by_hand.encrypt_update(&input[..length], &mut output);
                    to.write_all(&output[..made]).expect("it writes");
                }
                let made = self.by_hand.encrypt_final(&mut output);
                to.write_all(&output[..made]).expect("it writes");
            }),
            Form::new("encrypt_reader and io::copy", || {
                let reader = self.key.encrypt_reader(mechanism(), open());
                io::copy(&mut reader.expect("it starts"), &mut create()).expect("it copies");
            }),
            Form::new("encrypt_writer", || {
                let writer = self.key.encrypt_writer(mechanism(), create());
                let mut writer = writer.expect("it starts");
                let mut from = BufReader::with_capacity(PIECE, open());
                loop {
                    let part = from.fill_buf().expect("it reads");
                    if part.is_empty() {
                        break;
                    }
                    writer.write_all(part).expect("it writes");
                    let length = part.len();
                    from.consume(length);
                }
                writer.finish().expect("it ends");
            }),
        ];
        if Command::new("openssl").arg("version").output().is_ok() {
            forms.push(Form::new("openssl enc", || {
                let (key, iv) = ("05".repeat(32), "07".repeat(16));
                let mut command = Command::new("openssl");
                command.args(["enc", "-aes-256-cbc", "-K", &key, "-iv", &iv, "-in"]);
                let status = command.arg(&plain).args(["-out", SINK]).status();
                assert!(status.expect("it runs").success());
            }));
        } else {
            println!("  openssl is not installed, and not measured");
        }
        report(FILE, forms);
        Ok(())
    }
}
