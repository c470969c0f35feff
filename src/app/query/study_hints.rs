//! Which reports may be about one study: hints, each with its reasons; a person decides.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::domain::identifier::find_registry_ids;
use crate::domain::ids::RecordId;
use crate::domain::record::Citation;
use crate::domain::state::RecordIndex;
use crate::domain::text::fold;

use super::super::error::Result;
use super::super::workspace::Workspace;

/// From this weight on a hint is given: a registry number alone, or two kinds of weaker evidence.
const LEAST_WEIGHT: u32 = 3;
/// Sample sizes below this are too common to say anything.
const LEAST_SAMPLE: u32 = 8;
/// Words that stand in most titles of trials.
const COMMON: [&str; 24] = [
    "a",
    "an",
    "and",
    "of",
    "the",
    "in",
    "on",
    "for",
    "with",
    "to",
    "by",
    "from",
    "versus",
    "vs",
    "at",
    "or",
    "randomized",
    "randomised",
    "controlled",
    "trial",
    "study",
    "double",
    "blind",
    "placebo",
];

/// A report without a study that may belong to one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StudyHint {
    /// The report.
    pub report: RecordId,
    /// Its title.
    pub title: String,
    /// The label of the study to which the other report belongs; `None` where that one has no study either.
    pub study: Option<String>,
    /// The report that it is like.
    pub other: RecordId,
    /// The title of that report.
    pub other_title: String,
    /// What speaks for it, strongest first ("both name NCT00579085").
    pub why: Vec<String>,
    /// How much speaks for it; only for ordering hints.
    pub weight: u32,
}

/// What is compared of a report.
struct Compared {
    report: RecordId,
    citation: Citation,
    study: Option<String>,
    registry: BTreeSet<String>,
    authors: Vec<String>,
    words: BTreeSet<String>,
    samples: BTreeSet<u32>,
}

impl Workspace {
    /// Returns hints for included reports without a study: the strongest first for each report, reports in the order of import.
    ///
    /// # Errors
    /// [`super::super::error::Error`] where the file cannot be read.
    pub fn study_hints(&self) -> Result<Vec<StudyHint>> {
        let open: Vec<Compared> =
            self.state.reports_without_study().into_iter().map(|unit| self.compared(unit, None)).collect::<Result<_>>()?;
        let mut placed = Vec::new();
        for study in self.state.studies() {
            for unit in &study.reports {
                placed.push(self.compared(*unit, Some(study.label.clone()))?);
            }
        }
        let mut hints = Vec::new();
        for (at, one) in open.iter().enumerate() {
            let others = placed.iter().chain(open.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, other)| other));
            let mut own: Vec<StudyHint> = others.filter_map(|other| hint(one, other)).collect();
            own.sort_by(|a, b| b.weight.cmp(&a.weight).then_with(|| a.study.is_none().cmp(&b.study.is_none())));
            // One hint for each study: its report that is most alike.
            let mut seen = BTreeSet::new();
            own.retain(|hint| hint.study.as_ref().is_none_or(|study| seen.insert(study.clone())));
            hints.extend(own);
        }
        Ok(hints)
    }

    fn compared(&self, unit: RecordIndex, study: Option<String>) -> Result<Compared> {
        let report = self.state.record_id(unit);
        let citation = self.card(report)?.citation;
        Ok(Compared::new(report, citation, study))
    }
}

impl Compared {
    fn new(report: RecordId, citation: Citation, study: Option<String>) -> Self {
        let text = citation.abstract_text.as_deref().unwrap_or_default();
        let registry = citation.registry_ids.iter().cloned().chain(find_registry_ids(text)).collect();
        let authors = citation.authors.iter().map(|author| {
            let initial = author.initials().chars().next().map(String::from).unwrap_or_default();
            format!("{} {}", fold(&author.family), initial.to_lowercase())
        });
        let words = fold(&citation.title).split(|c: char| !c.is_alphanumeric()).map(str::to_owned).collect::<BTreeSet<_>>();
        Self {
            report,
            registry,
            authors: authors.collect(),
            words: words.into_iter().filter(|word| word.len() > 1 && !COMMON.contains(&word.as_str())).collect(),
            samples: samples_in(text),
            study,
            citation,
        }
    }
}

