//! Signatures, verifications and digests in parts; streams that come to no good end.

use std::iter::once;

use pkcs11::prelude::*;
use sha2::{Digest, Sha256};

use super::bench::{Bench, Work, is_invalid, refused, same};
use super::one_shot::mac_of;

pub(super) fn hmac(bench: &mut Bench) -> Work {
    let data = bench.data();
    let parts = bench.cut(&data);
    let key = &bench.keys.hmac;
    let mac = key.sign_stream(DEFAULT, &parts)?;
    same("MAC", &mac, &mac_of(&data)?)?;
    key.verify_stream(DEFAULT, &parts, &mac)?;
    key.verify_reader(DEFAULT, &data[..], &mac)?;
    let more = parts.iter().copied().chain(once(&b"x"[..]));
    refused("other data", key.verify_stream(DEFAULT, more, &mac), is_invalid)
}

pub(super) fn rsa_signature(bench: &mut Bench) -> Work {
    let data = bench.data();
    let parts = bench.cut(&data);
    let (public, private) = &bench.keys.rsa;
    let signature = private.sign_stream(DEFAULT, &parts)?;
    same("stream and one call", &signature, &private.sign(DEFAULT, &data)?)?;
    verified(public, &parts, &data, &signature)
}

pub(super) fn ec_signature(bench: &mut Bench) -> Work {
    let data = bench.data();
    let parts = bench.cut(&data);
    let (public, private) = &bench.keys.ec;
    let signature = private.sign_stream(DEFAULT, &parts)?;
    verified(public, &parts, &data, &signature)
}

fn verified(public: &PublicKey, parts: &[&[u8]], data: &[u8], signature: &[u8]) -> Work {
    public.verify(DEFAULT, data, signature)?;
    public.verify_stream(DEFAULT, parts, signature)?;
    let more = parts.iter().copied().chain(once(&b"x"[..]));
    refused("other data", public.verify_stream(DEFAULT, more, signature), is_invalid)
}

pub(super) fn digest(bench: &mut Bench) -> Work {
    let data = bench.data();
    let parts = bench.cut(&data);
    let wanted = Sha256::digest(&data);
    same("of parts", &bench.session.digest_stream(DEFAULT, parts)?, &wanted)?;
    same("of a reader", &bench.session.digest_reader(DEFAULT, &data[..])?, &wanted)
}

/// A stream of any kind that is dropped after some of its data.
pub(super) fn dropped(bench: &mut Bench) -> Work {
    let data = bench.data();
    let fed = bench.random.usize(..=data.len());
    let (data, _) = data.split_at_checked(fed).unwrap_or_default();
    let iv = bench.array::<16>();
    let keys = &bench.keys;
    match bench.random.u8(..7) {
        0 => drop(keys.aes.encryptor(DEFAULT.iv(&iv))?.update(data)?),
        1 => drop(keys.aes.decryptor(DEFAULT.iv(&iv))?.update(data)?),
        2 => keys.hmac.signer(DEFAULT)?.update(data)?,
        3 => keys.hmac.verifier(DEFAULT)?.update(data)?,
        4 => keys.rsa.1.signer(DEFAULT)?.update(data)?,
        5 => keys.ec.0.verifier(DEFAULT)?.update(data)?,
        _ => bench.session.digester(DEFAULT)?.update(data)?,
    }
    usable(bench)
}

/// A producer that fails after some of its data.
pub(super) fn failing_producers(bench: &mut Bench) -> Work {
    let data = bench.data();
    let mut parts = bench.cut(&data);
    parts.truncate(bench.random.usize(..=parts.len()));
    let parts = parts.into_iter().map(Ok).chain(once(Err("out of data")));
    let iv = bench.array::<16>();
    let keys = &bench.keys;
    let said = match bench.random.u8(..5) {
        0 => keys.aes.encrypt_stream(DEFAULT.iv(&iv), parts)?.try_for_each(|part| part.map(drop)),
        1 => keys.hmac.sign_stream(DEFAULT, parts).map(drop),
        2 => keys.hmac.verify_stream(DEFAULT, parts, &[0; 32]),
        3 => keys.rsa.1.sign_stream(DEFAULT, parts).map(drop),
        _ => bench.session.digest_stream(DEFAULT, parts).map(drop),
    };
    refused("a failing producer", said, |kind| matches!(kind, ErrorKind::Producer(_)))?;
    usable(bench)
}

fn usable(bench: &Bench) -> Work {
    same("digest", &bench.session.digest(DEFAULT, b"abc")?, &Sha256::digest(b"abc"))?;
    same("MAC", &bench.keys.hmac.sign(DEFAULT, b"abc")?, &mac_of(b"abc")?)
}
