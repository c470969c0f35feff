//! Marks that a person puts on a record while reading: a note, tags, and stars. They judge nothing and change no status.

use serde::{Deserialize, Serialize};

use super::decision::Stage;
use super::ids::{RecordId, ReviewerId};
use super::text::clean_line;

/// The longest tag, in letters.
pub const LONGEST_TAG: usize = 40;

/// A star: a sign with one fixed meaning for the whole review.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, strum::Display, strum::EnumString, strum::EnumIter,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Star {
    /// A key paper: one to come back to.
    KeyPaper,
    /// A paper, often a review, whose reference list is worth checking for further studies.
    ReferenceList,
    /// A conflict to be talked about later; it counts for the stage at which it was set, while the conflict lasts.
    DiscussLater,
}

impl Star {
    /// Returns the star in words.
    pub fn label(self) -> &'static str {
        match self {
            Self::KeyPaper => "key paper",
            Self::ReferenceList => "check its references",
            Self::DiscussLater => "discuss later",
        }
    }

    /// Returns the star in one short word, for a line with little room.
    pub fn short(self) -> &'static str {
        match self {
            Self::KeyPaper => "key",
            Self::ReferenceList => "refs",
            Self::DiscussLater => "discuss",
        }
    }
}

/// What a mark says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", content = "value")]
pub enum MarkValue {
    /// A note in the person's own words; a person has one a unit.
    Note(String),
    /// A tag.
    Tag(String),
    /// A star.
    Star(Star),
}

/// One mark set or taken away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// The stage at which the unit stood then; others see the mark when they may see the votes of that stage.
    pub stage: Stage,
    /// The record that was shown.
    pub record: RecordId,
    /// Who.
    pub reviewer: ReviewerId,
    /// What; for a mark taken away what it said.
    pub value: MarkValue,
    /// Whether the mark is there from now on, or no more.
    pub is_set: bool,
}

/// The marks of one person on one unit as they stand.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Marks {
    /// The note.
    pub note: Option<String>,
    /// The tags, in the order in which they were set.
    pub tags: Vec<String>,
    /// The stars, in the order in which they were set.
    pub stars: Vec<Star>,
}

impl Marks {
    /// Takes in the next mark, in the order of the history.
    pub fn apply(&mut self, mark: &Mark) {
        match &mark.value {
            MarkValue::Note(text) => self.note = mark.is_set.then(|| text.clone()),
            MarkValue::Tag(tag) => {
                self.tags.retain(|known| !is_same_tag(known, tag));
                if mark.is_set {
                    self.tags.push(tag.clone());
                }
            }
            MarkValue::Star(star) => {
                self.stars.retain(|known| known != star);
                if mark.is_set {
                    self.stars.push(*star);
                }
            }
        }
    }

    /// Tells whether there is none.
    pub fn is_empty(&self) -> bool {
        self.note.is_none() && self.tags.is_empty() && self.stars.is_empty()
    }

    /// Tells whether a tag is among them; capitals do not matter.
    pub fn has_tag(&self, tag: &str) -> bool {
        self.tags.iter().any(|known| is_same_tag(known, tag))
    }
}

/// Tells whether two tags are one; capitals do not matter.
pub fn is_same_tag(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}

/// Returns a tag as it is kept: on one line, without spaces at its ends or twice in a row, and without a leading `#`.
///
/// # Errors
/// A sentence that says why the text is no tag.
pub fn tidy_tag(text: &str) -> Result<String, String> {
    let line = clean_line(text);
    let tag = line.trim().trim_start_matches('#').split_whitespace().collect::<Vec<_>>().join(" ");
    if tag.is_empty() {
        return Err("a tag needs a word".to_owned());
    }
    if tag.contains([',', ';', '"']) {
        return Err("a tag holds no comma, semicolon or quotation mark: lists of tags are cut there".to_owned());
    }
    if tag.chars().count() > LONGEST_TAG {
        return Err(format!("a tag has at most {LONGEST_TAG} letters; a note holds more"));
    }
    Ok(tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(value: MarkValue, is_set: bool) -> Mark {
        let record = RecordId::from_hash(&[7; 32]);
        Mark { stage: Stage::TitleAbstract, record, reviewer: "A".into(), value, is_set }
    }

    fn tag(text: &str, is_set: bool) -> Mark {
        mark(MarkValue::Tag(text.to_owned()), is_set)
    }

    #[test]
    fn the_last_word_on_each_mark_counts() {
        let mut marks = Marks::default();
        let history = [
            mark(MarkValue::Note("first".into()), true),
            tag("Pilot", true),
            tag("children", true),
            tag("pilot", true),
            mark(MarkValue::Star(Star::KeyPaper), true),
            mark(MarkValue::Note("second".into()), true),
            tag("Children", false),
            mark(MarkValue::Star(Star::ReferenceList), false),
        ];
        history.iter().for_each(|mark| marks.apply(mark));
        assert_eq!(marks, Marks { note: Some("second".into()), tags: vec!["pilot".into()], stars: vec![Star::KeyPaper] });
        assert!(marks.has_tag("PILOT") && !marks.has_tag("children"));
        marks.apply(&mark(MarkValue::Note("second".into()), false));
        assert_eq!(marks.note, None);
    }

    #[test]
    fn tags_are_short_words_on_one_line() {
        assert_eq!(tidy_tag("  #ask   the author\u{1b} ").as_deref(), Ok("ask the author"));
        for wrong in ["", " # ", "a, b", "a;b", "say \"x\"", &"x".repeat(LONGEST_TAG + 1)] {
            assert!(tidy_tag(wrong).is_err(), "{wrong:?}");
        }
    }
}
