//! The traps of deduplication, one test each, on invented records; the laws of grouping are in `laws`.

mod laws;
mod look_alikes;

use super::{FieldVerdict, PairVerdict, Prepared, Settled, explain, find_duplicates, find_duplicates_from};
use crate::domain::author::Author;
use crate::domain::identifier::{Doi, Pmid};
use crate::domain::record::{Citation, PublicationKind};

/// An invented paper: a title that nothing else has, three authors, a place in a journal.
fn paper() -> Citation {
    Citation {
        title: "Warm socks against cold feet in lighthouse keepers: a randomised trial".into(),
        authors: vec![
            Author::new("Okafor", Some("Ngozi B")),
            Author::new("van Rijn", Some("Pieter")),
            Author::new("Lindqvist", Some("Eva")),
        ],
        journal: Some("Journal of Applied Hosiery".into()),
        year: Some(2011),
        volume: Some("26".into()),
        issue: Some("3".into()),
        start_page: Some("221".into()),
        end_page: Some("228".into()),
        ..Citation::default()
    }
}

fn abstract_of_meeting(title: &str, first_author: &str) -> Citation {
    Citation {
        title: title.into(),
        authors: vec![Author::new(first_author, Some("A"))],
        journal: Some("Journal of Applied Hosiery".into()),
        year: Some(2011),
        volume: Some("26".into()),
        issue: Some("Suppl 1".into()),
        start_page: Some("S53".into()),
        doi: Doi::find("10.5555/jah.2011.26.s1"),
        ..Citation::default()
    }
}

fn with(change: impl FnOnce(&mut Citation)) -> Citation {
    let mut citation = paper();
    change(&mut citation);
    citation
}

#[track_caller]
fn assert_verdict(a: &Citation, b: &Citation, verdict: PairVerdict) {
    for (x, y) in [(a, b), (b, a)] {
        let explanation = explain(x, y);
        assert_eq!(explanation.verdict, verdict, "{}: {}\n{:#?}", explanation.rule, explanation.reason, explanation.fields);
    }
    let is_grouped = groups(&[a.clone(), b.clone()]) == vec![vec![0, 1]];
    assert_eq!(is_grouped, verdict == PairVerdict::Duplicate, "candidate pairs or groups disagree with the verdict");
}

#[track_caller]
fn assert_same(change: impl FnOnce(&mut Citation)) {
    assert_verdict(&paper(), &with(change), PairVerdict::Duplicate);
}

#[track_caller]
fn assert_different(change: impl FnOnce(&mut Citation)) {
    assert_verdict(&paper(), &with(change), PairVerdict::Different);
}

fn prepare(records: &[Citation]) -> Vec<Prepared> {
    records.iter().map(Prepared::new).collect()
}

fn groups(records: &[Citation]) -> Vec<Vec<usize>> {
    find_duplicates(&prepare(records), &Settled::default(), &mut |_, _| true).expect("not cancelled").groups
}

#[test]
fn abstracts_that_share_the_doi_and_page_of_a_supplement_stay_apart() {
    let records = [
        abstract_of_meeting("Wool and blood flow of the toes in lighthouse keepers", "Okafor"),
        abstract_of_meeting("Darning needles as a cause of minor injury among sailors", "Silva"),
        abstract_of_meeting("Wool and blood flow of the toes in lighthouse keepers of Norway and Iceland: a register study", "Haugen"),
        abstract_of_meeting("Wool and blood flow of the toes in lighthouse keepers.", "Okafor"),
    ];
    assert_eq!(groups(&records), vec![vec![0, 3]]);
}

#[test]
fn the_same_common_title_in_another_issue_is_another_text() {
    for title in ["Editorial", "Introduction", "Letter", "In this issue"] {
        let first = with(|c| c.title = title.into());
        let mut second = first.clone();
        second.issue = Some("4".into());
        second.start_page = Some("301".into());
        second.end_page = Some("302".into());
        assert_verdict(&first, &second, PairVerdict::Different);
        assert_verdict(&first, &first.clone(), PairVerdict::Duplicate);
    }
}

#[test]
fn a_meeting_abstract_is_not_the_paper_that_follows_it() {
    for change in [
        |c: &mut Citation| (c.issue, c.start_page, c.end_page) = (Some("Suppl 1".into()), Some("S53".into()), None),
        |c: &mut Citation| (c.volume, c.start_page, c.end_page) = (Some("25 Suppl 1".into()), Some("53".into()), None),
        |c: &mut Citation| {
            c.journal = Some("Acta Pedis.Conference: 4th Congress of Foot Medicine, Oslo".into());
            (c.volume, c.start_page, c.end_page) = (Some("9".into()), Some("53".into()), None);
        },
    ] {
        let explanation = explain(&paper(), &with(change));
        assert_ne!(explanation.verdict, PairVerdict::Duplicate, "{}", explanation.reason);
    }
}

