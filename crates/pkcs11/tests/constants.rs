//! The DER that core has as bytes, against the codec.

use pkcs11::codec::digest_info::Digest;
use pkcs11::codec::ec::EcParameters;
use pkcs11::{Curve, Hash};

#[test]
fn curves_agree_with_the_codec() {
    for &curve in Curve::ALL {
        let parameters = EcParameters::from_der(curve.ec_params()).unwrap();
        let codec = parameters.curve();
        let codec = codec.unwrap_or_else(|| panic!("the codec does not know {curve:?}"));
        assert_eq!(codec.field_bytes(), curve.field_bytes(), "{curve:?}");
        assert_eq!(codec.oid().to_string(), curve.oid(), "{curve:?}");
    }
}

#[test]
fn digest_infos_agree_with_the_codec() {
    for &hash in Hash::ALL {
        let codec = match hash {
            Hash::Sha1 => Digest::SHA1,
            Hash::Sha224 => Digest::SHA224,
            Hash::Sha256 => Digest::SHA256,
            Hash::Sha384 => Digest::SHA384,
            Hash::Sha512 => Digest::SHA512,
            Hash::Sha3_224 => Digest::SHA3_224,
            Hash::Sha3_256 => Digest::SHA3_256,
            Hash::Sha3_384 => Digest::SHA3_384,
            Hash::Sha3_512 => Digest::SHA3_512,
            _ => panic!("{hash:?} has no row here"),
        };
        assert_eq!(codec.prefix(), hash.digest_info_prefix(), "{hash:?}");
        assert_eq!(codec.digest_bytes(), hash.length(), "{hash:?}");
    }
}
