//! The number of a typed mechanism where its fields decide it, and whether its parameter is one that
//! the number takes.
//!
//! The expected names are put together here from the standard's words, not from the library's tables.

use pkcs11_core::mechanism::*;
use pkcs11_core::{Hash, MechanismType, ReturnCode, Session, Version};
use pkcs11_mock::Mock;

use crate::support::open;

/// A mock that digests with none of these, and so lets each mechanism come up to C_DigestInit.
struct Numbers {
    session: Session,
    /// What holds the mock goes last.
    _mock: Mock,
}

impl Numbers {
    fn start() -> Self {
        let mock = Mock::start();
        Self { session: open(&mock), _mock: mock }
    }

    /// The number that the module got, with a parameter that its row allows.
    #[track_caller]
    fn of<'m>(&self, mechanism: impl IntoMechanism<'m>, name: &str) {
        let error = self.session.digest(mechanism, b"").unwrap_err();
        assert_eq!(error.return_code(), Some(ReturnCode::MECHANISM_INVALID), "{name}: {error}");
        assert_eq!(error.mechanism().unwrap().to_string(), format!("CKM_{name}"));
    }
}

/// The hash's name within the names of mechanisms.
fn hash_name(hash: Hash) -> &'static str {
    match hash {
        Hash::Sha1 => "SHA1",
        Hash::Sha224 => "SHA224",
        Hash::Sha256 => "SHA256",
        Hash::Sha384 => "SHA384",
        Hash::Sha512 => "SHA512",
        Hash::Sha3_224 => "SHA3_224",
        Hash::Sha3_256 => "SHA3_256",
        Hash::Sha3_384 => "SHA3_384",
        Hash::Sha3_512 => "SHA3_512",
        _ => panic!("a new hash: {hash:?}"),
    }
}

#[test]
fn initialisation_vectors_alone() {
    let numbers = Numbers::start();
    let (long, short) = (&[1; 16], &[1; 8]);
    numbers.of(AesCbc::new(long), "AES_CBC");
    numbers.of(AesCbcPad::new(long), "AES_CBC_PAD");
    numbers.of(AesOfb::new(long), "AES_OFB");
    numbers.of(AesCfb1::new(long), "AES_CFB1");
    numbers.of(AesCfb8::new(long), "AES_CFB8");
    numbers.of(AesCfb64::new(long), "AES_CFB64");
    numbers.of(AesCfb128::new(long), "AES_CFB128");
    numbers.of(AesCts::new(long), "AES_CTS");
    numbers.of(AesXts::new(long), "AES_XTS");
    numbers.of(DesCbc::new(short), "DES3_CBC");
    numbers.of(DesCbcPad::new(short), "DES3_CBC_PAD");
    numbers.of(DesOfb8::new(short), "DES_OFB8");
    numbers.of(DesOfb64::new(short), "DES_OFB64");
    numbers.of(DesCfb8::new(short), "DES_CFB8");
    numbers.of(DesCfb64::new(short), "DES_CFB64");
    numbers.of(CamelliaCbc::new(long), "CAMELLIA_CBC");
    numbers.of(CamelliaCbcPad::new(long), "CAMELLIA_CBC_PAD");
    numbers.of(AriaCbc::new(long), "ARIA_CBC");
    numbers.of(AriaCbcPad::new(long), "ARIA_CBC_PAD");
    numbers.of(SeedCbc::new(long), "SEED_CBC");
    numbers.of(SeedCbcPad::new(long), "SEED_CBC_PAD");
    numbers.of(BlowfishCbc::new(short), "BLOWFISH_CBC");
    numbers.of(BlowfishCbcPad::new(short), "BLOWFISH_CBC_PAD");
    numbers.of(TwofishCbc::new(long), "TWOFISH_CBC");
    numbers.of(TwofishCbcPad::new(long), "TWOFISH_CBC_PAD");
    numbers.of(Gost28147::new(short), "GOST28147");
    numbers.of(Gost28147Mac::new(short), "GOST28147_MAC");
    numbers.of(Gost28147KeyWrap::new(short), "GOST28147_KEY_WRAP");
    numbers.of(AesKeyWrap::new().iv(Some(short)), "AES_KEY_WRAP");
    numbers.of(AesKeyWrapKwp::new().iv(Some(&[1; 4])), "AES_KEY_WRAP_KWP");
    numbers.of(AesKeyWrapPkcs7::new(), "AES_KEY_WRAP_PKCS7");
    numbers.of(AesKeyWrapPad::new(), "AES_KEY_WRAP_PAD");
}

