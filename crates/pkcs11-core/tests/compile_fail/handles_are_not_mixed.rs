//! The handles of slots, sessions and objects are of different types.

use pkcs11_core::{ObjectHandle, Session, SessionHandle, SlotId, TokenObject};

pub fn mix(session: &Session, object: &impl TokenObject) {
    let _: SlotId = session.handle();
    let _: SessionHandle = object.handle();
    let _: ObjectHandle = session.token().slot().id();
    let _ = session.handle() == object.handle();
}

fn main() {}
