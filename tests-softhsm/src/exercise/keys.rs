//! The keys of an exercise.

use pkcs11::defaults::Row;
use pkcs11::mechanism::{Output, Parameter};
use pkcs11::prelude::*;
use pkcs11::{GenerateKeyPair, MlDsaParameterSet, MlKemParameterSet, SlhDsaParameterSet, Usage};

use super::{Exercise, Trouble};

/// What a key is made of beyond its type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// A secret key of so many bits; types of one length have no other.
    Bits(usize),
    /// A pair of so many bits.
    Modulus(usize),
    /// A pair on a curve.
    Curve(Curve),
    /// A pair in a well-known group.
    Group(DhGroup),
    /// A pair of a parameter set.
    MlDsa(MlDsaParameterSet),
    /// A pair of a parameter set.
    MlKem(MlKemParameterSet),
    /// A pair of a parameter set.
    SlhDsa(SlhDsaParameterSet),
    /// A pair of the type, as the token likes.
    Plain,
}

/// A secret key, or a pair.
#[derive(Debug)]
pub enum Keys {
    /// A secret key.
    Secret(SecretKey),
    /// A pair.
    Pair(PublicKey, PrivateKey),
    /// The private half, imported.
    Private(PrivateKey),
    /// The public half, imported.
    Public(PublicKey),
}

impl Shape {
    /// The shapes that keys of the type come in.
    #[must_use]
    pub fn all(key_type: KeyType) -> Vec<Self> {
        match key_type {
            KeyType::AES => [128, 192, 256].map(Self::Bits).to_vec(),
            KeyType::DES2 | KeyType::SEED => vec![Self::Bits(128)],
            KeyType::DES3 => vec![Self::Bits(192)],
            KeyType::RSA => vec![Self::Modulus(2048)],
            KeyType::DSA => vec![Self::Modulus(1024)],
            KeyType::EC => [Curve::P256, Curve::P384, Curve::P521].map(Self::Curve).to_vec(),
            KeyType::EC_EDWARDS => [Curve::ED25519, Curve::ED448].map(Self::Curve).to_vec(),
            KeyType::EC_MONTGOMERY => [Curve::X25519, Curve::X448].map(Self::Curve).to_vec(),
            KeyType::DH => vec![Self::Group(DhGroup::MODP_2048)],
            KeyType::ML_DSA => {
                use MlDsaParameterSet as Set;
                [Set::ML_DSA_44, Set::ML_DSA_65, Set::ML_DSA_87].map(Self::MlDsa).to_vec()
            }
            KeyType::ML_KEM => {
                use MlKemParameterSet as Set;
                [Set::ML_KEM_512, Set::ML_KEM_768, Set::ML_KEM_1024].map(Self::MlKem).to_vec()
            }
            // The fast ones: a slow one signs for a second.
            KeyType::SLH_DSA => {
                use SlhDsaParameterSet as Set;
                [Set::SHA2_128F, Set::SHAKE_256F].map(Self::SlhDsa).to_vec()
            }
            KeyType::X9_42_DH | KeyType::GOSTR3410 => vec![Self::Plain],
            KeyType::HSS | KeyType::XMSS | KeyType::XMSSMT => vec![Self::Plain],
            KeyType::POLY1305 | KeyType::GOST28147 => vec![Self::Bits(256)],
            // As long as the MAC: SoftHSM takes no shorter keys, kryoptic no others.
            _ => match Row::of(key_type).and_then(|row| row.sign).map(|it| it.mechanism.output()) {
                Some(Output::Mac(bytes)) => vec![Self::Bits(bytes * 8)],
                _ => vec![Self::Bits(256)],
            },
        }
    }

    /// How many bytes a secret key of the shape has.
    pub(super) fn bytes(self) -> usize {
        match self {
            Self::Bits(bits) => bits / 8,
            _ => 0,
        }
    }

    /// A pair of the shape, to be generated.
    pub fn pair(self, session: &Session, key_type: KeyType) -> GenerateKeyPair<'_> {
        match self {
            Self::Modulus(bits) => session.generate_key_pair(key_type).bits(bits),
            Self::Curve(curve) => session.generate_key_pair(curve),
            Self::Group(group) => session.generate_key_pair(group),
            Self::MlDsa(set) => session.generate_key_pair(set),
            Self::MlKem(set) => session.generate_key_pair(set),
            Self::SlhDsa(set) => session.generate_key_pair(set),
            Self::Bits(_) | Self::Plain => session.generate_key_pair(key_type),
        }
    }

    /// One half of a pair of the shape, of a made-up value, as far as a token looks at it that
    /// offers no mechanism for the type.
    fn described(self, key_type: KeyType) -> Template<'static> {
        let template = Template::new().with(attr::KEY_TYPE, key_type);
        match self {
            Self::Curve(curve) => template
                .with(attr::EC_PARAMS, curve.ec_params())
                .with(attr::VALUE, known_value(curve.field_bytes())),
            Self::MlDsa(set) => {
                template.with(attr::PARAMETER_SET, set).with(attr::SEED, known_value(32))
            }
            Self::MlKem(set) => {
                template.with(attr::PARAMETER_SET, set).with(attr::SEED, known_value(64))
            }
            Self::SlhDsa(set) => {
                template.with(attr::PARAMETER_SET, set).with(attr::VALUE, known_value(64))
            }
            _ if key_type == KeyType::GOSTR3410 => template
                .with(attr::VALUE, known_value(32))
                .with(attr::GOSTR3410_PARAMS, GOSTR3410_CRYPTO_PRO_A)
                .with(attr::GOSTR3411_PARAMS, GOSTR3411_CRYPTO_PRO)
                .with(attr::GOST28147_PARAMS, GOST28147_CRYPTO_PRO_A),
            _ => template.with(attr::VALUE, known_value(64)),
        }
    }
}

