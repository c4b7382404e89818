#![doc = include_str!("../README.md")]

mod quirks;
mod table;
mod template;

use pkcs11_core::mechanism::{DhDerive, Ecdh1, RsaOaep};
use pkcs11_core::{
    Capabilities, Context, Defaults, Hash, IntoMechanism, KeyType, Mechanism, MechanismType,
    ModuleInfo, ObjectClass, Quirks, Request, Result, Template, TokenInfo, Usage,
};

pub use quirks::QuirkRow;
pub use table::{Derive, Encrypt, ROWS, Row, Sign};

/// The defaults of the tables in this crate.
///
/// ```
/// use pkcs11_core::LoadOptions;
/// use pkcs11_defaults::StandardDefaults;
///
/// let options = LoadOptions::new().defaults(StandardDefaults::new());
/// ```
#[derive(Clone, Debug)]
pub struct StandardDefaults {
    hash_here: bool,
    quirks: Vec<QuirkRow>,
}

impl Default for StandardDefaults {
    fn default() -> Self {
        Self::new()
    }
}

impl StandardDefaults {
    /// The tables as they are.
    #[must_use]
    pub fn new() -> Self {
        Self { hash_here: true, quirks: Vec::new() }
    }

    /// Whether the data may be hashed in this process, for a token that signs digests only. It
    /// may, unless this says no.
    #[must_use]
    pub fn hash_here(mut self, yes: bool) -> Self {
        self.hash_here = yes;
        self
    }

    /// With one more row of quirks, looked at before those of this crate.
    #[must_use]
    pub fn quirk(mut self, row: QuirkRow) -> Self {
        self.quirks.push(row);
        self
    }

    /// The signature's own mechanism, or what comes to the same on the digest of the data.
    fn signature<'a>(&self, sign: Sign, context: &Context<'_>) -> Result<Mechanism<'a>> {
        let Sign { mechanism, digest } = sign;
        let Some((hash, on_digest, digest_info)) = digest else {
            return Ok(Mechanism::new(mechanism));
        };
        if context.offers(mechanism)? {
            return Ok(Mechanism::new(mechanism));
        }
        if self.hash_here && context.offers(on_digest)? {
            let plain = Mechanism::new(on_digest);
            return Ok(if digest_info {
                plain.prehashed_info(hash)
            } else {
                plain.prehashed(hash)
            });
        }
        Err(context.no_default(&format!("the token offers neither {mechanism} nor {on_digest}")))
    }
}

impl Defaults for StandardDefaults {
    fn mechanism<'a>(&self, request: &Request<'a>, context: &Context<'_>) -> Result<Mechanism<'a>> {
        let usage = context.usage();
        if usage == Usage::Digest {
            return Ok(Mechanism::new(MechanismType::SHA256));
        }
        let row = Row::of(context.key_type()?);
        let row = row.ok_or_else(|| context.no_default("the key type is in no table"))?;
        let none = || context.no_default("keys of this type have none");
        match usage {
            Usage::GenerateKey | Usage::GenerateKeyPair => {
                row.generate.map(Mechanism::new).ok_or_else(none)
            }
            Usage::GenerateParameters => row.parameters.map(Mechanism::new).ok_or_else(none),
            Usage::Encrypt | Usage::Decrypt => match row.encrypt.ok_or_else(none)? {
                Encrypt::Iv(mechanism) => match request.iv {
                    Some(iv) => Ok(Mechanism::with_bytes(mechanism, iv)),
                    None => Err(context.no_default(&format!(
                        "{mechanism} needs an initialisation vector: use DEFAULT.iv(&iv)"
                    ))),
                },
                Encrypt::Oaep => RsaOaep::new(Hash::Sha1).into_mechanism(context),
            },
            Usage::Sign | Usage::Verify => self.signature(row.sign.ok_or_else(none)?, context),
            Usage::Derive => {
                let derive = row.derive.ok_or_else(none)?;
                let peer = request.peer.ok_or_else(|| {
                    context
                        .no_default("the other party's public value is missing: use DEFAULT.peer()")
                })?;
                match derive {
                    Derive::Ecdh1 => Ecdh1::new(peer).into_mechanism(context),
                    Derive::DhPkcs => DhDerive::new(peer).into_mechanism(context),
                }
            }
            _ => Err(none()),
        }
    }

    fn capabilities(&self, key_type: KeyType) -> Option<Capabilities> {
        Row::of(key_type).map(|row| row.capabilities)
    }

    fn template(&self, class: ObjectClass, key_type: KeyType, usage: Usage) -> Template<'static> {
        template::template(class, key_type, usage)
    }

    fn quirks(&self, module: &ModuleInfo, token: &TokenInfo) -> Quirks {
        quirks::find(&self.quirks, module, token)
    }
}
