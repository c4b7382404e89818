//! A template borrows the one that is its attribute's value.

use pkcs11_core::{Template, attr};

fn main() {
    let mut template = Template::new();
    {
        let inner = Template::new().with(attr::TOKEN, true);
        template.set(attr::UNWRAP_TEMPLATE, &inner);
    }
    println!("{}", template.len());
}
