//! Updates of a review: what is new, known and gone, and a flow that adds up for each version.

use super::*;
use crate::app::query::{UpdatePart, UpdatedSource};
use crate::domain::flow::{FlowBox, IncludedCounts};

/// The first source searched again: two records known, two gone, two new.
const AGAIN: &str = "TY  - JOUR\nTI  - Ketamine infusion for chronic neuropathic pain: a randomised trial\nAU  - Alpha, Anna\nPY  - 2001\nJO  - Pain Journal\nVL  - 11\nSP  - 100\nEP  - 109\nDO  - 10.1000/one\nER  - \n\nTY  - JOUR\nTI  - Lidocaine and magnesium in fibromyalgia outpatients\nAU  - Beta, Ben\nPY  - 2002\nJO  - Anaesthesia Reports\nVL  - 12\nSP  - 200\nEP  - 209\nDO  - 10.1000/two\nER  - \n\nTY  - JOUR\nTI  - Long-term follow-up after ketamine infusion for neuropathic pain\nAU  - Alpha, Anna\nPY  - 2026\nJO  - Pain Journal\nVL  - 36\nSP  - 1\nEP  - 9\nDO  - 10.1000/six\nER  - \n\nTY  - JOUR\nTI  - Esketamine nasal spray in complex regional pain syndrome\nAU  - Zeta, Zoe\nPY  - 2026\nJO  - Limb Studies\nVL  - 40\nSP  - 77\nEP  - 88\nDO  - 10.1000/seven\nER  - \n";

fn start(label: &str, studies_before: u32, reports_before: u32) -> Request {
    Request::StartUpdate { label: label.to_owned(), studies_before, reports_before }
}

fn include(review: &mut Workspace, name: &str, study: &str) {
    for person in ["A", "B"] {
        vote_as(review, person, Stage::TitleAbstract, name, Verdict::Include, None).expect("votes");
    }
    let record = record(review, name);
    review.run(Request::Retrieve { record, state: RetrievalState::Retrieved, note: None }).expect("at hand");
    for person in ["A", "B"] {
        vote_as(review, person, Stage::FullText, name, Verdict::Include, None).expect("votes");
    }
    review.run(Request::LinkStudy { record, study: study.to_owned() }).expect("links");
}

/// A review whose first version includes "Alpha 2001", updated by a second search of Embase.
fn updated() -> Workspace {
    let mut review = review(1);
    act(&mut review, "A");
    review.run(Request::FindDuplicates).expect("looks");
    include(&mut review, "first.ris#1", "Alpha 2001");
    review.run(start("Update 2026", 0, 0)).expect("begins");
    import(&mut review, "again.ris", "Embase", AGAIN);
    review.run(Request::FindDuplicates).expect("looks");
    review
}

fn holds(review: &Workspace) {
    for version in review.versions() {
        for identity in review.flow_of_cycle(version.cycle).identities {
            assert!(identity.holds(), "{}: {identity:?}", version.label);
        }
    }
}

#[test]
fn an_update_tells_apart_what_is_new_what_was_known_and_what_is_gone() {
    let review = updated();
    let found = review.update_found(None);
    let embase = UpdatedSource { source: "Embase".to_owned(), earlier: 4, found: 4, new: 2, known: 2, gone: Some(2) };
    let central = UpdatedSource { source: "CENTRAL".to_owned(), earlier: 2, found: 0, new: 0, known: 0, gone: None };
    assert_eq!((found.cycle, found.sources), (2, vec![embase, central]));
    assert_eq!(
        found.versions.iter().map(|version| (version.label.as_str(), version.records)).collect::<Vec<_>>(),
        [("First version", 6), ("Update 2026", 4)]
    );
    let years = |part| review.update_records(2, part, None).expect("reads").iter().map(|line| line.year).collect::<Vec<_>>();
    assert_eq!(years(UpdatePart::New), [Some(2026), Some(2026)]);
    assert_eq!(years(UpdatePart::Known), [Some(2001), Some(2002)]);
    assert_eq!(years(UpdatePart::Gone), [Some(2003), Some(2004)]);
}

