//! Operations in one call.

use hmac::{Hmac, KeyInit, Mac};
use pkcs11::prelude::*;
use sha2::{Digest, Sha256};

use super::bench::{Bench, HMAC_VALUE, Work, is_invalid, refused, same};

pub(super) fn cbc(bench: &mut Bench) -> Work {
    let (iv, plaintext) = (bench.array::<16>(), bench.data());
    let key = &bench.keys.aes;
    let ciphertext = key.encrypt(DEFAULT.iv(&iv), &plaintext)?;
    same("decrypted", &key.decrypt(DEFAULT.iv(&iv), &ciphertext)?, &plaintext)
}

pub(super) fn gcm(bench: &mut Bench) -> Work {
    let (nonce, plaintext) = (bench.array::<12>(), bench.data());
    let key = &bench.keys.aes;
    let gcm = || AesGcm::new(&nonce).aad(b"header");
    let mut sealed = key.encrypt(gcm(), &plaintext)?;
    same("opened", &key.decrypt(gcm(), &sealed)?, &plaintext)?;
    let at = bench.random.usize(..sealed.len());
    if let Some(byte) = sealed.get_mut(at) {
        *byte ^= 1;
    }
    refused("a changed byte", key.decrypt(gcm(), &sealed), |_| true)
}

/// The HMAC of the data, computed here.
pub(super) fn mac_of(data: &[u8]) -> Work<Vec<u8>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(HMAC_VALUE)?;
    mac.update(data);
    Ok(mac.finalize().into_bytes().to_vec())
}

pub(super) fn hmac(bench: &mut Bench) -> Work {
    let data = bench.data();
    let key = &bench.keys.hmac;
    let mut mac = key.sign(DEFAULT, &data)?;
    same("MAC", &mac, &mac_of(&data)?)?;
    key.verify(DEFAULT, &data, &mac)?;
    let at = bench.random.usize(..mac.len());
    if let Some(byte) = mac.get_mut(at) {
        *byte ^= 1;
    }
    refused("a changed MAC", key.verify(DEFAULT, &data, &mac), is_invalid)
}

pub(super) fn rsa_signature(bench: &mut Bench) -> Work {
    let data = bench.data();
    let (public, private) = &bench.keys.rsa;
    signature(public, private, &data)
}

pub(super) fn ec_signature(bench: &mut Bench) -> Work {
    let data = bench.data();
    let (public, private) = &bench.keys.ec;
    signature(public, private, &data)
}

fn signature(public: &PublicKey, private: &PrivateKey, data: &[u8]) -> Work {
    let signature = private.sign(DEFAULT, data)?;
    public.verify(DEFAULT, data, &signature)?;
    let other = [data, b"x"].concat();
    refused("other data", public.verify(DEFAULT, &other, &signature), is_invalid)
}

pub(super) fn rsa_encryption(bench: &mut Bench) -> Work {
    let length = bench.random.usize(..=100);
    let plaintext = bench.bytes(length);
    let (public, private) = &bench.keys.rsa;
    let ciphertext = public.encrypt(DEFAULT, &plaintext)?;
    same("decrypted", &private.decrypt(DEFAULT, &ciphertext)?, &plaintext)
}

pub(super) fn digest(bench: &mut Bench) -> Work {
    let data = bench.data();
    same("digest", &bench.session.digest(DEFAULT, &data)?, &Sha256::digest(&data))
}

pub(super) fn random(bench: &mut Bench) -> Work {
    let (one, two) = (bench.session.random::<32>()?, bench.session.random::<32>()?);
    if one == two || one == [0; 32] {
        return Err("random numbers that are not".into());
    }
    Ok(())
}
