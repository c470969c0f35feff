//! Identifiers that other systems gave to a publication or a trial: DOI, PMID, trial registry numbers.

use serde::{Deserialize, Serialize};

/// A digital object identifier in its canonical form: lower case, beginning with "10.", no resolver, no label.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Doi(String);

/// A PubMed identifier: one to nine digits without leading zeros.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Pmid(String);

/// The longest registrant code looked for; those assigned have four to nine digits and dots.
const MAX_PREFIX: usize = 16;

/// The longest DOI read: longer runs of characters are text without spaces, not identifiers.
const MAX_DOI: usize = 400;

impl Doi {
    /// Finds the first DOI in a text that may carry a resolver, a label or entities around it.
    ///
    /// Returns `None` where no "10.NNNN/suffix" occurs. Percent-encoded characters and `&lt;`, `&gt;`, `&amp;` are decoded,
    /// trailing punctuation is cut, letters are lower-cased (DOIs are case-insensitive, DOI Handbook 2.4).
    pub fn find(text: &str) -> Option<Self> {
        if !text.contains("10") {
            return None;
        }
        let decoded = percent_decoded(text).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
        // Typographic hyphens come from typesetting: no registrant uses them.
        let decoded = decoded.replace(['\u{2010}', '\u{2011}', '\u{2212}'], "-");
        let start = decoded.match_indices("10.").map(|(at, _)| at).find(|&at| {
            let preceded = decoded[..at].chars().next_back().is_some_and(|c| c.is_ascii_digit() || c == '.');
            let digits = decoded[at + 3..].chars().take(MAX_PREFIX).take_while(|c| c.is_ascii_digit() || *c == '.').collect::<String>();
            !preceded && digits.trim_matches('.').len() >= 4 && decoded[at + 3 + digits.len()..].starts_with('/')
        })?;
        let tail: String =
            decoded[start..].chars().take(MAX_DOI).take_while(|c| !c.is_whitespace() && !c.is_control() && *c != '"').collect();
        let mut doi = tail.as_str();
        loop {
            let before = doi.len();
            doi = doi.trim_end_matches(['.', ',', ';', ':', '\'', '}', ']']);
            if doi.ends_with(')') && doi.matches(')').count() > doi.matches('(').count() {
                doi = &doi[..doi.len() - 1];
            }
            if doi.ends_with('>') && doi.matches('>').count() > doi.matches('<').count() {
                doi = &doi[..doi.len() - 1];
            }
            if doi.len() == before {
                break;
            }
        }
        let has_suffix = doi.split_once('/').is_some_and(|(_, suffix)| !suffix.is_empty());
        has_suffix.then(|| Self(doi.to_lowercase()))
    }

