//! A record for reading: title, authors, journal, abstract, with the words that speak for and against it.

use super::text::{Piece, StyledLine, wrap, wrap_text};
use crate::domain::abstract_text::sections;
use crate::domain::highlight::{Highlighter, WordList};
use crate::domain::record::Citation;
use crate::domain::review::HighlightWord;
use crate::tui::theme::Role;

/// The widest a text is set, in cells: longer lines are hard to read.
pub const WIDEST: usize = 78;

/// The lists of words, ready for marking texts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Highlights(Highlighter);

impl Highlights {
    /// Prepares the lists.
    pub fn new(words: &[HighlightWord]) -> Self {
        Self(Highlighter::new(words))
    }

    /// Divides a text into pieces, the highlighted words with the roles of their lists and the rest with the given one. Where the style
    /// does not tell lists apart, the list's sign follows the word.
    pub fn mark(&self, text: &str, rest: Role) -> Vec<Piece> {
        let mut pieces: Vec<Piece> = Vec::new();
        let mut done = 0;
        for found in self.0.find(text) {
            pieces.push((text[done..found.start].to_owned(), rest));
            pieces.push((format!("{}{}", &text[found.start..found.end], found.list.sign()), role_of(found.list)));
            done = found.end;
        }
        pieces.push((text[done..].to_owned(), rest));
        pieces.retain(|(text, _)| !text.is_empty());
        pieces
    }
}

/// Returns the role that styles the words of a list.
pub fn role_of(list: WordList) -> Role {
    match list {
        WordList::Include => Role::HighlightInclude,
        WordList::Exclude => Role::HighlightExclude,
        WordList::Population => Role::HighlightPopulation,
        WordList::Intervention => Role::HighlightIntervention,
        WordList::Comparison => Role::HighlightComparison,
        WordList::Outcome => Role::HighlightOutcome,
    }
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
    if citation.authors.is_empty() && place(citation) == NOWHERE {
        // tables of titles and abstracts have neither: one line of a small screen is enough to say so
        lines.push(vec![("No authors, journal or year named".to_owned(), Role::Muted)]);
    } else {
        lines.extend(wrap_text(&authors(citation), Role::Text, room));
        lines.extend(wrap_text(&place(citation), Role::Muted, room));
    }
    lines.push(StyledLine::new());
    match citation.abstract_text.as_deref().filter(|text| !text.trim().is_empty()) {
        None => lines.push(vec![("No abstract in this record.".to_owned(), Role::Warning)]),
        Some(text) => lines.extend(abstract_lines(text, highlights, room)),
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

/// Sets an abstract: every part on lines of its own, its heading set apart, and a blank line between paragraphs.
fn abstract_lines(text: &str, highlights: &Highlights, room: usize) -> Vec<StyledLine> {
    let mut lines = Vec::new();
    for (at, section) in sections(text).into_iter().enumerate() {
        if at > 0 && section.begins_paragraph {
            lines.push(StyledLine::new());
        }
        let mut pieces: Vec<Piece> = Vec::new();
        if let Some(heading) = section.heading {
            pieces.push((heading.to_owned(), Role::Heading));
            pieces.push((" ".to_owned(), Role::Text));
        }
        pieces.extend(highlights.mark(section.text, Role::Text));
        lines.extend(wrap(&pieces, room));
    }
    lines
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

/// What stands for a place of publication that is not known.
const NOWHERE: &str = "No journal or year named";

/// Says where the record was published ("Pain. 2009;145(3):304-311").
fn place(citation: &Citation) -> String {
    let journal = citation.journal.as_ref().or(citation.journal_abbreviation.as_ref());
    let mut place = match (journal, citation.year) {
        (Some(journal), Some(year)) => format!("{journal}. {year}"),
        (Some(journal), None) => format!("{journal}, no year"),
        (None, Some(year)) => format!("No journal named, {year}"),
        (None, None) => NOWHERE.to_owned(),
    };
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

    #[test]
    fn words_take_the_roles_of_their_lists_and_nothing_is_lost() {
        let word = |list, text: &str| HighlightWord { list, text: text.to_owned() };
        let words = [word(WordList::Include, "randomi*"), word(WordList::Exclude, "rats"), word(WordList::Population, "adults")];
        let pieces = Highlights::new(&words).mark("Randomised trial in RATS, not adults.", Role::Text);
        let shown: Vec<_> = pieces.iter().map(|(text, role)| (text.as_str(), *role)).collect();
        assert_eq!(
            shown,
            [
                ("Randomised", Role::HighlightInclude),
                (" trial in ", Role::Text),
                ("RATS", Role::HighlightExclude),
                (", not ", Role::Text),
                ("adultsᴾ", Role::HighlightPopulation),
                (".", Role::Text),
            ]
        );
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
    fn the_parts_of_a_structured_abstract_stand_on_lines_of_their_own() {
        let text = "BACKGROUND: Pain. METHODS: Sixty patients: all adults.\nFUNDING: None.";
        let lines = abstract_lines(text, &Highlights::default(), 60);
        let shown: Vec<String> = lines.iter().map(|line| line.iter().map(|(text, _)| text.as_str()).collect()).collect();
        assert_eq!(shown, ["BACKGROUND: Pain.", "METHODS: Sixty patients: all adults.", "", "FUNDING: None."]);
        assert_eq!(lines[1][0], ("METHODS:".to_owned(), Role::Heading));
    }
}
