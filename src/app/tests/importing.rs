//! Imports: what they are named, what they leave when they stop, what they remember, and files that cannot be imported.

use super::super::{ErrorKind, ImportReport, examine_file};
use super::*;
use crate::app::Detail;
use crate::domain::diagnostic::Severity;
use crate::domain::source::REMARKS_KEPT;

fn order(path: &Path) -> ImportOrder {
    ImportOrder { ..ImportOrder::of(path, "Big") }
}

fn report(reply: Reply) -> ImportReport {
    let Detail::Import(report) = reply.detail else { panic!("an import reports what it did") };
    report
}

fn many(count: usize) -> String {
    (0..count).map(|n| format!("TY  - JOUR\nTI  - Title number {n} of many\nPY  - 2001\nDO  - none\nER  - \n\n")).collect()
}

/// A review on disk with one person and an export beside it.
struct Scratch {
    folder: tempfile::TempDir,
    review: Workspace,
}

impl Scratch {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let review = Workspace::found(&folder.path().join("review.tamis"), new_review(false), environment(1, None)).expect("begins");
        Self { folder, review }
    }

    fn write(&self, name: &str, content: impl AsRef<[u8]>) -> ImportOrder {
        let path = self.folder.path().join(name);
        std::fs::write(&path, content).expect("writes");
        order(&path)
    }

    fn bytes(&self) -> Vec<u8> {
        assert!(!self.folder.path().join("review.tamis-journal").exists(), "no journal is left");
        std::fs::read(self.folder.path().join("review.tamis")).expect("reads")
    }

    fn refused(&mut self, order: &ImportOrder) -> super::super::Error {
        let before = self.bytes();
        let error = self.review.run(Request::Import(order.clone())).expect_err("refused");
        assert!(self.bytes() == before, "the review is as it was");
        assert!(error.hint.is_some(), "{} says what to do next", error.message);
        error
    }
}

#[test]
fn the_same_file_gives_the_same_names_and_hashes_as_ever() {
    let mut review = Workspace::found_in_memory(new_review(false), environment(1, None)).expect("begins");
    let told = report(import(&mut review, "first.ris", "Embase", FIRST));
    let batch = told.batch.expect("stored");
    assert_eq!(batch.as_str(), "geqab3021k5d");
    let names: Vec<String> = review.records_of_import(batch).iter().map(ToString::to_string).collect();
    assert_eq!(names, ["27h7b3zxcdk9", "eznjw72j0g7w", "491n8kdm4e5q", "q478mm0hed1h"]);
    let row = review.state.all_batches().next().expect("one import");
    assert_eq!(row.records_digest, "7ecf6c1c23441477269db85c631591ae65134068686bf5c51f2047efa19a5198");
    let stored = &review.store.operations(0, 1).expect("reads")[0];
    assert_eq!(stored.rows_digest, "dfee53f3d8b957b72c19887469dede587e5786c39fd8d417e59737ef6dd6b5bb");
    assert_eq!(stored.hash, "24d2a0d1a9348e61595ad88833ea0eae681d30fabf5b192d183f5a1d320117c9");
}

#[test]
fn an_import_can_be_cancelled_at_any_point_and_leaves_nothing() {
    let mut scratch = Scratch::new();
    let order = scratch.write("big.ris", many(4000));
    let (before, length) = (scratch.bytes(), scratch.review.log_length());
    let mut steps = 0;
    loop {
        let (mut step, mut last) = (0, None);
        let outcome = scratch.review.run_with(Request::Import(order.clone()), &mut |done, total, phase| {
            step += 1;
            assert!(done <= total, "{done} of {total} while {phase}");
            if let Some((known, earlier)) = last {
                assert!(known != phase || earlier <= done, "progress never goes back: {earlier}, then {done} while {phase}");
            }
            last = Some((phase, done));
            step <= steps
        });
        if outcome.is_ok() {
            assert!(last.is_some_and(|(phase, done)| phase == "storing" && done as u64 == std::fs::metadata(&order.path).unwrap().len()));
            break;
        }
        assert_eq!(outcome.expect_err("cancelled").kind, ErrorKind::Cancelled);
        assert!(scratch.bytes() == before, "cancelled at step {steps}");
        assert_eq!((scratch.review.overview().records, scratch.review.log_length()), (0, length));
        steps += 1;
    }
    assert!(steps > 4, "progress is told more than a few times: {steps}");
    assert_eq!(scratch.review.overview().records, 4000);
    assert_eq!(scratch.review.check().expect("reads"), []);
}

