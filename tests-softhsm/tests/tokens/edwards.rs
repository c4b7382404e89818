//! EdDSA: Ed25519 and Ed448, each pure, with a context and prehashed.

use hex_literal::hex;
use pkcs11::Function;
use pkcs11::prelude::*;
use tests_softhsm::{Outcome, Skip, TestToken, fails, skip, tests};

use crate::common::assert_usable;

tests! {
    eddsa_signs_the_vectors_of_rfc_8032;
    eddsa_verifies_the_vectors_of_rfc_8032;
    eddsa_schemes_are_apart;
    ed448_by_default: and Nss;
    ed448_with_a_context: and Nss;
    a_context_has_at_most_255_bytes;
}

/// RFC 8032 §7.2 to §7.5.
struct Vector {
    curve: Curve,
    prehash: bool,
    secret: &'static [u8],
    public: &'static [u8],
    message: &'static [u8],
    context: &'static [u8],
    signature: &'static [u8],
}

impl Vector {
    fn mechanism(&self) -> EdDsa<'static> {
        let mechanism = EdDsa { prehash: self.prehash, ..EdDsa::new() };
        // Without a parameter it is Ed25519, so for Ed448 there is one.
        match (self.context, self.curve) {
            ([], Curve::ED25519) => mechanism,
            (context, _) => mechanism.context(context),
        }
    }

    fn private(&self, session: &Session) -> Result<PrivateKey> {
        let template = Template::new()
            .with(attr::KEY_TYPE, KeyType::EC_EDWARDS)
            .with(attr::EC_PARAMS, self.curve.ec_params())
            .with(attr::VALUE, self.secret)
            .with(attr::SIGN, true);
        session.create(&template)
    }

    fn public(&self, session: &Session, point: &[u8]) -> Result<PublicKey> {
        let template = Template::new()
            .with(attr::KEY_TYPE, KeyType::EC_EDWARDS)
            .with(attr::EC_PARAMS, self.curve.ec_params())
            .with(attr::EC_POINT, point)
            .with(attr::VERIFY, true);
        session.create(&template)
    }
}

