//! Source lines: journal, volume, issue, pages and date in one string, as Embase, PubMed and Ovid print them.

use super::normalise::{Pages, parse_pages, parse_year};
use crate::domain::text::is_dash;

/// What a source line says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct SourceLine {
    /// The journal or book.
    pub journal: Option<String>,
    /// The volume.
    pub volume: Option<String>,
    /// The issue.
    pub issue: Option<String>,
    /// The pages.
    pub pages: Pages,
    /// The year.
    pub year: Option<i32>,
}

/// Reads a source line.
///
/// Knows "Endoscopic Ultrasound (2014) 3:3 (152-160). Date of Publication: 2014" (Embase), "Eur J Med Genet. 2020 Feb;63(2):103640.
/// doi: ..." (PubMed), "Forest Ecology & Management. 201(2-3):327-334, November 15, 2004." and "Psychotherapy. Vol.43(5), Sep 2015,
/// pp. 623-634." (Ovid). What it does not find stays `None`.
pub(super) fn parse_source_line(line: &str) -> SourceLine {
    let line = without_editors(line.trim());
    let (journal, rest) = split_journal(line);
    let mut source = SourceLine { journal: Some(journal.trim().to_owned()).filter(|name| !name.is_empty()), ..SourceLine::default() };
    source.year = parse_year(rest);
    // An article number of Embase stands behind its label.
    let rest = match rest.split_once("Article Number: ") {
        Some((before, after)) => {
            let number = after.split(['.', ' ', ',']).next().unwrap_or("");
            source.pages.start = Some(number.to_owned()).filter(|number| !number.is_empty());
            before
        }
        None => rest,
    };
    let rest = rest.split("Date of Publication").next().unwrap_or(rest);
    let rest = rest.split(" doi:").next().unwrap_or(rest);
    if let Some((name, after)) = rest.split_once("pp. ").or_else(|| rest.split_once("pp.")) {
        source.pages = parse_pages(page_range(after));
        take_volume(name, &mut source);
        return source;
    }
    // In PubMed's form the date stands before a semicolon.
    let rest = rest.split_once(';').map_or(rest, |(_, after)| after);
    take_volume(rest, &mut source);
    source
}

/// Leaves out the editors that Ovid names before a book ("Kamp, Roza Maria [Editor], Calvete, Juan J. [Editor]. Methods in ...").
fn without_editors(line: &str) -> &str {
    let is_editors = |head: &str| head.ends_with(']') && head.rsplit_once('[').is_some_and(|(_, role)| role.starts_with("Editor"));
    let ends = line.match_indices("]. ").take(40).find(|(at, _)| is_editors(&line[..=*at]));
    ends.map_or(line, |(at, end)| line[at + end.len()..].trim_start())
}

/// Splits the journal off a source line.
fn split_journal(line: &str) -> (&str, &str) {
    // Embase: a year in brackets behind the name.
    for (at, _) in line.match_indices(" (").take(20) {
        let year = line[at + 2..].bytes().take(4).filter(u8::is_ascii_digit).count() == 4;
        if year && line[at + 6..].starts_with(')') {
            return (&line[..at], &line[at + 1..]);
        }
    }
    for (at, _) in line.match_indices(". ").take(40) {
        let after = line[at + 2..].trim_start();
        if after.starts_with(|c: char| c.is_ascii_digit()) || after.starts_with("Vol") || after.is_empty() {
            return (&line[..at], after);
        }
    }
    // Ovid: a book, which has no volume, before its pages (".:371-397, 2004").
    if let Some((name, after)) = line.split_once(".:")
        && after.starts_with(|c: char| c.is_ascii_digit())
    {
        return (name, &line[name.len() + 1..]);
    }
    match line.strip_suffix('.') {
        Some(name) => (name, ""),
        None => (line, ""),
    }
}