#[test]
fn a_file_that_changes_while_it_is_read_is_not_imported() {
    let changes: [fn(&Path); 3] = [
        |path| {
            let mut file = std::fs::OpenOptions::new().append(true).open(path).expect("opens");
            std::io::Write::write_all(&mut file, b"TY  - JOUR\nTI  - One more\nER  - \n").expect("grows");
        },
        |path| std::fs::write(path, many(2999).replace("number 5 of", "number V of")).expect("is replaced by another of nearly its length"),
        |path| std::fs::write(path, "").expect("is emptied"),
    ];
    for (at, change) in changes.into_iter().enumerate() {
        let mut scratch = Scratch::new();
        let order = scratch.write("growing.ris", many(3000));
        let before = scratch.bytes();
        let mut is_changed = false;
        let outcome = scratch.review.run_with(Request::Import(order.clone()), &mut |_, _, phase| {
            if phase == "storing" && !is_changed {
                is_changed = true;
                change(&order.path);
            }
            true
        });
        let error = outcome.expect_err("the file is not the one that was looked through");
        assert_eq!(error.kind, ErrorKind::File, "{at}: {}", error.message);
        assert!(error.message.contains("growing.ris was changed while it was read"), "{}", error.message);
        assert!(scratch.bytes() == before);
        std::fs::write(&order.path, many(3001)).expect("writes");
        scratch.review.run(Request::Import(order)).expect("goes in when it has come to rest");
        assert_eq!(scratch.review.overview().records, 3001);
    }
}

#[test]
fn what_is_no_export_is_refused_by_what_it_is() {
    let mut scratch = Scratch::new();
    let folder = scratch.folder.path().to_owned();
    let error = scratch.refused(&order(&folder));
    assert!(error.message.ends_with("is a folder"), "{}", error.message);
    let error = scratch.refused(&order(&folder.join("absent.ris")));
    assert_eq!(error.kind, ErrorKind::NotFound);
    let nothing = scratch.write("notes.ris", "TY  - JOUR\nER  - \n\nTY  - JOUR\nER  - \n");
    let error = scratch.refused(&nothing);
    assert!(error.message.starts_with("notes.ris: no record could be kept"), "{}", error.message);
    #[cfg(unix)]
    {
        let error = scratch.refused(&order(Path::new("/dev/null")));
        assert!(error.message.contains("is a pipe or a device"), "{}", error.message);
        let pipe = folder.join("pipe");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().expect("mkfifo runs").success());
        let error = scratch.refused(&order(&pipe));
        assert!(error.message.contains("is a pipe or a device"), "nothing waits for the other end: {}", error.message);
    }
}

#[cfg(unix)]
#[test]
fn a_file_that_may_not_be_read_is_refused_in_words() {
    use std::os::unix::fs::PermissionsExt;
    let mut scratch = Scratch::new();
    let secret = scratch.write("secret.ris", many(2));
    std::fs::set_permissions(&secret.path, std::fs::Permissions::from_mode(0o000)).expect("set");
    if std::fs::File::open(&secret.path).is_ok() {
        // This user may read every file.
        return;
    }
    let error = scratch.refused(&secret);
    assert_eq!(error.kind, ErrorKind::File);
    assert!(error.message.starts_with("you may not read"), "{}", error.message);
}

#[test]
fn the_same_content_is_imported_once_under_any_name() {
    let mut scratch = Scratch::new();
    let (one, two, other) = (scratch.write("one.ris", many(3)), scratch.write("two.ris", many(3)), scratch.write("other.ris", many(4)));
    let twins = [one.clone(), other.clone(), two.clone()];
    let error = scratch.review.check_imports(&twins, &mut |_, _, _| true).expect_err("the same content twice");
    assert_eq!((error.kind, error.message.as_str()), (ErrorKind::Blocked, "two.ris holds the same as one.ris"));
    scratch.review.check_imports(&[one.clone(), other], &mut |_, _, _| true).expect("two files");
    scratch.review.run(Request::Import(one)).expect("imports");
    let error = scratch.refused(&two);
    assert_eq!(error.kind, ErrorKind::Blocked);
    assert!(error.message.contains("two.ris was imported before, as one.ris"), "{}", error.message);
    assert!(scratch.review.check_imports(&[two], &mut |_, _, _| true).is_err());
}