#[test]
fn signatures_by_their_hash() {
    let numbers = Numbers::start();
    for &hash in Hash::ALL {
        numbers.of(RsaPss::new(hash), &format!("{}_RSA_PKCS_PSS", hash_name(hash)));
        numbers.of(RsaPssDigest(RsaPss::new(hash)), "RSA_PKCS_PSS");
    }
    let hashes = [
        (PreHash::Sha224, "SHA224"),
        (PreHash::Sha256, "SHA256"),
        (PreHash::Sha384, "SHA384"),
        (PreHash::Sha512, "SHA512"),
        (PreHash::Sha3_224, "SHA3_224"),
        (PreHash::Sha3_256, "SHA3_256"),
        (PreHash::Sha3_384, "SHA3_384"),
        (PreHash::Sha3_512, "SHA3_512"),
        (PreHash::Shake128, "SHAKE128"),
        (PreHash::Shake256, "SHAKE256"),
    ];
    for (hash, name) in hashes {
        numbers.of(HashMlDsa::new(hash), &format!("HASH_ML_DSA_{name}"));
        numbers.of(HashSlhDsa::new(hash), &format!("HASH_SLH_DSA_{name}"));
    }
    numbers.of(HashMlDsaDigest::new(Hash::Sha256), "HASH_ML_DSA");
    numbers.of(HashSlhDsaDigest::new(Hash::Sha256), "HASH_SLH_DSA");
    numbers.of(MlDsa::new(), "ML_DSA");
    numbers.of(SlhDsa::new(), "SLH_DSA");
}

#[test]
fn key_agreement() {
    let numbers = Numbers::start();
    for (cofactor, name) in [(false, "ECDH1_DERIVE"), (true, "ECDH1_COFACTOR_DERIVE")] {
        let mut ecdh = Ecdh1::new(&[4; 65]);
        ecdh.cofactor = cofactor;
        numbers.of(ecdh, name);
        numbers.of(EcdhKem::new().cofactor(cofactor), name);
    }
    let kdf = pkcs11_core::Kdf::SHA256_KDF;
    numbers.of(EcdhAesKeyWrap::new(EcdhWrap::Plain, 256, kdf), "ECDH_AES_KEY_WRAP");
    numbers.of(EcdhAesKeyWrap::new(EcdhWrap::Cofactor, 256, kdf), "ECDH_COF_AES_KEY_WRAP");
    numbers.of(EcdhAesKeyWrap::new(EcdhWrap::Montgomery, 256, kdf), "ECDH_X_AES_KEY_WRAP");
}

#[test]
fn key_derivation() {
    let numbers = Numbers::start();
    numbers.of(Hkdf::new(Hash::Sha256), "HKDF_DERIVE");
    numbers.of(Hkdf::new(Hash::Sha256).data(true), "HKDF_DATA");
    let prf = MechanismType::AES_CMAC;
    let counter = [PrfData::Counter(NumberFormat::big_endian(32))];
    numbers.of(Sp800108::new(Sp800108Mode::Counter, prf, &counter), "SP800_108_COUNTER_KDF");
    let data = [PrfData::Iteration];
    let feedback = Sp800108Mode::Feedback { iv: &[] };
    numbers.of(Sp800108::new(feedback, prf, &data), "SP800_108_FEEDBACK_KDF");
    let pipeline = Sp800108Mode::DoublePipeline;
    numbers.of(Sp800108::new(pipeline, prf, &data), "SP800_108_DOUBLE_PIPELINE_KDF");
    let ciphers = [
        (DerivationCipher::Aes, "AES"),
        (DerivationCipher::Aria, "ARIA"),
        (DerivationCipher::Camellia, "CAMELLIA"),
        (DerivationCipher::Des, "DES"),
        (DerivationCipher::Des3, "DES3"),
        (DerivationCipher::Seed, "SEED"),
    ];
    for (cipher, name) in ciphers {
        let block = vec![0; cipher.block_length()];
        numbers.of(EcbEncryptData::new(cipher, &block), &format!("{name}_ECB_ENCRYPT_DATA"));
        let cbc = CbcEncryptData::new(cipher, &block, &block);
        numbers.of(cbc, &format!("{name}_CBC_ENCRYPT_DATA"));
    }
}

