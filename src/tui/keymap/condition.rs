//! The language of conditions: words joined by `!`, `&&`, `||` and brackets, judged over a snapshot of the screen.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt;

use crate::app::command::condition_word;

/// The words that are true of the screen at one moment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KeyContext(BTreeSet<Cow<'static, str>>);

impl KeyContext {
    /// Makes a context in which no word is true.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a word.
    pub fn with(mut self, word: impl Into<Cow<'static, str>>) -> Self {
        self.0.insert(word.into());
        self
    }

    /// Adds a word if the condition beside it holds.
    pub fn with_if(self, holds: bool, word: impl Into<Cow<'static, str>>) -> Self {
        if holds { self.with(word) } else { self }
    }

    /// Returns whether the word is true.
    pub fn has(&self, word: &str) -> bool {
        self.0.contains(word)
    }

    /// Adds every word of another context.
    pub fn extend(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    /// Returns the words in order.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(AsRef::as_ref)
    }
}

/// A condition; the empty one always holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    /// Always holds.
    Always,
    /// Holds while the word is true.
    Word(String),
    /// Holds while the inner one does not.
    Not(Box<Condition>),
    /// Holds while both hold.
    And(Box<Condition>, Box<Condition>),
    /// Holds while at least one holds.
    Or(Box<Condition>, Box<Condition>),
}

/// What is wrong with the text of a condition.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConditionError {
    /// A word that no screen ever sets.
    #[error("`{0}` is no condition word")]
    UnknownWord(String),
    /// Something stands where a word or a bracket should.
    #[error("a word is expected before `{0}`")]
    ExpectedWord(String),
    /// The text ends where a word should stand.
    #[error("the condition ends where a word is expected")]
    Unfinished,
    /// A bracket is not closed, or one too many is.
    #[error("the brackets of the condition do not match")]
    Brackets,
    /// Two words without a joint.
    #[error("`{0}` follows without && or ||")]
    MissingJoint(String),
}

impl Condition {
    /// Reads a condition; an empty text gives [`Condition::Always`].
    pub fn parse(text: &str) -> Result<Self, ConditionError> {
        let tokens = tokens(text);
        if tokens.is_empty() {
            return Ok(Self::Always);
        }
        let mut at = 0;
        let condition = parse_or(&tokens, &mut at, 0)?;
        match tokens.get(at) {
            None => Ok(condition),
            Some(&")") => Err(ConditionError::Brackets),
            Some(token) => Err(ConditionError::MissingJoint((*token).to_owned())),
        }
    }

