//! Where a record can be read on the web, and how it is cited in one line.

use super::record::Citation;

/// The longest address that is opened.
const LONGEST_URL: usize = 2000;
/// The most addresses of one record.
const MOST_LINKS: usize = 8;

/// A place on the web that belongs to a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordLink {
    /// What it is ("DOI", "PubMed").
    pub label: &'static str,
    /// The address; see [`is_safe_url`].
    pub url: String,
}

/// Returns the places of a record, the most certain first: DOI, PubMed, PubMed Central, trial registries, addresses in the record.
///
/// Every address passes [`is_safe_url`]; others are left out. A record without any gives an empty list.
pub fn links(citation: &Citation) -> Vec<RecordLink> {
    let mut links: Vec<RecordLink> = Vec::new();
    let mut add = |label, url: String| {
        if is_safe_url(&url) && links.len() < MOST_LINKS && !links.iter().any(|known| known.url == url) {
            links.push(RecordLink { label, url });
        }
    };
    if let Some(doi) = &citation.doi {
        add("DOI", format!("https://doi.org/{}", encoded(doi.as_str())));
    }
    if let Some(pmid) = &citation.pmid {
        add("PubMed", format!("https://pubmed.ncbi.nlm.nih.gov/{}/", encoded(pmid.as_str())));
    }
    if let Some(pmcid) = &citation.pmcid {
        add("PubMed Central", format!("https://pmc.ncbi.nlm.nih.gov/articles/{}/", encoded(pmcid)));
    }
    for number in &citation.registry_ids {
        if number.starts_with("NCT") {
            add("ClinicalTrials.gov", format!("https://clinicaltrials.gov/study/{}", encoded(number)));
        } else if number.starts_with("ISRCTN") {
            add("ISRCTN", format!("https://www.isrctn.com/{}", encoded(number)));
        }
    }
    for url in &citation.urls {
        add("Link in the record", url.trim().to_owned());
    }
    links
}

/// Tells whether an address may be handed to a browser: http or https, a host of letters, digits, dots and hyphens, and nothing in it
/// but printable ASCII without quotation marks, brackets or backslashes; no name or password before the host.
pub fn is_safe_url(url: &str) -> bool {
    let lower = url.to_ascii_lowercase();
    let Some(rest) = lower.strip_prefix("https://").or_else(|| lower.strip_prefix("http://")) else { return false };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let (host, port) = authority.split_once(':').unwrap_or((authority, "80"));
    let is_host =
        host.contains('.') && !host.starts_with(['.', '-']) && host.chars().all(|c| c.is_ascii_alphanumeric() || c == '.' || c == '-');
    let is_port = !port.is_empty() && port.len() <= 5 && port.chars().all(|c| c.is_ascii_digit());
    let is_plain = url.chars().all(|c| c.is_ascii_graphic() && !matches!(c, '"' | '\'' | '`' | '<' | '>' | '\\' | '^' | '{' | '|' | '}'));
    is_host && is_port && is_plain && url.len() <= LONGEST_URL
}

/// Writes the letters of a path: whatever is not plain is percent-encoded, slashes stay.
fn encoded(text: &str) -> String {
    let mut path = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/:()".contains(&byte) {
            path.push(char::from(byte));
        } else {
            path.push_str(&format!("%{byte:02X}"));
        }
    }
    path
}