    /// Returns the canonical text, for example "10.1016/j.pain.2009.06.023".
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Pmid {
    /// Finds a PubMed identifier: the first run of one to nine digits that stands alone in the text.
    ///
    /// Accepts "19604642", "PUBMED 19604642", "PMID: 19604642". Returns `None` for zero and for longer runs.
    pub fn find(text: &str) -> Option<Self> {
        text.split(|c: char| !c.is_alphanumeric())
            .find(|part| !part.is_empty() && part.len() <= 9 && part.bytes().all(|b| b.is_ascii_digit()))
            .map(|part| part.trim_start_matches('0'))
            .filter(|part| !part.is_empty())
            .map(|part| Self(part.to_owned()))
    }

    /// Returns the digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Returns a text with percent-encoded printable ASCII characters decoded ("%2F" gives "/"); anything else stays.
pub fn percent_decoded(text: &str) -> String {
    let mut decoded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('%') {
        decoded.push_str(&rest[..at]);
        let code = rest.get(at + 1..at + 3).filter(|code| code.bytes().all(|b| b.is_ascii_hexdigit()));
        match code.and_then(|code| u8::from_str_radix(code, 16).ok()).filter(|byte| (0x21..0x7f).contains(byte)) {
            Some(byte) => {
                decoded.push(char::from(byte));
                rest = &rest[at + 3..];
            }
            None => {
                decoded.push('%');
                rest = &rest[at + 1..];
            }
        }
    }
    decoded.push_str(rest);
    decoded
}

/// Finds the numbers of trial registries in a text, in order, each once ("NCT00579085", "ISRCTN12345678", "EUCTR2004-000446-20").
///
/// Knows ClinicalTrials.gov, ISRCTN, EudraCT and EUCTR, ANZCTR, ChiCTR, CTRI, DRKS, IRCT, jRCT, UMIN, KCT, NTR, PACTR, ReBec,
/// SLCTR, TCTR, RPCEC and LBCTR. Registry letters come back in their official form, with separators as printed.
pub fn find_registry_ids(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let bytes = text.as_bytes();
    let is_word = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_alphanumeric);
    let mut at = 0;
    while at < bytes.len() {
        let starts_word = is_word(at) && (at == 0 || !is_word(at - 1));
        let number = if !starts_word {
            None
        } else if bytes[at].is_ascii_digit() {
            eudract_length(&bytes[at..]).map(|length| (length, format!("EUCTR{}", &text[at..at + length])))
        } else {
            registry_number(&text[at..])
        };
        match number {
            Some((length, id)) => {
                if !found.contains(&id) {
                    found.push(id);
                }
                at += length;
            }
            None => at += 1,
        }
    }
    found
}

/// Reads the registry number at the start of a text; returns its length and its canonical form.
fn registry_number(text: &str) -> Option<(usize, String)> {
    /// Official letters, and the least and greatest count of digits that follow.
    const REGISTRIES: [(&str, usize, usize); 18] = [
        ("NCT", 8, 8),
        ("ISRCTN", 8, 8),
        ("ACTRN", 14, 14),
        ("ChiCTR", 8, 10),
        ("CTRI/", 10, 14),
        ("DRKS", 8, 8),
        ("IRCT", 9, 20),
        ("JPRN-", 6, 12),
        ("jRCT", 9, 10),
        ("UMIN", 9, 9),
        ("KCT", 7, 7),
        ("NTR", 3, 5),
        ("PACTR", 15, 16),
        ("SLCTR/", 6, 8),
        ("TCTR", 11, 11),
        ("RPCEC", 8, 8),
        ("LBCTR", 10, 10),
        ("EUCTR", 12, 14),
    ];
    let bytes = text.as_bytes();
    if bytes.len() >= 10 && bytes[..4].eq_ignore_ascii_case(b"RBR-") && bytes[4..10].iter().all(u8::is_ascii_alphanumeric) {
        let length = 4 + bytes[4..].iter().take_while(|b| b.is_ascii_alphanumeric()).count();
        return (length <= 12).then(|| (length, format!("RBR-{}", &text[4..length])));
    }
    REGISTRIES.iter().find_map(|&(letters, least, greatest)| {
        if bytes.len() < letters.len() || !bytes[..letters.len()].eq_ignore_ascii_case(letters.as_bytes()) {
            return None;
        }
        let separator = bytes[letters.len()..].iter().take_while(|b| matches!(b, b' ' | b':' | b'-')).count().min(2);
        let body = letters.len() + separator;
        // Letters inside the number: ChiCTR-TRC-08000001, IRCT2012N1, jRCTs031180001, JPRN-UMIN000001, EUCTR2004-000446-20-GB.
        let length = bytes[body..].iter().take(40).take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'/')).count();
        let number = text[body..body + length].trim_end_matches(['-', '/']);
        let digits = number.bytes().filter(u8::is_ascii_digit).count();
        let has_letters = number.bytes().any(|b| b.is_ascii_alphabetic());
        let may_have_letters = matches!(letters, "ChiCTR" | "IRCT" | "JPRN-" | "jRCT" | "CTRI/" | "EUCTR");
        let is_number = (least..=greatest).contains(&digits) && (may_have_letters || !has_letters) && number.len() <= digits + 10;
        is_number.then(|| {
            let joint = if letters == "ChiCTR" && separator > 0 { "-" } else { "" };
            (body + number.len(), format!("{letters}{joint}{number}"))
        })
    })
}

