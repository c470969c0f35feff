//! How well the search for duplicates holds on records that are worse than those it was made with.
//!
//! `cargo bench --bench dedup_robustness -- [damage|negatives|all] [--part tune|held|all] [--set NAME] [--only WORD] [--errors N] [--seed N] [--file TABLE]`
//!
//! Two studies on the labelled sets of the reference folder. `damage` makes the records of each set worse in one way at a time,
//! on some records of each report and on all of them, and counts duplicates found, wrong merges and duplicates left over.
//! `negatives` makes pairs of different publications that look alike, and counts those that are taken for one.
//!
//! The reports of each set are parted by their names: two thirds (`tune`) may be looked at while rules are made; of the rest
//! (`held`) only the counts are ever printed.

mod damage;
mod labelled;
mod negatives;
mod random;

use std::collections::HashMap;

use tamis::dedup::{PairVerdict, Prepared, Settled, explain, find_duplicates};

use self::labelled::{Figures, Row};
use self::random::Random;

/// What to measure.
struct Options {
    study: String,
    part: String,
    set: Option<String>,
    only: Option<String>,
    errors: usize,
    seed: u64,
    pair: Vec<String>,
    file: Option<std::path::PathBuf>,
}

fn main() {
    let options = options();
    let mut sets = Vec::new();
    for name in labelled::SETS {
        if options.set.as_deref().is_none_or(|wanted| wanted == name) {
            let Some(rows) = options.file.as_deref().map_or_else(|| labelled::read(name), |path| Some(labelled::read_path(path))) else {
                return;
            };
            sets.push((name, part_of(rows, &options.part)));
        }
    }
    if let [a, b] = options.pair.as_slice() {
        return explain_pair(&sets, a, b);
    }
    if options.study != "negatives" {
        measure_damage(&sets, &options);
    }
    if options.study != "damage" {
        measure_negatives(&sets, &options);
    }
}

fn options() -> Options {
    let mut options =
        Options { study: "all".into(), part: "all".into(), set: None, only: None, errors: 0, seed: 1, pair: Vec::new(), file: None };
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let mut value = || words.next().expect("the option has a value");
        match word.as_str() {
            "damage" | "negatives" | "all" => options.study = word,
            "--part" => options.part = value(),
            "--file" => (options.file, options.set) = (Some(value().into()), Some(labelled::SETS[0].into())),
            "--pair" => options.pair = vec![value(), value()],
            "--set" => options.set = Some(value()),
            "--only" => options.only = Some(value()),
            "--errors" => options.errors = value().parse().expect("a number"),
            "--seed" => options.seed = value().parse().expect("a number"),
            _ => {}
        }
    }
    assert!(options.errors == 0 || options.part != "held", "errors are shown of the part for tuning only: --part tune");
    options
}

/// Returns the rows of the reports that belong to a part: a third of the reports, by name, is held back.
fn part_of(rows: Vec<Row>, part: &str) -> Vec<Row> {
    let is_held = |row: &Row| Random::new(7, &row.truth).next().is_multiple_of(3);
    rows.into_iter()
        .filter(|row| match part {
            "tune" => !is_held(row),
            "held" => is_held(row),
            _ => true,
        })
        .collect()
}

/// Explains the pair of two ids in each set that has both.
fn explain_pair(sets: &[(&str, Vec<Row>)], a: &str, b: &str) {
    for (set, rows) in sets {
        let find = |id: &str| rows.iter().find(|row| row.id == id);
        let Some((a, b)) = find(a).zip(find(b)) else { continue };
        println!("{set}\n{}\n{}\n{:#?}", a.line(), b.line(), explain(&a.citation(), &b.citation()));
    }
}

fn measure_damage(sets: &[(&str, Vec<Row>)], options: &Options) {
    print!("{:27}", "damage (right/wrong/left)");
    sets.iter().for_each(|(name, _)| print!("{name:>16} some{name:>17} all"));
    println!("{:>32}{:>32}", "pooled some", "pooled all");
    for (name, damage) in damage::DAMAGES {
        if options.only.as_deref().is_some_and(|only| !name.contains(only)) {
            continue;
        }
        print!("{name:27}");
        let mut pooled = [Figures::default(); 2];
        let mut shown = Vec::new();
        for (set, rows) in sets {
            for (at, is_all) in [false, true].into_iter().enumerate() {
                let mut random = Random::new(options.seed, set);
                let worse: Vec<Row> = if is_all { rows.clone() } else { part_damaged(rows, *damage, &mut random) };
                let worse: Vec<Row> = if is_all {
                    worse
                        .into_iter()
                        .map(|mut row| {
                            damage(&mut row, &mut random);
                            row
                        })
                        .collect()
                } else {
                    worse
                };
                let (figures, groups) = Figures::of(&worse);
                print!("{:>21}", format!("{}/{}/{}", figures.right, figures.wrong, figures.left_over));
                pooled[at].add(figures);
                if shown.len() < options.errors {
                    shown.extend(errors(&worse, &groups).into_iter().take(options.errors - shown.len()));
                }
            }
        }
        for figures in pooled {
            print!("{:>32}", format!("{}/{}/{} {:.4}", figures.right, figures.wrong, figures.left_over, figures.sensitivity()));
        }
        println!();
        shown.iter().for_each(|text| println!("{text}"));
    }
}

