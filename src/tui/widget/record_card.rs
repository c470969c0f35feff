//! A record for reading: title, authors, journal, abstract, with the words that speak for and against it.

use unicode_segmentation::UnicodeSegmentation;

use super::text::{Piece, StyledLine, wrap, wrap_text};
use crate::domain::record::Citation;
use crate::tui::theme::Role;

/// The widest an abstract is set, in cells; longer lines are hard to read.
pub const WIDEST: usize = 96;

/// Words and phrases that speak for and against a record; a trailing `*` stands for any ending.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Highlights {
    include: Vec<Vec<String>>,
    exclude: Vec<Vec<String>>,
}

impl Highlights {
    /// Makes highlights from phrases; case does not matter.
    pub fn new(include: &[String], exclude: &[String]) -> Self {
        let phrases = |phrases: &[String]| phrases.iter().map(|phrase| words_of(phrase)).filter(|words| !words.is_empty()).collect();
        Self { include: phrases(include), exclude: phrases(exclude) }
    }

    /// Divides a text into pieces, the highlighted words with their roles and the rest with the given one.
    pub fn mark(&self, text: &str, rest: Role) -> Vec<Piece> {
        let words: Vec<(usize, &str)> = text.unicode_word_indices().collect();
        let lowered: Vec<String> = words.iter().map(|(_, word)| word.to_lowercase()).collect();
        let mut pieces: Vec<Piece> = Vec::new();
        let (mut at, mut done) = (0, 0);
        while at < words.len() {
            let found = [(&self.include, Role::HighlightInclude), (&self.exclude, Role::HighlightExclude)]
                .into_iter()
                .flat_map(|(phrases, role)| {
                    phrases.iter().filter(|phrase| begins(&lowered[at..], phrase)).map(move |phrase| (phrase.len(), role))
                })
                .max_by_key(|(length, _)| *length);
            let Some((length, role)) = found else {
                at += 1;
                continue;
            };
            let (start, (last, word)) = (words[at].0, words[at + length - 1]);
            let end = last + word.len();
            pieces.push((text[done..start].to_owned(), rest));
            pieces.push((text[start..end].to_owned(), role));
            (at, done) = (at + length, end);
        }
        pieces.push((text[done..].to_owned(), rest));
        pieces.retain(|(text, _)| !text.is_empty());
        pieces
    }
}

/// Cuts a phrase into lower-case words, keeping a `*` that ends one.
fn words_of(phrase: &str) -> Vec<String> {
    phrase
        .split_whitespace()
        .flat_map(|part| {
            let has_star = part.ends_with('*');
            let mut words: Vec<String> = part.unicode_words().map(str::to_lowercase).collect();
            if let Some(last) = words.last_mut().filter(|_| has_star) {
                last.push('*');
            }
            words
        })
        .collect()
}

fn begins(words: &[String], phrase: &[String]) -> bool {
    phrase.len() <= words.len()
        && words.iter().zip(phrase).all(|(word, wanted)| match wanted.strip_suffix('*') {
            Some(stem) => word.starts_with(stem),
            None => word == wanted,
        })
}

/// Sets a record for reading in the given width, at most [`WIDEST`] cells per line.
///
/// An absent abstract is said in words, so that nobody takes it for one not yet loaded.
pub fn record_lines(citation: &Citation, highlights: &Highlights, room: usize) -> Vec<StyledLine> {
    let room = room.clamp(1, WIDEST);
    let title: Vec<Piece> = highlights.mark(&citation.title, Role::Heading);
    let mut lines = wrap(&title, room);
    if let Some(original) = &citation.original_title {
        lines.extend(wrap_text(original, Role::Muted, room));
    }
    lines.extend(wrap_text(&authors(citation), Role::Text, room));
    lines.extend(wrap_text(&place(citation), Role::Muted, room));
    lines.push(StyledLine::new());
    match citation.abstract_text.as_deref().filter(|text| !text.trim().is_empty()) {
        None => lines.push(vec![("No abstract in this record.".to_owned(), Role::Warning)]),
        Some(text) => {
            for (at, paragraph) in text.split('\n').enumerate() {
                if at > 0 {
                    lines.push(StyledLine::new());
                }
                lines.extend(wrap(&headed(paragraph, highlights), room));
            }
        }
    }
    if !citation.keywords.is_empty() {
        lines.push(StyledLine::new());
        let mut pieces = vec![("Keywords  ".to_owned(), Role::Muted)];
        pieces.extend(highlights.mark(&citation.keywords.join("; "), Role::Text));
        lines.extend(wrap(&pieces, room));
    }
    let ids = identifiers(citation);
    if !ids.is_empty() {
        lines.push(StyledLine::new());
        lines.extend(wrap_text(&ids, Role::Muted, room));
    }
    lines
}

