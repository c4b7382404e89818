//! How initialisation vectors are made (PKCS#11 §6.13).

use super::number::numbers;

numbers! {
    /// Who makes the initialisation vector of a message, and how (`CK_GENERATOR_FUNCTION`).
    Generator: CK_GENERATOR_FUNCTION, "CKG_"; {
        NO_GENERATE = CKG_NO_GENERATE, "3.0";
        GENERATE = CKG_GENERATE, "3.0";
        GENERATE_COUNTER = CKG_GENERATE_COUNTER, "3.0";
        GENERATE_RANDOM = CKG_GENERATE_RANDOM, "3.0";
        GENERATE_COUNTER_XOR = CKG_GENERATE_COUNTER_XOR, "3.1";
    }
}
