//! From the text of a query to its meaning, or to a sentence about the place that cannot be read.

use crate::domain::text::fold;

use super::query::{Leaf, Pattern, Query, TextField};
use super::tokens::words_of;
use super::words::{field_names, part_of, state_of, text_field, values_of, verdict_of};

/// How deep brackets and signs of "not" may be nested.
const DEEPEST: usize = 50;

/// Why a query cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("letter {}: {message}", .at + 1)]
pub struct QueryError {
    /// How many letters stand before the place.
    pub at: usize,
    /// How many letters the place has, one at least.
    pub length: usize,
    /// What cannot be read, as a phrase.
    pub message: String,
    /// What to write instead, as a phrase.
    pub hint: String,
}

/// Reads a query. A text without words finds everything.
///
/// # Errors
/// [`QueryError`] with the first place that cannot be read.
pub fn parse(text: &str) -> Result<Query, QueryError> {
    Reader::new(text)?.whole()
}

/// Reads a query that is still being typed, and returns it with its text as it is understood.
///
/// A plain word at the very end may go on: it is read, and returned, as the beginning of a word ("ket" as "ket*"). What is only
/// half there finds what the part before it finds: an open quotation mark ends at the end, and an open bracket, a field without a
/// value or an "or" without a second side are left out.
///
/// # Errors
/// [`QueryError`] with a place that cannot be read however the text goes on.
pub fn parse_unfinished(text: &str) -> Result<(Query, String), QueryError> {
    let mut text = text.to_owned();
    if text.chars().filter(|letter| is_quote(*letter)).count() % 2 == 1 {
        text.push('"');
    }
    let mut tokens = tokens_of(&text)?;
    if let Some(token) = tokens.last_mut()
        && token.to == text.len()
        && token.goes_on()
    {
        text.push('*');
        token.text.push('*');
        token.to += 1;
    }
    while tokens.last().is_some_and(Token::is_half) {
        tokens.pop();
    }
    let open = tokens.iter().filter(|token| token.kind == Kind::Open).count();
    for _ in tokens.iter().filter(|token| token.kind == Kind::Close).count()..open {
        tokens.push(Token { kind: Kind::Close, field: None, text: ")".to_owned(), from: text.len(), to: text.len() });
    }
    let query = Reader { text: &text, tokens, at: 0, depth: 0 }.whole()?;
    Ok((query, text))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Open,
    Close,
    Not,
    Or,
    And,
    Word,
    Phrase,
    /// A field's name and colon with nothing behind it.
    Field,
}

/// A piece of the text: bytes `from..to`.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Token {
    kind: Kind,
    /// The field's name before a colon, folded.
    field: Option<String>,
    /// The word, the phrase without its marks, or the sign.
    text: String,
    from: usize,
    to: usize,
}

impl Token {
    /// Tells whether more letters may come to a word at the end.
    fn goes_on(&self) -> bool {
        let takes_words = self.field.as_deref().is_none_or(|name| text_field(name).is_some() || matches!(name, "source" | "note" | "tag"));
        self.kind == Kind::Word && takes_words && self.text.ends_with(char::is_alphanumeric) && self.text.chars().count() > 1
    }

    /// Tells whether it says nothing before something follows.
    fn is_half(&self) -> bool {
        matches!(self.kind, Kind::Open | Kind::Not | Kind::Or | Kind::And)
            || (self.kind == Kind::Field && field_names().contains(&self.field.as_deref().unwrap_or_default()))
            || (self.kind == Kind::Word && matches!(self.field.as_deref(), Some("is" | "my" | "has")) && self.is_beginning_of_value())
            || (self.kind == Kind::Word && self.field.as_deref() == Some("year") && self.text.parse::<i32>().is_ok_and(|year| year < 1000))
            || (self.kind == Kind::Word && self.field.as_deref() == Some("id") && self.text.chars().count() < 4)
            || (self.kind == Kind::Phrase && words_of(&self.text).is_empty())
    }

    fn is_beginning_of_value(&self) -> bool {
        let values = values_of(self.field.as_deref().unwrap_or_default());
        let word = fold(&self.text);
        values.iter().any(|value| value.starts_with(&word)) && !values.contains(&word.as_str())
    }
}

fn is_quote(letter: char) -> bool {
    matches!(letter, '"' | '\u{201c}' | '\u{201d}' | '\u{201e}' | '\u{ab}' | '\u{bb}')
}

