//! How far two extractors agree, field by field, whatever is settled or typed afterwards.

use super::*;
use crate::app::query::FieldAgreement;

const FIELDS: &str = r#"fields = [
  { section = "methods", id = "design", type = "choice", options = ["parallel", "crossover"] },
  { section = "methods", id = "start", type = "date", precision = "month" },
  { section = "arms", scope = "arm", id = "dose", type = "decimal", units = ["mg", "g", "mg/kg"] },
]"#;

fn study() -> StudyId {
    StudyId::from("alpha-2001")
}

fn hand_in(review: &mut Workspace, person: &str, cells: &[(&str, &str)]) {
    act(review, person);
    let entry = |(path, raw): &(&str, &str)| CellEntry { path: (*path).to_owned(), ..cell("drug.n", raw) };
    review.run(Request::SetCells(cells.iter().map(entry).collect())).expect("typed");
    review.run(Request::SubmitDraft(study())).expect("handed in");
}

fn drafted() -> Workspace {
    let mut review = review(9);
    include_first(&mut review);
    let text = FORM.replace("[[arm]]\nid = \"drug\"", &format!("{FIELDS}\n[[arm]]\nid = \"drug\""));
    review.run(Request::UseForm { file_name: "form.toml".to_owned(), text }).expect("form");
    let mean = |arm: &'static str| format!("outcome.pain.end.{arm}.mean");
    let (drug, placebo) = (mean("drug"), mean("placebo"));
    hand_in(&mut review, "A", &[("design", "parallel"), ("start", "2009-10-02"), ("arm.drug.dose", "500"), (&drug, "3"), (&placebo, "5")]);
    hand_in(&mut review, "B", &[("design", "crossover"), ("start", "2009-10"), ("arm.drug.dose", "0.5 g"), (&drug, "3.5")]);
    review
}

fn field<'a>(fields: &'a [FieldAgreement], id: &str) -> &'a FieldAgreement {
    fields.iter().find(|field| field.field == id).unwrap_or_else(|| panic!("{id} in {fields:?}"))
}

#[test]
fn each_field_has_its_share_and_numbers_their_difference() {
    let report = drafted().extraction_agreement().expect("a form");
    assert_eq!(report.pairs, [("A".to_owned(), "B".to_owned(), 1)]);
    let ids: Vec<&str> = report.fields.iter().map(|field| field.field.as_str()).collect();
    assert_eq!(ids, ["design", "start", "arm.dose", "outcome.pain.mean"], "in form order");
    let design = field(&report.fields, "design");
    assert_eq!((design.n, design.same, design.share, design.kappa), (1, 0, Some(0.0), Some(0.0)));
    assert_eq!(field(&report.fields, "arm.dose").same, 1, "one quantity in two units");
    assert_eq!(field(&report.fields, "start").same, 0, "rounding is left to people");
    let mean = field(&report.fields, "outcome.pain.mean");
    assert_eq!((mean.n, mean.same, mean.missing, mean.numbers, mean.mean_difference), (2, 0, 1, 1, Some(-0.5)));
    assert_eq!((report.whole.n, report.whole.same), (5, 1));
}

#[test]
fn neither_consensus_nor_a_later_version_changes_it() {
    let mut review = drafted();
    let before = review.extraction_agreement().expect("a form");
    for (path, choice) in [("design", "a"), ("start", "b")] {
        let settle = Request::Agree { study: study(), path: path.to_owned(), choice: choice.to_owned(), rationale: "page 2".to_owned() };
        review.run(settle).expect("settled");
    }
    assert_eq!(review.extraction_agreement().expect("a form"), before);
    let text =
        review.form_text().expect("a form").replace("version = 1", "version = 2").replace("\"crossover\"]", "\"crossover\", \"cluster\"]");
    review.run(Request::UseForm { file_name: "form.toml".to_owned(), text }).expect("form");
    review.run(Request::MigrateStudies(vec![study()])).expect("moves");
    assert!(review.extraction_agreement().expect("a form").fields.is_empty(), "both drafts are open again");
    hand_in(&mut review, "A", &[("design", "crossover")]);
    hand_in(&mut review, "B", &[("design", "crossover")]);
    assert_eq!(review.extraction_agreement().expect("a form"), before, "what was typed after both were seen does not count");
}

#[test]
fn nothing_is_told_before_both_drafts_are_in() {
    let mut review = review(9);
    include_first(&mut review);
    review.run(Request::UseForm { file_name: "form.toml".to_owned(), text: FORM.to_owned() }).expect("form");
    hand_in(&mut review, "A", &[("outcome.pain.end.drug.mean", "3")]);
    act(&mut review, "B");
    let report = review.extraction_agreement().expect("a form");
    assert!(report.fields.is_empty() && report.pairs.is_empty() && report.whole.n == 0);
}