/// Returns the length of a EudraCT number ("2004-000446-20", optionally with a country) at the start of a text.
fn eudract_length(bytes: &[u8]) -> Option<usize> {
    let digits = |from: usize, to: usize| bytes.get(from..to).is_some_and(|part| part.iter().all(u8::is_ascii_digit));
    let is_number = digits(0, 4) && digits(5, 11) && digits(12, 14) && bytes[4] == b'-' && bytes[11] == b'-';
    let ends = !bytes.get(14).is_some_and(|b| b.is_ascii_alphanumeric());
    let is_year = bytes.starts_with(b"20") || bytes.starts_with(b"19");
    (is_number && ends && is_year).then_some(14)
}

impl std::fmt::Display for Doi {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::fmt::Display for Pmid {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_doi_is_found_with_resolver_label_and_brackets_around_it() {
        for text in [
            "10.1016/J.PAIN.2009.06.023",
            "https://doi.org/10.1016/j.pain.2009.06.023",
            "doi: 10.1016/j.pain.2009.06.023.",
            "10.1016%2Fj.pain.2009.06.023 [doi]",
        ] {
            assert_eq!(Doi::find(text).expect(text).as_str(), "10.1016/j.pain.2009.06.023");
        }
        assert_eq!(Doi::find("(10.1016/0304-3959(92)90127-W)").expect("doi").as_str(), "10.1016/0304-3959(92)90127-w");
    }

    #[test]
    fn text_without_a_doi_gives_none() {
        for text in ["", "10.5", "10.1016", "10.1016/", "version 3.10.2020/5"] {
            assert_eq!(Doi::find(text), None, "{text}");
        }
    }

    #[test]
    fn percent_signs_are_decoded_only_where_they_encode() {
        assert_eq!(percent_decoded("a%2Fb%2fc%28%29"), "a/b/c()");
        for text in ["95% CI", "100%", "%", "%zz", "%é", "%0A", "%1"] {
            assert_eq!(percent_decoded(text), text);
        }
    }

    #[test]
    fn a_doi_with_typographic_hyphens_is_the_plain_one() {
        assert_eq!(Doi::find("10.1186/1745‐6215‐12‐39").expect("doi").as_str(), "10.1186/1745-6215-12-39");
    }

    #[test]
    fn registry_numbers_are_found_in_any_text() {
        let found = find_registry_ids(
            "ClinicalTrials.gov/NCT00579085; nct 01234567, ISRCTN12345678 (EudraCT 2004-000446-20), ACTRN12605000280695, \
             ChiCTR-TRC-08000001, CTRI/2010/091/000212, IRCT2012061510043N1, JPRN-UMIN000001234, NTR1550, RBR-6gvm4q, NCT00579085",
        );
        assert_eq!(
            found,
            [
                "NCT00579085",
                "NCT01234567",
                "ISRCTN12345678",
                "EUCTR2004-000446-20",
                "ACTRN12605000280695",
                "ChiCTR-TRC-08000001",
                "CTRI/2010/091/000212",
                "IRCT2012061510043N1",
                "JPRN-UMIN000001234",
                "NTR1550",
                "RBR-6gvm4q",
            ]
        );
    }

    #[test]
    fn other_numbers_are_no_registry_numbers() {
        for text in
            ["", "NCT123", "XNCT00579085", "NCT005790851", "2004-000446-203", "10.1186/ISRCTN", "é", "CN-00778158", "UMIN é000000001"]
        {
            assert!(find_registry_ids(text).is_empty(), "{text}: {:?}", find_registry_ids(text));
        }
    }

    #[test]
    fn a_pmid_is_found_after_its_label() {
        for text in ["19604642", "PUBMED 19604642", "PMID: 19604642", "019604642"] {
            assert_eq!(Pmid::find(text).expect(text).as_str(), "19604642");
        }
        assert_eq!(Pmid::find("PMC7758557"), None);
        assert_eq!(Pmid::find("1234567890"), None);
        assert_eq!(Pmid::find("0"), None);
    }
}
