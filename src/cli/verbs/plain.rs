//! `tamis screen --plain`: one record after another on plain lines with a question, for screen readers, slow lines and terminals that
//! cannot place the cursor. Every answer is a line; every vote is kept before the next record is shown.

use std::io::BufRead;

use crate::app::query::{Queue, UnitView};
use crate::app::{Error, ErrorKind, MarkChange, Request, VoteEntry, Workspace};
use crate::cli::context::Context;
use crate::cli::output::Output;
use crate::cli::report::Done;
use crate::domain::abstract_text::sections;
use crate::domain::decision::{Stage, Verdict};
use crate::domain::highlight::{Highlighter, WordList};
use crate::domain::ids::RecordId;
use crate::domain::link::{links, reference};
use crate::domain::mark::{Marks, Star};
use crate::domain::text::{clean_line, clean_paragraphs, counted};

use super::{card, mark};

const STAGE: Stage = Stage::TitleAbstract;

/// What can be answered, with what it does.
const ANSWERS: [(&str, &str); 16] = [
    ("i", "include"),
    ("m", "maybe"),
    ("e", "exclude; e and the code of a reason says why"),
    ("s", "skip: leave it for later"),
    ("b", "back to the record before"),
    ("u", "undo: take your last change back"),
    ("r", "redo: put it back"),
    ("n", "note: n and your words; n alone takes the note away"),
    ("t", "tag: t and the tag sets it or takes it away"),
    ("k", "mark as a key paper, or no longer"),
    ("l", "mark that its references are worth checking, or no longer"),
    ("a", "again: read the record once more"),
    ("c", "criteria and exclusion reasons"),
    ("o", "addresses of the record on the web"),
    ("p", "progress of everybody"),
    ("q", "quit; everything is kept"),
];

/// One sitting.
#[derive(Default)]
struct Sitting {
    shown: Option<RecordId>,
    /// The records shown before, the latest last.
    trail: Vec<RecordId>,
    skipped: Vec<RecordId>,
    /// The records voted on, the latest last.
    cast: Vec<RecordId>,
    votes: usize,
}

/// Asks about one record after another until nothing waits, the person quits, or the answers end.
pub fn run(workspace: &mut Workspace, answers: &mut dyn BufRead, context: &mut Context) -> Done {
    let me = workspace.acting()?;
    let waiting = workspace.queue(STAGE, Queue::Undecided).len();
    let out = &mut context.out;
    out.line(format!("Screening of titles and abstracts as {me}. {} for your vote.", waits(waiting)))?;
    out.line("Answer with a letter and Enter: i include, m maybe, e exclude, h for all others, q to quit. Every vote is kept at once.")?;
    let mut sitting = Sitting::default();
    sitting.advance(workspace, out)?;
    while let Some(record) = sitting.shown {
        out.line("Your answer:")?;
        out.finish()?;
        let mut line = String::new();
        if answers.read_line(&mut line)? == 0 {
            break;
        }
        let line = clean_line(&line).into_owned();
        let (word, rest) = line.trim().split_once(' ').map_or((line.trim(), ""), |(word, rest)| (word, rest.trim()));
        match sitting.answer(record, &word.to_lowercase(), rest, workspace, out) {
            Ok(true) => {}
            Ok(false) => break,
            Err(crate::cli::report::Failure::App(error)) if is_told(&error) => {
                let hint = error.hint.map(|hint| format!(" ({hint})")).unwrap_or_default();
                out.line(clean_line(&format!("Not done: {}{hint}", error.message)))?;
            }
            Err(failure) => return Err(failure),
        }
    }
    let left = workspace.queue(STAGE, Queue::Undecided).len();
    out.line(format!("{} in this sitting, all kept. {} for your vote.", counted(sitting.votes, "vote"), waits(left)))
}

fn waits(number: usize) -> String {
    match number {
        0 => "No record waits".to_owned(),
        1 => "1 record waits".to_owned(),
        many => format!("{many} records wait"),
    }
}

/// Tells whether an error is a person's own doing, after which the sitting goes on.
fn is_told(error: &Error) -> bool {
    matches!(error.kind, ErrorKind::User | ErrorKind::NotFound | ErrorKind::Blocked | ErrorKind::Cancelled)
}

