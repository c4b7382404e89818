//! The table of signature algorithms.

use pkcs11_codec::{
    ErrorKind, algorithm::AlgorithmIdentifier, parameter_set::ParameterSet,
    signature_algorithm::SignatureAlgorithm,
};
use rstest::rstest;

use crate::fault;

#[test]
fn each_identifier_is_of_one_algorithm() {
    assert_eq!(SignatureAlgorithm::ALL.len(), 46);
    for algorithm in SignatureAlgorithm::ALL {
        let identifier = algorithm.identifier();
        assert_eq!(SignatureAlgorithm::from_oid(identifier.oid), Some(*algorithm));
        assert_eq!(SignatureAlgorithm::from_name(algorithm.name()), Some(*algorithm));
        assert_eq!(algorithm.to_string(), algorithm.name());
        let der = identifier.to_der().unwrap();
        assert_eq!(AlgorithmIdentifier::from_der(&der), Ok(identifier));
        // NULL for RSA, nothing for the others (RFC 4055 §5, 5758 §3, 8410 §3, 9881 §2 …).
        let rsa = algorithm.name().contains("RSA") || algorithm.name().contains("rsassa");
        assert_eq!(identifier.parameters.is_some(), rsa, "{algorithm:?}");
    }
}

// `openssl asn1parse -genstr OID:ecdsa-with-SHA256` … of OpenSSL 3.0.
#[rstest]
#[case(SignatureAlgorithm::SHA1_WITH_RSA, "1.2.840.113549.1.1.5")]
#[case(SignatureAlgorithm::SHA224_WITH_RSA, "1.2.840.113549.1.1.14")]
#[case(SignatureAlgorithm::SHA256_WITH_RSA, "1.2.840.113549.1.1.11")]
#[case(SignatureAlgorithm::SHA384_WITH_RSA, "1.2.840.113549.1.1.12")]
#[case(SignatureAlgorithm::SHA512_WITH_RSA, "1.2.840.113549.1.1.13")]
#[case(SignatureAlgorithm::SHA512_224_WITH_RSA, "1.2.840.113549.1.1.15")]
#[case(SignatureAlgorithm::SHA512_256_WITH_RSA, "1.2.840.113549.1.1.16")]
#[case(SignatureAlgorithm::SHA3_224_WITH_RSA, "2.16.840.1.101.3.4.3.13")]
#[case(SignatureAlgorithm::SHA3_512_WITH_RSA, "2.16.840.1.101.3.4.3.16")]
#[case(SignatureAlgorithm::ECDSA_WITH_SHA1, "1.2.840.10045.4.1")]
#[case(SignatureAlgorithm::ECDSA_WITH_SHA224, "1.2.840.10045.4.3.1")]
#[case(SignatureAlgorithm::ECDSA_WITH_SHA512, "1.2.840.10045.4.3.4")]
#[case(SignatureAlgorithm::ECDSA_WITH_SHA3_224, "2.16.840.1.101.3.4.3.9")]
#[case(SignatureAlgorithm::ECDSA_WITH_SHA3_512, "2.16.840.1.101.3.4.3.12")]
#[case(SignatureAlgorithm::DSA_WITH_SHA1, "1.2.840.10040.4.3")]
#[case(SignatureAlgorithm::DSA_WITH_SHA224, "2.16.840.1.101.3.4.3.1")]
#[case(SignatureAlgorithm::DSA_WITH_SHA512, "2.16.840.1.101.3.4.3.4")]
#[case(SignatureAlgorithm::DSA_WITH_SHA3_224, "2.16.840.1.101.3.4.3.5")]
#[case(SignatureAlgorithm::DSA_WITH_SHA3_512, "2.16.840.1.101.3.4.3.8")]
#[case(SignatureAlgorithm::ED25519, "1.3.101.112")]
#[case(SignatureAlgorithm::ED448, "1.3.101.113")]
fn identifiers_of_openssl(#[case] algorithm: SignatureAlgorithm, #[case] dotted: &str) {
    assert_eq!(algorithm.identifier().oid.to_string(), dotted);
}

/// A key of these and its signatures have one identifier.
#[test]
fn post_quantum_algorithms_are_their_parameter_sets() {
    let sets = ParameterSet::ALL.iter();
    let signing: Vec<_> = sets.filter_map(|set| SignatureAlgorithm::from_oid(set.oid())).collect();
    assert_eq!(signing.len(), 15);
    for (algorithm, set) in [
        (SignatureAlgorithm::ML_DSA_44, ParameterSet::ML_DSA_44),
        (SignatureAlgorithm::ML_DSA_87, ParameterSet::ML_DSA_87),
        (SignatureAlgorithm::SLH_DSA_SHA2_128S, ParameterSet::SLH_DSA_SHA2_128S),
        (SignatureAlgorithm::SLH_DSA_SHAKE_256F, ParameterSet::SLH_DSA_SHAKE_256F),
    ] {
        assert_eq!(algorithm.identifier().oid, set.oid());
    }
}

#[test]
fn signatures_of_tokens() {
    let fixed = [[1; 32], [2; 32]].concat();
    for algorithm in SignatureAlgorithm::ALL {
        let two_numbers = algorithm.name().contains("dsa-with");
        let der = algorithm.signature_from_token(&fixed, 32).unwrap();
        assert_eq!(der[0] == 0x30, two_numbers, "{algorithm:?}");
        assert_eq!(algorithm.signature_to_token(&der, 32).unwrap(), fixed);
        let result = algorithm.signature_from_token(&fixed, 48);
        if two_numbers {
            let kind = ErrorKind::WrongLength { expected: 96, found: 64 };
            assert_eq!(fault(result), (Some(0), kind));
        } else {
            assert_eq!(result.unwrap(), fixed);
        }
    }
}