/// Returns the reference as one line in the manner of medical journals, with DOI and PMID; up to six authors by name.
pub fn reference(citation: &Citation) -> String {
    let mut parts: Vec<String> = Vec::new();
    let names: Vec<String> =
        citation.authors.iter().take(6).map(|author| format!("{} {}", author.family, author.initials()).trim_end().to_owned()).collect();
    if !names.is_empty() {
        parts.push(names.join(", ") + if citation.authors.len() > 6 { ", et al" } else { "" });
    }
    parts.push(citation.title.clone());
    parts.extend(citation.journal.clone().or_else(|| citation.journal_abbreviation.clone()));
    let mut issue = citation.year.map(|year| year.to_string()).unwrap_or_default();
    if let Some(volume) = &citation.volume {
        issue.push_str(&format!(";{volume}"));
    }
    if let Some(number) = &citation.issue {
        issue.push_str(&format!("({number})"));
    }
    match (&citation.start_page, &citation.end_page) {
        (Some(start), Some(end)) if start != end => issue.push_str(&format!(":{start}-{end}")),
        (Some(start), _) => issue.push_str(&format!(":{start}")),
        _ => {}
    }
    parts.push(issue);
    parts.extend(citation.doi.as_ref().map(|doi| format!("doi:{doi}")));
    parts.extend(citation.pmid.as_ref().map(|pmid| format!("PMID:{pmid}")));
    parts.retain(|part| !part.trim().is_empty());
    parts.iter().map(|part| part.trim_end_matches('.')).collect::<Vec<_>>().join(". ") + "."
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::author::Author;
    use crate::domain::identifier::{Doi, Pmid};

    #[test]
    fn links_lead_to_doi_pubmed_registry_and_the_records_own() {
        let citation = Citation {
            doi: Doi::find("10.1002/(SICI)1097-4571<1::AID>3.0.CO;2-#"),
            pmid: Pmid::find("19604642"),
            registry_ids: vec!["NCT00579085".to_owned(), "EUCTR 1".to_owned()],
            urls: vec!["javascript:alert(1)".to_owned(), "http://example.org/a?b=c".to_owned(), "http://example.org/a?b=c".to_owned()],
            ..Citation::default()
        };
        let found = links(&citation);
        assert!(found[0].url.starts_with("https://doi.org/10.1002/(") && is_safe_url(&found[0].url), "{}", found[0].url);
        let rest: Vec<(&str, &str)> = found[1..].iter().map(|link| (link.label, link.url.as_str())).collect();
        assert_eq!(
            rest,
            [
                ("PubMed", "https://pubmed.ncbi.nlm.nih.gov/19604642/"),
                ("ClinicalTrials.gov", "https://clinicaltrials.gov/study/NCT00579085"),
                ("Link in the record", "http://example.org/a?b=c"),
            ]
        );
        assert_eq!(links(&Citation::default()), []);
    }

    #[test]
    fn only_plain_web_addresses_are_opened() {
        for url in ["https://doi.org/10.1/x", "http://example.org", "https://a-b.example.org:8080/p?q=1#r", "HTTPS://EXAMPLE.ORG/"] {
            assert!(is_safe_url(url), "{url}");
        }
        let long = format!("https://example.org/{}", "x".repeat(LONGEST_URL));
        for url in [
            "file:///etc/passwd",
            "javascript:alert(1)",
            "-https://example.org",
            "https://",
            "https://localhost/",
            "https://user@example.org/",
            "https://user:pw@example.org/",
            "https://example.org/a b",
            "https://example.org/\u{1b}]0;x",
            "https://exämple.org/",
            "https://example.org/$(x)`y`",
            "https://example.org/\"",
            "https://example.org:/",
            "https://.org/",
            "example.org",
            &long,
        ] {
            assert!(!is_safe_url(url), "{url}");
        }
    }

    #[test]
    fn a_reference_says_what_is_known() {
        let citation = Citation {
            title: "Pain relief".to_owned(),
            authors: vec![Author::new("Sigtermans", Some("Marnix J"))],
            journal: Some("Pain".to_owned()),
            year: Some(2009),
            volume: Some("145".to_owned()),
            start_page: Some("304".to_owned()),
            end_page: Some("311".to_owned()),
            pmid: Pmid::find("19604642"),
            ..Citation::default()
        };
        assert_eq!(reference(&citation), "Sigtermans MJ. Pain relief. Pain. 2009;145:304-311. PMID:19604642.");
        assert_eq!(reference(&Citation { title: "Alone?".to_owned(), ..Citation::default() }), "Alone?.");
    }
}
