//! Pairs of different publications that look alike, made from real records.
//!
//! A pair is made in two steps: a kind says how the titles differ (or that they do not), a place says where the second
//! publication stands. Only combinations that occur in print are made.

use super::labelled::Row;
use super::random::Random;

/// Makes a pair of different publications from a record, or nothing where the record does not lend itself.
pub type Make = fn(&Row, &mut Random) -> Option<(Row, Row)>;

/// A place of the second publication, by name.
type Place = (&'static str, fn(&mut Row, &mut Row, &mut Random) -> bool);

/// Places that a companion of the same authors may have.
const PLACES: &[Place] = &[
    ("next pages", |_, b, random| next_pages(b, random)),
    ("next pages, no identifiers", |a, b, random| {
        no_identifiers(a);
        no_identifiers(b);
        next_pages(b, random)
    }),
    ("same volume, no pages", |a, b, _| {
        no_identifiers(a);
        no_identifiers(b);
        a.pages.clear();
        b.pages.clear();
        !a.volume.is_empty()
    }),
    ("no place", |a, b, _| {
        for row in [a, b] {
            no_identifiers(row);
            row.pages.clear();
            row.volume.clear();
            row.issue.clear();
        }
        true
    }),
    ("one without place", |a, b, random| {
        no_identifiers(a);
        no_identifiers(b);
        b.pages.clear();
        b.volume.clear();
        b.issue.clear();
        if random.chance(0.5) {
            b.year = a.year.clone();
        }
        !a.pages.is_empty()
    }),
    ("later volume", |_, b, random| later_volume(b, random, 1)),
    ("abstracts on one page", |a, b, _| {
        for row in [&mut *a, &mut *b] {
            row.issue = "Suppl 1".into();
            row.pages = "S53".into();
            row.pmid.clear();
        }
        b.doi = a.doi.clone();
        !a.volume.is_empty()
    }),
    ("abstracts of a meeting, no pages", |a, b, _| {
        for row in [&mut *a, &mut *b] {
            row.issue = "Suppl 1".into();
            row.pages.clear();
            row.doi.clear();
            row.pmid.clear();
        }
        !a.volume.is_empty()
    }),
];

/// Ways in which the titles of companion publications differ.
type Titles = (&'static str, fn(&str, &mut Random) -> Option<(String, String)>);

const TITLES: &[Titles] = &[
    ("in men / in women", |t, _| both(t, " in men", " in women")),
    ("adults / children", |t, _| both(t, " in adults", " in children")),
    ("rats / mice", |t, _| both(t, " in rats", " in mice")),
    ("10 mg / 20 mg", |t, _| both(t, ": 10 mg dose", ": 20 mg dose")),
    ("5-year / 10-year", |t, _| both(t, ": 5-year results", ": 10-year results")),
    ("five-year / ten-year", |t, _| both(t, ": five-year results", ": ten-year results")),
    ("part I / II", |t, _| both(t, ". Part I", ". Part II")),
    ("I. / II. first", |t, _| Some((format!("I. {t}"), format!("II. {t}")))),
    ("part 1 / 2 with subtitle", |t, _| both(t, ". Part 1: methods", ". Part 2: results")),
    ("phase 2 / 3", |t, _| both(t, ": a phase 2 trial", ": a phase 3 trial")),
    ("phase Ib / II", |t, _| both(t, ": a phase Ib trial", ": a phase II trial")),
    ("2010 / 2015", |t, _| both(t, ": 2010 update", ": 2015 update")),
    ("first / second", |t, _| both(t, ": first report", ": second report")),
    ("with / without", |t, _| both(t, " in patients with diabetes", " in patients without diabetes")),
    ("negation", |t, _| inserted(t, &["not", "no", "non"])),
    ("type 1 / type 2", |t, _| both(t, " in type 1 diabetes", " in type 2 diabetes")),
    ("left / right", |t, _| both(t, " of the left side", " of the right side")),
    ("acute / chronic", |t, _| Some((format!("Acute {t}"), format!("Chronic {t}")))),
    ("increases / decreases", |t, _| both(t, " increases survival", " decreases survival")),
    ("country", |t, _| both(t, " in Finland", " in Ireland")),
    ("factor H / I", |t, _| both(t, " and factor H", " and factor I")),
    ("IL-1 / IL-6", |t, _| both(t, " and IL-1 beta", " and IL-1 alpha")),
    ("protocol", |t, _| Some((t.to_owned(), format!("{t}: study protocol")))),
    ("protocol of a trial", |t, _| both(t, ": a randomised trial", ": protocol of a randomised trial")),
    ("protocol: rationale and design", |t, _| Some((t.to_owned(), format!("Rationale and design of {t}")))),
    ("another word", another_word),
    ("two other words", |t, random| {
        let (a, b) = another_word(t, random)?;
        Some((a, another_word(&b, random)?.1))
    }),
    ("a word more", |t, _| inserted(t, &["pediatric", "recurrent", "elderly", "experimental", "female"])),
    ("results added", |t, _| Some((t.to_owned(), format!("{t}: results of the extension study")))),
    ("subgroup added", |t, _| Some((t.to_owned(), format!("{t} in patients with renal failure")))),
    ("cost added", |t, _| Some((t.to_owned(), format!("{t}: an economic evaluation")))),
    ("follow-up added", |t, _| Some((t.to_owned(), format!("{t}: long-term follow-up")))),
    ("results / economic evaluation", |t, _| both(t, ": results of a trial", ": economic evaluation of a trial")),
    ("children added", |t, _| Some((t.to_owned(), format!("{t} in children")))),
    ("update added", |t, _| Some((t.to_owned(), format!("{t}: an update")))),
    ("number added", |t, _| Some((t.to_owned(), format!("{t} 2")))),
];

/// Pairs whose kind fixes the place too.
const WHOLE: &[(&str, Make)] = &[
    ("erratum", |r, random| {
        relabelled(r, random, &["Erratum: ", "Corrigendum to: ", "Correction: ", "Correction to: ", "Author correction: "])
    }),
    ("erratum in brackets", |r, random| {
        let mut b = other_place(r, random)?;
        b.title = format!("Erratum: {} ({} ({}) {} ({}))", r.title, r.journal, r.year, r.volume, r.pages);
        (!r.volume.is_empty()).then(|| (r.clone(), b))
    }),
    ("erratum by WoS", |r, random| {
        let mut b = other_place(r, random)?;
        b.title = format!("{} (vol {}, pg {}, {})", r.title, r.volume, r.pages.split('-').next().unwrap_or(""), r.year);
        (!r.volume.is_empty() && !r.pages.is_empty()).then(|| (r.clone(), b))
    }),
    ("reply", |r, random| {
        relabelled(r, random, &["Reply to: ", "Response to: ", "Re: ", "In reply: ", "Author's reply: ", "Response to letter: "])
    }),
    ("comment", |r, random| {
        relabelled(
            r,
            random,
            &["Comment on: ", "Comment: ", "Commentary on: ", "Letter: ", "Comments on ", "Editorial: ", "Letter to the editor: "],
        )
    }),
    ("reply at the end", |r, random| {
        let mut b = other_place(r, random)?;
        b.title = format!(
            "{}{}",
            r.title,
            random.of(&[
                " - Reply",
                ": reply",
                " - Reply.",
                ": authors' reply",
                " - The authors reply",
                ". Reply",
                " Reply",
                ": Comment",
                " - Comment",
                ": reply to comment"
            ])
        );
        Some((r.clone(), b))
    }),
    ("retraction", |r, random| {
        relabelled(
            r,
            random,
            &["Retraction: ", "Retraction note: ", "Notice of retraction: ", "Retraction notice to: ", "Expression of concern: "],
        )
    }),
    ("meeting abstract before the paper", |r, random| {
        let mut b = r.clone();
        no_identifiers(&mut b);
        b.year = (r.year.parse::<i32>().ok()? - random.below(2) as i32).to_string();
        b.volume = random.below(200).to_string();
        b.issue = "Suppl 1".into();
        b.pages = format!("S{}", 1 + random.below(900));
        (r.pages.contains('-') && !is_abstract(r)).then(|| (r.clone(), b))
    }),
    ("meeting abstract, same journal and year", |r, random| {
        let mut b = r.clone();
        no_identifiers(&mut b);
        b.issue = "S1".into();
        b.pages = format!("{}", 1 + random.below(900));
        (r.pages.contains('-') && !is_abstract(r) && !r.volume.is_empty()).then(|| (r.clone(), b))
    }),
    ("meeting abstract without pages", |r, _| {
        let mut b = r.clone();
        no_identifiers(&mut b);
        b.issue = "Suppl. 2".into();
        b.pages.clear();
        (r.pages.contains('-') && !is_abstract(r) && !r.volume.is_empty()).then(|| (r.clone(), b))
    }),
    ("meeting abstract of Embase", |r, random| {
        let mut b = r.clone();
        no_identifiers(&mut b);
        b.journal = format!("{}.Conference: 23rd Congress of Things, Oslo", r.journal);
        b.volume = random.below(200).to_string();
        b.issue.clear();
        b.pages.clear();
        (r.pages.contains('-') && !is_abstract(r)).then(|| (r.clone(), b))
    }),
    ("abstract at two meetings", |r, random| {
        let (mut a, mut b) = (r.clone(), r.clone());
        let year = r.year.parse::<i32>().ok()?;
        for row in [&mut a, &mut b] {
            no_identifiers(row);
            row.volume = random.below(200).to_string();
            row.issue = "Suppl 1".into();
            row.pages = format!("S{}", 1 + random.below(900));
        }
        b.year = (year + random.below(2) as i32).to_string();
        if random.chance(0.6) {
            b.journal = "Proceedings of the Oslo Congress of Medicine".into();
            b.issn.clear();
        }
        Some((a, b))
    }),
    ("abstract at two meetings, no pages", |r, random| {
        let (mut a, mut b) = (r.clone(), r.clone());
        for row in [&mut a, &mut b] {
            no_identifiers(row);
            row.volume = random.below(200).to_string();
            row.issue.clear();
            row.pages.clear();
        }
        b.journal = "Proceedings of the Oslo Congress of Medicine".into();
        b.issn.clear();
        Some((a, b))
    }),
    ("Cochrane versions", |r, random| {
        let number = 1_000 + random.below(13_000);
        let first = 1 + random.below(4);
        let later = first + 1 + random.below(2);
        let with_doi = random.below(3);
        Some((cochrane(r, number, first, 2004, with_doi), cochrane(r, number, later, 2004 + 4 * (later - first) as i32, with_doi)))
    }),
    ("Cochrane versions of one year", |r, random| {
        let number = 1_000 + random.below(13_000);
        Some((cochrane(r, number, 2, 2014, 2), cochrane(r, number, 3, 2014, 2)))
    }),
    ("Cochrane protocol and review", |r, random| {
        let number = 1_000 + random.below(13_000);
        let with_doi = random.below(3);
        let (mut a, b) = (cochrane(r, number, 1, 2010, with_doi), cochrane(r, number, 2, 2011 + random.below(3) as i32, with_doi));
        if random.chance(0.5) {
            a.title.push_str(" (Protocol)");
        }
        Some((a, b))
    }),
    ("two registrations", |r, random| {
        let registries = ["NCT0", "EUCTR2010-0", "ISRCTN", "ACTRN126", "ChiCTR-TRC-1"];
        let make = |random: &mut Random, at: usize| {
            let mut row = r.clone();
            no_identifiers(&mut row);
            row.volume.clear();
            row.issue.clear();
            row.pages.clear();
            let number = format!("{}{:07}", registries[at], random.below(10_000_000));
            row.journal = format!("http://www.who.int/trialsearch/Trial2.aspx?TrialID={number}");
            row
        };
        let at = random.below(5);
        let other = if random.chance(0.5) { at } else { (at + 1) % 5 };
        Some((make(random, at), make(random, other)))
    }),
    ("registration and paper", |r, random| {
        let mut b = r.clone();
        no_identifiers(&mut b);
        b.volume.clear();
        b.issue.clear();
        b.pages.clear();
        b.journal = (*random.of(&["ClinicalTrials.gov", "https://clinicaltrials.gov/show/NCT", "ISRCTN registry"])).into();
        if b.journal.ends_with("NCT") {
            b.journal.push_str(&format!("{:08}", random.below(100_000_000)));
        }
        Some((r.clone(), b))
    }),
    ("preprint and paper", |r, random| {
        let mut b = r.clone();
        no_identifiers(&mut b);
        b.doi = format!("10.1101/2020.01.{:02}.{:06}", 1 + random.below(28), random.below(999_999));
        b.volume.clear();
        b.issue.clear();
        b.pages.clear();
        b.journal =
            (*random.of(&["medRxiv", "bioRxiv", "medRxiv : the preprint server for health sciences", "Research Square", "SSRN"])).into();
        Some((r.clone(), b))
    }),
    ("thesis and paper", |r, _| {
        let mut b = r.clone();
        no_identifiers(&mut b);
        b.authors.truncate(1);
        b.volume.clear();
        b.issue.clear();
        b.pages.clear();
        b.journal = "University of Oslo".into();
        b.issn.clear();
        Some((r.clone(), b))
    }),
    ("book and chapter", |r, random| {
        let (mut a, mut b) = (r.clone(), r.clone());
        for row in [&mut a, &mut b] {
            no_identifiers(row);
            row.volume.clear();
            row.issue.clear();
            row.issn = "9780123456786".into();
        }
        a.journal = r.title.clone();
        a.pages = format!("{}-{}", 10 + random.below(300), 400);
        b.journal = r.title.clone();
        a.title = format!("{}: an introduction", r.title);
        b.pages = "1-480".into();
        Some((a, b))
    }),
    ("chapters of one book", |r, random| {
        let (mut a, mut b) = (r.clone(), r.clone());
        for row in [&mut a, &mut b] {
            row.volume.clear();
            row.issue.clear();
            row.pmid.clear();
            row.issn = "9780123456786".into();
            row.journal = "Handbook of Applied Things".into();
        }
        b.title = another_word(&r.title, random)?.1;
        a.pages = "10-20".into();
        b.pages = "21-40".into();
        Some((a, b))
    }),
    ("annual title, later year", |r, random| {
        let title = *random.of(&[
            "Editorial",
            "Abstracts of the annual meeting",
            "Annual report of the society",
            "Letters to the editor",
            "Clinical practice guidelines",
            "Standards of medical care in diabetes",
            "Heart disease and stroke statistics: a report from the American Heart Association",
            "Management of hypertension",
            "What is new in cardiology",
            "Program and abstracts of the annual scientific sessions",
            "President's message",
            "Cancer statistics",
            "Stroke",
            "Depression",
        ]);
        let years = 1 + random.below(5) as i32;
        let (mut a, mut b) = (r.clone(), r.clone());
        a.title = title.into();
        b.title = title.into();
        if random.chance(0.4) {
            no_identifiers(&mut a);
            no_identifiers(&mut b);
        }
        later_volume(&mut b, random, years).then_some((a, b))
    }),
    ("annual title, no pages", |r, random| {
        let title = *random.of(&[
            "Editorial",
            "Abstracts of the annual meeting",
            "Annual report",
            "Letters to the editor",
            "Poster session",
            "Clinical practice guidelines for the management of hypertension",
        ]);
        let (mut a, mut b) = (r.clone(), r.clone());
        a.title = title.into();
        b.title = title.into();
        for row in [&mut a, &mut b] {
            no_identifiers(row);
            row.pages.clear();
        }
        later_volume(&mut b, random, 1).then_some((a, b))
    }),
    ("common title in one issue", |r, random| {
        let title = *random.of(&[
            "Editorial",
            "Introduction",
            "Letter to the editor",
            "Commentary",
            "Response",
            "Book review",
            "Stroke",
            "Depression in the elderly",
        ]);
        let (mut a, mut b) = (r.clone(), r.clone());
        a.title = title.into();
        b.title = title.into();
        b.authors = vec!["Quist, Zebulon".into(), "Yarrow, Xenia".into()];
        for row in [&mut a, &mut b] {
            no_identifiers(row);
        }
        next_pages(&mut b, random).then_some((a, b))
    }),
    ("same title, other authors", |r, random| {
        let (a, mut b) = (r.clone(), r.clone());
        b.authors = vec!["Quist, Zebulon".into(), "Yarrow, Xenia".into()];
        b.journal = "Acta Osloensia Medica".into();
        b.issn.clear();
        no_identifiers(&mut b);
        later_volume(&mut b, random, random.clone().below(2) as i32).then_some((a, b))
    }),
    ("same title, other authors, no pages", |r, random| {
        let (mut a, mut b) = (r.clone(), r.clone());
        b.authors = vec!["Quist, Zebulon".into(), "Yarrow, Xenia".into()];
        b.journal = "Acta Osloensia Medica".into();
        for row in [&mut a, &mut b] {
            no_identifiers(row);
            row.pages.clear();
            row.issue.clear();
            if random.chance(0.5) {
                row.volume.clear();
            }
        }
        Some((a, b))
    }),
    ("guideline in two journals", |r, random| {
        let (mut a, mut b) = (r.clone(), r.clone());
        b.journal = "Acta Osloensia Medica".into();
        b.issn.clear();
        no_identifiers(&mut a);
        no_identifiers(&mut b);
        b.volume = (1 + random.below(200)).to_string();
        b.pages = format!("{}-{}", 1000 + random.below(100), 1200 + random.below(100));
        (r.pages.contains('-')).then_some((a, b))
    }),
];

/// A kind of pair: its name, and what makes a pair of it.
pub type Kind = (String, Box<dyn Fn(&Row, &mut Random) -> Option<(Row, Row)>>);

/// Returns all kinds of pairs.
pub fn kinds() -> Vec<Kind> {
    let mut all: Vec<Kind> = Vec::new();
    for (name, make) in WHOLE {
        all.push(((*name).to_owned(), Box::new(*make)));
    }
    for (title_name, titles) in TITLES {
        for (place_name, place) in PLACES {
            let make = move |row: &Row, random: &mut Random| {
                let (mut a, mut b) = (row.clone(), row.clone());
                (a.title, b.title) = titles(row.title.trim_end_matches('.'), random)?;
                b.abstract_text = another_abstract(&row.abstract_text);
                place(&mut a, &mut b, random).then_some((a, b))
            };
            all.push((format!("{title_name}, {place_name}"), Box::new(make)));
        }
    }
    all
}

fn both(title: &str, first: &str, second: &str) -> Option<(String, String)> {
    Some((format!("{title}{first}"), format!("{title}{second}")))
}

fn inserted(title: &str, words: &[&str]) -> Option<(String, String)> {
    let mut parts: Vec<&str> = title.split(' ').collect();
    if parts.len() < 4 {
        return None;
    }
    let word = words[title.len() % words.len()];
    parts.insert(parts.len() / 2, word);
    Some((title.to_owned(), parts.join(" ")))
}

/// Puts another word of the trade in the place of a long word.
fn another_word(title: &str, random: &mut Random) -> Option<(String, String)> {
    const WORDS: [&str; 16] = [
        "insulin",
        "aspirin",
        "placebo",
        "exercise",
        "surgery",
        "kidney",
        "platelet",
        "vaccine",
        "steroid",
        "infection",
        "anaemia",
        "warfarin",
        "school",
        "forest",
        "imaging",
        "therapy",
    ];
    let mut parts: Vec<&str> = title.split(' ').collect();
    let places: Vec<usize> = (0..parts.len()).filter(|i| parts[*i].len() > 4 && parts[*i].chars().all(char::is_alphabetic)).collect();
    if places.len() < 3 {
        return None;
    }
    let at = places[random.below(places.len())];
    let word = random.of(&WORDS);
    if title.to_lowercase().contains(word) {
        return None;
    }
    parts[at] = word;
    Some((title.to_owned(), parts.join(" ")))
}

/// Keeps the first words of an abstract, as companions that share their background do, and turns the rest round.
fn another_abstract(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let kept = words.len().min(8);
    words[..kept].iter().chain(words[kept..].iter().rev()).copied().collect::<Vec<_>>().join(" ")
}

fn is_abstract(row: &Row) -> bool {
    let issue = row.issue.to_lowercase();
    issue.contains("sup")
        || issue.starts_with('s')
        || row.pages.to_lowercase().starts_with('s')
        || row.volume.to_lowercase().contains("sup")
}

fn no_identifiers(row: &mut Row) {
    row.doi.clear();
    row.pmid.clear();
}

/// Moves a record to the pages after its own, with identifiers of its own.
fn next_pages(row: &mut Row, random: &mut Random) -> bool {
    let Some((first, last)) = row.pages.split_once('-') else { return false };
    let (Ok(first), Ok(short)) = (first.trim().parse::<u64>(), last.trim().parse::<u64>()) else { return false };
    let last = if short < first { first + 8 } else { short };
    row.pages = format!("{}-{}", last + 1, last + 1 + (last - first).min(30));
    new_identifiers(row, random);
    true
}

fn later_volume(row: &mut Row, random: &mut Random, years: i32) -> bool {
    let (Ok(year), Ok(volume)) = (row.year.parse::<i32>(), row.volume.parse::<i32>()) else { return false };
    row.year = (year + years).to_string();
    row.volume = (volume + years.max(1)).to_string();
    row.issue = if row.issue.is_empty() { String::new() } else { (1 + random.below(12)).to_string() };
    if !row.pages.is_empty() {
        let page = 1 + random.below(1500);
        row.pages = format!("{page}-{}", page + 1 + random.below(12));
    }
    new_identifiers(row, random);
    true
}

fn new_identifiers(row: &mut Row, random: &mut Random) {
    if !row.doi.is_empty() {
        row.doi = format!("10.5555/{:09}", random.below(1_000_000_000));
    }
    if !row.pmid.is_empty() {
        row.pmid = (30_000_000 + random.below(5_000_000)).to_string();
    }
}

fn other_place(row: &Row, random: &mut Random) -> Option<Row> {
    let mut other = row.clone();
    no_identifiers(&mut other);
    if random.chance(0.5) {
        return later_volume(&mut other, random, 0).then_some(other);
    }
    if random.chance(0.3) {
        other.pages.clear();
        other.issue.clear();
        return Some(other);
    }
    next_pages(&mut other, random).then_some(other)
}

fn relabelled(row: &Row, random: &mut Random, labels: &[&str]) -> Option<(Row, Row)> {
    let mut other = other_place(row, random)?;
    other.title = format!("{}{}", random.of(labels), row.title);
    Some((row.clone(), other))
}

/// Makes a Cochrane review; `with_doi` 0 gives no identifier but the page, 1 the DOI without version, 2 the DOI with it.
fn cochrane(row: &Row, number: usize, version: usize, year: i32, with_doi: usize) -> Row {
    let suffix = if version > 1 { format!(".pub{version}") } else { String::new() };
    Row {
        journal: "Cochrane Database of Systematic Reviews".into(),
        year: year.to_string(),
        volume: String::new(),
        issue: (1 + version).to_string(),
        pages: format!("CD{number:06}"),
        doi: match with_doi {
            0 => String::new(),
            1 => String::new(),
            _ => format!("10.1002/14651858.CD{number:06}{suffix}"),
        },
        pmid: String::new(),
        issn: "1469-493X".into(),
        ..row.clone()
    }
}