/// Reads "63(2):103640", "3:3 (152-160)", "Vol.43(5), Sep 2015", "28:103-106".
fn take_volume(text: &str, source: &mut SourceLine) {
    let text = text.trim();
    let text = match text.strip_prefix('(') {
        // Embase's year in brackets.
        Some(rest) if rest.get(4..5) == Some(")") => rest[5..].trim_start(),
        _ => text,
    };
    if let Some(pages) = text.strip_prefix(':') {
        source.pages = parse_pages(page_range(pages));
        return;
    }
    let text = text.strip_prefix("Vol").map_or(text, |rest| rest.trim_start_matches(['.', ' ']));
    let is_number = |c: char| c.is_alphanumeric() || is_dash(c) || matches!(c, '/' | '+');
    let end = text.find(|c| !is_number(c)).unwrap_or(text.len());
    let (volume, mut rest) = text.split_at(end);
    // "2015;" and "In press" are no volumes.
    let is_volume = !volume.is_empty() && volume.len() <= 12 && volume.bytes().any(|b| b.is_ascii_digit()) || volume == "Suppl";
    if !is_volume || (rest.starts_with(' ') && parse_year(volume).is_some() && source.year == parse_year(volume)) {
        return;
    }
    source.volume = Some(volume.to_owned());
    if let Some(inside) = rest.strip_prefix('(') {
        let Some(close) = inside.find(')') else { return };
        source.issue = Some(inside[..close].trim().to_owned()).filter(|issue| !issue.is_empty());
        rest = &inside[close + 1..];
    }
    let Some(after) = rest.strip_prefix(':') else { return };
    if let Some((issue, pages)) = after.split_once(" (") {
        if source.issue.is_none() {
            source.issue = Some(issue.trim().to_owned()).filter(|issue| !issue.is_empty());
        }
        let pages = parse_pages(pages.split(')').next().unwrap_or(""));
        if pages.start.is_some() {
            source.pages = pages;
        }
        return;
    }
    let range = page_range(after);
    if source.pages.start.is_none() {
        source.pages = parse_pages(range);
    } else {
        // An article number was found: what stands behind the colon is Embase's issue.
        source.issue = source.issue.take().or_else(|| Some(range.trim().to_owned()).filter(|issue| !issue.is_empty()));
    }
}

/// Returns the pages at the start of a text.
fn page_range(text: &str) -> &str {
    let text = text.trim_start();
    let end = text.find(|c: char| !(c.is_alphanumeric() || is_dash(c))).unwrap_or(text.len());
    &text[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(line: &str) -> [String; 6] {
        let source = parse_source_line(line);
        let text = |value: Option<String>| value.unwrap_or_default();
        [
            text(source.journal),
            text(source.year.map(|year| year.to_string())),
            text(source.volume),
            text(source.issue),
            text(source.pages.start),
            text(source.pages.end),
        ]
    }

    #[test]
    fn source_lines_of_all_databases_are_read() {
        for (line, expected) in [
            (
                "Kamp, Roza [Editor, Reprint Author], Calvete, Juan J. [Editor]. Methods in protein analysis.:371-397, 2004. Series: Practice.",
                ["Methods in protein analysis", "2004", "", "", "371", "397"],
            ),
            (
                "Endoscopic Ultrasound (2014) 3:3 (152-160). Date of Publication: 2014",
                ["Endoscopic Ultrasound", "2014", "3", "3", "152", "160"],
            ),
            (
                "Nature Communications (2024) 15:1 Article Number: 4063. Date of Publication: 1 Dec 2024",
                ["Nature Communications", "2024", "15", "1", "4063", ""],
            ),
            (
                "Eur J Med Genet. 2020 Feb;63(2):103640. doi: 10.1016/j.ejmg.2019.03.004. Epub 2019 Mar 25.",
                ["Eur J Med Genet", "2020", "63", "2", "103640", ""],
            ),
            ("Elife. 2022 Nov 30;11:e80092. doi: 10.7554/eLife.80092.", ["Elife", "2022", "11", "", "e80092", ""]),
            (
                "Forest Ecology & Management. 201(2-3):327-334, November 15, 2004.",
                ["Forest Ecology & Management", "2004", "201", "2-3", "327", "334"],
            ),
            (
                "Behavioural and Cognitive Psychotherapy. Vol.43(5), Sep 2015, pp. 623-634.",
                ["Behavioural and Cognitive Psychotherapy", "2015", "43", "5", "623", "634"],
            ),
            ("Ecohydrology.   8(6):1048-1064, September 2015.", ["Ecohydrology", "2015", "8", "6", "1048", "1064"]),
            ("Source Very Long Title.   28:103-106, April 2015.", ["Source Very Long Title", "2015", "28", "", "103", "106"]),
            ("Very Long Title. Vol 28(2) April 2015, 103-106.", ["Very Long Title", "2015", "28", "2", "", ""]),
            ("Pain", ["Pain", "", "", "", "", ""]),
            ("", ["", "", "", "", "", ""]),
        ] {
            assert_eq!(parts(line), expected, "{line}");
        }
    }
}
