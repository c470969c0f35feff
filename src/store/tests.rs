//! Tests of the file itself: triggers, constraints, a disk that is full, the hash chain.

use crate::domain::decision::{Stage, Verdict, Vote};
use crate::domain::ids::{LogId, OpId, ReviewerId};
use crate::domain::operation::{OpKind, Row};
use crate::domain::review::{ReviewInfo, Reviewer, Role};
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
    store.append(operation(n, OpKind::Setup), rows, &mut std::iter::empty(), &mut |_| true)
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
        record: record_id(crate::domain::ids::BatchId::from_hash(&[0; 32]), 1, "nowhere"),
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

    let refused = Store::open_with(&path, None, |file| Err(StoreError::ReadOnly(file.to_owned())), &longer);
    assert!(refused.is_err(), "without a copy nothing is changed");
    assert_eq!(std::fs::read(&path).expect("reads"), before);

    let copy = folder.path().join("copy.tamis");
    let copied = |file: &Path| std::fs::copy(file, &copy).map(|_| ()).map_err(|error| connection::io_error(file, &error));
    let store = Store::open_with(&path, None, copied, &longer).expect("opens");
    assert_eq!(store.operations(0, 10).expect("reads").len(), 1);
    assert_eq!(std::fs::read(&copy).expect("reads"), before, "the copy is the file as it was");
    drop(store);
    let newer = Store::open(&path, None, |_| Ok(())).expect_err("this program is older than the file");
    assert!(matches!(newer, StoreError::Newer { file_version: 2, ours: 1, .. }), "{newer}");
}
