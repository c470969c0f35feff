//! Searches for duplicates one after another: later imports, verdicts of people, and what is undone between them.

use super::*;

/// Names the groups by the places of their records, to compare two reviews.
fn groups(review: &Workspace) -> Vec<Vec<String>> {
    let groups = review.groups().expect("reads");
    groups.into_iter().map(|group| group.members.into_iter().map(|member| member.line.source_id).collect()).collect()
}

fn begun(seed: u64) -> Workspace {
    let mut review = Workspace::found_in_memory(new_review(false), environment(seed, None)).expect("begins");
    import(&mut review, "first.ris", "Embase", FIRST);
    review
}

#[test]
fn a_search_after_a_later_import_finds_what_one_search_over_all_finds() {
    let mut step_by_step = begun(21);
    step_by_step.run(Request::FindDuplicates).expect("looks");
    import(&mut step_by_step, "second.ris", "CENTRAL", SECOND);
    step_by_step.run(Request::FindDuplicates).expect("looks again");
    import(&mut step_by_step, "third.ris", "CINAHL", &SECOND.replace("Memantine", "Lidocaine"));
    step_by_step.run(Request::FindDuplicates).expect("looks once more");

    let mut at_once = begun(21);
    import(&mut at_once, "second.ris", "CENTRAL", SECOND);
    import(&mut at_once, "third.ris", "CINAHL", &SECOND.replace("Memantine", "Lidocaine"));
    at_once.run(Request::FindDuplicates).expect("looks");
    assert_eq!(groups(&step_by_step), groups(&at_once));
    assert_eq!(groups(&at_once)[0], ["first.ris#1", "second.ris#1", "third.ris#1"]);
}

#[test]
fn what_a_person_kept_apart_stays_apart_after_a_later_import() {
    let mut review = begun(22);
    import(&mut review, "second.ris", "CENTRAL", SECOND);
    review.run(Request::FindDuplicates).expect("looks");
    let second = record(&review, "second.ris#1");
    review.run(Request::Split(vec![second])).expect("splits");
    import(&mut review, "third.ris", "CINAHL", &format!("{FIRST}\n"));
    review.run(Request::FindDuplicates).expect("looks again");
    assert!(groups(&review).iter().all(|group| !(group.contains(&"first.ris#1".into()) && group.contains(&"second.ris#1".into()))));
    assert!(groups(&review).iter().any(|group| group.contains(&"third.ris#1".into())), "{:?}", groups(&review));
}

#[test]
fn a_search_that_was_undone_is_made_anew() {
    let mut review = begun(23);
    import(&mut review, "second.ris", "CENTRAL", SECOND);
    let found = review.run(Request::FindDuplicates).expect("looks");
    let before = groups(&review);
    review.run(Request::Undo(found.op)).expect("undoes");
    assert!(groups(&review).is_empty());
    review.run(Request::FindDuplicates).expect("looks again");
    assert_eq!(groups(&review), before);
}
