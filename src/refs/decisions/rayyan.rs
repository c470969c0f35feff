//! Rayyan's notes: `RAYYAN-INCLUSION: {"Anna"=>"Included"} | RAYYAN-LABELS: a,b | RAYYAN-EXCLUSION-REASONS: c,d | USER-NOTES: {..}`.

use super::{Decisions, FoundDecision, Tool, verdict_of};
use crate::domain::decision::Verdict;

const INCLUSION: &str = "RAYYAN-INCLUSION";
const LABELS: &str = "RAYYAN-LABELS";
const REASONS: &str = "RAYYAN-EXCLUSION-REASONS";
const NOTES: &str = "USER-NOTES";

/// Reads one note, if it is one of Rayyan's.
pub(super) fn read_note(field: &str, note: &str, read: &mut Decisions) {
    if !note.contains(INCLUSION) {
        return;
    }
    let parts = parts(note);
    let part = |name: &'static str| parts.iter().filter(move |(key, _)| *key == name).map(|(_, value)| *value);
    let labels: Vec<String> = part(LABELS).flat_map(list).collect();
    let reasons: Vec<String> = part(REASONS).flat_map(list).collect();
    let user_notes: Vec<(String, Vec<String>)> = part(NOTES).filter_map(table).flatten().collect();
    for inclusion in part(INCLUSION) {
        let Some(people) = table(inclusion) else {
            read.unreadable(Tool::Rayyan, field, note, "has no list of people and decisions behind RAYYAN-INCLUSION");
            continue;
        };
        for (person, words) in people {
            let word = words.first().map_or("", String::as_str);
            match verdict_of(word) {
                Some(Some(verdict)) if words.len() == 1 && !person.trim().is_empty() => {
                    let mut found = FoundDecision::new(Tool::Rayyan, Some(person.clone()), verdict, note);
                    if verdict == Verdict::Exclude {
                        found.reasons.clone_from(&reasons);
                    }
                    found.labels.clone_from(&labels);
                    let own = user_notes.iter().filter(|(name, _)| *name == person).flat_map(|(_, notes)| notes);
                    let own: Vec<&str> = own.map(|note| note.trim()).filter(|note| !note.is_empty()).collect();
                    found.note = (!own.is_empty()).then(|| own.join("; "));
                    read.found.push(found);
                }
                Some(None) if words.len() == 1 => {}
                _ => read.unreadable(Tool::Rayyan, field, note, &format!("gives no decision that Rayyan knows for {person}")),
            }
        }
    }
}

/// Cuts a note into its parts; a name of a part inside quotation marks is text.
fn parts(note: &str) -> Vec<(&'static str, &str)> {
    let mut starts: Vec<(usize, usize, &'static str)> = Vec::new();
    let (mut is_quoted, mut is_escaped) = (false, false);
    for (at, c) in note.char_indices() {
        if is_quoted {
            (is_quoted, is_escaped) = (is_escaped || c != '"', c == '\\' && !is_escaped);
            continue;
        }
        let rest = &note[at..];
        let named = [INCLUSION, LABELS, REASONS, NOTES].into_iter().find_map(|name| {
            let after = rest.strip_prefix(name)?;
            let value = after.trim_start().strip_prefix(':')?;
            Some((at, note.len() - value.len(), name))
        });
        starts.extend(named);
        // Labels are written without quotation marks and may hold one; only what stands in braces is quoted.
        let in_braces = starts.last().is_some_and(|(_, value, name)| [INCLUSION, NOTES].contains(name) && at >= *value);
        is_quoted = c == '"' && in_braces;
    }
    let ends = starts.iter().skip(1).map(|(start, _, _)| *start).chain([note.len()]);
    starts.iter().zip(ends).map(|((_, value, name), end)| (*name, note[*value..end].trim().trim_end_matches('|').trim())).collect()
}

/// Reads a list separated by commas.
fn list(value: &str) -> impl Iterator<Item = String> + '_ {
    value.split(',').map(str::trim).filter(|item| !item.is_empty()).map(str::to_owned)
}

/// Reads `{"Anna"=>"Included", "Ben"=>["a", "b"]}`, with `:` for `=>` too; `None` where it is not of that form.
fn table(value: &str) -> Option<Vec<(String, Vec<String>)>> {
    let mut rest = value.trim().strip_prefix('{')?.trim_start();
    let mut people = Vec::new();
    loop {
        if let Some(after) = rest.strip_prefix('}') {
            return after.trim().is_empty().then_some(people);
        }
        let (person, after) = quoted(rest)?;
        let after = after.trim_start();
        let after = after.strip_prefix("=>").or_else(|| after.strip_prefix(':'))?.trim_start();
        let (words, after) = if let Some(inside) = after.strip_prefix('[') { array(inside)? } else { word(after)? };
        people.push((person, words));
        rest = after.trim_start();
        rest = match rest.strip_prefix(',') {
            Some(next) => next.trim_start(),
            None if rest.starts_with('}') => rest,
            None => return None,
        };
    }
}

fn word(text: &str) -> Option<(Vec<String>, &str)> {
    if let Some((word, rest)) = quoted(text) {
        return Some((vec![word], rest));
    }
    // Exports of Rayyan's first years hold true, false and nil.
    let plain = ["true", "false", "nil", "null"].into_iter().find(|plain| text.starts_with(plain))?;
    Some((vec![plain.to_owned()], &text[plain.len()..]))
}

fn array(text: &str) -> Option<(Vec<String>, &str)> {
    let mut rest = text.trim_start();
    let mut items = Vec::new();
    loop {
        if let Some(after) = rest.strip_prefix(']') {
            return Some((items, after));
        }
        let (item, after) = quoted(rest)?;
        items.push(item);
        rest = after.trim_start();
        rest = rest.strip_prefix(',').unwrap_or(rest).trim_start();
    }
}

/// Reads a text in quotation marks, with Ruby's escapes; returns it with what follows.
fn quoted(text: &str) -> Option<(String, &str)> {
    let inside = text.strip_prefix('"')?;
    let mut read = String::new();
    let mut letters = inside.char_indices();
    while let Some((at, c)) = letters.next() {
        match c {
            '"' => return Some((read, &inside[at + 1..])),
            '\\' => match letters.next()?.1 {
                'n' | 'r' | 't' => read.push(' '),
                'u' => {
                    let code: String = letters.by_ref().take(4).map(|(_, digit)| digit).collect();
                    read.push(u32::from_str_radix(&code, 16).ok().and_then(char::from_u32).unwrap_or('\u{fffd}'));
                }
                other => read.push(other),
            },
            other => read.push(other),
        }
    }
    None
}
