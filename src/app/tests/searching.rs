//! Finding records: what a query finds, what it says where it cannot be read, and that it tells nothing that may not be seen.

use proptest::prelude::*;

use super::*;
use crate::domain::search::{SEARCH_WORDS, WordKind};

/// Returns the places in the order of import ("1 3") that a query finds among all records at title and abstract.
fn found(review: &Workspace, query: &str) -> String {
    places(review, &review.filter(Stage::TitleAbstract, Queue::All, query, false).expect(query).records)
}

fn places(review: &Workspace, records: &[RecordId]) -> String {
    let all = review.queue(Stage::TitleAbstract, Queue::All);
    let place = |record: &RecordId| all.iter().position(|known| known == record).expect("a unit") + 1;
    records.iter().map(|record| place(record).to_string()).collect::<Vec<_>>().join(" ")
}

fn note_as(review: &mut Workspace, person: &str, name: &str, verdict: Verdict, note: &str) {
    act(review, person);
    let record = record(review, name);
    let entry = VoteEntry { record, verdict, reason: None, note: Some(note.to_owned()), milliseconds: None };
    review.run(Request::Vote { stage: Stage::TitleAbstract, votes: vec![entry] }).expect("votes");
}

#[test]
fn words_fields_and_states_find_units_in_the_order_of_import() {
    let mut review = review(7);
    review.run(Request::FindDuplicates).expect("groups");
    vote_as(&mut review, "A", Stage::TitleAbstract, "first.ris#2", Verdict::Maybe, None).expect("votes");
    let cases = [
        ("ketamine", "1"),
        ("in", "2 4"),
        ("in -cancer", "2"),
        ("ketamine or memantine", "1 5"),
        ("\"chronic neuropathic\"", "1"),
        ("\"neuropathic chronic\"", ""),
        ("neuro*", "1 3"),
        ("title:neuro*", "1"),
        ("journal:neuro*", "3"),
        ("author:alpha", "1"),
        ("year:2002..2003", "2 3"),
        ("2004", "4"),
        ("source:central", "1 5"),
        ("central", "1 5"),
        ("doi:10.1000/Two", "2"),
        ("doi:10.1000/t*", "2 3"),
        ("id:second.ris#2", "5"),
        ("id:second.ris#9", ""),
        ("has:abstract", ""),
        ("-has:doi", ""),
        ("has:duplicate", "1"),
        ("is:undecided", "1 3 4 5"),
        ("is:mine", "2"),
        ("is:maybe or is:conflict", "2"),
        ("my:maybe", "2"),
        ("my:exclude", ""),
        ("", "1 2 3 4 5"),
    ];
    for (query, expected) in cases {
        assert_eq!(found(&review, query), expected, "{query}");
    }
    let name = review.queue(Stage::TitleAbstract, Queue::All)[2].to_string();
    assert_eq!(found(&review, &format!("id:{name}")), "3");
}

#[test]
fn a_filter_narrows_the_chosen_list_and_counts_what_it_leaves_out() {
    let mut review = review(7);
    vote_as(&mut review, "A", Stage::TitleAbstract, "first.ris#1", Verdict::Include, None).expect("votes");
    let filter = |query: &str| review.filter(Stage::TitleAbstract, Queue::Undecided, query, false).expect("reads");
    let neuropathic = filter("neuropathic");
    assert_eq!((places(&review, &neuropathic.records).as_str(), neuropathic.everywhere), ("5", 2));
    assert_eq!(places(&review, &filter("my:include").records), "1", "a state is asked of all records");
}

#[test]
fn a_query_that_cannot_be_read_is_told_with_its_place() {
    let error = review(7).filter(Stage::TitleAbstract, Queue::All, "pain yeer:2010", false).expect_err("no field");
    assert_eq!(error.message, "letter 6: there is no field “yeer”");
    assert!(error.hint.is_some_and(|hint| hint.contains("year")));
}

#[test]
fn later_imports_and_imports_taken_back_are_seen() {
    let mut review = review(7);
    assert_eq!(found(&review, "memantine"), "6");
    let op = review.run(Request::Undo(None)).expect("taken back").op;
    assert!(op.is_some());
    assert_eq!(found(&review, "memantine"), "");
    import(&mut review, "third.ris", "Extra", "TY  - JOUR\nTI  - Memantine again\nAU  - Zeta, Z.\nPY  - 2006\nER  - \n");
    assert_eq!(found(&review, "memantine again"), "5");
    review.reload().expect("reads");
    assert_eq!(found(&review, "memantine"), "5");
}

#[test]
fn a_note_is_found_by_its_author_and_by_others_when_both_have_voted() {
    let mut review = review(7);
    note_as(&mut review, "A", "first.ris#3", Verdict::Include, "ask the Librarian");
    assert_eq!(found(&review, "note:librarian"), "3");
    assert_eq!(found(&review, "librarian has:note"), "3");
    act(&mut review, "B");
    assert_eq!(found(&review, "note:librarian"), "");
    note_as(&mut review, "B", "first.ris#3", Verdict::Include, "fine");
    assert_eq!(found(&review, "note:librarian"), "3");
    assert_eq!(found(&review, "note:fine"), "3");
}

