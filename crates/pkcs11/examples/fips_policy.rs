//! A policy of one's own: the standard defaults, without what NIST no longer approves.
//!
//! It sees every mechanism before it is used, the default and the one that a program names:
//! SHA-1 for new signatures (SP 800-131A §3), DES (SP 800-131A §2), and encryption with PKCS#1 v1.5
//! (SP 800-131A §6) are refused, and no C function is called for them.
#![allow(clippy::print_stdout, clippy::panic_in_result_fn, reason = "it shows and checks")]

use pkcs11::prelude::*;
use pkcs11::{Context, Defaults, ModuleInfo, Quirks, Request, StandardDefaults, TokenInfo, Usage};
use std::env::var;

/// The standard defaults, with a look at each mechanism.
#[derive(Debug)]
struct Fips(StandardDefaults);

/// The signatures whose name has SHA-1 in it.
const SHA_1_SIGNATURES: [MechanismType; 5] = [
    MechanismType::SHA1_RSA_PKCS,
    MechanismType::SHA1_RSA_PKCS_PSS,
    MechanismType::SHA1_RSA_X9_31,
    MechanismType::DSA_SHA1,
    MechanismType::ECDSA_SHA1,
];

impl Fips {
    /// Why a mechanism is refused for a use, if it is.
    fn refusal(mechanism: &Mechanism<'_>, usage: Usage) -> Option<&'static str> {
        let number = mechanism.number();
        // The hash of PSS is in its parameter, and that of data hashed here beside the mechanism.
        let sha_1 =
            SHA_1_SIGNATURES.contains(&number) || mechanism.hash() == Some(MechanismType::SHA_1);
        let des = [KeyType::DES, KeyType::DES2, KeyType::DES3];
        let of_des = number.key_types().iter().any(|key_type| des.contains(key_type));
        match usage {
            // To verify what was signed before is legacy use, and goes on; so does decryption.
            Usage::Sign if sha_1 => Some("SHA-1 signs nothing new"),
            Usage::Decrypt | Usage::Unwrap | Usage::Verify => None,
            _ if of_des => Some("DES is of the past"),
            Usage::Encrypt | Usage::Wrap if number == MechanismType::RSA_PKCS => {
                Some("RSA encrypts with OAEP only")
            }
            _ => None,
        }
    }
}

impl Defaults for Fips {
    fn permit(&self, mechanism: &Mechanism<'_>, context: &Context<'_>) -> Result<()> {
        Self::refusal(mechanism, context.usage()).map_or(Ok(()), |why| Err(context.refused(why)))
    }

    // The rest is the standard defaults'.

    fn mechanism<'a>(&self, request: &Request<'a>, context: &Context<'_>) -> Result<Mechanism<'a>> {
        self.0.mechanism(request, context)
    }

    fn parameter<'a>(
        &self,
        mechanism: MechanismType,
        context: &Context<'_>,
    ) -> Result<Option<Mechanism<'a>>> {
        self.0.parameter(mechanism, context)
    }

    fn capabilities(&self, key_type: KeyType) -> Option<Capabilities> {
        self.0.capabilities(key_type)
    }

    fn template(&self, class: ObjectClass, key_type: KeyType, usage: Usage) -> Template<'static> {
        self.0.template(class, key_type, usage)
    }

    fn quirks(&self, module: &ModuleInfo, token: &TokenInfo) -> Quirks {
        self.0.quirks(module, token)
    }
}

/// Runs the example.
pub fn main() -> Result<(), Box<dyn std::error::Error>> {
    let options = LoadOptions::new().defaults(Fips(StandardDefaults::new()));
    let module = options.load(var("PKCS11_MODULE")?)?;
    let token = module.token(label(var("PKCS11_TOKEN")?))?;
    let session = token.open().user_pin(var("PKCS11_PIN")?).start()?;

    let (public, private) = session.generate_key_pair(KeyType::RSA).bits(2048).create()?;
    let (_, on_curve) = session.generate_key_pair(Curve::P256).create()?;
    let aes = session.generate_key(KeyType::AES).bits(256).create()?;

    // What is permitted works as ever.
    let signature = private.sign(DEFAULT, b"message")?;
    public.verify(DEFAULT, b"message", &signature)?;
    let ciphertext = public.encrypt(DEFAULT, b"INPUT DATA")?;
    assert_eq!(private.decrypt(DEFAULT, &ciphertext)?, b"INPUT DATA");
    println!("permitted: signing and encrypting with the defaults of RSA");

    let rsa_sha1 = MechanismType::SHA1_RSA_PKCS;
    let refused = [
        ("RSA with SHA-1", private.sign(rsa_sha1, b"message").map(drop)),
        ("PSS with SHA-1", private.sign(RsaPss::new(Hash::Sha1), b"message").map(drop)),
        // Where the token signs digests only, the hash is made here; the policy sees it all the same.
        ("ECDSA with SHA-1", on_curve.sign(Ecdsa::new(Hash::Sha1), b"message").map(drop)),
        ("PKCS#1 v1.5", public.encrypt(MechanismType::RSA_PKCS, b"INPUT DATA").map(drop)),
        ("wrapping by PKCS#1 v1.5", public.wrap_key(MechanismType::RSA_PKCS, &aes).map(drop)),
        (
            "a 3DES key",
            session.generate_key(KeyType::DES3).create_with(MechanismType::DES3_KEY_GEN).map(drop),
        ),
    ];
    for (what, answer) in refused {
        let error = answer.expect_err("the policy refuses it");
        assert!(matches!(error.kind(), ErrorKind::Refused(_)), "{error}");
        println!("refused, {what}: {error}");
    }
    Ok(())
}
