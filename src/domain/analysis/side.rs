//! One side of a comparison: an arm of the form, or several that are combined into one.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The arms on one side of a comparison, at least one; in a file a single id or a list of ids.
///
/// Several arms that a study has are combined into one group (Cochrane Handbook 23.3.4), so that nobody is counted twice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Side(Vec<String>);

impl Side {
    /// Returns the ids of the arms.
    pub fn arms(&self) -> &[String] {
        &self.0
    }

    /// Returns the id of the first arm.
    pub fn first(&self) -> &str {
        self.0.first().map(String::as_str).unwrap_or_default()
    }

    /// Returns the one arm; `None` where several are combined.
    pub fn only(&self) -> Option<&str> {
        match self.0.as_slice() {
            [only] => Some(only),
            _ => None,
        }
    }
}

impl From<&str> for Side {
    fn from(id: &str) -> Self {
        Self(vec![id.to_owned()])
    }
}

impl<const N: usize> From<[&str; N]> for Side {
    fn from(ids: [&str; N]) -> Self {
        Self(ids.map(str::to_owned).to_vec())
    }
}

impl fmt::Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join(" + "))
    }
}

impl Serialize for Side {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.only() {
            Some(only) => serializer.serialize_str(only),
            None => self.0.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Side {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OneOrMany;
        impl<'de> serde::de::Visitor<'de> for OneOrMany {
            type Value = Side;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the id of an arm, or a list of ids")
            }

            fn visit_str<E: serde::de::Error>(self, id: &str) -> Result<Side, E> {
                Ok(Side::from(id))
            }

            fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut ids: A) -> Result<Side, A::Error> {
                let mut arms = Vec::new();
                while let Some(id) = ids.next_element()? {
                    arms.push(id);
                }
                if arms.is_empty() { Err(serde::de::Error::custom("a side has at least one arm")) } else { Ok(Side(arms)) }
            }
        }
        deserializer.deserialize_any(OneOrMany)
    }
}

#[cfg(test)]
mod tests {
    use serde::de::IntoDeserializer;
    use serde::de::value::{Error, SeqDeserializer, StrDeserializer};

    use super::*;

    #[test]
    fn a_side_is_one_id_or_a_list() {
        let one = Side::deserialize::<StrDeserializer<'_, Error>>("low".into_deserializer()).expect("reads");
        assert_eq!((one.only(), one.to_string().as_str()), (Some("low"), "low"));
        let list = |ids: Vec<&'static str>| Side::deserialize(SeqDeserializer::<_, Error>::new(ids.into_iter()));
        let two = list(vec!["low", "high"]).expect("reads");
        assert_eq!((two.only(), two.first(), two.to_string().as_str()), (None, "low", "low + high"));
        assert_eq!((two.clone(), one), (["low", "high"].into(), "low".into()));
        assert_eq!(list(Vec::new()).expect_err("refused").to_string(), "a side has at least one arm");
    }
}
