#![doc = include_str!("../README.md")]

mod quirks;
mod table;
mod template;

use pkcs11_core::mechanism::{ChaCha20Poly1305, DhDerive, Ecdh1, EdDsa, RsaOaep, RsaPss};
use pkcs11_core::mechanism::{RsaPssDigest, X942Dh};
use pkcs11_core::{
    Capabilities, Context, Curve, Defaults, Error, IntoMechanism, KeyType, Mechanism,
    MechanismFlags, MechanismType, ModuleInfo, ObjectClass, Quirks, Request, Result, Template,
    TokenInfo, Usage,
};

pub use quirks::{QuirkRow, Versions};
pub use table::{DefaultParameter, Derive, Encrypt, Equivalent, PARAMETERS, ROWS, Row, Sign, Wrap};
pub use template::{TEMPLATES, TemplateRow};

use table::Choice;

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

    /// With one more row of quirks, looked at before those of this crate and those given before.
    #[must_use]
    pub fn quirk(mut self, row: QuirkRow) -> Self {
        self.quirks.insert(0, row);
        self
    }

    /// The signature's own mechanism, or what comes to the same on the digest of the data.
    fn signature<'a>(
        &self,
        row: &Row,
        sign: &Sign,
        context: &Context<'_>,
    ) -> Result<Mechanism<'a>> {
        if sign.verifies_only && context.usage() == Usage::Sign {
            let why = "each signature changes a key of this type: name the mechanism to sign";
            return Err(context.no_default(why));
        }
        match sign.choose(self.hash_here, |mechanism| context.offers(mechanism))? {
            Choice::Itself if sign.mechanism == MechanismType::EDDSA => eddsa(context),
            Choice::Itself => Ok(Mechanism::new(sign.mechanism)),
            Choice::Equivalent(equivalent) => {
                instead(row, sign.mechanism, equivalent.mechanism);
                let plain = Mechanism::new(equivalent.mechanism);
                Ok(match equivalent.digest_info {
                    true => plain.prehashed_info(equivalent.hash),
                    false => plain.prehashed(equivalent.hash),
                })
            }
            Choice::Nothing => Err(lacks(row, sign.mechanism, context)),
        }
    }
}

/// Ed448 wants its parameter even where that says nothing (PKCS#11 §6.3.14).
fn eddsa<'a>(context: &Context<'_>) -> Result<Mechanism<'a>> {
    match context.curve() {
        Some(Curve::ED448) => EdDsa::new().context(&[]).into_mechanism(context),
        _ => Ok(Mechanism::new(MechanismType::EDDSA)),
    }
}

fn encryption<'a>(
    row: &Row,
    encrypt: Encrypt,
    request: &Request<'a>,
    context: &Context<'_>,
) -> Result<Mechanism<'a>> {
    let offered = |mechanism| offered(row, mechanism, context);
    match encrypt {
        Encrypt::Iv(mechanism) => {
            let iv = iv(mechanism, request, context)?;
            offered(mechanism)?;
            Ok(Mechanism::with_bytes(mechanism, iv))
        }
        Encrypt::ChaCha20Poly1305 => {
            let nonce = iv(encrypt.mechanism(), request, context)?;
            offered(encrypt.mechanism())?;
            ChaCha20Poly1305::new(nonce).into_mechanism(context)
        }
        Encrypt::Oaep => encrypt.mechanism().into_mechanism(context),
    }
}

fn wrapping<'a>(
    row: &Row,
    wrap: Wrap,
    request: &Request<'a>,
    context: &Context<'_>,
) -> Result<Mechanism<'a>> {
    let wanted = wrap.mechanism();
    match wrap {
        Wrap::Plain(_) => offered(row, wanted, context).map(Mechanism::new),
        Wrap::Iv(_) => {
            let iv = iv(wanted, request, context)?;
            offered(row, wanted, context)?;
            Ok(Mechanism::with_bytes(wanted, iv))
        }
        Wrap::Kwp => {
            let same = MechanismType::AES_KEY_WRAP_PAD;
            if !context.offers(wanted)? && context.quirks().pad_is_kwp && context.offers(same)? {
                instead(row, wanted, same);
                return Ok(Mechanism::new(same));
            }
            offered(row, wanted, context).map(Mechanism::new)
        }
        Wrap::Oaep => {
            offered(row, wanted, context)?;
            wanted.into_mechanism(context)
        }
    }
}

