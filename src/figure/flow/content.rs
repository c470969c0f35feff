//! The words in the boxes of the flow diagram, as the PRISMA 2020 statement has them.

use super::{Count, FlowModel, Included, OtherMethods, Reports};
use crate::figure::number;

/// A line of a box, before wrapping.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Words; the number is held together by no-break spaces.
    pub text: String,
    /// Steps of indentation.
    pub indent: usize,
}

/// The lines of a box.
pub type BoxText = Vec<Line>;

/// All boxes of a diagram.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content {
    /// Heading and box of the previous version.
    pub previous: Option<(String, BoxText)>,
    /// Heading over databases and registers.
    pub heading: String,
    /// Records identified from databases and registers.
    pub identified: BoxText,
    /// Records removed before screening.
    pub removed: BoxText,
    /// Records screened.
    pub screened: BoxText,
    /// Records excluded.
    pub excluded: BoxText,
    /// Reports from databases and registers.
    pub reports: Method,
    /// Heading, records identified, and reports of other methods.
    pub other: Option<(String, BoxText, Method)>,
    /// Boxes at the bottom, from top to bottom: included, total, meta-analysis.
    pub included: Vec<BoxText>,
    /// Index in `included` of the box that the previous studies join, when there is one.
    pub total: Option<usize>,
}

/// Boxes of reports, from sought to excluded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Method {
    /// Reports sought for retrieval.
    pub sought: BoxText,
    /// Reports not retrieved.
    pub not_retrieved: BoxText,
    /// Reports assessed for eligibility.
    pub assessed: BoxText,
    /// Reports excluded, by reason.
    pub excluded: BoxText,
}

/// Names of the three phases, at the left edge.
pub const PHASES: [&str; 3] = ["Identification", "Screening", "Included"];

impl Content {
    /// Puts the counts into words.
    pub fn new(model: &FlowModel) -> Self {
        let is_update = model.previous.is_some();
        let studies = if is_update { "new studies" } else { "studies" };
        let mut included = vec![if is_update {
            included_box("New studies included in review", "Reports of new included studies", model.included)
        } else {
            included_box("Studies included in review", "Reports of included studies", model.included)
        }];
        let total = model.total.map(|total| {
            included.push(included_box("Total studies included in review", "Reports of total included studies", total));
            included.len() - 1
        });
        if let Some(pooled) = model.meta_analysis {
            included.push(included_box("Studies included in meta-analysis", "Reports of studies included in meta-analysis", pooled));
        }
        Self {
            previous: model.previous.map(|previous| {
                let words = ["Studies included in previous version of review", "Reports of studies included in previous version of review"];
                ("Previous studies".to_owned(), included_box(words[0], words[1], previous))
            }),
            heading: format!("Identification of {studies} via databases and registers"),
            identified: identified(model),
            removed: removed(model),
            screened: head_and_number("Records screened", model.screened),
            excluded: excluded(model),
            reports: reports(&model.reports),
            other: model.other.as_ref().filter(|other| other.has_numbers()).map(|other| {
                let heading = format!("Identification of {studies} via other methods");
                (heading, identified_elsewhere(other), reports(&other.reports))
            }),
            included,
            total,
        }
    }
}

/// Returns `(n = 1,234)`, unbreakable.
fn n(count: u64) -> String {
    format!("(n\u{a0}=\u{a0}{})", number::count(count))
}

fn line(indent: usize, text: impl Into<String>) -> Line {
    Line { text: text.into(), indent }
}

fn counted(indent: usize, words: &str, count: u64) -> Line {
    line(indent, format!("{words} {}", n(count)))
}

fn head_and_number(words: &str, count: u64) -> BoxText {
    vec![line(0, words), line(0, n(count))]
}

fn identified(model: &FlowModel) -> BoxText {
    let mut lines = vec![line(0, "Records identified from:"), counted(1, "Databases", model.databases)];
    lines.extend(model.database_sources.iter().map(|source| counted(2, &source.label, source.n)));
    if let Some(registers) = model.registers {
        lines.push(counted(1, "Registers", registers));
        lines.extend(model.register_sources.iter().map(|source| counted(2, &source.label, source.n)));
    }
    lines
}

fn removed(model: &FlowModel) -> BoxText {
    let mut lines = vec![line(0, "Records removed before screening:"), counted(1, "Duplicate records removed", model.duplicates)];
    lines.extend(model.automation.map(|count| counted(1, "Records marked as ineligible by automation tools", count)));
    lines.extend(model.other_reasons.map(|count| counted(1, "Records removed for other reasons", count)));
    lines
}

