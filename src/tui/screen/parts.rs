//! Pieces that several screens share: a list with the card of its selected row, states and votes in words, lists of reasons.

use std::path::PathBuf;

use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use super::Cx;
use crate::app::FigureKind;
use crate::app::query::{StudyLine, VoteView};
use crate::domain::decision::Verdict;
use crate::domain::record::Citation;
use crate::domain::review::ExclusionReason;
use crate::tui::app_port::{AppPort, Query};
use crate::tui::effect::Effect;
use crate::tui::message::Call;
use crate::tui::mouse::Under;
use crate::tui::overlay::{Ask, Choice, Overlay, Picker, Question};
use crate::tui::theme::Role;
use crate::tui::widget::panel::draw_box;
use crate::tui::widget::scroll::Scroll;
use crate::tui::widget::table::{Column, Table};
use crate::tui::widget::text::{StyledLine, cut, paint, wrap};

/// From how many columns on the card stands beside the list instead of below it.
const SIDE_BY_SIDE: u16 = 100;

/// A list with the card of its selected row; the keys of moving go to one of the two.
#[derive(Debug, Clone)]
pub(super) struct ListAndCard {
    /// The list.
    pub(super) table: Table,
    card: Scroll,
    is_reading: bool,
    room: usize,
    /// How many fifths of a wide screen the list takes.
    fifths: u16,
}

/// What a command of moving did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Moved {
    /// Another row may be selected.
    Row,
    /// The card was read further, or the keys go elsewhere now.
    Card,
    /// It was no command of moving.
    No,
}

impl ListAndCard {
    /// Makes an empty list.
    pub(super) fn new(columns: Vec<Column>) -> Self {
        Self { table: Table::new(columns), card: Scroll::default(), is_reading: false, room: 76, fifths: 2 }
    }

    /// Gives the list three fifths of a wide screen instead of two, for lists of many columns.
    pub(super) fn with_wide_list(mut self) -> Self {
        self.fifths = 3;
        self
    }

    /// Divides the area below the first line.
    fn places(&self, area: Rect) -> (Rect, Rect) {
        let body = Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area };
        if body.width < SIDE_BY_SIDE {
            let rows = (body.height * 2 / 5).max(4).min(body.height);
            (Rect { height: rows, ..body }, Rect { y: body.y + rows, height: body.height - rows, ..body })
        } else {
            let columns = (body.width * self.fifths / 5).max(54);
            (Rect { width: columns, ..body }, Rect { x: body.x + columns, width: body.width - columns, ..body })
        }
    }

    /// Takes the place of the screen; the card has to be written anew.
    pub(super) fn resize(&mut self, area: Rect) {
        let (list, card) = self.places(area);
        self.table.set_height(list.height);
        self.card.set_height(card.height.saturating_sub(2));
        self.room = usize::from(card.width.saturating_sub(4));
    }

    /// Returns how many cells a line of the card may take.
    pub(super) fn room(&self) -> usize {
        self.room
    }

    /// Puts the card of another row in place.
    pub(super) fn set_card(&mut self, lines: Vec<StyledLine>) {
        self.card.set(lines);
    }

    /// Puts the same card in place, written anew; the place of reading stays.
    pub(super) fn rewrite_card(&mut self, lines: Vec<StyledLine>) {
        self.card.rewrap(lines);
    }

    /// Carries out a command of moving.
    pub(super) fn command(&mut self, id: &str) -> Moved {
        match id {
            "pane.next" => {
                self.is_reading = !self.is_reading;
                Moved::Card
            }
            id if self.is_reading && self.card.command(id) => Moved::Card,
            id if !self.is_reading && self.table.command(id) => Moved::Row,
            _ => Moved::No,
        }
    }

    /// Tells what lies under a place where list and card are drawn in `area`.
    pub(super) fn under(&self, at: Position, area: Rect) -> Under {
        let (list, card) = self.places(area);
        let (found, has_keys) =
            if card.contains(at) { (Under::Text(None), self.is_reading) } else { (self.table.under(at, list), !self.is_reading) };
        if has_keys { found } else { found.behind("pane.next") }
    }

    /// Draws a line of words, the list and the card under its title.
    pub(super) fn view(&self, frame: &mut Frame, area: Rect, cx: &Cx, head: &StyledLine, title: &str) {
        draw_line(frame, area, cx, head);
        let (list, card) = self.places(area);
        self.table.view(frame, list, cx.theme, !self.is_reading);
        let inner = draw_box(frame, card, cx.theme, title, self.is_reading);
        self.card.view(frame, Rect { x: inner.x + 1, width: inner.width.saturating_sub(1), ..inner }, cx.theme);
    }
}

/// Draws one line of words at the top of an area.
pub(super) fn draw_line(frame: &mut Frame, area: Rect, cx: &Cx, line: &StyledLine) {
    frame.render_widget(
        paint(line, cx.theme),
        Rect { x: area.x + 1, width: area.width.saturating_sub(1), height: 1.min(area.height), ..area },
    );
}

/// Returns a unit's state as sign, words and role; `status` is the stable word of the queries.
pub(super) fn state_words(status: &str) -> (&'static str, &'static str, Role) {
    match status {
        "awaiting_report" => ("-", "to retrieve", Role::Pending),
        "not_retrieved" => ("x", "not retrieved", Role::Muted),
        "open" => ("-", "to assess", Role::Pending),
        "voted" => ("~", "you voted", Role::Pending),
        "conflict" => ("C", "conflict", Role::Conflict),
        "reason_conflict" => ("C", "reasons differ", Role::Conflict),
        "agreed_in" | "resolved_in" => ("I", "included", Role::Include),
        "agreed_out" | "resolved_out" => ("E", "excluded", Role::Exclude),
        "ongoing" => ("O", "ongoing study", Role::Muted),
        "awaiting_classification" => ("W", "awaiting class.", Role::Muted),
        "removed" => ("x", "removed", Role::Muted),
        _ => ("-", "not reached", Role::Muted),
    }
}

