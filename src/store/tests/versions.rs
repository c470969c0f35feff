//! Review files that older versions of the program made: they open, stay whole, and take what is new.

use crate::domain::analysis::AnalysisExclusion;
use crate::domain::appraisal::{AgreedJudgement, AppraisalAnswer, AppraisalSubmission, Appraised};
use crate::domain::cycle::{Cycle, ImportCycle};
use crate::domain::decision::Stage;
use crate::domain::extraction::Dismissal;
use crate::domain::ids::{ReviewerId, StudyId};
use crate::domain::mark::{Mark, MarkValue};
use crate::domain::operation::{FormVersion, OpKind, Row, StudyForm};
use crate::domain::round::{Round, RoundId, RoundVotes};

use super::*;

/// A review that the first version of the file made: two imports, duplicates, votes, an undo and a redo.
const FIRST_VERSION: &[u8] = include_bytes!("../../../tests/data/versions/0001.tamis");

#[test]
fn a_file_of_the_first_version_is_whole_before_and_after_it_is_brought_up_to_date() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("old.tamis");
    std::fs::write(&path, FIRST_VERSION).expect("writes");

    let old = Store::open_to_read(&path).expect("opens");
    assert_eq!((old.version, old.is_read_only()), (1, true));
    assert_eq!(old.check().expect("reads"), []);
    let (before, problems) = old.load_state().expect("loads");
    assert_eq!((before.records().len(), before.ops().len(), problems), (5, 9, Vec::new()));
    assert_eq!(old.remarks_of(before.op(2).id).expect("reads"), []);
    drop(old);
    assert_eq!(at_rest(&path), FIRST_VERSION, "reading changed nothing");

    let copy = folder.path().join("copy.tamis");
    let copied = |file: &Path| std::fs::copy(file, &copy).map(|_| ()).map_err(|error| connection::io_error(file, &error));
    let mut new = Store::open(&path, None, copied).expect("opens");
    assert_eq!(std::fs::read(&copy).expect("reads"), FIRST_VERSION, "a copy was made first");
    assert_eq!(new.version as usize, MIGRATIONS.len());
    assert_eq!(new.load_state().expect("loads").0, before);
    append(&mut new, 77, &[title("Goes on")]).expect("appends");
    assert_eq!(new.check().expect("reads"), []);

    let mut fresh = Store::in_memory(&new.file_id().expect("reads"), "2026-01-31T09:30:00Z").expect("memory");
    let merged = fresh.merge_from(&Store::open_to_read(&copy).expect("opens")).expect("an older copy is merged as it is");
    assert_eq!(merged, MergeCounts { operations: 9, records: 5 });
    assert_eq!(fresh.check().expect("reads"), []);
}

/// A review that the second version of the file made: two imports with a remark, duplicates, votes, an undo and a redo.
const SECOND_VERSION: &[u8] = include_bytes!("../../../tests/data/versions/0002.tamis");

#[test]
fn a_file_of_the_second_version_takes_marks_once_it_is_brought_up_to_date() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("old.tamis");
    std::fs::write(&path, SECOND_VERSION).expect("writes");
    let old = Store::open_to_read(&path).expect("opens");
    let (before, problems) = old.load_state().expect("loads");
    assert_eq!((old.version, before.records().len(), before.ops().len(), problems), (2, 4, 9, Vec::new()));
    drop(old);
    let mut new = Store::open(&path, None, |_| Ok(())).expect("opens");
    assert_eq!(new.load_state().expect("loads").0, before);
    let record = before.records()[0].id;
    let value = MarkValue::Tag("dose".to_owned());
    let mark = Mark { stage: Stage::TitleAbstract, record, reviewer: ReviewerId::from("AB"), value, is_set: true };
    new.append(operation(77, OpKind::Mark), &[Row::Mark(mark)]).expect("appends");
    assert_eq!(new.load_state().expect("loads").0.marked_units(), [0]);
    assert_eq!(new.check().expect("reads"), []);
    let refused = new.conn.execute("UPDATE mark SET value = 'other'", []);
    assert!(refused.is_err_and(|error| error.to_string().contains("history is never changed")));
    let dangling = new.conn.execute("INSERT INTO removal VALUES ('00', 0, 'nothing', 'other', '')", []);
    assert!(dangling.is_err(), "foreign keys hold again");
}

/// A review that the third version of the file made: one import, three votes of two people, a tag, and an undo.
const THIRD_VERSION: &[u8] = include_bytes!("../../../tests/data/versions/0003.tamis");

