//! Laws of the search: order does not matter, judging is symmetric, verdicts hold under any chaining.

use proptest::prelude::*;

use super::*;

fn any_citation() -> impl Strategy<Value = Citation> {
    let titles = prop_oneof![
        Just("Warm socks against cold feet in lighthouse keepers: a randomised trial".to_owned()),
        Just("Warm socks against cold feet in lighthouse keepers".to_owned()),
        Just("Warm socks against cold hands in lighthouse keepers: a randomised trial".to_owned()),
        Just("Editorial".to_owned()),
        Just("Reply to: Warm socks against cold feet in lighthouse keepers".to_owned()),
        "\\PC{0,40}",
    ];
    let pages = prop_oneof![
        Just(None),
        Just(Some("221-8".to_owned())),
        Just(Some("S53".to_owned())),
        Just(Some("221".to_owned())),
        "\\PC{0,8}".prop_map(Some)
    ];
    let volumes = prop_oneof![Just(None), Just(Some("26".to_owned())), Just(Some("27".to_owned())), "\\PC{0,6}".prop_map(Some)];
    let names = prop::collection::vec(prop_oneof![Just("Okafor"), Just("Lindqvist"), Just("Ngozi")], 0..3);
    let identifiers = (0_u8..4, 0_u8..6);
    (titles, pages, volumes, names, 2009_i32..2013, identifiers).prop_map(|(title, start_page, volume, names, year, (doi, pmid))| {
        Citation {
            title,
            start_page,
            volume,
            authors: names.into_iter().map(|name| Author::new(name, Some("N"))).collect(),
            year: Some(year),
            journal: Some("Journal of Applied Hosiery".into()),
            doi: (doi > 1).then(|| Doi::find(&format!("10.5555/{doi}"))).flatten(),
            pmid: (pmid > 3).then(|| Pmid::find(&format!("2100{pmid}"))).flatten(),
            ..Citation::default()
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn the_order_of_the_records_does_not_matter(records in prop::collection::vec(any_citation(), 1..14), turn in 0_usize..14) {
        let straight = groups(&records);
        let count = records.len();
        let place = |i: usize| (count - 1 - i + turn) % count;
        let mut moved = vec![Citation::default(); count];
        records.iter().enumerate().for_each(|(i, record)| moved[place(i)] = record.clone());
        // records of equal content may stand for each other
        let named = |groups: Vec<Vec<usize>>, source: &[Citation]| {
            let mut named: Vec<Vec<Prepared>> = groups.into_iter().map(|g| g.into_iter().map(|i| Prepared::new(&source[i])).collect()).collect();
            named.iter_mut().for_each(|g: &mut Vec<Prepared>| g.sort());
            named.sort();
            named
        };
        prop_assert_eq!(named(straight, &records), named(groups(&moved), &moved));
    }

    #[test]
    fn a_pair_is_judged_the_same_from_both_sides(a in any_citation(), b in any_citation()) {
        let (one, other) = (explain(&a, &b), explain(&b, &a));
        prop_assert_eq!((one.verdict, one.rule), (other.verdict, other.rule));
        prop_assert!((0.0..=1.0).contains(&one.score) && (one.score - other.score).abs() < 1e-12);
    }

    #[test]
    fn the_shortcut_agrees_with_the_full_judgement(a in any_citation(), b in any_citation()) {
        let (x, y) = (Prepared::new(&a), Prepared::new(&b));
        let title = crate::dedup::similarity::TitleComparator::new(&x).similarity(&y);
        if crate::dedup::score::is_plainly_different(&x, &y, title) {
            prop_assert_eq!(explain(&a, &b).verdict, PairVerdict::Different);
        }
    }

    #[test]
    fn a_persons_verdicts_hold_however_the_records_are_chained(
        records in prop::collection::vec(any_citation(), 2..12),
        different in prop::collection::vec((0_usize..12, 0_usize..12), 0..5),
        grouped in prop::collection::vec((0_usize..12, 0_usize..12), 0..5),
        same in (0_usize..12, 0_usize..12),
    ) {
        let is_pair = |(a, b): &(usize, usize)| a != b;
        let ordered = |(a, b): &(usize, usize)| (*a.min(b), *a.max(b));
        let different: Vec<(usize, usize)> = different.into_iter().filter(is_pair).filter(|p| ordered(p) != ordered(&same)).collect();
        let settled = Settled { same: vec![same], different: different.clone(), grouped };
        let prepared = prepare(&records);
        let outcome = find_duplicates(&prepared, &settled, &mut |_, _| true).expect("not cancelled");
        for (a, b) in different {
            prop_assert!(outcome.groups.iter().all(|g| !(g.contains(&a) && g.contains(&b))));
        }
        if same.0 != same.1 && same.0 < records.len() && same.1 < records.len() {
            prop_assert!(outcome.groups.iter().any(|g| g.contains(&same.0) && g.contains(&same.1)));
        }
        let mut seen = vec![0; records.len()];
        outcome.groups.iter().flatten().for_each(|i| seen[*i] += 1);
        prop_assert!(seen.iter().all(|n| *n <= 1));
    }
}
