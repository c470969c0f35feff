//! What values mean, whatever format they stand in: pages, years, names, identifiers.

use crate::domain::author::Author;
use crate::domain::identifier::{Doi, Pmid, percent_decoded};
use crate::domain::text::is_dash;

/// The first and last page of an article.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pages {
    /// The first page, in full, or an article number.
    pub start: Option<String>,
    /// The last page, in full.
    pub end: Option<String>,
    /// What the value held beyond one range of pages ("discussion 482"), as printed.
    pub rest: Option<String>,
}

/// Reads pages from one value ("304-11", "S47‐S49", "e12292", "454-81; discussion 482").
///
/// A shortened last page is completed from the first ("304-11" gives 311). Placeholders ("No Pagination Specified", "n/a", "-")
/// give nothing.
pub fn parse_pages(value: &str) -> Pages {
    let value = without_page_label(value);
    if is_no_page(value) {
        return Pages::default();
    }
    let (range, rest) = match value.find([';', ',']) {
        Some(at) => (value[..at].trim(), Some(value[at + 1..].trim().to_owned()).filter(|rest| !rest.is_empty())),
        None => (value, None),
    };
    let mut parts = range.splitn(2, is_dash).map(str::trim);
    match (parts.next(), parts.next()) {
        (Some(start), Some(end)) if is_page(start) && is_page(end) => {
            Pages { start: Some(start.to_owned()), end: Some(complete_page(start, end)), rest }
        }
        (Some(start), Some("")) if is_page(start) => Pages { start: Some(start.to_owned()), end: None, rest },
        _ => Pages { start: Some(plain_dashes(range)).filter(|start| !start.is_empty()), end: None, rest },
    }
}

/// Reads pages from a first and a last page in fields of their own, either of which may hold a whole range.
pub fn parse_page_fields(start: Option<&str>, end: Option<&str>) -> Pages {
    let start = start.map(str::trim).filter(|value| !value.is_empty());
    let end = end.map(without_page_label).filter(|value| !is_no_page(value));
    // Ovid tears "No Pagination Specified" into SP "No" and EP "Specified".
    if let (Some(start), Some(end)) = (start, end)
        && start.eq_ignore_ascii_case("no")
        && !is_page(end)
    {
        return Pages::default();
    }
    let mut pages = start.map(parse_pages).unwrap_or_default();
    let Some(end) = end else { return pages };
    match &pages.start {
        None => parse_pages(end),
        Some(first) => {
            let last = parse_pages(end);
            let complete = |last: String| if is_page(first) && is_page(&last) { complete_page(first, &last) } else { last };
            pages.end = last.end.or(last.start).map(complete);
            pages
        }
    }
}

/// Reads an article number, which stands where there are no pages ("e12292", "UNSP 1722034").
///
/// Labels and the letters with which Web of Science says that a number is no page are taken off, and the number gets the form that the
/// same number has among pages, so that it compares; the caller keeps what was printed.
pub fn parse_article_number(value: &str) -> Pages {
    let value = value.trim();
    let label = ["UNSP ", "ARTN ", "ARTN. ", "Art. No. ", "Article "].iter().find_map(|label| value.strip_prefix(label));
    Pages { rest: None, ..parse_pages(label.unwrap_or(value)) }
}

/// Takes "p.", "pp." and "pages" off a value.
fn without_page_label(value: &str) -> &str {
    let value = value.trim();
    for label in ["pages ", "Pages ", "pp. ", "pp.", "pp ", "p. ", "p."] {
        if let Some(rest) = value.strip_prefix(label) {
            return rest.trim();
        }
    }
    value
}

/// Reports whether a value says that there are no pages.
fn is_no_page(value: &str) -> bool {
    let lower = value.trim_end_matches('.').to_ascii_lowercase();
    !value.chars().any(char::is_alphanumeric)
        || lower.starts_with("no pag")
        || matches!(
            lower.as_str(),
            "no" | "n/a" | "na" | "np" | "[np]" | "n.pag" | "n. pag" | "no." | "none" | "unpaginated" | "specified" | "null"
        )
}

