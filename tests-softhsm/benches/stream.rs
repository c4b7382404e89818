//! Encrypting in parts on real tokens: the library's forms beside the same C calls made by hand, and
//! files beside `openssl enc`.
#![allow(clippy::panic_in_result_fn, reason = "a measurement")]

use std::fs::{self, File};
use std::hint::black_box;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::process::Command;
use std::time::Duration;

use criterion::{BenchmarkGroup, Criterion, Throughput, measurement::WallTime};
use pkcs11::mechanism::AesCbcPad;
use pkcs11::prelude::*;
use pkcs11::stream::Cipher;
use pkcs11_sys::CKM_AES_CBC_PAD;
use tests_softhsm::{Outcome, TestToken, measure, native::ByHand};

/// What is encrypted in each round, in bytes, and in which parts.
const TOTAL: usize = 1 << 20;
const CHUNKS: [usize; 4] = [1 << 10, 16 << 10, 64 << 10, 256 << 10];
/// The length of the files, in bytes, and in which parts they are read by hand.
const FILE: usize = 64 << 20;
const PIECE: usize = 64 << 10;

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
    let mut criterion = Criterion::default()
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_secs(2))
        .sample_size(30)
        .configure_from_args();
    for size in CHUNKS {
        let name = format!("{}, parts of {} KiB", token.kind(), size >> 10);
        let mut group = criterion.benchmark_group(name);
        group.throughput(Throughput::Bytes(TOTAL.try_into().unwrap_or(u64::MAX)));
        subject.parts(&mut group, size);
        group.finish();
    }
    let mut group = criterion.benchmark_group(format!("{}, a file", token.kind()));
    group.sample_size(10).throughput(Throughput::Bytes(FILE.try_into().unwrap_or(u64::MAX)));
    subject.files(&mut group, token)?;
    group.finish();
    criterion.final_summary();
    Ok(())
}

impl Subject {
    fn parts(&self, group: &mut BenchmarkGroup<'_, WallTime>, size: usize) {
        let data = vec![5; TOTAL];
        let mut output = vec![0; size + Cipher::MARGIN];
        let mechanism = || AesCbcPad::new(&IV);
        group.bench_function("by hand", |bencher| {
            bencher.iter(|| {
                self.by_hand.encrypt_init(CKM_AES_CBC_PAD, &mut IV.clone(), self.key.handle());
                for part in data.chunks(size) {
                    black_box(self.by_hand.encrypt_update(part, &mut output));
                }
                self.by_hand.encrypt_final(&mut output)
            });
        });
        group.bench_function("update_into", |bencher| {
            bencher.iter(|| {
                let mut cipher = self.key.encryptor(mechanism()).expect("it starts");
                for part in data.chunks(size) {
                    black_box(cipher.update_into(part, &mut output).expect("it encrypts"));
                }
                cipher.finish_into(&mut output).expect("it ends")
            });
        });
        group.bench_function("encrypt_stream", |bencher| {
            bencher.iter(|| {
                let stream = self.key.encrypt_stream(mechanism(), data.chunks(size));
                for part in stream.expect("it starts") {
                    black_box(part.expect("it encrypts"));
                }
            });
        });
        group.bench_function("encrypt_reader", |bencher| {
            bencher.iter(|| {
                let reader = self.key.encrypt_reader(mechanism(), &data[..]);
                let mut reader = reader.expect("it starts");
                while reader.read(&mut output[..size]).expect("it encrypts") > 0 {
                    black_box(&output);
                }
            });
        });
    }

    fn files(&self, group: &mut BenchmarkGroup<'_, WallTime>, token: &TestToken) -> Outcome {
        let [plain, encrypted] = ["plain", "encrypted"].map(|name| token.dir().join(name));
        fs::write(&plain, vec![5; FILE])?;
        let open = || File::open(&plain).expect("it is there");
        let create = || File::create(&encrypted).expect("it can be written");
        let mechanism = || AesCbcPad::new(&IV);

        if Command::new("openssl").arg("version").output().is_ok() {
            let (key, iv) = ("05".repeat(32), "07".repeat(16));
            group.bench_function("openssl enc", |bencher| {
                bencher.iter(|| {
                    let mut command = Command::new("openssl");
                    command.args(["enc", "-aes-256-cbc", "-K", &key, "-iv", &iv, "-in"]);
                    let status = command.arg(&plain).arg("-out").arg(&encrypted).status();
                    assert!(status.expect("it runs").success());
                });
            });
        } else {
            eprintln!("not measured: openssl is not installed");
        }
        let (mut input, mut output) = (vec![0; PIECE], vec![0; PIECE + Cipher::MARGIN]);
        group.bench_function("by hand", |bencher| {
            bencher.iter(|| {
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
            });
        });
        group.bench_function("encrypt_reader, io::copy", |bencher| {
            bencher.iter(|| {
                let reader = self.key.encrypt_reader(mechanism(), open());
                io::copy(&mut reader.expect("it starts"), &mut create()).expect("it copies")
            });
        });
        group.bench_function("encrypt_writer", |bencher| {
            bencher.iter(|| {
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
                writer.finish().expect("it ends")
            });
        });
        Ok(())
    }
}
