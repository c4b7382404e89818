//! Each class of objects has the operations that make sense for it.

use pkcs11_core::{Certificate, Data, MechanismType, Object, PrivateKey, PublicKey};

pub fn misuse(
    public: &PublicKey,
    private: &PrivateKey,
    data: &Data,
    certificate: &Certificate,
    object: &Object,
) {
    let _ = public.sign(MechanismType::ECDSA, b"data");
    let _ = public.decrypt(MechanismType::RSA_PKCS, b"data");
    let _ = private.verify(MechanismType::ECDSA, b"data", b"signature");
    let _ = data.encrypt(MechanismType::RSA_PKCS, b"data");
    let _ = certificate.verify(MechanismType::ECDSA, b"data", b"signature");
    let _ = object.sign(MechanismType::ECDSA, b"data");
}

fn main() {}