#[test]
fn errata_replies_and_comments_are_not_the_paper() {
    for title in [
        "Erratum: Warm socks against cold feet in lighthouse keepers: a randomised trial",
        "Warm socks against cold feet in lighthouse keepers: a randomised trial (vol 26, pg 221, 2011)",
        "Warm socks against cold feet in lighthouse keepers: a randomised trial (Journal of Applied Hosiery (2011) 26 (221-228))",
        "Warm socks against cold feet in lighthouse keepers: a randomised trial - Reply",
        "Comment on: Warm socks against cold feet in lighthouse keepers: a randomised trial",
        "Re: Warm socks against cold feet in lighthouse keepers: a randomised trial",
        "Retraction: Warm socks against cold feet in lighthouse keepers: a randomised trial",
        "Warm socks against cold feet in lighthouse keepers: protocol of a randomised trial",
    ] {
        let explanation = explain(&paper(), &with(|c| (c.title, c.start_page, c.end_page) = (title.into(), Some("400".into()), None)));
        assert_eq!(explanation.verdict, PairVerdict::Different, "{title}: {}", explanation.reason);
    }
}

#[test]
fn a_note_about_an_erratum_belongs_to_the_original() {
    assert_same(|c| c.title.push_str(" [Erratum appears in J Appl Hosiery. 2012;27(1):9]"));
}

#[test]
fn two_spellings_of_one_erratum_are_one() {
    let place = |c: &mut Citation| (c.issue, c.start_page, c.end_page) = (Some("9".into()), Some("900".into()), Some("900".into()));
    let first = with(|c| {
        place(c);
        c.title.push_str(" (vol 26, pg 221, 2011)");
    });
    let second = with(|c| {
        place(c);
        c.title.push_str(" (Journal of Applied Hosiery (2011) 26 (221-228))");
    });
    assert_verdict(&first, &second, PairVerdict::Duplicate);
}

#[test]
fn one_decisive_word_makes_another_paper() {
    for (a, b) in [
        ("Sensitive strains of foot fungus in barracks and their spread", "Resistant strains of foot fungus in barracks and their spread"),
        ("Chilblains treated with wool in adult mountain guides", "Chilblains treated with wool in adolescent mountain guides"),
        ("Deficiency of complement factor H in twelve divers", "Deficiency of complement factor I in twelve divers"),
        ("The warming of hands, a theory of mittens, part I", "The warming of hands, a theory of mittens, part II"),
        ("A phase 2 study of heated insoles for skiers", "A phase 3 study of heated insoles for skiers"),
        ("Frostbite in the armed forces: annual report for 2009", "Frostbite in the armed forces: annual report for 2010"),
        ("Heated insoles in diabetic neuropathy of the feet", "Heated insoles in non-diabetic neuropathy of the feet"),
        ("Hypertension after immersion of the feet in cold water", "Hypotension after immersion of the feet in cold water"),
    ] {
        let place = |title: &str, page: &str| with(|c| (c.title, c.start_page, c.end_page) = (title.into(), Some(page.into()), None));
        assert_verdict(&place(a, "10"), &place(b, "10"), PairVerdict::Different);
        assert_verdict(&place(a, "10"), &place(b, "20"), PairVerdict::Different);
    }
}

#[test]
fn numerals_and_spellings_of_one_title_are_not_decisive() {
    let first = with(|c| c.title = "A phase II study of haemolytic complications in tumour patients with TNF-α blockade".into());
    let second = with(|c| c.title = "A Phase 2 Study of Hemolytic Complications in Tumor Patients With TNF-alpha Blockade.".into());
    assert_verdict(&first, &second, PairVerdict::Duplicate);
}

#[test]
fn swapped_split_or_missing_author_names_do_not_hide_a_duplicate() {
    assert_same(|c| c.authors = vec![Author::new("Ngozi", Some("Okafor")), Author::new("Rijn", Some("Pieter van"))]);
    assert_same(|c| c.authors = vec![Author::new("Okafor Ngozi", None)]);
    assert_same(|c| c.authors.clear());
}