/// Sets the heading of a structured abstract ("METHODS:") apart from its text.
fn headed(paragraph: &str, highlights: &Highlights) -> Vec<Piece> {
    let heading = paragraph.split_once(':').map(|(heading, _)| heading).filter(|heading| {
        let letters = heading.chars().filter(|letter| letter.is_alphabetic()).count();
        letters >= 3 && heading.len() <= 40 && !heading.chars().any(char::is_lowercase)
    });
    let Some(heading) = heading else { return highlights.mark(paragraph, Role::Text) };
    let (heading, rest) = paragraph.split_at(heading.len() + 1);
    let mut pieces = vec![(heading.to_owned(), Role::Heading)];
    pieces.extend(highlights.mark(rest, Role::Text));
    pieces
}

/// Lists the authors, the first eight by name and the rest by number.
fn authors(citation: &Citation) -> String {
    let names: Vec<String> =
        citation.authors.iter().take(8).map(|author| format!("{} {}", author.family, author.initials()).trim_end().to_owned()).collect();
    match citation.authors.len() {
        0 => "No authors named".to_owned(),
        many if many > 8 => format!("{} and {} more", names.join(", "), many - 8),
        _ => names.join(", "),
    }
}

/// Says where the record was published ("Pain. 2009;145(3):304-311").
fn place(citation: &Citation) -> String {
    let mut place =
        citation.journal.clone().or_else(|| citation.journal_abbreviation.clone()).unwrap_or_else(|| "No journal named".to_owned());
    place.push_str(". ");
    place.push_str(&citation.year.map_or_else(|| "no year".to_owned(), |year| year.to_string()));
    if let Some(volume) = &citation.volume {
        place.push_str(&format!(";{volume}"));
    }
    if let Some(issue) = &citation.issue {
        place.push_str(&format!("({issue})"));
    }
    match (&citation.start_page, &citation.end_page) {
        (Some(start), Some(end)) => place.push_str(&format!(":{start}-{end}")),
        (Some(start), None) => place.push_str(&format!(":{start}")),
        _ => {}
    }
    place
}

fn identifiers(citation: &Citation) -> String {
    let mut ids: Vec<String> = Vec::new();
    ids.extend(citation.doi.as_ref().map(|doi| format!("doi {doi}")));
    ids.extend(citation.pmid.as_ref().map(|pmid| format!("PMID {pmid}")));
    ids.extend(citation.registry_ids.iter().cloned());
    ids.join("   ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::author::Author;

    fn marked(text: &str, include: &[&str], exclude: &[&str]) -> Vec<(String, Role)> {
        let own = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        Highlights::new(&own(include), &own(exclude)).mark(text, Role::Text)
    }

    #[test]
    fn words_are_marked_whole_and_whatever_their_case() {
        let pieces = marked("Randomised trial in RATS; ratsbane.", &["randomi*"], &["rats"]);
        let found: Vec<_> = pieces.iter().filter(|(_, role)| *role != Role::Text).map(|(text, role)| (text.as_str(), *role)).collect();
        assert_eq!(found, [("Randomised", Role::HighlightInclude), ("RATS", Role::HighlightExclude)]);
        let joined: String = pieces.iter().map(|(text, _)| text.as_str()).collect();
        assert_eq!(joined, "Randomised trial in RATS; ratsbane.");
    }

    #[test]
    fn the_longest_phrase_wins() {
        let pieces = marked("a placebo controlled trial", &["placebo"], &["placebo controlled trial"]);
        assert_eq!(pieces[1], ("placebo controlled trial".to_owned(), Role::HighlightExclude));
    }

    #[test]
    fn a_card_shows_what_is_there_and_says_what_is_absent() {
        let citation = Citation {
            title: "Ketamine produces effective and long-term pain relief".to_owned(),
            authors: vec![Author::new("Sigtermans", Some("Marnix J")), Author::new("van Hilten", Some("Jacobus J"))],
            journal: Some("Pain".to_owned()),
            year: Some(2009),
            volume: Some("145".to_owned()),
            issue: Some("3".to_owned()),
            start_page: Some("304".to_owned()),
            end_page: Some("311".to_owned()),
            ..Citation::default()
        };
        let lines: Vec<String> = record_lines(&citation, &Highlights::default(), 40)
            .iter()
            .map(|line| line.iter().map(|(text, _)| text.as_str()).collect())
            .collect();
        assert_eq!(
            lines,
            [
                "Ketamine produces effective and",
                "long-term pain relief",
                "Sigtermans MJ, van Hilten JJ",
                "Pain. 2009;145(3):304-311",
                "",
                "No abstract in this record.",
            ]
        );
    }

    #[test]
    fn the_heading_of_a_structured_abstract_is_set_apart() {
        let pieces = headed("METHODS: Sixty patients: all adults.", &Highlights::default());
        assert_eq!(pieces, [("METHODS:".to_owned(), Role::Heading), (" Sixty patients: all adults.".to_owned(), Role::Text)]);
        assert_eq!(headed("Note: none", &Highlights::default()).len(), 1);
    }
}
