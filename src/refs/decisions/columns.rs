//! ASReview's and Covidence's notes, and columns of tables: what each is called and what its values mean.

use super::{Decisions, FoundDecision, Tool, rayyan, verdict_of};
use crate::domain::decision::{Stage, Verdict};
use crate::refs::tagged::line_of;

/// How sure the name of a column makes that its values are decisions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sure {
    /// Another value than a decision is remarked upon.
    Yes,
    /// Another value means that the column holds something else.
    Perhaps,
    /// As [`Sure::Perhaps`], and numbers are something else, too.
    WordsOnly,
}

/// Names of columns that hold one decision, folded to letters and digits, with the stage where the name says it.
const COLUMNS: &[(&str, Sure, Option<Stage>)] = &[
    ("asreviewlabel", Sure::Yes, None),
    ("labelincluded", Sure::Yes, None),
    ("includedlabel", Sure::Yes, None),
    ("finalincluded", Sure::Yes, None),
    ("includedfinal", Sure::Yes, None),
    ("includedflag", Sure::Yes, None),
    ("labelabstractscreening", Sure::Yes, Some(Stage::TitleAbstract)),
    ("abstractincluded", Sure::Yes, Some(Stage::TitleAbstract)),
    ("includedabstract", Sure::Yes, Some(Stage::TitleAbstract)),
    ("includedafterabstract", Sure::Yes, Some(Stage::TitleAbstract)),
    ("titleabstractdecision", Sure::Yes, Some(Stage::TitleAbstract)),
    ("fulltextdecision", Sure::Yes, Some(Stage::FullText)),
    ("decision", Sure::Yes, None),
    ("screeningdecision", Sure::Yes, None),
    ("finaldecision", Sure::Yes, None),
    ("vote", Sure::Yes, None),
    ("verdict", Sure::Yes, None),
    ("included", Sure::Perhaps, None),
    ("include", Sure::Perhaps, None),
    ("inclusion", Sure::Perhaps, None),
    ("label", Sure::Perhaps, None),
    ("status", Sure::WordsOnly, None),
    ("screeningstatus", Sure::WordsOnly, None),
    ("citationstatus", Sure::WordsOnly, Some(Stage::TitleAbstract)),
    ("fulltextstatus", Sure::WordsOnly, Some(Stage::FullText)),
    ("reviewstatus", Sure::WordsOnly, None),
];

/// Columns that name the person, folded.
const PEOPLE: &[&str] = &["asreviewusername", "reviewer", "reviewername", "screener", "screenedby", "votedby"];
/// Columns that hold reasons for an exclusion, folded.
const REASONS: &[&str] = &["exclusionreason", "exclusionreasons", "reasonforexclusion", "excludereason", "reason"];
/// Columns that hold labels, folded.
const LABELS: &[&str] = &["tags", "asreviewtags", "labels"];
/// Columns that hold what the person noted, folded.
const NOTES: &[&str] = &["asreviewnote"];

/// Covidence's words before the reason of an exclusion at full text.
const COVIDENCE_REASON: &str = "exclusion reason";

/// Finds words, in any case, that a sign follows; returns where the text behind the sign begins. Notes are many and long, so nothing
/// is copied.
fn marked(note: &str, words: &str, sign: char) -> Option<usize> {
    let before = |at: usize| note.get(at.checked_sub(words.len())?..at);
    let mut signs = note.match_indices(sign);
    signs.find(|(at, _)| before(*at).is_some_and(|text| text.eq_ignore_ascii_case(words))).map(|(at, sign)| at + sign.len())
}

/// Reads a note of ASReview or Covidence, if it is one.
pub(super) fn read_note(note: &str, read: &mut Decisions) {
    if marked(note, "asreview", '_').is_some() {
        read_asreview(note, &note.to_ascii_lowercase(), read);
    }
    if let Some(after) = marked(note, COVIDENCE_REASON, ':') {
        let (reason, rest) = split_reason(note[after..].trim());
        let mut found = FoundDecision::new(Tool::Covidence, None, Verdict::Exclude, note);
        found.stage = Some(Stage::FullText);
        found.reasons = reason;
        found.note = rest;
        read.found.push(found);
    }
}

/// Splits "Wrong population; seen twice" into the reason and what follows it.
fn split_reason(text: &str) -> (Vec<String>, Option<String>) {
    let (reason, rest) = text.split_once(';').unwrap_or((text, ""));
    let kept = |text: &str| Some(text.trim().trim_end_matches(';').trim().to_owned()).filter(|text| !text.is_empty());
    (kept(reason).into_iter().collect(), kept(rest))
}

