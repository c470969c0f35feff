//! What one cell of a table holds when it holds several values: lists of keywords and of authors.

use super::header::Exporter;

/// Returns the entries of a list as Python prints one ("['Marx, Karl', 'Lindgren, Astrid']"); `None` for anything else.
pub(super) fn python_list(cell: &str) -> Option<Vec<String>> {
    let mut rest = cell.trim().strip_prefix('[')?.strip_suffix(']')?.trim();
    let mut entries = Vec::new();
    while !rest.is_empty() {
        let quote = rest.chars().next().filter(|c| matches!(c, '\'' | '"'))?;
        let body = &rest[1..];
        let end = body.match_indices(quote).map(|(at, _)| at).find(|at| {
            let after = body[at + 1..].trim_start();
            after.is_empty() || after.starts_with(',')
        })?;
        entries.push(body[..end].to_owned());
        rest = body[end + 1..].trim_start();
        rest = rest.strip_prefix(',').unwrap_or(rest).trim_start();
    }
    Some(entries)
}

/// Splits a cell of keywords.
pub(super) fn keywords(cell: &str, exporter: Exporter) -> Vec<String> {
    if let Some(entries) = python_list(cell) {
        return entries;
    }
    let parts: Vec<&str> = if matches!(exporter, Exporter::ClinicalTrials) {
        cell.split('|').collect()
    } else if cell.contains([';', '\n', '|']) {
        cell.split([';', '\n', '|']).collect()
    } else {
        split_outside_brackets(cell)
    };
    parts.into_iter().map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()).collect()
}

/// Splits at commas that stand in no brackets: "cyst (diagnosis, surgery), colon" has two entries.
fn split_outside_brackets(text: &str) -> Vec<&str> {
    let (mut parts, mut depth, mut from) = (Vec::new(), 0_usize, 0);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'(' | b'[' => depth += 1,
            b')' | b']' => depth = depth.saturating_sub(1),
            b',' if depth == 0 => {
                parts.push(&text[from..at]);
                from = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&text[from..]);
    parts
}

/// Splits a cell of authors into values that hold one name each, or several in a form that [`parse_authors`] splits.
///
/// [`parse_authors`]: crate::refs::normalise::parse_authors
pub(super) fn authors(cell: &str, exporter: Exporter) -> Vec<String> {
    if let Some(entries) = python_list(cell) {
        return entries;
    }
    let cell = cell.trim();
    match exporter {
        Exporter::PubMed => vec![cell.trim_end_matches('.').to_owned()],
        Exporter::Springer => unglued(cell),
        Exporter::OpenAlex => cell.split('|').map(str::to_owned).collect(),
        // Lists that Google Scholar cuts end in dots.
        Exporter::Perish => cell.split(',').map(|name| name.trim_end_matches(['.', '…', ' ']).to_owned()).collect(),
        _ => {
            let plain = cell.split_whitespace().collect::<Vec<_>>().join(" ");
            let joined_by_and = !plain.contains(';') && plain.contains(" and ");
            if joined_by_and && plain.split(" and ").all(|name| name.contains(',')) {
                plain.split(" and ").map(str::to_owned).collect()
            } else {
                vec![plain]
            }
        }
    }
}

/// Takes names apart that SpringerLink glues together ("Araz R. AlievNigar T. Ismayilova").
fn unglued(cell: &str) -> Vec<String> {
    const PREFIXES: [&str; 10] = ["Mc", "Mac", "De", "Di", "La", "Le", "Van", "Du", "Del", "Fitz"];
    let mut names = vec![String::new()];
    let mut word = String::new();
    for c in cell.chars() {
        let is_boundary = c.is_uppercase()
            && (word.chars().last().is_some_and(char::is_lowercase) || word.ends_with(')'))
            && !PREFIXES.contains(&word.trim_start());
        if is_boundary {
            names.push(String::new());
        }
        if is_boundary || !c.is_alphabetic() {
            word.clear();
        }
        word.push(c);
        if let Some(name) = names.last_mut() {
            name.push(c);
        }
    }
    let without_degrees = |name: String| {
        let words = name.split_whitespace().filter(|word| !matches!(*word, "Prof." | "Dr." | "Dr.-Ing." | "Assoc." | "Ph.D."));
        words.collect::<Vec<_>>().join(" ")
    };
    names.into_iter().map(without_degrees).filter(|name| !name.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_split_however_they_are_written() {
        assert_eq!(python_list("['Marx, Karl', \"O'Neil, A\"]"), Some(vec!["Marx, Karl".to_owned(), "O'Neil, A".to_owned()]));
        assert_eq!(python_list("[Russian] title]"), None);
        assert_eq!(keywords("cyst (diagnosis, surgery), colon", Exporter::Embase), ["cyst (diagnosis, surgery)", "colon"]);
        assert_eq!(keywords("a, b; c", Exporter::Other), ["a, b", "c"]);
        assert_eq!(keywords("Breast Cancer, Stage II|Pain", Exporter::ClinicalTrials), ["Breast Cancer, Stage II", "Pain"]);
    }

    #[test]
    fn authors_are_split_however_they_are_joined() {
        assert_eq!(authors("Yang, Z. and\n Xu, J.", Exporter::Rayyan), ["Yang, Z.", "Xu, J."]);
        assert_eq!(authors("Centre for Health and Care", Exporter::Other), ["Centre for Health and Care"]);
        assert_eq!(
            authors("Araz R. AlievProf. Ian McKeeNigar T. Ismayilova", Exporter::Springer),
            ["Araz R. Aliev", "Ian McKee", "Nigar T. Ismayilova"]
        );
    }
}
