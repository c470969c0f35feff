//! A record as a card: what a reviewer reads before voting, with words that speak for and against it.

use serde_json::json;

use crate::app::Workspace;
use crate::app::query::{UnitView, VoteView};
use crate::cli::context::Context;
use crate::cli::output::{Output, Table};
use crate::cli::report::Done;
use crate::cli::text::{bold, cyan, dim, emphasis, green, red, wrap};
use crate::domain::abstract_text::sections;
use crate::domain::decision::Stage;
use crate::domain::highlight::{HighlightWord, Highlighter, WordList};
use crate::domain::ids::RecordId;
use crate::domain::record::Citation;
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
    let words = &Highlighter::new(words);
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
        for section in sections(&clean_paragraphs(text)) {
            let heading = section.heading.map(|heading| format!("{heading} ")).unwrap_or_default();
            for line in wrap(&format!("{heading}{}", section.text), columns) {
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

/// Paints the words of the lists: those for a record green, those against it red, those of its parts cyan with the list's sign.
/// Without colours the text stays as it is.
fn highlighted(line: &str, words: &Highlighter, is_colored: bool) -> String {
    if !is_colored || words.is_empty() {
        return line.to_owned();
    }
    let (mut painted, mut done) = (String::new(), 0);
    for found in words.find(line) {
        let style = match found.list {
            WordList::Include => green(),
            WordList::Exclude => red(),
            _ => cyan(),
        };
        painted.push_str(&line[done..found.start]);
        painted.push_str(&emphasis(&format!("{}{}", &line[found.start..found.end], found.list.sign()), true, style));
        done = found.end;
    }
    painted.push_str(&line[done..]);
    painted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_painted_and_a_line_without_colours_stays_as_it_is() {
        let word = |list, text: &str| HighlightWord { list, text: text.to_owned() };
        let words = [word(WordList::Include, "randomi*"), word(WordList::Exclude, "oral"), word(WordList::Population, "adults")];
        let words = Highlighter::new(&words);
        let painted = highlighted("A Randomised trial of oral, not temporal, ketamine in adults", &words, true);
        assert_eq!(painted.matches("\u{1b}[0m").count(), 3);
        assert!(painted.contains("Randomised\u{1b}[0m") && painted.contains("adultsᴾ"), "{painted:?}");
        assert!(painted.contains("temporal"));
        assert_eq!(highlighted("oral", &words, false), "oral");
    }
}
