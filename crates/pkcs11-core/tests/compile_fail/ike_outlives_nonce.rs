//! A derivation of IKE borrows its nonces and keys, even as a plain `Mechanism`.

use pkcs11_core::mechanism::{IkePrf, IkeSeed};
use pkcs11_core::{Context, IntoMechanism, Mechanism, MechanismType, Result, SecretKey};

pub fn mechanism<'a>(
    key: &'a SecretKey,
    initiator: &'a [u8],
    context: &Context<'_>,
) -> Result<Mechanism<'a>> {
    let responder = vec![1; 32];
    let seed = IkeSeed::Rekey(key);
    IkePrf::new(MechanismType::SHA256_HMAC, seed, initiator, &responder).into_mechanism(context)
}

fn main() {}
