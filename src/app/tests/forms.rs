//! New versions of the form: drafts stay on theirs until they are moved, what changed must be looked at again, and nothing is lost.

use super::*;
use crate::domain::value::parse_value;

/// The form with fields, of this version.
fn form(version: u32, fields: &str) -> Request {
    let text = FORM
        .replace("version = 1", &format!("version = {version}"))
        .replace("[[arm]]\nid = \"drug\"", &format!("{fields}\n[[arm]]\nid = \"drug\""));
    Request::UseForm { file_name: "form.toml".to_owned(), text }
}

const FIRST_FIELDS: &str = r#"fields = [
  { section = "methods", id = "design", type = "choice", options = ["parallel", "crossover"] },
  { section = "methods", id = "setting", type = "text" },
  { section = "methods", id = "funding", type = "text" },
]"#;

/// An option came, the setting went, the country is asked and needed.
const SECOND_FIELDS: &str = r#"fields = [
  { section = "methods", id = "design", type = "choice", options = ["parallel", "crossover", "cluster"] },
  { section = "methods", id = "funding", label = "Who paid", type = "text" },
  { section = "methods", id = "country", type = "text", required = true },
]"#;

fn study() -> StudyId {
    StudyId::from("alpha-2001")
}

fn field(path: &str, raw: &str) -> CellEntry {
    CellEntry { path: path.to_owned(), ..cell("drug.n", raw) }
}

fn typed(review: &mut Workspace, person: &str, cells: &[(&str, &str)]) {
    act(review, person);
    review.run(Request::SetCells(cells.iter().map(|(path, raw)| field(path, raw)).collect())).expect("typed");
}

/// A review with one study on the first version, drafted by A, and the second version in use.
fn behind() -> Workspace {
    let mut review = review(9);
    include_first(&mut review);
    review.run(form(1, FIRST_FIELDS)).expect("form");
    typed(&mut review, "A", &[("design", "parallel"), ("setting", "one clinic"), ("funding", "public"), ("outcome.pain.end.drug.n", "30")]);
    let reply = review.run(form(2, SECOND_FIELDS)).expect("form");
    assert!(reply.message.ends_with("1 study stays on the version before (tamis extract migrate)"), "{}", reply.message);
    review
}

fn paths(cells: &[crate::app::migrate::MovedCell]) -> Vec<&str> {
    cells.iter().map(|cell| cell.path.as_str()).collect()
}

#[test]
fn a_draft_stays_on_its_version_until_it_is_moved() {
    let mut review = behind();
    let draft = review.my_draft(&study()).expect("a draft");
    assert_eq!((draft.version, draft.in_use, draft.is_behind), (1, 2, true));
    assert!(draft.cells.iter().any(|cell| cell.path == "setting" && cell.raw.as_deref() == Some("one clinic")));
    typed(&mut review, "A", &[("setting", "two clinics")]);
    let refused = review.run(Request::SetCells(vec![field("country", "France")])).expect_err("not of its version");
    assert!(refused.message.contains("country"), "{}", refused.message);
}

#[test]
fn the_move_is_said_first_and_done_as_one_operation_that_can_be_undone() {
    let mut review = behind();
    let before = everything_visible(&review);
    let found = review.form_move().expect("a form");
    let line = &found.studies[0];
    assert_eq!((found.version, line.from, line.of, line.carried), (2, 1, "your draft", 2));
    assert_eq!((paths(&line.dropped), paths(&line.stale), paths(&line.asked)), (vec!["setting"], vec!["design"], vec!["country"]));
    assert_eq!(line.stale[0].why, "options came: cluster");
    assert_eq!(line.words(), "2 carried over, 1 of them under another title, 1 dropped but kept, 1 to look at again, 1 newly asked");
    assert_eq!((paths(&line.retitled), line.retitled[0].why.as_str()), (vec!["funding"], "the title was “funding” and is “Who paid”"));
    let operations = review.log_length();
    review.run(Request::MigrateStudies(vec![study()])).expect("moves");
    assert_eq!(review.log_length(), operations + 1);
    let draft = review.my_draft(&study()).expect("a draft");
    assert_eq!((draft.version, draft.is_behind), (2, false));
    assert_eq!(draft.kept, [("setting".to_owned(), "one clinic".to_owned())]);
    assert_eq!(draft.cells.iter().filter(|cell| cell.is_stale).map(|cell| cell.path.as_str()).collect::<Vec<_>>(), ["design"]);
    assert!(review.form_move().expect("a form").studies.is_empty());
    review.run(Request::Undo(None)).expect("undone");
    let undone = everything_visible(&review);
    let without_log =
        |text: &str| text.lines().filter(|line| line.contains("alpha-2001") || line.contains("CellView")).collect::<Vec<_>>().join("\n");
    assert_eq!(without_log(&before), without_log(&undone));
    assert_eq!(review.my_draft(&study()).expect("a draft").version, 1);
}

