//! The library's example programs, each as a test on each token.

use std::error::Error;
use std::io;

use tests_softhsm::{Outcome, Stop, TestToken, tests};

/// Includes the programs, and makes a test of each.
macro_rules! examples {
    ($($test:ident: $name:ident = $file:literal;)*) => {
        $(
            #[allow(clippy::print_stdout, unreachable_pub, reason = "a program of its own")]
            #[path = $file]
            mod $name;

            fn $test(_: &TestToken) -> Outcome {
                finish($name::main())
            }
        )*

        tests! { $($test;)* }
    };
}

examples! {
    example_aes: aes = "../../../crates/pkcs11/examples/aes.rs";
    example_data_objects: data_objects = "../../../crates/pkcs11/examples/data_objects.rs";
    example_des3: des3 = "../../../crates/pkcs11/examples/des3.rs";
    example_dh_parameters: dh_parameters = "../../../crates/pkcs11/examples/dh_parameters.rs";
    example_diffie_hellman: diffie_hellman = "../../../crates/pkcs11/examples/diffie_hellman.rs";
    example_dsa: dsa = "../../../crates/pkcs11/examples/dsa.rs";
    example_ecdh: ecdh = "../../../crates/pkcs11/examples/ecdh.rs";
    example_ecdsa: ecdsa = "../../../crates/pkcs11/examples/ecdsa.rs";
    example_encrypt_file: encrypt_file = "../../../crates/pkcs11/examples/encrypt_file/main.rs";
    example_fips_policy: fips_policy = "../../../crates/pkcs11/examples/fips_policy.rs";
    example_import_key: import_key = "../../../crates/pkcs11/examples/import_key.rs";
    example_list: list = "../../../crates/pkcs11/examples/list.rs";
    example_rsa: rsa = "../../../crates/pkcs11/examples/rsa.rs";
    example_tls_certificate: tls_certificate = "../../../crates/pkcs11/examples/tls_certificate.rs";
}

/// What the program came to; a program whose token cannot do what it shows has exited before.
fn finish(answer: Result<(), Box<dyn Error>>) -> Outcome {
    answer.map_err(|error| Stop::from(io::Error::other(error.to_string())))
}