const VECTORS: &[Vector] = &[
    // Ed25519ctx, foo.
    Vector {
        curve: Curve::ED25519,
        prehash: false,
        secret: &hex!("0305334e381af78f141cb666f6199f57bc3495335a256a95bd2a55bf546663f6"),
        public: &hex!("dfc9425e4f968f7f0c29f0259cf5f9aed6851c2bb4ad8bfb860cfee0ab248292"),
        message: &hex!("f726936d19c800494e3fdaff20b276a8"),
        context: &hex!("666f6f"),
        signature: &hex!(
            "55a4cc2f70a54e04288c5f4cd1e45a7bb520b36292911876cada7323198dd87a"
            "8b36950b95130022907a7fb7c4e9b2d5f6cca685a587b4b21f4b888e4e7edb0d"
        ),
    },
    // Ed25519ctx, bar.
    Vector {
        curve: Curve::ED25519,
        prehash: false,
        secret: &hex!("0305334e381af78f141cb666f6199f57bc3495335a256a95bd2a55bf546663f6"),
        public: &hex!("dfc9425e4f968f7f0c29f0259cf5f9aed6851c2bb4ad8bfb860cfee0ab248292"),
        message: &hex!("f726936d19c800494e3fdaff20b276a8"),
        context: &hex!("626172"),
        signature: &hex!(
            "fc60d5872fc46b3aa69f8b5b4351d5808f92bcc044606db097abab6dbcb1aee3"
            "216c48e8b3b66431b5b186d1d28f8ee15a5ca2df6668346291c2043d4eb3e90d"
        ),
    },
    // Ed25519ctx, foo2.
    Vector {
        curve: Curve::ED25519,
        prehash: false,
        secret: &hex!("0305334e381af78f141cb666f6199f57bc3495335a256a95bd2a55bf546663f6"),
        public: &hex!("dfc9425e4f968f7f0c29f0259cf5f9aed6851c2bb4ad8bfb860cfee0ab248292"),
        message: &hex!("508e9e6882b979fea900f62adceaca35"),
        context: &hex!("666f6f"),
        signature: &hex!(
            "8b70c1cc8310e1de20ac53ce28ae6e7207f33c3295e03bb5c0732a1d20dc6490"
            "8922a8b052cf99b7c4fe107a5abb5b2c4085ae75890d02df26269d8945f84b0b"
        ),
    },
    // Ed25519ctx, foo3.
    Vector {
        curve: Curve::ED25519,
        prehash: false,
        secret: &hex!("ab9c2853ce297ddab85c993b3ae14bcad39b2c682beabc27d6d4eb20711d6560"),
        public: &hex!("0f1d1274943b91415889152e893d80e93275a1fc0b65fd71b4b0dda10ad7d772"),
        message: &hex!("f726936d19c800494e3fdaff20b276a8"),
        context: &hex!("666f6f"),
        signature: &hex!(
            "21655b5f1aa965996b3f97b3c849eafba922a0a62992f73b3d1b73106a84ad85"
            "e9b86a7b6005ea868337ff2d20a7f5fbd4cd10b0be49a68da2b2e0dc0ad8960f"
        ),
    },
    // Ed25519ph, TEST abc.
    Vector {
        curve: Curve::ED25519,
        prehash: true,
        secret: &hex!("833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42"),
        public: &hex!("ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf"),
        message: &hex!("616263"),
        context: &[],
        signature: &hex!(
            "98a70222f0b8121aa9d30f813d683f809e462b469c7ff87639499bb94e6dae41"
            "31f85042463c2a355a2003d062adf5aaa10b8c61e636062aaad11c2a26083406"
        ),
    },
    // Ed448, Blank.
    Vector {
        curve: Curve::ED448,
        prehash: false,
        secret: &hex!(
            "6c82a562cb808d10d632be89c8513ebf6c929f34ddfa8c9f63c9960ef6e348a3"
            "528c8a3fcc2f044e39a3fc5b94492f8f032e7549a20098f95b"
        ),
        public: &hex!(
            "5fd7449b59b461fd2ce787ec616ad46a1da1342485a70e1f8a0ea75d80e96778"
            "edf124769b46c7061bd6783df1e50f6cd1fa1abeafe8256180"
        ),
        message: &[],
        context: &[],
        signature: &hex!(
            "533a37f6bbe457251f023c0d88f976ae2dfb504a843e34d2074fd823d41a591f"
            "2b233f034f628281f2fd7a22ddd47d7828c59bd0a21bfd3980ff0d2028d4b18a"
            "9df63e006c5d1c2d345b925d8dc00b4104852db99ac5c7cdda8530a113a0f4db"
            "b61149f05a7363268c71d95808ff2e652600"
        ),
    },
    // Ed448, 1 octet.
    Vector {
        curve: Curve::ED448,
        prehash: false,
        secret: &hex!(
            "c4eab05d357007c632f3dbb48489924d552b08fe0c353a0d4a1f00acda2c463a"
            "fbea67c5e8d2877c5e3bc397a659949ef8021e954e0a12274e"
        ),
        public: &hex!(
            "43ba28f430cdff456ae531545f7ecd0ac834a55d9358c0372bfa0c6c6798c086"
            "6aea01eb00742802b8438ea4cb82169c235160627b4c3a9480"
        ),
        message: &hex!("03"),
        context: &[],
        signature: &hex!(
            "26b8f91727bd62897af15e41eb43c377efb9c610d48f2335cb0bd0087810f435"
            "2541b143c4b981b7e18f62de8ccdf633fc1bf037ab7cd779805e0dbcc0aae1cb"
            "cee1afb2e027df36bc04dcecbf154336c19f0af7e0a6472905e799f1953d2a0f"
            "f3348ab21aa4adafd1d234441cf807c03a00"
        ),
    },
    // Ed448, 1 octet (with context).
    Vector {
        curve: Curve::ED448,
        prehash: false,
        secret: &hex!(
            "c4eab05d357007c632f3dbb48489924d552b08fe0c353a0d4a1f00acda2c463a"
            "fbea67c5e8d2877c5e3bc397a659949ef8021e954e0a12274e"
        ),
        public: &hex!(
            "43ba28f430cdff456ae531545f7ecd0ac834a55d9358c0372bfa0c6c6798c086"
            "6aea01eb00742802b8438ea4cb82169c235160627b4c3a9480"
        ),
        message: &hex!("03"),
        context: &hex!("666f6f"),
        signature: &hex!(
            "d4f8f6131770dd46f40867d6fd5d5055de43541f8c5e35abbcd001b32a89f7d2"
            "151f7647f11d8ca2ae279fb842d607217fce6e042f6815ea000c85741de5c8da"
            "1144a6a1aba7f96de42505d7a7298524fda538fccbbb754f578c1cad10d54d0d"
            "5428407e85dcbc98a49155c13764e66c3c00"
        ),
    },
    // Ed448, 11 octets.
    Vector {
        curve: Curve::ED448,
        prehash: false,
        secret: &hex!(
            "cd23d24f714274e744343237b93290f511f6425f98e64459ff203e8985083ffd"
            "f60500553abc0e05cd02184bdb89c4ccd67e187951267eb328"
        ),
        public: &hex!(
            "dcea9e78f35a1bf3499a831b10b86c90aac01cd84b67a0109b55a36e9328b1e3"
            "65fce161d71ce7131a543ea4cb5f7e9f1d8b00696447001400"
        ),
        message: &hex!("0c3e544074ec63b0265e0c"),
        context: &[],
        signature: &hex!(
            "1f0a8888ce25e8d458a21130879b840a9089d999aaba039eaf3e3afa090a09d3"
            "89dba82c4ff2ae8ac5cdfb7c55e94d5d961a29fe0109941e00b8dbdeea6d3b05"
            "1068df7254c0cdc129cbe62db2dc957dbb47b51fd3f213fb8698f064774250a5"
            "028961c9bf8ffd973fe5d5c206492b140e00"
        ),
    },
    // Ed448ph, TEST abc.
    Vector {
        curve: Curve::ED448,
        prehash: true,
        secret: &hex!(
            "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42"
            "ef7822e0d5104127dc05d6dbefde69e3ab2cec7c867c6e2c49"
        ),
        public: &hex!(
            "259b71c19f83ef77a7abd26524cbdb3161b590a48f7d17de3ee0ba9c52beb743"
            "c09428a131d6b1b57303d90d8132c276d5ed3d5d01c0f53880"
        ),
        message: &hex!("616263"),
        context: &[],
        signature: &hex!(
            "822f6901f7480f3d5f562c592994d9693602875614483256505600bbc281ae38"
            "1f54d6bce2ea911574932f52a4e6cadd78769375ec3ffd1b801a0d9b3f4030cd"
            "433964b6457ea39476511214f97469b57dd32dbc560a9a94d00bff07620464a3"
            "ad203df7dc7ce360c3cd3696d9d9fab90f00"
        ),
    },
    // Ed448ph, TEST abc (with context).
    Vector {
        curve: Curve::ED448,
        prehash: true,
        secret: &hex!(
            "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42"
            "ef7822e0d5104127dc05d6dbefde69e3ab2cec7c867c6e2c49"
        ),
        public: &hex!(
            "259b71c19f83ef77a7abd26524cbdb3161b590a48f7d17de3ee0ba9c52beb743"
            "c09428a131d6b1b57303d90d8132c276d5ed3d5d01c0f53880"
        ),
        message: &hex!("616263"),
        context: &hex!("666f6f"),
        signature: &hex!(
            "c32299d46ec8ff02b54540982814dce9a05812f81962b649d528095916a2aa48"
            "1065b1580423ef927ecf0af5888f90da0f6a9a85ad5dc3f280d91224ba9911a3"
            "653d00e484e2ce232521481c8658df304bb7745a73514cdb9bf3e15784ab7128"
            "4f8d0704a608c54a6b62d97beb511d132100"
        ),
    },
];