#[test]
fn what_a_form_changes_is_said_before_it_is_in_use() {
    let mut review = review(9);
    let text = |request: Request| match request {
        Request::UseForm { text, .. } => text,
        other => panic!("{other:?}"),
    };
    let second = text(form(2, SECOND_FIELDS));
    assert_eq!(review.form_changes(&second).expect("a form"), Vec::<String>::new(), "nothing is in use");
    review.run(form(1, FIRST_FIELDS)).expect("form");
    assert_eq!(
        review.form_changes(&second).expect("a form"),
        [
            "9 cells of a study stand as they are, 1 to look at again where answered, 1 dropped, answers kept, 4 newly asked",
            "the title of field funding was “funding” and is “Who paid”; answers stand",
        ]
    );
    let retitled = second.replace("label = \"Pain\"", "label = \"Aches\"").replace("label = \"End\"", "label = \"The end\"");
    let said = review.form_changes(&retitled.replace("label = \"Drug\"", "label = \"Pill\"")).expect("a form");
    assert_eq!(said[1], "the title of arm drug was “Drug” and is “Pill”; answers stand");
    assert!(said.iter().any(|line| line.starts_with("the title of time point pain.end was “End”")), "{said:?}");
    assert!(review.form_changes("form = ").is_err());
}

#[test]
fn what_changed_blocks_handing_in_until_it_is_confirmed_or_changed() {
    let mut review = behind();
    review.run(Request::MigrateStudies(vec![study()])).expect("moves");
    typed(&mut review, "A", &[("country", "France")]);
    let refused = review.run(Request::SubmitDraft(study())).expect_err("not looked at");
    assert!(refused.message.contains("design: the form changed since: options came: cluster"), "{}", refused.message);
    typed(&mut review, "A", &[("design", "parallel")]);
    assert!(review.my_draft(&study()).expect("a draft").cells.iter().all(|cell| !cell.is_stale));
    review.run(Request::SubmitDraft(study())).expect("handed in");
}

#[test]
fn both_handed_in_drafts_open_again_where_a_value_must_be_looked_at() {
    let mut review = review(9);
    include_first(&mut review);
    review.run(form(1, FIRST_FIELDS)).expect("form");
    for (person, design) in [("A", "parallel"), ("B", "crossover")] {
        typed(&mut review, person, &[("design", design), ("funding", "public")]);
        review.run(Request::SubmitDraft(study())).expect("handed in");
    }
    let agree = Request::Agree { study: study(), path: "design".to_owned(), choice: "a".to_owned(), rationale: "page 2".to_owned() };
    review.run(agree).expect("settled");
    review.run(form(2, &SECOND_FIELDS.replace(", required = true", ""))).expect("form");
    assert_eq!(review.comparison(&study()).expect("still on version 1").cells[0].how.as_deref(), Some("chosen_a"));
    let line = review.form_move().expect("a form").studies.remove(0);
    assert_eq!(line.reopened, ["A", "B"]);
    review.run(Request::MigrateStudies(vec![study()])).expect("moves");
    assert!(review.comparison(&study()).is_err(), "both must look again");
    for (person, design) in [("A", "parallel"), ("B", "crossover")] {
        act(&mut review, person);
        let refused = review.run(Request::SubmitDraft(study())).expect_err("not looked at");
        assert!(refused.message.contains("options came: cluster"), "{}", refused.message);
        typed(&mut review, person, &[("design", design)]);
        review.run(Request::SubmitDraft(study())).expect("handed in");
    }
    let compared = review.comparison(&study()).expect("both are in");
    assert_eq!((compared.cells[0].path.as_str(), compared.cells[0].how.as_deref()), ("design", None), "settled before the options came");
    assert_eq!(compared.cells[1].how.as_deref(), Some("auto"));
}

#[test]
fn a_version_that_changes_nothing_typed_opens_no_draft() {
    let mut review = review(9);
    include_first(&mut review);
    review.run(form(1, FIRST_FIELDS)).expect("form");
    for person in ["A", "B"] {
        typed(&mut review, person, &[("funding", "public")]);
        review.run(Request::SubmitDraft(study())).expect("handed in");
    }
    review.run(form(2, &SECOND_FIELDS.replace(", required = true", ""))).expect("form");
    assert_eq!(review.form_move().expect("a form").studies[0].reopened, Vec::<String>::new());
    review.run(Request::MigrateStudies(vec![study()])).expect("moves");
    assert_eq!(review.comparison(&study()).expect("both are in").cells[0].how.as_deref(), Some("auto"));
}

