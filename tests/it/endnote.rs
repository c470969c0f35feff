//! The EndNote XML that is written has the shape of EndNote's own exports: the same elements inside the same elements, in the same order.
//!
//! The exports are other people's data and are read from the reference folder (`TAMIS_REFERENCE`, else `../shared/reference`); without it
//! the test says so and passes.

use std::collections::BTreeSet;
use std::path::PathBuf;

use tamis::domain::record::Citation;
use tamis::refs::{ParseOptions, parse, write_endnote_xml};

/// Exports of EndNote itself; the other samples of the folder were made or changed by other programs.
const EXPORTS: [&str; 4] = ["bluelight.xml", "spidercite.xml", "reflib_small.xml", "reflib_bold.xml"];

/// Elements that the exports happen not to hold; they are those of EndNote's document type.
const UNSEEN: [&str; 6] = ["titles/translated-title", "periodical/abbr-1", "publisher", "custom6", "custom7", "urls/pdf-urls/url"];

/// Returns the paths of the elements of each record, `record` left out, in the order in which they first come.
fn shapes(xml: &str) -> Vec<Vec<String>> {
    let (mut shapes, mut path): (Vec<Vec<String>>, Vec<&str>) = (Vec::new(), Vec::new());
    for tag in xml.split('<').skip(1) {
        let tag = tag.split('>').next().unwrap_or("");
        let name = tag.trim_start_matches('/').split([' ', '/']).next().unwrap_or("");
        if tag.starts_with(['?', '!']) {
            continue;
        }
        if tag.starts_with('/') {
            path.pop();
            continue;
        }
        path.push(name);
        if name == "record" {
            shapes.push(Vec::new());
        } else if let (Some(at), Some(shape)) = (path.iter().position(|name| *name == "record"), shapes.last_mut()) {
            let whole = path[at + 1..].join("/");
            if !shape.contains(&whole) {
                shape.push(whole);
            }
        }
        if tag.ends_with('/') {
            path.pop();
        }
    }
    shapes
}

/// Returns all pairs of elements of which the first comes before the second in the same element.
fn pairs(shapes: &[Vec<String>]) -> BTreeSet<(String, String)> {
    let mut pairs = BTreeSet::new();
    let parent = |path: &str| path.rsplit_once('/').map_or(String::new(), |(parent, _)| parent.to_owned());
    for shape in shapes {
        for (at, one) in shape.iter().enumerate() {
            pairs.extend(shape[at + 1..].iter().filter(|other| parent(one) == parent(other)).map(|other| (one.clone(), other.clone())));
        }
    }
    pairs
}

#[test]
fn what_is_written_has_the_shape_of_endnotes_own_exports() {
    let root = std::env::var_os("TAMIS_REFERENCE").map_or_else(|| PathBuf::from("../shared/reference"), PathBuf::from);
    let folder = root.join("import/endnote-xml");
    if !folder.is_dir() {
        println!("skipped: no exports of EndNote in the reference folder {}", folder.display());
        return;
    }
    let (mut real, mut ours, mut records) = (Vec::new(), Vec::new(), 0);
    for name in EXPORTS {
        let bytes = std::fs::read(folder.join(name)).expect("an export");
        let citations: Vec<Citation> =
            parse(&bytes, &ParseOptions::default()).expect("EndNote XML").drafts.into_iter().map(|draft| draft.citation).collect();
        let mut written = Vec::new();
        write_endnote_xml(&mut written, &citations).expect("memory");
        records += citations.len();
        real.extend(shapes(&String::from_utf8_lossy(&bytes)));
        ours.extend(shapes(&String::from_utf8_lossy(&written)));
    }
    assert_eq!((real.len(), ours.len()), (records, records));
    let known: BTreeSet<&String> = real.iter().flatten().collect();
    let is_known = |path: &String| {
        let bare = path.strip_suffix("/style").unwrap_or(path);
        known.contains(path) || UNSEEN.contains(&bare)
    };
    let new: BTreeSet<&String> = ours.iter().flatten().filter(|path| !is_known(path)).collect();
    assert!(new.is_empty(), "elements that no export of EndNote has: {new:?}");
    let theirs = pairs(&real);
    // What EndNote itself writes in either order has none.
    let has_order =
        |one: &String, other: &String| theirs.contains(&(other.clone(), one.clone())) && !theirs.contains(&(one.clone(), other.clone()));
    let turned: Vec<(String, String)> = pairs(&ours).into_iter().filter(|(one, other)| has_order(one, other)).collect();
    assert!(turned.is_empty(), "elements in another order than EndNote's: {turned:?}");
    println!("{records} records: {} elements and {} orders of elements are those of EndNote", known.len(), pairs(&ours).len());
}