/// SoftHSM 2.6.1 knows the pure schemes, and would sign with these whatever is asked for.
fn all_schemes(token: &TestToken) -> Outcome {
    token.needs(&[MechanismType::EDDSA])?;
    if token.is_softhsm() {
        let session = token.session()?;
        let (public, private) = session.generate_key_pair(Curve::ED25519).create()?;
        for asked in [EdDsa::new().context(b"context"), EdDsa::new().prehashed()] {
            let error = fails!(private.sign(asked, b"message"), ErrorKind::InvalidInput(_));
            assert_eq!(error.function(), Some(Function::SignInit));
            fails!(public.verify(asked, b"message", &[0; 64]), ErrorKind::InvalidInput(_));
        }
        assert_usable(&session)?;
        return skip(Skip::ParametersRefused(MechanismType::EDDSA, "a context or a prehash"));
    }
    Ok(())
}

fn eddsa_signs_the_vectors_of_rfc_8032(token: &TestToken) -> Outcome {
    all_schemes(token)?;
    let session = token.session()?;
    for vector in VECTORS {
        let private = vector.private(&session)?;
        let signature = private.sign(vector.mechanism(), vector.message)?;
        assert_eq!(signature, vector.signature);
    }
    Ok(())
}

fn eddsa_verifies_the_vectors_of_rfc_8032(token: &TestToken) -> Outcome {
    all_schemes(token)?;
    let session = token.session()?;
    for vector in VECTORS {
        let public = vector.public(&session, vector.public)?;
        public.verify(vector.mechanism(), vector.message, vector.signature)?;
        let wrong = [vector.message, b"x"].concat();
        fails!(
            public.verify(vector.mechanism(), &wrong, vector.signature),
            ErrorKind::SignatureInvalid
        );
        fails!(
            public.verify(vector.mechanism().context(b"wrong"), vector.message, vector.signature),
            ErrorKind::SignatureInvalid
        );
    }
    assert_usable(&session)
}

