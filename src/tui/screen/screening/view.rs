//! The drawing of the screening screen: how far, whose votes, the record, and beside it criteria and the list where there is room.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Margin, Position, Rect};

use super::{STAGE, Screening, marks, pages, queue_label};
use crate::app::query::{Queue, UnitView, VoteView};
use crate::domain::decision::Verdict;
use crate::tui::mouse::Under;
use crate::tui::screen::Cx;
use crate::tui::screen::home::draw_lines;
use crate::tui::theme::{Mark, Role};
use crate::tui::widget::panel::{draw_box, draw_empty};
use crate::tui::widget::record_card::{Highlights, record_lines};
use crate::tui::widget::text::{Piece, StyledLine, count, cut, paint, width, wrap_text};
use crate::tui::widget::vote_bar::{Shown, Voter, vote_line};

/// The parts of the screen: lines at the top, list at the left, record in the middle, criteria at the right; absent ones are empty.
struct Places {
    top: Rect,
    list: Rect,
    card: Rect,
    criteria: Rect,
}

impl Screening {
    fn places(&self, area: Rect) -> Places {
        let [top, body] = Layout::vertical([Constraint::Length(self.top_height(area.width)), Constraint::Fill(1)]).areas(area);
        let nowhere = Rect { width: 0, ..body };
        if area.width < 140 && self.is_list {
            return Places { top, list: body, card: nowhere, criteria: nowhere };
        }
        let (list, criteria) = match area.width {
            0..100 => (0, 0),
            100..140 => (0, area.width / 3),
            _ => (area.width * 3 / 10, area.width / 4),
        };
        let [list, card, criteria] =
            Layout::horizontal([Constraint::Length(list), Constraint::Fill(1), Constraint::Length(criteria)]).areas(body);
        Places { top, list, card, criteria }
    }

    /// Tells what lies under a place of the screen.
    pub(super) fn under_place(&self, at: Position, area: Rect) -> Under {
        let places = self.places(area);
        let (found, has_keys) = if places.list.contains(at) {
            (self.table.under(at, places.list.inner(Margin::new(1, 1))), self.is_list)
        } else if places.card.contains(at) {
            (Under::Text(None), !self.is_list)
        } else {
            return Under::Nothing;
        };
        if has_keys { found } else { found.behind("screen.list") }
    }

    /// Returns how many lines stand above the record: two, and while a filter is typed its own.
    fn top_height(&self, columns: u16) -> u16 {
        let lines = self.filter_lines(usize::from(columns)).len();
        if self.typing.is_some() { 2 + u16::try_from(lines).unwrap_or(1) } else { 2 }
    }

    /// Prepares card and list for the size of the screen.
    pub(super) fn set_sizes(&mut self, area: Rect) {
        let places = self.places(area);
        self.table.set_height(places.list.height.saturating_sub(2));
        self.set_card(area, true);
    }

    /// Sets the record for reading; `keeps_place` where it is the same one as before.
    pub(super) fn set_card(&mut self, area: Rect, keeps_place: bool) {
        let card = self.places(area).card;
        let room = usize::from(card.width.saturating_sub(5));
        let none = Highlights::default();
        let highlights = if self.is_highlighted { &self.highlights } else { &none };
        let lines = self.unit.as_ref().map(|unit| {
            let mut lines = record_lines(&unit.card.citation, highlights, room);
            lines.push(StyledLine::new());
            lines.extend(origin(unit, room));
            lines.extend(marks::others_lines(&unit.marks, room));
            lines
        });
        let lines = lines.unwrap_or_default();
        if keeps_place {
            self.card.rewrap(lines)
        } else {
            self.card.set(lines)
        }
        self.card.set_height(card.height.saturating_sub(2));
    }

    /// Gives the rows of the loaded page to the list.
    pub(super) fn set_rows(&mut self) {
        let rows = self.page.iter().enumerate().map(|(at, unit)| {
            let mark = unit.mine.as_ref().and_then(|mine| mine.verdict).map_or(Mark::Pending, verdict_mark);
            vec![
                (count(self.page_first + at + 1), Role::Muted),
                (mark.sign().to_owned(), mark.role()),
                (unit.card.citation.year.map(|year| year.to_string()).unwrap_or_default(), Role::Muted),
                (unit.card.citation.title.clone(), Role::Text),
            ]
        });
        let rows = rows.collect();
        self.table.set_page(self.page_first, rows);
    }