/// Reports whether a text has the form of one page: a few letters, digits, a letter; or a Roman numeral.
fn is_page(text: &str) -> bool {
    let letters = text.bytes().take_while(u8::is_ascii_alphabetic).count();
    let digits = text[letters..].bytes().take_while(u8::is_ascii_digit).count();
    let tail = &text[letters + digits..];
    let is_numbered = letters <= 4 && (1..=9).contains(&digits) && tail.len() <= 2 && tail.bytes().all(|b| b.is_ascii_alphabetic());
    let is_roman = !text.is_empty() && text.len() <= 9 && text.bytes().all(|b| b"ivxlcdmIVXLCDM".contains(&b));
    is_numbered || is_roman
}

/// Completes a shortened last page from the first: 304, 11 gives 311; S47, 9 gives S49; e100, e105 stays.
fn complete_page(start: &str, end: &str) -> String {
    let letters = start.bytes().take_while(u8::is_ascii_alphabetic).count();
    let (prefix, start_rest) = start.split_at(letters);
    let start_digits: &str = &start_rest[..start_rest.bytes().take_while(u8::is_ascii_digit).count()];
    let end_rest = end.strip_prefix(prefix).unwrap_or(end);
    if end_rest.is_empty() || !end_rest.bytes().all(|b| b.is_ascii_digit()) || end_rest.len() >= start_digits.len() {
        let is_bare_number = end_rest == end && !prefix.is_empty() && end.bytes().all(|b| b.is_ascii_digit());
        return if is_bare_number { format!("{prefix}{end}") } else { end.to_owned() };
    }
    let kept = &start_digits[..start_digits.len() - end_rest.len()];
    let completed = format!("{kept}{end_rest}");
    // Equal lengths, so that the order of texts is that of numbers.
    if completed.as_str() >= start_digits { format!("{prefix}{completed}") } else { end.to_owned() }
}

/// Returns a text with every dash as a plain hyphen.
fn plain_dashes(text: &str) -> String {
    text.chars().map(|c| if is_dash(c) { '-' } else { c }).collect()
}

/// Finds the year in a date as printed ("2009///", "2009 Oct", "15/07/2005", "20240403"): the first number from 1500 to 2100 that
/// has four digits, or begins a date of eight.
pub fn parse_year(text: &str) -> Option<i32> {
    text.split(|c: char| !c.is_ascii_digit()).find_map(|digits| {
        let year: i32 = match digits.len() {
            4 => digits.parse().ok()?,
            8 => {
                let is_month = ("01"..="12").contains(&&digits[4..6]);
                let is_day = ("00"..="31").contains(&&digits[6..8]);
                if !(is_month && is_day) {
                    return None;
                }
                digits[..4].parse().ok()?
            }
            _ => return None,
        };
        (1500..=2100).contains(&year).then_some(year)
    })
}

/// Returns a date as printed without empty parts at its end ("2024/04/03/" gives "2024/04/03"), unless it is the year alone.
pub fn parse_date(text: &str, year: Option<i32>) -> Option<String> {
    let date = text.trim_end_matches(['/', ' ', '-', '.', ',']).trim_start();
    let is_year_alone = year.is_some_and(|year| date == year.to_string());
    (!date.is_empty() && !is_year_alone).then(|| date.to_owned())
}

/// Reads the authors that one value holds: usually one, several when they are separated by semicolons ("Smith, J; Jones, K") or
/// written without inner commas ("Smith J, Jones K").
pub fn parse_authors(value: &str) -> Vec<Author> {
    let is_whole_name = |part: &str| part.trim().rsplit_once(' ').is_some_and(|(_, last)| is_initials(last));
    if !value.contains(';') && value.contains(',') && value.split(',').all(is_whole_name) {
        return value.split(',').filter_map(parse_author).collect();
    }
    value.split(';').filter_map(parse_author).collect()
}