#[test]
fn a_file_of_the_third_version_takes_a_round_once_it_is_brought_up_to_date() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("old.tamis");
    std::fs::write(&path, THIRD_VERSION).expect("writes");
    let old = Store::open_to_read(&path).expect("opens");
    let (before, problems) = old.load_state().expect("loads");
    assert_eq!((old.version, before.records().len(), before.ops().len(), problems), (3, 2, 7, Vec::new()));
    drop(old);
    let mut new = Store::open(&path, None, |_| Ok(())).expect("opens");
    assert_eq!(new.load_state().expect("loads").0, before);
    let round = Round {
        id: RoundId("0123456789ab".to_owned()),
        stage: Stage::TitleAbstract,
        seed: u32::MAX,
        size: 1,
        votes: RoundVotes::Practice,
        is_open: true,
        reviewers: vec!["AB".into(), "CD".into()],
        records: vec![before.records()[1].id],
    };
    new.append(operation(88, OpKind::Setup), &[Row::Round(round.clone())]).expect("appends");
    let after = new.load_state().expect("loads").0;
    assert_eq!(after.rounds().iter().map(|found| found.round).collect::<Vec<_>>(), [&round]);
    assert_eq!(new.check().expect("reads"), []);
    let refused = new.conn.execute("DELETE FROM screening_round", []);
    assert!(refused.is_err_and(|error| error.to_string().contains("history is never removed")));
}

/// A review that the fourth version of the file made: two imports, duplicates, a vote, a tag that was undone and redone.
const FOURTH_VERSION: &[u8] = include_bytes!("../../../tests/data/versions/0004.tamis");

#[test]
fn a_file_of_the_fourth_version_can_be_updated_once_it_is_brought_up_to_date() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("old.tamis");
    std::fs::write(&path, FOURTH_VERSION).expect("writes");
    let old = Store::open_to_read(&path).expect("opens");
    let (before, problems) = old.load_state().expect("loads");
    assert_eq!((old.version, before.records().len(), before.ops().len(), problems), (4, 4, 8, Vec::new()));
    drop(old);
    let mut new = Store::open(&path, None, |_| Ok(())).expect("opens");
    assert_eq!(new.load_state().expect("loads").0, before);
    let cycle = Cycle { number: 2, label: "Update 2027".to_owned(), studies_before: 3, reports_before: 4 };
    append(&mut new, 77, &[Row::Cycle(cycle.clone())]).expect("appends");
    let after = new.load_state().expect("loads").0;
    assert_eq!((after.cycle(), after.updates(), after.cycle_of(0)), (2, vec![&cycle], 1));
    assert_eq!(new.check().expect("reads"), []);
    let batch = after.batch_of(0).id;
    append(&mut new, 78, &[Row::ImportCycle(ImportCycle { batch, cycle: 9 })]).expect("appends");
    assert!(new.check().expect("reads").iter().any(|problem| problem.message.contains("update that nobody began")));
}

/// A review that the fifth version of the file made: one import, a form, an update.
const FIFTH_VERSION: &[u8] = include_bytes!("../../../tests/data/versions/0005.tamis");

#[test]
fn a_file_of_the_fifth_version_takes_dismissals_once_it_is_brought_up_to_date() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("old.tamis");
    std::fs::write(&path, FIFTH_VERSION).expect("writes");
    let old = Store::open_to_read(&path).expect("opens");
    let (before, problems) = old.load_state().expect("loads");
    assert_eq!((old.version, before.records().len(), before.cycle(), problems), (5, 6, 2, Vec::new()));
    drop(old);
    let mut new = Store::open(&path, None, |_| Ok(())).expect("opens");
    assert_eq!(new.load_state().expect("loads").0, before);
    let study = StudyId::from("sigtermans-2009");
    let dismissal = Dismissal {
        study: study.clone(),
        reviewer: ReviewerId::from("A"),
        rule: "V7".to_owned(),
        path: "outcome.pain.short.ketamine.sd".to_owned(),
        seen: "it is small".to_owned(),
        reason: "the report says so twice".to_owned(),
        is_dismissed: true,
    };
    let exclusion = AnalysisExclusion {
        analysis: "1.1".to_owned(),
        study: study.clone(),
        reviewer: ReviewerId::from("A"),
        reason: "active placebo".to_owned(),
        is_excluded: true,
    };
    append(&mut new, 77, &[Row::Dismissal(dismissal.clone()), Row::Exclusion(exclusion.clone())]).expect("appends");
    let after = new.load_state().expect("loads").0;
    assert_eq!(after.dismissal_of(&study, "V7", &dismissal.path, "it is small", |_| true), Some(&dismissal));
    assert_eq!(after.dismissal_of(&study, "V7", &dismissal.path, "it is another", |_| true), None);
    assert_eq!(after.excluded_from("1.1"), [&exclusion]);
    assert_eq!(new.check().expect("reads"), []);
}

