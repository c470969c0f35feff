//! Finds the duplicates of the same tables with the deduplicator of the crate `biblib` and with tamis, in one process, and prints for
//! each its time (clock and processors) and, where the table names the truth, what it got right, wrong and left over.

use std::collections::{HashMap, HashSet};
use std::time::Instant;

use biblib::dedupe::Deduplicator;
use tamis::dedup::{Prepared, Settled, find_duplicates};
use tamis::domain::author::Author;
use tamis::domain::identifier::{Doi, Pmid};
use tamis::domain::record::Citation;

type Row = HashMap<String, String>;

fn main() {
    println!("table\ttool\trecords\tclock s\tprocessors s\tright\twrong\tleft over\tsensitivity\tprecision");
    for path in std::env::args().skip(1) {
        let rows: Vec<Row> = csv::ReaderBuilder::new()
            .flexible(true)
            .from_path(&path)
            .expect("the table opens")
            .deserialize()
            .map(|row| row.expect("the row is readable"))
            .collect();
        let theirs: Vec<biblib::Citation> = rows.iter().map(of_biblib).collect();
        measure(&path, "biblib 0.10.0", &rows, || {
            let finder = Deduplicator::builder().parallel(true).build();
            let groups = finder.find_duplicates(&theirs);
            groups.into_iter().map(|group| std::iter::once(group.unique).chain(group.duplicates).collect()).collect()
        });
        drop(theirs);
        let ours: Vec<Citation> = rows.iter().map(of_tamis).collect();
        measure(&path, "tamis", &rows, || {
            let threads = std::thread::available_parallelism().map_or(1, usize::from);
            let records: Vec<Prepared> = std::thread::scope(|scope| {
                let parts = ours.chunks(ours.len().div_ceil(threads).max(1));
                let parts: Vec<_> = parts.map(|part| scope.spawn(move || part.iter().map(Prepared::new).collect::<Vec<_>>())).collect();
                parts.into_iter().flat_map(|part| part.join().expect("preparing does not panic")).collect()
            });
            find_duplicates(&records, &Settled::default(), &mut |_, _| true).expect("not cancelled").groups
        });
    }
}

fn measure(path: &str, tool: &str, rows: &[Row], find: impl FnOnce() -> Vec<Vec<usize>>) {
    let (since, busy) = (Instant::now(), processor_seconds());
    let groups = find();
    let (clock, busy) = (since.elapsed().as_secs_f64(), processor_seconds() - busy);
    let table = path.rsplit('/').next().unwrap_or(path);
    print!("{table}\t{tool}\t{}\t{clock:.2}\t{busy:.2}", rows.len());
    let truth: Option<Vec<&String>> = rows.iter().map(|row| row.get("truth_cluster")).collect();
    if let Some(truth) = truth {
        let mut group_of: Vec<usize> = (0..rows.len()).collect();
        groups.iter().for_each(|members| members.iter().for_each(|member| group_of[*member] = members[0]));
        let reports = truth.iter().collect::<HashSet<_>>().len();
        let found = group_of.iter().collect::<HashSet<_>>().len();
        let shared = truth.iter().zip(&group_of).collect::<HashSet<_>>().len();
        let (right, wrong, left) = (rows.len() - shared, shared - found, shared - reports);
        let share = |part: usize, rest: usize| part as f64 / (part + rest).max(1) as f64;
        print!("\t{right}\t{wrong}\t{left}\t{:.4}\t{:.4}", share(right, left), share(right, wrong));
    }
    println!();
}

fn text(row: &Row, column: &str) -> Option<String> {
    row.get(column).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
}

/// Splits "Family, Given" and "Family G. I.".
fn names(row: &Row) -> Vec<(String, Option<String>)> {
    let authors = text(row, "authors").unwrap_or_default();
    let split = |author: &str| match author.split_once(',') {
        Some((family, given)) => (family.trim().to_owned(), Some(given.trim().to_owned())),
        None => match author.split_once(' ') {
            Some((family, given)) => (family.to_owned(), Some(given.to_owned())),
            None => (author.to_owned(), None),
        },
    };
    authors.split("; ").filter(|author| !author.trim().is_empty()).map(split).collect()
}

fn of_tamis(row: &Row) -> Citation {
    Citation {
        title: text(row, "title").unwrap_or_default(),
        authors: names(row).into_iter().map(|(family, given)| Author::new(family, given.as_deref())).collect(),
        journal: text(row, "journal"),
        year: text(row, "year").and_then(|year| year.parse().ok()),
        volume: text(row, "volume"),
        issue: text(row, "issue"),
        start_page: text(row, "pages"),
        doi: text(row, "doi").and_then(|doi| Doi::find(&doi)),
        pmid: text(row, "pmid").and_then(|pmid| Pmid::find(&pmid)),
        issn: text(row, "issn").into_iter().collect(),
        abstract_text: text(row, "abstract"),
        ..Citation::default()
    }
}

fn of_biblib(row: &Row) -> biblib::Citation {
    let authors =
        names(row).into_iter().map(|(name, given_name)| biblib::Author { name, given_name, middle_name: None, affiliations: Vec::new() });
    biblib::Citation {
        title: text(row, "title").unwrap_or_default(),
        authors: authors.collect(),
        journal: text(row, "journal"),
        date: text(row, "year").and_then(|year| year.parse().ok()).map(|year| biblib::Date { year, month: None, day: None }),
        volume: text(row, "volume"),
        issue: text(row, "issue"),
        pages: text(row, "pages"),
        issn: text(row, "issn").into_iter().collect(),
        doi: text(row, "doi").and_then(|doi| Doi::find(&doi)).map(|doi| doi.to_string()),
        pmid: text(row, "pmid"),
        abstract_text: text(row, "abstract"),
        ..biblib::Citation::default()
    }
}

/// Returns the time that the processors gave to this process, in seconds; 0 where the system does not tell.
fn processor_seconds() -> f64 {
    let text = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = text.rsplit_once(") ").map_or("", |(_, rest)| rest);
    after_name.split(' ').skip(11).take(2).filter_map(|field| field.parse::<f64>().ok()).sum::<f64>() / 100.0
}
