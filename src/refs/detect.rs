//! Which format a text is in, by its content alone.

use super::Format;
use super::lines::Lines;
use super::{nbib, ris};

/// Finds the format of a text.
///
/// The first decisive line wins: `TY  - ` for RIS, `PMID- ` or another tag that only PubMed has for nbib. A file without one is
/// RIS when it has several two-letter tags, because a record may have lost its first line.
///
/// # Errors
/// The name of a format that the text resembles and no reader knows, or `None`.
pub fn detect(text: &str) -> Result<Format, Option<&'static str>> {
    let (mut ris_tags, mut nbib_tags) = (0, 0);
    for line in Lines::new(text) {
        if let Some((tag, _)) = ris::split_tag(line.text) {
            if tag == "TY" {
                return Ok(Format::Ris);
            }
            ris_tags += 1;
        }
        if let Some((tag, _)) = nbib::split_tag(line.text) {
            if matches!(tag, "PMID" | "OWN" | "STAT" | "FAU" | "DCOM") {
                return Ok(Format::Nbib);
            }
            nbib_tags += 1;
        }
        if line.number == 1 && (line.text.starts_with("FN ") || line.text.starts_with("VR 1.")) {
            return Err(Some("Web of Science tagged text"));
        }
        if is_ovid_number(line.text) {
            return Err(Some("Ovid tagged or citation text"));
        }
        if line.number > 20_000 && ris_tags + nbib_tags == 0 {
            break;
        }
    }
    if ris_tags >= 2 {
        return Ok(Format::Ris);
    }
    if nbib_tags >= 2 {
        return Ok(Format::Nbib);
    }
    Err(resembles(text))
}

/// Reports whether a line is a record number as Ovid's own formats have it: "<1. >" or "<1>".
fn is_ovid_number(line: &str) -> bool {
    let number = line.trim().strip_prefix('<').and_then(|rest| rest.strip_suffix('>')).unwrap_or("").trim().trim_end_matches('.');
    !number.is_empty() && number.len() <= 6 && number.bytes().all(|b| b.is_ascii_digit())
}

/// Names the format that a text resembles, for the message.
fn resembles(text: &str) -> Option<&'static str> {
    let start = text.trim_start();
    let has_line = |mark: &str| Lines::new(start).take(400).any(|line| line.text.starts_with(mark));
    if start.starts_with("<?xml") || start.starts_with("<xml") || start.starts_with("<PubmedArticle") || start.starts_with("<!DOCTYPE xml")
    {
        return Some("XML");
    }
    if start.starts_with("<!DOCTYPE html") || start.starts_with("<html") {
        return Some("a web page");
    }
    if start.starts_with("%PDF") {
        return Some("a PDF document");
    }
    if start.starts_with("PK\u{3}\u{4}") {
        return Some("a ZIP archive or a spreadsheet");
    }
    if start.starts_with('[') || start.starts_with('{') {
        return Some("JSON");
    }
    if has_line("PT J") || has_line("PT B") {
        return Some("Web of Science tagged text");
    }
    if has_line("%0 ") {
        return Some("EndNote tagged text");
    }
    if has_line("RT ") {
        return Some("RefWorks tagged text");
    }
    if has_line("Record #") {
        return Some("Cochrane Library text");
    }
    if has_line("@") {
        return Some("BibTeX");
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
    }

    #[test]
    fn other_formats_are_named_in_the_refusal() {
        for (text, guess) in [
            ("FN Thomson Reuters\nVR 1.0\nPT J\nAU A\n", Some("Web of Science tagged text")),
            ("@article{a, title={b}}", Some("BibTeX")),
            ("<?xml version=\"1.0\"?><x/>", Some("XML")),
            ("Title,Authors\na,b\n", Some("a table (CSV)")),
            ("%0 Journal Article\n%T x\n", Some("EndNote tagged text")),
            ("<1. >\nTI  - A title\nAU  - B\n", Some("Ovid tagged or citation text")),
            ("Record #1 of 271\nID: CD009275\nAU: Han Shanshan\n", Some("Cochrane Library text")),
            ("hello", None),
        ] {
            assert_eq!(detect(text), Err(guess), "{text}");
        }
    }
}
