//! Trial registry numbers in text, and journals that are registries.

/// Finds registry numbers ("NCT00579085", "SLCTR/2008/017") and returns them in lower case without signs.
pub(crate) fn numbers(text: &str) -> Vec<Box<str>> {
    text.split(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | '[' | ']' | ',' | ';' | '=' | '?' | '&' | '|'))
        .filter_map(|part| {
            let lower = part.to_ascii_lowercase();
            let at = PREFIXES.iter().filter_map(|prefix| lower.find(prefix)).min()?;
            let number: String = lower[at..].chars().filter(char::is_ascii_alphanumeric).collect();
            let digits = number.bytes().filter(u8::is_ascii_digit).count();
            (digits >= 3 && number.len() <= 40).then(|| number.into())
        })
        .collect()
}

/// Tells whether a folded journal name or address is that of a trial registry.
pub(crate) fn names_registry(folded: &str) -> bool {
    [
        "trialsearch",
        "clinicaltrials gov",
        "clinical trials gov",
        "clinicaltrialsregister",
        "isrctn",
        "anzctr",
        "chictr",
        "controlled trials com",
    ]
    .iter()
    .any(|name| folded.contains(name))
}

const PREFIXES: [&str; 19] = [
    "nct", "isrctn", "actrn", "euctr", "chictr", "ctri", "irct", "jprn", "umin", "jrct", "slctr", "drks", "ntr", "kct", "rbr-", "pactr",
    "tctr", "rpcec", "per-",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn registry_numbers_are_found_in_addresses() {
        let address = "http://www.who.int/trialsearch/Trial2.aspx?TrialID=SLCTR/2008/017";
        assert_eq!(numbers(address), vec![Box::from("slctr2008017")]);
        assert_eq!(numbers("NCT00579085, ISRCTN12345678"), vec![Box::from("nct00579085"), Box::from("isrctn12345678")]);
        assert!(numbers("percutaneous intervention").is_empty());
        assert!(names_registry(&super::super::text::fold_words(address)));
    }
}
