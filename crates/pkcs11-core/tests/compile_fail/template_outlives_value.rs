//! A template borrows its values.

use pkcs11_core::{Data, Result, Session, Template, attr};

pub fn create(session: &Session) -> Result<Data> {
    let template = {
        let value = vec![1, 2, 3];
        Template::new().with(attr::VALUE, &value)
    };
    session.create(&template)
}

fn main() {}
