//! A record as a card: what a reviewer reads before voting, with words that speak for and against it.

use serde_json::json;

use crate::app::Workspace;
use crate::app::query::{UnitView, VoteView};
use crate::cli::context::Context;
use crate::cli::output::{Output, Table};
use crate::cli::report::Done;
use crate::cli::text::{bold, dim, emphasis, green, red, wrap};
use crate::domain::decision::Stage;
use crate::domain::ids::RecordId;
use crate::domain::record::Citation;
use crate::domain::review::{HighlightWord, Side};
use crate::domain::text::{clean_line, clean_paragraphs};

/// Shows the first of a queue.
pub fn next(workspace: &Workspace, stage: Stage, queue: &[RecordId], context: &mut Context) -> Done {
    let Some(first) = queue.first() else {
        if context.out.is_json() {
            return context.out.json(&json!({ "record": null, "remaining": 0 }));
        }
        context.out.line(format!("No record waits for your vote at {}.", stage.label()))?;
        if let Some(step) = workspace.overview().next.first() {
            context.out.next(&format!("{} ({})", step.what, step.command));
        }
        return Ok(());
    };
    let view = workspace.unit_view(stage, *first)?;
    if context.out.is_json() {
        return context.out.json(&json!({ "record": view, "remaining": queue.len() }));
    }
    print(&view, &workspace.words(), &mut context.out)?;
    let verb = if stage == Stage::TitleAbstract { "screen vote" } else { "fulltext vote" };
    let words = if stage == Stage::TitleAbstract { "include|maybe|exclude" } else { "include|exclude --reason CODE" };
    context.out.next(&format!("tamis {verb} {} {words} ({} wait for you)", first.as_str(), queue.len()));
    Ok(())
}

/// Prints a card with what may be seen of the votes on it.
pub fn print(view: &UnitView, words: &[HighlightWord], out: &mut Output) -> Done {
    let (columns, is_colored) = (out.drawing_width(), out.is_colored());
    let citation = &view.card.citation;
    for line in wrap(&clean_line(&citation.title), columns) {
        out.line(emphasis(&line, is_colored, bold()))?;
    }
    for line in wrap(&clean_line(&authors(citation)), columns) {
        out.line(line)?;
    }
    out.line(clean_line(&imprint(citation)))?;
    if let Some(text) = &citation.abstract_text {
        out.line(String::new())?;
        for paragraph in clean_paragraphs(text).split('\n') {
            for line in wrap(paragraph, columns) {
                out.line(highlighted(&line, words, is_colored))?;
            }
        }
    } else {
        out.line(emphasis("\nNo abstract.", is_colored, dim()))?;
    }
    if !citation.keywords.is_empty() {
        out.line(String::new())?;
        for line in wrap(&clean_line(&format!("Keywords: {}", citation.keywords.join("; "))), columns) {
            out.line(line)?;
        }
    }
    out.line(String::new())?;
    let members: Vec<String> = view.card.members.iter().map(|member| format!("{} ({})", member.source, member.place)).collect();
    out.line(clean_line(&format!("{}  {}", view.card.record, members.join(", "))))?;
    super::mark::print(&view.marks, out)?;
    votes(view, out)
}

fn votes(view: &UnitView, out: &mut Output) -> Done {
    let mut table = Table::new(&["reviewer", "vote", "reason", "~note", "cast"]);
    let mine = view.mine.as_ref().filter(|_| view.votes.is_empty());
    for vote in view.votes.iter().chain(mine) {
        let verdict = vote.verdict.map_or_else(|| "hidden".to_owned(), |verdict| verdict.to_string());
        table.row([&vote.reviewer, &verdict, vote.reason.as_deref().unwrap_or(""), vote.note.as_deref().unwrap_or(""), &vote.at]);
    }
    if !table.is_empty() {
        out.line(format!("\nStatus at {}: {}", view.stage.label(), view.status.replace('_', " ")))?;
    }
    out.table(&table)?;
    let mut table = Table::new(&["settled by", "verdict", "reason", "~why"]);
    for said in &view.resolutions {
        table.row([&said.reviewer, &said.verdict.to_string(), said.reason.as_deref().unwrap_or(""), &said.rationale]);
    }
    out.table(&table)
}

