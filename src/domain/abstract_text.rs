//! The parts of an abstract: paragraphs, and the headings of structured abstracts, whether they begin a paragraph or run in the text.

/// One part of an abstract.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Section<'a> {
    /// The heading with its mark ("METHODS:"); `None` for text without one.
    pub heading: Option<&'a str>,
    /// The text behind the heading, trimmed.
    pub text: &'a str,
    /// Whether the part begins a paragraph of the text, or was set apart by its heading alone.
    pub begins_paragraph: bool,
}

/// The longest heading, in bytes.
const LONGEST_HEADING: usize = 60;

/// Headings of structured abstracts, in small letters; longer ones before those that they begin with.
const KNOWN: [&str; 72] = [
    "aim of the study",
    "aims and objectives",
    "aims",
    "aim",
    "authors' conclusions",
    "background and aims",
    "background and objectives",
    "background and objective",
    "background and purpose",
    "background",
    "clinical relevance",
    "clinical trial registration",
    "conclusions and relevance",
    "conclusions",
    "conclusion",
    "context",
    "data collection and analysis",
    "data extraction",
    "data sources",
    "data synthesis",
    "design and setting",
    "design",
    "discussion",
    "eligibility criteria",
    "ethics and dissemination",
    "exposures",
    "exposure",
    "findings",
    "funding",
    "implications",
    "importance",
    "interpretation",
    "interventions",
    "intervention",
    "introduction",
    "limitations",
    "main outcome measures",
    "main outcome measure",
    "main outcomes and measures",
    "main results",
    "materials and methods",
    "material and methods",
    "measurements and main results",
    "measurements",
    "method and analysis",
    "methods and analysis",
    "methods and findings",
    "methods and results",
    "methods",
    "method",
    "objectives",
    "objective",
    "outcome measures",
    "outcomes",
    "participants",
    "patients and methods",
    "patients",
    "primary outcome",
    "purpose",
    "rationale",
    "registration",
    "results and conclusions",
    "results",
    "result",
    "search methods",
    "search strategy",
    "selection criteria",
    "setting",
    "significance",
    "study design",
    "subjects",
    "trial registration",
];

/// Divides an abstract into its parts, in order; nothing but white space is lost. An empty text has none.
pub fn sections(text: &str) -> Vec<Section<'_>> {
    text.split('\n').map(str::trim).filter(|paragraph| !paragraph.is_empty()).flat_map(of_paragraph).collect()
}

fn of_paragraph(paragraph: &str) -> Vec<Section<'_>> {
    let mut starts: Vec<(usize, usize)> = Vec::new();
    let mut before: Option<char> = None;
    let mut has_space = true;
    for (at, letter) in paragraph.char_indices() {
        let is_place = before.is_none() || matches!(before, Some('.' | '!' | '?' | ')' | ']' | ';'));
        if is_place && letter.is_uppercase() && starts.last().is_none_or(|(start, length)| at >= start + length) {
            let place = Place { is_first: before.is_none(), has_space };
            starts.extend(heading_at(&paragraph[at..], place).map(|length| (at, length)));
        }
        if letter.is_whitespace() {
            has_space = true;
        } else {
            (before, has_space) = (Some(letter), false);
        }
    }
    let first = starts.first().map_or(paragraph.len(), |(at, _)| *at);
    let mut parts = Vec::new();
    if first > 0 {
        parts.push(Section { heading: None, text: paragraph[..first].trim(), begins_paragraph: true });
    }
    for (number, (at, length)) in starts.iter().enumerate() {
        let end = starts.get(number + 1).map_or(paragraph.len(), |(next, _)| *next);
        let (heading, text) = paragraph[*at..end].split_at(*length);
        parts.push(Section { heading: Some(heading.trim()), text: text.trim(), begins_paragraph: *at == 0 });
    }
    parts
}

/// Where a heading may stand.
#[derive(Clone, Copy)]
struct Place {
    /// At the beginning of a paragraph.
    is_first: bool,
    /// Behind white space, not right behind the end of a sentence.
    has_space: bool,
}

/// Returns the length of the heading with which a text begins, its mark included.
fn heading_at(text: &str, place: Place) -> Option<usize> {
    let end = text.char_indices().map(|(at, _)| at).find(|at| *at > LONGEST_HEADING).unwrap_or(text.len());
    let head = &text[..end];
    if let Some((at, mark)) = head.char_indices().find(|(_, c)| matches!(c, ':' | '.' | '\u{2013}' | '\u{2014}')) {
        let label = head[..at].trim_end();
        let is_capitals = !label.chars().any(char::is_lowercase);
        let behind = text[at + mark.len_utf8()..].chars().next();
        let fits = match mark {
            ':' => is_known(label) || (place.is_first && is_capitals && is_label(label)),
            '.' => is_known(label) && behind.is_none_or(char::is_whitespace),
            _ => is_known(label),
        };
        if fits && (place.has_space || is_capitals) {
            return Some(at + mark.len_utf8());
        }
    }
    bare_heading(text)
}