/// A review that the sixth version of the file made: one import and a form.
const SIXTH_VERSION: &[u8] = include_bytes!("../../../tests/data/versions/0006.tamis");

#[test]
fn a_file_of_the_sixth_version_takes_appraisals_once_it_is_brought_up_to_date() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("old.tamis");
    std::fs::write(&path, SIXTH_VERSION).expect("writes");
    let old = Store::open_to_read(&path).expect("opens");
    let (before, problems) = old.load_state().expect("loads");
    assert_eq!((old.version, before.records().len(), problems), (6, 6, Vec::new()));
    drop(old);
    let mut new = Store::open(&path, None, |_| Ok(())).expect("opens");
    assert_eq!(new.load_state().expect("loads").0, before);
    let of = Appraised { study: StudyId::from("sigtermans-2009"), result: "pain.short".to_owned(), instrument: "rob2".to_owned() };
    let me = ReviewerId::from("A");
    let answer = AppraisalAnswer {
        of: of.clone(),
        reviewer: me.clone(),
        item: "1.1".to_owned(),
        answer: Some("PY".to_owned()),
        support: Some("a list from a computer".to_owned()),
        page: None,
    };
    let agreed = AgreedJudgement {
        of: of.clone(),
        item: "d1".to_owned(),
        judgement: "low".to_owned(),
        reviewer: me.clone(),
        rationale: "read together".to_owned(),
    };
    let submission = AppraisalSubmission { of: of.clone(), reviewer: me.clone(), is_submitted: true };
    let rows = [Row::AppraisalAnswer(answer.clone()), Row::AppraisalSubmission(submission), Row::AgreedJudgement(agreed.clone())];
    append(&mut new, 77, &rows).expect("appends");
    let after = new.load_state().expect("loads").0;
    assert_eq!(after.appraisal_of(&of, &me).get("1.1"), Some(&&answer));
    assert!(after.is_appraised(&of, &me));
    assert_eq!(after.agreed_judgement(&of, "d1").map(|(_, row)| row), Some(&agreed));
    assert_eq!(new.check().expect("reads"), []);
}

/// A review that the seventh version of the file made: a study, a form, and two values of one draft.
const SEVENTH_VERSION: &[u8] = include_bytes!("../../../tests/data/versions/0007.tamis");

#[test]
fn a_file_of_the_seventh_version_keeps_its_draft_on_the_form_it_was_typed_on() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("old.tamis");
    std::fs::write(&path, SEVENTH_VERSION).expect("writes");
    let old = Store::open_to_read(&path).expect("opens");
    let (before, problems) = old.load_state().expect("loads");
    assert_eq!((old.version, before.records().len(), before.ops().len(), problems), (7, 2, 11, Vec::new()));
    drop(old);
    let mut new = Store::open(&path, None, |_| Ok(())).expect("opens");
    assert_eq!(new.load_state().expect("loads").0, before);
    let study = StudyId::from("sigtermans-2009");
    let (_, first) = before.form_of(&study).expect("a form");
    let second = FormVersion { version: 2, ..first.clone() };
    append(&mut new, 77, &[Row::Form(second)]).expect("appends");
    let version = |store: &Store| store.load_state().expect("loads").0.form_of(&study).map(|(_, form)| form.version);
    assert_eq!(version(&new), Some(1), "what was typed stays on its version");
    let moved = StudyForm { study: study.clone(), form: "pain".to_owned(), version: 2 };
    append(&mut new, 78, &[Row::StudyForm(moved)]).expect("appends");
    assert_eq!(version(&new), Some(2));
    assert_eq!(new.check().expect("reads"), []);
    let refused = new.conn.execute("UPDATE study_form SET version = 1", []);
    assert!(refused.is_err_and(|error| error.to_string().contains("history is never changed")));
}

#[cfg(unix)]
#[test]
fn an_older_file_that_can_only_be_read_is_read_as_it_is() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("old.tamis");
    std::fs::write(&path, FIRST_VERSION).expect("writes");
    let mut permissions = std::fs::metadata(&path).expect("reads").permissions();
    permissions.set_readonly(true);
    std::fs::set_permissions(&path, permissions).expect("set");
    let store = Store::open(&path, None, |_| panic!("nothing to copy")).expect("opens");
    assert_eq!((store.version, store.is_read_only()), (1, true));
    assert_eq!(store.load_state().expect("loads").0.records().len(), 5);
}