/// Returns a vote in a word or two: "exclude (design)"; empty for none.
pub fn vote_words(vote: Option<&VoteView>) -> String {
    let Some(vote) = vote else { return String::new() };
    let verdict = vote.verdict.map_or_else(|| "hidden".to_owned(), |verdict| verdict.to_string());
    match &vote.reason {
        Some(reason) => format!("{verdict} ({reason})"),
        None => verdict,
    }
}

fn authors(citation: &Citation) -> String {
    let names: Vec<String> = citation.authors.iter().map(ToString::to_string).collect();
    if names.len() > 12 { format!("{}; and {} more", names[..10].join("; "), names.len() - 10) } else { names.join("; ") }
}

/// Returns journal, year, volume, pages and identifiers on one line.
fn imprint(citation: &Citation) -> String {
    let mut line = citation.journal.clone().or_else(|| citation.journal_abbreviation.clone()).unwrap_or_default();
    let mut add = |before: &str, text: Option<String>, after: &str| {
        if let Some(text) = text.filter(|text| !text.is_empty()) {
            line.push_str(before);
            line.push_str(&text);
            line.push_str(after);
        }
    };
    add(" ", citation.year.map(|year| year.to_string()), "");
    add("; ", citation.volume.clone(), "");
    add("(", citation.issue.clone(), ")");
    let pages = match (&citation.start_page, &citation.end_page) {
        (Some(start), Some(end)) if start != end => Some(format!("{start}-{end}")),
        (Some(start), _) => Some(start.clone()),
        _ => None,
    };
    add(": ", pages, "");
    add("  doi:", citation.doi.as_ref().map(ToString::to_string), "");
    add("  pmid:", citation.pmid.as_ref().map(ToString::to_string), "");
    add("  ", Some(citation.registry_ids.join(" ")), "");
    line.trim().to_owned()
}

/// Paints the words that speak for a record green and those against it red. Without colours the text stays as it is.
fn highlighted(line: &str, words: &[HighlightWord], is_colored: bool) -> String {
    if !is_colored || words.is_empty() {
        return line.to_owned();
    }
    let lower = line.to_lowercase();
    if lower.len() != line.len() {
        return line.to_owned();
    }
    let mut marks: Vec<(usize, usize, Side)> = Vec::new();
    for word in words {
        let needle = word.text.trim_end_matches('*').to_lowercase();
        let any_ending = word.text.ends_with('*');
        for (at, _) in lower.match_indices(&needle).filter(|_| !needle.is_empty()) {
            let end = at + needle.len();
            let begins = !lower[..at].chars().next_back().is_some_and(char::is_alphanumeric);
            let ends = any_ending || !lower[end..].chars().next().is_some_and(char::is_alphanumeric);
            if begins && ends {
                marks.push((at, end, word.side));
            }
        }
    }
    marks.sort_by_key(|(at, end, _)| (*at, std::cmp::Reverse(*end)));
    let (mut painted, mut done) = (String::new(), 0);
    for (at, end, side) in marks {
        if at < done || !line.is_char_boundary(at) || !line.is_char_boundary(end) {
            continue;
        }
        painted.push_str(&line[done..at]);
        painted.push_str(&emphasis(&line[at..end], true, if side == Side::Include { green() } else { red() }));
        done = end;
    }
    painted.push_str(&line[done..]);
    painted
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(side: Side, text: &str) -> HighlightWord {
        HighlightWord { side, text: text.to_owned() }
    }

    #[test]
    fn whole_words_are_painted_and_a_star_stands_for_any_ending() {
        let words = [word(Side::Include, "randomi*"), word(Side::Exclude, "oral")];
        let painted = highlighted("A Randomised trial of oral, not temporal, ketamine", &words, true);
        assert_eq!(painted.matches("\u{1b}[0m").count(), 2);
        assert!(painted.contains("Randomi\u{1b}[0m"), "{painted:?}");
        assert!(painted.contains("temporal"));
        assert_eq!(highlighted("oral", &words, false), "oral");
    }

    #[test]
    fn letters_whose_small_form_is_longer_do_not_break_the_line() {
        assert_eq!(highlighted("İstanbul oral", &[word(Side::Exclude, "oral")], true), "İstanbul oral");
    }
}
