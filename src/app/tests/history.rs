//! The laws of history: living through changes and loading them afresh give the same review; undo restores; redo repeats.

use proptest::prelude::*;

use super::*;

/// One step of a random life of a review.
#[derive(Debug, Clone)]
enum Step {
    Vote { person: usize, record: usize, verdict: Verdict, stage: Stage },
    Resolve { person: usize, record: usize, verdict: Verdict },
    Retrieve { record: usize, state: RetrievalState },
    Group { a: usize, b: usize },
    Split { a: usize },
    Link { record: usize, study: usize },
    FindDuplicates,
    Undo { person: usize, back: Option<usize> },
    Redo { person: usize },
}

const PEOPLE: [&str; 2] = ["A", "B"];

fn any_step() -> impl Strategy<Value = Step> {
    let verdict = || prop_oneof![Just(Verdict::Include), Just(Verdict::Exclude)];
    let stage = || prop_oneof![3 => Just(Stage::TitleAbstract), 2 => Just(Stage::FullText)];
    let state = prop_oneof![Just(RetrievalState::Retrieved), Just(RetrievalState::NotRetrieved), Just(RetrievalState::Requested)];
    prop_oneof![
        8 => (0..2usize, 0..6usize, verdict(), stage()).prop_map(|(person, record, verdict, stage)| Step::Vote { person, record, verdict, stage }),
        2 => (0..2usize, 0..6usize, verdict()).prop_map(|(person, record, verdict)| Step::Resolve { person, record, verdict }),
        1 => (0..6usize, state).prop_map(|(record, state)| Step::Retrieve { record, state }),
        1 => (0..6usize, 0..6usize).prop_map(|(a, b)| Step::Group { a, b }),
        1 => (0..6usize).prop_map(|a| Step::Split { a }),
        1 => (0..6usize, 0..2usize).prop_map(|(record, study)| Step::Link { record, study }),
        1 => Just(Step::FindDuplicates),
        4 => (0..2usize, prop::option::of(0..12usize)).prop_map(|(person, back)| Step::Undo { person, back }),
        2 => (0..2usize).prop_map(|person| Step::Redo { person }),
    ]
}

/// Tells whether the bits of who voted say what the votes say.
fn bits_are_right(review: &Workspace) -> bool {
    let state = &review.state;
    let says_so = |stage, person: &str| {
        let person = ReviewerId::from(person);
        let has_voted = state.voted_by(stage, &person);
        state.units().all(|unit| has_voted(unit) == state.vote_by(stage, unit, &person).is_some())
    };
    [Stage::TitleAbstract, Stage::FullText].into_iter().all(|stage| ["A", "B", "nobody"].iter().all(|person| says_so(stage, person)))
}

/// Returns the six records, whether their imports stand or not.
fn ids(review: &Workspace) -> Vec<RecordId> {
    review.state.records().iter().map(|record| record.id).collect()
}

/// Does a step; a refusal is as good as a deed.
fn take(review: &mut Workspace, step: &Step) -> Option<Reply> {
    let at = |review: &Workspace, place: usize| ids(review)[place];
    let request = match *step {
        Step::Vote { person, record: place, verdict, stage } => {
            let reason = (stage == Stage::FullText && verdict == Verdict::Exclude).then_some("design");
            act(review, PEOPLE[person]);
            let entry = VoteEntry { record: at(review, place), verdict, reason: reason.map(str::to_owned), note: None, milliseconds: None };
            Request::Vote { stage, votes: vec![entry] }
        }
        Step::Resolve { person, record: place, verdict } => {
            act(review, PEOPLE[person]);
            Request::Resolve {
                stage: Stage::TitleAbstract,
                record: at(review, place),
                verdict,
                reason: None,
                rationale: "because".to_owned(),
            }
        }
        Step::Retrieve { record: place, state } => Request::Retrieve { record: at(review, place), state, note: None },
        Step::Group { a, b } => Request::Group(vec![at(review, a), at(review, b)]),
        Step::Split { a } => Request::Split(vec![at(review, a)]),
        Step::Link { record: place, study } => {
            Request::LinkStudy { record: at(review, place), study: ["Alpha 2001", "Beta 2002"][study].to_owned() }
        }
        Step::FindDuplicates => Request::FindDuplicates,
        Step::Undo { person, back } => {
            act(review, PEOPLE[person]);
            let op = back.and_then(|back| review.state.ops().iter().rev().nth(back).map(|op| op.id));
            Request::Undo(op)
        }
        Step::Redo { person } => {
            act(review, PEOPLE[person]);
            Request::Redo(None)
        }
    };
    review.run(request).ok()
}