/// Returns the length of a known heading in capitals without a mark ("METHODS We ..."): an ordinary word has to follow.
fn bare_heading(text: &str) -> Option<usize> {
    let found = KNOWN.iter().find(|known| {
        text.get(..known.len()).is_some_and(|head| head.eq_ignore_ascii_case(known) && !head.chars().any(char::is_lowercase))
    })?;
    let rest = text[found.len()..].strip_prefix(' ')?;
    let next = rest.split_whitespace().next()?;
    let letters = next.chars().filter(|c| c.is_alphabetic()).count();
    let is_ordinary =
        next.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit()) && (letters < 2 || next.chars().any(char::is_lowercase));
    is_ordinary.then_some(found.len())
}

fn is_label(label: &str) -> bool {
    label.chars().filter(|c| c.is_alphabetic()).count() >= 3
        && label.chars().all(|c| c.is_alphabetic() || c.is_whitespace() || matches!(c, '&' | '/' | ',' | '\'' | '’' | '-' | '(' | ')'))
}

fn is_known(label: &str) -> bool {
    let label = label.to_lowercase().replace('&', "and").replace('’', "'").replace('/', " and ");
    let label = label.split_whitespace().collect::<Vec<_>>().join(" ");
    KNOWN.contains(&label.as_str())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn parts(text: &str) -> Vec<(Option<&str>, &str)> {
        sections(text).into_iter().map(|part| (part.heading, part.text)).collect()
    }

    #[test]
    fn headings_at_paragraphs_and_in_the_text_are_found() {
        let text = "BACKGROUND: Pain is hard. METHODS: Sixty patients (RCT: no). Results: Less.CONCLUSIONS: Safe.\nFUNDING: None.";
        assert_eq!(
            parts(text),
            [
                (Some("BACKGROUND:"), "Pain is hard."),
                (Some("METHODS:"), "Sixty patients (RCT: no)."),
                (Some("Results:"), "Less."),
                (Some("CONCLUSIONS:"), "Safe."),
                (Some("FUNDING:"), "None."),
            ]
        );
        let begins: Vec<bool> = sections(text).iter().map(|part| part.begins_paragraph).collect();
        assert_eq!(begins, [true, false, false, false, true]);
    }

    #[test]
    fn headings_without_a_colon_and_with_dashes_are_found() {
        assert_eq!(
            parts("OBJECTIVE To compare. MATERIALS AND METHODS We gave 5 mg. Conclusions\u{2014}It works. Discussion. More."),
            [
                (Some("OBJECTIVE"), "To compare."),
                (Some("MATERIALS AND METHODS"), "We gave 5 mg."),
                (Some("Conclusions\u{2014}"), "It works."),
                (Some("Discussion."), "More."),
            ]
        );
        assert_eq!(parts("Main Outcome Measures: Pain at rest.")[0].0, Some("Main Outcome Measures:"));
        assert_eq!(parts("Methods & Results: None.")[0].0, Some("Methods & Results:"));
    }

    #[test]
    fn ordinary_sentences_are_left_whole() {
        for text in [
            "We report results: pain fell. The design was simple: two arms.",
            "Patients were old. Results of both arms differ. Methods matter.",
            "Note: this has no headings. RCTs: two. METHODS",
            "TENS: a method.".trim_end_matches(": a method."),
            "בשיטה: כאב. 方法：六十。",
        ] {
            assert_eq!(parts(text), [(None, text)], "{text}");
        }
        assert_eq!(parts("TENS: is a method.")[0].0, Some("TENS:"), "capitals at the beginning of a paragraph are taken for a heading");
        assert_eq!(parts(" \n \n"), []);
    }

    proptest! {
        #[test]
        fn nothing_but_white_space_is_lost(text in "(BACKGROUND|Methods|RESULTS|[a-zA-Zé慢 .:—]){0,30}") {
            let squeeze = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
            let joined: String = sections(&text).iter().map(|part| part.heading.unwrap_or_default().to_owned() + part.text).collect();
            prop_assert_eq!(squeeze(&joined), squeeze(&text));
        }
    }
}
