//! Tests of the file itself: triggers, constraints, a disk that is full, the hash chain, imports that stop; `versions` holds older files.

mod versions;

use crate::domain::decision::{Stage, Verdict, Vote};
use crate::domain::diagnostic::{Diagnostic, RemarkCounts, Severity};
use crate::domain::ids::{BatchId, LogId, OpId, ReviewerId, SourceId};
use crate::domain::operation::{OpKind, Row};
use crate::domain::record::Citation;
use crate::domain::review::{ReviewInfo, Reviewer, Role};
use crate::domain::source::{ImportBatch, ImportRemark, ImportRemarkCounts, Source, SourceKind};
use crate::domain::time::Timestamp;

use super::*;

fn store() -> Store {
    Store::in_memory(&"ab".repeat(16), "2026-01-31T09:30:00Z").expect("memory")
}

fn operation(n: u8, kind: OpKind) -> NewOperation {
    NewOperation {
        id: OpId::from_bytes([n; 16]),
        log: LogId::from_bytes([9; 16]),
        at: Timestamp::parse("2026-01-31T09:30:00Z").expect("a moment"),
        reviewer: ReviewerId::from("A"),
        kind,
        summary: format!("step {n}"),
        target: None,
    }
}

fn append(store: &mut Store, n: u8, rows: &[Row]) -> Result<StoredOperation, StoreError> {
    store.append(operation(n, OpKind::Setup), rows)
}

fn reviewer() -> Row {
    Row::Reviewer(Reviewer {
        id: ReviewerId::from("A"),
        name: "First".to_owned(),
        roles: vec![Role::Lead, Role::Reviewer],
        is_active: true,
    })
}

fn title(text: &str) -> Row {
    Row::Review(ReviewInfo { title: text.to_owned(), ..ReviewInfo::default() })
}

#[test]
fn history_can_neither_be_changed_nor_removed() {
    let mut store = store();
    append(&mut store, 1, &[reviewer(), title("One")]).expect("appends");
    for table in table::TABLES.iter().map(|table| table.name).chain(["operation", "record", "review_file"]) {
        let triggers: i64 = store
            .conn
            .query_row("SELECT count(*) FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = ?1", [table], |row| row.get(0))
            .expect("reads");
        assert_eq!(triggers, 2, "{table} is guarded against change and removal");
    }
    for statement in
        ["UPDATE operation SET summary = 'x'", "DELETE FROM operation", "UPDATE reviewer SET name = 'x'", "DELETE FROM setting"]
    {
        let error = store.conn.execute(statement, []).expect_err(statement);
        assert!(error.to_string().contains("history is never"), "{statement}: {error}");
    }
    assert_eq!(store.check().expect("reads"), []);
}

#[test]
fn each_operation_names_the_one_before_it() {
    let mut store = store();
    let first = append(&mut store, 1, &[reviewer()]).expect("appends");
    let second = append(&mut store, 2, &[title("Two")]).expect("appends");
    assert_eq!(first.prev_hash, "");
    assert_eq!(second.prev_hash, first.hash);
    assert_eq!((second.operation.log_seq, second.operation.lamport), (2, 2));
}

#[test]
fn a_row_that_the_file_refuses_takes_its_operation_with_it() {
    let mut store = store();
    append(&mut store, 1, &[reviewer()]).expect("appends");
    let vote = Row::Vote(Vote {
        stage: Stage::TitleAbstract,
        record: record_id(BatchId::from_hash(&[0; 32]), 1, "nowhere"),
        reviewer: ReviewerId::from("A"),
        verdict: Verdict::Include,
        reason: None,
        note: None,
        milliseconds: None,
        is_independent: true,
    });
    assert!(append(&mut store, 2, &[title("Two"), vote]).is_err(), "the record is unknown");
    assert_eq!(store.operations(0, 10).expect("reads").len(), 1);
    assert_eq!(store.check().expect("reads"), []);
}

#[test]
fn a_full_disk_says_so_and_changes_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("review.tamis");
    let mut store = Store::create(&path, Place::Personal, &"ab".repeat(16), "2026-01-31T09:30:00Z", None).expect("creates");
    append(&mut store, 1, &[reviewer()]).expect("appends");
    let pages: i64 = store.conn.query_row("PRAGMA page_count", [], |row| row.get(0)).expect("reads");
    store.conn.query_row(&format!("PRAGMA max_page_count = {pages}"), [], |_| Ok(())).expect("sets");
    let error = append(&mut store, 2, &[title(&"long ".repeat(100_000))]).expect_err("no room");
    assert!(matches!(error, StoreError::DiskFull(_)), "{error}");
    assert_eq!(store.operations(0, 10).expect("reads").len(), 1);
    assert_eq!(store.check().expect("reads"), []);
}