/// The review as both people see it, without the log, which only grows.
fn picture(review: &mut Workspace) -> String {
    let mut text = String::new();
    for person in PEOPLE {
        act(review, person);
        let overview = review.overview();
        text += &serde_json::to_string_pretty(&overview).expect("json");
        text += &serde_json::to_string_pretty(&review.flow()).expect("json");
        text += &serde_json::to_string_pretty(&review.groups().expect("reads")).expect("json");
        text += &serde_json::to_string_pretty(&review.studies().expect("reads")).expect("json");
        text += &serde_json::to_string_pretty(&review.reports().expect("reads")).expect("json");
        for stage in [Stage::TitleAbstract, Stage::FullText] {
            for record in ids(review) {
                text += &format!("{:#?}", review.unit_view(stage, record));
            }
        }
    }
    text
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_life_loads_afresh_into_the_same_state(steps in prop::collection::vec(any_step(), 1..40)) {
        let mut review = review(3);
        for step in &steps {
            take(&mut review, step);
        }
        let (fresh, problems) = review.store.load_state().expect("loads");
        prop_assert!(problems.is_empty());
        prop_assert_eq!(&fresh, &review.state);
        prop_assert!(bits_are_right(&review));
        prop_assert!(review.check().expect("reads").is_empty());
        let view = review.flow();
        for identity in view.identities {
            prop_assert!(identity.holds(), "{:?}", identity);
        }
    }

    #[test]
    fn undo_restores_and_redo_repeats(steps in prop::collection::vec(any_step(), 1..25)) {
        let mut review = review(4);
        for step in &steps {
            let before = picture(&mut review);
            let Some(reply) = take(&mut review, step) else { continue };
            let Some(op) = reply.op else { continue };
            if review.state.op(review.state.op_place(op).expect("known")).kind.is_toggle() {
                continue;
            }
            let author = review.state.op(review.state.op_place(op).expect("known")).reviewer.clone();
            let after = picture(&mut review);
            review.act_as(&author).expect("known");
            review.run(Request::Undo(Some(op))).expect("the newest operation can always be taken back");
            prop_assert_eq!(&picture(&mut review), &before);
            review.act_as(&author).expect("known");
            review.run(Request::Redo(Some(op))).expect("what was taken back can be put back");
            prop_assert_eq!(&picture(&mut review), &after);
        }
    }
}

#[test]
fn undo_without_a_name_takes_back_ones_own_newest_operation_and_redo_puts_it_back() {
    let mut review = review(5);
    vote_as(&mut review, "A", Stage::TitleAbstract, "first.ris#1", Verdict::Include, None).expect("votes");
    vote_as(&mut review, "B", Stage::TitleAbstract, "first.ris#2", Verdict::Include, None).expect("votes");
    act(&mut review, "A");
    let reply = review.run(Request::Undo(None)).expect("undone");
    assert!(reply.message.contains("voted at title/abstract"), "{}", reply.message);
    assert_eq!(review.queue(Stage::TitleAbstract, Queue::Mine).len(), 0);
    review.run(Request::Redo(None)).expect("redone");
    assert_eq!(review.queue(Stage::TitleAbstract, Queue::Mine).len(), 1);
    assert!(review.run(Request::Redo(None)).is_err(), "nothing is left to redo");
}

#[test]
fn undo_names_what_stands_in_the_way() {
    let mut review = review(5);
    vote_as(&mut review, "A", Stage::TitleAbstract, "first.ris#1", Verdict::Include, None).expect("votes");
    let import = review.log(0, 100).expect("reads").into_iter().find(|entry| entry.summary.contains("first.ris")).expect("an import");
    let op = review.find_operation(&import.id).expect("known");
    let error = review.run(Request::Undo(Some(op))).expect_err("a vote rests on it");
    assert_eq!(error.message, "1 vote was cast on records of this import");
    act(&mut review, "B");
    let error = review.run(Request::Undo(Some(op))).expect_err("another's work");
    assert!(error.message.contains("made by A"), "{}", error.message);
}

#[test]
fn the_past_can_be_counted_as_it_was() {
    let mut review = review(5);
    let then = review.log_length();
    let before = review.flow();
    review.run(Request::FindDuplicates).expect("groups");
    assert_ne!(review.flow(), before);
    assert_eq!(review.flow_at(then).expect("reads"), before);
}

#[test]
fn an_import_that_was_undone_can_be_made_again() {
    let mut review = review(5);
    review.run(Request::Undo(None)).expect("undone");
    assert_eq!(review.overview().records, 4);
    import(&mut review, "second.ris", "CENTRAL", SECOND);
    assert_eq!(review.overview().records, 6);
    assert_eq!(review.check().expect("reads"), []);
}