fn excluded(model: &FlowModel) -> BoxText {
    let mut lines = head_and_number("Records excluded", model.excluded);
    if let Some(by) = model.excluded_by {
        lines.push(counted(1, "by a human", by.human));
        lines.push(counted(1, "by automation tools", by.automation));
    }
    lines
}

fn identified_elsewhere(other: &OtherMethods) -> BoxText {
    let mut lines = vec![line(0, "Records identified from:")];
    for (words, count) in [("Websites", other.websites), ("Organisations", other.organisations), ("Citation searching", other.citations)] {
        lines.extend(count.map(|count| counted(1, words, count)));
    }
    lines.extend(other.further.iter().map(|method| counted(1, &method.label, method.n)));
    lines
}

fn reports(reports: &Reports) -> Method {
    Method {
        sought: head_and_number("Reports sought for retrieval", reports.sought),
        not_retrieved: head_and_number("Reports not retrieved", reports.not_retrieved),
        assessed: head_and_number("Reports assessed for eligibility", reports.assessed),
        excluded: reasons(&reports.excluded),
    }
}

fn reasons(excluded: &[Count]) -> BoxText {
    if excluded.is_empty() {
        return head_and_number("Reports excluded", 0);
    }
    let mut lines = vec![line(0, "Reports excluded:")];
    lines.extend(excluded.iter().map(|reason| counted(1, &reason.label, reason.n)));
    lines
}

fn included_box(studies: &str, reports: &str, included: Included) -> BoxText {
    let mut lines = head_and_number(studies, included.studies);
    if let Some(count) = included.reports {
        lines.extend(head_and_number(reports, count));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &BoxText) -> Vec<String> {
        text.iter().map(|line| line.text.replace('\u{a0}', " ")).collect()
    }

    #[test]
    fn boxes_have_the_words_of_the_statement() {
        let model = FlowModel {
            databases: 1392,
            registers: Some(34),
            duplicates: 59,
            automation: Some(0),
            other_reasons: Some(2),
            reports: Reports { excluded: vec![Count::new("Wrong comparator", 5)], ..Reports::default() },
            included: Included { studies: 7, reports: Some(9) },
            ..FlowModel::default()
        };
        let content = Content::new(&model);
        assert_eq!(content.heading, "Identification of studies via databases and registers");
        assert_eq!(words(&content.identified), ["Records identified from:", "Databases (n = 1,392)", "Registers (n = 34)"]);
        let removed = [
            "Records removed before screening:",
            "Duplicate records removed (n = 59)",
            "Records marked as ineligible by automation tools (n = 0)",
            "Records removed for other reasons (n = 2)",
        ];
        assert_eq!(words(&content.removed), removed);
        assert_eq!(words(&content.reports.excluded), ["Reports excluded:", "Wrong comparator (n = 5)"]);
        let included = ["Studies included in review", "(n = 7)", "Reports of included studies", "(n = 9)"];
        assert_eq!(words(&content.included[0]), included);
        assert_eq!(content.other, None);
    }

    #[test]
    fn the_column_of_other_methods_needs_numbers() {
        let mut model = FlowModel { other: Some(OtherMethods { citations: Some(0), ..OtherMethods::default() }), ..FlowModel::default() };
        assert_eq!(Content::new(&model).other, None);
        model.other = Some(OtherMethods { citations: Some(6), websites: Some(0), ..OtherMethods::default() });
        let (heading, identified, _) = Content::new(&model).other.unwrap();
        assert_eq!(heading, "Identification of studies via other methods");
        assert_eq!(words(&identified), ["Records identified from:", "Websites (n = 0)", "Citation searching (n = 6)"]);
    }

    #[test]
    fn an_update_speaks_of_new_studies_and_totals() {
        let some = Included { studies: 3, reports: Some(4) };
        let model = FlowModel { previous: Some(some), total: Some(some), meta_analysis: Some(some), ..FlowModel::default() };
        let content = Content::new(&model);
        assert_eq!(content.heading, "Identification of new studies via databases and registers");
        assert_eq!(content.included.len(), 3);
        assert_eq!(content.total, Some(1));
        assert_eq!(words(&content.included[0])[0], "New studies included in review");
        assert_eq!(words(&content.previous.unwrap().1)[0], "Studies included in previous version of review");
    }
}