fn eddsa_schemes_are_apart(token: &TestToken) -> Outcome {
    all_schemes(token)?;
    let session = token.session()?;
    for (curve, length) in [(Curve::ED25519, 64), (Curve::ED448, 114)] {
        let (public, private) = session.generate_key_pair(curve).create()?;
        let schemes = [
            EdDsa::new().context(b"one"),
            EdDsa::new().context(b"two"),
            EdDsa::new().prehashed(),
            EdDsa::new().prehashed().context(b"one"),
        ];
        for signed in schemes {
            let signature = private.sign(signed, b"message")?;
            assert_eq!(signature.len(), length);
            for verified in schemes {
                let answer = public.verify(verified, b"message", &signature);
                if verified == signed {
                    answer?;
                } else {
                    fails!(answer, ErrorKind::SignatureInvalid);
                }
            }
        }
    }
    Ok(())
}

/// Whether the token makes keys on Ed448.
fn ed448(token: &TestToken) -> Outcome<(Session, PublicKey, PrivateKey)> {
    token.needs(&[MechanismType::EC_EDWARDS_KEY_PAIR_GEN])?;
    let session = token.session()?;
    match session.generate_key_pair(Curve::ED448).create() {
        Ok((public, private)) => Ok((session, public, private)),
        Err(error) => {
            assert_eq!(error.function(), Some(Function::GenerateKeyPair));
            assert_usable(&session)?;
            skip(Skip::ParametersRefused(MechanismType::EC_EDWARDS_KEY_PAIR_GEN, "Ed448"))
        }
    }
}

fn ed448_by_default(token: &TestToken) -> Outcome {
    let (session, public, private) = ed448(token)?;
    assert_eq!(public.ec_point()?.len(), 57);
    for message in [&b""[..], b"message", &[7; 5000]] {
        let signature = private.sign(DEFAULT, message)?;
        assert_eq!(signature.len(), 114);
        public.verify(DEFAULT, message, &signature)?;
        fails!(public.verify(DEFAULT, b"other", &signature), ErrorKind::SignatureInvalid);
    }
    assert_usable(&session)
}

fn ed448_with_a_context(token: &TestToken) -> Outcome {
    let (session, public, private) = ed448(token)?;
    let empty = EdDsa::new().context(b"");
    public.verify(empty, b"message", &private.sign(empty, b"message")?)?;
    all_schemes(token)?;
    let context = EdDsa::new().context(b"my context");
    let signature = private.sign(context, b"message")?;
    assert_eq!(signature.len(), 114);
    public.verify(context, b"message", &signature)?;
    let other = EdDsa::new().context(b"other");
    fails!(public.verify(other, b"message", &signature), ErrorKind::SignatureInvalid);
    assert_usable(&session)
}

fn a_context_has_at_most_255_bytes(token: &TestToken) -> Outcome {
    token.needs(&[MechanismType::EDDSA])?;
    let session = token.session()?;
    let (_, private) = session.generate_key_pair(Curve::ED25519).create()?;
    let long = EdDsa::new().context(&[1; 256]);
    let error = fails!(private.sign(long, b"message"), ErrorKind::InvalidInput(_));
    assert_eq!(error.function(), Some(Function::SignInit));
    assert_usable(&session)
}