#[test]
fn what_a_reader_remarked_is_kept_with_the_import() {
    let mut scratch = Scratch::new();
    let file = scratch.write("remarks.ris", format!("stray prose\n{}", many(3)));
    let told = report(scratch.review.run(Request::Import(ImportOrder { hits: Some(5), ..file })).expect("imports"));
    assert!(told.diagnostics.len() > 3, "{:?}", told.diagnostics);
    let review = Workspace::open(&scratch.folder.path().join("review.tamis"), environment(2, None)).expect("opens again");
    let source = review.find_source("big").expect("a source");
    let kept = review.remarks_of_source(&source.source.id).expect("reads");
    assert_eq!(kept[0].listed, told.diagnostics);
    assert_eq!(kept[0].import.remarks.total() as usize, told.diagnostics.len());
    assert_eq!(kept[0].import, source.imports[0]);
    assert!(kept[0].listed.last().is_some_and(|remark| remark.message.contains("5 hits")));
    assert_eq!(review.check().expect("reads"), []);
    assert!(review.find_source("nowhere").expect_err("no source").hint.is_some_and(|hint| hint.contains("Big")));
}

#[test]
fn a_long_list_of_remarks_is_cut_and_counted() {
    let mut scratch = Scratch::new();
    let file = scratch.write("remarks.ris", many(REMARKS_KEPT + 200));
    let told = report(scratch.review.run(Request::Import(file)).expect("imports"));
    assert!(told.diagnostics.len() > REMARKS_KEPT);
    let id = crate::domain::ids::SourceId::from("big");
    let kept = scratch.review.remarks_of_source(&id).expect("reads").remove(0);
    assert_eq!(kept.listed.len(), REMARKS_KEPT);
    assert_eq!(kept.import.remarks.total() as usize, told.diagnostics.len());
    let heaviest = told.diagnostics.iter().filter(|remark| remark.severity > Severity::Note).take(REMARKS_KEPT).count();
    assert_eq!(kept.listed.iter().filter(|remark| remark.severity > Severity::Note).count(), heaviest);
}

#[test]
fn a_file_read_in_another_way_after_an_undo_brings_only_its_own_records() {
    let mut scratch = Scratch::new();
    let file =
        scratch.write("latin.ris", b"TY  - JOUR\nTI  - Schmerz f\xfcr alle\nER  - \n\nTY  - JOUR\nTI  - Gr\xfc\xdfe aus K\xf6ln\nER  - \n");
    let wrong = ImportOrder { encoding: Some("macintosh".to_owned()), ..file.clone() };
    let first = report(scratch.review.run(Request::Import(wrong.clone())).expect("imports"));
    scratch.review.run(Request::Undo(None)).expect("undoes");

    let second = report(scratch.review.run(Request::Import(file)).expect("imports again"));
    assert_ne!(first.batch, second.batch, "another reading is another import");
    assert_eq!(scratch.review.overview().records, 2);
    let titles = |review: &Workspace| review.records(0, 9).expect("reads").into_iter().map(|line| line.title).collect::<Vec<_>>();
    assert_eq!(titles(&scratch.review), ["Schmerz für alle", "Grüße aus Köln"]);
    assert_eq!(scratch.review.check().expect("reads"), []);

    scratch.review.run(Request::Undo(None)).expect("undoes");
    let third = report(scratch.review.run(Request::Import(wrong)).expect("imports the first reading again"));
    assert_eq!(third.batch, first.batch, "the same reading is the same import");
    assert_eq!(scratch.review.overview().records, 2);
    assert_ne!(titles(&scratch.review)[0], "Schmerz für alle");
    assert_eq!(scratch.review.check().expect("reads"), []);
}

#[test]
fn a_file_is_examined_without_a_review() {
    let scratch = Scratch::new();
    let file = scratch.write("some.ris", many(7));
    let told = examine_file(&file, &mut |_, _, _| true).expect("reads");
    assert_eq!((told.found, told.kept, told.batch), (7, 7, None));
    let error = examine_file(&file, &mut |_, _, _| false).expect_err("cancelled");
    assert_eq!(error.kind, ErrorKind::Cancelled);
}
