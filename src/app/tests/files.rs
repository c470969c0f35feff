//! Files that cannot be opened or written: each says so in its own words and stays as it was.

use super::super::ErrorKind;
use super::*;

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a folder")
}

fn make(path: &Path) -> Workspace {
    let mut review = Workspace::found(path, new_review(false), environment(1, None)).expect("begins");
    fill(&mut review);
    review
}

fn refusal(path: &Path) -> super::super::Error {
    let before = std::fs::read(path).ok();
    let error = Workspace::open(path, environment(2, None)).err().expect("refused");
    assert_eq!(std::fs::read(path).ok(), before, "the file is as it was");
    assert!(error.hint.is_some(), "every refusal says what to do next");
    error
}

#[test]
fn what_is_no_review_is_refused_by_what_it_is() {
    let folder = folder();
    let path = folder.path().join("file");
    assert_eq!(refusal(&path).kind, ErrorKind::NotFound);
    std::fs::write(&path, "").expect("writes");
    assert_eq!(refusal(&path).message, format!("{} is not a tamis review", path.display()));
    std::fs::write(&path, "TY  - JOUR\n").expect("writes");
    assert_eq!(refusal(&path).kind, ErrorKind::File);
    std::fs::remove_file(&path).expect("removed");
    let other = rusqlite_of_another_program(&path);
    assert!(other.contains("not a tamis review"), "{other}");
}

/// A database that SQLite can open but that is none of ours: the header of a fresh database with another application's number.
fn rusqlite_of_another_program(path: &Path) -> String {
    let review = make(path);
    drop(review);
    let mut bytes = std::fs::read(path).expect("reads");
    bytes[68..72].copy_from_slice(&7u32.to_be_bytes());
    std::fs::write(path, bytes).expect("writes");
    refusal(path).message
}

#[test]
fn a_file_of_a_newer_tamis_is_named_with_both_versions() {
    let folder = folder();
    let path = folder.path().join("newer.tamis");
    drop(make(&path));
    let mut bytes = std::fs::read(&path).expect("reads");
    bytes[60..64].copy_from_slice(&99u32.to_be_bytes());
    std::fs::write(&path, bytes).expect("writes");
    let error = refusal(&path);
    let ours = crate::store::MIGRATIONS.len();
    let both = format!("newer tamis (file version 99; this program knows versions up to {ours})");
    assert!(error.message.contains(&both), "{}", error.message);
}

#[test]
fn a_damaged_file_is_refused_or_found_by_check() {
    let folder = folder();
    let path = folder.path().join("damaged.tamis");
    drop(make(&path));
    let whole = std::fs::read(&path).expect("reads");
    std::fs::write(&path, &whole[..whole.len() / 2]).expect("writes");
    assert_eq!(refusal(&path).kind, ErrorKind::File);

    let mut flipped = whole.clone();
    let place = flipped.windows(9).position(|window| window == b"Memantine").expect("a title stands in the file");
    flipped[place] = b'm';
    std::fs::write(&path, &flipped).expect("writes");
    let review = Workspace::open(&path, environment(2, None)).expect("opens: SQLite does not see it");
    let problems = review.check().expect("reads");
    assert!(problems.iter().any(|problem| problem.part == "import" && problem.name == "second.ris"), "{problems:?}");
}

#[test]
fn a_foreign_trigger_or_table_is_refused_before_anything_runs() {
    let folder = folder();
    let path = folder.path().join("hostile.tamis");
    drop(make(&path));
    let whole = std::fs::read(&path).expect("reads");
    let mut hostile = whole.clone();
    let places: Vec<usize> = (0..whole.len() - 13).filter(|at| &whole[*at..*at + 13] == b"never changed").collect();
    assert!(!places.is_empty(), "the triggers stand in the file as text");
    for place in places {
        hostile[place..place + 13].copy_from_slice(b"never_changed");
    }
    std::fs::write(&path, hostile).expect("writes");
    assert!(refusal(&path).message.contains("no version of tamis makes"));
}

#[test]
fn an_existing_file_is_never_overwritten() {
    let folder = folder();
    let path = folder.path().join("review.tamis");
    std::fs::write(&path, "precious").expect("writes");
    let error = Workspace::found(&path, new_review(false), environment(1, None)).err().expect("refused");
    assert!(error.message.contains("exists already"), "{}", error.message);
    assert_eq!(std::fs::read_to_string(&path).expect("reads"), "precious");
}

#[test]
fn a_file_that_cannot_be_written_can_still_be_looked_at() {
    let folder = folder();
    let path = folder.path().join("review.tamis");
    drop(make(&path));
    let mut permissions = std::fs::metadata(&path).expect("reads").permissions();
    permissions.set_readonly(true);
    std::fs::set_permissions(&path, permissions).expect("set");
    let mut review = Workspace::open(&path, environment(2, None)).expect("opens");
    assert!(review.is_read_only());
    assert_eq!(review.overview().records, 6);
    let error = vote_as(&mut review, "A", Stage::TitleAbstract, "first.ris#1", Verdict::Include, None).expect_err("refused");
    assert_eq!(error.kind, ErrorKind::File);
    assert!(error.message.contains("can only be read"), "{}", error.message);
}

#[test]
fn a_file_replaced_while_open_is_not_written() {
    let folder = folder();
    let path = folder.path().join("review.tamis");
    let mut review = make(&path);
    let other = folder.path().join("other.tamis");
    review.back_up_to(&other).expect("copied");
    std::fs::rename(&other, &path).expect("replaced");
    let error = vote_as(&mut review, "A", Stage::TitleAbstract, "first.ris#1", Verdict::Include, None).expect_err("refused");
    assert!(error.message.contains("was replaced"), "{}", error.message);
}

#[test]
fn two_programs_on_one_file_see_each_other_and_keep_the_chain() {
    let folder = folder();
    let path = folder.path().join("review.tamis");
    let mut one = make(&path);
    let mut two = Workspace::open(&path, environment(2, Some(&folder.path().join("home")))).expect("opens");
    for name in ["first.ris#1", "first.ris#2", "first.ris#3"] {
        vote_as(&mut one, "A", Stage::TitleAbstract, name, Verdict::Include, None).expect("votes");
        vote_as(&mut two, "B", Stage::TitleAbstract, name, Verdict::Include, None).expect("votes");
    }
    one.refresh().expect("reads");
    assert_eq!(one.overview().title_abstract.included, 3);
    assert_eq!(one.check().expect("reads"), []);
}

#[test]
fn a_backup_is_made_on_the_first_change_of_a_new_day() {
    let folder = folder();
    let (path, home) = (folder.path().join("review.tamis"), folder.path().join("home"));
    let mut review = Workspace::found(&path, new_review(false), environment(1, Some(&home))).expect("begins");
    fill(&mut review);
    assert!(review.backups().is_empty());
    drop(review);
    let next_day = Environment {
        clock: Box::new(FixedClock(Timestamp::parse("2026-02-01T08:00:00Z").expect("a moment"))),
        ..environment(2, Some(&home))
    };
    let mut review = Workspace::open(&path, next_day).expect("opens");
    for name in ["first.ris#1", "first.ris#2"] {
        vote_as(&mut review, "A", Stage::TitleAbstract, name, Verdict::Include, None).expect("votes");
    }
    let backups = review.backups();
    assert_eq!(backups.len(), 1, "{backups:?}");
    let copy = Workspace::open(&backups[0], environment(3, None)).expect("the backup opens");
    assert_eq!(copy.overview().records, 6);
}
