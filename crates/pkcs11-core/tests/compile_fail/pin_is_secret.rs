//! A PIN is neither copied nor printed.

use pkcs11_core::Pin;

fn main() {
    let pin = Pin::from("1234");
    let _ = pin.clone();
    let _ = pin.to_string();
    let _ = pin == Pin::from("1234");
    println!("{pin}");
}
