//! Which format a text is in, by its content alone.

use super::Format;
use super::lines::{Ahead, Line, Lines};
use super::{bibtex, cochrane, csv, ctgov_json, nbib, ovid, refer, refworks, ris, wos};

/// Finds the format of a text.
///
/// A table is known by its header. Otherwise the first decisive line wins: `TY  - ` for RIS, `PMID- ` or another tag that only PubMed
/// has for nbib, and so on. A file without one is RIS when it has several two-letter tags, because a record may have lost its first
/// line.
///
/// # Errors
/// The name of a format that the text resembles and no reader knows, or `None`.
pub fn detect(text: &str) -> Result<Format, Option<&'static str>> {
    let (decided, seen) = look(text);
    decided.or_else(|| seen.guess()).ok_or_else(|| resembles(text))
}

/// Finds the format of a text of which this is the beginning; `None` when only more of it can tell.
pub(super) fn decide(beginning: &str) -> Option<Format> {
    look(beginning).0
}

/// Returns the format that something decisive names, and what was seen.
fn look(text: &str) -> (Option<Format>, Seen) {
    let mut seen = Seen::default();
    let start = beginning(text);
    if start.trim_start().starts_with(['{', '[']) && (start.contains("\":") || start.contains("\" :")) {
        return (Some(if ctgov_json::is_registry(start) { Format::CtgovJson } else { Format::CslJson }), seen);
    }
    if let Some(format) = xml_format(text) {
        return (Some(format), seen);
    }
    if csv::is_table(text) {
        return (Some(Format::Csv), seen);
    }
    let mut lines = Lines::new(text);
    while let Some(line) = lines.next() {
        if let Some(format) = seen.decide(line, &lines) {
            return (Some(format), seen);
        }
        if line.number > 20_000 && seen.tags() == 0 {
            break;
        }
    }
    // Tags that name no format alone outweigh nothing: an entry of BibTeX is unmistakable.
    (bibtex::is_bibtex(text).then_some(Format::Bibtex), seen)
}

/// Finds the format of an XML text by the elements in its beginning.
fn xml_format(text: &str) -> Option<Format> {
    let start = text.trim_start();
    if !start.starts_with('<') || ovid::is_number(start.lines().next().unwrap_or("")) {
        return None;
    }
    let start = beginning(start);
    let has_any = |marks: &[&str]| marks.iter().any(|mark| start.contains(mark));
    if has_any(&["<PubmedArticle", "<PubmedBookArticle"]) {
        Some(Format::PubmedXml)
    } else if has_any(&["<Trials_downloaded_from_ICTRP", "<TrialID>"]) {
        Some(Format::Ictrp)
    } else if has_any(&["<record>", "<record "]) && has_any(&["<ref-type", "<titles>", "<contributors>"]) {
        Some(Format::EndnoteXml)
    } else {
        None
    }
}

/// Returns the first 64 kB of a text.
fn beginning(text: &str) -> &str {
    let end = (0..=text.len().min(65_536)).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
    &text[..end]
}

/// Tags that name no format alone, counted.
#[derive(Default)]
struct Seen {
    ris: usize,
    nbib: usize,
    refer: usize,
    wos: usize,
    cochrane: usize,
}