fn derivation<'a>(
    row: &Row,
    derive: Derive,
    request: &Request<'a>,
    context: &Context<'_>,
) -> Result<Mechanism<'a>> {
    let peer = request.peer.ok_or_else(|| {
        context.no_default("the other party's public value is missing: use DEFAULT.peer()")
    })?;
    offered(row, derive.mechanism(), context)?;
    match derive {
        Derive::Ecdh1 => Ecdh1::new(peer).into_mechanism(context),
        Derive::DhPkcs => DhDerive::new(peer).into_mechanism(context),
        Derive::X942 => X942Dh::new(peer).into_mechanism(context),
    }
}

/// The initialisation vector that the caller must give.
fn iv<'a>(
    mechanism: MechanismType,
    request: &Request<'a>,
    context: &Context<'_>,
) -> Result<&'a [u8]> {
    request.iv.ok_or_else(|| {
        context
            .no_default(&format!("{mechanism} needs an initialisation vector: use DEFAULT.iv(&iv)"))
    })
}

/// The mechanism, if the token has it for the use.
fn offered(row: &Row, mechanism: MechanismType, context: &Context<'_>) -> Result<MechanismType> {
    if context.offers(mechanism)? { Ok(mechanism) } else { Err(lacks(row, mechanism, context)) }
}

/// Tells that something is used in place of the default that comes to the same.
fn instead(row: &Row, wanted: MechanismType, used: MechanismType) {
    tracing::debug!(key_type = %row.key_type, %wanted, %used, "the token lacks the default");
}

/// The error for a token that lacks the default: what was wanted, and what it offers for the use.
fn lacks(row: &Row, wanted: MechanismType, context: &Context<'_>) -> Error {
    let fits = |mechanism: &MechanismType| fits(*mechanism, row);
    let offers = match context.offered() {
        Ok(offered) => {
            let names: Vec<String> = offered
                .iter()
                .filter(|mechanism| fits(mechanism))
                .map(ToString::to_string)
                .collect();
            if names.is_empty() { "nothing".to_owned() } else { names.join(", ") }
        }
        Err(error) => format!("what cannot be read ({error})"),
    };
    context.no_default(&format!("the token lacks {wanted}; for this use it offers {offers}"))
}

/// Whether the mechanism works with keys of the row's type, or generates them.
fn fits(mechanism: MechanismType, row: &Row) -> bool {
    let types = mechanism.key_types();
    let pairs = row
        .generate
        .is_none_or(|generate| generate.serves().contains(MechanismFlags::GENERATE_KEY_PAIR));
    // Without types it is for any secret key, or only its vendor knows.
    types.contains(&row.key_type) || types.is_empty() && (!pairs || mechanism.is_vendor_defined())
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
        let plain = |mechanism: Option<MechanismType>| {
            offered(row, mechanism.ok_or_else(none)?, context).map(Mechanism::new)
        };
        match usage {
            Usage::GenerateKey | Usage::GenerateKeyPair => plain(row.generate),
            Usage::GenerateParameters => plain(row.parameters),
            Usage::Encapsulate | Usage::Decapsulate => plain(row.encapsulate),
            Usage::Encrypt | Usage::Decrypt => {
                encryption(row, row.encrypt.ok_or_else(none)?, request, context)
            }
            Usage::Sign | Usage::Verify => {
                self.signature(row, row.sign.as_ref().ok_or_else(none)?, context)
            }
            Usage::Wrap | Usage::Unwrap => {
                wrapping(row, row.wrap.ok_or_else(none)?, request, context)
            }
            Usage::Derive => derivation(row, row.derive.ok_or_else(none)?, request, context),
            _ => Err(none()),
        }
    }

    fn parameter<'a>(
        &self,
        mechanism: MechanismType,
        context: &Context<'_>,
    ) -> Result<Option<Mechanism<'a>>> {
        let mechanism = match DefaultParameter::of(mechanism) {
            None => return Ok(None),
            Some(DefaultParameter::Oaep(hash)) => RsaOaep::new(hash).into_mechanism(context),
            Some(DefaultParameter::Pss(hash)) => RsaPss::new(hash).into_mechanism(context),
            Some(DefaultParameter::PssDigest(hash)) => {
                RsaPssDigest(RsaPss::new(hash)).into_mechanism(context)
            }
        };
        mechanism.map(Some)
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
