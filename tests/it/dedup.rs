//! Deduplication against labelled sets of database records and against the worked example.
//!
//! The labelled sets are other people's data and are read from the reference folder (`TAMIS_REFERENCE`, else
//! `../shared/reference`); without it their tests say so and pass.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::PathBuf;

use tamis::dedup::{Prepared, Settled, find_duplicates};
use tamis::domain::author::Author;
use tamis::domain::identifier::{Doi, Pmid};
use tamis::domain::record::Citation;

fn reference(path: &str) -> Option<PathBuf> {
    let root = std::env::var_os("TAMIS_REFERENCE").map_or_else(|| PathBuf::from("../shared/reference"), PathBuf::from);
    let found = root.join(path);
    if found.exists() {
        return Some(found);
    }
    eprintln!("skipped: {path} is not in the reference folder {}", root.display());
    None
}

/// One row of a labelled set as the record that a reader would make of it.
fn citation(row: &HashMap<String, String>) -> Citation {
    let text = |name: &str| row.get(name).map(|v| v.trim().to_owned()).filter(|v| !v.is_empty());
    Citation {
        title: text("title").unwrap_or_default(),
        authors: text("authors").unwrap_or_default().split("; ").filter_map(author).collect(),
        journal: text("journal"),
        year: text("year").and_then(|y| y.parse().ok()),
        volume: text("volume"),
        issue: text("issue"),
        start_page: text("pages"),
        doi: text("doi").and_then(|d| Doi::find(&d)),
        pmid: text("pmid").and_then(|p| Pmid::find(&p)),
        issn: text("issn").into_iter().collect(),
        ..Citation::default()
    }
}

/// Reads "Family, Given" or "Family G. I.".
fn author(text: &str) -> Option<Author> {
    let text = text.trim().trim_end_matches([',', ';']);
    if text.is_empty() {
        return None;
    }
    if let Some((family, given)) = text.split_once(',') {
        return Some(Author::new(family.trim(), Some(given)));
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    let initials = words.iter().rev().take_while(|w| w.ends_with('.') || w.len() <= 3 && w.chars().all(|c| c.is_uppercase())).count();
    if initials == 0 || initials == words.len() {
        return Some(Author::new(text, None));
    }
    let at = words.len() - initials;
    Some(Author::new(words[..at].join(" "), Some(&words[at..].join(" "))))
}

fn rows(path: &PathBuf) -> Vec<HashMap<String, String>> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_path(path).expect("labelled set opens");
    reader.deserialize().map(|row| row.expect("row is readable")).collect()
}

/// Gives each record the number of its group.
fn grouped(records: &[Prepared]) -> Vec<usize> {
    let outcome = find_duplicates(records, &Settled::default(), &mut |_, _| true).expect("not cancelled");
    let mut group_of: Vec<usize> = (0..records.len()).collect();
    for members in &outcome.groups {
        members.iter().for_each(|m| group_of[*m] = members[0]);
    }
    group_of
}

/// Records rightly removed, wrongly removed and left over when one record of every group is kept.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct Figures {
    right: usize,
    wrong: usize,
    left_over: usize,
}

impl Figures {
    /// N records, T true groups, P predicted groups, X non-empty intersections: right N - X, wrong X - P, left over X - T.
    fn new(truth: &[String], predicted: &[usize]) -> Self {
        let true_groups = truth.iter().collect::<HashSet<_>>().len();
        let predicted_groups = predicted.iter().collect::<HashSet<_>>().len();
        let shared = truth.iter().zip(predicted).collect::<HashSet<_>>().len();
        Self { right: truth.len() - shared, wrong: shared - predicted_groups, left_over: shared - true_groups }
    }

    fn sensitivity(self) -> f64 {
        self.right as f64 / (self.right + self.left_over) as f64
    }
}

/// Measures a labelled set with some of its columns left out.
fn labelled(name: &str, left_out: &[&str]) -> Option<Figures> {
    let mut rows = rows(&reference(&format!("dedup/{name}.csv"))?);
    rows.iter_mut().for_each(|row| left_out.iter().for_each(|column| drop(row.insert((*column).to_owned(), String::new()))));
    let records: Vec<Prepared> = rows.iter().map(|row| Prepared::new(&citation(row))).collect();
    let truth: Vec<String> = rows.iter().map(|row| row["truth_cluster"].clone()).collect();
    Some(Figures::new(&truth, &grouped(&records)))
}

/// What the engine reaches on each labelled set: (set, records rightly removed at least, wrongly removed at most). A change may
/// raise these figures, never lower them. `asysd` was held back while the rules were made and gave 1,252 right, 1 wrong and 8 left
/// over when first measured: that, not the figure below, is what to expect of records nobody has looked at.
const REACHED: [(&str, usize, usize); 4] = [("asysd", 1260, 0), ("copper", 150, 0), ("haematology", 119, 0), ("respiratory", 433, 0)];

