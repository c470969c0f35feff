//! Different publications that look alike, and one publication in two databases' words: the rules on titles, abstracts and places.

use super::*;

const ABSTRACT: &str = "Cold feet trouble keepers of lighthouses in winter. We compared warm socks with none in forty keepers over one season and measured the warmth of their toes every evening before the lamp was lit.";
const OTHER_ABSTRACT: &str = "Darning needles cause minor injuries among sailors on long journeys; we counted the visits to the surgeon of a frigate over three years, and the days of work that were lost by them in each port.";

/// Moves a record to the pages after those of [`paper`].
fn next_pages(c: &mut Citation) {
    (c.start_page, c.end_page) = (Some("229".into()), Some("236".into()));
}

/// Leaves a record without pages, as databases do with abstracts of meetings.
fn no_pages(c: &mut Citation) {
    (c.start_page, c.end_page) = (None, None);
}

#[test]
fn companions_with_near_titles_stay_apart_wherever_they_stand() {
    let base = "Warm socks against cold feet in lighthouse keepers of the northern islands";
    for (a, b) in [
        (" in men", " in women"),
        (" with diabetes", " without diabetes"),
        (": 10 mg of wool", ": 20 mg of wool"),
        (": five-year results", ": ten-year results"),
        (": phase Ib", ": phase II"),
        (": study protocol", ""),
        ("", " in children"),
        ("", ": long-term follow-up"),
        ("", ": an economic evaluation"),
        ("", " 2"),
        (" increases comfort", " decreases comfort"),
        (" in Austria", " in Australia"),
    ] {
        for has_pages in [true, false] {
            let first = with(|c| {
                c.title = format!("{base}{a}");
                if !has_pages {
                    no_pages(c);
                }
            });
            let second = with(|c| {
                c.title = format!("{base}{b}");
                if has_pages { next_pages(c) } else { no_pages(c) }
            });
            let explanation = explain(&first, &second);
            assert_ne!(explanation.verdict, PairVerdict::Duplicate, "{a} / {b}: {}", explanation.reason);
        }
    }
}

#[test]
fn parts_named_before_the_title_stay_apart() {
    let first = with(|c| c.title = "I. The warming of hands by mittens of wool".into());
    let second = with(|c| {
        c.title = "II. The warming of hands by mittens of wool".into();
        next_pages(c);
    });
    assert_verdict(&first, &second, PairVerdict::Different);
}

#[test]
fn drugs_whose_names_are_near_are_two_drugs() {
    for (a, b) in [("duloxetine", "fluoxetine"), ("linagliptin", "sitagliptin"), ("atorvastatin", "lovastatin")] {
        let make = |drug: &str, page: fn(&mut Citation)| {
            with(|c| {
                c.title = format!("Effects of {drug} on the warmth of feet in lighthouse keepers");
                page(c);
            })
        };
        assert_verdict(&make(a, |_| {}), &make(b, next_pages), PairVerdict::Different);
    }
}

#[test]
fn one_abstract_proves_what_a_torn_place_leaves_open() {
    let abstract_of = |text: &str, volume: &str| {
        with(|c| {
            (c.volume, c.issue, c.abstract_text) = (Some(volume.into()), None, Some(text.into()));
            no_pages(c);
        })
    };
    assert_verdict(&abstract_of(ABSTRACT, "26"), &abstract_of(ABSTRACT, "1)"), PairVerdict::Duplicate);
    let longer = |c: &Citation| Citation { title: format!("{} of the north", c.title), ..c.clone() };
    assert_verdict(&abstract_of(ABSTRACT, "26"), &longer(&abstract_of(ABSTRACT, "26")), PairVerdict::Duplicate);
    assert_verdict(&abstract_of(ABSTRACT, "26"), &longer(&abstract_of(OTHER_ABSTRACT, "26")), PairVerdict::Possible);
}

#[test]
fn letters_editorials_and_replies_about_a_paper_are_not_the_paper() {
    for label in ["Letter: ", "Letter to the editor: ", "Editorial: ", "Response to letter: ", "Response: "] {
        let other = with(|c| {
            c.title = format!("{label}{}", c.title);
            next_pages(c);
        });
        let explanation = explain(&paper(), &other);
        assert_ne!(explanation.verdict, PairVerdict::Duplicate, "{label}: {}", explanation.reason);
    }
    assert_same(|c| c.title = format!("Letter: {}", c.title));
}

#[test]
fn a_title_cut_at_a_fixed_length_or_with_lost_letters_is_the_same_title() {
    let long = "Warm socks against cold feet in lighthouse keepers of the northern islands during the dark months of the year";
    let full = with(|c| c.title = long.into());
    let cut = with(|c| c.title = long.chars().take(80).collect());
    assert_verdict(&full, &cut, PairVerdict::Duplicate);
    assert_same(|c| c.title = c.title.replace("lighthouse", "lightho?se"));
    assert_same(|c| c.title = c.title.replace("in lighthouse", "inlighthouse"));
    assert_same(|c| c.title.push_str(" (Review)"));
    assert_same(|c| c.title.push_str(". Brief communication"));
}

#[test]
fn a_cut_doi_or_one_of_a_part_is_not_another_doi() {
    let whole = with(|c| c.doi = Doi::find("10.5555/jah.2011.26.221"));
    for doi in ["10.5555/jah.2011.26.2", "10.5555/jah.2011.26.221.s001"] {
        assert_verdict(&whole, &with(|c| c.doi = Doi::find(doi)), PairVerdict::Duplicate);
    }
}

#[test]
fn a_thesis_is_not_the_paper_and_a_longer_journal_name_is_left_open() {
    assert_different(|c| {
        c.kind = PublicationKind::Thesis;
        (c.journal, c.volume, c.issue) = (Some("University of Oslo".into()), None, None);
        no_pages(c);
    });
    let elsewhere = with(|c| {
        c.journal = Some("Journal of Clinical Applied Hosiery".into());
        no_pages(c);
        c.volume = None;
    });
    assert_verdict(&paper(), &elsewhere, PairVerdict::Possible);
}

#[test]
fn the_same_text_with_another_doi_is_shown_to_a_person() {
    let first = with(|c| c.doi = Doi::find("10.5555/jah.2011.26.221"));
    let second = with(|c| {
        c.doi = Doi::find("10.5555/xyz.1999.1.9");
        no_pages(c);
    });
    assert_verdict(&first, &second, PairVerdict::Possible);
}