#[test]
fn a_translated_title_is_known_by_its_place_and_authors() {
    assert_same(|c| c.title = "[Chaussettes chaudes contre les pieds froids chez les gardiens de phare]".into());
    assert_same(|c| {
        c.original_title = Some("Chaussettes chaudes contre les pieds froids chez les gardiens de phare".into());
        c.title = "[Woollen stockings and chilly extremities in keepers of lights]".into();
    });
    let original = with(|c| {
        c.title = "Chaussettes chaudes contre les pieds froids chez les gardiens de phare".into();
        c.start_page = None;
        c.end_page = None;
    });
    let both = with(|c| c.original_title = Some(original.title.clone()));
    assert_verdict(&original, &both, PairVerdict::Duplicate);
}

#[test]
fn pages_agree_in_every_spelling() {
    for (start, end) in [
        ("221-8", None),
        ("221-228", None),
        ("221", Some("8")),
        ("221\u{2010}228", None),
        ("pp. 221-228", None),
        ("221-228; discussion 229", None),
        ("no pagination", None),
        ("-228", None),
    ] {
        assert_same(|c| {
            c.start_page = Some(start.into());
            c.end_page = end.map(str::to_owned);
        });
    }
    let supplement = with(|c| (c.start_page, c.end_page) = (Some("S12".into()), Some("S28".into())));
    let lost = with(|c| (c.start_page, c.end_page) = (Some("Suppl-28".into()), None));
    assert_verdict(&supplement, &lost, PairVerdict::Duplicate);
    let dated = with(|c| (c.start_page, c.end_page) = (Some("01-Oct".into()), None));
    let plain = with(|c| (c.start_page, c.end_page) = (Some("1".into()), Some("10".into())));
    assert_verdict(&dated, &plain, PairVerdict::Duplicate);
}

#[test]
fn pages_off_by_one_or_counted_as_articles_do_not_hide_a_duplicate() {
    assert_same(|c| c.start_page = Some("220".into()));
    assert_same(|c| (c.start_page, c.end_page) = (Some("e1045".into()), None));
    let numbered = with(|c| (c.start_page, c.end_page) = (Some("132".into()), None));
    let counted = with(|c| (c.start_page, c.end_page) = (Some("1".into()), Some("7".into())));
    assert_verdict(&numbered, &counted, PairVerdict::Duplicate);
}

#[test]
fn an_article_number_in_the_issue_field_does_not_hide_a_duplicate() {
    let article = with(|c| (c.volume, c.issue, c.start_page, c.end_page) = (Some("17".into()), Some("1".into()), Some("106".into()), None));
    for (volume, issue, page) in
        [("17 (1) (no pagination)", "106", Some("106")), ("17 (1) (no pagination)", "106", None), ("17", "106", None)]
    {
        let other = with(|c| {
            (c.volume, c.issue, c.start_page, c.end_page) = (Some(volume.into()), Some(issue.into()), page.map(str::to_owned), None);
        });
        assert_verdict(&article, &other, PairVerdict::Duplicate);
    }
}

#[test]
fn abstracts_on_neighbouring_pages_are_left_to_a_person() {
    let page = |page: &str| with(|c| (c.issue, c.start_page, c.end_page) = (Some("Suppl 1".into()), Some(page.into()), None));
    assert_verdict(&page("51"), &page("52"), PairVerdict::Possible);
    let bare = |page: &str| with(|c| (c.issue, c.start_page, c.end_page) = (None, Some(page.into()), None));
    assert_verdict(&bare("51"), &bare("52"), PairVerdict::Possible);
}

#[test]
fn year_and_volume_may_be_off_missing_or_in_the_wrong_field() {
    assert_same(|c| c.year = Some(2012));
    assert_same(|c| c.year = Some(2001));
    assert_same(|c| c.volume = None);
    assert_same(|c| c.volume = Some("1)".into()));
    assert_same(|c| (c.volume, c.issue) = (None, Some("26".into())));
    assert_same(|c| (c.volume, c.issue, c.start_page, c.end_page) = (None, Some("26".into()), Some("3".into()), None));
    assert_same(|c| (c.volume, c.issue, c.start_page, c.end_page, c.year) = (None, None, None, None, Some(2010)));
    assert_same(|c| (c.volume, c.issue, c.start_page, c.end_page, c.year) = (None, None, Some("1".into()), Some("8".into()), Some(2010)));
}

#[test]
fn the_same_paper_years_apart_in_another_place_is_another_report() {
    assert_different(|c| {
        (c.year, c.volume, c.start_page, c.end_page) = (Some(2015), Some("30".into()), Some("1".into()), Some("9".into()))
    });
}