    /// Draws everything.
    pub(super) fn draw(&self, frame: &mut Frame, area: Rect, cx: &Cx) {
        let places = self.places(area);
        self.draw_top(frame, places.top, cx);
        if self.desk.current().is_none() {
            let body = Rect { y: places.top.bottom(), height: area.height.saturating_sub(places.top.height), ..area };
            let (what, next) = self.nothing();
            return draw_empty(frame, body, cx.theme, &what, &next);
        }
        if places.list.width > 0 {
            let inner = draw_box(frame, places.list, cx.theme, "Records", self.is_list);
            self.table.view(frame, inner, cx.theme, self.is_list);
        }
        if places.card.width > 0 {
            let title = self.unit.as_ref().map(|unit| format!("Record {}", unit.card.record)).unwrap_or_default();
            let inner = draw_box(frame, places.card, cx.theme, &title, !self.is_list);
            self.card.view(frame, Rect { x: inner.x + 1, width: inner.width.saturating_sub(1), ..inner }, cx.theme);
            if self.card.has_more() {
                let more = Rect { y: places.card.bottom() - 1, x: places.card.x + 2, height: 1, width: 20.min(places.card.width) };
                frame.render_widget(paint(&vec![(" ↓ more (Space) ".to_owned(), Role::Hint)], cx.theme), more);
            }
        }
        if let (true, Some(setup)) = (places.criteria.width > 0, &self.setup) {
            let inner = draw_box(frame, places.criteria, cx.theme, "Criteria", false);
            let inner = Rect { x: inner.x + 1, width: inner.width.saturating_sub(2), ..inner };
            draw_lines(frame, inner, cx.theme, &pages::criteria_lines(setup, usize::from(inner.width)));
        }
    }

    fn draw_top(&self, frame: &mut Frame, area: Rect, cx: &Cx) {
        let room = usize::from(area.width);
        let Some(typing) = &self.typing else {
            return draw_lines(frame, area, cx.theme, &[self.progress_line(room, cx), self.votes_line(room)]);
        };
        draw_lines(frame, area, cx.theme, &[self.progress_line(room, cx)]);
        let line = Rect { y: area.y + 1, height: 1, ..area };
        frame.render_widget(paint(&vec![(" / ".to_owned(), Role::Key)], cx.theme), line);
        let field = Rect { x: line.x + 3, width: line.width.saturating_sub(4), ..line };
        typing.field.view(frame, field, cx.theme, true);
        let under = Rect { y: area.y + 2, height: area.height.saturating_sub(2), ..area };
        draw_lines(frame, under, cx.theme, &self.filter_lines(room));
    }

    /// Sets "12 of 40 waiting for your vote   ████░░░░ 28 of 40 voted   4.2 a minute".
    fn progress_line(&self, room: usize, cx: &Cx) -> StyledLine {
        let total = self.desk.records().len();
        let place = if self.desk.is_in_queue() { count(self.desk.at() + 1) } else { "–".to_owned() };
        let what = match self.desk.words() {
            Some(words) => format!("found by “{}”", cut(words, if room >= 100 { 48 } else { 24 })),
            None => queue_label(self.desk.queue()).to_owned(),
        };
        let mut line: StyledLine = vec![(format!(" {place} of {}", count(total)), Role::Accent), (format!(" {what}"), Role::Text)];
        let mine =
            self.progress.iter().find(|person| person.stage == STAGE && cx.header.reviewer.ends_with(&format!("({})", person.reviewer)));
        let batch = self.desk_view.as_ref().and_then(|view| view.batch).filter(|_| self.desk.queue() == Queue::Batch);
        let (done, total) = batch.map(|batch| (batch.done, batch.size)).or(mine.map(|mine| (mine.done, mine.total))).unwrap_or_default();
        if total > 0 {
            let cells = if room >= 100 { 24 } else { 10 };
            let full = (done * cells).checked_div(total).unwrap_or(0);
            line.extend([
                ("   ".to_owned(), Role::Text),
                ("█".repeat(full), Role::Progress),
                ("░".repeat(cells - full), Role::Muted),
                (format!(" {} of {} voted", count(done), count(total)), Role::Text),
            ]);
        }
        let used: usize = line.iter().map(|(text, _)| crate::tui::widget::text::width(text)).sum();
        line.extend(self.pace_piece(room.saturating_sub(used)));
        line
    }

    /// Sets pace and time left, as much of it as there is room for: "252/h, 3 to 5 hours left".
    fn pace_piece(&self, room: usize) -> Option<Piece> {
        let view = self.desk_view.as_ref()?;
        let rate = format!("   {:.0}/h", view.votes_per_hour?);
        let whole = view.time_left().map(|left| format!("{rate}, {left} left"));
        let text = [whole, Some(rate)].into_iter().flatten().find(|text| text.len() <= room)?;
        Some((text, Role::Muted))
    }

