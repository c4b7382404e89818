//! A derivation by SP 800-108 borrows its pieces of input and what they borrow.

use pkcs11_core::mechanism::{NumberFormat, PrfData, Sp800108, Sp800108Mode};
use pkcs11_core::{Context, IntoMechanism, Mechanism, MechanismType, Result};

const COUNTER: PrfData<'_> = PrfData::Counter(NumberFormat::big_endian(32));

pub fn pieces<'a>(context: &Context<'_>) -> Result<Mechanism<'a>> {
    let prf = MechanismType::AES_CMAC;
    let data = vec![COUNTER];
    Sp800108::new(Sp800108Mode::Counter, prf, &data).into_mechanism(context)
}

pub fn label<'a>() -> [PrfData<'a>; 2] {
    let label = b"label".to_vec();
    [COUNTER, PrfData::Bytes(&label)]
}

fn main() {}