#[test]
fn titles_agree_with_and_without_subtitle_notes_markup_and_slips() {
    for title in [
        "Warm socks against cold feet in lighthouse keepers",
        "Warm socks against cold feet in lighthouse keepers: a randomised trial [Review] [75 refs]",
        "Short report: Warm socks against cold feet in lighthouse keepers: a randomised trial",
        "Warm <i>socks</i> against cold feet in lighthouse keepers: a randomized trial",
        "WARM SOCKS AGAINST COLD FEET IN LIGHTHOUSE KEEPERS horizontal ellipsis A RANDOMISED TRIAL",
        "Warm soks against cold feet in lighthous keepers: a randomised trial",
    ] {
        assert_same(|c| c.title = title.into());
    }
}

#[test]
fn a_chain_does_not_join_records_that_contradict_each_other() {
    // the middle record lacks what tells the two outer ones apart
    let first = with(|c| c.pmid = Pmid::find("21000001"));
    let middle = with(|c| (c.start_page, c.end_page) = (None, None));
    let last = with(|c| {
        c.pmid = Pmid::find("21000002");
        (c.issue, c.start_page, c.end_page) = (Some("8".into()), Some("611".into()), Some("619".into()));
    });
    for order in [[&first, &middle, &last], [&last, &first, &middle], [&middle, &last, &first]] {
        let records: Vec<Citation> = order.into_iter().cloned().collect();
        let found = groups(&records);
        assert!(found.iter().all(|group| group.len() <= 2), "{found:?}");
    }
}

#[test]
fn versions_of_a_cochrane_review_and_registrations_stay_apart() {
    let review = |doi: &str, year| {
        with(|c| {
            c.journal = Some("Cochrane Database of Systematic Reviews".into());
            (c.doi, c.year, c.volume, c.start_page, c.end_page) = (Doi::find(doi), Some(year), None, Some("CD012345".into()), None);
        })
    };
    assert_verdict(&review("10.1002/14651858.CD012345", 2011), &review("10.1002/14651858.CD012345.pub2", 2012), PairVerdict::Different);
    assert_verdict(
        &review("10.1002/14651858.CD012345.pub2", 2012),
        &review("10.1002/14651858.CD012345.pub2", 2012),
        PairVerdict::Duplicate,
    );
    let registration = |id: &str| {
        with(|c| {
            *c = Citation { title: c.title.clone(), kind: PublicationKind::RegistryEntry, ..Citation::default() };
            c.registry_ids = vec![id.into()];
        })
    };
    assert_verdict(&registration("NCT01000001"), &registration("NCT01000002"), PairVerdict::Different);
    assert_verdict(&registration("NCT01000001"), &registration("nct01000001"), PairVerdict::Duplicate);
    assert_verdict(&registration("NCT01000001"), &paper(), PairVerdict::Different);
}

#[test]
fn one_paper_with_a_wrong_year_is_known_by_its_doi() {
    let doi = Doi::find("10.5555/jah.2011.26.221");
    let first = with(|c| c.doi = doi.clone());
    let early = with(|c| (c.doi, c.year, c.volume, c.issue, c.start_page, c.end_page) = (doi.clone(), Some(2009), None, None, None, None));
    assert_verdict(&first, &early, PairVerdict::Duplicate);
    assert_different(|c| {
        c.doi = Doi::find("10.5555/jah.2012.27.10");
        (c.year, c.volume, c.start_page, c.end_page) = (Some(2012), Some("27".into()), Some("10".into()), Some("15".into()));
    });
}

#[test]
fn a_pair_without_proof_is_left_to_a_person() {
    let bare = with(|c| {
        *c = Citation {
            title: c.title.clone(),
            authors: c.authors.clone(),
            year: c.year,
            journal: Some("Proceedings of Oslo".into()),
            ..Citation::default()
        };
    });
    assert_verdict(&paper(), &bare, PairVerdict::Possible);
    let outcome = find_duplicates(&prepare(&[paper(), bare]), &Settled::default(), &mut |_, _| true).expect("not cancelled");
    assert_eq!((outcome.possible, outcome.links.len(), outcome.groups.len()), (1, 1, 0));
    assert!(outcome.links[0].reason.contains("do not prove"), "{}", outcome.links[0].reason);
}