/// The parameter sets 1.2.643.2.2.35.1, 1.2.643.2.2.30.1 and 1.2.643.2.2.31.1 (RFC 4357 §11), in DER.
const GOSTR3410_CRYPTO_PRO_A: &[u8] = b"\x06\x07\x2a\x85\x03\x02\x02\x23\x01";
const GOSTR3411_CRYPTO_PRO: &[u8] = b"\x06\x07\x2a\x85\x03\x02\x02\x1e\x01";
const GOST28147_CRYPTO_PRO_A: &[u8] = b"\x06\x07\x2a\x85\x03\x02\x02\x1f\x01";

/// The value of a secret key: it has the odd parity of DES.
fn known_value(length: usize) -> Vec<u8> {
    let bytes = b"\x01\x23\x45\x67\x89\xab\xcd\xef\xfe\xdc\xba\x98\x76\x54\x32\x10\x89\xab\xcd\xef\x01\x23\x45\x67";
    bytes.iter().copied().cycle().take(length).collect()
}

impl Keys {
    /// Keys of the row's type: generated by default where the token can, else imported.
    pub(super) fn of(row: &'static Row, session: &Session, shape: &Shape) -> Result<Self, Trouble> {
        let mut exercises = Exercise::of(row).into_iter();
        let generate =
            exercises.find(|it| matches!(it.usage, Usage::GenerateKey | Usage::GenerateKeyPair));
        let generated = match generate {
            Some(generate) => generate.listed(session.token())?.is_some(),
            None => false,
        };
        match shape {
            Shape::Bits(bits) if generated => {
                Ok(Self::Secret(session.generate_key(row.key_type).bits(*bits).create()?))
            }
            Shape::Bits(_) => Self::import(row, session, *shape).map(Self::Secret),
            _ if generated => {
                let (public, private) = shape.pair(session, row.key_type).create()?;
                Ok(Self::Pair(public, private))
            }
            _ if row.sign.is_some_and(|sign| sign.verifies_only) => {
                let template = shape.described(row.key_type);
                session.create(&template).map(Self::Public).map_err(Trouble::NoKeys)
            }
            _ => {
                let template = shape.described(row.key_type);
                session.create(&template).map(Self::Private).map_err(Trouble::NoKeys)
            }
        }
    }

    /// A secret key of known value, which may do all that the row says.
    ///
    /// # Errors
    ///
    /// [`Trouble::NoKeys`] with what `C_CreateObject` answers.
    pub fn import(row: &Row, session: &Session, shape: Shape) -> Result<SecretKey, Trouble> {
        let may = |capability| row.capabilities.contains(capability);
        let mut template = Template::new()
            .with(attr::KEY_TYPE, row.key_type)
            .with(attr::VALUE, known_value(shape.bytes()))
            .with(attr::ENCRYPT, may(Capabilities::ENCRYPT))
            .with(attr::DECRYPT, may(Capabilities::DECRYPT))
            .with(attr::SIGN, may(Capabilities::SIGN))
            .with(attr::VERIFY, may(Capabilities::VERIFY))
            .with(attr::WRAP, may(Capabilities::WRAP))
            .with(attr::UNWRAP, may(Capabilities::UNWRAP))
            .with(attr::DERIVE, may(Capabilities::DERIVE));
        if row.key_type == KeyType::GOST28147 {
            template.set(attr::GOST28147_PARAMS, GOST28147_CRYPTO_PRO_A);
        }
        session.create(&template).map_err(Trouble::NoKeys)
    }
}

/// A fresh initialisation vector or nonce, as long as the mechanism wants it.
///
/// # Errors
///
/// What `C_GenerateRandom` answers.
pub fn fresh_iv(session: &Session, mechanism: MechanismType) -> Result<Vec<u8>> {
    let length = mechanism.parameters().iter().find_map(|parameter| match parameter {
        Parameter::Iv(length) => Some(*length),
        _ => None,
    });
    // RFC 8439 §2.8.
    let mut iv = vec![0; length.unwrap_or(12)];
    session.fill_random(&mut iv)?;
    Ok(iv)
}