    /// Joins two conditions: both must hold.
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Always, condition) | (condition, Self::Always) => condition,
            (a, b) => Self::And(Box::new(a), Box::new(b)),
        }
    }

    /// Returns whether the condition holds.
    pub fn holds(&self, context: &KeyContext) -> bool {
        self.judge(&|word| Some(context.has(word))).unwrap_or(false)
    }

    /// Judges the condition where some words may be unknown (`None`): `None` if the answer hangs on one of those.
    pub fn judge(&self, value: &impl Fn(&str) -> Option<bool>) -> Option<bool> {
        match self {
            Self::Always => Some(true),
            Self::Word(word) => value(word),
            Self::Not(inner) => inner.judge(value).map(|held| !held),
            Self::And(a, b) => match (a.judge(value), b.judge(value)) {
                (Some(false), _) | (_, Some(false)) => Some(false),
                (Some(true), Some(true)) => Some(true),
                _ => None,
            },
            Self::Or(a, b) => match (a.judge(value), b.judge(value)) {
                (Some(true), _) | (_, Some(true)) => Some(true),
                (Some(false), Some(false)) => Some(false),
                _ => None,
            },
        }
    }

    /// Returns whether the condition could hold on this very screen if the other words were right.
    pub fn could_hold_here(&self, context: &KeyContext) -> bool {
        self.judge(&|word| if word.starts_with("screen:") || word == "typing" { Some(context.has(word)) } else { None }) != Some(false)
    }

    /// Says in plain words what is missing; empty while the condition holds.
    pub fn missing(&self, context: &KeyContext) -> Vec<&'static str> {
        let mut missing = Vec::new();
        self.collect_missing(context, true, &mut missing);
        missing.dedup();
        missing
    }

    fn collect_missing(&self, context: &KeyContext, wanted: bool, missing: &mut Vec<&'static str>) {
        if self.judge(&|word| Some(context.has(word))) == Some(wanted) {
            return;
        }
        match self {
            Self::Always => {}
            Self::Word(word) => missing.extend(condition_word(word).map(|entry| if wanted { entry.needs } else { entry.without })),
            Self::Not(inner) => inner.collect_missing(context, !wanted, missing),
            Self::And(a, b) | Self::Or(a, b) => {
                a.collect_missing(context, wanted, missing);
                b.collect_missing(context, wanted, missing);
            }
        }
    }

    /// Returns every word that the condition names.
    pub fn words(&self) -> BTreeSet<&str> {
        match self {
            Self::Always => BTreeSet::new(),
            Self::Word(word) => BTreeSet::from([word.as_str()]),
            Self::Not(inner) => inner.words(),
            Self::And(a, b) | Self::Or(a, b) => a.words().union(&b.words()).copied().collect(),
        }
    }

    /// Returns whether both conditions can hold at one moment; a screen is never two screens.
    pub fn overlaps(&self, other: &Self) -> bool {
        let words: Vec<&str> = self.words().union(&other.words()).copied().collect();
        let (screens, free): (Vec<&str>, Vec<&str>) = words.into_iter().partition(|word| word.starts_with("screen:"));
        let choices = screens.iter().copied().map(Some).chain([None]);
        choices.into_iter().any(|screen| {
            (0..1_u32 << free.len().min(20)).any(|bits| {
                let value = |word: &str| {
                    Some(Some(word) == screen || free.iter().position(|known| *known == word).is_some_and(|at| bits >> at & 1 == 1))
                };
                self.judge(&value) == Some(true) && other.judge(&value) == Some(true)
            })
        })
    }
}

/// Cuts the text into words, joints and brackets.
fn tokens(text: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '!' | '(' | ')' => 1,
            '&' | '|' => rest.chars().take_while(|letter| *letter == first).count().min(2),
            _ => rest.find(|letter: char| letter.is_whitespace() || "!()&|".contains(letter)).unwrap_or(rest.len()),
        };
        tokens.push(&rest[..length]);
        rest = rest[length..].trim_start();
    }
    tokens
}

/// How deep brackets may nest; deeper ones are refused, so that a hostile file cannot exhaust the stack.
const DEEPEST: usize = 32;

fn parse_or(tokens: &[&str], at: &mut usize, depth: usize) -> Result<Condition, ConditionError> {
    let mut left = parse_and(tokens, at, depth)?;
    while tokens.get(*at) == Some(&"||") {
        *at += 1;
        left = Condition::Or(Box::new(left), Box::new(parse_and(tokens, at, depth)?));
    }
    Ok(left)
}

fn parse_and(tokens: &[&str], at: &mut usize, depth: usize) -> Result<Condition, ConditionError> {
    let mut left = parse_word(tokens, at, depth)?;
    while tokens.get(*at) == Some(&"&&") {
        *at += 1;
        left = Condition::And(Box::new(left), Box::new(parse_word(tokens, at, depth)?));
    }
    Ok(left)
}

