//! The token under test, and keys of known value on it.

use std::cell::RefCell;
use std::collections::BTreeMap;

use pkcs11::prelude::*;
use pkcs11::{MechanismFlags, MechanismInfo, Quirks};

use super::sheet::Reason;
use crate::exercise::quirks;
use crate::{Outcome, TestToken};

/// A session on the token, and what the token says of itself.
#[derive(Debug)]
pub(super) struct Bench {
    pub(super) session: Session,
    pub(super) quirks: Quirks,
    /// Whether the token makes keys with these `CKA_EC_PARAMS`.
    curves: RefCell<BTreeMap<Vec<u8>, bool>>,
}

impl Bench {
    pub(super) fn new(token: &TestToken) -> Outcome<Self> {
        let session = token.session()?;
        let quirks = quirks(session.token())?;
        Ok(Self { session, quirks, curves: RefCell::default() })
    }

    /// What the token says of a mechanism, if it lists it for all these uses.
    pub(super) fn listed(
        &self,
        mechanism: MechanismType,
        uses: MechanismFlags,
    ) -> Result<MechanismInfo, Reason> {
        let info = self.session.token().mechanism_info(mechanism).ok().flatten();
        info.filter(|info| info.flags.contains(uses)).ok_or(Reason::NotListed)
    }

    /// The same, if the key's size is within what it says, in the unit of the mechanism's section.
    pub(super) fn admits(
        &self,
        mechanism: MechanismType,
        uses: MechanismFlags,
        size: usize,
    ) -> Result<(), Reason> {
        let info = self.listed(mechanism, uses)?;
        let size = u64::try_from(size).map_err(|_| Reason::KeySize)?;
        let within = (info.min_key_size..=info.max_key_size).contains(&size);
        // 0 and 0 is said where the sizes are not used.
        (within || info.max_key_size == 0).then_some(()).ok_or(Reason::KeySize)
    }

    /// Whether the token makes key pairs of this type on the curve.
    pub(super) fn offers_curve(&self, key_type: KeyType, params: &[u8]) -> Result<(), Reason> {
        let mut curves = self.curves.borrow_mut();
        let offered = curves.entry(params.to_vec()).or_insert_with(|| {
            let pair =
                self.session.generate_key_pair(key_type).with_public(attr::EC_PARAMS, params);
            match pair.create() {
                Ok((public, private)) => public.destroy().and(private.destroy()).is_ok(),
                Err(_) => false,
            }
        });
        offered.then_some(()).ok_or(Reason::Curve)
    }

    /// A secret key of this value for these uses.
    pub(super) fn secret(
        &self,
        key_type: KeyType,
        value: &[u8],
        uses: &[Attr<bool>],
    ) -> Result<SecretKey> {
        let template = Template::new()
            .with(attr::KEY_TYPE, key_type)
            .with(attr::SENSITIVE, false)
            .with(attr::EXTRACTABLE, true)
            .with(attr::VALUE, value);
        self.session.create(&with_uses(template, uses))
    }

    /// A private key of this template for these uses.
    pub(super) fn private(
        &self,
        template: Template<'_>,
        uses: &[Attr<bool>],
    ) -> Result<PrivateKey> {
        let template = template.with(attr::SENSITIVE, false).with(attr::EXTRACTABLE, true);
        self.session.create(&with_uses(template, uses))
    }

    /// A public key of this template for these uses.
    pub(super) fn public(&self, template: Template<'_>, uses: &[Attr<bool>]) -> Result<PublicKey> {
        self.session.create(&with_uses(template, uses))
    }
}

fn with_uses<'a>(mut template: Template<'a>, uses: &[Attr<bool>]) -> Template<'a> {
    for &yes in uses {
        template.set(yes, true);
    }
    template
}
