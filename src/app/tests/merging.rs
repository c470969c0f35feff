//! Copies grow apart and are merged: the union, whatever the order.

use super::*;

struct Copies {
    folder: tempfile::TempDir,
}

impl Copies {
    /// Makes a review file and two copies of it.
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let copies = Self { folder };
        let mut first =
            Workspace::found(&copies.path("one"), new_review(false), environment(1, Some(&copies.path("home")))).expect("begins");
        fill(&mut first);
        first.run(Request::FindDuplicates).expect("groups");
        first.back_up_to(&copies.path("two")).expect("copied");
        copies
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn open(&self, name: &str, seed: u64) -> Workspace {
        Workspace::open(&self.path(name), environment(seed, Some(&self.path(&format!("home-{name}"))))).expect("opens")
    }

    fn copy(&self, from: &str, to: &str) {
        self.open(from, 99).back_up_to(&self.path(to)).expect("copied");
    }
}

fn seen(review: &mut Workspace) -> String {
    ["A", "B"]
        .map(|person| {
            act(review, person);
            everything_visible(review)
        })
        .join("\n")
}

#[test]
fn merging_gives_the_same_review_on_both_sides_and_twice_is_once() {
    let copies = Copies::new();
    let mut one = copies.open("one", 11);
    let mut two = copies.open("two", 22);
    for name in ["first.ris#1", "first.ris#2"] {
        vote_as(&mut one, "A", Stage::TitleAbstract, name, Verdict::Include, None).expect("votes");
    }
    for name in ["first.ris#2", "first.ris#3"] {
        vote_as(&mut two, "B", Stage::TitleAbstract, name, Verdict::Exclude, None).expect("votes");
    }
    import(&mut two, "third.ris", "Other", &SECOND.replace("Memantine", "Amantadine").replace("10.1000/five", "10.1000/six"));
    drop((one, two));
    copies.copy("one", "one-before");
    let mut one = copies.open("one", 12);
    one.run(Request::Merge(copies.path("two"))).expect("merges");
    assert_eq!(one.conflicts(Stage::TitleAbstract).expect("reads").len(), 1, "first.ris#2 is in conflict now");
    let mut two = copies.open("two", 23);
    two.run(Request::Merge(copies.path("one-before"))).expect("merges");
    assert_eq!(seen(&mut one), seen(&mut two));
    assert_eq!(one.check().expect("reads"), []);
    let again = one.run(Request::Merge(copies.path("two"))).expect("merges");
    assert_eq!(again.op, None);
    assert!(again.message.contains("nothing new"), "{}", again.message);
}

#[test]
fn a_copied_file_begins_a_new_log_instead_of_forking_the_old_one() {
    let copies = Copies::new();
    let (mut one, mut two) = (copies.open("one", 11), copies.open("two", 22));
    vote_as(&mut one, "A", Stage::TitleAbstract, "first.ris#1", Verdict::Include, None).expect("votes");
    vote_as(&mut two, "A", Stage::TitleAbstract, "first.ris#2", Verdict::Include, None).expect("votes");
    drop(two);
    one.run(Request::Merge(copies.path("two"))).expect("merges");
    assert_eq!(one.check().expect("reads"), [], "no log has two operations at one place");
    act(&mut one, "A");
    assert_eq!(one.queue(Stage::TitleAbstract, Queue::Mine).len(), 2);
}

#[test]
fn another_review_and_a_tampered_copy_are_refused() {
    let copies = Copies::new();
    let other = Workspace::found(&copies.path("other"), new_review(false), environment(77, None)).expect("begins");
    drop(other);
    let mut one = copies.open("one", 11);
    let error = one.run(Request::Merge(copies.path("other"))).expect_err("another review");
    assert!(error.message.contains("another review"), "{}", error.message);

    let mut two = copies.open("two", 22);
    vote_as(&mut two, "B", Stage::TitleAbstract, "first.ris#1", Verdict::Include, None).expect("votes");
    drop(two);
    let mut bytes = std::fs::read(copies.path("two")).expect("reads");
    let place = bytes.windows(7).rposition(|window| window == b"include").expect("the vote stands in the file");
    bytes[place..place + 7].copy_from_slice(b"exclude");
    std::fs::write(copies.path("two"), bytes).expect("writes");
    let before = one.log_length();
    let error = one.run(Request::Merge(copies.path("two"))).expect_err("tampered");
    assert!(error.message.contains("is damaged"), "{}", error.message);
    assert_eq!(one.log_length(), before);
}