#[test]
fn labelled_sets_keep_the_figures_reached() {
    let mut pooled = Figures::default();
    let mut is_whole = true;
    for (name, right, wrong) in REACHED {
        let Some(figures) = labelled(name, &[]) else {
            is_whole = false;
            continue;
        };
        println!("{name}: {figures:?}, sensitivity {:.4}", figures.sensitivity());
        assert!(figures.right >= right && figures.wrong <= wrong, "{name}: {figures:?}");
        pooled.right += figures.right;
        pooled.wrong += figures.wrong;
        pooled.left_over += figures.left_over;
    }
    if is_whole {
        assert!(pooled.sensitivity() >= 0.998, "{pooled:?}");
    }
}

#[test]
fn a_missing_field_costs_duplicates_but_makes_no_wrong_merge() {
    for (left_out, most_left_over) in [(&["doi"][..], 2), (&["issue"], 5), (&["authors"], 36), (&["volume"], 72)] {
        let mut pooled = Figures::default();
        for (name, _, _) in REACHED {
            let Some(figures) = labelled(name, left_out) else { return };
            pooled.wrong += figures.wrong;
            pooled.left_over += figures.left_over;
        }
        assert!(pooled.wrong == 0 && pooled.left_over <= most_left_over, "without {left_out:?}: {pooled:?}");
    }
}

#[test]
fn figures_follow_the_definition_of_the_labelled_sets() {
    let truth: Vec<String> = ["a", "a", "b", "c", "c", "c"].map(str::to_owned).to_vec();
    // one group of a with b, one of two c, one c left over
    let figures = Figures::new(&truth, &[0, 0, 0, 3, 3, 5]);
    assert_eq!(figures, Figures { right: 2, wrong: 1, left_over: 1 });
}

fn ketamine(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data/ketamine").join(name)
}

/// The four search exports of the worked example, with the key of the publication behind each record.
fn worked_example() -> (Vec<Citation>, Vec<String>) {
    let mut parsed: HashMap<String, Vec<Citation>> = HashMap::new();
    let (mut records, mut keys) = (Vec::new(), Vec::new());
    for row in rows(&ketamine("duplicates-truth.csv")) {
        let file = row["file"].clone();
        let citations = parsed.entry(file.clone()).or_insert_with(|| {
            let bytes = std::fs::read(ketamine(&file)).expect("search export is there");
            let parsed = tamis::refs::parse(&bytes, &Default::default()).expect("search export is read");
            parsed.drafts.into_iter().map(|draft| draft.citation).collect()
        });
        let position: usize = row["position"].parse().expect("position is a number");
        records.push(citations[position - 1].clone());
        keys.push(row["record_key"].clone());
    }
    (records, keys)
}

#[test]
fn the_worked_example_is_grouped_exactly() {
    let (records, keys) = worked_example();
    assert_eq!(records.len(), 145);
    let prepared: Vec<Prepared> = records.iter().map(Prepared::new).collect();
    let group_of = grouped(&prepared);
    let mut expected: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    keys.iter().enumerate().for_each(|(i, key)| expected.entry(key).or_default().push(i));
    let mut found: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    group_of.iter().enumerate().for_each(|(i, group)| found.entry(*group).or_default().push(i));
    let expected: HashSet<Vec<usize>> = expected.into_values().collect();
    let found: HashSet<Vec<usize>> = found.into_values().collect();
    let name =
        |groups: Vec<&Vec<usize>>| groups.into_iter().map(|g| g.iter().map(|i| keys[*i].as_str()).collect()).collect::<Vec<Vec<_>>>();
    let missed = name(expected.difference(&found).collect());
    let wrong = name(found.difference(&expected).collect());
    assert!(missed.is_empty() && wrong.is_empty(), "expected but not found: {missed:?}\nfound but not expected: {wrong:?}");
}

#[test]
fn look_alikes_of_the_worked_example_are_never_grouped() {
    let (records, keys) = worked_example();
    let prepared: Vec<Prepared> = records.iter().map(Prepared::new).collect();
    let group_of = grouped(&prepared);
    for row in rows(&ketamine("not-duplicates.csv")) {
        let members = |key: &str| (0..keys.len()).filter(|i| keys[*i] == row[key]).collect::<Vec<_>>();
        for a in members("record_a") {
            for b in members("record_b") {
                let explanation = tamis::dedup::explain(&records[a], &records[b]);
                assert_ne!(group_of[a], group_of[b], "{} and {}: {}", row["record_a"], row["record_b"], explanation.reason);
            }
        }
    }
}
