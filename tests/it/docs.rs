//! The book: the commands of the guide are run by the real program, generated pages are compared, links lead somewhere.
//!
//! `TAMIS_BLESS=1` rewrites generated pages and the outputs that the guide shows; look at the change.

mod console;
mod generated;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn is_blessed() -> bool {
    std::env::var_os("TAMIS_BLESS").is_some()
}

/// Returns the Markdown files of a folder and its folders.
fn pages(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("the folder is part of the project").flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(pages(&path));
        } else if path.extension().is_some_and(|ending| ending == "md") {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// Returns the targets of the links of a page that name a file of the project, without the part after `#`.
fn links(text: &str) -> Vec<&str> {
    let targets =
        text.split("](").skip(1).filter_map(|rest| rest.split(')').next()).map(|target| target.split('#').next().unwrap_or_default());
    targets.filter(|target| !target.is_empty() && !target.contains("://") && !target.contains(' ')).collect()
}

#[test]
fn every_link_leads_to_a_file() {
    let mut broken = Vec::new();
    let own = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"].map(|name| root().join(name));
    for page in pages(&root().join("docs")).into_iter().chain(own) {
        let folder = page.parent().expect("a file lies in a folder");
        let text = read(&page);
        broken.extend(
            links(&text).into_iter().filter(|target| !folder.join(target).exists()).map(|target| format!("{}: {target}", page.display())),
        );
    }
    assert!(broken.is_empty(), "links that lead nowhere:\n{}", broken.join("\n"));
}

#[test]
fn the_table_of_contents_lists_every_page_of_the_book() {
    let book = root().join("docs/src");
    let summary = read(&book.join("SUMMARY.md"));
    let listed: BTreeSet<PathBuf> = links(&summary).into_iter().map(|target| book.join(target)).collect();
    let missing: Vec<PathBuf> = pages(&book).into_iter().filter(|page| !page.ends_with("SUMMARY.md") && !listed.contains(page)).collect();
    assert!(missing.is_empty(), "SUMMARY.md does not list {missing:?}");
}
