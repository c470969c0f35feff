//! The table of keys against the structures that are read: neither has a key that the other does not know.

use std::cell::RefCell;
use std::collections::BTreeMap;

use serde::de::value::StrDeserializer;
use serde::de::{self, Deserialize, DeserializeSeed, Deserializer, EnumAccess, MapAccess, SeqAccess, VariantAccess, Visitor};
use strum::IntoEnumIterator;

use super::*;
use crate::domain::form::Form;

type Error = de::value::Error;

/// What is read at a path of keys ("analysis.cuts"), as a reader asks for it.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Asked {
    Text,
    Flag,
    Number,
    Whole,
    Word(&'static [&'static str]),
    List(Box<Asked>),
    Table(&'static [&'static str]),
    Anything,
}

/// Reads nothing, but notes what a reader asks for at every path.
struct Tracer<'a> {
    path: String,
    notes: &'a Notes,
}

#[derive(Default)]
struct Notes {
    asked: RefCell<BTreeMap<String, Asked>>,
    /// Other spellings of a key that was given already.
    aliases: RefCell<Vec<String>>,
}

impl<'a> Tracer<'a> {
    fn note(&self, asked: Asked) {
        let mut notes = self.notes.asked.borrow_mut();
        match notes.get_mut(&self.path) {
            Some(Asked::List(inner)) if **inner == Asked::Anything => **inner = asked,
            Some(_) => {}
            None => drop(notes.insert(self.path.clone(), asked)),
        }
    }

    fn below(&self, key: &str) -> Tracer<'a> {
        let path = if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) };
        Tracer { path, notes: self.notes }
    }
}

impl<'de> Deserializer<'de> for Tracer<'_> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.note(Asked::Anything);
        visitor.visit_str("text")
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.note(Asked::Table(fields));
        visitor.visit_map(Keys { of: self, fields, next: 0 })
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.note(Asked::Word(variants));
        visitor.visit_enum(Word(variants[0]))
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.note(Asked::Text);
        visitor.visit_str("text")
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_string(visitor)
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.note(Asked::Flag);
        visitor.visit_bool(true)
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.note(Asked::Number);
        visitor.visit_f64(1.0)
    }

    fn deserialize_u32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.note(Asked::Whole);
        visitor.visit_u32(1)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_some(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.note(Asked::List(Box::new(Asked::Anything)));
        visitor.visit_seq(Items { of: self, left: 1 })
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, length: usize, visitor: V) -> Result<V::Value, Error> {
        self.note(Asked::List(Box::new(Asked::Anything)));
        visitor.visit_seq(Items { of: self, left: length })
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _name: &'static str, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    serde::forward_to_deserialize_any! {
        i8 i16 i32 i64 u8 u16 u64 f32 char bytes byte_buf unit unit_struct tuple_struct map identifier ignored_any
    }
}

struct Keys<'a> {
    of: Tracer<'a>,
    fields: &'static [&'static str],
    next: usize,
}

impl<'de> MapAccess<'de> for Keys<'_> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Error> {
        while let Some(field) = self.fields.get(self.next) {
            self.next += 1;
            if !self.of.notes.aliases.borrow().contains(&self.of.below(field).path) {
                return seed.deserialize(StrDeserializer::<Error>::new(field)).map(Some);
            }
        }
        Ok(None)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Error> {
        seed.deserialize(self.of.below(self.fields[self.next - 1]))
    }
}

struct Items<'a> {
    of: Tracer<'a>,
    left: usize,
}

impl<'de> SeqAccess<'de> for Items<'_> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Error> {
        if self.left == 0 {
            return Ok(None);
        }
        self.left -= 1;
        seed.deserialize(Tracer { path: self.of.path.clone(), notes: self.of.notes }).map(Some)
    }
}

struct Word(&'static str);

impl<'de> EnumAccess<'de> for Word {
    type Error = Error;
    type Variant = Unit;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Unit), Error> {
        Ok((seed.deserialize(StrDeserializer::<Error>::new(self.0))?, Unit))
    }
}

struct Unit;

impl<'de> VariantAccess<'de> for Unit {
    type Error = Error;

    fn unit_variant(self) -> Result<(), Error> {
        Ok(())
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, _seed: T) -> Result<T::Value, Error> {
        Err(de::Error::custom("words of a form carry nothing"))
    }

    fn tuple_variant<V: Visitor<'de>>(self, _length: usize, _visitor: V) -> Result<V::Value, Error> {
        Err(de::Error::custom("words of a form carry nothing"))
    }

    fn struct_variant<V: Visitor<'de>>(self, _fields: &'static [&'static str], _visitor: V) -> Result<V::Value, Error> {
        Err(de::Error::custom("words of a form carry nothing"))
    }
}

/// Lets the reader of forms read, and returns what it asked for at every path, with the other spellings of keys.
fn read_by_forms() -> (BTreeMap<String, Asked>, Vec<String>) {
    let notes = Notes::default();
    loop {
        notes.asked.borrow_mut().clear();
        let Err(error) = Form::deserialize(Tracer { path: String::new(), notes: &notes }) else { break };
        // A key with two spellings is given twice; the second one is left out from then on.
        let message = error.to_string();
        let name = message.strip_prefix("duplicate field `").and_then(|rest| rest.strip_suffix('`')).expect(&message).to_owned();
        let fields = match notes.asked.borrow().get("") {
            Some(Asked::Table(fields)) => *fields,
            other => panic!("{other:?}"),
        };
        let part = Part::listed_as(&name).expect("only lists have two spellings");
        let other = part.lists().iter().find(|known| fields.contains(known) && **known != name).expect("another spelling");
        notes.aliases.borrow_mut().push((*other).to_owned());
    }
    (notes.asked.into_inner(), notes.aliases.into_inner())
}