/// Reads one author: "Sigtermans, Marnix J", "Sigtermans MJ", "Sigtermans, M.J.", "Brownstein C D", or the name of a group.
///
/// Returns `None` for placeholders ("Anonymous", "[No authors listed]", "et al.").
pub fn parse_author(value: &str) -> Option<Author> {
    let name = value.trim_matches([',', ' ', '\t', '\n']);
    let plain = name.trim_matches(['[', ']', '(', ')', '.', '*']).to_lowercase();
    let is_placeholder = matches!(
        plain.as_str(),
        "" | "et al"
            | "anonymous"
            | "anon"
            | "no authors listed"
            | "no author"
            | "no authorship indicated"
            | "undefined"
            | "n/a"
            | "unknown"
    );
    if is_placeholder {
        return None;
    }
    if let Some((family, given)) = name.split_once(',') {
        return Some(Author::new(family.trim(), Some(given.trim())));
    }
    // Without a comma, initials at the end mark a person; anything else is a group or a name of one part.
    let words: Vec<&str> = name.split(' ').collect();
    let is_suffix = |word: &str| matches!(word.trim_end_matches('.'), "Jr" | "Sr" | "2nd" | "3rd" | "4th" | "II" | "III" | "IV");
    let last_initials = words.iter().rposition(|word| !is_suffix(word)).map_or(0, |at| at + 1);
    let first_initials = words[..last_initials].iter().rposition(|word| !is_initials(word)).map_or(0, |at| at + 1);
    if first_initials == 0 || first_initials == last_initials {
        return Some(Author::new(name, None));
    }
    // "Cancer Research UK" is no person.
    let is_country = first_initials >= 2 && matches!(words[first_initials], "UK" | "USA" | "EU");
    let is_shouted = words[..first_initials].iter().all(|word| word.chars().all(|c| !c.is_lowercase()));
    let initials_are_long = words[first_initials].chars().filter(|c| c.is_alphabetic()).count() > 3;
    if is_country || (is_shouted && initials_are_long) {
        return Some(Author::new(name, None));
    }
    Some(Author::new(words[..first_initials].join(" "), Some(&words[first_initials..].join(" "))))
}

/// Reads one author whose given names stand first ("Petar Radanliev", "P. van der Kogge", "Smith, J" all the same).
///
/// Particles in small letters belong to the family name; "Jr" goes with the given names. One word alone is a name of one part.
pub fn parse_given_first(value: &str) -> Option<Author> {
    let name = value.trim();
    if name.contains(',') {
        return parse_author(name);
    }
    let words: Vec<&str> = name.split_whitespace().collect();
    // "Smith AB" has its family name first whatever the export says.
    let last_is_initials = words.len() == 2 && words[1].len() <= 3 && is_initials(words[1]) && !is_initials(words[0]);
    if words.len() < 2 || last_is_initials {
        return parse_author(name);
    }
    let is_suffix = matches!(words[words.len() - 1].trim_end_matches('.'), "Jr" | "Sr" | "II" | "III" | "IV");
    let last = if is_suffix && words.len() > 2 { words.len() - 1 } else { words.len() };
    let is_particle = |word: &str| word.chars().next().is_some_and(char::is_lowercase);
    let family_start = words[1..last - 1].iter().position(|word| is_particle(word)).map_or(last - 1, |at| at + 1);
    let mut given = words[..family_start].join(" ");
    for suffix in &words[last..] {
        given.push(' ');
        given.push_str(suffix);
    }
    Some(Author::new(words[family_start..last].join(" "), Some(&given)))
}