#[test]
fn passwords() {
    let numbers = Numbers::start();
    let schemes = [
        (PbeScheme::Sha1Des3, "PBE_SHA1_DES3_EDE_CBC"),
        (PbeScheme::Sha1Des2, "PBE_SHA1_DES2_EDE_CBC"),
        (PbeScheme::Sha1Hmac, "PBA_SHA1_WITH_SHA1_HMAC"),
        (PbeScheme::Md2Des, "PBE_MD2_DES_CBC"),
        (PbeScheme::Md5Des, "PBE_MD5_DES_CBC"),
        (PbeScheme::Md5Cast, "PBE_MD5_CAST_CBC"),
        (PbeScheme::Md5Cast3, "PBE_MD5_CAST3_CBC"),
        (PbeScheme::Md5Cast128, "PBE_MD5_CAST128_CBC"),
        (PbeScheme::Sha1Cast128, "PBE_SHA1_CAST128_CBC"),
        (PbeScheme::Sha1Rc4128, "PBE_SHA1_RC4_128"),
        (PbeScheme::Sha1Rc440, "PBE_SHA1_RC4_40"),
        (PbeScheme::Sha1Rc2128, "PBE_SHA1_RC2_128_CBC"),
        (PbeScheme::Sha1Rc240, "PBE_SHA1_RC2_40_CBC"),
    ];
    for (scheme, name) in schemes {
        let mut iv = [0; 8];
        let iv = name.ends_with("CBC").then_some(&mut iv);
        numbers.of(Pbe::new(scheme, b"password", b"salt", 1000).iv(iv), name);
    }
    numbers.of(Pbkdf2::new(Pbkdf2Prf::Sha256, b"password", b"salt", 1000), "PKCS5_PBKD2");
    let kinds = [(OtpKind::SecurId, "SECURID"), (OtpKind::Hotp, "HOTP"), (OtpKind::Acti, "ACTI")];
    for (kind, name) in kinds {
        numbers.of(Otp::new(kind, &[]), name);
    }
}

