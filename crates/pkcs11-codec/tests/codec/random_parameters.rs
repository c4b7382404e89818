//! Properties of parameters: what is written is read as the same value.

use num_bigint::BigUint;
use pkcs11_codec::{
    dh::{self, DhParameters, ValidationParameters, X942Parameters},
    digest_info::Digest,
    dsa::DsaParameters,
    integer,
    parameter_set::ParameterSet,
    pkcs1::RsaPublicKey,
    rsa_parameters::{HashAlgorithm, OaepParameters, PssParameters},
    spki::PublicKey,
};
use proptest::{collection::vec, option, prelude::*, sample::select};

use crate::random::config;

fn number() -> impl Strategy<Value = Vec<u8>> {
    vec(any::<u8>(), 1..300).prop_map(|bytes| integer::trim(&bytes).to_vec())
}

fn hash() -> impl Strategy<Value = HashAlgorithm> {
    (select(Digest::ALL), any::<bool>())
        .prop_map(|(digest, null_parameters)| HashAlgorithm { digest, null_parameters })
}

prop_compose! {
    fn pss()(
        hash in hash(),
        mgf1_hash in hash(),
        salt in any::<u32>(),
        usual in any::<bool>(),
        explicit_trailer in any::<bool>(),
    ) -> PssParameters {
        let salt_length = if usual { 20 } else { salt };
        PssParameters { hash, mgf1_hash, salt_length, explicit_trailer }
    }
}

fn round_trip(key: PublicKey<'_>) -> Result<(), TestCaseError> {
    let der = key.to_spki_der().unwrap();
    prop_assert_eq!(PublicKey::from_spki_der(&der), Ok(key));
    Ok(())
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn pss_parameters(parameters in pss()) {
        let der = parameters.to_der().unwrap();
        prop_assert_eq!(PssParameters::from_der(&der), Ok(parameters));
    }

    #[test]
    fn oaep_parameters(hash in hash(), mgf1_hash in hash(), label in vec(any::<u8>(), 0..200)) {
        let parameters = OaepParameters { hash, mgf1_hash, label: &label };
        let der = parameters.to_der().unwrap();
        prop_assert_eq!(OaepParameters::from_der(&der), Ok(parameters));
    }

    #[test]
    fn keys(
        numbers in vec(number(), 5),
        seed in vec(any::<u8>(), 0..40),
        counter in any::<u32>(),
        bits in option::of(any::<u32>()),
        options in any::<[bool; 3]>(),
        pss in option::of(pss()),
    ) {
        let [prime, base, subprime, cofactor, value] =
            [0, 1, 2, 3, 4].map(|index: usize| &numbers[index][..]);
        let [with_cofactor, with_validation, inherited] = options;
        let dsa = (!inherited).then_some(DsaParameters { prime, subprime, base });
        round_trip(PublicKey::Dsa { parameters: dsa, value })?;
        let dh = DhParameters { prime, base, private_value_bits: bits };
        round_trip(PublicKey::Dh { parameters: dh, value })?;
        let x942 = X942Parameters {
            prime,
            base,
            subprime,
            cofactor: with_cofactor.then_some(cofactor),
            validation: with_validation.then_some(ValidationParameters { seed: &seed, counter }),
        };
        round_trip(PublicKey::X942Dh { parameters: x942, value })?;
        let key = RsaPublicKey { modulus: prime, public_exponent: base };
        round_trip(PublicKey::Rsa(key))?;
        round_trip(PublicKey::RsaPss { parameters: pss, key })?;
    }

    #[test]
    fn post_quantum_keys(set in select(ParameterSet::ALL), byte in any::<u8>(), off in 1..9_usize) {
        let bytes = vec![byte; set.public_key_bytes() + off];
        round_trip(PublicKey::PostQuantum { set, key: &bytes[off..] })?;
        let long = PublicKey::PostQuantum { set, key: &bytes };
        prop_assert!(long.to_spki_der().is_err());
    }

    /// p = jq + 1 gives q back, whatever the primes are.
    #[test]
    fn subprimes(subprime in number(), cofactor in number()) {
        let number = |bytes: &[u8]| BigUint::from_bytes_be(bytes);
        // An odd q of two bytes or more, an even j that is not zero: p is odd.
        let subprime = (number(&subprime) << 1_u8) + 257_u16;
        let cofactor = (number(&cofactor) << 1_u8) + 2_u8;
        let prime = (&subprime * &cofactor + 1_u8).to_bytes_be();
        let read = dh::subprime_from_cofactor(&prime, &cofactor.to_bytes_be());
        prop_assert_eq!(read, Ok(subprime.to_bytes_be()));
    }
}