/// Damages about half of the records of each report, of a report with several records at least one and not all.
fn part_damaged(rows: &[Row], damage: fn(&mut Row, &mut Random), random: &mut Random) -> Vec<Row> {
    let mut members: HashMap<&str, Vec<usize>> = HashMap::new();
    rows.iter().enumerate().for_each(|(at, row)| members.entry(&row.truth).or_default().push(at));
    let mut is_damaged: Vec<bool> = rows.iter().map(|_| random.chance(0.5)).collect();
    for (at, row) in rows.iter().enumerate() {
        let group = &members[row.truth.as_str()];
        if group[0] == at && group.len() > 1 {
            let count = group.iter().filter(|m| is_damaged[**m]).count();
            if count == 0 || count == group.len() {
                is_damaged[group[random.below(group.len())]] = count == 0;
            }
        }
    }
    let mut worse = rows.to_vec();
    for (row, is_damaged) in worse.iter_mut().zip(is_damaged) {
        if is_damaged {
            damage(row, random);
        }
    }
    worse
}

/// Describes wrong merges, then duplicates left over.
fn errors(rows: &[Row], groups: &[usize]) -> Vec<String> {
    let mut by_group: HashMap<usize, Vec<usize>> = HashMap::new();
    let mut by_truth: HashMap<&str, Vec<usize>> = HashMap::new();
    for (at, row) in rows.iter().enumerate() {
        by_group.entry(groups[at]).or_default().push(at);
        by_truth.entry(&row.truth).or_default().push(at);
    }
    let describe = |label: &str, members: &[usize], a: usize, b: usize| {
        let explanation = explain(&rows[a].citation(), &rows[b].citation());
        let lines: String = members.iter().map(|m| format!("      {}\n", rows[*m].line())).collect();
        format!("   {label} {}\n{lines}", explanation.reason)
    };
    let mut out = Vec::new();
    let mut groups_in_order: Vec<&Vec<usize>> = by_group.values().collect();
    groups_in_order.sort();
    for members in groups_in_order {
        if let Some(other) = members.iter().find(|m| rows[**m].truth != rows[members[0]].truth) {
            out.push(describe("WRONG", members, members[0], *other));
        }
    }
    let mut truths: Vec<&Vec<usize>> = by_truth.values().collect();
    truths.sort();
    for members in truths {
        if let Some(other) = members.iter().find(|m| groups[**m] != groups[members[0]]) {
            let kept = [members[0], *other];
            out.push(describe("LEFT ", if members.len() > 3 { &kept } else { members }, members[0], *other));
        }
    }
    out
}

fn measure_negatives(sets: &[(&str, Vec<Row>)], options: &Options) {
    println!("{:58}{:>8}{:>8}{:>10}{:>11}", "different publications", "pairs", "merged", "possible", "in a pool");
    let (mut pairs_in_all, mut wrong_in_all) = (0, 0);
    for (name, make) in negatives::kinds() {
        if options.only.as_deref().is_some_and(|only| !name.contains(only)) {
            continue;
        }
        let (mut pairs, mut merged, mut possible) = (0, 0, 0);
        let mut pool: Vec<Row> = Vec::new();
        let mut shown = 0;
        let mut examples = String::new();
        for (set, rows) in sets {
            let mut random = Random::new(options.seed, set);
            let mut seen: HashMap<&str, ()> = HashMap::new();
            for row in rows.iter().filter(|row| row.title.len() > 30 && !row.title.contains('[') && !row.journal.contains("http")) {
                if seen.insert(&row.truth, ()).is_some() || !random.chance(0.25) {
                    continue;
                }
                let Some((mut a, mut b)) = make(row, &mut random) else { continue };
                let explanation = explain(&a.citation(), &b.citation());
                pairs += 1;
                match explanation.verdict {
                    PairVerdict::Duplicate => {
                        merged += 1;
                        if shown < options.errors {
                            shown += 1;
                            examples.push_str(&format!(
                                "   {} {}\n      {}\n      {}\n",
                                explanation.rule,
                                explanation.reason,
                                a.line(),
                                b.line()
                            ));
                        }
                    }
                    PairVerdict::Possible => possible += 1,
                    PairVerdict::Different => {}
                }
                a.truth = format!("{set} {} a", row.truth);
                b.truth = format!("{set} {} b", row.truth);
                pool.extend([a, b]);
            }
        }
        let wrong = wrong_in_pool(&pool);
        println!("{name:58}{pairs:>8}{merged:>8}{possible:>10}{wrong:>11}");
        print!("{examples}");
        pairs_in_all += pairs;
        wrong_in_all += merged;
    }
    println!("{:58}{pairs_in_all:>8}{wrong_in_all:>8}", "in all");
}

/// Returns how many records were wrongly removed when all pairs of a kind stand in one review.
fn wrong_in_pool(pool: &[Row]) -> usize {
    let records: Vec<Prepared> = pool.iter().map(|row| Prepared::new(&row.citation())).collect();
    let outcome = find_duplicates(&records, &Settled::default(), &mut |_, _| true).expect("not cancelled");
    outcome.groups.iter().map(|group| group.len() - 1).sum()
}