#[test]
fn the_flow_of_an_update_counts_what_is_new_beside_what_was_included() {
    let mut review = updated();
    let first = review.flow_of_cycle(1).flow;
    assert_eq!((first.identified(), first.duplicates, first.studies, first.previous), (6, 1, 1, None));

    include(&mut review, "again.ris#3", "Alpha 2001");
    include(&mut review, "again.ris#4", "Zeta 2026");
    let flow = review.flow().flow;
    assert_eq!((flow.identified(), flow.duplicates, flow.screened, flow.databases.len()), (4, 2, 2, 1));
    assert_eq!(flow.previous, Some(IncludedCounts { studies: 1, reports: 1 }));
    assert_eq!((flow.studies, flow.reports, flow.added_reports), (1, 1, 1));
    assert_eq!(flow.total, IncludedCounts { studies: 2, reports: 3 });
    holds(&review);

    let unchanged = review.flow_of_cycle(1).flow;
    assert_eq!(unchanged, first, "an update leaves the numbers of the first version as they were");
    for flow_box in [FlowBox::Identified, FlowBox::Duplicates, FlowBox::Screened, FlowBox::Included] {
        let counts = [flow.identified(), flow.duplicates, flow.screened, flow.reports + flow.added_reports];
        let at = [FlowBox::Identified, FlowBox::Duplicates, FlowBox::Screened, FlowBox::Included].iter().position(|b| *b == flow_box);
        assert_eq!(review.box_records(flow_box).expect("reads").len(), counts[at.expect("listed")], "{flow_box}");
    }
}

#[test]
fn a_version_made_elsewhere_counts_before_the_update() {
    let mut review = Workspace::found_in_memory(new_review(false), environment(3, None)).expect("begins");
    assert!(review.run(start("", 0, 0)).is_err(), "nothing is there to update");
    assert!(review.run(start("", 5, 0)).is_err(), "studies have reports");
    assert!(review.run(start("", 5, 3)).is_err(), "at least one each");
    review.run(start("", 5, 7)).expect("begins");
    fill(&mut review);
    act(&mut review, "A");
    review.run(Request::FindDuplicates).expect("looks");
    include(&mut review, "first.ris#1", "Alpha 2001");
    let flow = review.flow().flow;
    assert_eq!((flow.cycle, flow.previous), (2, Some(IncludedCounts { studies: 5, reports: 7 })));
    assert_eq!(flow.total, IncludedCounts { studies: 6, reports: 8 });
    holds(&review);
}

#[test]
fn an_update_is_begun_once_and_taken_back_only_while_nothing_rests_on_it() {
    let mut review = review(4);
    act(&mut review, "A");
    review.run(start("Update 2026", 0, 0)).expect("begins");
    let again = review.run(start("Update 2027", 0, 0)).expect_err("nothing was imported in it");
    assert!(again.to_string().contains("Update 2026 has no imports yet"), "{again}");
    review.run(Request::Undo(None)).expect("nothing rests on it");
    assert_eq!(review.versions().len(), 1);
    review.run(Request::Redo(None)).expect("stands again");
    import(&mut review, "again.ris", "Embase", AGAIN);
    let begun = review
        .log(0, 100)
        .expect("reads")
        .into_iter()
        .find(|entry| entry.kind == "setup" && entry.summary.starts_with("began Update 2026"))
        .expect("in the log")
        .id
        .parse()
        .expect("an identity");
    let blocked = review.run(Request::Undo(Some(begun))).expect_err("an import rests on it");
    assert!(blocked.to_string().contains("1 import was made in this update"), "{blocked}");
}

#[test]
fn the_very_same_export_in_an_update_is_a_search_that_found_nothing_new() {
    let mut review = review(1);
    act(&mut review, "A");
    review.run(Request::FindDuplicates).expect("looks");
    review.run(start("Update 2026", 0, 0)).expect("begins");
    import(&mut review, "first-again.ris", "Embase", FIRST);
    review.run(Request::FindDuplicates).expect("looks");
    let found = review.update_found(None);
    let embase = UpdatedSource { source: "Embase".to_owned(), earlier: 4, found: 4, new: 0, known: 4, gone: Some(0) };
    assert_eq!(found.sources[0], embase);
    let flow = review.flow().flow;
    assert_eq!((flow.identified(), flow.duplicates, flow.screened + flow.pending_screening), (4, 4, 0));
    holds(&review);
    let order = ImportOrder { path: PathBuf::from("once-more.ris"), ..order_of("Embase") };
    let error = review.import_bundled(&order, FIRST).expect_err("twice in one update");
    assert!(error.message.contains("was imported before, as first-again.ris"), "{}", error.message);
    review.run(Request::Undo(None)).expect("the search for duplicates");
    review.run(Request::Undo(None)).expect("the import");
    assert_eq!(review.overview().records, 6);
    assert!(review.check().expect("reads").is_empty());
}