    /// Sets your vote, the others' as far as the review shows them, the state, and your stars, tags and note.
    fn votes_line(&self, room: usize) -> StyledLine {
        let Some(unit) = &self.unit else { return StyledLine::new() };
        let mut line: StyledLine = vec![(" ".to_owned(), Role::Text)];
        line.extend(vote_line(&voters(unit), state_mark(unit), None));
        let used = |line: &StyledLine| line.iter().map(|(text, _)| width(text)).sum::<usize>();
        let signs = marks::own_signs(unit);
        if !signs.is_empty() {
            line.push((cut(&format!("   {signs}"), room.saturating_sub(used(&line))), Role::Accent));
        }
        if let Some(note) = marks::own_note(unit) {
            line.push((cut(&format!("   Note: {note}"), room.saturating_sub(used(&line))), Role::Muted));
        }
        line
    }

    fn nothing(&self) -> (String, String) {
        let has_records = self.progress.iter().any(|person| person.stage == STAGE && person.total > 0);
        match (self.desk.words(), self.desk.queue()) {
            (Some(words), _) if self.typing.is_some() => (format!("No record fits “{words}”."), "F2 explains the words.".to_owned()),
            (Some(words), Queue::All) => {
                (format!("No record fits “{words}”."), "Esc lists everything again, / changes the filter.".to_owned())
            }
            (Some(words), queue) => (
                format!("No record fits “{words}” here: {}.", queue_label(queue)),
                "Esc takes the filter off, / changes it, f chooses other records.".to_owned(),
            ),
            (None, Queue::Undecided) if has_records => (
                "You have voted on every record at title and abstract.".to_owned(),
                "f chooses other records, g c goes to the conflicts, g f to the full texts.".to_owned(),
            ),
            (None, Queue::Undecided) => (
                "There is nothing to screen yet.".to_owned(),
                "g o goes to the sources, where searches are imported; g d finds duplicates.".to_owned(),
            ),
            (None, Queue::Batch) => {
                ("The batch is done.".to_owned(), "B takes the next one (0 ends the batches), f chooses other records.".to_owned())
            }
            (None, queue) => (format!("No record here: {}.", queue_label(queue)), "f chooses other records.".to_owned()),
        }
    }
}

/// Lists who is shown with a vote: the acting reviewer always, others only as far as the review gives their votes.
fn voters(unit: &UnitView) -> Vec<Voter> {
    let shown = |vote: &VoteView| vote.verdict.map_or(Shown::Hidden, |verdict| Shown::Vote(verdict_mark(verdict)));
    let me = unit.mine.as_ref().map(|mine| mine.reviewer.as_str());
    let mut voters = vec![Voter { name: "You".to_owned(), vote: unit.mine.as_ref().map_or(Shown::None, shown) }];
    let others = unit.votes.iter().filter(|vote| Some(vote.reviewer.as_str()) != me);
    voters.extend(others.map(|vote| Voter { name: vote.reviewer.clone(), vote: shown(vote) }));
    if unit.votes.is_empty() && matches!(unit.status, "open" | "voted") {
        voters.push(Voter { name: "Others".to_owned(), vote: Shown::Hidden });
    }
    voters
}

/// Returns the mark of a verdict.
pub(super) fn verdict_mark(verdict: Verdict) -> Mark {
    match verdict {
        Verdict::Include => Mark::Include,
        Verdict::Maybe => Mark::Maybe,
        Verdict::Exclude => Mark::Exclude,
        Verdict::Ongoing | Verdict::Awaiting => Mark::Partial,
    }
}

fn state_mark(unit: &UnitView) -> Mark {
    match unit.status {
        "open" => Mark::Pending,
        "voted" => Mark::Partial,
        status if status.contains("conflict") => Mark::Conflict,
        status if status.ends_with("_in") => Mark::Include,
        "removed" => Mark::Problem,
        _ => Mark::Exclude,
    }
}

/// Says where the record comes from: source and place of each member of its group, and which fields came from another member.
fn origin(unit: &UnitView, room: usize) -> Vec<StyledLine> {
    let card = &unit.card;
    let mut pieces: Vec<Piece> = vec![("From  ".to_owned(), Role::Muted)];
    let places: Vec<String> = card.members.iter().map(|member| format!("{} {}", member.source, member.place)).collect();
    pieces.push((places.join("; "), Role::Muted));
    let mut lines = crate::tui::widget::text::wrap(&pieces, room);
    if !card.completed.is_empty() {
        let fields: Vec<&str> = card.completed.iter().map(|(field, _)| *field).collect();
        let said = format!("Completed from its duplicates: {}.", fields.join(", ").replace('_', " "));
        lines.extend(wrap_text(&said, Role::Muted, room));
    }
    lines
}