#[test]
fn ssl_and_tls() {
    let numbers = Numbers::start();
    let (random, hash) = (&[1; 32], Hash::Sha256);
    let version = Version { major: 3, minor: 0 };
    for (protocol, name) in [(SslProtocol::Ssl3, "SSL3"), (SslProtocol::Tls10, "TLS")] {
        numbers.of(PreMasterKey::new(protocol, version), &format!("{name}_PRE_MASTER_KEY_GEN"));
        let master = || Ssl3MasterKey::new(protocol, random, random);
        numbers.of(master(), &format!("{name}_MASTER_KEY_DERIVE_DH"));
        let mut written = version;
        let with_version = master().version(Some(&mut written));
        numbers.of(with_version, &format!("{name}_MASTER_KEY_DERIVE"));
        let keys = &mut TlsKeys::with_iv_length(8);
        let material = Ssl3KeyMaterial {
            protocol,
            client_random: random,
            server_random: random,
            mac_bits: 160,
            key_bits: 128,
            export: false,
            keys,
        };
        numbers.of(material, &format!("{name}_KEY_AND_MAC_DERIVE"));
    }
    numbers.of(Ssl3Mac::new(Ssl3Hash::Md5, 8), "SSL3_MD5_MAC");
    numbers.of(Ssl3Mac::new(Ssl3Hash::Sha1, 8), "SSL3_SHA1_MAC");
    let mut written = version;
    numbers.of(Tls12MasterKey::new(hash, random, random), "TLS12_MASTER_KEY_DERIVE_DH");
    let master = Tls12MasterKey::new(hash, random, random).version(Some(&mut written));
    numbers.of(master, "TLS12_MASTER_KEY_DERIVE");
    let master = Tls12ExtendedMasterKey::new(hash, random);
    numbers.of(master, "TLS12_EXTENDED_MASTER_KEY_DERIVE_DH");
    let master = Tls12ExtendedMasterKey::new(hash, random).version(Some(&mut written));
    numbers.of(master, "TLS12_EXTENDED_MASTER_KEY_DERIVE");
    for (safe, name) in [(false, "TLS12_KEY_AND_MAC_DERIVE"), (true, "TLS12_KEY_SAFE_DERIVE")] {
        let keys = &mut TlsKeys::with_iv_length(0);
        let material = Tls12KeyMaterial {
            hash,
            client_random: random,
            server_random: random,
            mac_bits: 160,
            key_bits: 128,
            safe,
            keys,
        };
        numbers.of(material, name);
    }
    let prf = TlsPrf::Tls12(hash);
    for (deprecated, name) in [(false, "TLS"), (true, "TLS12")] {
        let kdf = TlsKdf::new(prf, b"label", random, random).deprecated(deprecated);
        numbers.of(kdf, &format!("{name}_KDF"));
        let mac = TlsMac::new(prf, TlsSide::Client).deprecated(deprecated);
        numbers.of(mac, &format!("{name}_MAC"));
    }
    let digest = MechanismType::SHA_1;
    numbers.of(WtlsMasterKey::new(digest, random, random), "WTLS_MASTER_KEY_DERIVE_DH_ECC");
    let mut written = 1;
    let master = WtlsMasterKey::new(digest, random, random).version(Some(&mut written));
    numbers.of(master, "WTLS_MASTER_KEY_DERIVE");
    for (server, name) in [(false, "CLIENT"), (true, "SERVER")] {
        let keys = &mut WtlsKeys::with_iv_length(8);
        let material = WtlsKeyMaterial {
            server,
            digest,
            client_random: random,
            server_random: random,
            mac_bits: 160,
            key_bits: 128,
            sequence_number: 1,
            export: false,
            keys,
        };
        numbers.of(material, &format!("WTLS_{name}_KEY_AND_MAC_DERIVE"));
    }
}

#[test]
fn the_mechanism_inside_ct_kip_and_cms() {
    let numbers = Numbers::start();
    let uses =
        [(KipUse::Derive, "KIP_DERIVE"), (KipUse::Wrap, "KIP_WRAP"), (KipUse::Mac, "KIP_MAC")];
    for (usage, name) in uses {
        let mechanism = Mechanism::with_bytes(MechanismType::AES_CBC, &[1; 16]);
        numbers.of(Kip { usage, mechanism, key: None, seed: b"" }, name);
        // A wrong one inside is refused as it would be outside.
        let mechanism = Mechanism::with_bytes(MechanismType::AES_CBC, &[1; 8]);
        let wrong = Kip { usage, mechanism, key: None, seed: b"" };
        assert!(numbers.session.digest(wrong, b"").unwrap_err().return_code().is_none());
    }
    numbers.of(CmsSig::new(Mechanism::new(MechanismType::ECDSA_SHA256)), "CMS_SIG");
}

#[test]
fn dsa_parameters() {
    let numbers = Numbers::start();
    let methods = [
        (DsaPrimeMethod::Probable, "DSA_PROBABILISTIC_PARAMETER_GEN"),
        (DsaPrimeMethod::Provable, "DSA_SHAWE_TAYLOR_PARAMETER_GEN"),
    ];
    for (method, name) in methods {
        let mut seed = DsaSeed::with_length(32);
        numbers.of(DsaPrimes::new(method, Hash::Sha256, &mut seed), name);
    }
    numbers.of(DsaBase::new(Hash::Sha256, b"seed", 0), "DSA_FIPS_G_GEN");
}

