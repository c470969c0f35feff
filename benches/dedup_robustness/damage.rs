//! Ways in which databases and reference managers damage a record without making it another publication.

use super::labelled::Row;
use super::random::Random;

/// A kind of damage, by name.
pub type Damage = (&'static str, fn(&mut Row, &mut Random));

/// All kinds of damage.
pub const DAMAGES: &[Damage] = &[
    ("none", |_, _| {}),
    ("no DOI", |r, _| r.doi.clear()),
    ("no PMID", |r, _| r.pmid.clear()),
    ("no issue", |r, _| r.issue.clear()),
    ("no ISSN", |r, _| r.issn.clear()),
    ("no pages", |r, _| r.pages.clear()),
    ("no volume", |r, _| r.volume.clear()),
    ("no volume, issue, pages", |r, _| {
        r.volume.clear();
        r.issue.clear();
        r.pages.clear();
    }),
    ("no year", |r, _| r.year.clear()),
    ("no journal or ISSN", |r, _| {
        r.journal.clear();
        r.issn.clear();
    }),
    ("no authors", |r, _| r.authors.clear()),
    ("no identifiers", |r, _| {
        r.doi.clear();
        r.pmid.clear();
        r.issn.clear();
    }),
    ("old export", |r, _| {
        r.doi.clear();
        r.pmid.clear();
        r.issn.clear();
        r.issue.clear();
        r.abstract_text.clear();
    }),
    ("journal abbreviated", |r, random| r.journal = abbreviated(&r.journal, random)),
    ("journal in capitals", |r, _| r.journal = r.journal.to_uppercase()),
    ("journal & for and", |r, _| r.journal = r.journal.replace(" and ", " & ")),
    ("journal with place", |r, _| {
        if !r.journal.is_empty() {
            r.journal.push_str(" (New York, N.Y.)");
        }
    }),
    ("first author only", |r, _| r.authors.truncate(1)),
    ("et al.", |r, _| {
        if r.authors.len() > 1 {
            r.authors.truncate(1);
            r.authors.push("et al.".into());
        }
    }),
    ("initials only", |r, _| r.authors = r.authors.iter().map(|a| initials(a)).collect()),
    ("family names only", |r, _| r.authors = r.authors.iter().map(|a| family(a)).collect()),
    ("names swapped", |r, _| r.authors = r.authors.iter().map(|a| swapped(a)).collect()),
    ("names in capitals", |r, _| r.authors = r.authors.iter().map(|a| a.to_uppercase()).collect()),
    ("authors reversed", |r, _| r.authors.reverse()),
    ("first author lost", |r, _| {
        if r.authors.len() > 1 {
            r.authors.remove(0);
        }
    }),
    ("authors lose letters", |r, _| r.authors = r.authors.iter().map(|a| lost_letters(a)).collect()),
    ("title cut at 80", |r, _| r.title = r.title.chars().take(80).collect()),
    ("title cut at 200", |r, _| r.title = r.title.chars().take(200).collect()),
    ("no subtitle", |r, _| {
        if let Some((head, _)) = r.title.split_once(": ")
            && head.len() > 30
        {
            r.title = head.to_owned();
        }
    }),
    ("one typing error", |r, random| r.title = mistyped(&r.title, random)),
    ("two typing errors", |r, random| {
        r.title = mistyped(&r.title, random);
        r.title = mistyped(&r.title, random);
    }),
    ("title in capitals", |r, _| r.title = r.title.to_uppercase()),
    ("title with entities", |r, random| r.title = with_entities(&r.title, random)),
    ("title loses letters", |r, random| r.title = question_marks(&r.title, random)),
    ("title loses a word", |r, random| r.title = without_word(&r.title, random)),
    ("title loses spaces", |r, random| r.title = without_space(&r.title, random)),
    ("title without hyphens", |r, _| r.title = r.title.replace('-', "")),
    ("title in brackets", |r, _| {
        if !r.title.starts_with('[') {
            r.title = format!("[{}]", r.title.trim_end_matches('.'));
        }
    }),
    ("title (Review)", |r, _| r.title.push_str(" (Review)")),
    ("title [abstract]", |r, _| r.title.push_str(" [abstract]")),
    ("title [Review] [34 refs]", |r, _| r.title.push_str(" [Review] [34 refs]")),
    ("year off by one", |r, random| {
        if let Ok(year) = r.year.parse::<i32>() {
            r.year = (year + if random.chance(0.5) { 1 } else { -1 }).to_string();
        }
    }),
    ("pages short", |r, _| r.pages = short_pages(&r.pages)),
    ("first page only", |r, _| {
        if let Some((first, _)) = r.pages.split_once('-') {
            r.pages = first.to_owned();
        }
    }),
    ("pages with e", |r, _| {
        if r.pages.starts_with(|c: char| c.is_ascii_digit()) {
            r.pages = format!("e{}", r.pages.split('-').next().unwrap_or(""));
        }
    }),
    ("pages with S", |r, _| {
        if r.pages.starts_with(|c: char| c.is_ascii_digit()) {
            r.pages = format!("S{}", r.pages.replace('-', "-S"));
        }
    }),
    ("pages off by one", |r, _| {
        if let Some((first, last)) = r.pages.split_once('-')
            && let Ok(first) = first.parse::<u64>()
        {
            r.pages = format!("{}-{last}", first + 1);
        }
    }),
    ("article number for pages", |r, random| {
        if r.pages.contains('-') {
            r.pages = format!("{}", 100_000 + random.below(900_000));
        }
    }),
    ("pages pp.", |r, _| {
        if !r.pages.is_empty() {
            r.pages = format!("pp. {}", r.pages);
        }
    }),
    ("volume (Suppl)", |r, _| {
        if !r.volume.is_empty() {
            r.volume.push_str(" (Suppl)");
        }
    }),
    ("volume with issue", |r, _| {
        if !r.volume.is_empty() && !r.issue.is_empty() {
            r.volume = format!("{} ({})", r.volume, r.issue);
            r.issue.clear();
        }
    }),
    ("volume in Roman numerals", |r, _| {
        if let Ok(number) = r.volume.parse::<u64>()
            && number < 400
        {
            r.volume = roman(number);
        }
    }),
    ("DOI with resolver", |r, _| {
        if !r.doi.is_empty() && !r.doi.starts_with("http") {
            r.doi = format!("http://dx.doi.org/{}", r.doi);
        }
    }),
    ("DOI in capitals", |r, _| r.doi = r.doi.to_uppercase()),
    ("DOI with full stop", |r, _| {
        if !r.doi.is_empty() {
            r.doi.push('.');
        }
    }),
    ("DOI cut", |r, _| {
        if r.doi.len() > 14 {
            r.doi.truncate(r.doi.len() - 3);
        }
    }),
    ("DOI of a component", |r, _| {
        if !r.doi.is_empty() {
            r.doi.push_str(".s001");
        }
    }),
    ("a wrong DOI", |r, random| {
        if !r.doi.is_empty() {
            r.doi = format!("10.{}/x{:08}", 1000 + random.below(8999), random.below(100_000_000));
        }
    }),
    ("two kinds", |r, random| several(2, r, random)),
    ("four kinds", |r, random| several(4, r, random)),
];

/// Damages a record in several ways at once, each by chance.
fn several(count: usize, row: &mut Row, random: &mut Random) {
    for _ in 0..count {
        let damage = random.of(&DAMAGES[..DAMAGES.len() - 2]).1;
        damage(row, random);
    }
}

fn abbreviated(journal: &str, random: &mut Random) -> String {
    const STOP: [&str; 10] = ["of", "and", "the", "in", "for", "on", "de", "la", "et", "to"];
    let words: Vec<&str> = journal.split_whitespace().filter(|w| !STOP.contains(&w.to_lowercase().as_str())).collect();
    if words.len() < 2 {
        return journal.to_owned();
    }
    let most = 3 + random.below(3);
    words.iter().map(|w| w.chars().take(most).collect::<String>()).collect::<Vec<_>>().join(" ")
}

/// Splits a printed name into family and given name.
fn parts(author: &str) -> (String, String) {
    if let Some((family, given)) = author.split_once(',') {
        return (family.trim().to_owned(), given.trim().to_owned());
    }
    let words: Vec<&str> = author.split_whitespace().collect();
    let at = words.iter().position(|w| w.ends_with('.') || w.len() <= 3 && w.chars().all(char::is_uppercase)).unwrap_or(words.len()).max(1);
    (words[..at.min(words.len())].join(" "), words[at.min(words.len())..].join(" "))
}

fn initials(author: &str) -> String {
    let (family, given) = parts(author);
    let letters: String = given.split([' ', '.', '-']).filter_map(|w| w.chars().next()).take(2).collect();
    format!("{family} {letters}").trim().to_owned()
}

fn family(author: &str) -> String {
    parts(author).0
}

fn swapped(author: &str) -> String {
    let (family, given) = parts(author);
    if given.is_empty() { family } else { format!("{given}, {family}") }
}

fn lost_letters(text: &str) -> String {
    text.chars().map(|c| if c.is_ascii() { c } else { '?' }).collect()
}

fn place_of_letter(letters: &[char], random: &mut Random) -> Option<usize> {
    let places: Vec<usize> = (2..letters.len().saturating_sub(2)).filter(|i| letters[*i].is_alphabetic()).collect();
    (!places.is_empty()).then(|| places[random.below(places.len())])
}

fn mistyped(title: &str, random: &mut Random) -> String {
    let mut letters: Vec<char> = title.chars().collect();
    let Some(at) = place_of_letter(&letters, random) else { return title.to_owned() };
    match random.below(4) {
        0 => drop(letters.remove(at)),
        1 => letters.insert(at, letters[at]),
        2 => letters.swap(at, at + 1),
        _ => letters[at] = *random.of(&['a', 'e', 'i', 'o', 'n', 't', 's', 'r']),
    }
    letters.into_iter().collect()
}

fn with_entities(title: &str, random: &mut Random) -> String {
    let mut out = title.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('\'', "&#39;");
    if let Some(at) = out.find(' ').filter(|_| random.chance(0.5)) {
        out.replace_range(at..=at, "&nbsp;");
    }
    if random.chance(0.3) {
        out = format!("<i>{out}</i>");
    }
    out
}

/// Loses letters beyond ASCII, and one other letter, as a wrong encoding does.
fn question_marks(title: &str, random: &mut Random) -> String {
    let mut letters: Vec<char> = lost_letters(title).chars().collect();
    if let Some(at) = place_of_letter(&letters, random) {
        letters[at] = '?';
    }
    letters.into_iter().collect()
}

fn without_word(title: &str, random: &mut Random) -> String {
    const SMALL: [&str; 10] = ["the", "a", "an", "of", "in", "and", "for", "with", "on", "by"];
    let mut words: Vec<&str> = title.split(' ').collect();
    let places: Vec<usize> = (0..words.len()).filter(|i| SMALL.contains(&words[*i].to_lowercase().as_str())).collect();
    if !places.is_empty() {
        words.remove(places[random.below(places.len())]);
    }
    words.join(" ")
}

fn without_space(title: &str, random: &mut Random) -> String {
    let places: Vec<usize> = title.match_indices(' ').map(|(at, _)| at).collect();
    let mut out = title.to_owned();
    if !places.is_empty() {
        out.remove(places[random.below(places.len())]);
    }
    out
}

fn short_pages(pages: &str) -> String {
    let Some((first, last)) = pages.split_once('-') else { return pages.to_owned() };
    if first.len() != last.len() || !first.bytes().chain(last.bytes()).all(|b| b.is_ascii_digit()) {
        return pages.to_owned();
    }
    let same = first.bytes().zip(last.bytes()).take_while(|(x, y)| x == y).count().min(last.len().saturating_sub(1));
    format!("{first}-{}", &last[same..])
}

fn roman(mut number: u64) -> String {
    const SIGNS: [(u64, &str); 9] = [(100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")];
    let mut out = String::new();
    for (value, sign) in SIGNS {
        while number >= value {
            out.push_str(sign);
            number -= value;
        }
    }
    out
}