/// Reports whether a word is a block of initials: one to four capitals, with stops or hyphens between or after them.
fn is_initials(word: &str) -> bool {
    let letters = word.chars().filter(|c| c.is_alphabetic()).count();
    (1..=4).contains(&letters) && word.chars().all(|c| c.is_uppercase() || matches!(c, '.' | '-' | '\u{2010}'))
}

/// Returns a title without the full stop that some databases put behind it; an ellipsis and "U.S." stay.
pub fn without_full_stop(title: &str) -> &str {
    match title.strip_suffix('.') {
        Some(rest) => {
            let rest = rest.trim_end();
            let last_word = rest.rsplit(' ').next().unwrap_or("");
            if last_word.contains('.') || rest.is_empty() { title } else { rest }
        }
        None => title,
    }
}

/// Finds a DOI in a link: in a resolver's path, a publisher's path ("/doi/10.1002/ar.25520/full") or a parameter ("doi=10.1038%2f").
pub fn doi_in_link(link: &str) -> Option<Doi> {
    let decoded = percent_decoded(link);
    let start = decoded.find("10.")?;
    let link = &decoded[start..];
    let link = &link[..link.find(['&', '?', '#', ' ']).unwrap_or(link.len())];
    let mut path = link.trim_end_matches('/');
    // The library's own number of a record in CENTRAL has the form of a DOI and is none.
    if link.starts_with("10.1002/central/") {
        return None;
    }
    let is_resolver = decoded[..start].contains("doi.org/");
    for ending in ["/full", "/abstract", "/pdf", "/epdf", "/meta", "/fulltext", "/full/html", "/full/pdf", ".pdf", "/summary"] {
        if !is_resolver && let Some(rest) = path.strip_suffix(ending) {
            path = rest;
        }
    }
    Doi::find(path)
}

/// Finds a PubMed identifier that is labelled as one: "PUBMED 19604642", "PMID: 19604642", "MEDLINE:19604642", or in a link to PubMed.
pub fn labelled_pmid(text: &str) -> Option<Pmid> {
    const LABELS: [&str; 4] = ["pubmed.ncbi.nlm.nih.gov/", "pubmed", "pmid", "medline:"];
    let lower = text.to_ascii_lowercase();
    LABELS.iter().find_map(|label| {
        lower.match_indices(label).find_map(|(at, label)| {
            let after = lower[at + label.len()..].trim_start_matches([':', ' ', '=', '-', '/']);
            let digits = after.bytes().take_while(u8::is_ascii_digit).count();
            let is_whole = !after[digits..].starts_with(|c: char| c.is_alphanumeric());
            if digits > 0 && is_whole { Pmid::find(&after[..digits]) } else { None }
        })
    })
}

/// Reads a PubMed identifier from a value that is nothing but four to eight digits.
pub fn bare_pmid(text: &str) -> Option<Pmid> {
    let text = text.trim();
    ((4..=8).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit())).then(|| Pmid::find(text)).flatten()
}