#[test]
fn the_explanation_names_every_field_with_both_values() {
    let explanation = explain(&paper(), &with(|c| (c.year, c.doi) = (Some(2012), Doi::find("10.5555/x"))));
    let names: Vec<&str> = explanation.fields.iter().map(|f| f.field).collect();
    assert_eq!(names, ["title", "authors", "journal", "year", "volume", "issue", "pages", "doi", "pmid", "registry", "abstract"]);
    let year = &explanation.fields[3];
    assert_eq!((year.verdict, year.left.as_str(), year.right.as_str()), (FieldVerdict::Unknown, "2011", "2012"));
    assert!(year.note.is_some());
    assert_eq!(explanation.fields[7].right, "10.5555/x");
    assert!((0.9..=1.0).contains(&explanation.score));
}

#[test]
fn a_persons_verdicts_win_over_the_rules() {
    let other = Citation { title: "Darning needles as a cause of minor injury among sailors".into(), ..Citation::default() };
    let records = prepare(&[paper(), paper(), paper(), other]);
    let mut settled = Settled { same: vec![(3, 0)], ..Settled::default() };
    let run = |settled: &Settled| find_duplicates(&records, settled, &mut |_, _| true).expect("not cancelled");
    assert_eq!(run(&settled).groups, vec![vec![0, 1, 2, 3]]);
    settled.different = vec![(0, 1)];
    let outcome = run(&settled);
    assert!(outcome.groups.iter().all(|g| !(g.contains(&0) && g.contains(&1))), "{:?}", outcome.groups);
    assert!(outcome.groups.iter().any(|g| g.contains(&0) && g.contains(&3)));
    assert!(outcome.links.iter().all(|l| (l.a, l.b) != (0, 1)));
}

#[test]
fn a_second_run_finds_nothing_new() {
    let records = prepare(&[paper(), with(|c| c.year = Some(2012)), paper(), with(|c| c.volume = None)]);
    let first = find_duplicates(&records, &Settled::default(), &mut |_, _| true).expect("not cancelled");
    assert_eq!((first.groups.clone(), first.links.len()), (vec![vec![0, 1, 2, 3]], 3));
    let settled = Settled { grouped: first.links.iter().map(|l| (l.a, l.b)).collect(), ..Settled::default() };
    let second = find_duplicates(&records, &settled, &mut |_, _| true).expect("not cancelled");
    assert_eq!((second.groups, second.links), (first.groups, Vec::new()));
}

#[test]
fn records_added_later_join_the_groups_of_the_earlier_ones() {
    let other = Citation { title: "Darning needles as a cause of minor injury among sailors".into(), ..Citation::default() };
    let records = prepare(&[paper(), paper(), other, paper()]);
    let settled = Settled { grouped: vec![(0, 1)], ..Settled::default() };
    let outcome = find_duplicates_from(&records, 3, &settled, &mut |_, _| true).expect("not cancelled");
    assert_eq!((outcome.groups, outcome.links.len()), (vec![vec![0, 1, 3]], 1));
}

#[test]
fn a_search_can_be_cancelled_and_nothing_gives_nothing() {
    assert_eq!(find_duplicates(&prepare(&[paper(), paper()]), &Settled::default(), &mut |_, _| false), None);
    let empty = find_duplicates(&[], &Settled::default(), &mut |_, _| true).expect("not cancelled");
    assert!(empty.groups.is_empty() && empty.links.is_empty());
    assert_eq!(groups(&[Citation::default(), Citation::default()]), Vec::<Vec<usize>>::new());
}

#[test]
fn twenty_thousand_editorials_are_not_compared_pair_by_pair() {
    let records: Vec<Prepared> = (0..20_000)
        .map(|n: i32| {
            Prepared::new(&with(|c| {
                c.title = "Editorial".into();
                c.authors.clear();
                (c.year, c.volume) = (Some(1950 + n % 70), Some((n % 70).to_string()));
                (c.start_page, c.end_page) = (Some((1 + n / 70).to_string()), None);
            }))
        })
        .collect();
    let mut pairs = 0;
    let outcome = find_duplicates(&records, &Settled::default(), &mut |_, all| {
        pairs = all;
        true
    });
    assert!(outcome.expect("not cancelled").groups.is_empty());
    assert!(pairs < 800_000, "{pairs} pairs");
}

#[test]
fn thousands_of_copies_of_one_record_are_one_group() {
    let records = vec![Prepared::new(&paper()); 5_000];
    let outcome = find_duplicates(&records, &Settled::default(), &mut |_, _| true).expect("not cancelled");
    assert_eq!((outcome.groups.len(), outcome.groups[0].len(), outcome.links.len()), (1, 5_000, 4_999));
}