/// Reads ASReview's words in a note; other text may stand before and behind them.
fn read_asreview(note: &str, lower: &str, read: &mut Decisions) {
    let mut verdicts: Vec<Verdict> = Vec::new();
    let mut is_known = false;
    for (at, mark) in lower.match_indices("asreview_") {
        let rest = &lower[at + mark.len()..];
        let word = &rest[..rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len())];
        let verdict = match word {
            "relevant" => Verdict::Include,
            "irrelevant" | "not_relevant" => Verdict::Exclude,
            // What a record is used for, and when, is no decision.
            "not_seen" | "prior" | "time" | "note" | "validate" => {
                is_known = true;
                continue;
            }
            _ => continue,
        };
        if !verdicts.contains(&verdict) {
            verdicts.push(verdict);
        }
    }
    if verdicts.is_empty() && !is_known {
        return read.unreadable(Tool::AsReview, "notes", note, "bears ASReview's mark but no label that ASReview knows");
    }
    read.found.extend(verdicts.into_iter().map(|verdict| FoundDecision::new(Tool::AsReview, None, verdict, note)));
}

/// Reads the columns and tags that no reader interprets.
pub(super) fn read_columns(extra: &[(String, String)], read: &mut Decisions) {
    for (name, value) in extra {
        if value.contains("RAYYAN-INCLUSION") {
            rayyan::read_note(name, value, read);
        } else if name.starts_with("RAYYAN-INCLUSION") {
            rayyan::read_note(name, &format!("{name}: {value}"), read);
        } else if value.get(..9).is_some_and(|head| head.eq_ignore_ascii_case("asreview_")) {
            read_asreview(value, &value.to_ascii_lowercase(), read);
        }
    }
    // Tags of reference files are shorter than any name of a column that is looked for.
    if !extra.iter().any(|(name, _)| name.len() > 3) {
        return;
    }
    let names: Vec<String> = extra.iter().map(|(name, _)| folded(name)).collect();
    let has = |name: &str| names.iter().any(|known| known == name);
    if has("internalid") && has("consensus") {
        return read_abstrackr(extra, read);
    }
    // ASReview's own label counts before the labels that the data set brought along.
    let wanted = |name: &str| if has("asreviewlabel") { name == "asreviewlabel" } else { true };
    let tool = if names.iter().any(|name| name.starts_with("asreview") || name == "labelincluded") {
        Tool::AsReview
    } else if has("covidence") {
        Tool::Covidence
    } else {
        Tool::Table
    };
    let value_of = |list: &[&str]| {
        let found = names.iter().zip(extra).find(|(name, (_, value))| list.contains(&name.as_str()) && !value.trim().is_empty());
        found.map(|(_, (_, value))| line_of(value))
    };
    for (name, (column, value)) in names.iter().zip(extra) {
        let Some((_, sure, stage)) = COLUMNS.iter().find(|(known, _, _)| known == name).filter(|_| wanted(name)) else { continue };
        let verdict = match cell(value, *sure) {
            Some(Some(verdict)) => verdict,
            Some(None) => continue,
            None if *sure == Sure::Yes => {
                read.unreadable(tool, column, value, "is no decision that the column could mean");
                continue;
            }
            None => continue,
        };
        let mut found = FoundDecision::new(tool, value_of(PEOPLE), verdict, &format!("{column}: {value}"));
        found.stage = *stage;
        if verdict == Verdict::Exclude {
            let reasons = value_of(REASONS).unwrap_or_default();
            found.reasons = reasons.split(';').map(str::trim).filter(|reason| !reason.is_empty()).map(str::to_owned).collect();
        }
        found.note = value_of(NOTES);
        read.found.push(found);
    }
    let labels: Vec<String> =
        value_of(LABELS).map(|text| text.split([';', ',']).map(|label| label.trim().to_owned()).collect()).unwrap_or_default();
    for found in read.found.iter_mut().filter(|found| found.labels.is_empty()) {
        found.labels = labels.iter().filter(|label| !label.is_empty()).cloned().collect();
    }
}

/// Reads a cell: 1, 0 and words; `Some(None)` where it says that there is no decision yet.
fn cell(value: &str, sure: Sure) -> Option<Option<Verdict>> {
    let value = value.trim();
    if sure != Sure::WordsOnly {
        match value {
            "1" | "1.0" => return Some(Some(Verdict::Include)),
            "0" | "0.0" => return Some(Some(Verdict::Exclude)),
            "" | "-1" | "-1.0" => return Some(None),
            _ => {}
        }
    }
    verdict_of(value)
}

/// Reads Abstrackr's columns: each person's label is followed by the time at which it was given.
fn read_abstrackr(extra: &[(String, String)], read: &mut Decisions) {
    for pair in extra.windows(2) {
        let ((person, value), (next, _)) = (&pair[0], &pair[1]);
        if folded(next) != "labeledat" || folded(person) == "consensus" {
            continue;
        }
        let verdict = match value.trim() {
            "1" => Verdict::Include,
            "0" => Verdict::Maybe,
            "-1" => Verdict::Exclude,
            "o" | "" => continue,
            _ => {
                read.unreadable(Tool::Abstrackr, person, value, "is no label that Abstrackr knows (1, 0, -1 or o)");
                continue;
            }
        };
        read.found.push(FoundDecision::new(Tool::Abstrackr, Some(person.clone()), verdict, &format!("{person}: {value}")));
    }
}

/// Returns a name with nothing but its letters and digits, in lower case.
fn folded(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
