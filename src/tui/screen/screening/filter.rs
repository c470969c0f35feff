//! The filter of the screening screen: a line that is typed into, with what it finds counted at each letter.

use crossterm::event::KeyCode;

use super::desk::Desk;
use super::{STAGE, Screening, pages, queue_label};
use crate::app::query::Queue;
use crate::domain::search::SEARCH_WORDS;
use crate::tui::app_port::{AppPort, Filter, Filtered, Query};
use crate::tui::effect::{Effect, Notice};
use crate::tui::keymap::Key;
use crate::tui::overlay::page::PAGE_ROOM;
use crate::tui::screen::Cx;
use crate::tui::theme::Role;
use crate::tui::widget::text::{StyledLine, count, fit, width, wrap_text};
use crate::tui::widget::text_field::TextField;

/// A filter that is being typed.
#[derive(Debug)]
pub(super) struct Typing {
    pub field: TextField,
    /// The desk as it was before the first letter.
    before: Desk,
    /// Whether the whole query was asked for, to be kept if it can be read.
    is_last: bool,
    /// What came of the letters so far.
    pub seen: Seen,
}

/// What came of a query.
#[derive(Debug, Default)]
pub(super) enum Seen {
    /// Nothing was asked yet.
    #[default]
    Nothing,
    /// So many records of the list, and of all records.
    Counts(usize, usize),
    /// It cannot be read: why, and what to write.
    Problem(String),
    /// The records are still being read: so many of so many.
    Reading(usize, usize),
}

impl Screening {
    /// Opens the line, with the filter that stands.
    pub(super) fn type_filter(&mut self, cx: &Cx) -> Vec<Effect<AppPort>> {
        let mut field = TextField::new(self.desk.words().unwrap_or_default());
        field.set_column(usize::MAX);
        self.typing = Some(Box::new(Typing { field, before: self.desk.clone(), is_last: false, seen: Seen::Nothing }));
        self.set_sizes(cx.body);
        if self.desk.words().is_some() { self.ask(false) } else { Vec::new() }
    }

    /// Gives a key to the line.
    pub(super) fn filter_key(&mut self, key: Key, cx: &Cx) -> Vec<Effect<AppPort>> {
        let Some(typing) = &mut self.typing else { return Vec::new() };
        if key.is(KeyCode::Enter) {
            return if typing.field.text().trim().is_empty() { self.end_filter(None, cx) } else { self.ask(true) };
        }
        let before = typing.field.text().to_owned();
        if !typing.field.key(key) || typing.field.text() == before {
            return Vec::new();
        }
        self.ask(false)
    }

    /// Pastes a text into the line.
    pub(super) fn filter_paste(&mut self, text: &str) -> Vec<Effect<AppPort>> {
        let Some(typing) = &mut self.typing else { return Vec::new() };
        typing.field.paste(text);
        self.ask(false)
    }

    /// Leaves the line as if nothing had been typed.
    pub(super) fn leave_filter(&mut self, cx: &Cx) -> Vec<Effect<AppPort>> {
        let Some(typing) = self.typing.take() else { return Vec::new() };
        self.desk = typing.before;
        self.set_sizes(cx.body);
        let mut effects = vec![self.load_queue()];
        effects.extend(self.load_shown());
        effects
    }

    /// Lists everything of the queue again; the open record stays where it is one of them.
    pub(super) fn clear_filter(&mut self) -> Vec<Effect<AppPort>> {
        self.desk.set_words(None);
        vec![self.load_queue()]
    }

    fn ask(&mut self, is_last: bool) -> Vec<Effect<AppPort>> {
        let queue = self.desk.queue();
        let Some(typing) = &mut self.typing else { return Vec::new() };
        typing.is_last = is_last;
        // what is kept at the end is what was shown: "ket" as "ket*"
        let text = match (is_last, self.desk.words(), &typing.seen) {
            (true, Some(words), Seen::Counts(..)) => words.to_owned(),
            _ => typing.field.text().to_owned(),
        };
        vec![Effect::Load(Query::Filter(Filter { stage: STAGE, queue, text, is_typing: !is_last }))]
    }

    fn end_filter(&mut self, words: Option<String>, cx: &Cx) -> Vec<Effect<AppPort>> {
        self.typing = None;
        self.desk.set_words(words);
        self.set_sizes(cx.body);
        let mut effects = vec![self.load_queue()];
        effects.extend(self.load_shown());
        effects
    }