#[test]
fn the_old_ciphers() {
    let numbers = Numbers::start();
    let ciphers = [
        (OldCipher::Des, "DES"),
        (OldCipher::Cast, "CAST"),
        (OldCipher::Cast3, "CAST3"),
        (OldCipher::Cast128, "CAST128"),
        (OldCipher::Idea, "IDEA"),
        (OldCipher::Cdmf, "CDMF"),
    ];
    for (cipher, name) in ciphers {
        numbers.of(OldCbc::new(cipher, &[1; 8]), &format!("{name}_CBC_PAD"));
        numbers.of(OldCbc::new(cipher, &[1; 8]).pad(false), &format!("{name}_CBC"));
        let mac = OldMac::new(OldMacKind::Cipher(cipher), 8);
        numbers.of(mac, &format!("{name}_MAC_GENERAL"));
    }
    let digests = [
        (OldMacKind::Md2, "MD2"),
        (OldMacKind::Md5, "MD5"),
        (OldMacKind::RipeMd128, "RIPEMD128"),
        (OldMacKind::RipeMd160, "RIPEMD160"),
    ];
    for (kind, name) in digests {
        numbers.of(OldMac::new(kind, 16), &format!("{name}_HMAC_GENERAL"));
    }
    let modes = [
        (Rc2Mode::Ecb, Rc5Mode::Ecb, "ECB"),
        (Rc2Mode::Cbc([1; 8]), Rc5Mode::Cbc(&[1; 8]), "CBC"),
        (Rc2Mode::CbcPad([1; 8]), Rc5Mode::CbcPad(&[1; 8]), "CBC_PAD"),
        (Rc2Mode::Mac, Rc5Mode::Mac, "MAC"),
        (Rc2Mode::MacGeneral(8), Rc5Mode::MacGeneral(8), "MAC_GENERAL"),
    ];
    for (rc2, rc5, name) in modes {
        numbers.of(Rc2::new(rc2, 64), &format!("RC2_{name}"));
        numbers.of(Rc5::new(rc5, 4, 12), &format!("RC5_{name}"));
    }
    let fortezza = [
        (FortezzaCipher::BatonEcb128, "BATON_ECB128"),
        (FortezzaCipher::BatonEcb96, "BATON_ECB96"),
        (FortezzaCipher::BatonCbc128, "BATON_CBC128"),
        (FortezzaCipher::BatonCounter, "BATON_COUNTER"),
        (FortezzaCipher::BatonShuffle, "BATON_SHUFFLE"),
        (FortezzaCipher::JuniperEcb128, "JUNIPER_ECB128"),
        (FortezzaCipher::JuniperCbc128, "JUNIPER_CBC128"),
        (FortezzaCipher::JuniperCounter, "JUNIPER_COUNTER"),
        (FortezzaCipher::JuniperShuffle, "JUNIPER_SHUFFLE"),
        (FortezzaCipher::SkipjackEcb64, "SKIPJACK_ECB64"),
        (FortezzaCipher::SkipjackCbc64, "SKIPJACK_CBC64"),
        (FortezzaCipher::SkipjackOfb64, "SKIPJACK_OFB64"),
        (FortezzaCipher::SkipjackCfb64, "SKIPJACK_CFB64"),
        (FortezzaCipher::SkipjackCfb32, "SKIPJACK_CFB32"),
        (FortezzaCipher::SkipjackCfb16, "SKIPJACK_CFB16"),
        (FortezzaCipher::SkipjackCfb8, "SKIPJACK_CFB8"),
    ];
    for (cipher, name) in fortezza {
        numbers.of(Fortezza::new(cipher, &mut [0; 24]), name);
    }
    let mut data = SetOaepData::new(3, b"extra");
    numbers.of(SetOaepWrap::new(&mut data), "KEY_WRAP_SET_OAEP");
}