fn tokens_of(text: &str) -> Result<Vec<Token>, QueryError> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(letter) = text[at..].chars().next() {
        let from = at;
        let mut push = |kind, field, value: &str, to| tokens.push(Token { kind, field, text: value.to_owned(), from, to });
        match letter {
            letter if letter.is_whitespace() => at += letter.len_utf8(),
            '(' | ')' => {
                at += 1;
                push(if letter == '(' { Kind::Open } else { Kind::Close }, None, &text[from..at], at);
            }
            letter if is_quote(letter) => {
                let (phrase, to) = phrase_at(text, at)?;
                at = to;
                push(Kind::Phrase, None, phrase, to);
            }
            '-' | '\u{2212}' | '!' if text[at + letter.len_utf8()..].starts_with(|next: char| !next.is_whitespace() && next != ')') => {
                at += letter.len_utf8();
                push(Kind::Not, None, &text[from..at], at);
            }
            '-' if text[at + 1..].is_empty() => {
                at += 1;
                push(Kind::Not, None, "-", at);
            }
            _ => {
                let to = end_of_word(text, at);
                let (name, value) = split_field(&text[at..to]);
                match name {
                    Some(name) if value.is_empty() => {
                        let next = text[to..].chars().next();
                        if next.is_some_and(is_quote) {
                            let (phrase, end) = phrase_at(text, to)?;
                            at = end;
                            push(Kind::Phrase, Some(name), phrase, end);
                        } else {
                            at = to;
                            push(Kind::Field, Some(name), &text[from..to], to);
                        }
                    }
                    Some(name) => {
                        at = to;
                        push(Kind::Word, Some(name), value, to);
                    }
                    None => {
                        at = to;
                        let kind = match fold(value).as_str() {
                            "or" => Kind::Or,
                            "and" => Kind::And,
                            "not" => Kind::Not,
                            _ => Kind::Word,
                        };
                        push(kind, None, value, to);
                    }
                }
            }
        }
    }
    Ok(tokens)
}

/// Returns the phrase whose first quotation mark stands at `at`, and where it ends.
fn phrase_at(text: &str, at: usize) -> Result<(&str, usize), QueryError> {
    let begin = at + text[at..].chars().next().map_or(1, char::len_utf8);
    match text[begin..].char_indices().find(|(_, letter)| is_quote(*letter)) {
        Some((length, mark)) => Ok((&text[begin..begin + length], begin + length + mark.len_utf8())),
        None => {
            Err(error(text, at, text.len(), "this quotation mark is never closed", "write a second one after the last word of the phrase"))
        }
    }
}

fn end_of_word(text: &str, from: usize) -> usize {
    let is_end = |letter: char| letter.is_whitespace() || letter == '(' || letter == ')' || is_quote(letter);
    text[from..].char_indices().find(|(_, letter)| is_end(*letter)).map_or(text.len(), |(length, _)| from + length)
}

/// Splits "title:ketamine" into name and value. What stands before the colon is a name only where it is made of letters.
fn split_field(word: &str) -> (Option<String>, &str) {
    match word.split_once(':') {
        Some((name, value)) if !name.is_empty() && name.chars().all(char::is_alphabetic) => (Some(fold(name)), value),
        _ => (None, word),
    }
}

fn error(text: &str, from: usize, to: usize, message: impl Into<String>, hint: impl Into<String>) -> QueryError {
    let at = text[..from].chars().count();
    QueryError { at, length: text[from..to].chars().count().max(1), message: message.into(), hint: hint.into() }
}

struct Reader<'t> {
    text: &'t str,
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
}

impl<'t> Reader<'t> {
    fn new(text: &'t str) -> Result<Self, QueryError> {
        Ok(Self { text, tokens: tokens_of(text)?, at: 0, depth: 0 })
    }

    fn whole(mut self) -> Result<Query, QueryError> {
        if self.tokens.is_empty() {
            return Ok(Query::All);
        }
        let query = self.either(TextField::Any)?;
        match self.peek() {
            None => Ok(query),
            Some(token) => Err(self.error(token, "this bracket was never opened", "write a ( before the words that belong together")),
        }
    }

    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    fn error(&self, token: &Token, message: impl Into<String>, hint: impl Into<String>) -> QueryError {
        error(self.text, token.from, token.to, message, hint)
    }