#[test]
fn which_draft_opens_again_tells_nothing_of_what_is_in_a_hidden_one() {
    let moved = |design: Option<&str>| {
        let mut review = review(9);
        include_first(&mut review);
        review.run(form(1, FIRST_FIELDS)).expect("form");
        let mut cells = vec![("funding", "public")];
        cells.extend(design.map(|design| ("design", design)));
        typed(&mut review, "A", &cells);
        review.run(Request::SubmitDraft(study())).expect("handed in");
        review.run(form(2, SECOND_FIELDS)).expect("form");
        act(&mut review, "B");
        let said = format!("{:?}", review.form_move());
        format!("{said} {:?} {:?}", review.run(Request::MigrateStudies(vec![study()])), review.studies())
    };
    assert_eq!(moved(None), moved(Some("crossover")));
}

#[test]
fn versions_go_up_and_a_version_that_was_used_is_not_rewritten() {
    let mut review = behind();
    let refused = review.run(form(2, FIRST_FIELDS)).expect_err("another text");
    assert!(refused.message.contains("version 2") && refused.hint.as_deref() == Some("write version = 3 into the file"), "{refused:?}");
    let refused = review.run(form(1, SECOND_FIELDS)).expect_err("lower");
    assert!(refused.message.contains("this file is version 1"), "{}", refused.message);
    act(&mut review, "B");
    assert!(review.run(form(3, FIRST_FIELDS)).is_ok());
}

#[test]
fn a_version_is_taken_back_while_no_value_rests_on_it() {
    let mut review = behind();
    act(&mut review, "B");
    review.run(Request::Undo(None)).expect_err("A made it");
    act(&mut review, "A");
    review.run(Request::MigrateStudies(vec![study()])).expect("moves");
    typed(&mut review, "A", &[("country", "France")]);
    let moved = review.find_operation(&(review.log_length() - 1).to_string()).expect("the move");
    let refused = review.run(Request::Undo(Some(moved))).expect_err("a value rests on it");
    assert!(refused.message.contains("1 value was extracted with this form since"), "{}", refused.message);
    review.run(Request::Undo(None)).expect("the value");
    review.run(Request::Undo(None)).expect("the move");
    review.run(Request::Undo(None)).expect("the version");
    assert_eq!(review.form().expect("the first").version, 1);
}

#[test]
fn a_study_behind_is_pooled_only_where_the_new_version_asks_its_numbers_alike() {
    let mut review = review(9);
    include_first(&mut review);
    review.run(form(1, FIRST_FIELDS)).expect("form");
    for person in ["A", "B"] {
        act(&mut review, person);
        let cells =
            [("drug.n", "30"), ("drug.mean", "3"), ("drug.sd", "2"), ("placebo.n", "30"), ("placebo.mean", "5"), ("placebo.sd", "2")];
        review.run(Request::SetCells(cells.map(|(part, raw)| cell(part, raw)).to_vec())).expect("typed");
        review.run(Request::SubmitDraft(study())).expect("handed in");
    }
    review.run(form(2, SECOND_FIELDS)).expect("form");
    assert!(review.analysis("1").expect("runs").pooled.is_ok());
    let Request::UseForm { file_name, text } = form(3, SECOND_FIELDS) else { panic!("a form") };
    let text = text.replace("direction = \"lower-better\"", "direction = \"lower-better\"\nscale = [0, 10]");
    review.run(Request::UseForm { file_name, text }).expect("form");
    let result = review.analysis("1").expect("runs");
    assert!(result.pooled.is_err());
    assert_eq!(result.left_out[0].1, "it was extracted on version 1 of the form, which version 3 changed");
}

#[test]
fn a_value_in_dispute_is_asked_for_as_the_version_of_the_study_asks() {
    let mut review = behind();
    review.run(Request::SubmitDraft(study())).expect("handed in");
    typed(&mut review, "B", &[("design", "crossover"), ("funding", "public")]);
    review.run(Request::SubmitDraft(study())).expect("handed in");
    let compared = review.comparison(&study()).expect("both are in");
    let design = compared.cells.iter().find(|cell| cell.path == "design").expect("they differ");
    let asked = design.spec.as_ref().expect("a cell of the form");
    assert!(parse_value(asked, "crossover").is_ok());
    assert!(parse_value(asked, "cluster").is_err(), "the second version alone has this option");
}