/// Finds a PubMed Central identifier ("PMC7758557").
pub fn find_pmcid(text: &str) -> Option<String> {
    text.match_indices("PMC").find_map(|(at, _)| {
        let digits = text[at + 3..].bytes().take_while(u8::is_ascii_digit).count();
        let is_word = !text[..at].ends_with(|c: char| c.is_alphanumeric());
        (is_word && (3..=9).contains(&digits)).then(|| text[at..at + 3 + digits].to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pages(value: &str) -> (Option<String>, Option<String>) {
        let pages = parse_pages(value);
        (pages.start, pages.end)
    }

    fn some(start: &str, end: &str) -> (Option<String>, Option<String>) {
        (Some(start.to_owned()), Some(end.to_owned()).filter(|end| !end.is_empty()))
    }

    #[test]
    fn shortened_last_pages_are_completed() {
        for (value, start, end) in [
            ("304-11", "304", "311"),
            ("304‐311", "304", "311"),
            ("pp. 7 – 9", "7", "9"),
            ("S47-9", "S47", "S49"),
            ("S47-S49", "S47", "S49"),
            ("e100-e105", "e100", "e105"),
            ("1279-97", "1279", "1297"),
            ("99-101", "99", "101"),
            ("123a-4a", "123a", "4a"),
            ("ix-xii", "ix", "xii"),
            ("e12292", "e12292", ""),
            ("53-", "53", ""),
            ("1044–51", "1044", "1051"),
        ] {
            assert_eq!(pages(value), some(start, end), "{value}");
        }
    }

    #[test]
    fn what_is_no_range_of_pages_is_kept_whole() {
        assert_eq!(pages("S1769-7212(19)30059-X"), some("S1769-7212(19)30059-X", ""));
        assert_eq!(pages("311-304"), some("311", "304"));
        let with_rest = parse_pages("454-81; discussion 482");
        assert_eq!((with_rest.end.as_deref(), with_rest.rest.as_deref()), (Some("481"), Some("discussion 482")));
    }

    #[test]
    fn placeholders_for_pages_give_none() {
        for value in ["No Pagination Specified", "no pagination", "N.PAG", "-", "", "n/a", "?"] {
            assert_eq!(pages(value), (None, None), "{value}");
        }
        assert_eq!(parse_page_fields(Some("No"), Some("Specified")), Pages::default());
    }

    #[test]
    fn pages_in_two_fields_are_read_together() {
        for (start, end, expected) in [
            (Some("304"), Some("11"), some("304", "311")),
            (Some("304"), Some("311"), some("304", "311")),
            (Some("304-311"), None, some("304", "311")),
            (None, Some("304-311"), some("304", "311")),
            (Some("304-311"), Some("311"), some("304", "311")),
            (Some("1"), Some(""), some("1", "")),
            (None, None, (None, None)),
        ] {
            let pages = parse_page_fields(start, end);
            assert_eq!((pages.start, pages.end), expected, "{start:?} {end:?}");
        }
    }

    #[test]
    fn the_year_is_found_in_every_form_of_date() {
        for text in ["2009", "2009//", "2009/10/01/", "2009 Oct", "Oct 2009", "1/10/2009", "20091001", "c2009.", "2009-2010"] {
            assert_eq!(parse_year(text), Some(2009), "{text}");
        }
        for text in ["10 15", "SEP 22", "", "in press", "12009", "9999", "20099901"] {
            assert_eq!(parse_year(text), None, "{text}");
        }
    }

    #[test]
    fn a_date_that_is_the_year_alone_is_no_date() {
        assert_eq!(parse_date("2009///", Some(2009)), None);
        assert_eq!(parse_date("2024/04/03/", Some(2024)).as_deref(), Some("2024/04/03"));
        assert_eq!(parse_date("SEP 22", Some(2010)).as_deref(), Some("SEP 22"));
    }

    #[test]
    fn names_are_split_however_databases_print_them() {
        for (value, family, given) in [
            ("Sigtermans, Marnix J", "Sigtermans", Some("Marnix J")),
            ("Sigtermans MJ", "Sigtermans", Some("MJ")),
            ("Sigtermans, M.J.", "Sigtermans", Some("M.J.")),
            ("Sigtermans M.J.", "Sigtermans", Some("M.J.")),
            ("van Hilten JJ", "van Hilten", Some("JJ")),
            ("Brownstein C D", "Brownstein", Some("C D")),
            ("Smith JA Jr", "Smith", Some("JA Jr")),
            ("Shi,Yu", "Shi", Some("Yu")),
            ("WILSON J", "WILSON", Some("J")),
            ("Plato", "Plato", None),
            ("朱德泉", "朱德泉", None),
            ("Cochrane Pain Group", "Cochrane Pain Group", None),
            ("WHO", "WHO", None),
            ("Cancer Research UK", "Cancer Research UK", None),
        ] {
            assert_eq!(parse_author(value), Some(Author::new(family, given)), "{value}");
        }
        for value in ["", "et al.", "Anonymous", "[No authors listed]", ","] {
            assert_eq!(parse_author(value), None, "{value}");
        }
        assert_eq!(parse_authors("Smith, J; Jones, K;").len(), 2);
        assert_eq!(
            parse_authors("Smith J, van Hilten JJ").iter().map(ToString::to_string).collect::<Vec<_>>(),
            ["Smith, J", "van Hilten, JJ"]
        );
        assert_eq!(parse_authors("Smith J, Jr").len(), 1);
    }

    #[test]
    fn given_names_may_stand_first() {
        for (value, family, given) in [
            ("Petar Radanliev", "Radanliev", Some("Petar")),
            ("P. Kogge", "Kogge", Some("P.")),
            ("Jason R. C. Nurse", "Nurse", Some("Jason R. C.")),
            ("Max Van Kleek", "Kleek", Some("Max Van")),
            ("Jacobus van der Hilten", "van der Hilten", Some("Jacobus")),
            ("Martin King Jr.", "King", Some("Martin Jr.")),
            ("Smith, J", "Smith", Some("J")),
            ("Smith AB", "Smith", Some("AB")),
            ("Plato", "Plato", None),
        ] {
            assert_eq!(parse_given_first(value), Some(Author::new(family, given)), "{value}");
        }
        assert_eq!(parse_given_first(" "), None);
    }

    #[test]
    fn titles_lose_one_full_stop_and_nothing_else() {
        assert_eq!(without_full_stop("A title."), "A title");
        assert_eq!(without_full_stop("To be continued..."), "To be continued...");
        assert_eq!(without_full_stop("Pain in the U.S."), "Pain in the U.S.");
        assert_eq!(without_full_stop("."), ".");
    }

    #[test]
    fn dois_are_found_in_links() {
        for link in [
            "https://doi.org/10.1002/ar.25520",
            "https://onlinelibrary.wiley.com/doi/10.1002/ar.25520/full",
            "https://www.scopus.com/inward/record.uri?eid=2-s2.0-85&doi=10.1002%2far.25520&partnerID=40&md5=5e36",
            "https://x.org/link?sid=EMBASE&id=doi:10.1002%2Far.25520&atitle=Some",
        ] {
            assert_eq!(doi_in_link(link).expect(link).as_str(), "10.1002/ar.25520");
        }
        let old = doi_in_link("http://dx.doi.org/10.1002/%28SICI%291097-0258%2819980815/30%2917:15/16%3C1661::AID-SIM968%3E3.0.CO;2-2");
        assert_eq!(old.expect("doi").as_str(), "10.1002/(sici)1097-0258(19980815/30)17:15/16<1661::aid-sim968>3.0.co;2-2");
        assert_eq!(doi_in_link("https://example.org/10.5/x"), None);
        assert_eq!(doi_in_link("https://www.cochranelibrary.com/central/doi/10.1002/central/CN-00778158/full"), None);
    }

    #[test]
    fn pubmed_identifiers_are_found_behind_their_labels() {
        for text in [
            "PUBMED 19604642",
            "PMID: 19604642",
            "https://www.ncbi.nlm.nih.gov/pubmed/19604642",
            "https://pubmed.ncbi.nlm.nih.gov/19604642/",
            "MEDLINE:19604642",
        ] {
            assert_eq!(labelled_pmid(text).expect(text).as_str(), "19604642");
        }
        assert_eq!(labelled_pmid("EMBASE 19604642"), None);
        assert_eq!(labelled_pmid("PMID: 19604642x"), None);
        assert_eq!(bare_pmid("38580657").expect("digits").as_str(), "38580657");
        assert_eq!(bare_pmid("WOS:000282053100002"), None);
        assert_eq!(find_pmcid("see PMC7758557.").as_deref(), Some("PMC7758557"));
        assert_eq!(find_pmcid("XPMC7758557"), None);
    }
}
