//! Labelled sets of database records: reading them, and scoring a grouping against their truth.
//!
//! The sets are other people's data, read at run time from the reference folder (`TAMIS_REFERENCE`, else `../shared/reference`).

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use tamis::dedup::{Prepared, Settled, find_duplicates};
use tamis::domain::author::Author;
use tamis::domain::identifier::{Doi, Pmid};
use tamis::domain::record::Citation;

/// The sets by name.
pub const SETS: [&str; 4] = ["asysd", "copper", "haematology", "respiratory"];

/// Returns a path of the reference folder, or says that it is absent.
pub fn reference(path: &str) -> Option<PathBuf> {
    let root = std::env::var_os("TAMIS_REFERENCE").map_or_else(|| PathBuf::from("../shared/reference"), PathBuf::from);
    let found = root.join(path);
    if found.exists() {
        return Some(found);
    }
    eprintln!("skipped: {path} is not in the reference folder {}", root.display());
    None
}

/// A record of a labelled set as printed; missing fields are empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Row {
    pub id: String,
    pub title: String,
    pub authors: Vec<String>,
    pub year: String,
    pub journal: String,
    pub volume: String,
    pub issue: String,
    pub pages: String,
    pub doi: String,
    pub pmid: String,
    pub issn: String,
    pub abstract_text: String,
    /// The name of the report.
    pub truth: String,
}

impl Row {
    fn new(row: &HashMap<String, String>) -> Self {
        let text = |name: &str| row.get(name).map(|v| v.trim().to_owned()).unwrap_or_default();
        Self {
            id: text("id"),
            title: text("title"),
            authors: text("authors").split("; ").map(str::to_owned).filter(|a| !a.trim().is_empty()).collect(),
            year: text("year"),
            journal: text("journal"),
            volume: text("volume"),
            issue: text("issue"),
            pages: text("pages"),
            doi: text("doi"),
            pmid: text("pmid"),
            issn: text("issn"),
            abstract_text: text("abstract"),
            truth: text("truth_cluster"),
        }
    }

    /// Returns the record that a reader of such a table would make of it; the truth is not used.
    pub fn citation(&self) -> Citation {
        let text = |value: &str| Some(value.trim().to_owned()).filter(|v| !v.is_empty());
        Citation {
            title: self.title.trim().to_owned(),
            authors: self.authors.iter().filter_map(|a| author(a)).collect(),
            journal: text(&self.journal),
            year: self.year.parse().ok(),
            volume: text(&self.volume),
            issue: text(&self.issue),
            start_page: text(&self.pages),
            doi: Doi::find(&self.doi),
            pmid: Pmid::find(&self.pmid),
            issn: text(&self.issn).into_iter().collect(),
            abstract_text: text(&self.abstract_text),
            ..Citation::default()
        }
    }

    /// Writes the record on one line, for a person to read.
    pub fn line(&self) -> String {
        let cut = |text: &str, most: usize| text.chars().take(most).collect::<String>();
        format!(
            "{} | {} | {} | {} | {} | {} | {} | {} | {} | {}",
            self.id,
            cut(&self.title, 110),
            cut(&self.authors.join("; "), 50),
            self.year,
            cut(&self.journal, 40),
            cut(&self.volume, 20),
            cut(&self.issue, 16),
            cut(&self.pages, 24),
            cut(&self.doi, 60),
            self.pmid
        )
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

/// Reads a set; `None` where the reference folder does not have it.
pub fn read(name: &str) -> Option<Vec<Row>> {
    Some(read_path(&reference(&format!("dedup/{name}.csv"))?))
}

/// Reads a labelled set from a file.
pub fn read_path(path: &Path) -> Vec<Row> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_path(path).expect("labelled set opens");
    reader.deserialize().map(|row: Result<HashMap<String, String>, _>| Row::new(&row.expect("row is readable"))).collect()
}

/// Gives each record the number of its group.
pub fn grouped(records: &[Prepared]) -> Vec<usize> {
    let outcome = find_duplicates(records, &Settled::default(), &mut |_, _| true).expect("not cancelled");
    let mut group_of: Vec<usize> = (0..records.len()).collect();
    for members in &outcome.groups {
        members.iter().for_each(|m| group_of[*m] = members[0]);
    }
    group_of
}

/// Records rightly removed, wrongly removed and left over when one record of every group is kept.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Figures {
    pub right: usize,
    pub wrong: usize,
    pub left_over: usize,
}

impl Figures {
    /// N records, T true groups, P predicted groups, X non-empty intersections: right N - X, wrong X - P, left over X - T.
    pub fn new(truth: &[&str], predicted: &[usize]) -> Self {
        let true_groups = truth.iter().collect::<HashSet<_>>().len();
        let predicted_groups = predicted.iter().collect::<HashSet<_>>().len();
        let shared = truth.iter().zip(predicted).collect::<HashSet<_>>().len();
        Self { right: truth.len() - shared, wrong: shared - predicted_groups, left_over: shared - true_groups }
    }

    /// Groups rows and scores them; returns the groups too.
    pub fn of(rows: &[Row]) -> (Self, Vec<usize>) {
        let records: Vec<Prepared> = rows.iter().map(|row| Prepared::new(&row.citation())).collect();
        let truth: Vec<&str> = rows.iter().map(|row| row.truth.as_str()).collect();
        let groups = grouped(&records);
        (Self::new(&truth, &groups), groups)
    }

    /// Adds the figures of another set.
    pub fn add(&mut self, other: Self) {
        self.right += other.right;
        self.wrong += other.wrong;
        self.left_over += other.left_over;
    }

    /// The share of the duplicates that were found, 0 to 1.
    pub fn sensitivity(self) -> f64 {
        self.right as f64 / (self.right + self.left_over).max(1) as f64
    }
}