impl Sitting {
    /// Carries out an answer; false ends the sitting.
    fn answer(&mut self, record: RecordId, word: &str, rest: &str, workspace: &mut Workspace, out: &mut Output) -> Done<bool> {
        match word {
            "i" | "include" => self.vote(record, Verdict::Include, None, workspace, out)?,
            "m" | "maybe" => self.vote(record, Verdict::Maybe, None, workspace, out)?,
            "e" | "exclude" => self.vote(record, Verdict::Exclude, Some(rest).filter(|code| !code.is_empty()), workspace, out)?,
            "s" | "skip" => {
                self.skipped.push(record);
                self.leave();
                self.advance(workspace, out)?;
            }
            "b" | "back" => match self.trail.pop() {
                Some(before) => self.show(before, workspace, out)?,
                None => out.line("This is the first record of this sitting.")?,
            },
            "u" | "undo" => self.undo(workspace, out)?,
            "r" | "redo" => {
                let reply = workspace.run(Request::Redo(None))?;
                out.line(clean_line(&capital(&reply.message)))?;
            }
            "n" | "note" => mark_it(record, MarkChange::Note(rest.to_owned()), workspace, out)?,
            "t" | "tag" if rest.is_empty() => tell_tags(workspace, out)?,
            "t" | "tag" => {
                let is_on = own_marks(record, workspace)?.has_tag(rest);
                mark_it(record, MarkChange::Tag(rest.to_owned(), !is_on), workspace, out)?;
            }
            "k" | "l" => {
                let star = if word == "k" { Star::KeyPaper } else { Star::ReferenceList };
                let is_on = own_marks(record, workspace)?.stars.contains(&star);
                mark_it(record, MarkChange::Star(star, !is_on), workspace, out)?;
            }
            "a" | "again" => self.show(record, workspace, out)?,
            "c" | "criteria" => tell_criteria(workspace, out)?,
            "o" | "open" => tell_links(record, workspace, out)?,
            "p" | "progress" => tell_progress(workspace, out)?,
            "h" | "?" | "help" => {
                for (letter, what) in ANSWERS {
                    out.line(format!("{letter}: {what}"))?;
                }
            }
            "q" | "quit" => return Ok(false),
            "" => out.line("Nothing was answered. h lists the answers.")?,
            other => out.line(format!("\"{other}\" is no answer here; nothing was done. h lists the answers."))?,
        }
        Ok(true)
    }

    fn vote(&mut self, record: RecordId, verdict: Verdict, reason: Option<&str>, workspace: &mut Workspace, out: &mut Output) -> Done {
        let note = workspace.unit_view(STAGE, record)?.mine.and_then(|mine| mine.note);
        let vote = VoteEntry { record, verdict, reason: reason.map(str::to_owned), note, milliseconds: None };
        workspace.run(Request::Vote { stage: STAGE, votes: vec![vote] })?;
        self.votes += 1;
        self.cast.push(record);
        out.line(clean_line(&format!("Voted {verdict}: {}", title_of(record, workspace)?)))?;
        self.leave();
        self.advance(workspace, out)
    }

    fn undo(&mut self, workspace: &mut Workspace, out: &mut Output) -> Done {
        let reply = workspace.run(Request::Undo(None))?;
        out.line(clean_line(&capital(&reply.message)))?;
        let waiting = workspace.queue(STAGE, Queue::Undecided);
        // The last vote of this sitting is the one that was taken back where its record waits again.
        if let Some(record) = self.cast.pop_if(|last| waiting.contains(last)) {
            self.votes = self.votes.saturating_sub(1);
            self.trail.retain(|passed| *passed != record);
            return self.show(record, workspace, out);
        }
        Ok(())
    }

    fn leave(&mut self) {
        if let Some(record) = self.shown.take() {
            self.trail.retain(|passed| *passed != record);
            self.trail.push(record);
        }
    }

    /// Shows the next record that waits; skipped ones come last.
    fn advance(&mut self, workspace: &Workspace, out: &mut Output) -> Done {
        let waiting = workspace.queue(STAGE, Queue::Undecided);
        let fresh = waiting.iter().find(|record| !self.skipped.contains(record)).copied();
        match (fresh, waiting.first()) {
            (Some(record), _) => self.show(record, workspace, out),
            (None, Some(first)) => {
                out.line(format!("Only records that you skipped are left: {}.", counted(waiting.len(), "record")))?;
                self.skipped.clear();
                self.show(*first, workspace, out)
            }
            (None, None) => {
                self.shown = None;
                Ok(())
            }
        }
    }

    fn show(&mut self, record: RecordId, workspace: &Workspace, out: &mut Output) -> Done {
        self.shown = Some(record);
        let waiting = workspace.queue(STAGE, Queue::Undecided).len();
        out.line(String::new())?;
        print(&workspace.unit_view(STAGE, record)?, &Highlighter::new(&workspace.words()), waiting, out)
    }
}