#[test]
fn a_file_on_a_persons_machine_is_one_file_at_rest() {
    let folder = tempfile::tempdir().expect("a folder");
    for (place, mode) in [(Place::Personal, "delete"), (Place::SharedHost, "wal")] {
        let path = folder.path().join(format!("{mode}.tamis"));
        let store = Store::create(&path, place, &"ab".repeat(16), "2026-01-31T09:30:00Z", None).expect("creates");
        let found: String = store.conn.query_row("PRAGMA journal_mode", [], |row| row.get(0)).expect("reads");
        assert_eq!(found, mode);
        let synchronous: i64 = store.conn.query_row("PRAGMA synchronous", [], |row| row.get(0)).expect("reads");
        assert!(synchronous >= 2, "never less than FULL");
    }
    let names: Vec<_> = std::fs::read_dir(folder.path()).expect("reads").flatten().map(|entry| entry.file_name()).collect();
    assert!(names.iter().all(|name| !name.to_string_lossy().starts_with("delete.tamis-")), "{names:?}");
}

#[test]
fn the_bundled_sqlite_is_new_enough() {
    assert!(rusqlite::version_number() >= 3_051_003, "an older one can lose commits in WAL mode");
}

const NEXT: Migration = Migration { name: "9999_next.sql", sql: "CREATE TABLE next (a TEXT) STRICT;" };

#[test]
fn an_older_file_is_copied_before_it_is_brought_up_to_date() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("review.tamis");
    let mut store = Store::create(&path, Place::Personal, &"ab".repeat(16), "2026-01-31T09:30:00Z", None).expect("creates");
    append(&mut store, 1, &[reviewer()]).expect("appends");
    drop(store);
    let longer: Vec<Migration> = MIGRATIONS.iter().copied().chain([NEXT]).collect();
    let before = std::fs::read(&path).expect("reads");

    let refused = Store::open_with(&path, None, Some(|file: &Path| Err(StoreError::ReadOnly(file.to_owned()))), &longer);
    assert!(refused.is_err(), "without a copy nothing is changed");
    assert_eq!(std::fs::read(&path).expect("reads"), before);

    let copy = folder.path().join("copy.tamis");
    let copied = |file: &Path| std::fs::copy(file, &copy).map(|_| ()).map_err(|error| connection::io_error(file, &error));
    let store = Store::open_with(&path, None, Some(copied), &longer).expect("opens");
    assert_eq!(store.operations(0, 10).expect("reads").len(), 1);
    assert_eq!(std::fs::read(&copy).expect("reads"), before, "the copy is the file as it was");
    drop(store);
    let newer = Store::open(&path, None, |_| Ok(())).expect_err("this program is older than the file");
    let ours_now = MIGRATIONS.len() as u32;
    assert!(matches!(newer, StoreError::Newer { file_version, ours, .. } if (file_version, ours) == (ours_now + 1, ours_now)), "{newer}");
}

fn batch() -> BatchId {
    BatchId::from_hash(&[7; 32])
}

fn record(ordinal: u32) -> NewRecord {
    let raw = format!("TY  - JOUR\nTI  - Title {ordinal}\nAB  - {}\nER  - \n", "long ".repeat(400));
    let citation = Citation { title: format!("Title {ordinal}"), year: Some(2001), ..Citation::default() };
    NewRecord { id: record_id(batch(), ordinal, &raw), batch: batch(), ordinal, citation, raw }
}

fn import_rows(records_digest: String, remarks: u32) -> Vec<Row> {
    let source = Source { id: SourceId::from("s"), name: "S".to_owned(), kind: SourceKind::Database, platform: None };
    let import = ImportBatch {
        id: batch(),
        source: source.id.clone(),
        file_name: "s.ris".to_owned(),
        sha256: "ab".repeat(32),
        format: "ris".to_owned(),
        encoding: "utf-8".to_owned(),
        found: 1,
        kept: 1,
        not_understood: 0,
        run_date: None,
        strategy: None,
        hits_reported: None,
        records_digest,
    };
    let mut rows = vec![Row::Source(source), Row::Batch(import)];
    let counts = RemarkCounts { notes: 0, warnings: remarks, errors: 0 };
    rows.push(Row::RemarkCounts(ImportRemarkCounts { batch: batch(), counts }));
    rows.extend((1..=remarks).map(|line| Row::Remark(ImportRemark { batch: batch(), remark: remark(line) })));
    rows
}

fn remark(line: u32) -> Diagnostic {
    let field = line.is_multiple_of(2).then(|| "DO".to_owned());
    Diagnostic { severity: Severity::Warning, line: line as usize, field, message: format!("remark {line}") }
}