/// Returns a verdict as sign, word and role.
pub(super) fn verdict_words(verdict: Verdict) -> (&'static str, &'static str, Role) {
    match verdict {
        Verdict::Include => ("I", "include", Role::Include),
        Verdict::Maybe => ("M", "maybe", Role::Maybe),
        Verdict::Exclude => ("E", "exclude", Role::Exclude),
        Verdict::Ongoing => ("O", "ongoing study", Role::Muted),
        Verdict::Awaiting => ("W", "awaiting classification", Role::Muted),
    }
}

/// Returns the label of a reason by its code, or the code where the list does not have it any more.
pub(super) fn reason_label<'a>(reasons: &'a [ExclusionReason], code: &'a str) -> &'a str {
    reasons.iter().find(|reason| reason.code == code).map_or(code, |reason| &reason.label)
}

/// Sets a vote in lines: name, verdict, reason, when, and its note.
pub(super) fn vote_lines(name: &str, vote: &VoteView, reasons: &[ExclusionReason], room: usize) -> Vec<StyledLine> {
    let mut line = vec![(format!("{name}: "), Role::Muted)];
    match vote.verdict {
        None => line.push(("voted; the rules of the review hide how".to_owned(), Role::Muted)),
        Some(verdict) => {
            let (sign, word, role) = verdict_words(verdict);
            line.push((format!("{sign} {word}"), role));
        }
    }
    if let Some(code) = &vote.reason {
        line.push((format!(", {}", reason_label(reasons, code)), Role::Text));
    }
    let independent = if vote.is_independent { "" } else { ", not independent" };
    line.push((format!("  ({}{independent})", vote.at), Role::Muted));
    let mut lines = wrap(&line, room);
    if let Some(note) = &vote.note {
        lines.extend(wrap(&[(format!("  “{note}”"), Role::Text)], room));
    }
    lines
}

/// Opens the ordered list of reasons; the chosen code becomes the last argument of the command.
pub(super) fn pick_reason(title: &str, reasons: &[ExclusionReason], then: Call) -> Effect<AppPort> {
    if reasons.is_empty() {
        return tell("The review has no exclusion reasons yet; set them up first.");
    }
    let choices =
        reasons.iter().map(|reason| Choice { value: reason.code.clone(), label: reason.label.clone(), detail: reason.code.clone() });
    Effect::Open(Box::new(Overlay::Picker(Picker::new(title, choices.collect(), then))))
}

/// Opens a box of fields; the answers become the last arguments of the command.
pub(super) fn ask(title: impl Into<String>, questions: Vec<Question>, then: Call) -> Effect<AppPort> {
    Effect::Open(Box::new(Overlay::Ask(Ask::new(title, questions, then))))
}

/// Saves a figure: asks for the file's name where the command does not have it yet.
pub(super) fn save_figure(call: &Call, proposed: &str, figure: FigureKind) -> Vec<Effect<AppPort>> {
    match call.args.first() {
        Some(path) => vec![Effect::Load(Query::SaveFigure(figure, PathBuf::from(path)))],
        None => vec![ask("Save the figure", vec![Question::line("Name, ending in .svg, .png or .txt", proposed).required()], call.clone())],
    }
}

/// Tells why nothing happened.
pub(super) fn tell(text: impl Into<String>) -> Effect<AppPort> {
    Effect::Notice(crate::tui::effect::Notice::warning(text))
}

/// Writes a heading with a capital.
pub(super) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// Returns a title short enough for a sentence.
pub(super) fn short(title: &str) -> String {
    cut(title.trim(), 40)
}

/// Proposes the label of a study from one of its records: family name of the first author and year, as papers cite it.
pub(super) fn proposed_label(citation: &Citation) -> String {
    let author = citation.authors.first().map(|author| author.family.trim()).filter(|name| !name.is_empty());
    let who = author.map_or_else(|| cut(citation.title.trim(), 24), str::to_owned);
    citation.year.map_or_else(|| who.clone(), |year| format!("{who} {year}"))
}

/// Writes the place of a value with the title of its report instead of the report's name in the review.
pub(super) fn places_named(place: &str, study: Option<&StudyLine>) -> String {
    let mut named = place.to_owned();
    for report in study.map_or(&[][..], |study| &study.reports[..]) {
        let year = report.year.map(|year| format!(" ({year})")).unwrap_or_default();
        let title = format!("“{}”{year}", cut(&report.title, 60));
        named = named.replace(&format!("report {}", report.record), &title);
    }
    named
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::author::Author;

    #[test]
    fn a_study_is_called_by_first_author_and_year() {
        let citation = Citation { authors: vec![Author::new("Sigtermans", Some("M"))], year: Some(2009), ..Citation::default() };
        assert_eq!(proposed_label(&citation), "Sigtermans 2009");
        let bare = Citation { title: "Ketamine in a trial of many words".to_owned(), ..Citation::default() };
        assert_eq!(proposed_label(&bare), "Ketamine in a trial of …");
    }

    #[test]
    fn the_card_stands_beside_the_list_where_there_is_room() {
        let (list, card) = ListAndCard::new(Vec::new()).places(Rect::new(0, 2, 80, 20));
        assert_eq!((list.height, card.height, card.y), (7, 12, 10));
        let (list, card) = ListAndCard::new(Vec::new()).places(Rect::new(0, 2, 160, 46));
        assert_eq!((list.width, card.width, list.height), (64, 96, 45));
    }
}