    /// Takes in what a query found.
    pub(super) fn filtered(&mut self, filter: &Filter, found: Filtered, cx: &Cx) -> Vec<Effect<AppPort>> {
        if filter.queue != self.desk.queue() {
            return Vec::new();
        }
        let Some(typing) = &mut self.typing else { return self.kept_filter_found(filter, found) };
        if filter.is_typing == typing.is_last || (filter.is_typing && filter.text != typing.field.text()) {
            return Vec::new();
        }
        match found {
            Filtered::Found(found) if typing.is_last => self.end_filter(Some(found.query), cx),
            Filtered::Found(found) => {
                typing.seen = Seen::Counts(found.records.len(), found.everywhere);
                self.desk.set_words(Some(found.query).filter(|words| !words.trim().is_empty()));
                self.desk.start_over();
                let effects = self.set_queue(found.records);
                self.set_sizes(cx.body);
                effects
            }
            Filtered::Unreadable { message, hint } => {
                typing.is_last = false;
                typing.seen = Seen::Problem(format!("{message} {hint}"));
                self.set_sizes(cx.body);
                Vec::new()
            }
            Filtered::Reading { done, total } => {
                typing.is_last = false;
                typing.seen = Seen::Reading(done, total);
                Vec::new()
            }
        }
    }

    /// Takes in the records of a filter that is kept, asked for again because something changed.
    fn kept_filter_found(&mut self, filter: &Filter, found: Filtered) -> Vec<Effect<AppPort>> {
        if self.desk.words() != Some(filter.text.as_str()) {
            return Vec::new();
        }
        match found {
            Filtered::Found(found) => self.set_queue(found.records),
            Filtered::Unreadable { message, hint } => {
                let mut effects = self.clear_filter();
                effects.push(Effect::Notice(Notice::warning(format!("{message} {hint}"))));
                effects
            }
            Filtered::Reading { done, total } => {
                let text = format!("The records are being read ({} of {}); the list comes in a moment.", count(done), count(total));
                vec![Effect::Notice(Notice::info(text))]
            }
        }
    }

    /// Asks again, because the records have been read or something changed.
    pub(super) fn ask_again(&mut self) -> Option<Vec<Effect<AppPort>>> {
        self.typing.as_ref()?;
        Some(self.ask(false))
    }

    /// Sets the lines under the one that is typed into: the count, or what is wrong.
    pub(super) fn filter_lines(&self, room: usize) -> Vec<StyledLine> {
        let Some(typing) = &self.typing else { return Vec::new() };
        match &typing.seen {
            Seen::Nothing => {
                vec![vec![(" Words, \"phrases\", -not, or, title:, year:2010..2015, is:undecided   F2 explains".to_owned(), Role::Hint)]]
            }
            Seen::Counts(here, everywhere) => {
                let understood = self.desk.words().unwrap_or_default();
                let place = if here == everywhere || self.desk.queue() == Queue::All {
                    String::new()
                } else {
                    format!(" {}; {} in all records", queue_label(self.desk.queue()), count(*everywhere))
                };
                vec![vec![
                    (format!(" {} found", count(*here)), Role::Accent),
                    (place, Role::Text),
                    (format!("   {understood}"), Role::Muted),
                ]]
            }
            Seen::Problem(problem) => {
                let mut lines = wrap_text(problem, Role::Warning, room.saturating_sub(3));
                lines.truncate(3);
                let marked = lines.into_iter().enumerate().map(|(at, line)| {
                    let mut whole: StyledLine = vec![(if at == 0 { " ! " } else { "   " }.to_owned(), Role::Warning)];
                    whole.extend(line);
                    whole
                });
                marked.collect()
            }
            Seen::Reading(done, total) => {
                let text = format!(" The records are being read ({} of {}); the answer comes in a moment.", count(*done), count(*total));
                vec![vec![(text, Role::Muted)]]
            }
        }
    }
}

/// Shows the words of the search language.
pub(super) fn help() -> Effect<AppPort> {
    let cells = SEARCH_WORDS.iter().map(|word| width(word.example)).max().unwrap_or(0).min(34);
    let mut lines = Vec::new();
    for word in SEARCH_WORDS {
        let mut sentence = wrap_text(word.doc, Role::Text, PAGE_ROOM.saturating_sub(cells + 2)).into_iter();
        let mut first: StyledLine = vec![(fit(word.example, cells + 2, false), Role::Key)];
        first.extend(sentence.next().unwrap_or_default());
        lines.push(first);
        for rest in sentence {
            let mut line: StyledLine = vec![(" ".repeat(cells + 2), Role::Text)];
            line.extend(rest);
            lines.push(line);
        }
    }
    pages::page("Search words", lines)
}