#[test]
fn tags_and_stars_are_found_by_their_author_and_by_others_when_both_have_voted() {
    use crate::app::MarkChange;
    use crate::domain::mark::Star;
    let mut review = review(7);
    act(&mut review, "A");
    let record = record(&review, "first.ris#3");
    let changes = vec![MarkChange::Tag("Dose finding".to_owned(), true), MarkChange::Star(Star::KeyPaper, true)];
    review.run(Request::Mark { record, changes }).expect("marks");
    let queries = ["tag:dose", "dose", "has:tag", "has:star"];
    for query in queries {
        assert_eq!(found(&review, query), "3", "{query}");
    }
    act(&mut review, "B");
    for query in queries {
        assert_eq!(found(&review, query), "", "{query}");
    }
    for person in ["A", "B"] {
        vote_as(&mut review, person, Stage::TitleAbstract, "first.ris#3", Verdict::Include, None).expect("votes");
    }
    assert_eq!(found(&review, "tag:\"dose finding\" has:star"), "3");
}

#[test]
fn texts_read_on_another_thread_find_the_same() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("review.tamis");
    let mut review = Workspace::found(&path, new_review(false), environment(7, None)).expect("begins");
    fill(&mut review);
    let order = review.texts_to_read().expect("there is something to read");
    assert_eq!(order.records, 6);
    let mut steps = Vec::new();
    let read = std::thread::spawn(move || {
        order
            .read(&mut |done, total, _| {
                steps.push((done, total));
                true
            })
            .map(|read| (read, steps))
    });
    let (read, steps) = read.join().expect("no panic").expect("reads");
    assert_eq!(steps.last(), Some(&(6, 6)));
    review.take_texts(read);
    assert!(review.texts_to_read().is_none() && review.size_of_texts() > 0);
    assert_eq!(found(&review, "ketamine"), "1 5");
    let stopped = Workspace::open(&path, environment(8, None)).expect("opens").texts_to_read().expect("to read").read(&mut |_, _, _| false);
    assert!(stopped.is_err());
}

/// Queries made of every word of the language and of words that hidden notes hold.
fn any_query() -> impl Strategy<Value = String> {
    let examples: Vec<&'static str> = SEARCH_WORDS.iter().filter(|word| word.kind != WordKind::Form).map(|word| word.example).collect();
    let word = prop_oneof![
        3 => prop::sample::select(examples),
        2 => prop::sample::select(vec!["secret", "note:secret", "note:sec*", "has:note", "is:conflict", "is:included", "is:excluded", "neuropathic"]),
    ];
    let signed = (word, any::<bool>()).prop_map(|(word, is_not)| if is_not { format!("-{word}") } else { word.to_owned() });
    let joint = prop::sample::select(vec![" ", " or "]);
    prop::collection::vec((signed, joint), 1..4).prop_map(|parts| {
        let mut text = String::new();
        for (at, (word, joint)) in parts.iter().enumerate() {
            text += if at == 0 { "" } else { joint };
            text += word;
        }
        text
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Two reviews that differ only in judgements that B may not see yet answer every query of B alike.
    #[test]
    fn hidden_judgements_change_nothing_that_a_query_finds(
        queries in prop::collection::vec(any_query(), 12),
        hidden in prop::collection::vec((1..=4usize, 0..3usize), 0..4),
        shared in prop::collection::vec((1..=4usize, 0..3usize), 0..2),
    ) {
        let verdicts = [Verdict::Include, Verdict::Maybe, Verdict::Exclude];
        let build = |with_hidden: bool| {
            let mut review = review(7);
            let mut open = Vec::new();
            for (place, verdict) in &shared {
                if open.contains(place) {
                    continue;
                }
                open.push(*place);
                for person in ["A", "B"] {
                    note_as(&mut review, person, &format!("first.ris#{place}"), verdicts[*verdict], "open word");
                }
            }
            for (place, verdict) in hidden.iter().filter(|(place, _)| with_hidden && !open.contains(place)) {
                note_as(&mut review, "A", &format!("first.ris#{place}"), verdicts[*verdict], "secret word");
            }
            act(&mut review, "B");
            review
        };
        let (one, other) = (build(true), build(false));
        for query in &queries {
            for queue in <Queue as strum::IntoEnumIterator>::iter() {
                let seen = |review: &Workspace| review.filter(Stage::TitleAbstract, queue, query, false).expect(query);
                prop_assert_eq!(seen(&one), seen(&other), "{} in {}", query, queue);
            }
            prop_assert_eq!(one.search(query).expect(query), other.search(query).expect(query));
        }
    }
}