/// Weighs two reports; `None` where too little speaks for one study.
fn hint(one: &Compared, other: &Compared) -> Option<StudyHint> {
    let mut evidence: Vec<(u32, String)> = Vec::new();
    if let Some(number) = one.registry.intersection(&other.registry).next() {
        evidence.push((4, format!("both name {number}")));
    }
    let shared: Vec<&String> = one.authors.iter().filter(|author| other.authors.contains(author)).collect();
    let is_first = one.authors.first().is_some_and(|first| other.authors.first() == Some(first));
    let first = one.citation.authors.first().map(|author| author.family.clone()).unwrap_or_default();
    match (is_first, shared.len()) {
        (true, number) if number > 1 => evidence.push((2, format!("first author {first} and {} shared", more_authors(number - 1)))),
        (true, _) => evidence.push((1, format!("same first author {first}"))),
        (false, number) if number > 1 => evidence.push((1, format!("{number} shared authors"))),
        _ => {}
    }
    let (common, all) = (one.words.intersection(&other.words).count(), one.words.union(&other.words).count());
    let percent = (100 * common).checked_div(all).unwrap_or(0);
    if common >= 3 && percent >= 35 {
        evidence.push((if percent >= 60 { 2 } else { 1 }, format!("titles share {common} of {all} words")));
    }
    if let Some(number) = one.samples.intersection(&other.samples).max() {
        evidence.push((1, format!("both abstracts speak of {number} people")));
    }
    if let (Some(year), Some(other)) = (one.citation.year, other.citation.year)
        && !evidence.is_empty()
        && (year - other).abs() <= 2
    {
        evidence.push((1, if year == other { format!("both of {year}") } else { format!("of {year} and {other}") }));
    }
    let weight = evidence.iter().map(|(weight, _)| weight).sum();
    // Year and one other sign stand beside each other in many reports that have nothing to do with each other.
    if weight < LEAST_WEIGHT || (evidence.len() < 3 && !evidence.iter().any(|(weight, _)| *weight >= 2)) {
        return None;
    }
    evidence.sort_by_key(|(weight, _)| std::cmp::Reverse(*weight));
    Some(StudyHint {
        report: one.report,
        title: one.citation.title.clone(),
        study: other.study.clone(),
        other: other.report,
        other_title: other.citation.title.clone(),
        why: evidence.into_iter().map(|(_, why)| why).collect(),
        weight,
    })
}

fn more_authors(number: usize) -> String {
    if number == 1 { "another author".to_owned() } else { format!("{number} other authors") }
}

/// Finds the numbers of people of which an abstract speaks: "60 patients", "120 healthy volunteers", "n = 60".
fn samples_in(text: &str) -> BTreeSet<u32> {
    const PEOPLE: [&str; 9] = ["patients", "participants", "subjects", "volunteers", "women", "men", "adults", "children", "people"];
    let words: Vec<String> = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase).collect();
    let mut found = BTreeSet::new();
    for (at, word) in words.iter().enumerate() {
        let Ok(number) = word.parse::<u32>() else { continue };
        let is_followed =
            words[at + 1..].iter().take(3).take_while(|next| next.parse::<u32>().is_err()).any(|next| PEOPLE.contains(&next.as_str()));
        let is_n = at > 0 && words[at - 1] == "n";
        if (is_followed || is_n) && (LEAST_SAMPLE..100_000).contains(&number) {
            found.insert(number);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::author::Author;

    fn report(number: u8, title: &str, authors: &[(&str, &str)], year: i32, text: &str, study: Option<&str>) -> Compared {
        let citation = Citation {
            title: title.to_owned(),
            authors: authors.iter().map(|(family, given)| Author::new(*family, Some(given))).collect(),
            year: Some(year),
            abstract_text: Some(text.to_owned()),
            ..Citation::default()
        };
        Compared::new(format!("6nabkwt35c{number:02}").parse().expect("a record"), citation, study.map(str::to_owned))
    }

    const TEAM: &[(&str, &str)] = &[("Sigtermans", "Marnix J"), ("van Hilten", "JJ"), ("Dahan", "Albert")];

    #[test]
    fn a_shared_registry_number_is_enough() {
        let one = report(1, "Ketamine in pain", &[("Alpha", "A")], 2009, "Registered as NCT00579085.", None);
        let other = report(2, "Follow-up at ten years", &[("Beta", "B")], 2019, "Trial registration: nct 00579085", Some("Alpha 2009"));
        let found = hint(&one, &other).expect("a hint");
        assert_eq!((found.study.as_deref(), found.why.join("; ").as_str()), (Some("Alpha 2009"), "both name NCT00579085"));
    }

    #[test]
    fn authors_and_sample_together_are_a_hint_and_say_why() {
        let one = report(1, "Motor function after ketamine", TEAM, 2011, "Sixty (n = 60) were randomised.", None);
        let initials = &[("Sigtermans", "M.J."), ("Dahan", "A")];
        let other = report(2, "Long-term pain relief", initials, 2009, "We treated 60 patients.", Some("Sigtermans 2009"));
        let found = hint(&one, &other).expect("a hint");
        let why = "first author Sigtermans and another author shared; both abstracts speak of 60 people; of 2011 and 2009";
        assert_eq!(found.why.join("; "), why);
    }

    #[test]
    fn one_weak_sign_is_no_hint() {
        let one = report(1, "Ketamine in pain", &[("Smith", "J")], 2009, "", None);
        for other in [
            report(2, "Lidocaine for headache", &[("Smith", "J")], 2010, "", None),
            report(3, "Opioids", &[("Other", "B")], 2009, "60 patients", None),
            report(4, "A randomised controlled trial", &[("Other", "B")], 2009, "", None),
        ] {
            assert_eq!(hint(&one, &other), None, "{}", other.citation.title);
        }
        assert_eq!(hint(&report(1, "", &[], 2009, "", None), &report(2, "", &[], 2009, "", None)), None, "nothing to compare");
    }

    #[test]
    fn people_are_counted_where_people_are_meant() {
        let found = samples_in("In 2009, 120 healthy volunteers and 60 patients (n=30 each) got 10 mg/kg; 5 men.");
        assert_eq!(found.into_iter().collect::<Vec<_>>(), [30, 60, 120]);
    }
}
