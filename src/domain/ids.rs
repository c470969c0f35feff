//! Identities. No bare integers: a wrong argument should not compile.
//!
//! Records, batches and studies are named by what they are (content hashes and slugs), operations and logs by random numbers, so
//! that two copies of a review can grow apart and be merged without a collision.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The alphabet of record names: Crockford's base 32, lower case, without the letters that are mistaken for digits.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// Whether a byte is in the alphabet: opening a large review asks millions of times.
const IN_ALPHABET: [bool; 256] = {
    let mut is_in = [false; 256];
    let mut at = 0;
    while at < ALPHABET.len() {
        is_in[ALPHABET[at] as usize] = true;
        at += 1;
    }
    is_in
};

/// A name of twelve characters made from sixty bits of a content hash.
macro_rules! content_name {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name([u8; 12]);

        impl $name {
            /// Makes the name from the first sixty bits of a hash.
            pub fn from_hash(hash: &[u8; 32]) -> Self {
                let mut bits = u64::from_be_bytes(hash[..8].try_into().expect("a slice of eight has eight bytes"));
                let mut text = [0; 12];
                for place in &mut text {
                    *place = ALPHABET[(bits >> 59) as usize];
                    bits <<= 5;
                }
                Self(text)
            }

            /// Returns the twelve characters.
            pub fn as_str(&self) -> &str {
                std::str::from_utf8(&self.0).expect("the alphabet is ASCII")
            }
        }

        impl FromStr for $name {
            type Err = BadId;

            fn from_str(text: &str) -> Result<Self, BadId> {
                let bytes: [u8; 12] = text.as_bytes().try_into().map_err(|_| BadId(text.to_owned()))?;
                if bytes.iter().all(|b| IN_ALPHABET[*b as usize]) { Ok(Self(bytes)) } else { Err(BadId(text.to_owned())) }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

content_name! {
    /// Names one record by its source file, its place in it and its raw text: the same file imported in two copies gives the same names.
    RecordId
}
content_name! {
    /// Names one import: the same file imported for the same source gives the same name.
    BatchId
}

/// A text that is no identity of the kind asked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is not a valid identity")]
pub struct BadId(pub String);

/// A random number of 128 bits, written as 32 hexadecimal digits.
macro_rules! random_name {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(u128);

        impl $name {
            /// Makes the identity from sixteen random bytes.
            pub fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(u128::from_be_bytes(bytes))
            }
        }

        impl FromStr for $name {
            type Err = BadId;

            fn from_str(text: &str) -> Result<Self, BadId> {
                if text.len() != 32 {
                    return Err(BadId(text.to_owned()));
                }
                u128::from_str_radix(text, 16).map(Self).map_err(|_| BadId(text.to_owned()))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{:032x}", self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{:032x}", self.0)
            }
        }
    };
}

random_name! {
    /// Names one operation.
    OpId
}
random_name! {
    /// Names one log: the series of operations of one reviewer on one device in one copy of the file.
    LogId
}

/// A short text that people choose or that is made from a label, shared cheaply.
macro_rules! word_name {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(Arc<str>);

        impl $name {
            /// Returns the text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.into())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                Ok(Self(String::deserialize(deserializer)?.into()))
            }
        }
    };
}

word_name! {
    /// Names a person of the review, as given at set-up ("AR").
    ReviewerId
}
word_name! {
    /// Names a source, made from its name ("pubmed-medline").
    SourceId
}
word_name! {
    /// Names a study, made from its label ("sigtermans-2009").
    StudyId
}

impl ReviewerId {
    /// Checks that a text may name a reviewer: one to sixteen letters, digits, hyphens or underscores.
    ///
    /// # Errors
    /// [`BadId`] with the text where it may not.
    pub fn checked(text: &str) -> Result<Self, BadId> {
        let is_good = !text.is_empty() && text.chars().count() <= 16 && text.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_');
        if is_good { Ok(Self::from(text)) } else { Err(BadId(text.to_owned())) }
    }
}

/// Makes a slug of a label: lower case, letters and digits of any script kept, everything else one hyphen.
///
/// An empty or purely typographic label gives "unnamed".
pub fn slug(label: &str) -> String {
    let mut slug = String::with_capacity(label.len());
    for c in label.chars().flat_map(char::to_lowercase) {
        if c.is_alphanumeric() {
            slug.push(c);
        } else if !slug.ends_with('-') && !slug.is_empty() {
            slug.push('-');
        }
    }
    let slug = slug.trim_end_matches('-');
    if slug.is_empty() { "unnamed".to_owned() } else { slug.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_names_round_trip_and_refuse_other_text() {
        let id = RecordId::from_hash(&[0xab; 32]);
        assert_eq!(id.as_str().len(), 12);
        assert_eq!(id.as_str().parse::<RecordId>(), Ok(id));
        for bad in ["", "short", "UPPERCASE123", "with space 1"] {
            assert!(bad.parse::<RecordId>().is_err(), "{bad}");
        }
    }

    #[test]
    fn random_names_round_trip() {
        let id = OpId::from_bytes([7; 16]);
        assert_eq!(id.to_string().parse::<OpId>(), Ok(id));
        assert!("xyz".parse::<OpId>().is_err());
    }

    #[test]
    fn slugs_are_stable_and_readable() {
        assert_eq!(slug("Sigtermans 2009"), "sigtermans-2009");
        assert_eq!(slug("PubMed / MEDLINE"), "pubmed-medline");
        assert_eq!(slug(" Björgo & Söhne "), "björgo-söhne");
        assert_eq!(slug("--"), "unnamed");
    }

    #[test]
    fn reviewer_names_are_short_words() {
        assert!(ReviewerId::checked("AR").is_ok());
        for bad in ["", "two words", "semi;colon", "abcdefghijklmnopq"] {
            assert!(ReviewerId::checked(bad).is_err(), "{bad}");
        }
    }
}
