//! Duplicates by keys: searching, deciding pairs, splitting groups.

use tamis::app::Request;

use super::{grouped_review, notice, open, small_review, snapshot};

#[test]
fn the_empty_screen_names_the_key_and_the_search_tells_what_it_found() {
    let mut program = open(small_review(), 80, 24);
    assert!(program.press("g d").text().contains("Press r to look for duplicates"), "{}", program.text());
    program.press("r");
    assert!(notice(&program).contains("1 duplicate in 1 group; 1 pair needs a person"), "{}", notice(&program));
    snapshot("groups_80x24", program.press("v v"));
}

#[test]
fn a_pair_is_shown_side_by_side_and_decided_by_a_key() {
    let mut review = grouped_review();
    let pairs = review.possible_duplicates().expect("pairs").len();
    assert!(pairs > 0, "the example holds a possible pair");
    let mut program = open(review, 80, 24);
    snapshot("pair_80x24", program.press("g d"));
    program.press("w");
    assert!(program.text().contains("Why?"), "{}", program.text());
    program.press("esc d");
    review = grouped_review();
    let groups = review.groups().expect("groups").len();
    let after = program.service().review().possible_duplicates().expect("pairs").len();
    assert_eq!(after, pairs - 1);
    program.press("u s");
    assert_eq!(program.service().review().groups().expect("groups").len(), groups + 1);
}

#[test]
fn a_record_leaves_its_group_and_comes_back_by_undo() {
    let mut review = grouped_review();
    for pair in review.possible_duplicates().expect("pairs") {
        review.run(Request::KeepApart(pair.a.record, pair.b.record)).expect("apart");
    }
    let mut program = open(review, 80, 24);
    program.press("g d v tab down x");
    assert!(program.service().review().groups().expect("groups").is_empty(), "{}", program.text());
    program.press("u");
    assert_eq!(program.service().review().groups().expect("groups").len(), 1);
}