fn import(store: &mut Store, n: u8, records: u32, remarks: u32) -> Result<Appended, StoreError> {
    store.append_records(operation(n, OpKind::Import), |writer| {
        for ordinal in 1..=records {
            writer.add(&record(ordinal))?;
        }
        Ok(("imported".to_owned(), import_rows(writer.digest(), remarks)))
    })
}

/// The bytes of the file, where no transaction left anything beside it.
fn at_rest(path: &Path) -> Vec<u8> {
    let journal = path.with_file_name(format!("{}-journal", path.file_name().expect("a file").to_string_lossy()));
    assert!(!journal.exists(), "no journal is left");
    std::fs::read(path).expect("reads")
}

#[test]
fn records_are_chained_and_digested_as_they_come() {
    let mut store = store();
    append(&mut store, 1, &[reviewer()]).expect("appends");
    let done = import(&mut store, 2, 300, 3).expect("imports");
    assert_eq!(done.records, (1..=300).map(|ordinal| record(ordinal).id).collect::<Vec<_>>());
    assert_eq!(store.check().expect("reads"), []);
    assert_eq!(store.remarks_of(done.stored.operation.id).expect("reads"), [1, 2, 3].map(remark));
    let (state, problems) = store.load_state().expect("loads");
    assert_eq!((state.records().len(), problems), (300, Vec::new()));
    assert_eq!(state.remark_counts(batch()).total(), 3);
    store.conn.execute_batch("DROP TRIGGER import_remark_is_never_changed").expect("drops");
    store.conn.execute("UPDATE import_remark SET message = 'nothing' WHERE n = 4", []).expect("tampers");
    assert_eq!(store.check().expect("reads").len(), 1, "remarks are covered by the hash of their operation");
}

#[test]
fn an_import_that_stops_anywhere_leaves_the_file_byte_for_byte() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("review.tamis");
    let mut store = Store::create(&path, Place::Personal, &"ab".repeat(16), "2026-01-31T09:30:00Z", None).expect("creates");
    append(&mut store, 1, &[reviewer()]).expect("appends");
    store.conn.execute_batch("PRAGMA cache_size = 20").expect("a cache so small that pages go to the disk at once");
    let before = at_rest(&path);
    for stop in [0, 1, 255, 256, 700, 1999] {
        let error = store.append_records(operation(2, OpKind::Import), |writer| {
            for ordinal in 1..=stop {
                writer.add(&record(ordinal))?;
            }
            Err(StoreError::Cancelled)
        });
        assert!(matches!(error, Err(StoreError::Cancelled)), "{error:?}");
        assert_eq!(at_rest(&path), before, "stopped after {stop} records");
    }
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        let _ = store.append_records::<StoreError>(operation(2, OpKind::Import), |writer| {
            writer.add(&record(1)).expect("adds");
            panic!("a fault in a reader")
        });
    }));
    assert!(panicked.is_err());
    assert_eq!(at_rest(&path), before, "after a panic");
    import(&mut store, 2, 2000, 0).expect("goes in afterwards");
    assert_eq!(store.check().expect("reads"), []);
}

#[test]
fn an_import_for_which_the_disk_has_no_room_leaves_the_file_byte_for_byte() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("review.tamis");
    let mut store = Store::create(&path, Place::Personal, &"ab".repeat(16), "2026-01-31T09:30:00Z", None).expect("creates");
    append(&mut store, 1, &[reviewer()]).expect("appends");
    store.conn.execute_batch("PRAGMA cache_size = 20").expect("a small cache");
    let before = at_rest(&path);
    let pages: i64 = store.conn.query_row("PRAGMA page_count", [], |row| row.get(0)).expect("reads");
    for room in [0, 1, 10, 200] {
        store.conn.query_row(&format!("PRAGMA max_page_count = {}", pages + room), [], |_| Ok(())).expect("sets");
        let error = import(&mut store, 2, 2000, 0).expect_err("no room");
        assert!(matches!(error, StoreError::DiskFull(_)), "{error}");
        assert_eq!(at_rest(&path), before, "{room} pages of room");
    }
}

#[test]
fn a_merge_brings_records_and_remarks() {
    let (mut ours, mut theirs) = (store(), store());
    append(&mut theirs, 1, &[reviewer()]).expect("appends");
    import(&mut theirs, 2, 5, 2).expect("imports");
    assert_eq!(ours.merge_from(&theirs).expect("merges"), MergeCounts { operations: 2, records: 5 });
    assert_eq!(ours.check().expect("reads"), []);
    assert_eq!(ours.remarks_of(OpId::from_bytes([2; 16])).expect("reads"), [1, 2].map(remark));
}