/// The path at which the keys of a part are read.
fn path(part: Part) -> &'static str {
    match part {
        Part::Form => "",
        Part::Condition => "field.show_if",
        Part::Timepoint => "outcome.timepoints",
        part => part.heading(),
    }
}

/// What a reader asks for where the table says that a key is of this kind.
fn fits(kind: KeyKind, asked: &Asked) -> bool {
    match (kind, asked) {
        (KeyKind::Choice(options), Asked::Word(words)) => {
            // Another spelling of a word of the table is no choice of its own.
            let others: &[&str] = &["warn"];
            words.iter().all(|word| others.contains(word) || options.iter().any(|(value, _)| value == word))
                && options.iter().all(|(value, _)| words.contains(value))
        }
        (KeyKind::Many(Source::Formats), Asked::List(inner)) => matches!(&**inner, Asked::Word(words) if {
            let form = crate::domain::form::Form {
                form: String::new(), version: 1, title: String::new(), extractors: 1, arms: Vec::new(), fields: Vec::new(),
                outcomes: Vec::new(), analyses: Vec::new(), appraisals: Vec::new(), validations: Vec::new(),
            };
            let known: Vec<String> = Source::Formats.choices(&form).into_iter().map(|choice| choice.value).collect();
            known.iter().map(String::as_str).eq(words.iter().copied())
        }),
        (KeyKind::Id | KeyKind::Text | KeyKind::Prose | KeyKind::One(_), Asked::Text)
        | (KeyKind::Whole, Asked::Whole)
        | (KeyKind::Number, Asked::Number)
        | (KeyKind::Flag, Asked::Flag)
        | (KeyKind::Side, Asked::Anything)
        | (KeyKind::Condition, Asked::Table(_)) => true,
        (KeyKind::Texts | KeyKind::Many(_), Asked::List(inner)) => **inner == Asked::Text,
        (KeyKind::Numbers, Asked::List(inner)) => **inner == Asked::Number,
        (KeyKind::Points, Asked::List(inner)) => matches!(**inner, Asked::Table(_)),
        _ => false,
    }
}

#[test]
fn every_key_that_is_read_is_in_the_table_and_the_other_way_round() {
    let (asked, _) = read_by_forms();
    let mut tables = asked
        .iter()
        .filter(|(_, asked)| matches!(asked, Asked::Table(_)) || matches!(asked, Asked::List(inner) if matches!(**inner, Asked::Table(_))));
    let paths: Vec<&str> = Part::iter().map(path).collect();
    assert_eq!(
        tables.find(|(path, _)| !paths.contains(&path.as_str()) && !path.starts_with("fields")),
        None,
        "a kind of table that the designer does not know"
    );
    for part in Part::iter() {
        let read = match asked.get(path(part)) {
            Some(Asked::Table(fields)) => *fields,
            Some(Asked::List(inner)) => match &**inner {
                Asked::Table(fields) => *fields,
                other => panic!("{part:?}: {other:?}"),
            },
            other => panic!("{part:?}: {other:?}"),
        };
        let is_listed = |name: &&str| part == Part::Form && Part::listed_as(name).is_some();
        let mut read: Vec<&str> = read.iter().copied().filter(|name| !is_listed(name)).collect();
        let mut known: Vec<&str> = keys(part).iter().map(|key| key.name).collect();
        read.sort_unstable();
        known.sort_unstable();
        assert_eq!(read, known, "{part:?}");
    }
}

#[test]
fn every_list_of_a_form_is_a_part_with_both_its_spellings() {
    let (asked, aliases) = read_by_forms();
    let Some(Asked::Table(fields)) = asked.get("") else { panic!("a form is a table") };
    let mut lists: Vec<&str> = Part::iter().flat_map(Part::lists).copied().collect();
    let mut read: Vec<&str> = fields.iter().copied().filter(|name| Part::Form.key(name).is_none()).collect();
    lists.sort_unstable();
    read.sort_unstable();
    assert_eq!(read, lists);
    assert_eq!(aliases.len(), 4, "{aliases:?}");
}

#[test]
fn keys_take_what_is_read_and_say_what_they_are() {
    let (asked, _) = read_by_forms();
    for part in Part::iter() {
        for key in keys(part) {
            let at = if path(part).is_empty() { key.name.to_owned() } else { format!("{}.{}", path(part), key.name) };
            let found = asked.get(&at).unwrap_or_else(|| panic!("{at} is not read"));
            assert!(fits(key.kind, found), "{at}: {:?} and {found:?}", key.kind);
            assert!(key.about.ends_with('.') && key.about.len() > 8, "{at}");
            assert_eq!(key.without.is_empty(), key.is_needed, "{at}: what counts without it");
            assert!(key.with.iter().all(|name| part.key(name).is_some()), "{at}");
        }
    }
}
