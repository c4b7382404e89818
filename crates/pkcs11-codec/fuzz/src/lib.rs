//! What the fuzz targets share with the tests of the codec.

#[path = "../../tests/codec/properties.rs"]
mod properties;

/// Panics if the property with the name of the target does not hold for these bytes.
pub fn check(target: &str, bytes: &[u8]) {
    let named = properties::ALL.iter().find(|(name, _)| *name == target);
    let (_, property) = named.expect("each target has its property");
    property(bytes);
}