fn parse_word(tokens: &[&str], at: &mut usize, depth: usize) -> Result<Condition, ConditionError> {
    let token = *tokens.get(*at).ok_or(ConditionError::Unfinished)?;
    *at += 1;
    match token {
        "!" | "(" if depth >= DEEPEST => Err(ConditionError::Brackets),
        "!" => Ok(Condition::Not(Box::new(parse_word(tokens, at, depth + 1)?))),
        "(" => {
            let inner = parse_or(tokens, at, depth + 1)?;
            if tokens.get(*at) != Some(&")") {
                return Err(ConditionError::Brackets);
            }
            *at += 1;
            Ok(inner)
        }
        ")" | "&&" | "||" | "&" | "|" => Err(ConditionError::ExpectedWord(token.to_owned())),
        word if condition_word(word).is_some() => Ok(Condition::Word(word.to_owned())),
        word => Err(ConditionError::UnknownWord(word.to_owned())),
    }
}

impl fmt::Display for Condition {
    /// Writes the condition so that reading it gives the same one.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Always => Ok(()),
            Self::Word(word) => f.write_str(word),
            Self::Not(inner) => match **inner {
                Self::And(..) | Self::Or(..) => write!(f, "!({inner})"),
                _ => write!(f, "!{inner}"),
            },
            Self::And(a, b) => {
                for (part, joint) in [(a, ""), (b, " && ")] {
                    f.write_str(joint)?;
                    match **part {
                        Self::Or(..) => write!(f, "({part})")?,
                        _ => write!(f, "{part}")?,
                    }
                }
                Ok(())
            }
            Self::Or(a, b) => write!(f, "{a} || {b}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn condition(text: &str) -> Condition {
        Condition::parse(text).expect(text)
    }

    #[test]
    fn not_binds_before_and_before_or() {
        let context = KeyContext::new().with("screen:screening").with("has:record");
        assert!(condition("screen:screening && !typing").holds(&context));
        assert!(condition("typing && has:pair || has:record").holds(&context));
        assert!(!condition("typing && (has:pair || has:record)").holds(&context));
        assert!(!condition("!(has:pair || has:record)").holds(&context));
        assert!(condition("").holds(&context));
    }

    #[test]
    fn a_condition_written_out_reads_as_the_same_one() {
        for text in ["", "typing", "!typing", "!(typing || list)", "(typing || list) && has:pair", "typing && list || has:pair && !list"] {
            assert_eq!(condition(text).to_string(), text);
        }
    }

    #[test]
    fn mistakes_are_named() {
        assert_eq!(Condition::parse("has:recrod"), Err(ConditionError::UnknownWord("has:recrod".to_owned())));
        assert_eq!(Condition::parse("typing &&"), Err(ConditionError::Unfinished));
        assert_eq!(Condition::parse("(typing"), Err(ConditionError::Brackets));
        assert_eq!(Condition::parse("typing)"), Err(ConditionError::Brackets));
        assert_eq!(Condition::parse("typing list"), Err(ConditionError::MissingJoint("list".to_owned())));
        assert_eq!(Condition::parse("&& typing"), Err(ConditionError::ExpectedWord("&&".to_owned())));
        assert_eq!(Condition::parse("typing & list"), Err(ConditionError::MissingJoint("&".to_owned())));
        assert!(Condition::parse(&"!".repeat(10_000)).is_err());
    }

    #[test]
    fn what_is_missing_is_said_in_plain_words() {
        let context = KeyContext::new().with("screen:screening").with("read_only");
        let when = condition("screen:screening && has:record && !read_only");
        assert_eq!(when.missing(&context), ["no record is shown", "this file can only be read"]);
        assert!(when.missing(&KeyContext::new().with("screen:screening").with("has:record")).is_empty());
        assert!(when.could_hold_here(&context));
        assert!(!condition("screen:log && has:operation").could_hold_here(&context));
    }

    #[test]
    fn two_screens_are_never_shown_at_once() {
        assert!(!condition("screen:screening").overlaps(&condition("screen:fulltext && has:report")));
        assert!(!condition("typing").overlaps(&condition("!typing")));
        assert!(condition("screen:screening").overlaps(&condition("has:undo")));
        assert!(condition("screen:flow || screen:analysis").overlaps(&condition("screen:analysis && !read_only")));
    }
}