/// Prints a record, every part on a line of its own that says what it is.
fn print(unit: &UnitView, words: &Highlighter, waiting: usize, out: &mut Output) -> Done {
    let citation = &unit.card.citation;
    out.line(format!("Record {}. {}.", unit.card.record, waits(waiting)))?;
    out.line(clean_line(&format!("Title: {}", citation.title)))?;
    let authors: Vec<String> = citation.authors.iter().take(6).map(|author| author.family.clone()).collect();
    let others = if citation.authors.len() > 6 { format!(" and {} more", citation.authors.len() - 6) } else { String::new() };
    let named = if authors.is_empty() { "none named".to_owned() } else { authors.join(", ") + &others };
    out.line(clean_line(&format!("Authors: {named}")))?;
    let journal = citation.journal.as_deref().or(citation.journal_abbreviation.as_deref()).unwrap_or("no journal named");
    let year = citation.year.map_or_else(|| "no year".to_owned(), |year| year.to_string());
    out.line(clean_line(&format!("Published: {journal}, {year}")))?;
    match citation.abstract_text.as_deref().map(clean_paragraphs).filter(|text| !text.trim().is_empty()) {
        None => out.line("No abstract in this record.")?,
        Some(text) => {
            for section in sections(&text) {
                let heading = section.heading.map(|heading| format!("{heading} ")).unwrap_or_default();
                out.line(clean_line(&format!("{heading}{}", section.text)))?;
            }
        }
    }
    if !citation.keywords.is_empty() {
        out.line(clean_line(&format!("Keywords: {}", citation.keywords.join("; "))))?;
    }
    for (label, found) in found_words(unit, words) {
        out.line(clean_line(&format!("Words, {label}: {}", found.join(", "))))?;
    }
    mark::print(&unit.marks, out)?;
    if let Some(mine) = &unit.mine {
        out.line(clean_line(&format!("Your vote: {}", card::vote_words(Some(mine)))))?;
    }
    Ok(())
}

/// Returns the words of each list that title, abstract and keywords hold, each once.
fn found_words(unit: &UnitView, words: &Highlighter) -> Vec<(&'static str, Vec<String>)> {
    let citation = &unit.card.citation;
    let keywords = citation.keywords.join("; ");
    let texts = [citation.title.as_str(), citation.abstract_text.as_deref().unwrap_or_default(), &keywords];
    let mut lists: Vec<(WordList, Vec<String>)> = Vec::new();
    for text in texts {
        for found in words.find(text) {
            let word = text[found.start..found.end].to_lowercase();
            match lists.iter_mut().find(|(list, _)| *list == found.list) {
                Some((_, known)) if known.contains(&word) => {}
                Some((_, known)) => known.push(word),
                None => lists.push((found.list, vec![word])),
            }
        }
    }
    lists.sort_by_key(|(list, _)| *list);
    lists.into_iter().map(|(list, found)| (list.label(), found)).collect()
}

fn title_of(record: RecordId, workspace: &Workspace) -> Done<String> {
    Ok(workspace.card(record)?.citation.title)
}

fn own_marks(record: RecordId, workspace: &Workspace) -> Done<Marks> {
    let own = workspace.marks(record)?.into_iter().find(|view| view.is_mine);
    Ok(own.map(|view| view.marks).unwrap_or_default())
}

fn mark_it(record: RecordId, change: MarkChange, workspace: &mut Workspace, out: &mut Output) -> Done {
    let reply = workspace.run(Request::Mark { record, changes: vec![change] })?;
    out.line(clean_line(&capital(&reply.message)))
}

fn tell_tags(workspace: &Workspace, out: &mut Output) -> Done {
    let tags: Vec<String> = workspace.tags().into_iter().map(|used| used.tag).collect();
    let named = if tags.is_empty() { "none yet".to_owned() } else { tags.join(", ") };
    out.line(clean_line(&format!("Tags in use: {named}. t and a tag sets it, or takes it away.")))
}

fn tell_criteria(workspace: &Workspace, out: &mut Output) -> Done {
    for criterion in workspace.criteria() {
        out.line(clean_line(&format!("{}: {}", capital(&criterion.side.to_string()), criterion.text)))?;
    }
    for reason in workspace.reasons() {
        out.line(clean_line(&format!("Reason {}: {}", reason.code, reason.label)))?;
    }
    Ok(())
}

fn tell_links(record: RecordId, workspace: &Workspace, out: &mut Output) -> Done {
    let citation = workspace.card(record)?.citation;
    out.line(clean_line(&reference(&citation)))?;
    for link in links(&citation) {
        out.line(clean_line(&format!("{}: {}", link.label, link.url)))?;
    }
    Ok(())
}

fn tell_progress(workspace: &Workspace, out: &mut Output) -> Done {
    for person in workspace.overview().progress.iter().filter(|person| person.stage == STAGE) {
        out.line(clean_line(&format!("{}: {} of {} voted", person.reviewer, person.done, person.total)))?;
    }
    Ok(())
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