    /// Reads sides joined by "or".
    fn either(&mut self, field: TextField) -> Result<Query, QueryError> {
        let mut sides = vec![self.all(field)?];
        while self.peek().is_some_and(|token| token.kind == Kind::Or) {
            self.at += 1;
            sides.push(self.all(field)?);
        }
        Ok(if sides.len() == 1 { sides.swap_remove(0) } else { Query::Or(sides) })
    }

    /// Reads conditions that stand together, with or without "and" between them.
    fn all(&mut self, field: TextField) -> Result<Query, QueryError> {
        let mut parts = Vec::new();
        loop {
            match self.peek().map(|token| token.kind) {
                Some(Kind::And) if !parts.is_empty() => {
                    self.at += 1;
                    parts.push(self.one(field)?);
                }
                None | Some(Kind::Or | Kind::Close) if !parts.is_empty() => break,
                _ => parts.push(self.one(field)?),
            }
        }
        Ok(if parts.len() == 1 { parts.swap_remove(0) } else { Query::And(parts) })
    }

    fn one(&mut self, field: TextField) -> Result<Query, QueryError> {
        let Some(token) = self.peek().cloned() else {
            let end = self.text.trim_end().len();
            let from = self.tokens.last().map_or(0, |token| token.from);
            return Err(error(self.text, from, end, "nothing follows here", "write a word after it, or leave it out"));
        };
        self.at += 1;
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(self.error(&token, "the brackets are nested too deep", "write the query with fewer brackets"));
        }
        let query = match token.kind {
            Kind::Not => Query::Not(Box::new(self.one(field)?)),
            Kind::Open => self.bracket(&token, field)?,
            Kind::Field => match (text_field(token.field.as_deref().unwrap_or_default()), self.peek()) {
                (Some(inner), Some(open)) if open.kind == Kind::Open && open.from == token.to => {
                    let open = open.clone();
                    self.at += 1;
                    self.bracket(&open, inner)?
                }
                _ => return Err(self.empty_field(&token)),
            },
            Kind::Word | Kind::Phrase => Query::Leaf(self.leaf(&token, field)?),
            Kind::Close => return Err(self.error(&token, "nothing stands before this bracket", "write a word before it, or leave it out")),
            Kind::Or | Kind::And => {
                let message = format!("“{}” joins two sides, and one is missing", token.text);
                return Err(self.error(
                    &token,
                    message,
                    format!("write a word on both sides; \"{}\" in quotation marks is the word itself", token.text),
                ));
            }
        };
        self.depth -= 1;
        Ok(query)
    }

    fn bracket(&mut self, open: &Token, field: TextField) -> Result<Query, QueryError> {
        let query = self.either(field)?;
        match self.peek() {
            Some(token) if token.kind == Kind::Close => {
                self.at += 1;
                Ok(query)
            }
            _ => Err(self.error(open, "this bracket is never closed", "write a ) after the words that belong together")),
        }
    }

    fn empty_field(&self, token: &Token) -> QueryError {
        let name = token.field.as_deref().unwrap_or_default();
        if !field_names().contains(&name) {
            return self.unknown_field(token, name);
        }
        let values = values_of(name);
        let hint = match name {
            _ if !values.is_empty() => {
                format!("write one of {}", listed(&values.iter().map(|value| format!("{name}:{value}")).collect::<Vec<_>>()))
            }
            "year" => "write year:2015, or year:2010..2015".to_owned(),
            _ => format!("write what to look for after the colon, without a space: {name}:word or {name}:\"two words\""),
        };
        self.error(token, format!("nothing stands after “{name}:”"), hint)
    }

    fn unknown_field(&self, token: &Token, name: &str) -> QueryError {
        let names = field_names();
        let is_near = |known: &str| {
            let same = known.chars().zip(name.chars()).filter(|(a, b)| a == b).count();
            known.starts_with(name) || name.starts_with(known) || (same * 2 > known.len() && known.len().abs_diff(name.len()) <= 1)
        };
        let near = names.iter().find(|known| is_near(known));
        let meant = near.map(|known| format!("did you mean {known}:? ")).unwrap_or_default();
        let hint = format!("{meant}the fields are {}; a text with a colon in it goes in quotation marks", listed(&names));
        self.error(token, format!("there is no field “{name}”"), hint)
    }

    fn leaf(&self, token: &Token, field: TextField) -> Result<Leaf, QueryError> {
        let Some(name) = token.field.as_deref() else { return Ok(Leaf::Text(field, self.pattern(token)?)) };
        if let Some(field) = text_field(name) {
            return Ok(Leaf::Text(field, self.pattern(token)?));
        }
        let value = token.text.trim();
        let word = fold(value);
        let among = |message: &str| {
            let values: Vec<String> = values_of(name).iter().map(|value| format!("{name}:{value}")).collect();
            self.error(token, format!("“{value}” is no {message}"), format!("write one of {}", listed(&values)))
        };
        Ok(match name {
            "source" => Leaf::Source(self.pattern(token)?),
            "note" => Leaf::Note(self.pattern(token)?),
            "tag" => Leaf::Tag(self.pattern(token)?),
            "year" => self.years(token, &word)?,
            "doi" => {
                let text = value.to_lowercase();
                let text =
                    ["https://doi.org/", "http://doi.org/", "doi.org/"].iter().find_map(|start| text.strip_prefix(start)).unwrap_or(&text);
                let beginning = text.strip_suffix('*');
                Leaf::Doi { text: beginning.unwrap_or(text).to_owned(), is_beginning: beginning.is_some() }
            }
            "pmid" if !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit()) => {
                Leaf::Pmid(word.trim_start_matches('0').to_owned())
            }
            "pmid" => return Err(self.error(token, format!("“{value}” is no PubMed identifier"), "write its digits: pmid:19604642")),
            "id" => self.record(token, value)?,
            "is" => Leaf::Is(state_of(&word).ok_or_else(|| among("state"))?),
            "my" => Leaf::My(verdict_of(&word).ok_or_else(|| among("vote"))?),
            "has" => Leaf::Has(part_of(&word).ok_or_else(|| among("part of a record"))?),
            _ => return Err(self.unknown_field(token, name)),
        })
    }

    fn pattern(&self, token: &Token) -> Result<Pattern, QueryError> {
        let text = token.text.trim();
        let (stem, is_beginning) = match text.strip_suffix('*') {
            Some(stem) => (stem, true),
            None => (text, false),
        };
        if stem.contains('*') {
            return Err(self.error(
                token,
                "a star stands only at the end of a word",
                "write the beginning of the word and then the star: random*",
            ));
        }
        let words = words_of(stem);
        if words.is_empty() {
            let message = format!("“{}” has no letter or digit to look for", token.text);
            return Err(self.error(token, message, "leave it out; only words and numbers are looked for"));
        }
        if is_beginning && !stem.ends_with(char::is_alphanumeric) {
            return Err(self.error(token, "the star stands apart from its word", "write it next to the beginning of a word: random*"));
        }
        Ok(Pattern { words, is_beginning })
    }

    fn years(&self, token: &Token, word: &str) -> Result<Leaf, QueryError> {
        let wrong =
            || self.error(token, format!("“{}” is no year", token.text), "write year:2015, year:2010..2015, year:2010.. or year:..2015");
        let year = |text: &str| -> Result<Option<i32>, QueryError> {
            let text = text.trim();
            if text.is_empty() {
                return Ok(None);
            }
            let is_year = text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit());
            text.parse().ok().filter(|_| is_year).map(Some).ok_or_else(wrong)
        };
        let range =
            word.split_once("..").or_else(|| word.split_once('…')).or_else(|| word.split_once('-').filter(|(from, _)| from.len() == 4));
        let (from, to) = match range {
            Some((from, to)) => (year(from)?, year(to)?),
            None => (year(word)?, year(word)?),
        };
        match (from, to) {
            (None, None) => Err(wrong()),
            (Some(from), Some(to)) if from > to => {
                Err(self.error(token, format!("{from} comes after {to}"), format!("write year:{to}..{from}")))
            }
            _ => Ok(Leaf::Year(from, to)),
        }
    }

    fn record(&self, token: &Token, value: &str) -> Result<Leaf, QueryError> {
        let is_name = value.len() >= 4 && value.bytes().all(|byte| byte.is_ascii_alphanumeric());
        let is_place = value.rsplit_once('#').is_some_and(|(file, place)| !file.is_empty() && place.parse::<u32>().is_ok_and(|at| at > 0));
        if is_name || is_place {
            return Ok(Leaf::Record(if is_name { value.to_lowercase() } else { value.to_owned() }));
        }
        let hint = "write four or more characters of its name, or FILE#N: id:7f3a or id:search.ris#12";
        Err(self.error(token, format!("“{value}” is no name of a record"), hint))
    }
}

fn listed<T: AsRef<str>>(words: &[T]) -> String {
    words.iter().map(AsRef::as_ref).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests;
