//! An object that was destroyed, and a session that was closed, are used up.

use pkcs11_core::{Data, Result, Session, TokenObject, attr};

pub fn destroyed(object: Data) -> Result<String> {
    object.destroy()?;
    object.get(attr::LABEL)
}

pub fn closed(session: Session) -> Result<[u8; 4]> {
    session.close()?;
    session.random()
}

fn main() {}