impl Seen {
    /// Returns the format when a line names it.
    fn decide(&mut self, line: Line<'_>, following: &Lines<'_>) -> Option<Format> {
        let text = line.text;
        if let Some((tag, _)) = ris::split_tag(text) {
            if tag == "TY" {
                return Some(Format::Ris);
            }
            self.ris += 1;
        }
        if let Some((tag, _)) = nbib::split_tag(text) {
            if matches!(tag, "PMID" | "OWN" | "STAT" | "FAU" | "DCOM") {
                return Some(Format::Nbib);
            }
            self.nbib += 1;
        }
        if ovid::is_number(text) {
            return Some(Format::Ovid);
        }
        if cochrane::is_count(text) && matches!(following.ahead(), Ahead::Printed(next) if cochrane::split_tag(next.text).is_some()) {
            return Some(Format::Cochrane);
        }
        if refworks::begins_record(text) {
            return Some(Format::RefWorks);
        }
        if line.number <= 3 && (text.starts_with("FN ") || text.starts_with("VR 1.")) {
            return Some(Format::Wos);
        }
        if matches!(text.trim_end(), "PT J" | "PT B" | "PT S" | "PT C" | "PT P") {
            self.wos += 2;
        } else if self.wos > 0 && matches!(wos::split_tag(text), Some(("AU" | "TI" | "SO" | "AF", _))) {
            return Some(Format::Wos);
        }
        match refer::split_tag(text) {
            Some(("%0", _)) => return Some(Format::Refer),
            Some(("%T" | "%A" | "%D" | "%J", _)) => self.refer += 1,
            _ => {}
        }
        if matches!(cochrane::split_tag(text), Some(("ID" | "AU" | "TI" | "SO" | "YR" | "DOI", _))) {
            self.cochrane += 1;
        }
        None
    }

    /// Counts the tags of all formats.
    fn tags(&self) -> usize {
        self.ris + self.nbib + self.refer + self.wos + self.cochrane
    }

    /// Returns the format that has several tags.
    fn guess(&self) -> Option<Format> {
        let counts = [
            (self.ris, Format::Ris),
            (self.nbib, Format::Nbib),
            (self.refer, Format::Refer),
            (self.wos, Format::Wos),
            (self.cochrane / 2, Format::Cochrane),
        ];
        counts.into_iter().find(|(count, _)| *count >= 2).map(|(_, format)| format)
    }
}

/// Names the format that a text resembles, for the message.
fn resembles(text: &str) -> Option<&'static str> {
    let start = text.trim_start();
    if start.starts_with("<?xml") || start.starts_with("<xml") || start.starts_with("<PubmedArticle") || start.starts_with("<!DOCTYPE xml")
    {
        return Some("XML");
    }
    if start.starts_with("<!DOCTYPE html") || start.starts_with("<html") {
        return Some("a web page");
    }
    if start.starts_with("PK\u{3}\u{4}") {
        return Some("a ZIP archive or a spreadsheet");
    }
    if start.starts_with('[') || start.starts_with('{') {
        return Some("JSON");
    }
    let first = start.lines().next().unwrap_or("");
    if first.contains(',') || first.contains(';') || first.contains('\t') {
        return Some("a table (CSV)");
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_decisive_line_names_the_format() {
        assert_eq!(detect("Record #1 of 2\n\nTY  -  JOUR\n"), Ok(Format::Ris));
        assert_eq!(detect("\n\nPMID- 19604642\nOWN - NLM\n"), Ok(Format::Nbib));
        assert_eq!(detect("OWN - ERIC\nTI  - A title\n"), Ok(Format::Nbib));
        assert_eq!(detect("TI  - A title\nAU  - A\nER  - \n"), Ok(Format::Ris));
        assert_eq!(detect("FN Thomson Reuters\nVR 1.0\nPT J\nAU A\n"), Ok(Format::Wos));
        assert_eq!(detect("PT J\nAU A\nTI B\nER\n"), Ok(Format::Wos));
        assert_eq!(detect("%T x\n%0 Journal Article\n"), Ok(Format::Refer));
        assert_eq!(detect("Search: x\n<1. >\nTI  - A title\nAU  - B\n"), Ok(Format::Ovid));
        assert_eq!(detect("Record #1 of 271\nID: CD009275\nAU: Han Shanshan\n"), Ok(Format::Cochrane));
        assert_eq!(detect("Scopus\n@article{a, title={b}}"), Ok(Format::Bibtex));
        assert_eq!(detect("RT Book, Section\nT1 A\n"), Ok(Format::RefWorks));
        assert_eq!(detect("Title,Authors\na,b\n"), Ok(Format::Csv));
    }

    #[test]
    fn other_formats_are_named_in_the_refusal() {
        for (text, guess) in [("<?xml version=\"1.0\"?><x/>", Some("XML")), ("Name,Place\na,b\n", Some("a table (CSV)")), ("hello", None)] {
            assert_eq!(detect(text), Err(guess), "{text}");
        }
    }
}
