//! Names as text (RFC 4514).

use alloc::vec::Vec;
use core::fmt::{self, Write as _};

use super::{Name, NameAttribute, NameAttributeType};

/// RFC 4514: the last part first, joined by commas; `+` inside of a part.
///
/// A type that is not in the table is written as dotted numbers, a value that is no text as
/// `#` and its bytes. From the place on where a name is broken, `…` stands for the rest.
impl fmt::Display for Name<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut separator = "";
        if let Some(Err(_)) = self.attributes().last() {
            formatter.write_char('…')?;
            separator = ",";
        }
        let attributes: Vec<_> = self.attributes().filter_map(Result::ok).collect();
        for rdn in attributes.chunk_by(|one, next| one.rdn == next.rdn).rev() {
            for attribute in rdn {
                formatter.write_str(separator)?;
                write_attribute(attribute, formatter)?;
                separator = "+";
            }
            separator = ",";
        }
        Ok(())
    }
}

fn write_attribute(
    attribute: &NameAttribute<'_>,
    formatter: &mut fmt::Formatter<'_>,
) -> fmt::Result {
    match (NameAttributeType::from_oid(attribute.oid), attribute.text()) {
        (Some(kind), Ok(text)) => {
            write!(formatter, "{}=", kind.name())?;
            write_escaped(&text, formatter)
        }
        (kind, _) => {
            match kind {
                Some(kind) => write!(formatter, "{}=#", kind.name())?,
                None => write!(formatter, "{}=#", attribute.oid)?,
            }
            attribute.value.iter().try_for_each(|byte| write!(formatter, "{byte:02x}"))
        }
    }
}

/// RFC 4514 §2.4; control characters too, so that a name stays on its line.
fn write_escaped(text: &str, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
    let last = text.chars().count().saturating_sub(1);
    for (index, character) in text.chars().enumerate() {
        match character {
            '"' | '+' | ',' | ';' | '<' | '>' | '\\' => write!(formatter, "\\{character}")?,
            '#' if index == 0 => formatter.write_str("\\#")?,
            ' ' if index == 0 || index == last => formatter.write_str("\\ ")?,
            _ if character.is_control() => {
                let mut utf8 = [0; 4];
                for byte in character.encode_utf8(&mut utf8).bytes() {
                    write!(formatter, "\\{byte:02x}")?;
                }
            }
            _ => formatter.write_char(character)?,
        }
    }
    Ok(())
}
